/**
 * The files of one tree that a profile reads, with their facts, kept up to date as files change: what linking
 * needs, and by which names one file reaches another.
 */
import { LRUCache } from 'lru-cache';
import type { FileFacts } from '../driver/facts.ts';
import type { ModuleSources } from '../driver/link.ts';
import type { Profile, SourceFile } from '../driver/profile.ts';
import { type ReadAs, readerOf } from '../driver/profile-reads.ts';
import { identifier } from '../driver/program.ts';
import { linkOrder, modules } from '../kernel/link-order.ts';
import type { MakefileFacts } from '../kernel/makefile.ts';
import type { KnownBlobs, WantedFile } from './known-blobs.ts';

/** Modules in lists that are kept for trees that come again; about 500 bytes each. */
const MOST_MODULES = 50_000;

const namesOf = new WeakMap<FileFacts, ReadonlySet<string>>();

/** The names by which a file may come into the link of a module it is not part of: what it uses or defines. */
export function namesIn(facts: FileFacts): ReadonlySet<string> {
	const known = namesOf.get(facts);
	if (known !== undefined) return known;
	const names = new Set<string>();
	for (const { callee, args } of facts.calls) {
		names.add(callee);
		for (const argument of args ?? []) {
			const name = identifier(argument);
			if (name !== undefined) names.add(name);
		}
	}
	for (const { value } of facts.hooks) names.add(value);
	for (const { name } of facts.functions) names.add(name);
	namesOf.set(facts, names);
	return names;
}

/** What tells a module from the others, in any tree: its CONFIG symbol, else its first source. */
export function moduleKey({ symbol, sources }: ModuleSources): string {
	return symbol === '' ? (sources[0]?.path ?? '') : `CONFIG_${symbol}`;
}

/** The modules of a tree, and which one a source belongs to. */
export interface ModuleList {
	readonly byKey: ReadonlyMap<string, ModuleSources>;
	/** Keys. */
	readonly byPath: ReadonlyMap<string, string>;
}

const NO_MODULES: ModuleList = { byKey: new Map(), byPath: new Map() };

export class TreeFiles {
	readonly #profile: Profile;
	readonly #known: KnownBlobs;
	readonly #reader: (path: string) => ReadAs | undefined;
	readonly #readAs = new Map<string, ReadAs | undefined>();
	/** Sources with their facts; all of them once nothing waits. */
	readonly sources = new Map<string, SourceFile>();
	/** Sources whose blob the clone lacks. */
	readonly missing = new Set<string>();
	/** Blobs of whatever is read. */
	readonly #blobs = new Map<string, string>();
	readonly #makefiles = new Map<string, string>();
	readonly #waiting = new Map<string, WantedFile>();
	readonly #using = new Map<string, Set<string>>();
	/** Sources that are no C files: read for what they declare, part of no module. */
	readonly headers = new Map<string, SourceFile>();
	readonly #lists = new LRUCache<string, ModuleList>({
		maxSize: MOST_MODULES,
		sizeCalculation: ({ byKey }) => 1 + byKey.size,
	});
	#modules: ModuleList | undefined = NO_MODULES;

	constructor(profile: Profile, blobs: KnownBlobs) {
		this.#profile = profile;
		this.#known = blobs;
		this.#reader = readerOf(profile);
	}

	/** As what a path is read; undefined when it is not. */
	readAs(path: string): ReadAs | undefined {
		if (!this.#readAs.has(path)) this.#readAs.set(path, this.#reader(path));
		return this.#readAs.get(path);
	}

	/** Sets what is at a path; undefined for nothing. What has to be read for it waits for {@link settle}. */
	set(path: string, blob: string | undefined): void {
		const as = this.readAs(path);
		if (as === undefined) return;
		if (as === 'makefile') {
			this.#modules = undefined;
			if (blob === undefined) this.#makefiles.delete(path);
			else this.#makefiles.set(path, blob);
		} else this.#remove(path);
		this.#waiting.delete(path);
		if (blob === undefined) {
			this.#blobs.delete(path);
			return;
		}
		this.#blobs.set(path, blob);
		const wanted = { path, blob, as };
		if (!this.#known.has(wanted)) this.#waiting.set(path, wanted);
		else if (as !== 'makefile') this.#add(wanted);
	}

	/** The blob of a file that the profile reads. */
	blobAt(path: string): string | undefined {
		return this.#blobs.get(path);
	}

	/** Whether files wait for being read. */
	get waits(): boolean {
		return this.#waiting.size > 0;
	}

	/** Reads what waits. */
	async settle(): Promise<void> {
		const wanted = [...this.#waiting.values()];
		this.#waiting.clear();
		await this.#known.load(wanted);
		for (const file of wanted) if (file.as !== 'makefile') this.#add(file);
	}

	/** The paths of files that use or define a name visible beyond its file. */
	using(name: string): ReadonlySet<string> {
		return this.#using.get(name) ?? new Set();
	}

	/** The modules of the tree in link order. */
	modules(): ModuleList {
		if (this.#modules !== undefined) return this.#modules;
		const files = [...this.#makefiles].sort(([a], [b]) => (a < b ? -1 : 1));
		const key = files.flat().join('\0');
		const known = this.#lists.get(key);
		this.#modules = known ?? this.#readModules(files);
		if (known === undefined) this.#lists.set(key, this.#modules);
		return this.#modules;
	}

	#readModules(files: readonly (readonly [string, string])[]): ModuleList {
		const makefiles = new Map<string, MakefileFacts>();
		for (const [path, blob] of files) {
			const facts = this.#known.makefile(blob);
			if (facts !== undefined) makefiles.set(path, facts);
		}
		const byKey = new Map<string, ModuleSources>();
		const byPath = new Map<string, string>();
		for (const module of modules(linkOrder(makefiles, this.#profile.folders))) {
			const key = moduleKey(module);
			byKey.set(key, module);
			for (const { path } of module.sources) if (!byPath.has(path)) byPath.set(path, key);
		}
		return { byKey, byPath };
	}

	#add({ path, blob, as }: WantedFile): void {
		if (as === 'caller' && !this.#known.isCaller(blob)) return;
		const facts = this.#known.facts(blob);
		if (facts === null || facts === undefined) {
			this.missing.add(path);
			return;
		}
		const file = { path, blob, facts };
		this.sources.set(path, file);
		if (!path.endsWith('.c')) {
			this.headers.set(path, file);
			return;
		}
		for (const name of namesIn(facts)) {
			const known = this.#using.get(name);
			if (known === undefined) this.#using.set(name, new Set([path]));
			else known.add(path);
		}
	}

	#remove(path: string): void {
		this.missing.delete(path);
		this.headers.delete(path);
		const file = this.sources.get(path);
		if (file === undefined) return;
		this.sources.delete(path);
		if (!path.endsWith('.c')) return;
		for (const name of namesIn(file.facts)) {
			const known = this.#using.get(name);
			known?.delete(path);
			if (known?.size === 0) this.#using.delete(name);
		}
	}
}
