/** Where a commit and its copies are, on mainline and stable branches written for it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { containsCommit } from '../../src/history/contains.ts';
import { type ContainsReport, containsReport } from '../../src/history/contains-report.ts';
import type { HistoryMemory } from '../../src/history/history.ts';
import { releasesFromTags } from '../../src/kernel/releases.ts';
import { makeHistory, randomShape } from './random-history.ts';
import { WrittenHistory } from './written-history.ts';

const BASE = Array.from({ length: 40 }, (_, i) => `line ${i} of the driver`);

/** The driver with lines replaced, by number. */
function driver(changes: Readonly<Record<number, string>> = {}, base = BASE): string {
	return `${base.map((line, i) => changes[i] ?? line).join('\n')}\n`;
}

const FIXED = { 20: 'fixed line', 21: 'another fixed line', 23: 'a third one', 24: 'and a fourth' };
const PATH = 'drivers/acme.c';

async function contains(
	store: ObjectStore,
	asked: string,
	memory?: HistoryMemory,
): Promise<ContainsReport> {
	const releases = releasesFromTags(await store.tags());
	const report = await containsCommit(
		{
			git: demandGit(store, 'a test'),
			blobIdsAt: store.blobIdsAt.bind(store),
			blobs: store.blobs.bind(store),
		},
		{ asked, releases, followUps: true, ...(memory === undefined ? {} : { memory }) },
	);
	return containsReport.parse(report);
}

/** `series first how confidence`, with what came of it. */
function table({ series }: ContainsReport): string[] {
	return series
		.filter(({ first }) => first !== null)
		.map(({ series: name, first, how, confidence, contained, reversal }) =>
			[
				name,
				first,
				how,
				confidence,
				...(contained ? [] : ['not any more']),
				...(reversal === null ? [] : [reversal.release]),
			].join(' '),
		);
}

