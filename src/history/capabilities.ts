/** What the framework of a tree offers, told with the files it was told by, and how two trees differ in it. */
import type { Capability, Evidence } from '../driver/model.ts';
import type { Profile, SourceFile } from '../driver/profile.ts';

/** A capability that came, went or has another value; undefined where there is none. */
export interface CapabilityChange {
	readonly capability: string;
	readonly before: Capability['value'] | undefined;
	readonly after: Capability['value'] | undefined;
	/** Of the value after; of the one before where there is none after. */
	readonly evidence: readonly Evidence[];
}

/** The files of a tree, remembering which of them were asked for. */
class AskedFiles extends Map<string, SourceFile> {
	readonly asked = new Set<string>();
	all = false;
	readonly #tree: ReadonlyMap<string, SourceFile>;

	constructor(tree: ReadonlyMap<string, SourceFile>) {
		super();
		this.#tree = tree;
	}

	override get(path: string): SourceFile | undefined {
		this.asked.add(path);
		return this.#tree.get(path);
	}

	override has(path: string): boolean {
		this.asked.add(path);
		return this.#tree.has(path);
	}

	override get size(): number {
		return this.#whole().size;
	}

	override keys() {
		return this.#whole().keys();
	}

	override values() {
		return this.#whole().values();
	}

	override entries() {
		return this.#whole().entries();
	}

	override [Symbol.iterator]() {
		return this.entries();
	}

	override forEach(use: (file: SourceFile, path: string, map: Map<string, SourceFile>) => void) {
		for (const [path, file] of this.#whole()) use(file, path, this);
	}

	#whole(): ReadonlyMap<string, SourceFile> {
		this.all = true;
		return this.#tree;
	}
}

/**
 * The capabilities of a tree, and the files, there or not, whose change may change them; undefined where
 * that is every file.
 */
export function tellCapabilities(
	profile: Profile,
	tree: ReadonlyMap<string, SourceFile>,
): { capabilities: readonly Capability[]; files: ReadonlySet<string> | undefined } {
	const files = new AskedFiles(tree);
	const capabilities = profile.capabilities(files);
	return { capabilities, files: files.all ? undefined : files.asked };
}

/** Whether two trees offer the same, wherever it stands. */
export function sameCapabilities(
	before: readonly Capability[],
	after: readonly Capability[],
): boolean {
	return changedCapabilities(before, after).length === 0;
}

/** In what two trees differ, in order of name. */
export function changedCapabilities(
	before: readonly Capability[],
	after: readonly Capability[],
): CapabilityChange[] {
	const old = new Map(before.map((one) => [one.capability, one]));
	const now = new Map(after.map((one) => [one.capability, one]));
	const changes: CapabilityChange[] = [];
	for (const capability of [...new Set([...old.keys(), ...now.keys()])].sort()) {
		const [was, is] = [old.get(capability), now.get(capability)];
		if (was?.value === is?.value) continue;
		const evidence = (is ?? was)?.evidence ?? [];
		changes.push({ capability, before: was?.value, after: is?.value, evidence });
	}
	return changes;
}
