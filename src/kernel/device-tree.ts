/**
 * Which boards of an architecture have a device that some driver matches, and who refers to it: the
 * in-tree device trees, after includes, overrides by label and deletions. What cannot be decided is
 * said for each board. An overlay counts as a board of its own and is applied to nothing.
 */
import type { DeviceTreeFile, Statement } from './device-tree-code.ts';
import { type DeviceTreeFiles, IncludeGraph, isBoard, type Obstacle } from './device-tree-files.ts';
import { numbersOf, pruneDeviceTrees } from './device-tree-prune.ts';

export { DEVICE_TREE_VERSION } from './device-tree-scan.ts';

/** A line of a device tree source. */
export interface Place {
	path: string;
	line: number;
}

/** The nodes of a board that have the same of the compatible strings asked for. */
export interface NodeUse {
	/** In the order of the property. */
	compatible: string[];
	/** Nodes that the kernel makes a device of: `status` is absent, "okay" or "ok", all the way up. */
	enabled: number;
	disabled: number;
	/** Enabled nodes that refer to an enabled one of these as their IOMMU. */
	masters: number;
	/** Masters that are disabled, or whose IOMMU is. */
	mastersDisabled: number;
	/** The `compatible` of the first node. */
	at: Place;
	/** The first reference to one of them. */
	master?: Place;
}

/** Boards that are alike in what is asked. */
export interface BoardKind {
	boards: number;
	/** One of them; the numbers of `nodes` are its own. */
	example: string;
	nodes: NodeUse[];
}

/** What the device trees of an architecture say of some compatible strings. */
export interface ArchitectureBoards {
	arch: string;
	/** The compatible strings asked for, sorted; of others nothing is known. */
	asked: string[];
	/** Sources that are compiled by themselves. */
	boards: number;
	/** Boards with such a node; the rest has none. */
	kinds: BoardKind[];
	/** Boards that are not fully understood, with the first reason. */
	undecided: { boards: number; first?: Obstacle };
}

/** A board with its nodes that were asked for. */
export interface BoardUse {
	path: string;
	nodes: NodeUse[];
}

/** Statements that the boards of an architecture may come to, replayed; those of v6.12 take 100,000. */
const MAX_STATEMENTS = 2_000_000;
const MAX_DEPTH = 64;

/** What each board has of the compatible strings asked for, by path; parameters as {@link boardsOf}. */
export function boardUses(
	arch: string,
	files: DeviceTreeFiles,
	asked: ReadonlySet<string>,
): BoardUse[] {
	return evaluate(new IncludeGraph(arch, files), asked, new Map());
}

/**
 * Evaluates the boards of an architecture.
 * @param files all device tree sources of the architecture, and what they include from others
 * @param asked compatible strings
 */
export function boardsOf(
	arch: string,
	files: DeviceTreeFiles,
	asked: ReadonlySet<string>,
): ArchitectureBoards {
	const graph = new IncludeGraph(arch, files);
	const own = boardPaths(graph);
	const obstacles = graph.obstacles();
	for (const path of graph.includersOf(inMacros(files, asked))) {
		if (!obstacles.has(path)) {
			obstacles.set(path, { path, line: 1, why: 'a macro defines such a compatible string' });
		}
	}
	const kinds = new Map<string, BoardKind>();
	for (const { path, nodes } of evaluate(graph, asked, obstacles)) {
		if (nodes.length === 0) continue;
		const key = JSON.stringify(nodes.map(signature));
		const known = kinds.get(key);
		if (known === undefined) kinds.set(key, { boards: 1, example: path, nodes });
		else known.boards++;
	}
	const undecided = own.flatMap((path) => obstacles.get(path) ?? []);
	const [first] = undecided;
	return {
		arch,
		asked: [...asked].sort(),
		boards: own.length,
		kinds: [...kinds.values()],
		undecided: { boards: undecided.length, ...(first === undefined ? {} : { first }) },
	};
}

/** The architecture's own boards, sorted. */
function boardPaths({ arch, files }: IncludeGraph): string[] {
	return [...files.keys()]
		.filter((path) => path.startsWith(`arch/${arch}/`) && isBoard(path))
		.sort();
}

/**
 * The boards whose files name one of the strings, with what they have. What hinders one from being
 * understood is added to `obstacles`, by path.
 */
