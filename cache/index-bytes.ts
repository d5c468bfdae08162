/**
 * Bytes of the release index: numbers of any length (7 bits a byte) and strings, written and read
 * back. Reading past the end throws RangeError, which the reader turns into index-unreadable.
 */

const TWO_31 = 0x8000_0000;

/** Small numbers for small differences, negative ones included. */
export function zigzag(value: number): number {
	return value < 0 ? -value * 2 - 1 : value * 2;
}

/** The difference that {@link zigzag} made. */
export function unzigzag(value: number): number {
	return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** Bytes that grow. */
export class ByteWriter {
	#bytes = new Uint8Array(1024);
	#length = 0;

	get length(): number {
		return this.#length;
	}

	/** A number from 0 to 2^53 - 1, in 1 to 8 bytes. */
	varint(value: number): void {
		this.#room(8);
		let rest = value;
		while (rest >= 128) {
			this.#bytes[this.#length++] = (rest % 128) | 128;
			rest = Math.floor(rest / 128);
		}
		this.#bytes[this.#length++] = rest;
	}

	/** A number below 2^32 in four bytes, least significant first. */
	uint32(value: number): void {
		this.#room(4);
		for (let shift = 0; shift < 32; shift += 8) {
			this.#bytes[this.#length++] = (value >>> shift) & 0xff;
		}
	}

	/** Its length in bytes, then UTF-8. */
	string(text: string): void {
		const bytes = Buffer.from(text);
		this.varint(bytes.length);
		this.bytes(bytes);
	}

	bytes(bytes: Uint8Array): void {
		this.#room(bytes.length);
		this.#bytes.set(bytes, this.#length);
		this.#length += bytes.length;
	}

	/** What was written so far; later writes do not show in it. */
	done(): Uint8Array {
		return this.#bytes.slice(0, this.#length);
	}

	#room(wanted: number): void {
		if (this.#length + wanted <= this.#bytes.length) return;
		const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + wanted));
		larger.set(this.#bytes.subarray(0, this.#length));
		this.#bytes = larger;
	}
}

/** Reads what a {@link ByteWriter} wrote, in the same order. */
export class ByteReader {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get left(): number {
		return this.#bytes.length - this.#at;
	}

	varint(): number {
		const first = this.#bytes[this.#at++];
		if (first === undefined) throw new RangeError('the data ends early');
		if (first < 128) return first;
		let value = first & 127;
		let scale = 128;
		for (;;) {
			const byte = this.#bytes[this.#at++];
			if (byte === undefined) throw new RangeError('the data ends early');
			value += (byte & 127) * scale;
			if (byte < 128) return value;
			scale *= 128;
			if (scale > TWO_31 * TWO_31) throw new RangeError('a number is too long');
		}
	}

	/** A number of things still to come, each of at least one byte. */
	count(): number {
		const value = this.varint();
		if (value > this.left) throw new RangeError('the data ends early');
		return value;
	}

	uint32(): number {
		const [a = 0, b = 0, c = 0, d = 0] = this.bytes(4);
		return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
	}

	string(): string {
		return Buffer.from(this.bytes(this.varint())).toString();
	}

	/** The next bytes, as a view. */
	bytes(length: number): Uint8Array {
		if (length > this.left) throw new RangeError('the data ends early');
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}
}
