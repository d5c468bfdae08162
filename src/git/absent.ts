/**
 * Tells a path that a commit does not have from one that cannot be read: git says "missing" of both.
 * A damaged repository must not look like a tree without the file.
 */
import { RangefinderError } from '../errors.ts';
import type { CatFile, GitObject, NoObject } from './cat-file.ts';
import { parseTree } from './objects.ts';

/** A folder that git called missing. */
export interface Absence {
	commit: string;
	folder: string;
}

/** Throws object-missing unless every one of the folders is absent from its commit's readable trees. */
export async function demandAbsent(
	cat: CatFile,
	where: string,
	absences: readonly Absence[],
): Promise<void> {
	const open = absences.map(({ commit, folder }) => ({
		commit,
		parts: folder.split('/').filter((part) => part !== '' && part !== '.'),
		depth: 0,
	}));
	let names = open.map(({ commit }) => `${commit}^{tree}`);
	let left = open;
	while (left.length > 0) {
		const trees = await readOnce(cat, names);
		const next: { entry: typeof open; names: string[] } = { entry: [], names: [] };
		for (const [i, one] of left.entries()) {
			const name = names[i] ?? '';
			const tree = trees.get(name);
			if (typeof tree !== 'object' || tree.type !== 'tree') throw unreadable(where, one, name);
			const part = one.parts[one.depth];
			const entries = parseTree(tree.content, '', tree.oid.length / 2);
			if (entries === undefined || part === undefined) throw unreadable(where, one, name);
			const entry = entries.find(({ path, type }) => path === part && type === 'tree');
			if (entry === undefined) continue;
			next.entry.push({ ...one, depth: one.depth + 1 });
			next.names.push(entry.oid);
		}
		left = next.entry;
		names = next.names;
	}
}

async function readOnce(
	cat: CatFile,
	names: readonly string[],
): Promise<Map<string, GitObject | NoObject>> {
	const distinct = [...new Set(names)];
	const objects = await cat.contents(distinct);
	return new Map(
		distinct.flatMap((name, i) => {
			const object = objects[i];
			return object === undefined ? [] : [[name, object] as const];
		}),
	);
}

function unreadable(
	where: string,
	{ commit, parts, depth }: { commit: string; parts: readonly string[]; depth: number },
	name: string,
): RangefinderError {
	const folder = depth === 0 ? 'the root' : parts.slice(0, depth).join('/');
	const what = `the tree of ${folder} at ${commit.slice(0, 12)} cannot be read (${name.slice(0, 12)})`;
	return new RangefinderError({ code: 'object-missing', where, what });
}
