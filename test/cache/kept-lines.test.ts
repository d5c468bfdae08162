import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { keptLines, LineKeeper } from '../../cache/kept-lines.ts';

function keep(lines: readonly string[], most?: number): Uint8Array | undefined {
	const keeper = new LineKeeper(most);
	for (const line of lines) keeper.add(line);
	return keeper.done();
}

const read = (value: Uint8Array): string[] => [...keptLines(value)].flat();

describe('lines in the cache', () => {
	it('come back as they were', () => {
		const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' '));
		fc.assert(
			fc.property(fc.array(line, { minLength: 1 }), (lines) => {
				assert.deepEqual(read(keep(lines) ?? Buffer.of()), lines);
			}),
		);
	});

	it('come back a frame at a time where there are many', () => {
		const lines = Array.from({ length: 9 }, (_, i) => `${i}`.repeat(100_000));
		const value = keep(lines) ?? Buffer.of();
		assert.equal([...keptLines(value)].length, 3);
		assert.deepEqual(read(value), lines);
	});

	it('are not kept where they take more room than a value may', () => {
		const lines = Array.from({ length: 1000 }, (_, i) => `${i * 7919}`);
		const size = keep(lines)?.length ?? 0;
		assert.ok(size > 1000);
		assert.equal(keep(lines, size - 1), undefined);
		assert.equal(keep(lines, size)?.length, size);
	});

	it('are refused where a frame is cut off', () => {
		const value = keep(['one', 'two']) ?? Buffer.of();
		for (let end = 1; end < value.length; end++) {
			assert.throws(() => read(value.subarray(0, end)), /cut off/);
		}
	});
});
