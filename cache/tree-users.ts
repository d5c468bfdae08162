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
import { boardsOf } from '../src/kernel/device-tree.ts';
import {
	deviceTreeFolder,
	includeCandidates,
	isDeviceTreeSource,
} from '../src/kernel/device-tree-files.ts';
import { type Statement, scanDeviceTree } from '../src/kernel/device-tree-scan.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import { kconfigModel } from '../src/kernel/kconfig-model.ts';
import { demandBlobs } from './demand-blobs.ts';
import type { ArchitectureUsers, LinkedTree } from './source.ts';

/** Blobs that are held as text at the same time. */
const BATCH = 500;
/** Statements that are kept for the next release: those of one kernel. */
const KEPT_STATEMENTS = 1_000_000;
/** The mode of a symbolic link in a tree. */
const LINK = '120000';

/** The compatible strings that drivers of a tree match. */
export function compatibleStrings(tree: LinkedTree): Set<string> {
	return new Set(tree.facts.drivers.flatMap(({ compatible }) => compatible));
}

export class TreeUsersReader {
	readonly #store: ObjectStore;
	readonly #scanned = new LRUCache<string, readonly Statement[]>({
		maxSize: KEPT_STATEMENTS,
		sizeCalculation: (statements) => statements.length + 1,
	});
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

	/** What one architecture of a release says. Throws object-missing. */
	async read(
		commit: string,
		arch: string,
		tree: LinkedTree,
		kconfig: readonly KconfigFacts[],
	): Promise<ArchitectureUsers> {
		const files = await this.deviceTrees(commit, arch);
		const boards = boardsOf(arch, files, compatibleStrings(tree));
		const defconfigs = await this.#readDefconfigs(commit, arch);
		const symbols = tree.facts.drivers.map(({ symbol }) => symbol).filter((one) => one !== '');
		const builds = defconfigUses(defconfigs, symbols, kconfigModel(kconfig), arch);
		return { boards, defconfigs: defconfigs.length, builds };
	}

	/** The device tree sources of an architecture, and what they include from others. */
	async deviceTrees(commit: string, arch: string): Promise<Map<string, readonly Statement[]>> {
		const listed = new Map<string, Map<string, TreeEntry>>();
		const files = new Map<string, readonly Statement[]>();
		let wanted = [...(await this.#listed(commit, arch, listed)).values()];
		while (wanted.length > 0) {
			for (const [path, statements] of await this.#scan(wanted)) files.set(path, statements);
			const next = new Map<string, TreeEntry>();
			for (const { path: from } of wanted) {
				for (const one of files.get(from) ?? []) {
					if (one[0] !== 'include') continue;
					for (const path of includeCandidates(from, one[1], one[2], arch)) {
						const other = /^arch\/([^/]+)\//.exec(path)?.[1];
						if (other === undefined || other === arch || files.has(path)) continue;
						const entry = (await this.#listed(commit, other, listed)).get(path);
						if (entry !== undefined) next.set(path, entry);
					}
				}
			}
			wanted = [...next.values()];
		}
		return files;
	}

	async #listed(
		commit: string,
		arch: string,
		known: Map<string, Map<string, TreeEntry>>,
	): Promise<Map<string, TreeEntry>> {
		let entries = known.get(arch);
		if (entries === undefined) {
			const all = await this.#store.list(commit, deviceTreeFolder(arch), true);
			const sources = all.filter(({ type, path }) => type === 'blob' && isDeviceTreeSource(path));
			entries = new Map(sources.map((entry) => [entry.path, entry]));
			known.set(arch, entries);
		}
		return entries;
	}

	async #scan(entries: readonly TreeEntry[]): Promise<Map<string, readonly Statement[]>> {
		const found = new Map<string, readonly Statement[]>();
		const unknown: TreeEntry[] = [];
		for (const entry of entries) {
			const known = this.#scanned.get(keyOf(entry));
			if (known === undefined) unknown.push(entry);
			else found.set(entry.path, known);
		}
		for (let at = 0; at < unknown.length; at += BATCH) {
			const batch = unknown.slice(at, at + BATCH);
			const texts = await demandBlobs(this.#store, [...new Set(batch.map(({ oid }) => oid))]);
			for (const entry of batch) {
				const text = Buffer.from(texts.get(entry.oid) ?? []).toString('latin1');
				const statements = entry.mode === LINK ? linked(text) : scanDeviceTree(text);
				this.#scanned.set(keyOf(entry), statements);
				found.set(entry.path, statements);
			}
		}
		return found;
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

function keyOf({ oid, mode, path }: TreeEntry): string {
	return mode === LINK || isDefconfig(path) ? `${oid} ${path}` : oid;
}

/** A link stands for the file it leads to. */
function linked(target: string): Statement[] {
	return [['include', target.trim(), true, 1]];
}
