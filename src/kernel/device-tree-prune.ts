/**
 * Reduces device tree files to the statements that bear on the devices asked for: a board has
 * thousands of nodes, of which a few dozen are IOMMUs, their masters, or above these. What is left out
 * changes no answer.
 */
import type { DeviceTreeFiles } from './device-tree-files.ts';
import type { Statement } from './device-tree-scan.ts';

/** A node statement of a file, with what is between its braces. */
interface Block {
	/** Number of the block around it; -1 at the top of the file. */
	parent: number;
	/** Label or path of a reference; undefined for a node by name. */
	ref: string | undefined;
	name: string;
	labels: readonly string[];
	kept: boolean;
}

interface FileBlocks {
	statements: readonly Statement[];
	blocks: Block[];
	/** For each statement the block it is in, or that it opens or ends; -1 at the top. */
	within: Int32Array;
}

/** How often names may lead to further names, before everything is kept. */
const MAX_ROUNDS = 16;

/**
 * The files with what bears on nodes whose compatible strings are `asked` for, and on nodes that refer
 * to an IOMMU.
 */
export function pruneDeviceTrees(
	files: DeviceTreeFiles,
	asked: ReadonlySet<string>,
): Map<string, Statement[]> {
	const all = new Map([...files].map(([path, statements]) => [path, blocksOf(statements, asked)]));
	const names = new Names();
	for (const { blocks } of all.values()) {
		for (const [i, block] of blocks.entries()) if (block.kept) keep(blocks, i, names);
	}
	for (const { statements } of all.values()) {
		for (const one of statements) {
			if (one[0] !== 'refers' || one[1] !== 'mmu-masters') continue;
			for (const target of one[2]) names.refer(target);
		}
	}
	let grew = true;
	for (let round = 0; grew; round++) {
		grew = false;
		for (const { blocks } of all.values()) {
			for (const [i, block] of blocks.entries()) {
				if (block.kept || !(round >= MAX_ROUNDS || names.mayMean(block, blocks))) continue;
				keep(blocks, i, names);
				grew = true;
			}
		}
	}
	return new Map([...all].map(([path, file]) => [path, reduced(file)]));
}

/** Labels and names of nodes that matter. */
class Names {
	readonly #labels = new Set<string>();
	readonly #names = new Set<string>();

	add({ labels, name, ref }: Block): void {
		for (const label of labels) this.#labels.add(label);
		if (ref === undefined) this.#names.add(name);
		else this.refer(ref);
	}

	/** A reference by label, or by path: `/soc/iommu@1`. */
	refer(ref: string): void {
		if (!ref.startsWith('/')) this.#labels.add(ref);
		else for (const part of ref.split('/')) this.#names.add(part);
	}

	mayMean({ labels, name, ref, parent }: Block, blocks: readonly Block[]): boolean {
		if (labels.some((label) => this.#labels.has(label))) return true;
		if (ref !== undefined) return this.#labels.has(ref) || ref.startsWith('/');
		return this.#names.has(name) && (parent < 0 || blocks[parent]?.kept === true);
	}
}

/** Keeps a node and those around it. */
function keep(blocks: readonly Block[], at: number, names: Names): void {
	for (let block = blocks[at]; block !== undefined; block = blocks[block.parent]) {
		names.add(block);
		if (block.kept && block !== blocks[at]) break;
		block.kept = true;
	}
}

function blocksOf(statements: readonly Statement[], asked: ReadonlySet<string>): FileBlocks {
	const blocks: Block[] = [];
	const within = new Int32Array(statements.length);
	let open = -1;
	for (const [i, one] of statements.entries()) {
		if (one[0] === 'node' || one[0] === 'ref') {
			const ref = one[0] === 'ref' ? one[1] : undefined;
			blocks.push({ parent: open, ref, name: one[1], labels: one[2], kept: one[1] === '/' });
			open = blocks.length - 1;
		}
		within[i] = open;
		if (one[0] === 'end') open = blocks[open]?.parent ?? -1;
		else if (isSeed(one, asked)) mark(blocks[open]);
	}
	return { statements, blocks, within };
}

function mark(block: Block | undefined): void {
	if (block !== undefined) block.kept = true;
}

function isSeed(one: Statement, asked: ReadonlySet<string>): boolean {
	if (one[0] === 'compatible') return one[1].some((string) => asked.has(string));
	return one[0] === 'refers' || one[0] === 'include';
}

function reduced({ statements, blocks, within }: FileBlocks): Statement[] {
	return statements.filter((one, i) => {
		const at = within[i] ?? -1;
		if (one[0] === 'delete-node' && one[2]) return true;
		return at < 0 ? one[0] !== 'odd' && one[0] !== 'macro' : blocks[at]?.kept === true;
	});
}
