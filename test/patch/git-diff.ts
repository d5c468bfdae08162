/** What `git diff` finds between two texts, to compare our diffs with. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextInterner } from '../../src/patch/lines.ts';
import type { Change } from '../../src/patch/myers.ts';

/** Added and removed lines by number (`+3`, `-5`), as git says them. */
export function gitDiff(
	folder: string,
	algorithm: 'histogram' | 'myers',
	a: string,
	b: string,
): string[] {
	writeFileSync(join(folder, 'a'), a);
	writeFileSync(join(folder, 'b'), b);
	// With all context: git trims what is equal at the end where it shows none.
	const options = ['--no-ext-diff', '--no-indent-heuristic', '-U100000', '--text'];
	const words = ['diff', '--no-index', `--diff-algorithm=${algorithm}`, ...options, 'a', 'b'];
	const { stdout } = spawnSync('git', words, {
		cwd: folder,
		encoding: 'latin1',
		maxBuffer: 1 << 28,
	});
	const found: string[] = [];
	let [before, after, inHunk] = [0, 0, false];
	for (const line of stdout.split('\n')) {
		if (line.startsWith('@@')) inHunk = true;
		else if (inHunk && line.startsWith('+')) found.push(`+${after++}`);
		else if (inHunk && line.startsWith('-')) found.push(`-${before++}`);
		else if (inHunk && line.startsWith(' ')) {
			before++;
			after++;
		}
	}
	return found;
}

/** The same from a diff of ours. */
export function ourDiff(
	diff: (a: Int32Array, b: Int32Array) => Change[],
	a: string,
	b: string,
): string[] {
	const interner = new TextInterner();
	const found: string[] = [];
	for (const change of diff(interner.lines(a).exact, interner.lines(b).exact)) {
		for (let i = change.aStart; i < change.aEnd; i++) found.push(`-${i}`);
		for (let i = change.bStart; i < change.bEnd; i++) found.push(`+${i}`);
	}
	return found;
}

/** A text of at most `size` lines made of some `words`, and the same after a number of `edits`. */
export function editedText(
	below: (bound: number) => number,
	{ words, size, edits }: { words: number; size: number; edits: number },
): [string, string] {
	const some = (length: number): string[] => Array.from({ length }, () => `${below(words)}`);
	const old = some(1 + below(size));
	const now = old.slice();
	for (let left = 1 + below(edits); left > 0; left--) {
		now.splice(below(now.length + 1), below(4), ...some(below(4)));
	}
	return [`${old.join('\n')}\n`, now.join('\n') + (below(4) === 0 ? '' : '\n')];
}
