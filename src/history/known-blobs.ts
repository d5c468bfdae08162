/**
 * What blobs say to a profile, each read once: facts of sources, entries of Makefiles, whether a file is one of
 * the callers. Facts are held within bounds; what fell out is asked for again.
 */
import { LRUCache } from 'lru-cache';
import type { FileFacts } from '../driver/facts.ts';
import type { Profile, SourceFile } from '../driver/profile.ts';
import type { ReadAs } from '../driver/profile-reads.ts';
import { type MakefileFacts, parseMakefile } from '../kernel/makefile.ts';

/** A version of a file. */
export interface FileVersion {
	readonly path: string;
	readonly blob: string;
}

/** Where facts and text come from; what is not in a map is not there (a blob that the clone lacks). */
export interface BlobSource {
	/** Facts by blob id, of sources. Versions of one path in one call share what they have in common. */
	facts(files: readonly FileVersion[]): Promise<Map<string, FileFacts>>;
	/** Contents by blob id. */
	texts(blobs: readonly string[]): Promise<Map<string, Uint8Array>>;
}

/** A version of a file and as what it is read. */
export interface WantedFile extends FileVersion {
	readonly as: ReadAs;
}

/** Single facts (calls, functions, …) that are held beyond those of the present tree; about 100 bytes each. */
const MOST_FACTS = 1_000_000;

/** Counts as one fact that is not there. */
const MISSING = Symbol('missing');

export class KnownBlobs {
	readonly #source: BlobSource;
	readonly #see: ((file: SourceFile) => void) | undefined;
	readonly #callersMention: RegExp;
	readonly #facts = new LRUCache<string, FileFacts | typeof MISSING>({
		maxSize: MOST_FACTS,
		sizeCalculation: (facts) =>
			facts === MISSING
				? 1
				: 1 + facts.calls.length + facts.functions.length + facts.symbols.length,
	});
	readonly #makefiles = new Map<string, MakefileFacts>();
	readonly #callers = new Map<string, boolean>();
	readonly #unread = new Set<string>();

	/** @param see is shown every version of a source that is read, before anybody else gets it */
	constructor(source: BlobSource, profile: Profile, see?: (file: SourceFile) => void) {
		this.#source = source;
		this.#see = see;
		this.#callersMention = profile.callersMention;
	}

	/** How many blobs were asked for and are not there. */
	get unread(): number {
		return this.#unread.size;
	}

	/** The facts of a source; null when its blob is missing, undefined when it has to be loaded. */
	facts(blob: string): FileFacts | null | undefined {
		const facts = this.#facts.get(blob);
		return facts === MISSING ? null : facts;
	}

	/** The entries of a Makefile that was loaded; a missing one has none. */
	makefile(blob: string): MakefileFacts | undefined {
		return this.#makefiles.get(blob);
	}

	/** Whether what is read of this file is at hand. */
	has({ blob, as }: WantedFile): boolean {
		if (as === 'makefile') return this.#makefiles.has(blob);
		if (as === 'caller') {
			const caller = this.#callers.get(blob);
			if (caller !== true) return caller === false;
		}
		return this.#facts.has(blob);
	}

	/** Whether a file below the profile's folders of callers is one; false for a missing blob. */
	isCaller(blob: string): boolean {
		return this.#callers.get(blob) === true;
	}

	/** Reads what is not known of some files. */
	async load(files: readonly WantedFile[]): Promise<void> {
		const texts = new Map<string, ReadAs>();
		for (const { blob, as } of files) {
			const known =
				as === 'makefile' ? this.#makefiles.has(blob) : as !== 'caller' || this.#callers.has(blob);
			if (!known) texts.set(blob, as);
		}
		if (texts.size > 0) {
			const found = await this.#source.texts([...texts.keys()]);
			for (const [blob, as] of texts) {
				if (!found.has(blob)) this.#unread.add(blob);
				const text = Buffer.from(found.get(blob) ?? []).toString('latin1');
				if (as === 'makefile') this.#makefiles.set(blob, parseMakefile(text));
				else this.#callers.set(blob, this.#callersMention.test(text));
			}
		}
		const sources = files.filter(
			({ blob, as }) =>
				as !== 'makefile' && (as !== 'caller' || this.isCaller(blob)) && !this.#facts.has(blob),
		);
		if (sources.length === 0) return;
		const facts = await this.#source.facts(sources);
		for (const { path, blob } of sources) {
			const known = facts.get(blob);
			if (known === undefined) this.#unread.add(blob);
			else this.#see?.({ path, blob, facts: known });
			this.#facts.set(blob, known ?? MISSING);
		}
	}
}
