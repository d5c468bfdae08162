/**
 * Releases from a partial clone: as from any clone, after what is about to be read was fetched in one
 * request; and it is said of which releases that could not be had.
 */
import type { FileFacts } from '../src/driver/facts.ts';
import type { Profile } from '../src/driver/profile.ts';
import { failureOf } from '../src/errors.ts';
import type { Release } from '../src/kernel/releases.ts';
import { CloneSource, type CloneSourceOptions } from './clone-source.ts';
import { type WantedFiles, wantedFiles } from './gather.ts';
import { Remembered } from './remembered.ts';
import type { FileId } from './source.ts';

export class PartialSource extends CloneSource {
	readonly #options: CloneSourceOptions;
	readonly #remembered: Remembered;

	constructor(options: CloneSourceOptions) {
		super(options);
		this.#options = options;
		this.#remembered = new Remembered(options.cache);
	}

	whyMissing(blob: string): string | undefined {
		return this.#options.store.partial?.why(blob);
	}

	async unread(releases: readonly Release[], profile: Profile): Promise<Map<string, string>> {
		const lost = new Map<string, string>();
		const todo = await this.#unlinked(releases, profile);
		const wanted = await this.#wanted(todo, profile, lost);
		const sources = await this.#unknownFacts([...wanted.values()].flatMap((one) => one.sources));
		const needed = new Map<Release, FileId[]>();
		for (const [release, one] of wanted) {
			const unknown = one.sources.filter(({ blob }) => sources.has(blob));
			needed.set(release, [...unknown, ...one.texts]);
		}
		const { partial } = this.#options.store;
		await partial?.fetch([...needed.values()].flat().map(({ blob }) => blob));
		for (const [release, files] of needed) {
			const file = files.find(({ blob }) => partial?.why(blob) !== undefined);
			if (file !== undefined) lost.set(release.name, whyUnread(file, partial?.why(file.blob)));
		}
		return lost;
	}

	/** Those of the releases whose trees, or what Kconfig says of them, nobody knows yet. */
	async #unlinked(releases: readonly Release[], profile: Profile): Promise<Release[]> {
		const keys = await this.treeKeys(releases, profile);
		const known = await this.#options.known();
		const unknown = keys.filter((key) => known?.byTree(key) === undefined);
		const trees = await this.#remembered.recall('tree:', unknown);
		const kconfig = await this.#remembered.recall('kconfig:', unknown);
		const open = new Set(unknown.filter((key) => !trees.has(key) || !kconfig.has(key)));
		return releases.filter((_, i) => open.has(keys[i] ?? ''));
	}

	/** What is wanted of each release; those whose trees cannot be had are put into `lost`. */
	async #wanted(
		releases: readonly Release[],
		profile: Profile,
		lost: Map<string, string>,
	): Promise<Map<Release, WantedFiles>> {
		const { store } = this.#options;
		const wanted = new Map<Release, WantedFiles>();
		const read = async (some: readonly Release[]): Promise<void> => {
			const commits = some.map(({ commit }) => commit);
			for (const [i, files] of (await wantedFiles(store, commits, profile)).entries()) {
				const release = some[i];
				if (release !== undefined) wanted.set(release, files);
			}
		};
		try {
			await read(releases);
		} catch (error) {
			if (failureOf(error)?.code !== 'object-missing') throw error;
			for (const release of releases) {
				await read([release]).catch((one: unknown) => {
					if (!(one instanceof Error) || failureOf(one)?.code !== 'object-missing') throw one;
					lost.set(release.name, one.message);
				});
			}
		}
		return wanted;
	}

	/** Blobs of files whose facts neither the index nor the cache knows. */
	async #unknownFacts(files: readonly FileId[]): Promise<Set<string>> {
		const known = await this.#options.known();
		const unknown = new Set<string>();
		for (const file of files) if (known?.byBlob(file) === undefined) unknown.add(file.blob);
		const found = await this.#remembered.recall<FileFacts>('', [...unknown]);
		for (const blob of found.keys()) unknown.delete(blob);
		return unknown;
	}
}

/** A file that could not be had, and why. */
export function whyUnread({ path, blob }: FileId, why: string | undefined): string {
	return `${path} is not in this partial clone (${blob.slice(0, 12)}): ${why ?? 'it was not sent'}`;
}
