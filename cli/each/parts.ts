/** Cuts a stream of bytes at every mark. */

export interface Part {
	readonly bytes: Buffer;
	/** False for what is left at the end, behind the last mark. */
	readonly ended: boolean;
}

/**
 * The parts, as they come, without their marks.
 * @param longest bytes of a part; a longer one is `refused`, which throws
 */
export async function* partsOf(
	chunks: AsyncIterable<string | Uint8Array>,
	mark: number,
	longest: number,
	refused: () => Error,
): AsyncGenerator<Part> {
	let pieces: Buffer[] = [];
	let size = 0;
	for await (const chunk of chunks) {
		const data = Buffer.from(chunk);
		let start = 0;
		for (let at = data.indexOf(mark); at >= 0; at = data.indexOf(mark, start)) {
			yield { bytes: Buffer.concat([...pieces, data.subarray(start, at)]), ended: true };
			pieces = [];
			size = 0;
			start = at + 1;
		}
		pieces.push(data.subarray(start));
		size += data.length - start;
		if (size > longest) throw refused();
	}
	if (size > 0) yield { bytes: Buffer.concat(pieces), ended: false };
}
