/**
 * One driver of a commit, and what the framework offers it, without reading the whole tree as
 * CloneSource.profiled does: the driver's own sources, the files through which its calls are reached, and
 * those that tell the capabilities. The facts are the same as those of the whole tree.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { including, isUnlisted, withIncluded } from '../src/driver/included.ts';
import { linkTree, type ModuleSources } from '../src/driver/link.ts';
import type { Capability, DriverFacts } from '../src/driver/model.ts';
import type { Profile, SourceFile } from '../src/driver/profile.ts';
import { makefilesAbove, pathsRead } from '../src/driver/profile-reads.ts';
import { unlisted } from '../src/driver/unlisted.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { linkOrder, modules } from '../src/kernel/link-order.ts';
import { type MakefileFacts, parseMakefile } from '../src/kernel/makefile.ts';
import { AskedFiles } from './asked-files.ts';
import { demandBlobs } from './demand-blobs.ts';
import { driversNamed, reachedNames } from './driver-reach.ts';
import { Includers } from './includers.ts';
import type { FileId, ReleaseSource } from './source.ts';
import { WordIndex } from './word-index.ts';

/** Files whose facts are held; a long walk sees many versions, and the cache has those that are let go. */
const MOST_FACTS = 1024;

/** What is known of a commit before anything is linked. */
export interface DriverLook {
	/** The same for two commits whose answers are the same. */
	readonly inputs: string;
	/** Whether some module of the tree may be the driver. */
	readonly there: boolean;
	link(): { driver: DriverFacts | undefined; capabilities: readonly Capability[] };
}

/** A tree as far as it was looked at. */
interface Listing {
	/** Every source that the profile may read, by path. */
	readonly blobs: ReadonlyMap<string, string>;
	/** Of those, the ones in folders of callers. */
	readonly callers: ReadonlySet<string>;
	readonly modules: readonly ModuleSources[];
	/** The sources in the profile's folders, where drivers of any kind are meant. */
	readonly own: readonly string[];
	/** A digest of the Makefiles. */
	readonly built: string;
}

export class DriverTrees {
	readonly #store: ObjectStore;
	readonly #source: Pick<ReleaseSource, 'fileFacts'>;
	readonly #profile: Profile;
	readonly #words: WordIndex;
	readonly #includers: Includers;
	readonly #facts = new LRUCache<string, SourceFile['facts']>({ max: MOST_FACTS });
	readonly #makefiles = new Map<string, MakefileFacts>();
	readonly #modules = new Map<string, ModuleSources[]>();
	readonly #capabilities = new Map<string, readonly Capability[]>();

	/** @param source gives the facts of single files, each blob once */
	constructor(store: ObjectStore, source: Pick<ReleaseSource, 'fileFacts'>, profile: Profile) {
		this.#store = store;
		this.#source = source;
		this.#profile = profile;
		this.#words = new WordIndex(store, profile.callersMention);
		this.#includers = new Includers(store);
	}

