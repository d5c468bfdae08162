/** Device trees read in a thread: what is said of them does not hang on who reads them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { BoardThread, openBoardThread } from '../../cache/board-thread.ts';
import { DeviceTrees } from '../../cache/device-trees.ts';
import { failureOf } from '../../src/errors.ts';
import { openStore } from '../../src/git/open-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import { packageUrl } from '../bench/measure.ts';
import { makeMiniatureKernel } from '../kernel/miniature.ts';
import { MINIATURE_BOARDS } from '../kernel/miniature-boards.ts';

const env = { PATH: process.env.PATH, HOME: tmpdir() };
const ASKED = ['acme,mmu', 'beta,iommu', 'zeta,mmu'];

describe('device trees in a thread', () => {
	let folder = '';
	let store: ObjectStore;
	const threads: BoardThread[] = [];

	const start = async (): Promise<BoardThread> => {
		const built: { openBoardThread: typeof openBoardThread } = await import(
			packageUrl('dist/cache/board-thread.js')
		);
		assert.ok(store.known);
		const thread = built.openBoardThread(store.known);
		assert.ok(thread, 'the package is not built');
		threads.push(thread);
		return thread;
	};

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-boards-'));
		const { dir } = await makeMiniatureKernel(folder, MINIATURE_BOARDS);
		store = await openStore(dir, { env });
	});

	after(async () => {
		await Promise.all(threads.map((thread) => thread.close()));
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('are understood as they are here, whatever was asked at the same time', async () => {
		const thread = await start();
		const here = new DeviceTrees(store);
		const questions = (await store.tags()).flatMap(({ commit }) =>
			['arm', 'arm64', 'none'].map((arch) => [commit, arch, ASKED] as const),
		);
		const theirs = await Promise.all(questions.map((one) => thread.boards(...one)));
		const ours = await Promise.all(questions.map((one) => here.boards(...one)));
		assert.deepEqual(theirs, ours);
		assert.ok(ours.some(({ boards, kinds }) => boards > 0 && kinds.length > 0));
	});

	it('that cannot be read are said as they are here, and the next question is answered', async () => {
		const thread = await start();
		const [tag] = await store.tags();
		const lost = 'f'.repeat(40);
		const asking = thread.boards(lost, 'arm64', ASKED);
		const next = thread.boards(tag?.commit ?? '', 'arm64', ASKED);
		const ours = await new DeviceTrees(store).boards(lost, 'arm64', ASKED).catch(failureOf);
		assert.ok(ours !== undefined && 'code' in ours);
		assert.deepEqual(await asking.catch(failureOf), ours);
		assert.equal((await next).arch, 'arm64');
	});

	it('are asked for in vain when the thread has ended', async () => {
		const thread = await start();
		const asking = thread.boards('v4.0', 'arm64', ASKED);
		await Promise.all([thread.close(), asking.catch(() => undefined)]);
		await assert.rejects(thread.boards('v4.0', 'arm64', ASKED), /ended/);
	});
});
