/** What was found so far, slice by slice, in a file of JSON lines that every slice is added to. */
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import type { Outcome } from './part.ts';

interface Line extends Outcome {
	part: string;
	id: string;
}

export class Records {
	readonly #path: string;
	readonly #known = new Map<string, Outcome>();

	/** Reads what is there; a last line that a kill cut off is dropped. */
	constructor(path: string) {
		this.#path = path;
		if (!existsSync(path)) return;
		const bytes = readFileSync(path);
		const whole = bytes.lastIndexOf(10) + 1;
		if (whole < bytes.length) truncateSync(path, whole);
		for (const line of bytes.toString('utf8', 0, whole).split('\n').filter(Boolean)) {
			const { part, id, ...outcome } = JSON.parse(line) as Line;
			this.#known.set(keyOf(part, id), outcome);
		}
	}

	/** What a slice came to; undefined where it is not known yet. */
	get(part: string, id: string): Outcome | undefined {
		return this.#known.get(keyOf(part, id));
	}

	add(part: string, id: string, { compared, agree, explained, open, kinds }: Outcome): void {
		const outcome = { compared, agree, explained, open, kinds };
		appendFileSync(this.#path, `${JSON.stringify({ part, id, ...outcome })}\n`);
		this.#known.set(keyOf(part, id), outcome);
	}
}

function keyOf(part: string, id: string): string {
	return `${part}\0${id}`;
}
