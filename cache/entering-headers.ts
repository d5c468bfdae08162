/**
 * Headers by which the sources of some trees enter their drivers: for a history, whose trees are too many to follow
 * what each of them includes. Those besides the ones that a profile always reads, and those of these that are needed.
 */

import { linkTree } from '../src/driver/link.ts';
import { NeededHeaders } from '../src/driver/macros/needed.ts';
import { withMeanings } from '../src/driver/meanings.ts';
import type { Profile, SourceFile } from '../src/driver/profile.ts';
import { ownCopy } from '../src/driver/source.ts';
import { unlisted } from '../src/driver/unlisted.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { LeftHeaders, macrosOf, showsByItself } from '../src/history/left-headers.ts';
import { spread } from '../src/history/spread.ts';
import type { WalkedHeaders } from '../src/history/walked-files.ts';
import { addIncluded, DEEPEST } from './headers.ts';
import type { FileId, ReleaseSource } from './source.ts';

/** Includes of includes of a header that defines a macro which are followed for what it expands to. */
const BEHIND = 2;

/** Trees in which headers are looked for, of those at hand: their sources are read before git walks. */
const SEARCHED = 8;

/** In how many trees a macro is looked for that no header at hand defines, and for how many sources of each. */
const MOST_SEARCHES = 2;
const MOST_USERS = 4;

/** Texts that are looked through together. */
const TOGETHER = 256;

