/**
 * Compares placements with the tools they stand for. The one place where it is said in which ways
 * they may differ: {@link REASONS}.
 */
import { FingerprintInterner, type Interner, TextInterner } from '../../../src/patch/lines.ts';
import { applyPlacement, type FilePlacement, placeFile } from '../../../src/patch/placement.ts';
import { internHunks } from '../../../src/patch/search.ts';
import type { PlacementCase } from './cases.ts';
import { askTools, FUZZ_LEVELS, type Taken, type Verdicts } from './tools.ts';

/** Ways in which a placement may differ from a tool, each with its reason. */
export const REASONS = {} as const;

export type Reason = keyof typeof REASONS;

/** Where a placement is not what a tool says. */
export interface Disagreement {
	name: string;
	/** Whether the pre-image was given. */
	preimage: boolean;
	what: string;
	/** Why this is right; undefined where it is a mistake of ours. */
	reason: Reason | undefined;
}

/** The result of comparing a number of cases. */
export interface Comparison {
	/** Placements by result. */
	results: Map<string, number>;
	disagreements: Disagreement[];
}

/** Places all cases, asks the tools about them, and compares. */
export function compareCases(cases: readonly PlacementCase[]): Comparison {
	const verdicts = askTools(cases);
	const results = new Map<string, number>();
	const disagreements: Disagreement[] = [];
	for (const [i, one] of cases.entries()) {
		const said = verdicts[i];
		if (said === undefined) continue;
		const interner = i % 2 === 0 ? new TextInterner() : new FingerprintInterner();
		for (const preimage of one.base === undefined ? [false] : [true, false]) {
			const placed = placed_(one, interner, preimage);
			const key = `${placed.result}${preimage ? '' : ' (pre-image unknown)'}`;
			results.set(key, (results.get(key) ?? 0) + 1);
			for (const what of differences(one, placed, said, preimage)) {
				disagreements.push({ name: one.name, preimage, what, reason: undefined });
			}
		}
	}
	return { results, disagreements };
}

function placed_(one: PlacementCase, interner: Interner, preimage: boolean): FilePlacement {
	const lines = (text: string) => interner.lines(Buffer.from(text, 'latin1'));
	const hunks = internHunks(interner, one.file.hunks);
	const { isNew, isDeleted } = one.file;
	const target = one.ours === undefined ? undefined : lines(one.ours);
	const base = preimage && one.base !== undefined ? lines(one.base) : undefined;
	return placeFile(target, { isNew, isDeleted, hunks }, base);
}

/** What a placement of a case says otherwise than the tools, in sentences. */
function differences(
	one: PlacementCase,
	placed: FilePlacement,
	said: Verdicts,
	preimage: boolean,
): string[] {
	const { result } = placed;
	if (one.ours === undefined) return withoutTarget(one, result);
	if (said.reverse !== (result === 'already')) {
		return [`${result}, and git apply -R --check ${said.reverse ? 'accepts' : 'refuses'}`];
	}
	if (result === 'already') return [];
	const direct = result === 'exact' || result === 'offset';
	if (said.apply !== undefined) {
		if (!direct) return [`${result}, and git apply accepts`];
		const problems = sameHunks('git apply', placed, said.apply);
		const moved = placed.hunks.some(({ offset }) => offset !== 0);
		if (moved !== (result === 'offset')) problems.push(`${result} with offsets`);
		return [...problems, ...sameText('git apply', one.ours, placed, said.apply.text)];
	}
	if (direct) return [`${result}, and git apply refuses`];
	const mergeable = preimage && one.theirs !== undefined;
	if (mergeable && (said.merged !== undefined) !== (result === 'merge')) {
		const git = said.merged === undefined ? 'has conflicts' : 'is clean';
		return [`${result}, and git merge-file ${git}`];
	}
	if (result === 'merge') {
		if (!mergeable) return ['merge without a pre-image'];
		return sameText('git merge-file', one.ours, placed, said.merged);
	}
	const level = FUZZ_LEVELS.find((fuzz) => said.patch[fuzz] !== undefined);
	const taken = level === undefined ? undefined : said.patch[level];
	if (level === undefined || taken === undefined) {
		return result === 'fuzz' ? ['fuzz, and patch -F2 refuses'] : [];
	}
	if (result !== 'fuzz') return [`${result}, and patch -F${level} accepts`];
	const most = Math.max(...placed.hunks.map(({ fuzz }) => fuzz));
	if (most !== level) return [`fuzz ${most}, and patch -F${level} accepts`];
	const name = `patch -F${level}`;
	return [...sameHunks(name, placed, taken), ...sameText(name, one.ours, placed, taken.text)];
}

function withoutTarget(one: PlacementCase, result: string): string[] {
	const expected = one.file.isNew ? 'exact' : one.file.isDeleted ? 'already' : 'missing';
	return result === expected ? [] : [`${result} where there is no file`];
}

function sameHunks(tool: string, placed: FilePlacement, taken: Taken): string[] {
	return placed.hunks.flatMap(({ offset, fuzz }, i) => {
		const other = taken.hunks.get(i) ?? { offset: 0, fuzz: 0 };
		if (offset === other.offset && fuzz === other.fuzz) return [];
		const told = `offset ${offset}, fuzz ${fuzz}`;
		return [`hunk ${i + 1}: ${told}, and ${tool} offset ${other.offset}, fuzz ${other.fuzz}`];
	});
}

function sameText(
	tool: string,
	ours: string,
	placed: FilePlacement,
	text: string | undefined,
): string[] {
	return applyPlacement(ours, placed) === text ? [] : [`another text than that of ${tool}`];
}
