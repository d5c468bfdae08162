/** What the history of the miniature kernel adds to the answers: landmarks by name, and where the patch is already. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine } from '../../cli/engine.ts';
import { type RangeReport, rangeReport } from '../../src/range/report.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { WrittenHistory } from '../history/written-history.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { asked } from './asked.ts';

describe('range with the history of a clone', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	let engine: Engine;
	let untouched = '';
	let report: RangeReport;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-range-history-'));
		kernel = await makeMiniatureKernel(folder);
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
		untouched = fingerprint(kernel.dir);
		const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
		engine = createEngine({
			cwd: folder,
			env,
			stdin: Object.assign(Readable.from([]), { isTTY: false }),
		});
		report = await engine.range(asked({ repo: kernel.dir, noHistory: false }));
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	/** The text of the notes, commits by their subjects. */
	const named = (text: string): string => {
		for (const [subject, id] of kernel.commits) {
			text = text.replaceAll(`${id.slice(0, 12)} ("${subject}"`, `<${subject}`);
		}
		return text;
	};

	it('keeps to its contract', () => {
		assert.deepEqual(rangeReport.parse(report), report);
	});

	it('finds who introduced the bug, who exposed it and who ended it', () => {
		const notes = report.tags.notes.map(named).join('\n');
		assert.match(notes, /^the bug came with <Linux 4.1, v4.1\)$/m);
		assert.match(
			notes,
			/^exposed to beta-iommu between v4.6-rc1 and v4.6 by <iommu\/beta: Make it a plain platform driver, v4.6\)/m,
		);
		assert.match(
			notes,
			/^acme-mmu has it no more since <iommu\/acme-mmu: Declare the IOMMU for IOMMU_DMA, v4.8\)$/m,
		);
		assert.match(
			notes,
			/^acme-mmu has it no more since <iommu\/acme-mmu: Look for hardware before taking the bus, v4.9\)$/m,
		);
		const fixes = (subject: string) =>
			`Fixes: ${kernel.commits.get(subject)?.slice(0, 12)} ("${subject}")`;
		assert.deepEqual(report.tags.fixes, [
			fixes('Linux 4.1'),
			fixes('iommu/beta: Make it a plain platform driver'),
		]);
		assert.match(
			notes,
			/^[0-9a-f]{12} brought the bug, [0-9a-f]{12} \(to beta-iommu\) exposed it$/m,
		);
	});

	it('finds who brought what a release lacks, and what supersedes the patch', () => {
		const arm = (release: string, config = 'arm') =>
			report.releases
				.find((one) => one.release === release)
				?.byConfig.find((one) => one.config === config);
		const texts = arm('v4.4')?.reasons.map(({ text }) => named(text)) ?? [];
		assert.match(
			texts[0] ?? '',
			/brought by <iommu\/of: Let the lookup of an IOMMU defer, v4.6-rc1\)/,
		);
		assert.match(texts[1] ?? '', /brought by <drivers: base: Configure DMA when a driver probes, /);
		const [instead] = arm('v4.8', 'arm64')?.prerequisites ?? [];
		const declares = kernel.commits.get('iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA') ?? '';
		assert.deepEqual([instead?.form, instead?.commit], ['instead', declares.slice(0, 12)]);
	});

	it('says where the list that ships names other commits', () => {
		const notes = report.tags.notes.filter((note) => note.includes('the list that ships'));
		assert.equal(notes.length, 2);
	});

	it('changes no verdict of the rules by the names it finds', async () => {
		const without = await engine.range(asked({ repo: kernel.dir }));
		const verdicts = ({ releases }: RangeReport) =>
			releases.map(({ release, verdict, bug, byConfig }) => [
				release,
				verdict,
				bug,
				...byConfig.map((one) => [one.config, one.verdict, one.bug]),
			]);
		assert.deepEqual(verdicts(report), verdicts(without));
	});

	it('names one commit as Fixes: where that alone brought the bug', async () => {
		const one = await engine.range(
			asked({ repo: kernel.dir, noHistory: false, all: false, release: ['v4.2', 'v4.4'] }),
		);
		assert.deepEqual(one.tags.fixes, [
			`Fixes: ${kernel.commits.get('Linux 4.1')?.slice(0, 12)} ("Linux 4.1")`,
		]);
	});

	it('leaves the repository as it was', () => {
		assert.equal(fingerprint(kernel.dir), untouched);
	});
});

const PATH = 'drivers/net/acme.c';
const LINES = Array.from({ length: 30 }, (_, i) => `int line_${i};`);

/** A file with lines replaced, by number. */
function text(changes: Readonly<Record<number, string>>): string {
	return `${LINES.map((line, i) => changes[i] ?? line).join('\n')}\n`;
}

