/**
 * The first step of a pick: the three trees are walked together, and what they do not agree on at once is
 * written down, with what renames could matter. As git's collect_merge_info() (merge-ort.c) does it:
 * folders that only one side changed are not entered unless a rename has to be looked for in them.
 */
import { RangefinderError } from '../../errors.ts';
import {
	type Entries,
	isFolder,
	type TreePool,
	textPath,
	type Version,
} from '../../git/tree-pool.ts';
import {
	BASE,
	type FolderRelevance,
	type Mask,
	OURS,
	type PathInfo,
	type Side,
	type SidePairs,
	type SourceRelevance,
	THEIRS,
} from './model.ts';
import { namesOf, type TreeDifferences } from './tree-difference.ts';

/** The trees of a pick: the commit's parent (none for a root), the target, the commit. */
export type ThreeTrees = readonly [string | undefined, string, string];

/** What a side did, as far as renames may hang on it. */
export interface SideRecord extends SidePairs {
	/** Deleted files that matter, and why. */
	readonly relevant: Map<string, SourceRelevance>;
	/** Folders that the side removed. */
	readonly foldersGone: Map<string, FolderRelevance>;
}

export interface Collected {
	/** By path; what is not here is in the target as it shall be. */
	readonly paths: Map<string, PathInfo>;
	/** Paths of folders and files that are taken over from the commit whole. */
	readonly taken: Map<string, Version | undefined>;
	/** By side; the first place is not used. */
	readonly sides: readonly [undefined, SideRecord, SideRecord];
}

type Three = readonly [Version | undefined, Version | undefined, Version | undefined];
type ThreeEntries = readonly [Entries, Entries, Entries];

const ALL: Mask = 7;
/** Bytes of a path, and names of all folders, beyond which trees are made to be a burden. */
const LONGEST_PATH = 16_384;
const MOST_VISITED = 2_000_000;

/** Walks the trees of a pick. Throws object-missing, git-failed. */
export async function collect(
	pool: TreePool,
	differences: TreeDifferences,
	trees: ThreeTrees,
): Promise<Collected> {
	const walk = new Walk(pool, differences);
	await walk.run(trees);
	return walk;
}

/** A folder that only one side changed, left for later. */
interface Deferred {
	readonly path: string;
	readonly versions: Three;
	readonly dirRenameMask: Mask;
}

class Walk implements Collected {
	readonly paths = new Map<string, PathInfo>();
	readonly taken = new Map<string, Version | undefined>();
	readonly sides = [undefined, newSide(), newSide()] as const;
	readonly #pool: TreePool;
	readonly #differences: TreeDifferences;
	#deferred: { [side in Side]: Deferred[] } = { [OURS]: [], [THEIRS]: [] };
	/** Sides whose unshared changes need not be looked into. */
	readonly #trivial = { [OURS]: true, [THEIRS]: true };
	/**
	 * Whether it matters where a folder went: 0 no; 2 or 4 the side that still has a folder that the other
	 * removed; 7 where that side added a file to it.
	 */
	#dirRenameMask: Mask = 0;
	#visited = 0;

	constructor(pool: TreePool, differences: TreeDifferences) {
		this.#pool = pool;
		this.#differences = differences;
	}

	async run([base, ours, theirs]: ThreeTrees): Promise<void> {
		const [b, o, t] = await this.#pool.entries([base, ours, theirs]);
		await this.#folder('', [b ?? NONE, o ?? NONE, t ?? NONE]);
		await this.#finishOurs();
		await this.#finishTheirs();
	}

