/**
 * Paths looked up in many commits at once, tree by tree: releases share most of their trees, so each
 * is read once, by id, which spares git the way down from every commit. What cannot be read is told from
 * what is not there: a damaged repository must not look like a tree without the file.
 */
import { LRUCache } from 'lru-cache';
import { RangefinderError } from '../errors.ts';
import type { CatFile, GitObject, NoObject } from './cat-file.ts';
import { demandId, findInTree, parseTree } from './objects.ts';
import type { TreeEntry } from './store.ts';

/** Bytes of trees that are kept. */
const KEPT = 64 * 1024 * 1024;

/** Entries below one folder: a whole kernel has 90,000. */
const MOST_ENTRIES = 1_000_000;

/** Where a lookup stands. */
interface Step {
	commit: string;
	parts: readonly string[];
	/** Which part is looked for next. */
	depth: number;
	/** The tree it is looked for in: an id, or `COMMIT^{tree}`. */
	tree: string;
	/** Where the answer goes. */
	at: number;
}

/** What a path names, without its path. */
export type Found = Pick<TreeEntry, 'type' | 'oid'>;

export class TreeWalk {
	readonly #cat: Pick<CatFile, 'contents'>;
	readonly #where: string;
	/** Root trees by commit, as far as they are known without asking. */
	readonly #roots = new Map<string, string>();
	/** Trees that were read, by the name they were asked for by. */
	readonly #trees = new LRUCache<string, GitObject>({
		maxSize: KEPT,
		sizeCalculation: ({ content }) => content.length + 1,
	});
	/** Those that were asked for and are still to come. */
	readonly #coming = new Map<string, Promise<GitObject | NoObject>>();

	/** @param where names the repository, for messages. */
	constructor(cat: Pick<CatFile, 'contents'>, where: string) {
		this.#cat = cat;
		this.#where = where;
	}

	/** Tells the root tree of a commit. */
	knowRoot(commit: string, tree: string): void {
		this.#roots.set(commit, tree);
	}

	/**
	 * What is at `paths` ('' is the root) in each of `commits`; undefined where nothing is.
	 * Throws object-missing when a tree on the way cannot be read.
	 */
	async find(
		commits: readonly string[],
		paths: readonly string[],
	): Promise<(Found | undefined)[][]> {
		const found = new Array<Found | undefined>(commits.length * paths.length).fill(undefined);
		const split = paths.map((path) =>
			path.split('/').filter((part) => part !== '' && part !== '.'),
		);
		let steps = commits.flatMap((commit, i) =>
			split.map((parts, j): Step => {
				const tree = this.#roots.get(commit) ?? `${commit}^{tree}`;
				return { commit, parts, depth: 0, tree, at: i * paths.length + j };
			}),
		);
		while (steps.length > 0) {
			const trees = await this.#read(steps.map(({ tree }) => tree));
			const next: Step[] = [];
			// Many paths go through one folder: it is looked for once in each tree.
			const entries = new Map<string, TreeEntry | undefined>();
			for (const step of steps) {
				const tree = trees.get(step.tree);
				if (typeof tree !== 'object' || tree.type !== 'tree') throw this.#unreadable(step);
				const name = step.parts[step.depth];
				if (name === undefined) {
					found[step.at] = { type: 'tree', oid: tree.oid };
					continue;
				}
				const key = `${tree.oid} ${name}`;
				if (!entries.has(key)) {
					entries.set(key, findInTree(tree.content, name, tree.oid.length / 2));
				}
				const entry = entries.get(key);
				const depth = step.depth + 1;
				if (entry === undefined) continue;
				if (depth === step.parts.length) found[step.at] = { type: entry.type, oid: entry.oid };
				else if (entry.type === 'tree') next.push({ ...step, depth, tree: entry.oid });
			}
			steps = next;
		}
		return commits.map((_, i) => found.slice(i * paths.length, (i + 1) * paths.length));
	}

	/**
	 * All that is below folders of commits, in tree order; trees themselves only when not `recursive`.
	 * [] for a folder that is not there.
	 */
	async list(
		commits: readonly string[],
		folder: string,
		recursive: boolean,
	): Promise<TreeEntry[][]> {
		const roots = await this.find(commits, [folder]);
		const prefix = folder === '' ? '' : `${folder}/`;
		const tops = roots.map(([root]) => (root?.type === 'tree' ? root.oid : undefined));
		const below = new Map<string, TreeEntry[]>();
		let wanted = tops.filter((oid) => oid !== undefined);
		while (wanted.length > 0) {
			const trees = await this.#read(wanted);
			const next: string[] = [];
			for (const oid of new Set(wanted)) {
				const entries = this.#entries(trees.get(oid), oid);
				below.set(oid, entries);
				for (const entry of entries) {
					if (recursive && entry.type === 'tree' && !below.has(entry.oid)) next.push(entry.oid);
				}
			}
			wanted = next;
		}
		return tops.map((oid) => {
			const flat: TreeEntry[] = [];
			if (oid !== undefined)
				this.#flatten(oid, prefix, recursive, below, { left: MOST_ENTRIES, flat });
			return flat;
		});
	}

	/** The trees with these ids as git wrote them. Throws object-missing where one cannot be read. */
	async contents(oids: readonly string[]): Promise<Map<string, Uint8Array>> {
		const trees = new Map<string, Uint8Array>();
		for (const [oid, tree] of await this.#read(oids)) {
			if (typeof tree === 'object' && tree.type === 'tree') trees.set(oid, tree.content);
			else {
				const what = `the tree ${oid} is not there`;
				throw new RangefinderError({ code: 'object-missing', where: this.#where, what });
			}
		}
		return trees;
	}

	/** Puts what is below a tree into `flat`. A tree that names one subtree often may stand for more than fits. */
	#flatten(
		oid: string,
		path: string,
		recursive: boolean,
		below: ReadonlyMap<string, readonly TreeEntry[]>,
		into: { left: number; flat: TreeEntry[] },
	): void {
		for (const entry of below.get(oid) ?? []) {
			if (--into.left < 0) {
				const what = `more than ${MOST_ENTRIES} files and folders are below ${path}`;
				throw new RangefinderError({ code: 'git-failed', where: this.#where, what });
			}
			const whole = { ...entry, path: path + entry.path };
			if (recursive && entry.type === 'tree') {
				this.#flatten(entry.oid, `${whole.path}/`, recursive, below, into);
			} else into.flat.push(whole);
		}
	}

	/** Reads trees in one exchange, each once. */
	async #read(names: readonly string[]): Promise<Map<string, GitObject | NoObject>> {
		const trees = new Map<string, GitObject | NoObject>();
		const coming: [string, Promise<GitObject | NoObject>][] = [];
		const unknown: string[] = [];
		for (const name of new Set(names)) {
			const known = this.#trees.get(name);
			const asked = this.#coming.get(name);
			if (known !== undefined) trees.set(name, known);
			else if (asked !== undefined) coming.push([name, asked]);
			else unknown.push(name);
		}
		const reply = this.#cat.contents(unknown);
		for (const [i, name] of unknown.entries()) {
			const one = reply.then((objects) => objects[i] ?? 'missing');
			this.#coming.set(name, one);
			coming.push([name, one]);
		}
		try {
			for (const [name, one] of coming) {
				const tree = await one;
				trees.set(name, tree);
				if (typeof tree !== 'object') continue;
				demandId(this.#where, tree);
				this.#trees.set(name, tree);
			}
		} finally {
			for (const name of unknown) this.#coming.delete(name);
		}
		return trees;
	}

	#entries(tree: GitObject | NoObject | undefined, oid: string): TreeEntry[] {
		if (typeof tree !== 'object' || tree.type !== 'tree') {
			const what = `the tree ${oid} is not there`;
			throw new RangefinderError({ code: 'object-missing', where: this.#where, what });
		}
		const entries = parseTree(tree.content, '', tree.oid.length / 2);
		if (entries !== undefined) return entries;
		const what = `the tree ${oid} is damaged`;
		throw new RangefinderError({ code: 'git-failed', where: this.#where, what });
	}

	#unreadable({ commit, parts, depth, tree }: Step): RangefinderError {
		const folder = depth === 0 ? 'the root' : parts.slice(0, depth).join('/');
		const what = `the tree of ${folder} at ${commit.slice(0, 12)} cannot be read (${tree.slice(0, 12)})`;
		return new RangefinderError({ code: 'object-missing', where: this.#where, what });
	}
}
