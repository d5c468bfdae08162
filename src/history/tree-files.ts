/**
 * The files of one tree that a profile reads, with their facts, kept up to date as files change: what linking
 * needs, and by which names one file reaches another.
 */
import { LRUCache } from 'lru-cache';
import type { FileFacts } from '../driver/facts.ts';
import { includesSource, including, withIncluded } from '../driver/included.ts';
import type { ModuleSources } from '../driver/link.ts';
import type { Profile, SourceFile } from '../driver/profile.ts';
import { type ReadAs, readerOf } from '../driver/profile-reads.ts';
import { identifier } from '../driver/program.ts';
import { unlisted } from '../driver/unlisted.ts';
import { linkOrder, modules } from '../kernel/link-order.ts';
import type { MakefileFacts } from '../kernel/makefile.ts';
import type { KnownBlobs, WantedFile } from './known-blobs.ts';

/** Modules in lists that are kept for trees that come again; about 500 bytes each. */
const MOST_MODULES = 50_000;

const NO_NAMES: ReadonlySet<string> = new Set();

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

function listOf(all: readonly ModuleSources[]): ModuleList {
	const byKey = new Map<string, ModuleSources>();
	const byPath = new Map<string, string>();
	const included = new Map<string, string>();
	for (const module of all) {
		const key = moduleKey(module);
		byKey.set(key, module);
		for (const { path, within } of module.sources) {
			const known = within === undefined ? byPath : included;
			if (!known.has(path)) known.set(path, key);
		}
	}
	for (const [path, key] of included) if (!byPath.has(path)) byPath.set(path, key);
	return { byKey, byPath };
}

/** What of a Makefile bears on some folders, and a text that is another one when that is. */
interface MakefilePart {
	readonly facts: MakefileFacts;
	readonly key: string;
}

/**
 * Leaves out what a Makefile says of folders that are neither among some, nor hold or are in one of them: there
 * is no Makefile to descend to. Where it says so tells nothing either, of lines that name folders alone.
 */
