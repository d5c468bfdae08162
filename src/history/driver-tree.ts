/**
 * The drivers of a tree as it changes from commit to commit: after every commit only those modules are linked
 * again whose own files, or files that come into their link, changed. Steps back restore what was known.
 */
import { LRUCache } from 'lru-cache';
import { linkTree, type ModuleSources } from '../driver/link.ts';
import { MeaningMemo } from '../driver/meanings.ts';
import type { Capability, DriverFacts } from '../driver/model.ts';
import type { Profile, SourceFile } from '../driver/profile.ts';
import { styles } from '../driver/style.ts';
import { comparePositions } from '../kernel/link-order.ts';
import { sameCapabilities, tellCapabilities } from './capabilities.ts';
import type { KnownBlobs } from './known-blobs.ts';
import type { Steps } from './state.ts';
import { type ModuleList, moduleKey, namesIn, TreeFiles } from './tree-files.ts';
import type { WalkedCommit } from './walk.ts';

/** A driver after a commit; made anew whenever its module is linked. */
export interface DriverState {
	/** The key of its module; see moduleKey. */
	readonly key: string;
	readonly driver: string;
	readonly symbol: string;
	readonly path: string;
	/** Its sources. */
	readonly files: readonly string[];
	/** Its style whatever the configuration; `unknown` where one of its sources is missing. */
	readonly style: string;
}

/** What linking a module looked at. */
interface Linked {
	readonly state: DriverState | undefined;
	/** Names by which files of other modules may come into it. */
	readonly asked: ReadonlySet<string>;
	/** C files, its own and others, that came into it. */
	readonly reads: readonly string[];
}

/** How the drivers after a commit differ from those after its first parent. */
export interface DriverStep {
	readonly drivers: readonly {
		before: Linked | undefined;
		after: Linked | undefined;
		key: string;
	}[];
	readonly capabilities:
		| { before: readonly Capability[]; after: readonly Capability[] }
		| undefined;
}

/** A tree before a commit, as far as it tells which drivers the commit may change. */
export interface TreeBefore {
	readonly modules: ModuleList;
	/** Keys of modules that have to be linked again. */
	readonly stale: ReadonlySet<string>;
	/** The headers, where the commit changes one. */
	readonly headers: readonly SourceFile[] | undefined;
}

/** Facts of drivers that are held; those of a state that fell out are linked again. */
const MOST_FACTS = 2000;

/** The capabilities of no tree at all. */
const NONE: readonly Capability[] = [];

/** The style of a driver that cannot be read. */
const UNKNOWN = 'unknown';

const free = (): undefined => undefined;

export class DriverTree implements Steps {
	readonly #profile: Profile;
	readonly #commits: readonly WalkedCommit[];
	readonly #steps = new Map<number, DriverStep>();
	readonly #linked = new Map<string, Linked>();
	readonly #askedBy = new Map<string, Set<string>>();
	readonly #readBy = new Map<string, Set<string>>();
	readonly #facts = new LRUCache<DriverState, DriverFacts>({ max: MOST_FACTS });
	readonly #meanings = new MeaningMemo();
	#capabilities = NONE;
	/** Files by which the capabilities were told; undefined for all. */
	#capabilityFiles: ReadonlySet<string> | undefined = new Set();
	readonly files: TreeFiles;

	constructor(profile: Profile, commits: readonly WalkedCommit[], blobs: KnownBlobs) {
		this.#profile = profile;
		this.#commits = commits;
		this.files = new TreeFiles(profile, blobs);
	}