	/** Folders that only the target changed: it keeps them; its renames may be told from them. */
	async #finishOurs(): Promise<void> {
		if (this.sides[OURS].relevant.size === 0) return;
		const { added, deleted, foldersGone } = this.sides[OURS];
		for (const { path, versions } of this.#deferred[OURS]) {
			const [base, ours] = versions;
			const found = await this.#differences.between(folderId(base), folderId(ours));
			for (const [name, version] of found.added) added.set(`${path}/${name}`, version);
			for (const [name, version] of found.deleted) deleted.set(`${path}/${name}`, version);
			for (const name of found.foldersGone) foldersGone.set(`${path}/${name}`, 'none');
		}
	}

	/** Folders that only the commit changed: taken whole, or looked into for its renames. */
	async #finishTheirs(): Promise<void> {
		const deferred = this.#deferred[THEIRS];
		this.#trivial[THEIRS] = this.sides[THEIRS].relevant.size === 0;
		for (const { path, versions, dirRenameMask } of deferred) {
			if (this.#trivial[THEIRS]) this.taken.set(path, versions[THEIRS]);
			else {
				this.#dirRenameMask = dirRenameMask;
				this.#unsettled(path, versions, matchOf(versions));
				await this.#enter(path, versions);
			}
		}
	}

	async #enter(path: string, versions: Three): Promise<void> {
		if (path.length > LONGEST_PATH || this.#visited > MOST_VISITED) {
			const what = `trees deeper or larger than any that is used, at ${textPath(path).slice(0, 80)}`;
			throw new RangefinderError({ code: 'git-failed', where: this.#pool.where, what });
		}
		const [b, o, t] = await this.#pool.entries(versions.map(folderId));
		await this.#folder(path, [b ?? NONE, o ?? NONE, t ?? NONE]);
	}

	/** Everything in a folder ('' is the root). */
	async #folder(folder: string, entries: ThreeEntries): Promise<void> {
		const names = namesOf(...entries).map((name): [string, Three] => [
			name,
			[entries[0].get(name), entries[1].get(name), entries[2].get(name)],
		]);
		if (this.#dirRenameMask !== 0 && this.#dirRenameMask !== ALL) {
			// What is added to a removed folder makes all that is in it matter, from its first entry on.
			const mask = this.#dirRenameMask;
			if (names.some(([, versions]) => filesIn(versions) === mask)) this.#dirRenameMask = ALL;
		}
		this.#visited += names.length;
		for (const [name, versions] of names) {
			await this.#entry(folder, folder === '' ? name : `${folder}/${name}`, versions);
		}
	}

	async #entry(folder: string, path: string, versions: Three): Promise<void> {
		const matchMask = matchOf(versions);
		if (matchMask === ALL) return;
		const filemask = filesIn(versions);
		const dirmask = foldersIn(versions);
		if (filemask === ALL && matchMask !== 0) {
			if (matchMask === 3) this.taken.set(path, versions[THEIRS]);
			return;
		}
		const outside = this.#dirRenameMask;
		this.#noteRenames(folder, path, versions, filemask, dirmask, matchMask);
		if (dirmask === 0) {
			this.#unsettled(path, versions, matchMask);
			return;
		}
		let side: Side | undefined = matchMask === 3 ? THEIRS : matchMask === 5 ? OURS : undefined;
		if (filemask === 0 && (dirmask === 2 || dirmask === 4)) side = dirmask === 2 ? OURS : THEIRS;
		const wanted = this.#dirRenameMask === ALL || side === undefined || !this.#trivial[side];
		if (wanted) {
			this.#unsettled(path, versions, matchMask);
			await this.#enter(path, versions);
		} else if (side !== undefined) {
			this.#deferred[side].push({ path, versions, dirRenameMask: this.#dirRenameMask });
		}
		this.#dirRenameMask = outside;
	}

	/** Writes down a path at which some side has a file. */
	#unsettled(path: string, versions: Three, matchMask: Mask): void {
		if (filesIn(versions) !== 0) this.paths.set(path, infoOf(path, versions, matchMask));
	}

	/** As git's collect_rename_info(). */
	#noteRenames(
		folder: string,
		path: string,
		versions: Three,
		filemask: Mask,
		dirmask: Mask,
		matchMask: Mask,
	): void {
		if (this.#dirRenameMask !== ALL && (dirmask === 3 || dirmask === 5)) {
			this.#dirRenameMask = dirmask & ~1;
		}
		if (dirmask === 1 || dirmask === 3 || dirmask === 5) {
			const relevance = this.#dirRenameMask === ALL ? 'ancestor' : 'none';
			if ((dirmask & 2) === 0) this.sides[OURS].foldersGone.set(path, relevance);
			if ((dirmask & 4) === 0) this.sides[THEIRS].foldersGone.set(path, relevance);
		}
		if (this.#dirRenameMask === ALL && (filemask === 2 || filemask === 4)) {
			this.sides[filemask === 4 ? OURS : THEIRS].foldersGone.set(folder, 'self');
		}
		if (filemask === 0 || filemask === ALL) return;
		const sameFiles = matchMask & filemask;
		for (const side of [OURS, THEIRS] as const) {
			const has = (filemask & (1 << side)) !== 0;
			const { added, deleted, relevant } = this.sides[side];
			const before = fileOf(versions[BASE]);
			const now = fileOf(versions[side]);
			if (before !== undefined && !has) {
				deleted.set(path, before);
				if (sameFiles === 0) relevant.set(path, 'content');
				else if (this.#dirRenameMask === ALL) relevant.set(path, 'location');
			} else if (before === undefined && now !== undefined) added.set(path, now);
		}
	}
}

/** A path with what the sides have there. */
export function infoOf(path: string, versions: Three, matchMask = matchOf(versions)): PathInfo {
	const [base, ours, theirs] = versions;
	const filemask = filesIn(versions);
	const dirmask = foldersIn(versions);
	return {
		stages: [fileOf(base), fileOf(ours), fileOf(theirs)],
		pathnames: [path, path, path],
		target: fileOf(ours),
		filemask,
		dirmask,
		matchMask: dirmask === 0 ? matchMask : matchMask & filemask,
		gone: false,
	};
}

/** Which sides have the same: 7 all, 3 base and ours, 5 base and theirs, 6 ours and theirs; 0 none. */
function matchOf([base, ours, theirs]: Three): Mask {
	const oursMatch = base !== undefined && sameVersion(base, ours);
	const theirsMatch = base !== undefined && sameVersion(base, theirs);
	if (oursMatch) return theirsMatch ? ALL : 3;
	if (theirsMatch) return 5;
	return ours !== undefined && sameVersion(ours, theirs) ? 6 : 0;
}

const NONE: Entries = new Map();

function newSide(): SideRecord {
	return { added: new Map(), deleted: new Map(), relevant: new Map(), foldersGone: new Map() };
}

function fileOf(version: Version | undefined): Version | undefined {
	return isFolder(version) ? undefined : version;
}

function folderId(version: Version | undefined): string | undefined {
	return isFolder(version) ? version?.oid : undefined;
}

export function sameVersion(one: Version | undefined, other: Version | undefined): boolean {
	return one?.oid === other?.oid && one?.mode === other?.mode;
}

function filesIn(versions: Three): Mask {
	return maskWhere(versions, (version) => version !== undefined && !isFolder(version));
}

function foldersIn(versions: Three): Mask {
	return maskWhere(versions, (version) => isFolder(version));
}

function maskWhere(versions: Three, holds: (version: Version | undefined) => boolean): Mask {
	return (holds(versions[0]) ? 1 : 0) | (holds(versions[1]) ? 2 : 0) | (holds(versions[2]) ? 4 : 0);
}