function partOf(
	path: string,
	{ entries }: MakefileFacts,
	folders: readonly string[],
): MakefilePart {
	const home = path.slice(0, path.lastIndexOf('/') + 1);
	const bears = (name: string): boolean => {
		// `../x/`, `./` and what else takes thought is left in.
		if (!/^\w[\w-]*\/$/.test(name)) return true;
		const folder = home + name;
		return folders.some((one) => `${one}/`.startsWith(folder) || folder.startsWith(`${one}/`));
	};
	const kept = entries.flatMap((entry) => {
		const objects = entry.objects.filter(bears);
		if (objects.length === 0) return [];
		const line = objects.every((name) => name.endsWith('/')) ? 0 : entry.line;
		return [{ ...entry, objects, line }];
	});
	return { facts: { entries: kept }, key: JSON.stringify(kept) };
}

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
	/** The names by which each C file is in {@link #using}: until another version of it is read, the old one's. */
	readonly #named = new Map<string, ReadonlySet<string>>();
	/** Sources that are no C files. */
	readonly #declaring = new Map<string, SourceFile>();
	/** The same in the order of the profile; undefined when one of them has changed. */
	#headers: ReadonlyMap<string, SourceFile> | undefined;
	readonly #lists = new LRUCache<string, ModuleList>({
		maxSize: MOST_MODULES,
		sizeCalculation: ({ byKey }) => 1 + byKey.size,
	});
	/** The C files in the profile's folders; undefined where no module is made of what no Makefile lists. */
	readonly #present: Set<string> | undefined;
	/** Of Makefiles above the profile's folders, by path and blob. */
	readonly #parts = new Map<string, MakefilePart>();
	/** Sources that include others. */
	readonly #including = new Map<string, SourceFile>();
	#modules: ModuleList | undefined = NO_MODULES;

	constructor(profile: Profile, blobs: KnownBlobs) {
		this.#profile = profile;
		this.#known = blobs;
		this.#reader = readerOf(profile);
		this.#present = profile.anyDriver === undefined ? undefined : new Set();
	}

	/**
	 * Sources that are no C files: read for what they declare, part of no module. In the order in which the profile has
	 * them, whichever changed last: of two that define a name nobody includes, the first may be the one.
	 */
	get headers(): ReadonlyMap<string, SourceFile> {
		if (this.#headers !== undefined) return this.#headers;
		const found = new Map<string, SourceFile>();
		for (const path of this.#profile.files) {
			const file = this.#declaring.get(path);
			if (file !== undefined) found.set(path, file);
		}
		this.#headers = found;
		return found;
	}

	/** As what a path is read; undefined when it is not. */
	readAs(path: string): ReadAs | undefined {
		if (!this.#readAs.has(path)) this.#readAs.set(path, this.#reader(path));
		return this.#readAs.get(path);
	}

	/** True for a file that is no C file and is read for what it declares. */
	isHeader(path: string): boolean {
		return !path.endsWith('.c') && this.readAs(path) === 'source';
	}

	/** Sets what is at a path; undefined for nothing. What has to be read for it waits for {@link settle}. */
	set(path: string, blob: string | undefined): void {
		const as = this.readAs(path);
		if (as === undefined) return;
		if (as === 'makefile') {
			this.#modules = undefined;
			if (blob === undefined) this.#makefiles.delete(path);
			else this.#makefiles.set(path, blob);
		} else {
			this.#remove(path);
			if (as === 'source') this.#note(path, blob !== undefined);
		}
		this.#waiting.delete(path);
		if (blob === undefined) {
			this.#blobs.delete(path);
			this.#name(path, NO_NAMES);
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

	/** The paths of files that use or define a name visible beyond its file, sorted. */
	using(name: string): Iterable<string> {
		const known = this.#using.get(name) ?? [];
		return known instanceof Set && known.size > 1 ? [...known].sort() : known;
	}

	/** The modules of the tree in link order. */
	modules(): ModuleList {
		if (this.#modules !== undefined) return this.#modules;
		const files = [...this.#makefiles].sort(([a], [b]) => (a < b ? -1 : 1));
		const makefiles = new Map<string, MakefileFacts>();
		const keys: string[] = [];
		for (const [path, blob] of files) {
			const above = this.#isAbove(path) ? this.#partOf(path, blob) : undefined;
			const facts = above?.facts ?? this.#known.makefile(blob);
			if (facts !== undefined) makefiles.set(path, facts);
			keys.push(path, above?.key ?? blob);
		}
		const key = keys.join('\0');
		const listed =
			this.#lists.get(key) ?? listOf(modules(linkOrder(makefiles, this.#profile.folders)));
		this.#lists.set(key, listed);
		this.#modules = this.#withIncluded(this.#withUnlisted(key, listed));
		return this.#modules;
	}

	/** The modules with what their sources include. */
	#withIncluded(list: ModuleList): ModuleList {
		if (this.#including.size === 0) return list;
		const files = [...this.#including.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
		const by = including(files, (path) => this.#present?.has(path) === true);
		return listOf(withIncluded([...list.byKey.values()], by));
	}

	/** The modules that Makefiles list, and those of sources that none does. */
	#withUnlisted(key: string, listed: ModuleList): ModuleList {
		const others = [...(this.#present ?? [])].filter((path) => !listed.byPath.has(path)).sort();
		if (others.length === 0) return listed;
		const whole = [key, ...others].join('\0');
		const all = [...listed.byKey.values()];
		const list = this.#lists.get(whole) ?? listOf([...all, ...unlisted(others, all)]);
		this.#lists.set(whole, list);
		return list;
	}

	/** Notes whether a source is there. */
	#note(path: string, there: boolean): void {
		const present = this.#present;
		if (present === undefined || !path.endsWith('.c') || present.has(path) === there) return;
		this.#modules = undefined;
		if (there) present.add(path);
		else present.delete(path);
	}

	/** True for a Makefile outside of the profile's folders: one that says where those are linked. */
	#isAbove(path: string): boolean {
		const { folders } = this.#profile;
		return !folders.some((folder) => folder === '' || path.startsWith(`${folder}/`));
	}

	/** What a Makefile above the profile's folders says of them: little, and hardly ever another thing. */
	#partOf(path: string, blob: string): MakefilePart | undefined {
		const name = `${path}\0${blob}`;
		const facts = this.#known.makefile(blob);
		const part = this.#parts.get(name) ?? (facts && partOf(path, facts, this.#profile.folders));
		if (part !== undefined) this.#parts.set(name, part);
		return part;
	}

	#add({ path, blob, as }: WantedFile): void {
		const isRead = as !== 'caller' || this.#known.isCaller(blob);
		const facts = isRead ? this.#known.facts(blob) : undefined;
		if (facts === null || facts === undefined) {
			this.#name(path, NO_NAMES);
			if (isRead) this.missing.add(path);
			return;
		}
		const file = { path, blob, facts };
		this.sources.set(path, file);
		if (path.endsWith('.c')) {
			this.#name(path, namesIn(facts));
			if (this.#present === undefined || !includesSource(facts)) return;
			this.#including.set(path, file);
			this.#modules = undefined;
		} else {
			this.#declaring.set(path, file);
			this.#headers = undefined;
		}
	}

	#remove(path: string): void {
		this.missing.delete(path);
		if (this.#declaring.delete(path)) this.#headers = undefined;
		if (this.#including.delete(path)) this.#modules = undefined;
		this.sources.delete(path);
	}

	/** Sets the names by which a file is found; versions of one file share most of them. */
	#name(path: string, names: ReadonlySet<string>): void {
		const before = this.#named.get(path) ?? NO_NAMES;
		for (const name of before) {
			if (names.has(name)) continue;
			const known = this.#using.get(name);
			known?.delete(path);
			if (known?.size === 0) this.#using.delete(name);
		}
		for (const name of names) {
			if (before.has(name)) continue;
			const known = this.#using.get(name);
			if (known === undefined) this.#using.set(name, new Set([path]));
			else known.add(path);
		}
		if (names.size === 0) this.#named.delete(path);
		else this.#named.set(path, names);
	}
}
