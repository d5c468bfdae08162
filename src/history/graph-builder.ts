/** Makes the columns of a commit graph from what `git rev-list --reverse --parents --timestamp` prints. */
import type { GraphColumns } from './graph.ts';

/** Commits that there is room for at first. */
const FIRST_ROOM = 1 << 14;

const NEWLINE = 10;
const SPACE = 32;

export class GraphBuilder {
	readonly #idBytes: number;
	#size = 0;
	#ids: Uint8Array;
	#dates = new Uint32Array(FIRST_ROOM);
	#first = new Int32Array(FIRST_ROOM);
	#second = new Int32Array(FIRST_ROOM);
	readonly #extra: number[][] = [];
	#table = new Int32Array(FIRST_ROOM * 2).fill(-1);
	/** A line whose end has not come yet. */
	#rest: Buffer = Buffer.alloc(0);
	readonly #id: Uint8Array;

	/** @param idBytes bytes of a commit id */
	constructor(idBytes: number) {
		this.#idBytes = idBytes;
		this.#ids = new Uint8Array(FIRST_ROOM * idBytes);
		this.#id = new Uint8Array(idBytes);
	}

	/** Takes more of the output: lines `date id parent…`, parents before children. */
	add(chunk: Buffer): void {
		const text = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		let start = 0;
		for (;;) {
			const end = text.indexOf(NEWLINE, start);
			if (end < 0) break;
			this.#line(text, start, end);
			start = end + 1;
		}
		this.#rest = Buffer.from(text.subarray(start));
	}

	/** What was read; nothing may be added afterwards. */
	columns(): GraphColumns {
		const size = this.#size;
		return {
			size,
			idBytes: this.#idBytes,
			ids: this.#ids.slice(0, size * this.#idBytes),
			dates: this.#dates.slice(0, size),
			first: this.#first.slice(0, size),
			second: this.#second.slice(0, size),
			extra: this.#extra,
			table: this.#table,
		};
	}

	#line(text: Buffer, start: number, end: number): void {
		let at = start;
		let date = 0;
		for (; at < end && text[at] !== SPACE; at++) date = date * 10 + ((text[at] ?? 48) - 48);
		const width = this.#idBytes * 2;
		const commit = this.#size++;
		if (commit === this.#dates.length) this.#grow();
		// A date before 1970 or after 2106 is nobody's; git itself clamps what it cannot hold.
		this.#dates[commit] = Math.min(Math.max(date, 0), 0xffff_ffff);
		at++;
		this.#readId(text, at);
		this.#ids.set(this.#id, commit * this.#idBytes);
		this.#insert(commit);
		this.#first[commit] = -1;
		this.#second[commit] = -1;
		let others: number[] | undefined;
		let count = 0;
		for (at += width + 1; at + width <= end; at += width + 1) {
			this.#readId(text, at);
			const parent = this.#find();
			if (parent < 0) continue;
			if (count === 0) this.#first[commit] = parent;
			else if (count === 1) this.#second[commit] = parent;
			else {
				others ??= [this.#second[commit] ?? -1];
				others.push(parent);
			}
			count++;
		}
		if (others === undefined) return;
		this.#second[commit] = -2 - this.#extra.length;
		this.#extra.push(others);
	}

	#readId(text: Buffer, from: number): void {
		for (let i = 0, at = from; i < this.#idBytes; i++, at += 2) {
			this.#id[i] = (digit(text[at] ?? 0) << 4) | digit(text[at + 1] ?? 0);
		}
	}

	/** The slot at which the search for the present id starts. */
	#slot(): number {
		const id = this.#id;
		const hash = (id[0] ?? 0) | ((id[1] ?? 0) << 8) | ((id[2] ?? 0) << 16) | ((id[3] ?? 0) << 24);
		return hash & (this.#table.length - 1);
	}

	#insert(commit: number): void {
		const mask = this.#table.length - 1;
		let slot = this.#slot();
		while ((this.#table[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
		this.#table[slot] = commit;
	}

	#find(): number {
		const mask = this.#table.length - 1;
		const bytes = this.#idBytes;
		for (let slot = this.#slot(); ; slot = (slot + 1) & mask) {
			const commit = this.#table[slot] ?? -1;
			if (commit < 0) return -1;
			let i = 0;
			while (i < bytes && this.#ids[commit * bytes + i] === this.#id[i]) i++;
			if (i === bytes) return commit;
		}
	}

	#grow(): void {
		const room = this.#dates.length * 2;
		const grown = <T extends Uint8Array | Uint32Array | Int32Array>(into: T, from: T): T => {
			into.set(from);
			return into;
		};
		this.#dates = grown(new Uint32Array(room), this.#dates);
		this.#first = grown(new Int32Array(room), this.#first);
		this.#second = grown(new Int32Array(room), this.#second);
		this.#ids = grown(new Uint8Array(room * this.#idBytes), this.#ids);
		this.#table = new Int32Array(room * 2).fill(-1);
		const bytes = this.#idBytes;
		for (let commit = 0; commit < this.#size - 1; commit++) {
			this.#id.set(this.#ids.subarray(commit * bytes, (commit + 1) * bytes));
			this.#insert(commit);
		}
	}
}

/** The value of a hexadecimal digit, lower case as git prints it. */
function digit(code: number): number {
	return code <= 57 ? code - 48 : code - 87;
}
