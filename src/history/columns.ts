/** Typed arrays that grow, and bytes of ids: what the compact tables of this room are made of. */

/** A growing column of numbers. */
export class Column<T extends Uint8Array | Uint32Array> {
	#room: T;
	length = 0;

	/** @param room an array of the wanted type, with the room there is at first */
	constructor(room: T) {
		this.#room = room;
	}

	push(value: number): void {
		this.#reserve(1);
		this.#room[this.length++] = value;
	}

	append(values: T): void {
		this.#reserve(values.length);
		this.#room.set(values, this.length);
		this.length += values.length;
	}

	/** What was pushed, in an array of its own. */
	done(): T {
		return this.#room.slice(0, this.length) as T;
	}

	#reserve(count: number): void {
		const wanted = this.length + count;
		if (wanted <= this.#room.length) return;
		const make = this.#room.constructor as new (length: number) => T;
		const grown = new make(Math.max(this.#room.length * 2, wanted));
		grown.set(this.#room);
		this.#room = grown;
	}
}

/** A 32-bit hash of text for finding candidates: what it finds has to be compared. Never 0, which is for none. */
export function textHash(text: string): number {
	let hash = 0x811c9dc5 | 0;
	let space = true;
	// Runs of white space are one: lines are wrapped and joined in more than one way.
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === 32 || (code >= 9 && code <= 13)) {
			space = true;
			continue;
		}
		if (space) {
			hash = Math.imul(hash ^ 32, 0x01000193);
			space = false;
		}
		hash = Math.imul(hash ^ code, 0x01000193);
	}
	return hash >>> 0 || 1;
}

/** The hash of a text that is not byte by byte yet, as git's output is read here. */
export function hashOf(text: string): number {
	return textHash(Buffer.from(text).toString('latin1'));
}