	redo(commit: number): void {
		for (const { path, after } of this.#commits[commit]?.changes ?? []) this.files.set(path, after);
		const step = this.#steps.get(commit);
		for (const { key, after } of step?.drivers ?? []) this.#hold(key, after);
		if (step?.capabilities !== undefined) this.#capabilities = step.capabilities.after;
	}

	undo(commit: number): void {
		for (const { path, before } of this.#commits[commit]?.changes ?? []) {
			this.files.set(path, before);
		}
		const step = this.#steps.get(commit);
		for (const { key, before } of step?.drivers ?? []) this.#hold(key, before);
		if (step?.capabilities !== undefined) this.#capabilities = step.capabilities.before;
	}

	get capabilities(): readonly Capability[] {
		return this.#capabilities;
	}

	/** The driver of a module of the present tree. */
	driver(key: string): DriverState | undefined {
		return this.#linked.get(key)?.state;
	}

	/** All drivers of the present tree by the key of their module. */
	drivers(): Map<string, DriverState> {
		const all = new Map<string, DriverState>();
		for (const [key, { state }] of this.#linked) if (state !== undefined) all.set(key, state);
		return all;
	}

	/**
	 * The facts of a driver, of any tree, while they are held.
	 * @param modules of that tree: its line of the Makefile may have moved since the driver was linked
	 */
	heldFacts(state: DriverState, { byKey }: ModuleList): DriverFacts | undefined {
		const facts = this.#facts.get(state);
		const linkedAt = byKey.get(state.key)?.at;
		return facts === undefined || linkedAt === undefined ? facts : { ...facts, linkedAt };
	}

	/** The facts of a driver of the present tree. */
	factsOf(state: DriverState): DriverFacts | undefined {
		const known = this.#facts.get(state);
		if (known !== undefined) return known;
		const module = this.files.modules().byKey.get(state.key);
		return module === undefined ? undefined : this.#link(module).facts;
	}

	/** What has to be linked again because of what the present tree has at some paths. */
	#touched(paths: readonly string[]): Set<string> {
		const keys = new Set<string>();
		const { byPath } = this.files.modules();
		for (const path of paths) {
			const own = byPath.get(path);
			if (own !== undefined) keys.add(own);
			for (const key of this.#readBy.get(path) ?? []) keys.add(key);
			const file = path.endsWith('.c') ? this.files.sources.get(path) : undefined;
			if (file === undefined || this.#askedBy.size === 0) continue;
			for (const name of namesIn(file.facts)) {
				for (const key of this.#askedBy.get(name) ?? []) keys.add(key);
			}
		}
		return keys;
	}

	/** What of the present tree tells {@link step} what a commit on top of it changes at some paths. */
	before(paths: readonly string[]): TreeBefore {
		const { headers } = this.files;
		const isChanged = paths.some((path) => this.files.isHeader(path));
		return {
			modules: this.files.modules(),
			stale: this.#touched(paths),
			headers: isChanged ? [...headers.values()] : undefined,
		};
	}

	/**
	 * Works out the drivers after a commit to which the files were just moved, and keeps the step.
	 * @param before of its first parent
	 */
	step(commit: number, before: TreeBefore): DriverStep {
		const paths = (this.#commits[commit]?.changes ?? []).map(({ path }) => path);
		const list = this.files.modules();
		const keys = new Set([...before.stale, ...this.#touched(paths)]);
		for (const key of this.#regrouped(before.modules, list)) keys.add(key);
		const capabilities = this.#newCapabilities(paths);
		if (capabilities !== undefined) for (const key of list.byKey.keys()) keys.add(key);
		for (const key of this.#enteredAnew(before.headers, list)) keys.add(key);
		const drivers: { key: string; before: Linked | undefined; after: Linked | undefined }[] = [];
		for (const key of keys) {
			const module = list.byKey.get(key);
			const old = this.#linked.get(key);
			const linked = module === undefined ? undefined : this.#link(module).linked;
			if (old === undefined && linked === undefined) continue;
			drivers.push({ key, before: old, after: linked });
		}
		for (const { key, after } of drivers) this.#hold(key, after);
		const step = { drivers, capabilities };
		this.#steps.set(commit, step);
		return step;
	}

	/** Modules that have other sources than before, and those into whose link one of those files comes. */
	#regrouped(before: ModuleList, after: ModuleList): Set<string> {
		const keys = new Set<string>();
		if (before === after) return keys;
		for (const key of new Set([...before.byKey.keys(), ...after.byKey.keys()])) {
			const [old, now] = [before.byKey.get(key), after.byKey.get(key)];
			if (old !== undefined && now !== undefined && sameSources(old, now)) continue;
			keys.add(key);
			for (const { path } of [...(old?.sources ?? []), ...(now?.sources ?? [])]) {
				for (const reader of this.#readBy.get(path) ?? []) keys.add(reader);
			}
		}
		return keys;
	}

	/** Modules into whose link a file comes of which headers say something else than before. */
	#enteredAnew(before: TreeBefore['headers'], { byPath }: ModuleList): Set<string> {
		const keys = new Set<string>();
		if (before === undefined) return keys;
		const { sources, headers } = this.files;
		for (const path of this.#meanings.changed(sources.values(), before, [...headers.values()])) {
			for (const key of [byPath.get(path), ...(this.#readBy.get(path) ?? [])]) {
				if (key !== undefined) keys.add(key);
			}
		}
		return keys;
	}

	/** The capabilities of the present tree where they differ; undefined when they do not. */
	#newCapabilities(paths: readonly string[]): DriverStep['capabilities'] {
		const before = this.#capabilities;
		const files = this.#capabilityFiles;
		const known = before !== NONE && files !== undefined;
		if (known && !paths.some((path) => files.has(path))) return undefined;
		const told = tellCapabilities(this.#profile, this.files.sources);
		// Files that were asked for once may be asked for on another branch, too.
		this.#capabilityFiles =
			files === undefined || told.files === undefined
				? undefined
				: new Set([...files, ...told.files]);
		if (before !== NONE && sameCapabilities(before, told.capabilities)) return undefined;
		this.#capabilities = told.capabilities;
		return { before, after: told.capabilities };
	}

	#hold(key: string, linked: Linked | undefined): void {
		const old = this.#linked.get(key);
		for (const name of old?.asked ?? []) take(this.#askedBy, name, key);
		for (const path of old?.reads ?? []) take(this.#readBy, path, key);
		if (linked === undefined) {
			this.#linked.delete(key);
			return;
		}
		this.#linked.set(key, linked);
		for (const name of linked.asked) put(this.#askedBy, name, key);
		for (const path of linked.reads) put(this.#readBy, path, key);
	}

	/** Links one module, with as many files around it as come into it. */
	#link(module: ModuleSources): { linked: Linked; facts: DriverFacts | undefined } {
		const { sources, headers, missing } = this.files;
		const { byKey, byPath } = this.files.modules();
		const key = moduleKey(module);
		const members = new Map<string, ModuleSources>();
		const tree = new Map<string, SourceFile>(headers);
		const add = (path: string): void => {
			const file = sources.get(path);
			if (file === undefined || tree.has(path)) return;
			tree.set(path, file);
			const home = byPath.get(path);
			const others = home === undefined || members.has(home) ? undefined : byKey.get(home);
			if (home === undefined || others === undefined) return;
			members.set(home, others);
			for (const one of others.sources) add(one.path);
		};
		const parts = module.sources.filter(({ within }) => within !== undefined);
		const own = module.sources
			.filter(({ path, within }) => within === undefined && byPath.get(path) === key)
			.map(({ path }) => path);
		for (const path of own) add(path);
		for (const { path } of parts) add(path);
		for (const { path } of this.#profile.hooks) add(path);
		const only = new Set(own);
		const asked = new Set<string>();
		for (;;) {
			const size = tree.size;
			const chosen = [...members.values()].sort(comparePositions);
			const known = this.#capabilities;
			const memo = this.#meanings;
			const { drivers } = linkTree(this.#profile, tree, chosen, known, only, asked, memo);
			for (const name of asked) for (const path of this.files.using(name)) add(path);
			if (tree.size > size) continue;
			const [facts] = drivers;
			const whole = ![...own, ...parts.map(({ path }) => path)].some((path) => missing.has(path));
			const state = facts === undefined ? this.#lost(key, whole) : this.#state(key, facts, whole);
			const reads = [...tree.keys()].filter((path) => !headers.has(path));
			return { linked: { state, asked, reads }, facts };
		}
	}

	/** A driver of which nothing can be read any more is still the one it was. */
	#lost(key: string, whole: boolean): DriverState | undefined {
		const old = this.#linked.get(key)?.state;
		return whole || old === undefined ? undefined : { ...old, style: UNKNOWN };
	}

	#state(key: string, facts: DriverFacts, whole: boolean): DriverState {
		const tree = { capabilities: [...this.#capabilities] };
		const state = {
			key,
			driver: facts.driver,
			symbol: facts.symbol,
			path: facts.path,
			files: facts.files.map(({ path }) => path),
			style: whole ? styles(facts, tree, free).join(', ') : UNKNOWN,
		};
		this.#facts.set(state, facts);
		return state;
	}
}

function sameSources(a: ModuleSources, b: ModuleSources): boolean {
	return (
		a.sources.length === b.sources.length &&
		a.sources.every(({ path, when, within }, i) => {
			const other = b.sources[i];
			return path === other?.path && when === other.when && within === other.within;
		})
	);
}

function put(index: Map<string, Set<string>>, name: string, key: string): void {
	const known = index.get(name);
	if (known === undefined) index.set(name, new Set([key]));
	else known.add(key);
}

function take(index: Map<string, Set<string>>, name: string, key: string): void {
	const known = index.get(name);
	known?.delete(key);
	if (known?.size === 0) index.delete(name);
}