describe('range of a patch that the history knows', () => {
	let folder = '';
	let history: WrittenHistory;
	let engine: Engine;
	let fix = '';
	let blamed = '';
	let followUp = '';
	let mail = '';

	/** Releases of one series each: the history of a file whose line 10 is wrong from v5.2 on. */
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-range-known-'));
		history = WrittenHistory.make(join(folder, 'r.git'));
		const commit = (on: string | undefined, subject: string, body: string, now: string): string =>
			history.commit({
				...(on === undefined ? {} : { on }),
				subject,
				body,
				files: { [PATH]: now },
			});
		const root = commit(undefined, 'net: acme: Add it', '', text({}));
		history.tag('v5.1', root);
		blamed = commit(root, 'net: acme: Count', '', text({ 10: 'int wrong;', 11: 'int line;' }));
		history.tag('v5.2', blamed);
		const copied = commit(
			root,
			'net: acme: Count',
			`commit ${blamed} upstream.`,
			text({ 10: 'int wrong;' }),
		);
		history.tag('v5.1.1', copied);
		fix = commit(
			blamed,
			'net: acme: Count rightly',
			`Fixes: ${blamed.slice(0, 12)} ("net: acme: Count")`,
			text({ 10: 'int right;', 11: 'int line;' }),
		);
		history.tag('v5.3', fix);
		const backport = commit(
			blamed,
			'net: acme: Count rightly',
			`[ Upstream commit ${fix} ]`,
			text({ 10: 'int right;', 11: 'int line;', 20: 'int vendor;' }),
		);
		history.tag('v5.2.1', backport);
		const back = commit(
			backport,
			'Revert "net: acme: Count rightly"',
			`This reverts commit ${backport}.`,
			text({ 10: 'int wrong;', 11: 'int line;', 20: 'int vendor;' }),
		);
		history.tag('v5.2.2', back);
		followUp = commit(
			fix,
			'net: acme: Count more rightly',
			`Fixes: ${fix.slice(0, 12)} ("net: acme: Count rightly")`,
			text({ 10: 'int very_right;', 11: 'int line;' }),
		);
		const elsewhere = history.commit({
			on: followUp,
			subject: 'net: beta: Follow acme',
			body: `Fixes: ${fix.slice(0, 12)} ("net: acme: Count rightly")`,
			files: { 'drivers/net/beta.c': text({}) },
		});
		const more = history.commit({
			on: elsewhere,
			subject: 'net: beta: Follow acme again',
			body: `Fixes: ${fix.slice(0, 12)} ("net: acme: Count rightly")`,
			files: { 'drivers/net/beta.c': text({ 3: 'x' }) },
		});
		history.tag('v5.4', more);
		mail = history.git(['format-patch', '-1', '--stdout', fix]);
		writeFileSync(join(folder, 'fix.patch'), mail);
		const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
		const stdin = Object.assign(Readable.from([]), { isTTY: false });
		engine = createEngine({ cwd: folder, env, stdin });
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	const EXPECTED = [
		'v5.1 not-needed blamed-not-there',
		'v5.1.1 unknown',
		'v5.2 unknown',
		'v5.2.1 not-needed contained',
		'v5.2.2 unknown reverted',
		'v5.3 not-needed contained',
		'v5.4 not-needed contained',
	];

	const table = ({ releases }: RangeReport): string[] =>
		releases.map(({ release, verdict, byConfig }) => {
			const told = ['contained', 'reverted', 'blamed-not-there'];
			const codes = (byConfig[0]?.reasons ?? []).map(({ code }) => code);
			return [release, verdict, ...codes.filter((code) => told.includes(code))].join(' ');
		});

	it('knows the releases that have it, had it, or lack what it fixes', async () => {
		const options = asked({ repo: history.dir, noHistory: false });
		for (const input of [fix, 'fix.patch']) {
			const report = await engine.range({ ...options, input });
			assert.deepEqual(rangeReport.parse(report), report);
			assert.deepEqual(table(report), EXPECTED);
		}
	});

	it('knows a patch that is no commit of the clone by its words and lines', async () => {
		writeFileSync(
			join(folder, 'mail.patch'),
			mail
				.replace(/^From [0-9a-f]{40}/, `From ${'0'.repeat(40)}`)
				.replace('[PATCH]', '[PATCH v3 1/2]'),
		);
		const options = asked({ repo: history.dir, noHistory: false, input: 'mail.patch' });
		assert.deepEqual(table(await engine.range(options)), EXPECTED);
	});

	it('raises follow-ups where their code is, and only there', async () => {
		const report = await engine.range(asked({ repo: history.dir, noHistory: false, input: fix }));
		const states = (commit: string) =>
			report.followUps
				?.find((one) => one.commit === commit)
				?.targets.map(({ release, state }) => `${release} ${state}`);
		assert.deepEqual(states(followUp), [
			'v5.1 elsewhere',
			'v5.1.1 elsewhere',
			'v5.2 concerns',
			'v5.2.1 concerns',
			'v5.2.2 concerns',
			'v5.3 concerns',
			'v5.4 there',
		]);
	});

	it('finds nothing to ask where releases follow directly on each other', async () => {
		const trees = WrittenHistory.make(join(folder, 'trees.git'));
		let last: string | undefined;
		for (const version of ['v5.1', 'v5.2', 'v5.3']) {
			last = trees.commit({
				...(last === undefined ? {} : { on: last }),
				subject: `Linux ${version}`,
				files: { [PATH]: text({ 10: `int wrong; // ${version}` }) },
			});
			trees.tag(version, last);
		}
		const options = asked({ repo: trees.dir, noHistory: false, input: 'fix.patch' });
		const report = await engine.range(options);
		assert.deepEqual(report, await engine.range({ ...options, noHistory: true }));
	});

	it('asks nothing of history when told not to', async () => {
		const report = await engine.range(asked({ repo: history.dir, input: fix }));
		assert.equal(report.followUps, undefined);
		assert.ok(report.releases.every(({ contained }) => contained === undefined));
	});
});
