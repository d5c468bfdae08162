/** Reading sources while git walks: it changes no answer, whatever it is told of. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { FileVersion } from '../../src/history/known-blobs.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { blobsOf, logOf } from './logs.ts';

describe('sources that are read while git walks', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-ahead-'));
		kernel = await makeMiniatureKernel(folder);
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	/** The files below a folder of commits, and the blobs that a log asks the facts of, in order. */
	const watched = async (dir: string, hidden = new Set<string>()) => {
		const store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
		const asked: string[][] = [];
		let begin = (): void => undefined;
		const begun = new Promise<void>((resolve) => {
			begin = resolve;
		});
		const source = blobsOf(store, hidden);
		return {
			asked,
			blobs: {
				texts: source.texts,
				facts: (files: readonly FileVersion[]) => {
					asked.push(files.map(({ blob }) => blob));
					begin();
					return source.facts(files);
				},
			},
			filesBelow: (commits: readonly string[], below: string): Promise<FileVersion[][]> =>
				Promise.all(
					commits.map(async (commit) =>
						(await store.list(commit, below, true)).flatMap(({ type, path, oid }) =>
							type === 'blob' ? { path, blob: oid } : [],
						),
					),
				),
			/** Keeps git from walking until sources are asked for. */
			filesIn: async (_: readonly string[], files: readonly string[]) => {
				await begun;
				return [...files];
			},
			close: () => store.close(),
		};
	};

	it('are those of the revisions, each read once, and the log is the same', async () => {
		const { asked, blobs, filesBelow, filesIn, close } = await watched(kernel.dir);
		try {
			const revisions = kernel.tags;
			const alone = await logOf(kernel.dir, { revisions });
			const ahead = await logOf(kernel.dir, { revisions, blobs, filesBelow, filesIn });
			assert.deepEqual(ahead, alone);
			assert.ok(ahead.drivers.length > 0);
			const all = asked.flat();
			assert.equal(new Set(all).size, all.length);
			const files = (await filesBelow(revisions, 'drivers/iommu')).flat();
			const held = new Set(files.map(({ blob }) => blob));
			assert.ok((asked[0] ?? []).length > 0);
			assert.ok(asked[0]?.every((blob) => held.has(blob)));
		} finally {
			await close();
		}
	});

	it('may not be there, or not be listed', async () => {
		const hidden = new Set<string>();
		const { blobs, filesBelow, close } = await watched(kernel.dir, hidden);
		try {
			const [first] = (await filesBelow(['HEAD'], 'drivers/iommu'))
				.flat()
				.filter(({ path }) => path.endsWith('.c'));
			if (first !== undefined) hidden.add(first.blob);
			const plain = await logOf(kernel.dir, { hidden });
			assert.ok(plain.unread > 0);
			assert.deepEqual(await logOf(kernel.dir, { blobs, filesBelow }), plain);
			const broken = (): Promise<never> => Promise.reject(new Error('a damaged tree'));
			assert.deepEqual(await logOf(kernel.dir, { hidden, filesBelow: broken }), plain);
		} finally {
			await close();
		}
	});
});
