/** The command `demands` on a small tree: what it prints, its JSON and its exit codes. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { loadEngine } from '../../cli/engine.ts';
import { run } from '../../cli/run.ts';
import { demandsReport } from '../../src/range/demands/report.ts';
import { rangeReport } from '../../src/range/report.ts';
import { displayWidth } from '../../src/text.ts';
import { CORE, DIRECT, INIT_ONLY, LOCKED, MODULE, OTHER_BUS } from '../driver/ways/trees.ts';
import { repositoryOf } from '../git/tree-repository.ts';
import { runGit } from '../kernel/miniature.ts';

const FILES = {
	...CORE,
	...MODULE,
	'drivers/bank/bank-acme.c': DIRECT,
	'drivers/chip/chip.c': OTHER_BUS,
	'drivers/late/late.c': INIT_ONLY,
	Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n',
};

describe('demands', () => {
	let dir: string;
	let folder: string;
	let patch: string;
	let remove: () => Promise<void>;

	async function rangefinder(...argv: string[]) {
		const out: string[] = [];
		const err: string[] = [];
		const sink = (into: string[]) => ({
			write: (text: string | Uint8Array) => into.push(String(text)),
		});
		const code = await run(
			{
				argv,
				stdout: sink(out),
				stderr: sink(err),
				stdin: (async function* () {})(),
				env: { ...process.env, RANGEFINDER_CACHE: join(folder, 'cache') },
				isTTY: { stdout: false, stderr: false },
				columns: undefined,
				cwd: folder,
				today: () => '2026-11-22',
				now: () => 0,
			},
			loadEngine,
		);
		return { code, out: out.join(''), err: err.join('') };
	}

	before(async () => {
		const made = await repositoryOf(FILES);
		({ dir, remove } = made);
		folder = await mkdtemp(join(tmpdir(), 'rangefinder-demands-'));
		for (const path of ['drivers/base/base.h', 'drivers/base/dd.c'] as const) {
			await writeFile(join(dir, path), LOCKED[path] ?? '');
		}
		patch = join(folder, 'lock.patch');
		await writeFile(patch, await runGit(['-C', dir, 'diff']));
	});

	after(async () => {
		await remove();
		await rm(folder, { recursive: true, force: true });
	});

	it('says that nothing demands anything of a tree without the capability', async () => {
		const { code, out, err } = await rangefinder('demands', '--repo', dir);
		assert.equal(err, '');
		assert.equal(code, 0);
		assert.match(out, /match-under-device-lock: no \(drivers\/base\/dd\.c:6\)/);
		assert.match(out, /Nothing that the release has demands anything/);
	});

	for (const words of [
		['--all'],
		['--assume', 'match-under-device-lock'],
		['--with', 'lock.patch'],
	]) {
		it(`lists the violations with ${words[0]}, at 80 columns`, async () => {
			const { code, out } = await rangefinder('demands', '--repo', dir, ...words);
			assert.equal(code, 1);
			assert.match(out, /^acme-mmu, when ACME_MMU && ACME_MMU_VENDOR$/m);
			assert.match(out, /acme_impl_init\(\) drivers\/mmu\/acme-mmu-impl\.c:5/);
			assert.match(out, /platform_driver_register\(&vendor_tbu_driver\)/);
			assert.match(out, /^2 violations, 0 unknown$/m);
			for (const line of out.split('\n')) assert.ok(displayWidth(line) <= 80, line);
		});
	}

	it('prints JSON by its schema, the same from the cache and without it', async () => {
		const words = ['demands', '--repo', dir, '--with', patch, '--json'];
		const first = await rangefinder(...words);
		const report = demandsReport.parse(JSON.parse(first.out));
		assert.deepEqual(
			report.capabilities.map(({ value, before: was }) => [value, was]),
			[[true, false]],
		);
		assert.deepEqual(
			report.demands[0]?.violations.map(({ driver }) => driver),
			['bank-acme', 'acme-mmu'],
		);
		assert.deepEqual(await rangefinder(...words), first);
		assert.deepEqual(await rangefinder(...words, '--no-cache'), first);
	});

	it('refuses a capability that demands nothing, and a patch that does not land', async () => {
		const wrong = await rangefinder('demands', '--repo', dir, '--assume', 'nothing');
		assert.equal(wrong.code, 2);
		assert.match(wrong.err, /match-under-device-lock/);
		const other = join(folder, 'other.patch');
		await writeFile(
			other,
			'--- a/drivers/none.c\n+++ b/drivers/none.c\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n',
		);
		const lost = await rangefinder('demands', '--repo', dir, '--with', other);
		assert.equal(lost.code, 2);
		assert.match(lost.err, /does not land on v6\.1/);
	});

	it('makes a patch that brings the capability unsafe in range', async () => {
		const { out, err } = await rangefinder('range', patch, '--repo', dir, '--no-index', '--json');
		assert.equal(err, '');
		const report = rangeReport.parse(JSON.parse(out));
		const [release] = report.releases;
		assert.equal(release?.verdict, 'unsafe');
		const reasons = release?.byConfig[0]?.reasons.filter(
			({ code }) => code === 'registers-in-probe',
		);
		assert.deepEqual(
			reasons?.map(({ evidence }) => evidence.map(({ path }) => path)),
			[
				['drivers/bank/bank-acme.c', 'drivers/bank/bank-acme.c'],
				['drivers/mmu/acme-mmu.c', 'drivers/mmu/acme-mmu-impl.c', 'drivers/mmu/acme-mmu-vendor.c'],
			],
		);
		assert.ok(report.rules?.includes('registers-in-probe'));
	});

	it('says in the index that it cannot see what other drivers do', async () => {
		const { out } = await rangefinder('range', patch, '--json');
		const report = rangeReport.parse(JSON.parse(out));
		assert.ok(report.releases.length > 0);
		for (const { byConfig, verdict } of report.releases) {
			assert.equal(verdict, 'unknown');
			assert.ok(byConfig[0]?.reasons.some(({ code }) => code === 'demands-unseen'));
		}
	});
});
