/**
 * The device tree sources of releases, scanned, and what they say of boards. Read through the object store, one
 * release at a time; what two releases share is read once.
 */
import { LRUCache } from 'lru-cache';
import type { ObjectStore, TreeEntry } from '../src/git/store.ts';
import { type ArchitectureBoards, boardsOf } from '../src/kernel/device-tree.ts';
import type { DeviceTreeFile } from '../src/kernel/device-tree-code.ts';
import {
	deviceTreeFolder,
	includeCandidates,
	isDeviceTreeSource,
} from '../src/kernel/device-tree-files.ts';
import { DeviceTreeScanner } from '../src/kernel/device-tree-scan.ts';
import { Words } from '../src/kernel/device-tree-words.ts';
import { demandBlobs } from './demand-blobs.ts';

/** Blobs that are held as text at the same time. */
const BATCH = 500;
/** Numbers of scanned files that are kept for the next release; those of arm and arm64 in 23 kernels are nine million. */
const KEPT_NUMBERS = 16_000_000;
/** Names that are kept for the next release; arm and arm64 have 94,000 in 23 kernels. */
const KEPT_WORDS = 2_000_000;
/** The mode of a symbolic link in a tree. */
const LINK = '120000';

/** Says what boards have, here or in another thread. */
export interface BoardReader {
	/**
	 * What the device trees of an architecture of a release say of compatible strings; see {@link boardsOf}.
	 * @throws RangefinderError object-missing, git-failed
	 */
	boards(commit: string, arch: string, asked: readonly string[]): Promise<ArchitectureBoards>;
}

export class DeviceTrees implements BoardReader {
	readonly #store: ObjectStore;
	readonly #scanned = new LRUCache<string, DeviceTreeFile>({
		maxSize: KEPT_NUMBERS,
		sizeCalculation: ({ size }) => size + 1,
	});
	#words = new Words();
	#scanner = new DeviceTreeScanner(this.#words);

	constructor(store: ObjectStore) {
		this.#store = store;
	}

	async boards(
		commit: string,
		arch: string,
		asked: readonly string[],
	): Promise<ArchitectureBoards> {
		return boardsOf(arch, await this.sources(commit, arch), new Set(asked));
	}

	/** The device tree sources of an architecture, and what they include from others. */
	async sources(commit: string, arch: string): Promise<Map<string, DeviceTreeFile>> {
		if (this.#words.size > KEPT_WORDS) this.#forget();
		const listed = new Map<string, Map<string, TreeEntry>>();
		const files = new Map<string, DeviceTreeFile>();
		let wanted = [...(await this.#listed(commit, arch, listed)).values()];
		while (wanted.length > 0) {
			for (const [path, file] of await this.#scan(wanted)) files.set(path, file);
			const next = new Map<string, TreeEntry>();
			for (const { path: from } of wanted) {
				for (const one of files.get(from)?.outline.notes ?? []) {
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

	/** What files say is in numbers for names; new ones go with new files. */
	#forget(): void {
		this.#words = new Words();
		this.#scanner = new DeviceTreeScanner(this.#words);
		this.#scanned.clear();
	}

	async #scan(entries: readonly TreeEntry[]): Promise<Map<string, DeviceTreeFile>> {
		const found = new Map<string, DeviceTreeFile>();
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
				const text = texts.get(entry.oid) ?? new Uint8Array(0);
				const file =
					entry.mode === LINK
						? this.#scanner.link(Buffer.from(text).toString('latin1').trim())
						: this.#scanner.scan(text);
				this.#scanned.set(keyOf(entry), file);
				found.set(entry.path, file);
			}
		}
		return found;
	}
}

function keyOf({ oid, mode, path }: TreeEntry): string {
	return mode === LINK ? `${oid} ${path}` : oid;
}
