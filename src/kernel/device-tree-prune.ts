/**
 * Reduces device tree files to the statements that bear on the devices asked for: a board has
 * thousands of nodes, of which a few dozen are IOMMUs, their masters, or above these. What is left out
 * changes no answer.
 */
import type { DeviceTreeFile, Statement } from './device-tree-code.ts';
import type { DeviceTreeFiles } from './device-tree-files.ts';
import { Words } from './device-tree-words.ts';

/** A file and which of its blocks matter. */
interface Marked {
	readonly file: DeviceTreeFile;
	/** By block: 1 for one that is kept. */
	readonly kept: Uint8Array;
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
	const numbers = numbersOf(files, asked);
	const all = new Map([...files].map(([path, file]) => [path, marked(file, numbers)]));
	const names = new Names(wordsOf(files));
	for (const one of all.values()) {
		for (const [i, kept] of one.kept.entries()) if (kept === 1) keep(one, i, names);
	}
	for (const { file } of all.values()) for (const one of file.outline.masters) names.refer(one);
	let grew = true;
	for (let round = 0; grew; round++) {
		grew = false;
		for (const one of all.values()) {
			for (const [i, kept] of one.kept.entries()) {
				if (kept === 1 || !(round >= MAX_ROUNDS || names.mayMean(one, i))) continue;
				keep(one, i, names);
				grew = true;
			}
		}
	}
	return new Map([...all].map(([path, { file, kept }]) => [path, file.within(kept)]));
}

/** Strings as the numbers that files have for them. */
export function numbersOf(files: DeviceTreeFiles, strings: Iterable<string>): Set<number> {
	const words = wordsOf(files);
	return new Set([...strings].map((string) => words.of(string)));
}

/** What the numbers of files stand for. */
function wordsOf(files: DeviceTreeFiles): Words {
	for (const { words } of files.values()) return words;
	return new Words();
}

/** Labels and names of nodes that matter. */
class Names {
	readonly #words: Words;
	readonly #labels = new Set<number>();
	readonly #names = new Set<number>();

	constructor(words: Words) {
		this.#words = words;
	}

	add({ file }: Marked, at: number): void {
		for (const label of file.wordsOf(at)) this.#labels.add(label);
		const subject = file.subject(at);
		if (file.isNode(at)) this.#names.add(subject);
		else this.refer(subject);
	}

	/** A reference by label, or by path: `/soc/iommu@1`. */
	refer(target: number): void {
		const ref = this.#words.text(target);
		if (!ref.startsWith('/')) this.#labels.add(target);
		else for (const part of ref.split('/')) this.#names.add(this.#words.of(part));
	}

	mayMean({ file, kept }: Marked, block: number): boolean {
		const { blocks, parents } = file.outline;
		const at = blocks[block] ?? 0;
		if (file.hasAny(at, this.#labels)) return true;
		const subject = file.subject(at);
		if (!file.isNode(at)) {
			return this.#labels.has(subject) || this.#words.text(subject).startsWith('/');
		}
		const parent = parents[block] ?? -1;
		return this.#names.has(subject) && (parent < 0 || kept[parent] === 1);
	}
}

/** Keeps a node and those around it. */
function keep(one: Marked, block: number, names: Names): void {
	const { blocks, parents } = one.file.outline;
	for (let i = block; i >= 0; i = parents[i] ?? -1) {
		names.add(one, blocks[i] ?? 0);
		if (one.kept[i] === 1 && i !== block) break;
		one.kept[i] = 1;
	}
}

function marked(file: DeviceTreeFile, asked: ReadonlySet<number>): Marked {
	const { blocks, seeds, compatible } = file.outline;
	const kept = new Uint8Array(blocks.length);
	for (const block of seeds) kept[block] = 1;
	for (let i = 0; i < compatible.length; i += 2) {
		const block = compatible[i + 1] ?? -1;
		if (block >= 0 && file.hasAny(compatible[i] ?? 0, asked)) kept[block] = 1;
	}
	return { file, kept };
}
