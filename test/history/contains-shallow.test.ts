/** `contains` in clones that lack history or blobs: what cannot be told is said, and nothing is changed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import { type ContainsReport, containsReport } from '../../src/history/contains-report.ts';
import { rangefinder } from '../cli/rangefinder.ts';
import { allowPartial, partialClone } from '../git/fetching.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { WrittenHistory } from './written-history.ts';

const LINES = Array.from({ length: 40 }, (_, i) => `line ${i} of the driver`);
const PATH = 'drivers/acme.c';
const ACME = `${LINES.join('\n')}\n`;
const FIXED = ACME.replace('line 20 of', 'fixed line of').replace('line 21 of', 'another line of');

describe('contains in a clone that is not whole', () => {
	let folder = '';
	let origin: WrittenHistory;
	let fix = '';
	let copy = '';

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-lacking-'));
		origin = WrittenHistory.make(join(folder, 'origin.git'));
		const root = origin.commit({ subject: 'Linux 5.9', files: { [PATH]: ACME, other: 'x\n' } });
		origin.tag('v5.9', root);
		fix = origin.commit({ on: root, subject: 'acme: Fix it', files: { [PATH]: FIXED } });
		const later = origin.commit({ on: fix, subject: 'Linux 5.10', files: { other: 'y\n' } });
		origin.tag('v5.10', later);
		const on = origin.commit({ on: later, subject: 'Go on', files: { other: 'z\n' } });
		const last = origin.commit({ on, subject: 'Linux 5.11', files: { other: '5.11\n' } });
		origin.tag('v5.11', last);
		origin.branch('master', last);
		// On the branch of 5.9.y: a copy that does not say what it is a copy of.
		copy = origin.commit({ on: root, subject: 'acme: Fix it', files: { [PATH]: FIXED } });
		const stable = origin.commit({ on: copy, subject: 'Linux 5.9.1', files: { other: '1\n' } });
		origin.tag('v5.9.1', stable);
		origin.branch('5.9.y', stable);
		await allowPartial(origin.dir);
	});
	after(() => rmSync(folder, { recursive: true }));

	const env = () => ({ PATH: process.env.PATH, HOME: folder });

	/** A clone that has some tags, with so many commits below each. */
	function shallow(depth: number, ...tags: string[]): string {
		const dir = mkdtempSync(join(folder, 'clone-'));
		const refs = tags.map((tag) => `refs/tags/${tag}:refs/tags/${tag}`);
		const git = (...args: string[]) => execFileSync('git', args, { env: env(), stdio: 'ignore' });
		git('clone', '-q', '--no-tags', '--depth', '1', `file://${origin.dir}`, dir);
		git('-C', dir, 'fetch', '-q', '--no-tags', `--depth=${depth}`, 'origin', ...refs);
		return dir;
	}

	/** Runs the command, in text and as JSON. */
	async function contains(dir: string, commit: string, ...more: string[]) {
		const world = { cwd: folder, env: { ...env(), RANGEFINDER_CACHE: join(folder, 'cache') } };
		const was = fingerprint(dir);
		const run = (...words: string[]) => {
			const engine = createEngine({ ...world, stdin: (async function* () {})() });
			return rangefinder(['contains', commit, '--repo', dir, ...more, ...words], engine, world);
		};
		const json = await run('--json');
		const text = await run();
		assert.equal(fingerprint(dir), was, 'the clone stays as it is');
		assert.equal(text.code, json.code);
		const report = containsReport.parse(JSON.parse(json.out === '' ? json.err : json.out));
		return { code: json.code, report, text: text.out };
	}

	/** `series first`, with `?` before what cannot be told. */
	function table({ series }: ContainsReport): string[] {
		return series.map(({ series: name, first, cannotTell }) => {
			const doubt = cannotTell === undefined ? '' : ` ?${cannotTell.what}`;
			return `${name} ${first ?? '-'}${doubt}`;
		});
	}

	it('tells all of a whole clone', async () => {
		const { code, report, text } = await contains(origin.dir, fix);
		assert.equal(code, 0);
		assert.deepEqual(table(report), ['5.9.y v5.9.1', '5.10.y v5.10', '5.11.y v5.11']);
		assert.equal(report.first?.sure, true);
		assert.doesNotMatch(text, /cannot tell/);
	});

	it('says of releases that may have it below where their history ends', async () => {
		const dir = shallow(1, 'v5.10', 'v5.9');
		const { code, report, text } = await contains(dir, fix);
		assert.equal(code, 125);
		assert.equal(report.here, false);
		assert.equal(report.first, null);
		const all = ['5.9.y - ?contained', '5.10.y - ?contained'];
		assert.deepEqual(table(report), all);
		const run = report.series[0]?.cannotTell?.run ?? '';
		assert.equal(run, `git -C ${dir} fetch --unshallow`);
		assert.match(text, /^in no release of this clone that can be told$/m);
		assert.match(text, /^cannot tell: whether it is in 5\.9\.y - 5\.10\.y: the history of this/m);
		execFileSync('/bin/sh', ['-c', run], { env: env(), stdio: 'ignore' });
		assert.equal((await contains(dir, fix)).report.first?.release, 'v5.10');
	});

	it('does not doubt what was before the commit', async () => {
		const dir = shallow(3, 'v5.10');
		const deep = await contains(dir, fix);
		assert.equal(deep.code, 0);
		assert.deepEqual(table(deep.report), ['5.10.y v5.10']);
		const branch = shallow(3, 'v5.10', 'v5.9.1');
		execFileSync('git', ['-C', branch, 'fetch', '-q', '--depth=1', 'origin', 'tag', 'v5.11']);
		const { report, text } = await contains(branch, fix);
		assert.deepEqual(table(report), ['5.9.y v5.9.1', '5.10.y v5.10', '5.11.y - ?contained']);
		assert.match(text, /^cannot tell: whether it is in 5\.11\.y: /m);
	});

	it('is not sure of the first release where an earlier one cannot be told', async () => {
		const dir = shallow(1, 'v5.9', 'v5.9.1');
		execFileSync('git', ['-C', dir, 'fetch', '-q', '--depth=3', 'origin', 'tag', 'v5.11']);
		const last = origin.git(['rev-parse', 'v5.11~1']);
		const { code, report, text } = await contains(dir, last);
		assert.equal(code, 0);
		assert.deepEqual(report.first, { release: 'v5.11', series: '5.11.y', sure: false });
		assert.match(text, /^in v5\.11 \(5\.11\.y\), if not in an earlier one$/m);
	});

	it('fetches what the diffs of a clone without blobs are made of', async () => {
		const dir = await partialClone(origin.dir, folder);
		const { code, report } = await contains(dir, fix);
		assert.equal(code, 0);
		assert.deepEqual(table(report), ['5.9.y v5.9.1', '5.10.y v5.10', '5.11.y v5.11']);
	});

	it('says that diffs could not be compared where nothing may be fetched', async () => {
		const dir = await partialClone(origin.dir, folder);
		const { report } = await contains(dir, fix, '--offline', '--no-cache');
		assert.deepEqual(table(report), ['5.9.y -', '5.10.y v5.10', '5.11.y v5.11']);
		assert.ok(
			report.unseen.some((text) => /diff/.test(text)),
			report.unseen.join(),
		);
	});
});