	/** The files and folders whose changes can change an answer. */
	get paths(): string[] {
		return pathsRead(this.#profile);
	}

	/** Whether a commit has a module that may be this driver. Reads Makefiles only. */
	async has(commit: string, driver: string): Promise<boolean> {
		const listing = await this.#list(commit);
		const modules = await this.#compiled(listing, driver);
		return driversNamed(modules, driver, listing.blobs).length > 0;
	}

	/**
	 * Looks at a driver: by its name, or by the path of one of its sources.
	 * @throws RangefinderError object-missing
	 */
	async driver(commit: string, driver: string): Promise<DriverLook> {
		const listing = await this.#list(commit);
		const modules = await this.#compiled(listing, driver);
		const mine = driversNamed(modules, driver, listing.blobs);
		const sources = mine.flatMap((module) => module.sources);
		const own = sources.map(({ path }) => path).filter((path) => listing.blobs.has(path));
		const units = sources.map(({ path, within }) => within ?? path);
		if (own.length === 0) {
			const link = () => ({ driver: undefined, capabilities: [] });
			return { inputs: 'absent', there: false, link };
		}
		const tree = new Map<string, SourceFile>();
		const framework = await this.#framework(listing);
		for (const [path, file] of framework.tree) tree.set(path, file);
		await this.#add(listing, own, tree);
		const whole = [...own, ...(await this.#addIncluded(listing, tree))];
		await this.#addCallers(listing, whole, tree);
		const by = including(tree.values(), (path) => listing.blobs.has(path));
		const read = [...tree.values()].map(({ path, blob }) => `${path} ${blob}`).sort();
		return {
			inputs: digest([listing.built, framework.asked, ...read]),
			there: true,
			link: () => {
				const { capabilities } = framework;
				const only = new Set(units);
				const all = withIncluded(listing.modules, by);
				const linked = linkTree(this.#profile, tree, all, capabilities, only);
				const found = linked.drivers.find(
					(one) => one.driver === driver || one.files.some(({ path }) => path === driver),
				);
				return { driver: found, capabilities };
			},
		};
	}

	/** What the framework of a commit offers. */
	async capabilities(commit: string): Promise<{ inputs: string; all: readonly Capability[] }> {
		const listing = await this.#list(commit);
		const { asked, capabilities } = await this.#framework(listing);
		return { inputs: asked, all: capabilities };
	}

	/** The files that the profile reads in any case, and those it asks for to tell capabilities. */
	async #framework(listing: Listing): Promise<{
		tree: ReadonlyMap<string, SourceFile>;
		capabilities: readonly Capability[];
		asked: string;
	}> {
		const tree = new AskedFiles();
		await this.#add(listing, this.#profile.files, tree);
		for (;;) {
			const known = this.#capabilities.get(keyOf(tree));
			const capabilities = known ?? this.#profile.capabilities(tree);
			const asked = known !== undefined ? [] : tree.missing(listing.blobs);
			if (asked.length === 0) {
				const key = keyOf(tree);
				this.#capabilities.set(key, capabilities);
				return { tree, capabilities, asked: key };
			}
			await this.#add(listing, asked, tree);
		}
	}

	/** The modules, with what sources include where a module that may be the driver is itself included. */
	async #compiled(listing: Listing, driver: string): Promise<readonly ModuleSources[]> {
		const { modules, blobs, own } = listing;
		const asked = driversNamed(modules, driver, blobs);
		if (own.length === 0 || !asked.some(isUnlisted)) return modules;
		const files = own.flatMap((path) => ({ path, blob: blobs.get(path) ?? '' }));
		const paths = asked.flatMap(({ sources }) => sources.map(({ path }) => path));
		return withIncluded(modules, await this.#includers.of(files, paths, blobs));
	}

	/** Adds what the sources of a tree include, and says which these are. */
	async #addIncluded(listing: Listing, tree: Map<string, SourceFile>): Promise<string[]> {
		const found = new Set<string>();
		for (;;) {
			const by = including(tree.values(), (path) => listing.blobs.has(path));
			const paths = [...by.values()].flat().map(({ path }) => path);
			const fresh = paths.filter((path) => !found.has(path));
			if (fresh.length === 0) return [...found];
			for (const path of fresh) found.add(path);
			await this.#add(listing, fresh, tree);
		}
	}

	/** Adds the files through which functions of the driver are reached, as far up as that goes. */
	async #addCallers(
		listing: Listing,
		own: readonly string[],
		tree: Map<string, SourceFile>,
	): Promise<void> {
		const searched = new Set<string>();
		for (;;) {
			const names = reachedNames(tree, own, this.#profile).filter((name) => !searched.has(name));
			if (names.length === 0) return;
			for (const name of names) searched.add(name);
			const rest = [...listing.blobs]
				.filter(([path]) => path.endsWith('.c') && !tree.has(path))
				.map(([path, blob]): FileId => ({ path, blob }));
			const naming = await this.#words.naming(rest, names, listing.callers);
			await this.#add(listing, naming, tree);
		}
	}

	async #add(
		{ blobs }: Pick<Listing, 'blobs'>,
		paths: readonly string[],
		tree: Map<string, SourceFile>,
	): Promise<void> {
		const files = paths.flatMap((path): FileId[] => {
			const blob = blobs.get(path);
			return blob === undefined ? [] : [{ path, blob }];
		});
		const known = new Map(files.map(({ blob }) => [blob, this.#facts.get(blob)]));
		const unknown = files.filter(({ blob }) => known.get(blob) === undefined);
		if (unknown.length > 0) {
			for (const [blob, facts] of await this.#source.fileFacts(unknown, this.#profile.interest)) {
				this.#facts.set(blob, facts);
				known.set(blob, facts);
			}
		}
		for (const { path, blob } of files) {
			const facts = known.get(blob);
			if (facts !== undefined) tree.set(path, { path, blob, facts });
		}
	}

	async #list(commit: string): Promise<Listing> {
		const { folders, files, callers } = this.#profile;
		const blobs = new Map<string, string>();
		const called = new Set<string>();
		const isOwn = (path: string) => folders.some((folder) => path.startsWith(`${folder}/`));
		const makefiles = new Map<string, string>();
		for (const folder of [...folders, ...callers]) {
			for (const { path, oid, type } of await this.#store.list(commit, folder, true)) {
				if (type !== 'blob') continue;
				if (path.endsWith('.c')) {
					blobs.set(path, oid);
					if (!folders.includes(folder)) called.add(path);
				} else if (folders.includes(folder) && /\/(Makefile|Kbuild)$/.test(path)) {
					makefiles.set(path, oid);
				}
			}
		}
		const singles = [...files, ...new Set(folders.flatMap(makefilesAbove))];
		const ids = await this.#store.blobIds(commit, singles);
		for (const [i, path] of singles.entries()) {
			const blob = ids[i];
			if (blob !== undefined) (i < files.length ? blobs : makefiles).set(path, blob);
		}
		// What no Makefile lists is a module of its own, where drivers of any kind are meant.
		const own = this.#profile.anyDriver === undefined ? [] : [...blobs.keys()].filter(isOwn);
		const lines = [...makefiles].map(([path, blob]) => `${path} ${blob}`);
		const built = digest([...lines, '', ...own]);
		const known = this.#modules.get(built) ?? (await this.#readModules(makefiles, own));
		this.#modules.set(built, known);
		return { blobs, callers: called, modules: known, own, built };
	}

	/** @param own the sources of which those are modules, too, that no Makefile lists */
	async #readModules(
		makefiles: ReadonlyMap<string, string>,
		own: readonly string[],
	): Promise<ModuleSources[]> {
		const unknown = [...makefiles.values()].filter((blob) => !this.#makefiles.has(blob));
		for (const [blob, bytes] of await demandBlobs(this.#store, [...new Set(unknown)])) {
			this.#makefiles.set(blob, parseMakefile(Buffer.from(bytes).toString('latin1')));
		}
		const facts = new Map<string, MakefileFacts>();
		for (const [path, blob] of makefiles) {
			const known = this.#makefiles.get(blob);
			if (known !== undefined) facts.set(path, known);
		}
		const listed = modules(linkOrder(facts, this.#profile.folders));
		return [...listed, ...unlisted(own, listed)];
	}
}

function keyOf(tree: AskedFiles): string {
	return digest(tree.held().map(({ path, blob }) => `${path} ${blob}`));
}

function digest(lines: readonly string[]): string {
	return createHash('sha1').update(lines.join('\n')).digest('hex');
}
