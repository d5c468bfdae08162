/**
 * Which device tree files of an architecture include which, and which boards can have a device that
 * is asked for at all: those whose files name one of the compatible strings somewhere.
 */
import type { DeviceTreeFile } from './device-tree-code.ts';

/** What keeps a board from being known, and where that is. */
export interface Obstacle {
	path: string;
	line: number;
	why: string;
}

/** Files by path; all of them name things by the same numbers. */
export type DeviceTreeFiles = ReadonlyMap<string, DeviceTreeFile>;

/** The folder of an architecture's device trees. */
export function deviceTreeFolder(arch: string): string {
	return `arch/${arch}/boot/dts`;
}

/** Whether a path is that of a device tree source, or of a header beside one. */
export function isDeviceTreeSource(path: string): boolean {
	return /^arch\/[^/]+\/boot\/dts\/.*\.(?:dtsi?|dtso|h)$/.test(path);
}

/** Whether a source is compiled by itself: a board's, or an overlay, which counts as one. */
export function isBoard(path: string): boolean {
	return /\.dtso?$/.test(path);
}

/**
 * Where an included file may be, in the order in which it is looked for: beside the file that includes
 * it, and in the folders that scripts/Makefile.lib names (dtc_cpp_flags): the architecture's own,
 * its `include`, and scripts/dtc/include-prefixes, whose links lead to other architectures.
 */
export function includeCandidates(
	from: string,
	name: string,
	local: boolean,
	arch: string,
): readonly string[] {
	// Headers that define numbers, which every file includes by the dozen.
	if (name.startsWith('dt-bindings/')) return [];
	const beside = from.slice(0, from.lastIndexOf('/') + 1);
	const key = `${arch}\0${local ? beside : ''}\0${name}`;
	let candidates = CANDIDATES.get(key);
	if (candidates === undefined) {
		candidates = findCandidates(beside, name, local, arch);
		if (CANDIDATES.size >= MOST_CANDIDATES) CANDIDATES.clear();
		CANDIDATES.set(key, candidates);
	}
	return candidates;
}

/** Candidates by what they are made of: every release includes the same files. */
const CANDIDATES = new Map<string, readonly string[]>();
const MOST_CANDIDATES = 16_384;

function findCandidates(beside: string, name: string, local: boolean, arch: string): string[] {
	const own = deviceTreeFolder(arch);
	const slash = name.indexOf('/');
	const candidates = [`${own}/${name}`, `${own}/include/${name}`];
	if (local) candidates.unshift(beside + name);
	if (slash > 0) {
		candidates.push(`${deviceTreeFolder(name.slice(0, slash))}/${name.slice(slash + 1)}`);
	}
	return [...new Set(candidates.map(normalized).filter((path) => path.startsWith('arch/')))];
}

/** A path without `.`, `..` and empty parts; one that leaves the tree keeps its dots, and so is no file of it. */
function normalized(path: string): string {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '' || part === '.') continue;
		if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
		else parts.push(part);
	}
	return parts.join('/');
}

/** The include graph of an architecture's device trees. */
export class IncludeGraph {
	readonly arch: string;
	readonly files: DeviceTreeFiles;
	readonly #includers = new Map<string, string[]>();
	/** By including file: what each include statement means. */
	readonly #resolved = new Map<string, Map<string, string>>();
	readonly #obstacles = new Map<string, Obstacle>();

	constructor(arch: string, files: DeviceTreeFiles) {
		this.arch = arch;
		this.files = files;
		for (const [path, file] of files) this.#add(path, file);
	}

	#add(path: string, { outline }: DeviceTreeFile): void {
		for (const statement of outline.notes) {
			if (statement[0] === 'odd') {
				this.#hinder({ path, line: statement[2], why: statement[1] });
			} else if (statement[0] === 'include') {
				const [, name, local, line] = statement;
				const target = includeCandidates(path, name, local, this.arch).find((one) =>
					this.files.has(one),
				);
				if (target !== undefined) this.#link(path, name, target);
				// Headers from elsewhere (dt-bindings) define numbers, no nodes.
				else if (!name.endsWith('.h')) {
					this.#hinder({ path, line, why: `${name.slice(0, 80)} is not there` });
				}
			}
		}
	}

	#hinder(obstacle: Obstacle): void {
		if (!this.#obstacles.has(obstacle.path)) this.#obstacles.set(obstacle.path, obstacle);
	}

	#link(path: string, name: string, target: string): void {
		const known = this.#resolved.get(path);
		if (known === undefined) this.#resolved.set(path, new Map([[name, target]]));
		else known.set(name, target);
		const includers = this.#includers.get(target);
		if (includers === undefined) this.#includers.set(target, [path]);
		else includers.push(path);
	}

	/** The file that an include names; undefined for one that is not there. */
	included(from: string, name: string): string | undefined {
		return this.#resolved.get(from)?.get(name);
	}

	/** The files that include one of `seeds`, however far around, and the seeds. */
	includersOf(seeds: Iterable<string>): Set<string> {
		const found = new Set(seeds);
		// A set may grow while it is walked: what is added is visited in turn.
		for (const path of found) for (const by of this.#includers.get(path) ?? []) found.add(by);
		return found;
	}

	/** The files that `seeds` include, however far around, and the seeds. */
	closureOf(seeds: Iterable<string>): Set<string> {
		const found = new Set(seeds);
		for (const path of found) {
			for (const target of this.#resolved.get(path)?.values() ?? []) found.add(target);
		}
		return found;
	}

	/** What hinders each file from being understood, in itself or in what it includes. */
	obstacles(): Map<string, Obstacle> {
		const found = new Map(this.#obstacles);
		for (const [path, obstacle] of found) {
			for (const by of this.#includers.get(path) ?? []) if (!found.has(by)) found.set(by, obstacle);
		}
		return found;
	}
}
