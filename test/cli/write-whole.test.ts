/** Files are there whole or not at all. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { writeWhole } from '../../cli/write-whole.ts';
import { failsWith } from '../git/conformance.ts';

describe('a file that is written', () => {
	let folder = '';
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-whole-'));
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	it('is replaced in one step, with what a death left beside it', async () => {
		const path = join(folder, 'kernels.rfx');
		writeFileSync(path, 'old');
		writeFileSync(`${path}.partial`, 'a longer text of somebody who died');
		await writeWhole(path, Buffer.from('new'));
		assert.equal(readFileSync(path, 'utf8'), 'new');
		assert.deepEqual(readdirSync(folder), ['kernels.rfx']);
	});

	it('is said to be unwritable where it is', async () => {
		const where = join(folder, 'nowhere', 'kernels.rfx');
		await assert.rejects(writeWhole(where, Buffer.from('x')), failsWith('output-unwritable'));
		await assert.rejects(writeWhole(folder, Buffer.from('x')), failsWith('output-unwritable'));
		assert.deepEqual(readdirSync(folder), []);
	});
});
