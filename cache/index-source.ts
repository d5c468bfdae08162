/**
 * The release index as a source of releases: answers from what the index holds, without a clone.
 * It has no text; lines are fingerprints given ids by the interner of the caller.
 */
import { LRUCache } from 'lru-cache';
import type { FileFacts } from '../src/driver/facts.ts';
import type { Profile } from '../src/driver/profile.ts';
import { RangefinderError } from '../src/errors.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import { findRelease, type Release } from '../src/kernel/releases.ts';
import type { FingerprintInterner, Lines } from '../src/patch/lines.ts';
import { restoreAnswers, storeAnswers } from './answers.ts';
import type { IndexAnswers } from './index-content.ts';
import type { LineSequence } from './index-lines.ts';
import type { IndexFile } from './index-reader.ts';
import type {
	ArchitectureUsers,
	FileId,
	LinkedTree,
	ReleaseSource,
	RememberedAnswers,
} from './source.ts';

/** Lines that are remembered, for patches that touch the same files; 8 bytes each. */
const MOST_LINES = 4_000_000;

export class IndexSource implements ReleaseSource {
	readonly kind = 'index';
	readonly releases: readonly Release[];
	readonly index: IndexFile;
	readonly #interner: FingerprintInterner;
	readonly #answers = new Map<string, RememberedAnswers>();
	/** Blobs that were read, the ones that were not asked for the longest going first. */
	readonly #lines = new LRUCache<string, Lines>({
		maxSize: MOST_LINES,
		sizeCalculation: ({ exact }) => exact.length + 1,
	});

	/** @param interner the one that gives the lines of the patch their ids. */
	constructor(index: IndexFile, interner: FingerprintInterner) {
		this.index = index;
		this.releases = index.releases;
		this.#interner = interner;
	}

	async blobIds(
		releases: readonly Release[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]> {
		return releases.map((release) => {
			const { name } = findRelease(this.releases, release.name);
			return paths.map((path) => this.index.blobAt(name, path));
		});
	}

	async filesBelow(release: Release, folder: string): Promise<FileId[]> {
		const { name } = findRelease(this.releases, release.name);
		return this.index.files(name).filter(({ path }) => path.startsWith(`${folder}/`));
	}

	/** The only blob of the index whose id begins so. */
	async expandBlob(abbreviation: string): Promise<string | undefined> {
		if (abbreviation === '') return undefined;
		const found = this.index.blobs.filter((blob) => blob.startsWith(abbreviation));
		return found.length === 1 ? found[0] : undefined;
	}

	async lines(blobs: readonly string[]): Promise<Map<string, Lines>> {
		const found = new Map<string, Lines>();
		for (const blob of blobs) {
			const lines = this.#lines.get(blob);
			if (lines !== undefined) found.set(blob, lines);
		}
		const unread = blobs.filter((blob) => !found.has(blob));
		if (unread.length === 0) return found;
		for (const [blob, lines] of this.#readLines(unread)) {
			found.set(blob, lines);
			this.#lines.set(blob, lines);
		}
		return found;
	}

	#readLines(blobs: readonly string[]): Map<string, Lines> {
		const sequences = this.index.sequences(blobs);
		const place = internedLines(this.index, [...sequences.values()], this.#interner);
		const found = new Map<string, Lines>();
		for (const [blob, { ids, finalNewline }] of sequences) {
			const exact = new Int32Array(ids.length);
			const loose = new Int32Array(ids.length);
			for (let i = 0; i < ids.length; i++) {
				const at = place.at[ids[i] ?? 0] ?? 0;
				exact[i] = place.lines.exact[at] ?? 0;
				loose[i] = place.lines.loose[at] ?? 0;
			}
			found.set(blob, { exact, loose, finalNewline });
		}
		return found;
	}

	/** An index has no text. */
	async text(): Promise<Map<string, Uint8Array>> {
		return new Map();
	}

	async fileFacts(files: readonly FileId[]): Promise<Map<string, FileFacts>> {
		const found = new Map<string, FileFacts>();
		for (const { blob } of files) {
			const facts = this.index.facts(blob);
			if (facts !== undefined) found.set(blob, facts);
		}
		return found;
	}

	/** An index has no headers but those of its profiles. */
	async headers(): Promise<Map<string, FileFacts>> {
		return new Map();
	}

	/** There is no text to ask for. */
	async factsOfTexts(): Promise<FileFacts[]> {
		return [];
	}

	/** Throws index-mismatch for a profile that the index was not built for. */
	async profiled(releases: readonly Release[], profile: Profile): Promise<LinkedTree[]> {
		return this.#ofReleases(releases, profile, this.index.trees(profile.id));
	}

	/** Says enough for all modules of the profile at once. Throws as {@link profiled}. */
	async kconfig(
		releases: readonly Release[],
		profile: Profile,
	): Promise<(readonly KconfigFacts[])[]> {
		return this.#ofReleases(releases, profile, this.index.kconfig(profile.id));
	}

	#ofReleases<T>(
		releases: readonly Release[],
		profile: Profile,
		all: readonly T[] | undefined,
	): T[] {
		return releases.map((release) => {
			const { name } = findRelease(this.releases, release.name);
			const found = all?.[this.releases.findIndex((one) => one.name === name)];
			if (found !== undefined) return found;
			throw new RangefinderError({
				code: 'index-mismatch',
				where: this.index.where,
				what: `it holds nothing of the profile ${profile.id} for ${name}`,
			});
		});
	}

	async answers(releases: readonly Release[], profile: Profile): Promise<RememberedAnswers> {
		const known = this.#known(profile);
		const places = releases.map(({ name }) => this.releases.findIndex((one) => one.name === name));
		const whole = releases.length === this.releases.length;
		return {
			trees: places.map((at) => known.trees[at] ?? new Map()),
			joint: whole ? known.joint : new Map(),
		};
	}

	/** An index is not written to; what was learned is kept as long as this source. */
	async remember(): Promise<void> {}

	/** All answers, those that were learned since the index was opened included. */
	storedAnswers(profile: Profile): IndexAnswers {
		const { trees, joint } = this.#known(profile);
		return { trees: trees.map(storeAnswers), joint: storeAnswers(joint) };
	}

	#known(profile: Profile): RememberedAnswers {
		let known = this.#answers.get(profile.id);
		if (known === undefined) {
			const stored = this.index.answers(profile.id);
			known = {
				trees: this.releases.map((_, i) => restoreAnswers(stored?.trees[i])),
				joint: restoreAnswers(stored?.joint),
			};
			this.#answers.set(profile.id, known);
		}
		return known;
	}

	async users(
		releases: readonly Release[],
		profile: Profile,
	): Promise<Map<string, ArchitectureUsers>[]> {
		const all = this.index.users(profile.id);
		return releases.map((release) => {
			const { name } = findRelease(this.releases, release.name);
			const found = all?.[this.releases.findIndex((one) => one.name === name)] ?? [];
			return new Map(found.map((one) => [one.boards.arch, one]));
		});
	}

	async close(): Promise<void> {}
}

/** Interns every line that occurs in the sequences once; `at` says where, by line number. */
function internedLines(
	index: IndexFile,
	sequences: readonly LineSequence[],
	interner: FingerprintInterner,
): { at: Int32Array; lines: Lines } {
	const at = new Int32Array(index.lineCount).fill(-1);
	const distinct: number[] = [];
	for (const { ids } of sequences) {
		for (const id of ids) if (at[id] === -1) at[id] = distinct.push(id) - 1;
	}
	const { loose, shape } = index.fingerprints(Int32Array.from(distinct));
	return { at, lines: interner.ofFingerprints({ loose, shape, finalNewline: true }) };
}
