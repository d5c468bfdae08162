/** Lines printed together: in order, none twice, none left. */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { LinePrinter } from '../../cli/line-printer.ts';

describe('lines that come one by one', () => {
	it('are printed in one write a turn', async () => {
		const writes: string[][] = [];
		const printer = new LinePrinter((lines) => writes.push([...lines]));
		printer.add(['a']);
		printer.add([]);
		printer.add(['b', 'c']);
		assert.deepEqual(writes, []);
		await setImmediate();
		assert.deepEqual(writes, [['a', 'b', 'c']]);
		printer.add(['d']);
		printer.flush();
		await setImmediate();
		assert.deepEqual(writes, [['a', 'b', 'c'], ['d']]);
	});

	it('are not held when they are much', () => {
		const writes: number[] = [];
		const printer = new LinePrinter((lines) => writes.push(lines.length));
		for (let i = 0; i < 100; i++) printer.add(['x'.repeat(1000)]);
		assert.deepEqual(writes, [66]);
		printer.flush();
		assert.deepEqual(writes, [66, 34]);
	});

	it('make no write where there are none', async () => {
		const printer = new LinePrinter(() => assert.fail('nothing to print'));
		printer.add([]);
		printer.flush();
		await setImmediate();
	});
});
