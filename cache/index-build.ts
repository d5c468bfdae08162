/**
 * Makes the content of the release index out of clones: which files of a release go in, their line
 * fingerprints and facts, and what each profile reads off the release.
 */
import type { FileFacts } from '../src/driver/facts.ts';
import type { Profile } from '../src/driver/profile.ts';
import { RangefinderError } from '../src/errors.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { outlineOf } from '../src/kernel/kconfig-outline.ts';
import type { Release } from '../src/kernel/releases.ts';
import { compareVersions } from '../src/kernel/version.ts';
import { type Fingerprints, fingerprints } from '../src/patch/lines.ts';
import type { IndexContent, ProfiledReleases } from './index-content.ts';
import { kconfigRootsOf, pruneKconfig } from './index-kconfig.ts';
import { writeIndex } from './index-writer.ts';
import type { ArchitectureUsers, FileId, ProfiledTree, ReleaseSource } from './source.ts';
import { readsOf } from './tree-keys.ts';

/** Blobs that are held as text at the same time. */
const BATCH = 200;

/** A clone with some of the releases. */
export interface IndexPart {
	source: ReleaseSource;
	/** The files of a release that go into the index; see {@link indexedFiles}. */
	files(release: Release): Promise<readonly FileId[]>;
	/** Keys of the trees of releases, in order; CloneSource.treeKeys. */
	treeKeys(releases: readonly Release[], profile: Profile): Promise<readonly string[]>;
	/** Users in the tree of a release; CloneSource.allUsers. Without it the index knows of none. */
	users?(release: Release, profile: Profile): Promise<readonly ArchitectureUsers[]>;
}

export interface BuildOptions {
	/** Of a release that several parts have, the first one's is taken. */
	parts: readonly IndexPart[];
	profiles: readonly Profile[];
	/** Any JSON value. */
	example?: unknown;
	/** Told what is about to be done, how many steps it has, and of each step. */
	progress?: { start(label: string, total: number): void; step(): void; end(): void };
}

/**
 * The files of a commit that go into the index: of the profiles' folders all sources, headers,
 * Makefiles and Kconfig files, their single files, possible callers, and the Makefiles and Kconfig
 * files of the folders above.
 */
export async function indexedFiles(
	store: Pick<ObjectStore, 'list' | 'blobIds'>,
	commit: string,
	profiles: readonly Profile[],
): Promise<FileId[]> {
	const found = new Map<string, string>();
	const singles = new Set<string>();
	for (const profile of profiles) {
		for (const folder of [...profile.folders, ...profile.callers]) {
			const wanted = profile.folders.includes(folder) ? MODELLED : CALLER;
			for (const { path, oid, type } of await store.list(commit, folder, true)) {
				if (type === 'blob' && wanted.test(path)) found.set(path, oid);
			}
		}
		for (const path of profile.files) singles.add(path);
		for (const folder of profile.folders) {
			for (let at = folder.lastIndexOf('/'); at > 0; at = folder.lastIndexOf('/', at - 1)) {
				singles.add(`${folder.slice(0, at)}/Makefile`);
				singles.add(`${folder.slice(0, at)}/Kconfig`);
			}
		}
	}
	const paths = [...singles];
	for (const [i, blob] of (await store.blobIds(commit, paths)).entries()) {
		const path = paths[i];
		if (blob !== undefined && path !== undefined) found.set(path, blob);
	}
	return [...found].map(([path, blob]) => ({ path, blob })).sort(byPath);
}

const MODELLED = /\.[ch]$|(?:^|\/)(?:Makefile|Kbuild|Kconfig[^/]*)$/;
const CALLER = /\.c$/;
const SOURCE = /\.[ch]$/;

function byPath(a: FileId, b: FileId): number {
	return a.path < b.path ? -1 : 1;
}

/** Builds the index. Throws object-missing when a clone lacks a blob, and what the sources throw. */
export async function buildIndex(options: BuildOptions): Promise<Uint8Array> {
	return writeIndex(await indexContent(options));
}

/** What {@link buildIndex} writes. */
export async function indexContent(options: BuildOptions): Promise<IndexContent> {
	const { progress, profiles } = options;
	const chosen = choose(options.parts);
	const files: (readonly FileId[])[] = [];
	const lines = new Map<string, Fingerprints>();
	const facts = new Map<string, FileFacts>();
	progress?.start('reading files', chosen.length);
	for (const { part, release } of chosen) {
		const list = await part.files(release);
		files.push(list);
		await addFiles(part.source, list, lines, facts);
		progress?.step();
	}
	progress?.end();
	const trees: ProfiledReleases[] = [];
	for (const profile of profiles) {
		progress?.start(`linking ${profile.id}`, chosen.length);
		const list: { key: string; tree: ProfiledTree }[] = [];
		const users: (readonly ArchitectureUsers[])[] = [];
		for (const { part, release } of chosen) {
			const [key] = await part.treeKeys([release], profile);
			const tree = await profiledTree(part.source, release, profile);
			if (key === undefined) throw new RangeError('a source gave no key');
			list.push({ key, tree });
			if (part.users !== undefined) users.push(await part.users(release, profile));
			progress?.step();
		}
		progress?.end();
		const known = users.length === chosen.length ? { users } : {};
		trees.push({ profile: profile.id, reads: readsOf(profile), trees: list, ...known });
	}
	return {
		releases: chosen.map(({ release }) => release),
		files,
		lines,
		facts,
		profiles: trees,
		...(options.example === undefined ? {} : { example: options.example }),
	};
}

/** A linked tree with what its Kconfig files say about all of its modules. */
export async function profiledTree(
	source: ReleaseSource,
	release: Release,
	profile: Profile,
): Promise<ProfiledTree> {
	const [tree] = await source.profiled([release], profile);
	if (tree === undefined) throw new RangeError('a source gave no tree');
	const [kconfig] = await source.kconfig([release], profile);
	return { ...tree, kconfig: pruneKconfig((kconfig ?? []).map(outlineOf), kconfigRootsOf(tree)) };
}

function choose(parts: readonly IndexPart[]): { part: IndexPart; release: Release }[] {
	const chosen: { part: IndexPart; release: Release }[] = [];
	for (const part of parts) {
		for (const release of part.source.releases) {
			const same = chosen.some(
				(one) => compareVersions(one.release.version, release.version) === 0,
			);
			if (!same) chosen.push({ part, release });
		}
	}
	return chosen.sort((a, b) => compareVersions(a.release.version, b.release.version));
}

async function addFiles(
	source: ReleaseSource,
	files: readonly FileId[],
	lines: Map<string, Fingerprints>,
	facts: Map<string, FileFacts>,
): Promise<void> {
	const fresh = files.filter(({ blob }) => !lines.has(blob));
	for (let at = 0; at < fresh.length; at += BATCH) {
		const batch = fresh.slice(at, at + BATCH);
		const texts = await source.text(batch.map(({ blob }) => blob));
		for (const { path, blob } of batch) {
			const text = texts.get(blob);
			if (text === undefined) {
				throw new RangefinderError({
					code: 'object-missing',
					where: path,
					what: `the clone has no blob ${blob}`,
				});
			}
			lines.set(blob, fingerprints(text));
		}
	}
	const sources = files.filter(({ path, blob }) => SOURCE.test(path) && !facts.has(blob));
	for (const [blob, one] of await source.fileFacts(sources)) facts.set(blob, one);
}
