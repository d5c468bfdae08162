import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { namesOn } from '../../../cli/each/names.ts';

async function names(chunks: readonly (string | Uint8Array)[], nul: boolean): Promise<string[]> {
	const found: string[] = [];
	for await (const name of namesOn(Readable.from(chunks), nul)) found.push(name);
	return found;
}

describe('names on standard input', () => {
	it('are a line each, with or without a carriage return, and empty ones are none', async () => {
		assert.deepEqual(await names(['a\nb c\r\n\n\r\nlast'], false), ['a', 'b c', 'last']);
		assert.deepEqual(await names([], false), []);
	});

	it('have NUL between, and then line ends in them', async () => {
		assert.deepEqual(await names(['a\nb\r\0\0c'], true), ['a\nb\r', 'c']);
	});

	it('are the same however they are cut into chunks', async () => {
		const name = fc.stringMatching(/^[^\0]+$/);
		await fc.assert(
			fc.asyncProperty(fc.array(name), fc.array(fc.nat(200)), async (wanted, cuts) => {
				const bytes = Buffer.from(wanted.map((one) => `${one}\0`).join(''));
				const chunks: Buffer[] = [];
				let at = 0;
				for (const cut of [...cuts].sort((a, b) => a - b)) {
					chunks.push(bytes.subarray(at, cut));
					at = Math.min(cut, bytes.length);
				}
				const read = await names([...chunks, bytes.subarray(at)], true);
				assert.deepEqual(
					read,
					wanted.map((one) => Buffer.from(one).toString()),
				);
			}),
		);
	});

	it('are refused where one has no end', async () => {
		await assert.rejects(
			names(['x'.repeat(40_000), 'x'.repeat(40_000)], false),
			/no list of names/,
		);
	});
});