function evaluate(
	graph: IncludeGraph,
	asked: ReadonlySet<string>,
	obstacles: Map<string, Obstacle>,
): BoardUse[] {
	const { files } = graph;
	const numbers = numbersOf(files, asked);
	const naming = [...files].filter(([, file]) => file.hasNameOf(numbers));
	const concerned = graph.includersOf(naming.map(([path]) => path));
	const wanted = boardPaths(graph).filter((path) => concerned.has(path));
	const closure = new Map<string, DeviceTreeFile>();
	for (const path of graph.closureOf(wanted)) {
		const file = files.get(path);
		if (file !== undefined) closure.set(path, file);
	}
	const pruned = pruneDeviceTrees(closure, asked);
	const budget = { left: MAX_STATEMENTS };
	return wanted.map((path) => {
		const board = new Board(graph, pruned, budget);
		const obstacle = board.read(path);
		if (obstacle !== undefined && !obstacles.has(path)) obstacles.set(path, obstacle);
		return { path, nodes: usesOf(board, asked) };
	});
}

/** What makes boards alike: which nodes there are, not how many. */
function signature({ compatible, enabled, disabled, masters, mastersDisabled }: NodeUse): unknown {
	return [compatible, enabled > 0, disabled > 0, masters > 0, mastersDisabled > 0];
}

/** Files in which a macro says one of the strings asked for. */
function inMacros(files: DeviceTreeFiles, asked: ReadonlySet<string>): string[] {
	const numbers = numbersOf(files, asked);
	return [...files].flatMap(([path, file]) => (file.hasMacroOf(numbers) ? [path] : []));
}

/** A node of a board that is being put together. */
class Node {
	readonly parent: Node | undefined;
	readonly children = new Map<string, Node>();
	compatible: { strings: readonly string[]; at: Place } | undefined;
	status: string | null | undefined;
	/** By property: what it refers to. */
	readonly refers = new Map<string, { targets: readonly string[]; at: Place }>();

	constructor(parent: Node | undefined) {
		this.parent = parent;
	}

	child(name: string): Node {
		let found = this.children.get(name);
		if (found === undefined) {
			found = new Node(this);
			this.children.set(name, found);
		}
		return found;
	}

	/** As of_device_is_available() in drivers/of/base.c has it. */
	get available(): boolean {
		return this.status === undefined || this.status === 'okay' || this.status === 'ok';
	}
}

/** One board: its source and what that includes, in order. */
class Board {
	readonly root = new Node(undefined);
	readonly #graph: IncludeGraph;
	readonly #files: ReadonlyMap<string, readonly Statement[]>;
	readonly #budget: { left: number };
	readonly #labels = new Map<string, Node>();
	/** What references without a node of that name add to: an overlay's, mostly. */
	readonly #strays = new Map<string, Node>();
	readonly #open = new Set<string>();
	#obstacle: Obstacle | undefined;

	constructor(
		graph: IncludeGraph,
		files: ReadonlyMap<string, readonly Statement[]>,
		budget: { left: number },
	) {
		this.#graph = graph;
		this.#files = files;
		this.#budget = budget;
	}

	/** Reads a source; returns the first thing that keeps the board from being known. */
	read(path: string): Obstacle | undefined {
		this.#replay(path, undefined);
		return this.#obstacle;
	}

