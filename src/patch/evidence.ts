/** Gathers what the context and removed lines of a damaged patch tell about its added lines. */
import type { AlignedHunk, AlignedLine } from './align.ts';
import { type Evidence, JOINS, type Join, join } from './candidates.ts';
import { addressesOf } from './masks.ts';
import { squeezed } from './match.ts';
import { ReadingVotes } from './readings.ts';
import { learn, type Sample } from './whitespace.ts';

/** Twins of a line that are worth trying. */
const MAX_TWINS = 4;

/**
 * The evidence of a file. `truth` gives the true text of a context or removed line, `text` the lines
 * of the pre-image where they are known.
 */
export function evidenceOf(
	aligned: readonly AlignedHunk[],
	truth: (line: AlignedLine & { kind: ' ' | '-' }) => string,
	text: readonly string[] | undefined,
): Evidence {
	const votes = new ReadingVotes();
	const samples: Sample[] = [];
	const added: string[] = [];
	const joins = new Map<Join, number>();
	let carriage = 0;
	let plain = 0;
	const known: string[] = [];
	for (const line of aligned.flatMap((hunk) => hunk.ways[0] ?? [])) {
		if (line.kind === '+') {
			if (line.pieces.length === 1) added.push(line.pieces[0] ?? '');
			continue;
		}
		const true_ = truth(line);
		if (text === undefined) known.push(true_);
		if (line.way !== undefined) votes.count(line.way);
		if (line.dropped === true || line.masked === true) continue;
		if (true_.endsWith('\r') && !line.text.endsWith('\r')) carriage++;
		else plain++;
		if (line.pieces === undefined) {
			samples.push({ kind: line.kind, seen: line.text, truth: true_ });
			continue;
		}
		for (const how of JOINS) {
			const same = join(line.pieces, how).trim() === true_.trim();
			if (same) joins.set(how, (joins.get(how) ?? 0) + 1);
		}
	}
	return {
		votes,
		learned: learn(samples, added),
		twins: twinsOf(text ?? known, aligned),
		addresses: addressesOf(text ?? known),
		joins,
		carriage: carriage > 0 && plain === 0,
	};
}

/** Lines of the pre-image by what added lines say, white space aside. */
function twinsOf(
	text: readonly string[],
	aligned: readonly AlignedHunk[],
): ReadonlyMap<string, readonly string[]> {
	const twins = new Map<string, string[]>();
	for (const { ways } of aligned) {
		for (const line of ways[0] ?? []) {
			if (line.kind === '+') twins.set(squeezed(line.pieces.join('')), []);
		}
	}
	twins.delete('');
	if (twins.size === 0) return twins;
	for (const line of text) {
		const found = twins.get(squeezed(line));
		if (found !== undefined && found.length < MAX_TWINS && !found.includes(line)) found.push(line);
	}
	return twins;
}
