/** A whole range from clones that lack something: partial ones and shallow ones. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import { rangeExitCode } from '../../cli/commands/shown/range.ts';
import { placementText } from '../../cli/output/placement-text.ts';
import { stylesText } from '../../cli/output/styles-text.ts';
import { failureOf } from '../../src/errors.ts';
import { rangeReport, stylesReport } from '../../src/range/report.ts';
import { allowPartial, partialClone } from '../git/fetching.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../kernel/miniature.ts';
import { asked, progress } from './asked.ts';

const plain = (_role: string, text: string): string => text;

describe('a range from a clone that lacks something', () => {
	let folder: string;
	let kernel: MiniatureKernel;
	let mail: string;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-lacking-'));
		kernel = await makeMiniatureKernel(folder);
		await allowPartial(kernel.dir);
		mail = join(folder, 'fix.mail');
		writeFileSync(mail, kernel.fix.mail);
	});
	after(() => rmSync(folder, { recursive: true }));

	function engineWith(cache: string) {
		const env = {
			PATH: process.env.PATH,
			GIT_CONFIG_GLOBAL: '/dev/null',
			RANGEFINDER_CACHE: cache,
		};
		return createEngine({ cwd: folder, env, stdin: Readable.from([]) });
	}

	const newCache = () => mkdtempSync(join(folder, 'cache-'));

	/** How many requests were made: each brings one pack. */
	function packsIn(cache: string): number {
		const names = readdirSync(join(cache, 'objects'), { recursive: true, encoding: 'utf8' });
		return names.filter((name) => name.endsWith('.pack')).length;
	}

	const words = { noIndex: true, all: false, release: ['v4.1', 'v4.4.2', 'v4.6', 'v4.8', 'v4.10'] };

	it('is the one from the full clone, with two requests', async () => {
		const full = await engineWith(newCache()).range(
			asked({ input: mail, noCache: false, repo: kernel.dir, ...words }),
		);
		for (const filter of ['blob:none', 'tree:0']) {
			const dir = await partialClone(kernel.dir, folder, filter);
			const was = fingerprint(dir);
			const cache = newCache();
			const one = await engineWith(cache).range(
				asked({ input: mail, noCache: false, repo: dir, ...words }),
			);
			assert.deepEqual(one, full, filter);
			// What the patch touches, then what the profile reads; trees before them.
			assert.equal(packsIn(cache), filter === 'tree:0' ? 3 : 2, filter);
			const offline = { repo: dir, ...words, offline: true };
			assert.deepEqual(
				await engineWith(cache).range(asked({ input: mail, noCache: false, ...offline })),
				full,
				'offline',
			);
			assert.equal(fingerprint(dir), was, filter);
		}
	});

	it('judges a commit of the clone', async () => {
		const dir = await partialClone(kernel.dir, folder);
		const from = (repo: string) =>
			engineWith(newCache()).range(
				asked({ input: kernel.fix.commit, noCache: false, repo, ...words }),
			);
		assert.deepEqual(await from(dir), await from(kernel.dir));
	});

	it('knows nothing of a release that it may not fetch, and all of the others', async () => {
		const dir = await partialClone(kernel.dir, folder);
		const cache = newCache();
		const engine = engineWith(cache);
		const release = (...names: string[]) => ({ repo: dir, noIndex: true, release: names });
		const online = await engine.range(
			asked({ input: mail, noCache: false, all: false, ...release('v4.6') }),
		);
		const both = { ...release('v4.6', 'v4.10'), offline: true };
		const offline = rangeReport.parse(
			await engine.range(asked({ input: mail, noCache: false, all: false, ...both })),
		);
		const [known, unknown] = offline.releases;
		assert.equal(known?.verdict, online.releases[0]?.verdict);
		assert.equal(known?.verdict, 'needs-prerequisites');
		assert.deepEqual(known?.placement, online.releases[0]?.placement);
		assert.equal(unknown?.verdict, 'unknown');
		assert.equal(unknown?.placement.result, 'unknown');
		for (const { reasons } of unknown?.byConfig ?? []) {
			assert.deepEqual(
				reasons.map(({ code }) => code),
				['object-missing'],
			);
			assert.match(
				String(reasons[0]?.text),
				/acme-mmu\.c is not in this partial clone .*--offline forbids to fetch it/,
			);
		}
		assert.equal(rangeExitCode(offline, undefined), 0);
		assert.equal(
			rangeExitCode({ ...offline, releases: offline.releases.slice(1) }, undefined),
			125,
		);
		const placed = { ...offline, releases: offline.releases.slice(1) };
		assert.equal(rangeExitCode(placed, 'placement'), 125);
		assert.match(placementText(placed, 80, plain).join('\n'), /lands on 0 of 1 releases/);
	});

	it('says of which releases no style is known', async () => {
		const dir = await partialClone(kernel.dir, folder);
		const full = await engineWith(newCache()).styles(styled(kernel.dir));
		const cache = newCache();
		assert.deepEqual(await engineWith(cache).styles(styled(dir)), full);
		assert.equal(packsIn(cache), 1);
		const none = await engineWith(newCache()).styles({ ...styled(dir), offline: true });
		stylesReport.parse(none);
		assert.deepEqual(
			none.unread?.map(({ release }) => release),
			[...kernel.tags].filter((tag) => none.unread?.some(({ release }) => release === tag)),
		);
		assert.match(stylesText(none, 80, plain).join('\n'), /v4\.6 is not known: .*\n? *.*offline/);
	});

	function styled(repo: string) {
		return { paths: [], repo, release: ['v4.6', 'v4.8'], progress };
	}

	it('has the whole log of its drivers, with few requests', async () => {
		const dir = await partialClone(kernel.dir, folder);
		const cache = newCache();
		const log = async (repo: string, folderOfCache: string): Promise<unknown[]> => {
			const records: unknown[] = [];
			const options = { paths: [], repo, noIndex: true, noCache: false, rev: [], progress };
			await engineWith(folderOfCache).log(options, (record) => void records.push(record));
			return records;
		};
		const full = await log(kernel.dir, newCache());
		assert.ok(full.length > 20);
		assert.deepEqual(await log(dir, cache), full);
		assert.ok(packsIn(cache) <= 3, `${packsIn(cache)} requests`);
	});

	it('is had from a shallow clone, but for what is beyond its end', async () => {
		const dir = join(folder, 'shallow.git');
		const from = `file://${kernel.dir}`;
		const depth = ['--depth=1', '--no-single-branch'];
		await runGit(['clone', '-q', '--bare', '--no-local', ...depth, from, dir]);
		await runGit(['-C', dir, 'fetch', '-q', '--depth=1', 'origin', 'refs/tags/*:refs/tags/*']);
		const answer = (repo: string) =>
			engineWith(newCache()).range(
				asked({
					input: mail,
					noCache: false,
					all: false,
					repo,
					noIndex: true,
					release: [...kernel.tags],
				}),
			);
		assert.deepEqual(await answer(dir), await answer(kernel.dir));
		const cut = await engineWith(newCache())
			.range(
				asked({
					input: 'v4.6',
					noCache: false,
					all: false,
					repo: dir,
					noIndex: true,
					release: ['v4.6'],
				}),
			)
			.catch((error: unknown) => error);
		assert.equal(failureOf(cut)?.code, 'object-missing');
		assert.match(String(cut), /this shallow clone ends at [0-9a-f]{12}/);
	});
});
