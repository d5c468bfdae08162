/**
 * Which commits gave text its form that a change is made on and a target lacks: those that changed the
 * lines that do not merge, followed back as `git log -L` follows them (renames, and lines taken out
 * between them, included); or the file, where it is not there or is no text.
 */
import { RangefinderError } from '../../errors.ts';
import { bytePath, isRegular, type TreePool } from '../../git/tree-pool.ts';
import type { PickConflict } from '../pick/model.ts';
import type { Change, Stretch } from './change.ts';

/** Commits of one file that are taken for candidates where its lines say nothing. */
const MOST_OF_FILE = 50;

/** Stretches of lines that are followed together; more of one file are taken as one. */
const MOST_STRETCHES = 20;

/** Files whose lines are followed, each by a git of its own; the others are asked about together. */
const MOST_FOLLOWED = 12;

/** Conflicts that earlier commits may settle; others are about where folders went. */
const SETTLED_BY_LINES = new Set<PickConflict['kind']>(['content', 'add/add']);

/**
 * Commits of the stretch that may make a change land where it conflicts, newest first.
 * @throws RangefinderError git-failed, object-missing
 */
export async function textualCandidates(
	stretch: Stretch,
	pool: TreePool,
	change: Change,
	conflicts: readonly PickConflict[],
): Promise<string[]> {
	const found = new Set<string>();
	const others = new Set<string>();
	for (const [i, conflict] of conflicts.entries()) {
		const path = conflict.theirPath ?? conflict.path;
		const lines =
			i < MOST_FOLLOWED && SETTLED_BY_LINES.has(conflict.kind)
				? await linesOf(pool, change, path, conflict)
				: [];
		const commits =
			lines.length === 0 ? undefined : await changedLines(stretch, change.from, path, lines);
		for (const commit of commits ?? []) found.add(commit);
		if (commits !== undefined) continue;
		for (const one of [path, conflict.path, ...optional(conflict.otherPath)]) others.add(one);
	}
	if (others.size > 0) {
		for (const commit of await changedPaths(stretch, change.from, [...others])) found.add(commit);
	}
	return (await stretch.sorted(found)).reverse();
}

function optional<T>(value: T | undefined): T[] {
	return value === undefined ? [] : [value];
}

/** Lines of the file that the change was made on which do not merge, from 1, with one line around them. */
async function linesOf(
	pool: TreePool,
	change: Change,
	path: string,
	{ hunks = [] }: PickConflict,
): Promise<[from: number, to: number][]> {
	const version = await pool.at(change.base, bytePath(path));
	if (version === undefined || !isRegular(version)) return [];
	const content = (await pool.blobs([version.oid])).get(version.oid);
	if (content === undefined) return [];
	const count = countLines(content);
	if (count === 0) return [];
	// What stands beside lines that were put in or taken out decides whether they merge.
	const around = hunks.map(({ base: [start, end] }): [number, number] => [
		Math.max(1, Math.min(start, count)),
		Math.max(1, Math.min(end + 1, count)),
	]);
	const joined: [number, number][] = [];
	for (const [from, to] of around.sort(([a], [b]) => a - b)) {
		const last = joined.at(-1);
		if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
		else joined.push([from, to]);
	}
	const [first, last] = [joined[0], joined.at(-1)];
	if (joined.length <= MOST_STRETCHES || first === undefined || last === undefined) return joined;
	return [[first[0], last[1]]];
}

function countLines(content: Uint8Array): number {
	let count = 0;
	for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) count++;
	return content.length > 0 && content.at(-1) !== 10 ? count + 1 : count;
}

/** Commits that changed lines of a file; undefined where git cannot follow them. */
async function changedLines(
	{ git, target }: Stretch,
	from: string,
	path: string,
	lines: readonly (readonly [number, number])[],
): Promise<string[] | undefined> {
	const ranges = lines.map(([start, end]) => `-L${start},${end}:${path}`);
	try {
		const words = ['log', '--no-patch', '--no-color', '--no-merges', '--format=%x00%H'];
		const out = await git.output([...words, ...ranges, from, `^${target}`]);
		return idsIn(out);
	} catch (error) {
		// A path with a colon or brackets is more than this option takes.
		if (error instanceof RangefinderError && error.failure.code === 'git-failed') return undefined;
		throw error;
	}
}

/** Commits that changed files, without merges, which cannot be picked as they are. */
async function changedPaths(
	{ git, target }: Stretch,
	from: string,
	paths: readonly string[],
): Promise<string[]> {
	const words = ['log', '--no-color', '--no-merges', `--max-count=${MOST_OF_FILE}`];
	const out = await git.output([...words, '--format=%x00%H', from, `^${target}`, '--', ...paths]);
	return idsIn(out);
}

/** The ids behind the NULs of an output. */
export function idsIn(out: Buffer): string[] {
	return [...out.toString('latin1').matchAll(/\0([0-9a-f]{40,64})/g)].map(([, id = '']) => id);
}
