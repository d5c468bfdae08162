/**
 * Whether unpacked sections of the release index have the form of what the writer put there. Checked is
 * what the reader itself goes by; facts in them are as deep as they are many and are taken as they come.
 */
import type { IndexAnswers, IndexMeta, IndexUsers } from './index-content.ts';

type Checked<T> = (value: unknown) => T;

/** A check by a rule. What it returns throws RangeError for a value that does not keep it. */
function checked<T>(what: string, keeps: (value: unknown) => boolean): Checked<T> {
	return (value) => {
		if (!keeps(value)) throw new RangeError(`it holds no ${what}`);
		return value as T;
	};
}

const isString = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown, of: (item: unknown) => boolean): value is readonly unknown[] =>
	Array.isArray(value) && value.every(of);

function isRelease(value: unknown): boolean {
	if (!isObject(value)) return false;
	const { name, commit, date, tree } = value;
	const dated = typeof date === 'string' && !Number.isNaN(Date.parse(date));
	return isString(name) && isString(commit) && dated && (tree === undefined || isString(tree));
}

function isMeta(value: unknown): boolean {
	if (!isObject(value)) return false;
	const { releases, paths, blobs, idBytes, profiles, reads } = value;
	return (
		isList(releases, isRelease) &&
		isList(paths, isString) &&
		isList(blobs, (row) => isList(row, isCount) && row.length === releases.length) &&
		blobs.length === paths.length &&
		isCount(idBytes) &&
		isList(profiles, isString) &&
		(reads === undefined || isList(reads, isString))
	);
}

/** The section `meta`. */
export const checkedMeta: Checked<IndexMeta> = checked('table of releases and paths', isMeta);

/** The section `facts` of a path: of each of its blobs facts, or null. */
export const checkedFacts: Checked<readonly (object | null)[]> = checked('facts', (value) =>
	isList(value, (item) => item === null || isObject(item)),
);

/** The section `trees` of a profile. `T` has a key. */
export function checkedTrees<T extends { key: string }>(releases: number): Checked<readonly T[]> {
	const isTree = (tree: unknown): boolean => isObject(tree) && isString(tree.key);
	return checked(
		'tree of each release',
		(value) => isList(value, isTree) && value.length === releases,
	);
}

/** The section `answers` of a profile. */
export const checkedAnswers: Checked<IndexAnswers> = checked('answers', (value) => {
	const areAnswers = (one: unknown): boolean => isList(one, isString);
	return isObject(value) && isList(value.trees, areAnswers) && areAnswers(value.joint);
});

/** The section `users` of a profile. */
export function checkedUsers(releases: number): Checked<IndexUsers> {
	return checked('users', (value) => {
		if (!isObject(value) || !isCount(value.version)) return false;
		return isList(value.releases, Array.isArray) && value.releases.length === releases;
	});
}
