/** Many pieces of bytes as one: handing them to a thread one by one costs more than reading some of them does. */

export interface Joined {
	bytes: Uint8Array<ArrayBuffer>;
	/** Where each piece ends. */
	ends: readonly number[];
}

export function joined(pieces: readonly Uint8Array[]): Joined {
	const ends: number[] = [];
	let length = 0;
	for (const piece of pieces) {
		length += piece.length;
		ends.push(length);
	}
	const bytes = new Uint8Array(length);
	for (const [i, piece] of pieces.entries()) bytes.set(piece, ends[i - 1] ?? 0);
	return { bytes, ends };
}

/** The pieces again; views of the bytes. */
export function partsOf({ bytes, ends }: Joined): Uint8Array[] {
	return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}
