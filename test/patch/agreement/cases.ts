/**
 * Generated placement cases: a file, a patch made from it, and the file as another release has it.
 * Seeded, so that a seed and a number name one case for good.
 */
import type { FilePatch, Hunk } from '../../../src/patch/diff.ts';
import { hunksBetween, textOf } from '../cases.ts';

/** One file patch and the file that it is to land on. */
export interface PlacementCase {
	/** Also the path of the file. */
	name: string;
	file: FilePatch;
	/** The file before the patch; undefined for a new file. */
	base: string | undefined;
	/** The file after the patch; undefined for a deleted file. */
	theirs: string | undefined;
	/** The file to land on; undefined where there is none. */
	ours: string | undefined;
}

/** Numbers below `limit` in a row that the seed decides (mulberry32). */
export function randomNumbers(seed: number): (limit: number) => number {
	let state = seed >>> 0;
	return (limit) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) % limit;
	};
}

type Random = (limit: number) => number;

const COMMON = ['', '', '{', '}', '\treturn ret;', '\tif (ret)', '\t\treturn ret;', '\tint ret;'];

/** A line of C; `variety` is how many different statements there are. */
function line(random: Random, variety: number): string {
	if (random(5) < 2) return COMMON[random(COMMON.length)] ?? '';
	return `\tret = setup_${random(variety)}(dev);`;
}

function lines(random: Random, count: number, variety: number): string[] {
	return Array.from({ length: count }, () => line(random, variety));
}

/** Changes a few stretches: lines go, come, are doubled or change their white space. */
function edited(random: Random, base: readonly string[], most: number, variety: number): string[] {
	const out = [...base];
	const count = 1 + random(most);
	for (let i = 0; i < count; i++) {
		const at = random(out.length + 1);
		switch (random(8)) {
			case 0:
				out.splice(at, 0, ...out.slice(at, at + 1 + random(6)));
				break;
			case 1:
				out.splice(at, 1, ...out.slice(at, at + 1).map((one) => `${one} `));
				break;
			case 2:
				out.splice(at, 0, ...out.splice(random(out.length + 1), 1 + random(5)));
				break;
			default:
				out.splice(at, random(4), ...lines(random, random(4), variety));
		}
	}
	return out;
}

/** The target: the base, or the patched file, or some of the hunks, with changes of its own. */
function target(random: Random, base: string[], theirs: string[], variety: number): string[] {
	const start = [base, base, base, theirs, mixed(random, base, theirs)][random(5)] ?? base;
	const changes = random(4);
	return changes === 0 ? [...start] : edited(random, start, changes, variety);
}

/** The base with some of the hunks in it. */
function mixed(random: Random, base: string[], theirs: string[]): string[] {
	const out: string[] = [];
	let next = 0;
	for (const hunk of hunksBetween(textOf(base), textOf(theirs), 0)) {
		const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
		out.push(...base.slice(next, start));
		const kind = random(2) === 0 ? '-' : '+';
		for (const one of hunk.lines) if (one.kind === kind) out.push(one.text);
		next = start + hunk.oldCount;
	}
	return [...out, ...base.slice(next)];
}

/** Hunks whose added and removed lines were not found by a diff: everything between is taken for changed. */
function coarse(hunks: readonly Hunk[]): Hunk[] {
	return hunks.map((hunk) => {
		const first = hunk.lines.findIndex(({ kind }) => kind !== ' ');
		const last = hunk.lines.findLastIndex(({ kind }) => kind !== ' ');
		const middle = hunk.lines.slice(first, last + 1);
		const removed = middle
			.filter(({ kind }) => kind !== '+')
			.map((one) => ({ ...one, kind: '-' as const }));
		const added = middle
			.filter(({ kind }) => kind !== '-')
			.map((one) => ({ ...one, kind: '+' as const }));
		const lines = [
			...hunk.lines.slice(0, first),
			...removed,
			...added,
			...hunk.lines.slice(last + 1),
		];
		return { ...hunk, lines };
	});
}

const CONTEXTS = [3, 3, 3, 3, 3, 3, 2, 1, 0, 5];

/** Case number `number` of a seed. */
export function generatedCase(seed: number, number: number): PlacementCase {
	const random = randomNumbers(Math.imul(seed, 0x9e3779b1) + number);
	random(2);
	const name = `c${number}.c`;
	const variety = [4, 12, 40, 400][random(4)] ?? 40;
	const size = [4, 12, 40, 40, 120][random(5)] ?? 40;
	const base = lines(random, random(size), variety);
	const theirs = edited(random, base, 4, variety);
	const ours = target(random, base, theirs, variety);
	const text = (from: readonly string[]): string => textOf(from, random(12) > 0);
	const [before, after, onto] = [text(base), text(theirs), text(ours)];
	const kind = random(40);
	if (kind === 0) return created(random, name, after, onto);
	if (kind === 1) return deleted(random, name, before, onto);
	const context = CONTEXTS[random(CONTEXTS.length)] ?? 3;
	const found = hunksBetween(before, after, context);
	// A patch that changes nothing is none; such a case becomes one that appends a line.
	if (found.length === 0) return appended(name, before, onto);
	const hunks = random(6) === 0 ? coarse(found) : found;
	return {
		name,
		file: { oldPath: name, newPath: name, isNew: false, isDeleted: false, hunks },
		base: before,
		theirs: after,
		ours: random(200) === 0 ? undefined : onto,
	};
}

function appended(name: string, before: string, onto: string): PlacementCase {
	const whole = before === '' || before.endsWith('\n') ? before : `${before}\n`;
	const after = `${whole}\tadded();\n`;
	const hunks = hunksBetween(before, after);
	const file = { oldPath: name, newPath: name, isNew: false, isDeleted: false, hunks };
	return { name, file, base: before, theirs: after, ours: onto };
}

function created(random: Random, name: string, after: string, onto: string): PlacementCase {
	const file = { newPath: name, isNew: true, isDeleted: false, hunks: hunksBetween('', after) };
	const ours = [undefined, after, onto, ''][random(4)];
	return { name, file, base: undefined, theirs: after, ours };
}

function deleted(random: Random, name: string, before: string, onto: string): PlacementCase {
	const file = { oldPath: name, isNew: false, isDeleted: true, hunks: hunksBetween(before, '') };
	const ours = [undefined, before, onto, ''][random(4)];
	return { name, file, base: before, theirs: undefined, ours };
}
