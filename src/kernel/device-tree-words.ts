/**
 * The names and strings of device trees as numbers: releases say the same few thousand again and again, and a
 * number is found from bytes without a string being made.
 */

/** How many places a word is looked for at before it is left to a Map: bytes may be chosen to collide. */
const MOST_PROBES = 16;
/** Slots to begin with; a power of two. */
const SLOTS = 1 << 12;

export class Words {
	readonly #texts: string[] = [];
	/** One more than the number of the word that is there; 0 where there is none. Half of them stay free. */
	#slots = new Int32Array(SLOTS);
	/** Words for which no slot was free where they belong. */
	readonly #others = new Map<string, number>();

	/** How many there are. */
	get size(): number {
		return this.#texts.length;
	}

	/** The number of a text. */
	of(text: string): number {
		let hash = FIRST;
		for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i));
		for (let probe = 0; probe < MOST_PROBES; probe++) {
			const slot = this.#slot(hash, probe);
			const id = (this.#slots[slot] ?? 0) - 1;
			if (id < 0) return this.#add(text, slot);
			if (this.#texts[id] === text) return id;
		}
		return this.#others.get(text) ?? this.#add(text, -1);
	}

	/** The number of the text that bytes are in Latin-1. */
	at(bytes: Buffer, from: number, to: number): number {
		let hash = FIRST;
		for (let i = from; i < to; i++) hash = mixed(hash, bytes[i] ?? 0);
		for (let probe = 0; probe < MOST_PROBES; probe++) {
			const slot = this.#slot(hash, probe);
			const id = (this.#slots[slot] ?? 0) - 1;
			if (id < 0) return this.#add(bytes.toString('latin1', from, to), slot);
			if (this.#isAt(id, bytes, from, to)) return id;
		}
		const text = bytes.toString('latin1', from, to);
		return this.#others.get(text) ?? this.#add(text, -1);
	}

	/** The text of a number. */
	text(id: number): string {
		return this.#texts[id] ?? '';
	}

	#slot(hash: number, probe: number): number {
		return ((hash ^ (hash >>> 15)) + probe) & (this.#slots.length - 1);
	}

	#isAt(id: number, bytes: Buffer, from: number, to: number): boolean {
		const text = this.#texts[id] ?? '';
		if (text.length !== to - from) return false;
		for (let i = 0; i < text.length; i++) {
			if (text.charCodeAt(i) !== bytes[from + i]) return false;
		}
		return true;
	}

	#add(text: string, slot: number): number {
		const id = this.#texts.push(text) - 1;
		if (slot < 0) this.#others.set(text, id);
		else this.#slots[slot] = id + 1;
		if (2 * this.#texts.length > this.#slots.length) this.#grow();
		return id;
	}

	#grow(): void {
		this.#slots = new Int32Array(2 * this.#slots.length);
		this.#others.clear();
		for (const [id, text] of this.#texts.entries()) this.#place(text, id);
	}

	#place(text: string, id: number): void {
		let hash = FIRST;
		for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i));
		for (let probe = 0; probe < MOST_PROBES; probe++) {
			const slot = this.#slot(hash, probe);
			if (this.#slots[slot] !== 0) continue;
			this.#slots[slot] = id + 1;
			return;
		}
		this.#others.set(text, id);
	}
}

/** The numbers of FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/. */
const FIRST = 0x811c9dc5 | 0;
const PRIME = 16777619;

function mixed(hash: number, byte: number): number {
	return Math.imul(hash ^ byte, PRIME);
}
