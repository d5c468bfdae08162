/**
 * Facts of sources by blob id: from the release index, from the user's cache, and from parsing, in threads where
 * there are many; what was parsed goes into the cache as it comes.
 */
import { setImmediate } from 'node:timers/promises';
import type { FileFacts } from '../src/driver/facts.ts';
import type { FactsPool } from '../src/driver/facts-pool.ts';
import { defaultInterest, type Interest } from '../src/driver/interest.ts';
import type { CloneSourceOptions, KnownFacts } from './clone-source.ts';
import { kindOf, type Remembered } from './remembered.ts';
import type { FileId } from './source.ts';

/** Facts that are written to the cache in one go. */
const KEPT_TOGETHER = 256;

/** From how many sources on threads are worth their start. */
const WORTH_THREADS = 64;

const decoder = new TextDecoder();

/** Contents by id, of those that are there. */
export type ReadBlobs = (blobs: readonly string[]) => Promise<Map<string, Uint8Array>>;

export class FactsReader {
	readonly #options: Pick<CloneSourceOptions, 'store' | 'extractor' | 'pool' | 'progress'>;
	readonly #remembered: Remembered;
	readonly #known: () => Promise<KnownFacts | undefined>;
	#pool: Promise<FactsPool | undefined> | undefined;

	constructor(
		options: Pick<CloneSourceOptions, 'store' | 'extractor' | 'pool' | 'progress'>,
		remembered: Remembered,
		known: () => Promise<KnownFacts | undefined>,
	) {
		this.#options = options;
		this.#remembered = remembered;
		this.#known = known;
	}

	/**
	 * Facts by blob id.
	 * @param read gives contents; whose contents it leaves out has no facts
	 * @param want what is recorded
	 * @param callerWorks whether there is other work for this thread while others read
	 */
	async facts(
		files: readonly FileId[],
		read: ReadBlobs,
		want: Interest = defaultInterest,
		callerWorks = false,
	): Promise<Map<string, FileFacts>> {
		// The facts of the index are those of the default interest.
		const known = want.id === defaultInterest.id ? await this.#known() : undefined;
		const kind = kindOf(want);
		const found = new Map<string, FileFacts>();
		const unknown = new Set<string>();
		for (const file of files) {
			if (found.has(file.blob)) continue;
			const facts = known?.byBlob(file);
			if (facts === undefined) unknown.add(file.blob);
			else found.set(file.blob, facts);
		}
		for (const [blob, facts] of await this.#remembered.recall<FileFacts>(kind, [...unknown])) {
			found.set(blob, facts);
			unknown.delete(blob);
		}
		if (unknown.size === 0) return found;
		const { progress, store } = this.#options;
		await store.partial?.fetch([...unknown]);
		progress?.start('reading sources', unknown.size);
		const byVersion = groups(files.filter(({ blob }) => unknown.has(blob)));
		// Kept as they come: who interrupts a long run has what was read until then.
		let fresh = new Map<string, Uint8Array>();
		let kept = Promise.resolve();
		const keep = (): void => {
			const values = fresh;
			fresh = new Map();
			kept = kept.then(() => this.#remembered.keepBytes(kind, values));
		};
		const add = (blob: string, json: Uint8Array): void => {
			found.set(blob, JSON.parse(decoder.decode(json)));
			fresh.set(blob, json);
			if (fresh.size >= KEPT_TOGETHER) keep();
			progress?.step();
		};
		const few = unknown.size < WORTH_THREADS && this.#pool === undefined;
		const pool = few ? undefined : await this.#openPool(callerWorks);
		try {
			if (pool === undefined) await this.#extractHere(byVersion, read, want, add);
			else await this.#extractIn(pool, byVersion, read, want, add);
		} finally {
			progress?.end();
			keep();
			await kept;
		}
		return found;
	}

	#openPool(callerWorks: boolean): Promise<FactsPool | undefined> {
		this.#pool ??= this.#options.pool?.(callerWorks) ?? Promise.resolve(undefined);
		return this.#pool;
	}

	/** Starts the threads, where many sources are about to be asked for while this one works. */
	prepare(): void {
		this.#openPool(true).catch(() => undefined);
	}

	/**
	 * Facts of texts as bytes of JSON, in order, by threads that are there already: they remember what the texts share
	 * with what they read. Undefined where there are none.
	 * @param paths names the file that each is a version of
	 */
	async texts(
		texts: readonly Uint8Array[],
		paths: readonly string[],
		want: Interest,
	): Promise<Uint8Array[] | undefined> {
		const pool = await this.#pool;
		if (pool === undefined) return undefined;
		const all = await Promise.all(
			texts.map((text, i) => pool.extract([text], want.id, paths[i] ?? '')),
		);
		return all.flat();
	}

	/** Ends the threads, if there are any. */
	async rest(): Promise<void> {
		const pool = this.#pool;
		this.#pool = undefined;
		await (await pool)?.close();
	}

	async #extractHere(
		groups: readonly Versions[],
		read: ReadBlobs,
		want: Interest,
		add: (blob: string, json: Uint8Array) => void,
	): Promise<void> {
		const extractor = await this.#options.extractor();
		for (const { blobs } of groups) {
			for (const [blob, bytes] of await read(blobs)) {
				add(blob, Buffer.from(JSON.stringify(extractor.extract(bytes, want))));
			}
			// Parsing does not wait for anything; without this nobody could interrupt it.
			await setImmediate();
		}
	}

	async #extractIn(
		pool: FactsPool,
		groups: readonly Versions[],
		read: ReadBlobs,
		want: Interest,
		add: (blob: string, json: Uint8Array) => void,
	): Promise<void> {
		await Promise.all(
			groups.map(async ({ path, blobs }) => {
				const texts = [...(await read(blobs))];
				const all = await pool.extract(
					texts.map(([, text]) => text),
					want.id,
					path,
				);
				for (const [i, json] of all.entries()) add(texts[i]?.[0] ?? '', json);
			}),
		);
	}
}

/** Versions of one file. */
interface Versions {
	readonly path: string;
	readonly blobs: readonly string[];
}

/** Blobs by path, those of the path with most versions first: what versions share is read once. */
function groups(files: readonly FileId[]): Versions[] {
	const byPath = new Map<string, string[]>();
	const seen = new Set<string>();
	for (const { path, blob } of files) {
		if (seen.has(blob)) continue;
		seen.add(blob);
		const known = byPath.get(path);
		if (known === undefined) byPath.set(path, [blob]);
		else known.push(blob);
	}
	return [...byPath]
		.map(([path, blobs]) => ({ path, blobs }))
		.sort((a, b) => b.blobs.length - a.blobs.length);
}
