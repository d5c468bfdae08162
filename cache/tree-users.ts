/**
 * Who uses the drivers of a release in the tree itself: boards whose device trees have their devices,
 * and defconfigs that build them. Read through the object store, one release at a time; what two
 * releases share is read once.
 */
import { LRUCache } from 'lru-cache';
import type { ObjectStore, TreeEntry } from '../src/git/store.ts';
import {
	type Defconfig,
	defconfigFolder,
	defconfigUses,
	isDefconfig,
	parseDefconfig,
} from '../src/kernel/defconfig.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import { modelOf } from '../src/kernel/kconfig-model.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { BoardReader } from './device-trees.ts';
import type { ArchitectureUsers, LinkedTree } from './source.ts';

/** The mode of a symbolic link in a tree. */
const LINK = '120000';

/** The compatible strings that drivers of a tree match. */
export function compatibleStrings(tree: LinkedTree): Set<string> {
	return new Set(tree.facts.drivers.flatMap(({ compatible }) => compatible));
}

export class TreeUsersReader {
	readonly #store: ObjectStore;
	readonly #defconfigs = new LRUCache<string, Defconfig>({ max: 2000 });

	constructor(store: ObjectStore) {
		this.#store = store;
	}

	/** The architectures of a release that may have either. */
	async architectures(commit: string): Promise<string[]> {
		const entries = await this.#store.list(commit, 'arch', false);
		return entries
			.filter(({ type }) => type === 'tree')
			.map(({ path }) => path.slice('arch/'.length));
	}

	/** What one architecture of a release says; `trees` reads its boards meanwhile. Throws object-missing. */
	async read(
		commit: string,
		arch: string,
		tree: LinkedTree,
		kconfig: readonly KconfigFacts[],
		trees: BoardReader,
	): Promise<ArchitectureUsers> {
		const boards = trees.boards(commit, arch, [...compatibleStrings(tree)]);
		const built = this.#builds(commit, arch, tree, kconfig);
		// What is wrong with the boards is said first.
		built.catch(() => undefined);
		return { boards: await boards, ...(await built) };
	}

	async #builds(
		commit: string,
		arch: string,
		tree: LinkedTree,
		kconfig: readonly KconfigFacts[],
	): Promise<Pick<ArchitectureUsers, 'defconfigs' | 'builds'>> {
		const defconfigs = await this.#readDefconfigs(commit, arch);
		const symbols = tree.facts.drivers.map(({ symbol }) => symbol).filter((one) => one !== '');
		const builds = defconfigUses(defconfigs, symbols, modelOf(kconfig), arch);
		return { defconfigs: defconfigs.length, builds };
	}

	async #readDefconfigs(commit: string, arch: string): Promise<Defconfig[]> {
		const entries = await this.#store.list(commit, defconfigFolder(arch), true);
		const files = entries.filter(
			({ type, path, mode }) => type === 'blob' && mode !== LINK && isDefconfig(path),
		);
		const unknown = files.filter((entry) => !this.#defconfigs.has(keyOf(entry)));
		const texts = await demandBlobs(this.#store, [...new Set(unknown.map(({ oid }) => oid))]);
		return files.map((entry) => {
			let parsed = this.#defconfigs.get(keyOf(entry));
			if (parsed === undefined) {
				const text = Buffer.from(texts.get(entry.oid) ?? []).toString('latin1');
				parsed = parseDefconfig(text, entry.path);
				this.#defconfigs.set(keyOf(entry), parsed);
			}
			return parsed;
		});
	}
}

function keyOf({ oid, path }: TreeEntry): string {
	return `${oid} ${path}`;
}
