/** Gathers what is asked for while a request is under way, or in the same moment, into the next one. */
import { setImmediate } from 'node:timers/promises';

/** Makes one request for all of the ids. */
export type MakeRequest = (oids: readonly string[]) => Promise<void>;

export class Gatherer {
	readonly #request: MakeRequest;
	#waiting = new Set<string>();
	/** The request that is still to be made. */
	#next: Promise<void> | undefined;
	/** The one before it. */
	#last: Promise<void> = Promise.resolve();

	constructor(request: MakeRequest) {
		this.#request = request;
	}

	/** Resolves when the request that these ids are part of has been made; rejects as it does. */
	ask(oids: readonly string[]): Promise<void> {
		if (oids.length === 0) return Promise.resolve();
		for (const oid of oids) this.#waiting.add(oid);
		if (this.#next === undefined) {
			const next = this.#last.then(() => this.#make());
			this.#next = next;
			// Its own callers are told what went wrong; those after it try for themselves.
			this.#last = next.catch(() => undefined);
		}
		return this.#next;
	}

	async #make(): Promise<void> {
		// Whoever asks in the same moment is part of it.
		await setImmediate();
		const oids = [...this.#waiting];
		this.#waiting = new Set();
		this.#next = undefined;
		await this.#request(oids);
	}
}
