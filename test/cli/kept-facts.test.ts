/** Facts that the built program keeps: lmdb is part of it, and finds its machine code from there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import { after, before, describe, it } from 'mocha';
import { makeMiniatureKernel } from '../kernel/miniature.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

describe('facts of a clone', () => {
	let folder = '';
	before(function () {
		if (!existsSync(MAIN)) this.skip();
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-kept-facts-'));
	});
	after(() => {
		if (folder !== '') rmSync(folder, { recursive: true, force: true });
	});

	it('are in the cache folder after a run of the built program', async () => {
		const { dir } = await makeMiniatureKernel(join(folder, 'linux'));
		const env = { PATH: process.env.PATH, HOME: folder, RANGEFINDER_CACHE: join(folder, 'cache') };
		const words = ['styles', '--repo', dir, '--json'];
		const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], { env });
		assert.equal(status, 0, stderr.toString());
		const db = open({
			path: join(folder, 'cache/facts.mdb'),
			keyEncoding: 'binary',
			readOnly: true,
		});
		try {
			assert.ok(db.getKeysCount() > 1);
		} finally {
			await db.close();
		}
	});
});