/** A name at the beginning of a line that may be a macro which enters something, and what it is given: read without a parser. */
const AT_MARGIN = /^([A-Za-z_]\w*)[ \t]*\((?=([^;{}]{0,400}))/gm;

/** A clone that is asked. */
export interface HeaderSource {
	readonly store: Pick<ObjectStore, 'blobIdsAt' | 'blobs' | 'list' | 'partial'>;
	readonly source: Pick<ReleaseSource, 'headers' | 'versionFacts'>;
}

/** Macros that nothing which was read defines, with sources that use them. */
type Wanted = ReadonlyMap<string, readonly string[]>;

/** What stands at the beginning of lines of a source. */
interface Margin {
	/** Names that may be macros. */
	readonly names: readonly string[];
	/** Names in what these are given. */
	readonly given: readonly string[];
}

/** By blob. */
type Named = ReadonlyMap<string, Margin>;

/** A tree as far as it was read. */
interface Tree {
	readonly commit: string;
	/** All sources in the profile's folders. */
	readonly sources: readonly FileId[];
	/** Headers, and sources of which facts were needed. */
	readonly files: Map<string, SourceFile>;
}

/** Trees that were looked through. */
interface Searched {
	readonly trees: readonly Tree[];
	readonly named: Named;
	/** With the headers that were found. */
	readonly profile: Profile;
}

/**
 * A profile with the headers besides its own that define macros by which sources enter drivers, or what these expand
 * to. The same one where it goes by names, or where a partial clone would fetch the trees.
 * @param commits of the trees; a macro is looked for in the last one, the first one and so on
 * @throws RangefinderError git-failed, object-missing
 */
export async function withEnteringHeaders(
	from: HeaderSource,
	commits: readonly string[],
	profile: Profile,
): Promise<Profile> {
	return (await search(from, commits, profile))?.profile ?? profile;
}

/**
 * The same for a walk, and without those of all these headers that no source of the trees needs.
 * @param revisions of some of which the trees are looked through
 * @throws RangefinderError git-failed, object-missing
 */
export async function walkedHeaders(
	from: HeaderSource,
	revisions: readonly string[],
	profile: Profile,
): Promise<WalkedHeaders> {
	const searched = await search(from, spread(revisions, SEARCHED), profile);
	if (searched === undefined) return { profile };
	const needed = new NeededHeaders();
	const paths = new Set(needless(searched, needed));
	const whole = searched.profile;
	if (paths.size === 0) return { profile: whole };
	const left = new LeftHeaders(whole, paths, needed, (some, headers) =>
		readVersions(from, some, headers),
	);
	const files = whole.files.filter((path) => !paths.has(path));
	return { profile: { ...whole, files }, left };
}

/** Undefined where nothing is looked for. */
async function search(
	from: HeaderSource,
	commits: readonly string[],
	profile: Profile,
): Promise<Searched | undefined> {
	if (profile.anyDriver === undefined || from.store.partial !== undefined) return undefined;
	const trees = await Promise.all(commits.map((commit) => readTree(from, commit, profile)));
	const named = await namesAtMargin(from, trees);
	const found = await enteringHeaders(from, trees, named, profile);
	return { trees, named, profile: { ...profile, files: [...profile.files, ...found] } };
}

/**
 * The headers of a profile that are in trees and that no source of them needs.
 * @param needed is given what the headers define and what the sources ask for
 */
function needless({ trees, named, profile }: Searched, needed: NeededHeaders): string[] {
	const there = new Set<string>();
	const shown = new Set<string>();
	for (const { files } of trees) {
		for (const path of profile.files) {
			const file = files.get(path);
			if (file === undefined || !path.endsWith('.h')) continue;
			there.add(path);
			needed.addHeader(path, file.facts.preprocessor?.macros ?? []);
			if (showsByItself(profile, file)) shown.add(path);
		}
	}
	for (const { names, given } of named.values()) needed.ask([...names, ...given]);
	const isTold = ([path]: [string, unknown]) => profile.files.includes(path);
	if (trees.some(({ files }) => needed.hasRivals([...macrosOf(files)].filter(isTold)))) return [];
	const isWithin = (path: string) => profile.folders.some((one) => path.startsWith(`${one}/`));
	return [...there].filter(
		(path) => !shown.has(path) && !needed.needed.has(path) && !isWithin(path),
	);
}

/** What there is of some headers in trees, each version once. */
async function readVersions(
	{ store, source }: HeaderSource,
	commits: readonly string[],
	paths: readonly string[],
): Promise<SourceFile[]> {
	const rows = await store.blobIdsAt(commits, paths);
	const versions = paths.flatMap((path, i) =>
		[...new Set(rows.map((row) => row[i]))].flatMap((blob) =>
			blob === undefined ? [] : [{ path, blob }],
		),
	);
	const all = await source.headers(versions);
	return versions.flatMap(({ path, blob }) => {
		const facts = all.get(blob);
		return facts === undefined ? [] : [{ path, blob, facts }];
	});
}

/** The paths of headers besides the profile's, sorted. */
async function enteringHeaders(
	from: HeaderSource,
	trees: readonly Tree[],
	named: Named,
	profile: Profile,
): Promise<string[]> {
	const found = new Set<string>();
	const searches = new Map<string, number>();
	for (const tree of new Set([trees.at(-1), ...trees])) {
		if (tree === undefined) continue;
		await addHeaders(from, tree, [...found]);
		const defined = definedBy(tree);
		const users = new Map<string, FileId[]>();
		for (const file of tree.sources) {
			for (const name of named.get(file.blob)?.names ?? []) {
				if (defined.has(name) || searches.get(name) === MOST_SEARCHES) continue;
				const known = users.get(name);
				if (known === undefined) users.set(name, [file]);
				else if (known.length < MOST_USERS) known.push(file);
			}
		}
		for (const name of users.keys()) searches.set(name, (searches.get(name) ?? 0) + 1);
		await addSources(from, tree, [...users.values()].flat(), profile);
		const wanted = entered(tree, users);
		if (wanted.size === 0) continue;
		await follow(from, tree, wanted);
		for (const path of neededFor(tree, wanted, profile)) found.add(path);
	}
	return [...found].sort();
}

/** The sources of a commit by name, and the headers that the profile names. */
async function readTree(from: HeaderSource, commit: string, profile: Profile): Promise<Tree> {
	const lists = await Promise.all(
		profile.folders.map((folder) => from.store.list(commit, folder, true)),
	);
	const sources = lists
		.flat()
		.filter(({ type, path }) => type === 'blob' && path.endsWith('.c'))
		.map(({ path, oid }): FileId => ({ path, blob: oid }));
	const tree: Tree = { commit, sources, files: new Map() };
	await addHeaders(from, tree, profile.files);
	return tree;
}

async function namesAtMargin({ store }: HeaderSource, trees: readonly Tree[]): Promise<Named> {
	const found = new Map<string, Margin>();
	const blobs = [...new Set(trees.flatMap(({ sources }) => sources.map(({ blob }) => blob)))];
	const strings = new Map<string, string>();
	const kept = (name: string): string => {
		const known = strings.get(name) ?? ownCopy(name);
		strings.set(known, known);
		return known;
	};
	for (let at = 0; at < blobs.length; at += TOGETHER) {
		for (const [blob, bytes] of await store.blobs(blobs.slice(at, at + TOGETHER))) {
			const names = new Set<string>();
			const given = new Set<string>();
			for (const [, name = '', some = ''] of Buffer.from(bytes)
				.toString('latin1')
				.matchAll(AT_MARGIN)) {
				names.add(kept(name));
				for (const one of some.match(/[A-Za-z_]\w*/g) ?? []) given.add(kept(one));
			}
			found.set(blob, { names: [...names], given: [...given] });
		}
	}
	return found;
}

/** Of some macros those that are entries of the sources that use them, which do not define them. */
function entered({ files }: Tree, users: ReadonlyMap<string, readonly FileId[]>): Wanted {
	const wanted = new Map<string, string[]>();
	for (const [name, some] of users) {
		const paths = some.flatMap(({ path }) => {
			const file = files.get(path);
			if (file === undefined || definedIn(file).includes(name)) return [];
			return file.facts.entries.some(({ macro }) => macro === name) ? path : [];
		});
		if (paths.length > 0) wanted.set(name, paths);
	}
	return wanted;
}

async function addSources(
	{ source }: HeaderSource,
	{ files }: Tree,
	some: readonly FileId[],
	{ interest }: Profile,
): Promise<void> {
	const facts = await source.versionFacts?.(some, interest);
	for (const { path, blob } of some) {
		const known = facts?.get(blob);
		if (known !== undefined) files.set(path, { path, blob, facts: known });
	}
}

/** The headers besides the profile's without which sources that use macros would be registered another way. */
function neededFor({ files }: Tree, wanted: Wanted, profile: Profile): string[] {
	const given = new Set(profile.files);
	const left = new Map([...files].filter(([path]) => path.endsWith('.h')));
	for (const path of new Set([...wanted.values()].flat())) {
		const file = files.get(path);
		if (file === undefined) continue;
		const entries = file.facts.entries.filter(({ macro }) => wanted.get(macro)?.includes(path));
		left.set(path, { ...file, facts: { ...file.facts, entries } });
	}
	const used = new Set<string>();
	for (const { meanings } of withMeanings(left).values()) {
		for (const { headers } of meanings?.values() ?? []) for (const path of headers) used.add(path);
	}
	const whole = told(profile, left);
	const needed: string[] = [];
	for (const path of used) {
		const header = left.get(path);
		if (header === undefined || !path.endsWith('.h') || given.has(path)) continue;
		left.delete(path);
		if (told(profile, left) === whole) continue;
		left.set(path, header);
		needed.push(path);
	}
	return needed;
}

/** How sources are registered, each by itself, and where they are entered. */
function told(profile: Profile, files: ReadonlyMap<string, SourceFile>): string {
	const { drivers } = linkTree(profile, files, unlisted(files.keys(), []));
	return JSON.stringify(drivers.map(({ path, busOps, entries }) => [path, busOps, entries]));
}

/** Reads headers of a tree, those that are there and not read yet. */
async function addHeaders(
	{ store, source }: HeaderSource,
	{ commit, files }: Tree,
	paths: readonly string[],
): Promise<void> {
	const wanted = paths.filter((path) => !files.has(path));
	if (wanted.length === 0) return;
	const [ids = []] = await store.blobIdsAt([commit], wanted);
	const there = wanted.flatMap((path, i): FileId[] => {
		const blob = ids[i];
		return blob === undefined ? [] : [{ path, blob }];
	});
	const facts = await source.headers(there);
	for (const { path, blob } of there) {
		const known = facts.get(blob);
		if (known !== undefined) files.set(path, { path, blob, facts: known });
	}
}

/** The macros that headers of a tree define. */
function definedBy({ files }: Tree): Set<string> {
	const defined = new Set<string>();
	for (const [path, file] of files) {
		if (path.endsWith('.h')) for (const name of definedIn(file)) defined.add(name);
	}
	return defined;
}

function definedIn({ facts }: SourceFile): string[] {
	return (facts.preprocessor?.macros ?? []).map(({ name }) => name);
}

/**
 * Reads what the users of macros include, nearest first, until the macros are known or it is too much; and what the
 * headers that define them include, which may define what they expand to.
 */
async function follow(from: HeaderSource, tree: Tree, wanted: Wanted): Promise<void> {
	const unknown = new Set(wanted.keys());
	const asked = new Set<string>();
	const users = new Set([...wanted.values()].flat());
	const defining = new Set<SourceFile>();
	let last = [...users].flatMap((path) => tree.files.get(path) ?? []);
	for (let depth = 0; depth < DEEPEST && unknown.size > 0 && last.length > 0; depth++) {
		last = await readIncluded(from, tree, last, asked);
		for (const file of last) {
			for (const name of definedIn(file)) if (unknown.delete(name)) defining.add(file);
		}
	}
	asked.clear();
	last = [...defining];
	for (let depth = 0; depth < BEHIND && last.length > 0; depth++) {
		last = await readIncluded(from, tree, last, asked);
	}
}

/** Reads what files include; those of it that are there. */
async function readIncluded(
	from: HeaderSource,
	tree: Tree,
	files: readonly SourceFile[],
	asked: Set<string>,
): Promise<SourceFile[]> {
	const next = new Set<string>();
	addIncluded(files, asked, next);
	for (const path of next) asked.add(path);
	await addHeaders(from, tree, [...next]);
	// Those that were read before lead on as well.
	return [...next].flatMap((path) => tree.files.get(path) ?? []);
}
