/**
 * Lines of text as one value of the user's cache: deflated in frames, so that neither who writes them nor who
 * reads them holds the text of all.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters of text in a frame. */
const FRAME = 1 << 18;

/** Bytes of a value; what takes more is not kept. */
export const MOST_KEPT = 16 * 1024 * 1024;

/** Bytes that say how long a frame is. */
const LENGTH_BYTES = 4;

/** Takes lines one by one and makes a value of them. */
export class LineKeeper {
	readonly #most: number;
	readonly #frames: Buffer[] = [];
	#lines: string[] = [];
	#characters = 0;
	#bytes = 0;

	/** @param most bytes of the value */
	constructor(most = MOST_KEPT) {
		this.#most = most;
	}

	/** @param line without line feeds */
	add(line: string): void {
		if (this.#isFull) return;
		this.#lines.push(line);
		this.#characters += line.length + 1;
		if (this.#characters >= FRAME) this.#finish();
	}

	/** The value; undefined where it would be larger than is kept. */
	done(): Uint8Array | undefined {
		this.#finish();
		return this.#isFull ? undefined : Buffer.concat(this.#frames);
	}

	get #isFull(): boolean {
		return this.#bytes > this.#most;
	}

	#finish(): void {
		if (this.#lines.length === 0) return;
		// Written once and read often, but nobody shall wait for it: the lowest level takes most of it.
		const frame = deflateRawSync(this.#lines.join('\n'), { level: 1 });
		const length = Buffer.alloc(LENGTH_BYTES);
		length.writeUInt32LE(frame.length);
		this.#bytes += LENGTH_BYTES + frame.length;
		this.#lines = [];
		this.#characters = 0;
		if (this.#isFull) this.#frames.length = 0;
		else this.#frames.push(length, frame);
	}
}

/**
 * The lines of a value, a frame at a time.
 * @throws RangeError where it is none that {@link LineKeeper} made
 */
export function* keptLines(value: Uint8Array): Generator<string[], void> {
	const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	for (let at = 0; at < bytes.length; ) {
		const from = at + LENGTH_BYTES;
		const end = from + (from <= bytes.length ? bytes.readUInt32LE(at) : Number.NaN);
		if (!(end <= bytes.length)) throw new RangeError('a frame of lines is cut off');
		yield inflateRawSync(bytes.subarray(from, end)).toString().split('\n');
		at = end;
	}
}
