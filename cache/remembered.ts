/** Values of ours in the user's cache, as JSON, by kind and key. The cache is opened when it is first needed. */
import type { Interest } from '../src/driver/interest.ts';
import type { FactsCache } from './facts-cache.ts';

/** Kinds of entries; facts of blobs have none for the default interest, and its id for another. */
export type Kind =
	| ''
	| 'generic:'
	| 'macros:'
	| 'root:'
	| 'tree:'
	| 'kconfig:'
	| 'answers:'
	| 'ways:'
	| 'sweep:'
	| 'users:';

/** Under which kind facts of an interest are kept. */
export function kindOf({ id }: Interest): Kind {
	return id === '' ? '' : 'generic:';
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Remembered {
	readonly #open: () => Promise<FactsCache>;
	#opened: Promise<FactsCache> | undefined;

	constructor(open: () => Promise<FactsCache>) {
		this.#open = open;
	}

	/** Whether the cache is open: what takes less than opening it is only kept where it is. */
	get isOpen(): boolean {
		return this.#opened !== undefined;
	}

	/** The values that are kept; the other keys are absent. */
	async recall<T>(kind: Kind, keys: readonly string[]): Promise<Map<string, T>> {
		const found = new Map<string, T>();
		if (keys.length === 0) return found;
		const cache = await this.#cache();
		for (const [key, bytes] of cache.getMany(keys.map((one) => `${kind}${one}`))) {
			const value = fromJson<T>(bytes);
			if (value !== undefined) found.set(key.slice(kind.length), value);
		}
		return found;
	}

	/** Keeps values; resolves when they are written, or could not be. */
	async keep(kind: Kind, values: ReadonlyMap<string, unknown>): Promise<void> {
		await this.keepBytes(kind, new Map([...values].map(([key, value]) => [key, toJson(value)])));
	}

	/** The same for values that are JSON already. */
	async keepBytes(kind: Kind, values: ReadonlyMap<string, Uint8Array>): Promise<void> {
		if (values.size === 0) return;
		const entries = [...values].map(([key, bytes]) => [`${kind}${key}`, bytes] as const);
		await (await this.#cache()).putMany(entries);
	}

	async close(): Promise<void> {
		await (await this.#opened)?.close();
	}

	#cache(): Promise<FactsCache> {
		this.#opened ??= this.#open();
		return this.#opened;
	}
}

function toJson(value: unknown): Uint8Array {
	return encoder.encode(JSON.stringify(value));
}

/** Our own JSON back; a value that does not parse is as good as absent. */
function fromJson<T>(bytes: Uint8Array): T | undefined {
	try {
		return JSON.parse(decoder.decode(bytes));
	} catch {
		return undefined;
	}
}
