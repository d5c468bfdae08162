/** The command `prereqs` on the miniature kernel and on histories written for it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import { type PrereqTarget, prereqsReport } from '../../src/range/prereqs-report.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { Solving, TEN, withLines } from '../range/solving.ts';
import { rangefinder } from './rangefinder.ts';

describe('the command prereqs', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	let all: Solving;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-prereqs-'));
		kernel = await makeMiniatureKernel(folder);
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
		all = await Solving.withReleases();
	});
	after(async () => {
		await all.remove();
		rmSync(folder, { recursive: true, force: true });
	});

	/** Runs the command with the engine of the program. */
	const prereqs = (...words: string[]) => {
		const env = { PATH: process.env.PATH };
		const engine = createEngine({ cwd: folder, env, stdin: (async function* () {})() });
		const always = ['--no-index', '--no-cache'];
		const world = { env, cwd: folder };
		return rangefinder(['prereqs', ...always, ...words], { prereqs: engine.prereqs }, world);
	};
	const answer = async (...words: string[]): Promise<{ code: number; target: PrereqTarget }> => {
		const { code, out, err } = await prereqs('--json', ...words);
		assert.notEqual(out, '', err);
		const report = prereqsReport.parse(JSON.parse(out));
		assert.deepEqual(report, JSON.parse(out));
		const [target] = report.targets;
		assert.ok(target);
		return { code: Number(code), target };
	};
	const on = (...words: string[]) => answer('--repo', all.history.dir, ...words);
	const subjects = ({ prerequisites }: PrereqTarget) =>
		prerequisites.map(({ subject, kind }) => [kind, subject]);

	/** A fix that needs the last but one of some commits of one line. */
	const chained = () => {
		const target = all.root({ 'a.c': TEN });
		const [one = '', two = '', fix = ''] = all.chain(
			target,
			...['a', 'b', 'fix'].map((word) => ({ 'a.c': withLines({ 5: word }) })),
		);
		return { target, one, two, fix };
	};

	describe('on the miniature kernel', () => {
		const asked = (onto: string, patch = 'fix') =>
			answer(patch, '--onto', onto, '--repo', kernel.dir);

		it('names the commit that registers with the core, and the declaration as an adaptation', async () => {
			for (const patch of ['fix', 'fix.patch']) {
				const { code, target } = await asked('v4.6', patch);
				assert.deepEqual(
					[code, target.result, target.proved, target.verdict],
					[1, 'adaptation', true, 'needs-prerequisites'],
					patch,
				);
				assert.deepEqual(subjects(target), [
					['registration', 'iommu/acme-mmu: Register with the IOMMU core'],
				]);
				assert.deepEqual(
					target.adaptations.map(({ text }) => text),
					['add IOMMU_OF_DECLARE(acme_mmu, "acme,mmu", NULL);'],
				);
				assert.equal(target.open?.kind, 'registration');
				assert.match(target.prerequisites[0]?.why ?? '', /the driver is not on it/);
			}
		});

		it('names no commit for what the framework lacks', async () => {
			const { code, target } = await asked('v4.4.2');
			assert.deepEqual([code, target.verdict, subjects(target)], [1, 'unsafe', []]);
			assert.equal(target.proved, true);
		});

		it('names no commit where the driver was rewritten', async () => {
			const { target } = await asked('v4.8');
			assert.deepEqual([target.result, subjects(target)], ['rework', []]);
			assert.equal(
				target.instead?.subject,
				'iommu/acme-mmu: Look for hardware before taking the bus',
			);
		});

		it('shows what the merge adapted with --rework', async () => {
			const { target } = await answer('fix', '--rework', '--onto', 'v4.7', '--repo', kernel.dir);
			assert.equal(target.proved, true);
			assert.match(target.rangeDiff ?? '', /^1: +[0-9a-f]+ ! 1: +[0-9a-f]+ iommu\/acme-mmu: Set/);
			assert.equal((await asked('v4.7')).target.rangeDiff, null);
		});

		it('leaves the clone as it was', async () => {
			const before = fingerprint(kernel.dir);
			await asked('v4.6');
			assert.equal(fingerprint(kernel.dir), before);
		});
	});

	it('lists what has to go in, in order, with proof and tree', async () => {
		const { target: onto, one, two, fix } = chained();
		const { code, target } = await on(fix, '--onto', onto);
		assert.deepEqual(
			[code, target.result, target.proved, target.notes],
			[0, 'lands-with', true, []],
		);
		assert.deepEqual(
			target.prerequisites.map(({ commit }) => commit),
			[one, two],
		);
		assert.equal(target.tree, ((await all.proof(onto, [one, two, fix])) as { tree: string }).tree);
	});

	it('prints the list, explains a commit of it, and says that another is not in it', async () => {
		const { target, one, two, fix } = chained();
		const words = [fix, '--onto', target, '--repo', all.history.dir];
		const { out } = await prereqs(...words, '--explain', two.slice(0, 8));
		const short = (id: string): string => id.slice(0, 12);
		assert.ok(out.includes('lands after 2 commits; proved by git'), out);
		assert.ok(
			out.includes(`  1. ${short(one)} ("step 1")\n     textual: without it ${short(two)}`),
			out,
		);
		assert.ok(out.includes(`${short(two)} ("step 2") is in the list of`), out);
		assert.ok(out.includes('    a.c:6\n'), out);
		assert.ok(!/\n.{81}/.test(out), out);
		const other = await prereqs(...words, '--explain', fix.slice(0, 8));
		assert.match(other.out, /is not in the list of/);
	});

	it('prints what there is when it is asked to end', async () => {
		const { target: onto, fix } = chained();
		const ending = new AbortController();
		let asked = 0;
		const env = { PATH: process.env.PATH };
		const engine = createEngine({ cwd: folder, env, stdin: (async function* () {})() });
		const words = ['--no-index', '--no-cache', '--json', fix, '--repo', all.history.dir];
		const { out } = await rangefinder(
			['prereqs', ...words, '--onto', onto, '--onto', 'v4.14', '--onto', 'v4.15'],
			{ prereqs: engine.prereqs },
			{
				env,
				cwd: folder,
				interruptible: () => {
					// Asked before a target and once more as its search begins: the second target ends it.
					if (asked++ === 2) ending.abort();
					return ending.signal;
				},
			},
		);
		const { targets } = prereqsReport.parse(JSON.parse(out));
		assert.equal(targets.length, 1);
	});

	it('adds no commit for text with --rework', async () => {
		const { target: onto, fix } = chained();
		const { code, target } = await on(fix, '--onto', onto, '--rework');
		assert.deepEqual([code, target.result, subjects(target)], [1, 'rework', []]);
		assert.equal(target.open?.kind, 'textual');
	});

	it('cannot tell within --max and --tries, and says how far it got', async () => {
		const { target: onto, two, fix } = chained();
		const few = await on(fix, '--onto', onto, '--max', '1');
		assert.deepEqual([few.code, few.target.result], [125, 'unknown']);
		assert.deepEqual(few.target.notes, ['it takes more than 1 commits']);
		assert.deepEqual(
			few.target.partial.map(({ commit }) => commit),
			[two],
		);
		const tries = await on(fix, '--onto', onto, '--tries', '1');
		assert.equal(tries.target.result, 'unknown');
	});

	it('says what is there, itself and as a copy', async () => {
		const root = all.root({ 'a.c': TEN });
		const [made = '', next = '', fix = ''] = all.chain(
			root,
			{ 'a.c': withLines({ 5: 'a' }) },
			{ 'a.c': withLines({ 5: 'a', 6: 'b' }) },
			{ 'a.c': withLines({ 5: 'A', 6: 'B' }) },
		);
		assert.equal((await on(fix, '--onto', fix)).target.result, 'contained');
		const onto = all.history.commit({
			on: root,
			subject: 'ported',
			body: `commit ${made} upstream.`,
			files: { 'a.c': withLines({ 5: 'a' }) },
		});
		const { target } = await on(fix, '--onto', onto);
		assert.deepEqual(
			target.prerequisites.map(({ commit }) => commit),
			[next],
		);
		assert.deepEqual(target.already, [{ commit: made, as: onto }]);
	});

	it('answers for every target, in order', async () => {
		const { target, one, fix } = chained();
		const words = ['--onto', one, '--onto', target, '--json', '--repo', all.history.dir];
		const { out } = await prereqs(fix, ...words);
		const { targets } = prereqsReport.parse(JSON.parse(out));
		assert.deepEqual(
			targets.map(({ commit, prerequisites }) => [commit, prerequisites.length]),
			[
				[one, 1],
				[target, 2],
			],
		);
	});

	it('is unknown where there is no common history', async () => {
		const { fix } = chained();
		const other = all.root({ 'a.c': withLines({ 2: 'other' }) });
		const { code, target } = await on(fix, '--onto', other);
		assert.deepEqual([code, target.result], [125, 'unknown']);
		assert.match(target.notes[0] ?? '', /has no history in common with/);
	});

	it('is unknown for a patch that no commit has the files of', async () => {
		const { target: onto, fix } = chained();
		const mail = all.history.git(['format-patch', '-1', '--stdout', '--full-index', fix]);
		writeFileSync(join(folder, 'lost.patch'), `${mail.replaceAll('-b\n', '-lost\n')}\n`);
		const { code, target } = await on('lost.patch', '--onto', onto, '--upstream', onto);
		assert.deepEqual([code, target.result], [125, 'unknown']);
		assert.match(target.notes[0] ?? '', /no commit of this clone has the files/);
	});

	it('takes a mail as a commit, and proves it', async () => {
		const { target: onto, one, two, fix } = chained();
		const mail = all.history.git(['format-patch', '-1', '--stdout', '--full-index', fix]);
		writeFileSync(join(folder, 'mail.patch'), `${mail}\n`);
		const { target } = await on('mail.patch', '--onto', onto, '--upstream', two);
		assert.deepEqual([target.result, target.proved], ['lands-with', true]);
		assert.deepEqual(
			target.prerequisites.map(({ commit }) => commit),
			[one, two],
		);
	});

	it('says in one line what is wrong with its words', async () => {
		const { target, one, two, fix } = chained();
		const merge = all.history.commit({ on: one, merges: [target], subject: 'merge', files: {} });
		const repo = ['--repo', all.history.dir];
		const cases: readonly [words: string[], code: number, said: RegExp][] = [
			[[fix, ...repo], 2, /no target given/],
			[[fix, '--onto', 'v9.99', ...repo], 2, /v9\.99/],
			[[merge, '--onto', two, ...repo], 2, /is a merge or changes nothing/],
			[[target, '--onto', two, ...repo], 2, /has no parent: it is no patch/],
			[[fix, '--onto', target, '--max', 'many', ...repo], 2, /many is no number/],
			[['none.patch', '--onto', target, ...repo], 2, /none\.patch/],
			[[fix, '--onto', target, '--repo', folder], 3, /./],
		];
		for (const [words, expected, said] of cases) {
			const { code, out, err } = await prereqs(...words);
			assert.equal(out, '');
			assert.match(err, said);
			assert.equal(err.trimEnd().split('\n').length, 1, err);
			assert.equal(code, expected, err);
		}
	});
});