describe('contains', () => {
	let folder = '';
	let history: WrittenHistory;
	let store: ObjectStore;
	const ids = new Map<string, string>();
	const id = (name: string): string => ids.get(name) ?? assert.fail(name);

	/** A series: a branch on top of a mainline tag, with one commit and a release. */
	function stable(
		version: string,
		on: string,
		commits: readonly {
			name: string;
			subject: string;
			body?: string;
			author?: string;
			at?: number;
			text: string;
		}[],
	): void {
		let last = id(on);
		for (const [i, { name, text, ...words }] of commits.entries()) {
			last = history.commit({ on: last, ...words, files: { [PATH]: text } });
			ids.set(name, last);
			history.tag(`v${version}.${i + 1}`, last);
		}
	}

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-contains-'));
		history = WrittenHistory.make(join(folder, 'r.git'));
		const add = (name: string, commit: Parameters<WrittenHistory['commit']>[0]): void => {
			ids.set(name, history.commit(commit));
		};
		add('root', { subject: 'acme: Add it', files: { [PATH]: driver(), other: 'x\n' } });
		for (const version of ['5.1', '5.2', '5.3', '5.4', '5.5', '5.6', '5.7', '5.8', '5.9']) {
			history.tag(`v${version}`, id('root'));
		}
		const subject = 'acme: Fix it';
		add('fix', { on: id('root'), subject, at: 5, files: { [PATH]: driver(FIXED) } });
		history.tag('v5.10-rc1', id('fix'));
		add('later', { on: id('fix'), subject: 'acme: Go on', files: { other: 'y\n' } });
		history.tag('v5.10', id('later'));
		add('revert', {
			on: id('later'),
			subject: `Revert "${subject}"`,
			body: `This reverts commit ${id('fix')}.`,
			files: { [PATH]: driver() },
		});
		history.tag('v5.11', id('revert'));
		add('again', {
			on: id('revert'),
			subject: `Revert "Revert "${subject}""`,
			body: `This reverts commit ${id('revert').slice(0, 12)}.`,
			files: { [PATH]: driver(FIXED) },
		});
		history.tag('v5.12', id('again'));
		add('fix-of-fix', {
			on: id('again'),
			subject: 'acme: Fix the fix',
			body: `Fixes: ${id('fix').slice(0, 10)} ("acme: Fix\n  it")`,
			files: { [PATH]: driver({ ...FIXED, 20: 'truly fixed line' }) },
		});
		add('fix-of-fix-of-fix', {
			on: id('fix-of-fix'),
			subject: 'acme: Fix the fix of the fix',
			body: `Fixes: ${id('fix-of-fix').slice(0, 12)} ("acme: Something else")`,
			files: { [PATH]: driver({ ...FIXED, 20: 'very truly fixed line' }) },
		});
		add('unrelated', {
			on: id('fix-of-fix-of-fix'),
			subject: 'other: Fix what the fix made of it',
			body: `Fixes: ${'0'.repeat(12)} ("acme: Fix it")`,
			files: { 'drivers/new.c': 'x\n' },
		});
		add('unrelated-2', {
			on: id('unrelated'),
			subject: 'new: Fix what the fix made of it',
			body: `Fixes: ${id('fix')}`,
			files: { 'drivers/new.c': 'y\n' },
		});
		history.tag('v5.13', id('unrelated-2'));
		stable('5.1', 'root', [
			{ name: 's1', subject, body: `commit ${id('fix')} upstream.`, text: driver(FIXED) },
			{
				name: 's1-revert',
				subject: `Revert "${subject}"`,
				body: `This reverts commit ${id('fix').slice(0, 12)} which is upstream.`,
				text: driver(),
			},
		]);
		stable('5.2', 'root', [
			{ name: 's2', subject, body: `[ Upstream commit ${id('fix')} ]`, text: driver(FIXED) },
		]);
		stable('5.3', 'root', [
			{
				name: 's3',
				subject,
				body: `(cherry picked from commit ${id('fix')})`,
				text: driver(FIXED),
			},
		]);
		stable('5.4', 'root', [{ name: 's4', subject, at: 5, text: driver(FIXED) }]);
		stable('5.5', 'root', [
			// Other context, another line: the patch id differs.
			{ name: 's5', subject, at: 5, text: driver({ ...FIXED, 24: 'and a fifth', 18: 'x' }) },
		]);
		stable('5.6', 'root', [
			// The same words, and nothing of the change.
			{ name: 's6', subject, at: 900, text: driver({ 3: 'a', 4: 'b', 5: 'c' }) },
		]);
		stable('5.7', 'root', [
			{ name: 's7', subject: 'vendor: acme: fix', at: 5, text: driver(FIXED) },
		]);
		stable('5.8', 'root', [
			{
				name: 's8',
				subject: 'acme: Fix it and more',
				body: `commit ${id('fix')} upstream.\n\n[ adapted ]`,
				text: driver({ 30: 'all different' }),
			},
		]);
		history.branch('master', id('unrelated-2'));
		store = await openNativeStore(history.dir, { env: history.env });
	});

	after(async () => {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('finds it by ancestry and by each kind of copy, and what was reverted', async () => {
		const report = await contains(store, id('fix'));
		assert.deepEqual(table(report), [
			'mainline v5.10-rc1 ancestry certain',
			'5.1.y v5.1.1 upstream-line certain not any more v5.1.2',
			'5.2.y v5.2.1 upstream-line certain',
			'5.3.y v5.3.1 cherry-pick-line certain',
			'5.4.y v5.4.1 patch-id certain',
			'5.5.y v5.5.1 same-subject-and-author possible',
			'5.7.y v5.7.1 patch-id likely',
			'5.8.y v5.8.1 upstream-line likely',
			'5.10.y v5.10 ancestry certain',
			'5.12.y v5.12 ancestry certain v5.12',
			'5.13.y v5.13 ancestry certain v5.13',
		]);
		assert.deepEqual(report.first, { release: 'v5.10-rc1', series: 'mainline', sure: true });
		const reverts = report.reversals.map(({ commit, effect }) => [commit, effect]);
		assert.deepEqual(
			new Map(reverts as [string, string][]),
			new Map([
				[id('revert'), 'removes'],
				[id('again'), 'restores'],
				[id('s1-revert'), 'removes'],
			]),
		);
	});

	it('finds the same from a copy, by an abbreviation, and from a memory', async () => {
		const whole = await contains(store, id('fix'));
		const series = (report: ContainsReport) =>
			report.series.map((one) => [one.series, one.contained]);
		assert.deepEqual(series(await contains(store, id('s2'))), series(whole));
		assert.deepEqual((await contains(store, id('fix').slice(0, 12))).series, whole.series);
		const kept = new Map<string, Uint8Array>();
		const memory: HistoryMemory = {
			recall: async (key) => kept.get(key),
			keep: async (key, value) => {
				kept.set(key, value);
			},
		};
		for (let i = 0; i < 2; i++) {
			assert.deepEqual(await contains(store, id('fix'), memory), whole);
			assert.equal(kept.size, 1);
		}
	});

	it('names what followed it up, to any depth, and whether its code is there', async () => {
		const { followUps } = await contains(store, id('fix'));
		const found = followUps.map(({ commit, kind, depth, confidence }) => [
			[...ids].find(([, known]) => known === commit)?.[0],
			kind,
			depth,
			confidence,
		]);
		assert.deepEqual(found, [
			['revert', 'reverts', 1, 'certain'],
			['again', 'restores', 1, 'certain'],
			['fix-of-fix', 'fixes', 1, 'certain'],
			['unrelated', 'fixes', 1, 'likely'],
			['unrelated-2', 'fixes', 1, 'certain'],
			['s1-revert', 'reverts', 1, 'certain'],
			['fix-of-fix-of-fix', 'fixes', 2, 'likely'],
		]);
		const states = (name: string) =>
			Object.fromEntries(
				followUps
					.find(({ commit }) => commit === id(name))
					?.targets.map(({ release, state }) => [release, state]) ?? [],
			);
		assert.equal(states('fix-of-fix')['v5.2.1'], 'concerns');
		assert.equal(states('fix-of-fix')['v5.13'], 'there');
		assert.equal(states('unrelated-2')['v5.2.1'], 'elsewhere');
		assert.equal(states('revert')['v5.12'], 'elsewhere');
	});

	it('knows ids that are gone by what is said of them', async () => {
		const gone = 'abcdefabcdef0123456789abcdefabcdef012345';
		const other = WrittenHistory.make(join(folder, 'gone.git'));
		const root = other.commit({ subject: 'r', files: { a: '1\n' } });
		const copy = other.commit({
			on: root,
			subject: 'a: Fix',
			body: `commit ${gone} upstream.`,
			files: { a: '2\n' },
		});
		const fix = other.commit({
			on: copy,
			subject: 'a: Fix more',
			body: `Fixes: ${gone.slice(0, 12)} ("a: Fix")`,
			files: { a: '3\n' },
		});
		other.tag('v4.1', root);
		other.tag('v4.1.1', copy);
		other.tag('v4.1.2', fix);
		const gones = await openNativeStore(other.dir, { env: other.env });
		try {
			for (const asked of [gone, gone.slice(0, 12)]) {
				const report = await contains(gones, asked);
				assert.equal(report.here, false);
				assert.deepEqual(table(report), ['4.1.y v4.1.1 upstream-line certain']);
				assert.deepEqual(
					report.followUps.map(({ commit }) => commit),
					[fix],
				);
			}
			const nowhere = await contains(gones, '1234567890ab');
			assert.equal(nowhere.first, null);
			await assert.rejects(contains(gones, 'no-such-branch'), isFailure('unknown-revision'));
			await assert.rejects(contains(gones, '--all'), isFailure('unknown-revision'));
		} finally {
			await gones.close();
		}
	});

	it('agrees with git tag --contains on histories of any shape', async () => {
		for (const seed of [1, 2, 3]) {
			const dir = join(folder, `random-${seed}.git`);
			const all = makeHistory(dir, randomShape(120, seed));
			const random = WrittenHistory.at(dir);
			const order = all.map((commit, i) => {
				random.tag(`v5.${i}`, commit);
				return commit;
			});
			const one = await openNativeStore(dir, { env: random.env });
			try {
				for (const commit of [order[3], order[40], order[90], order[119]]) {
					const { series } = await contains(one, commit ?? '');
					const ours = series.filter(({ contained }) => contained).map(({ last }) => last);
					const theirs = random.git(['tag', '--contains', commit ?? '', 'v*']).split('\n');
					assert.deepEqual(ours.sort(), theirs.sort());
				}
			} finally {
				await one.close();
			}
		}
	});
});

function isFailure(code: string) {
	return (error: unknown): boolean =>
		error instanceof RangefinderError && error.failure.code === code;
}
