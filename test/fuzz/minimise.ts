/** Makes an input smaller as long as it still shows what it shows: delta debugging on lines, then on bytes. */

/**
 * The smallest input found for which `shows` is still true.
 * @param tries most inputs that are tried
 */
export async function minimised(
	input: Buffer,
	tries: number,
	shows: (input: Buffer) => boolean | Promise<boolean>,
): Promise<Buffer> {
	let left = tries;
	const reduce = async (parts: readonly Buffer[]): Promise<Buffer> => {
		let kept = parts;
		for (let size = Math.ceil(kept.length / 2); size >= 1 && left > 0; ) {
			let smaller = false;
			for (let at = 0; at < kept.length && left > 0; ) {
				const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
				left--;
				if (rest.length < kept.length && (await shows(Buffer.concat(rest)))) {
					kept = rest;
					smaller = true;
				} else at += size;
			}
			if (!smaller) size = size === 1 ? 0 : Math.ceil(size / 2);
		}
		return Buffer.concat(kept);
	};
	const byLines = await reduce(linesOf(input));
	return reduce(Array.from(byLines, (byte) => Buffer.of(byte)));
}

function linesOf(input: Buffer): Buffer[] {
	const lines: Buffer[] = [];
	for (let at = 0; at < input.length; ) {
		const end = input.indexOf(10, at);
		const to = end < 0 ? input.length : end + 1;
		lines.push(input.subarray(at, to));
		at = to;
	}
	return lines;
}
