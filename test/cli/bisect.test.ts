import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import { bisectReport, probeReport } from '../../src/history/bisect-report.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { rangefinder } from './rangefinder.ts';

/** By path: these programs run in other folders. */
const TSX = new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url).href;
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

describe('bisect and probe on the miniature kernel', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	let cache = '';
	let untouched = '';

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-cli-bisect-'));
		kernel = await makeMiniatureKernel(folder);
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
	});
	after(() => rmSync(folder, { recursive: true, force: true }));
	beforeEach(() => {
		cache = mkdtempSync(join(folder, 'cache-'));
		untouched = fingerprint(kernel.dir);
	});
	afterEach(() => assert.equal(fingerprint(kernel.dir), untouched));

	const env = () => ({ PATH: process.env.PATH, HOME: folder, RANGEFINDER_CACHE: cache });

	/** Runs the words with the real engine, in the folder of the patch. */
	function words(command: string, ...argv: string[]) {
		const world = { cwd: folder, env: env() };
		const engine = createEngine({ ...world, stdin: (async function* () {})() });
		return rangefinder([command, '--repo', kernel.dir, ...argv], engine, world);
	}

	/** The same with --json, validated. */
	async function bisected(...argv: string[]) {
		const { code, out, err } = await words('bisect', '--json', ...argv);
		assert.notEqual(out, '', err);
		return { code, err, report: bisectReport.parse(JSON.parse(out)) };
	}

	const range = ['--good', 'v4.1', '--bad', 'v4.8'];
	const style = "style(acme-mmu) ~ 'probe*'";

	it('finds the commit that changed a style, with evidence before and after', async () => {
		const { code, report } = await bisected(...range, '--where', style);
		assert.equal(code, 0);
		assert.equal(report.result, 'found');
		const subject = 'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA';
		assert.equal(report.first?.subject, subject);
		assert.equal(report.first?.commit, kernel.commits.get(subject));
		assert.equal(report.first?.firstRelease, 'v4.8');
		assert.deepEqual(
			report.before.map(({ answer, evidence }) => [answer, evidence[0]?.text]),
			[['good', 'initcall@subsys']],
		);
		assert.deepEqual(
			report.after?.evidence.map(({ text }) => text),
			['probe@subsys+awaited', 'initcall@subsys'],
		);
		assert.ok(report.after?.evidence.every(({ path, line }) => path === kernel.fix.path && line));
		// Of 24 commits, those that touch nothing of drivers/iommu and its framework are not candidates.
		assert.ok(report.candidates < 14, `${report.candidates}`);
		assert.ok(report.evaluations <= 6, `${report.evaluations}`);
	});

	it('prints it for people', async () => {
		const { code, out } = await words('bisect', ...range, '--where', style);
		assert.equal(code, 0);
		assert.match(out, /^first bad commit: style\(acme-mmu\) ~ 'probe\*'\n[0-9a-f]{40} {2}\d{4}-/);
		assert.match(
			out,
			/before, at [0-9a-f]{12}: initcall@subsys \(drivers\/iommu\/acme-mmu\.c:\d+\)/,
		);
		assert.ok(out.split('\n').every((line) => line.length <= 80));
		const old = await words('bisect', '--old', 'v4.1', '--new', 'v4.8', '--where', style);
		assert.match(old.out, /^first new commit:/);
	});

	it('answers every kind of test', async () => {
		const first: [string, string][] = [
			[
				'reached(bus_set_iommu, acme-mmu) ~ probe and capability(declare-arity) == 2',
				'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA',
			],
			[
				"reached(iommu_device_register, beta-iommu) != 'none'",
				'iommu: Introduce iommu_device_register()',
			],
			['capability(lookup-defers)', 'iommu/of: Let the lookup of an IOMMU defer'],
			[
				'symbol(iommu_device_register) in include/linux/iommu.h',
				'iommu: Introduce iommu_device_register()',
			],
			["not style(zeta-mmu) == 'absent'", 'iommu/zeta-mmu: Add driver for Zeta video blocks'],
			['not places(fix.patch)', 'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA'],
			['places(fix.patch) != exact', 'iommu/acme-mmu: Register with the IOMMU core'],
			['contains(v4.6)', 'Linux 4.6'],
			["style(acme-mmu, ARM, '!IOMMU_DMA') != 'initcall@subsys' or contains(v4.7)", 'Linux 4.7'],
			[
				"style(acme-mmu, IOMMU_DMA) != 'initcall@subsys'",
				'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA',
			],
		];
		for (const [where, subject] of first) {
			const { report, err } = await bisected(...range, '--where', where);
			assert.equal(report.first?.subject, subject, `${where}: ${err}`);
		}
	});

	it('finds every change of a property that comes and goes', async () => {
		const where = ['--where', "places(fix.patch) == 'exact'"];
		const { code, report } = await bisected(
			'--good',
			'v4.1',
			'--bad',
			'v4.6.1',
			'--flips',
			...where,
		);
		assert.equal(code, 0);
		assert.deepEqual(
			report.flips.map(({ subject, holds, certain }) => [subject, holds, certain]),
			[['iommu/acme-mmu: Say which interrupt is missing', false, true]],
		);
		const both = ['--flips', '--where', style];
		const { report: whole } = await bisected('--good', 'v4.1', '--bad', 'v4.10', ...both);
		assert.deepEqual(
			whole.flips.map(({ firstRelease, holds }) => [firstRelease, holds]),
			[
				['v4.8', true],
				['v4.10', false],
			],
		);
		const { out } = await words('bisect', '--good', 'v4.1', '--bad', 'v4.10', ...both);
		assert.match(out, /^2 changes: [\s\S]*\nbegins: [0-9a-f]{12} .* v4\.8\n[\s\S]*\nends: /);
	});

	it('refuses ends between which there is no first commit', async () => {
		const where = ['--where', style];
		const refused: [string[], RegExp][] = [
			[
				['--good', 'v4.8', '--bad', 'v4.1', ...where],
				/v4\.1 \(bad\) is an ancestor of v4\.8 \(good\)/,
			],
			[['--good', 'v4.8', '--bad', 'v4.8', ...where], /the same commit/],
			[
				['--good', 'v4.8', '--bad', 'v4.9', ...where],
				/v4\.8 was given as good and is bad \(probe@/,
			],
			[['--good', 'v4.1', '--bad', 'v4.2', ...where], /v4\.2 was given as bad and is good/],
			[['--good', 'v4.1', '--bad', 'nope', ...where], /no commit named nope|nope/],
			[['--good', 'v4.1', ...where], /no commit is given where it holds/],
			[['--bad', 'v4.8', ...where], /no commit is given where it does not hold/],
			[[...range], /nothing is asked/],
			[[...range, '--where', 'style(acme-mmu)'], /the predicate, column 16: expected ==/],
			[
				[...range, '--where', 'contains(v4.1) and style(nope) == x'],
				/column 20: there is no driver nope/,
			],
			[
				[...range, '--where', 'reached(printk, acme-mmu) == x'],
				/column 1: reached\(\) knows bus_set_iommu/,
			],
			[[...range, '--where', 'capability(nope)'], /no capability nope/],
			[[...range, '--where', 'contains(nope)'], /there is no commit nope/],
			[[...range, '--where', 'places(nope.patch)'], /nope\.patch/],
			[[...range, '--where', style, '-j', '0'], /from 1 to 64/],
			[[...range, '--run'], /--run without a command/],
		];
		for (const [argv, message] of refused) {
			const { code, err, out } = await words('bisect', ...argv);
			assert.equal(code, 2, `${argv.join(' ')}: ${err}${out}`);
			assert.match(err, message);
			assert.equal(err.split('\n').length, 2);
		}
	});

	it('asks about the merge base where the good commit is on another branch', async () => {
		// v4.4.2 is on a stable branch; its merge base with v4.8 is v4.4, which is good.
		const { report } = await bisected('--good', 'v4.4.2', '--bad', 'v4.8', '--where', style);
		assert.equal(report.first?.firstRelease, 'v4.8');
		// On its branch the property ended: at the merge base it still holds.
		const message = "places(fix.patch) == 'exact'";
		const { code, err } = await words(
			...['bisect', '--good', 'v4.4.2', '--bad', 'v4.6', '--where', message],
		);
		assert.equal(code, 2);
		assert.match(err, /merge base [0-9a-f]{12} of v4\.4\.2 and v4\.6 is bad already/);
	});

	it('goes on with the answers of an earlier run', async () => {
		const first = await bisected(...range, '--where', style);
		assert.equal(first.report.resumed.answers, 0);
		const second = await bisected(...range, '--where', ' style( acme-mmu )~"probe*" ');
		assert.ok(second.report.resumed.answers > 3);
		assert.match(second.err, /going on with \d+ answers/);
		assert.equal(second.report.asked, 0);
		assert.deepEqual(second.report.first, first.report.first);
		assert.deepEqual(second.report.after, first.report.after);
		const third = await bisected(...range, '--where', style, '--reset');
		assert.equal(third.report.resumed.answers, 0);
	});

	it('keeps nothing with --no-cache', async () => {
		await bisected(...range, '--where', style, '--no-cache');
		assert.deepEqual(readdirSync(cache), []);
	});

	it('says that a branch has moved since', async () => {
		const dir = join(folder, 'moving.git');
		execFileSync('git', ['clone', '-q', '--bare', kernel.dir, dir]);
		const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args]);
		git('branch', 'mine', 'v4.8');
		const argv = ['bisect', '--good', 'v4.1', '--bad', 'mine', '--where', style, '--repo', dir];
		const run = async () => {
			const world = { cwd: folder, env: env() };
			const engine = createEngine({ ...world, stdin: (async function* () {})() });
			return rangefinder([...argv, '--json'], engine, world);
		};
		assert.equal((await run()).code, 0);
		git('branch', '-f', 'mine', 'v4.8.1');
		const { err, out } = await run();
		assert.match(err, /^mine was [0-9a-f]{12} when this began, and is [0-9a-f]{12} now$/m);
		const report = bisectReport.parse(JSON.parse(out));
		assert.equal(report.resumed.moved[0]?.revision, 'mine');
		assert.equal(report.first?.firstRelease, 'v4.8');
	});

	it('is the same with several jobs', async () => {
		const argv = ['--good', 'v4.1', '--bad', 'v4.10', '--where', 'capability(core-installs-ops)'];
		const one = await bisected(...argv, '--no-cache');
		const four = await bisected(...argv, '--no-cache', '-j', '4');
		assert.deepEqual(four.report.first, one.report.first);
		assert.equal(four.report.steps, one.report.steps);
	});

	describe('with a command', () => {
		const command = (script: string, ...more: string[]) =>
			bisected('--good', 'v4.1', '--bad', 'v4.10', ...more, '--run', '--', 'sh', '-c', script);

		it('finds the first commit at which it fails, in folders of its own', async () => {
			const script =
				'test ! -e .git && pwd >>"$HOME/folders" && echo $RANGEFINDER_COMMIT >>"$HOME/commits" && ' +
				'touch left; grep -q bus_set_iommu include/linux/iommu.h';
			const { code, report } = await command(script, '-j', '2');
			assert.equal(code, 0);
			assert.equal(report.first?.subject, 'iommu: Install the ops in the core');
			assert.ok(report.evaluations >= 4);
			const folders = new Set(readFileSync(join(folder, 'folders'), 'utf8').trim().split('\n'));
			assert.equal(folders.size, 2);
			for (const one of folders) {
				assert.ok(one.startsWith(cache), one);
				assert.ok(!existsSync(one));
			}
			const commits = readFileSync(join(folder, 'commits'), 'utf8').trim().split('\n');
			assert.equal(new Set(commits).size, commits.length);
			assert.ok(commits.every((commit) => [...kernel.commits.values()].includes(commit)));
		});

		it('restores what the command changed, and keeps what it made', async () => {
			const script =
				'test -s Makefile || exit 200; : >Makefile; ' +
				'touch made-$$; test $(ls made-* | wc -l) -lt 3';
			const { report } = await command(script);
			// The third run is the first to find what three runs made, whatever the commit is.
			assert.deepEqual(report.result, 'found');
			assert.ok(report.evaluations >= 4);
		});

		it('goes past what cannot be tested, and says what remains', async () => {
			const subject = 'iommu: Install the ops in the core';
			const hidden = kernel.commits.get('Linux 4.9');
			const script = `test $RANGEFINDER_COMMIT = ${hidden} && exit 125; grep -q bus_set_iommu include/linux/iommu.h`;
			const { code, report } = await command(script);
			assert.equal(code, 125);
			assert.equal(report.result, 'cannot-tell');
			assert.deepEqual(
				report.suspects.map(({ subject, answer }) => [subject, answer]),
				[
					['Linux 4.9', 'skip'],
					[subject, 'bad'],
				],
			);
		});

		it('gives up where the command says so, or is not there', async () => {
			const run = ['bisect', '--good', 'v4.1', '--bad', 'v4.8', '--run', '--'];
			const world = { cwd: folder, env: env() };
			const engine = createEngine({ ...world, stdin: (async function* () {})() });
			const at = ['--repo', kernel.dir];
			const given = await rangefinder(
				[...run.slice(0, 5), ...at, '--run', '--', 'sh', '-c', 'exit 130'],
				engine,
				world,
			);
			assert.equal(given.code, 2);
			assert.match(given.err, /it ended with 130, which says to give up/);
			const none = await rangefinder(
				[...run.slice(0, 5), ...at, '--run', '--', './nope'],
				engine,
				world,
			);
			assert.equal(none.code, 2);
			assert.match(none.err, /--run \.\/nope: .*ENOENT/);
			assert.deepEqual(readdirSync(join(cache, 'work')), []);
		});
	});

	describe('probe', () => {
		it('says whether a predicate holds, with the exit codes of the contract', async () => {
			const cases: [string[], number, boolean | null][] = [
				[['v4.8', '--where', style], 0, true],
				[['v4.1', '--where', style], 1, false],
				[['v4.8', '--where', style, '--not'], 1, true],
				[['v4.1', '--where', style, '--not'], 0, false],
				[['v4.1', '--where', "style(zeta-mmu) == 'absent'"], 0, true],
				[['v4.1', '--where', 'capability(nope)'], 125, null],
				[['v4.1', '--where', 'capability(nope)', '--not'], 125, null],
				[['--where', 'contains(v4.10)'], 0, true],
			];
			for (const [argv, expected, holds] of cases) {
				const { code, out } = await words('probe', ...argv, '--json');
				assert.equal(code, expected, argv.join(' '));
				assert.equal(probeReport.parse(JSON.parse(out)).holds, holds);
			}
			const { out } = await words('probe', 'v4.8', '--where', style);
			assert.match(out, /^yes, at [0-9a-f]{12}: style\(acme-mmu\) ~ 'probe\*'\n {2}probe@subsys/);
			assert.equal((await words('probe', 'nope', '--where', style)).code, 2);
		});

		it('cannot tell where a blob is missing, and bisects around it', async () => {
			const dir = join(folder, 'lacking.git');
			execFileSync('git', ['clone', '-q', '--bare', '--no-hardlinks', kernel.dir, dir]);
			const git = (...args: string[]) =>
				execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
			const commit = kernel.commits.get('iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA') ?? '';
			const blob = git('rev-parse', `${commit}:${kernel.fix.path}`).trim();
			// Loose objects, so that one of them can be taken away.
			for (const name of readdirSync(join(dir, 'objects/pack'))) {
				if (!name.endsWith('.pack')) continue;
				const pack = readFileSync(join(dir, 'objects/pack', name));
				rmSync(join(dir, 'objects/pack'), { recursive: true, force: true });
				execFileSync('git', ['-C', dir, 'unpack-objects', '-q'], { input: pack });
			}
			rmSync(join(dir, 'objects', blob.slice(0, 2), blob.slice(2)));
			const world = { cwd: folder, env: env() };
			const run = (...argv: string[]) => {
				const engine = createEngine({ ...world, stdin: (async function* () {})() });
				return rangefinder([...argv, '--repo', dir, '--json'], engine, world);
			};
			const probed = await run('probe', commit, '--where', style);
			assert.equal(probed.code, 125);
			assert.match(probed.out, new RegExp(`the blob ${blob} cannot be read`));
			const found = await run(
				'bisect',
				'--good',
				'v4.1',
				'--bad',
				'v4.9',
				'--where',
				"style(acme-mmu) != 'initcall@subsys'",
			);
			assert.equal(found.code, 125, found.err);
			const report = bisectReport.parse(JSON.parse(found.out));
			assert.equal(report.suspects.at(-1)?.answer, 'bad');
			assert.ok(report.suspects.slice(0, -1).every(({ answer }) => answer === 'unknown'));
			assert.ok(report.suspects.some((one) => one.commit === commit));
		});

		it('is fit for git bisect run', () => {
			const dir = join(folder, 'work-tree');
			execFileSync('git', ['clone', '-q', kernel.dir, dir]);
			const git = (...args: string[]) =>
				execFileSync('git', ['-C', dir, ...args], {
					encoding: 'utf8',
					env: { ...env(), ...process.env },
				});
			git('bisect', 'start', 'v4.8', 'v4.1');
			const out = git(
				'bisect',
				'run',
				process.execPath,
				'--import',
				TSX,
				MAIN,
				'probe',
				'--not',
				'--where',
				style,
			);
			assert.match(out, /is the first bad commit/);
			const subject = git('log', '-1', '--format=%s', 'refs/bisect/bad').trim();
			assert.equal(subject, 'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA');
		}).timeout(120_000);
	});

	it('loses nothing and leaves nothing when it is killed', async () => {
		const script =
			'echo $RANGEFINDER_COMMIT >>"$HOME/tried"; sleep 0.3; grep -q bus_set_iommu include/linux/iommu.h';
		const argv = [
			...['--import', TSX, MAIN, 'bisect', '--repo', kernel.dir],
			...['--good', 'v4.1', '--bad', 'v4.10', '--json', '--run', '--', 'sh', '-c', script],
		];
		const tried = join(folder, 'tried');
		writeFileSync(tried, '');
		const size = () => statSync(tried).size / 41;
		const start = () => {
			const child = spawn(process.execPath, argv, {
				env: env(),
				cwd: folder,
				stdio: ['ignore', 'pipe', 'ignore'],
			});
			let out = '';
			child.stdout.on('data', (chunk) => {
				out += chunk;
			});
			const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
				child.on('close', (code) => resolve({ code, out })),
			);
			return { child, ended };
		};
		const answers = () => {
			const kept = join(cache, 'bisect');
			const names = existsSync(kept) ? readdirSync(kept) : [];
			const lines = names.map((name) => readFileSync(join(kept, name), 'utf8').split('\n').length);
			// But for the first line and the empty end of the last.
			return Math.max(0, ...lines.map((count) => count - 2));
		};
		for (const reached of [() => size() > 0, () => answers() > 0]) {
			const { child, ended } = start();
			while (!reached() && child.exitCode === null) await sleep(10);
			await sleep(Math.random() * 300);
			child.kill('SIGKILL');
			await ended;
		}
		const { code, out } = await start().ended;
		assert.equal(code, 0);
		const report = bisectReport.parse(JSON.parse(out));
		assert.equal(report.first?.subject, 'iommu: Install the ops in the core');
		assert.ok(report.resumed.answers >= 1, `${report.resumed.answers}`);
		// Each kill costs at most the run that it cut short.
		assert.ok(size() <= report.steps + 2, `${size()} runs for ${report.steps} steps`);
		for (let wait = 0; readdirSync(join(cache, 'work')).length > 0; wait++) {
			assert.ok(wait < 100, 'folders are left');
			await sleep(50);
		}
	}).timeout(120_000);
});

function sleep(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