	/** Every node that is not deleted, and whether the kernel makes a device of it. */
	nodes(): { node: Node; enabled: boolean }[] {
		const all = [this.root, ...this.#strays.values()].map((node) => ({ node, enabled: true }));
		// Grows while it is walked.
		for (const { node, enabled } of all) {
			for (const child of node.children.values()) {
				all.push({ node: child, enabled: enabled && child.available });
			}
		}
		return all;
	}

	/** The node that a label or a path in braces means. */
	resolve(target: string): Node | undefined {
		if (!target.startsWith('/')) return this.#labels.get(target);
		let node: Node | undefined = this.root;
		for (const part of target.split('/')) {
			if (part !== '' && node !== undefined) node = node.children.get(part);
		}
		return node;
	}

	#replay(path: string, around: Node | undefined): void {
		const stack: Node[] = around === undefined ? [] : [around];
		const floor = stack.length;
		this.#open.add(path);
		for (const one of this.#files.get(path) ?? []) {
			if (this.#budget.left-- <= 0) {
				this.#obstacle ??= { path, line: 1, why: 'the device trees are too large' };
				break;
			}
			const node = stack.at(-1);
			switch (one[0]) {
				case 'node':
					stack.push(this.#named(one[1], node, one[2]));
					break;
				case 'ref':
					stack.push(this.#referred(one[1], one[2]));
					break;
				case 'end':
					if (stack.length > floor) stack.pop();
					break;
				case 'include':
					this.#include(path, one, node);
					break;
				case 'delete-node':
					this.#delete(one[1], one[2], node);
					break;
				default:
					if (node !== undefined) property(node, one, path);
			}
		}
		this.#open.delete(path);
	}

	#include(
		from: string,
		[, name, , line]: Extract<Statement, readonly ['include', ...unknown[]]>,
		node: Node | undefined,
	): void {
		const target = this.#graph.included(from, name);
		if (target === undefined) return;
		if (!this.#open.has(target) && this.#open.size < MAX_DEPTH) this.#replay(target, node);
		else if (!target.endsWith('.h')) {
			this.#obstacle ??= { path: from, line, why: 'it includes itself, or too deep' };
		}
	}

	#named(name: string, parent: Node | undefined, labels: readonly string[]): Node {
		const node = name === '/' ? this.root : (parent ?? this.root).child(name);
		for (const label of labels) this.#labels.set(label, node);
		return node;
	}

	#referred(target: string, labels: readonly string[]): Node {
		let node = this.resolve(target) ?? this.#strays.get(target);
		if (node === undefined) {
			node = new Node(undefined);
			this.#strays.set(target, node);
		}
		for (const label of labels) this.#labels.set(label, node);
		return node;
	}

	#delete(target: string, byLabel: boolean, parent: Node | undefined): void {
		if (!byLabel) {
			parent?.children.delete(target);
			return;
		}
		const node = this.resolve(target);
		for (const [name, child] of node?.parent?.children ?? []) {
			if (child === node) node.parent?.children.delete(name);
		}
	}
}

function property(node: Node, one: Statement, path: string): void {
	switch (one[0]) {
		case 'compatible':
			node.compatible = { strings: one[1], at: { path, line: one[2] } };
			break;
		case 'status':
			node.status = one[1];
			break;
		case 'refers':
			node.refers.set(one[1], { targets: one[2], at: { path, line: one[3] } });
			break;
		case 'delete-property':
			if (one[1] === 'compatible') node.compatible = undefined;
			else if (one[1] === 'status') node.status = undefined;
			else node.refers.delete(one[1]);
	}
}

/** The nodes of a board that are asked for, with their masters. */
function usesOf(board: Board, asked: ReadonlySet<string>): NodeUse[] {
	const all = board.nodes();
	const enabled = new Map(all.map((one) => [one.node, one.enabled]));
	const uses = new Map<string, NodeUse>();
	const byNode = new Map<Node, NodeUse>();
	for (const { node, enabled } of all) {
		if (node.compatible === undefined) continue;
		const { strings, at } = node.compatible;
		const compatible = strings.filter((string) => asked.has(string));
		if (compatible.length === 0) continue;
		const key = compatible.join('\0');
		let use = uses.get(key);
		if (use === undefined) {
			use = { compatible, enabled: 0, disabled: 0, masters: 0, mastersDisabled: 0, at };
			uses.set(key, use);
		}
		if (enabled) use.enabled++;
		else use.disabled++;
		byNode.set(node, use);
	}
	const count = (master: Node | undefined, iommu: Node | undefined, at: Place): void => {
		const use = iommu === undefined ? undefined : byNode.get(iommu);
		if (use === undefined || master === undefined || iommu === undefined) return;
		const both = enabled.get(master) === true && enabled.get(iommu) === true;
		// The example is one that works, where there is one.
		if (both ? use.masters++ === 0 : use.mastersDisabled++ === 0 && use.masters === 0) {
			use.master = at;
		}
	};
	for (const { node } of all) {
		for (const [name, { targets, at }] of node.refers) {
			for (const other of new Set(targets.map((target) => board.resolve(target)))) {
				if (name === 'mmu-masters') count(other, node, at);
				else count(node, other, at);
			}
		}
	}
	return [...uses.values()].sort((a, b) => (a.compatible.join() < b.compatible.join() ? -1 : 1));
}
