import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { onMiniature, RANGE } from './runs.ts';

describe('bisect with a command', () => {
	const runs = onMiniature();

	const command = (script: string, ...more: string[]) =>
		runs.bisected('--good', 'v4.1', '--bad', 'v4.10', ...more, '--run', '--', 'sh', '-c', script);

	it('finds the first commit at which it fails, in folders of its own', async () => {
		const script =
			'test ! -e .git && pwd >>"$HOME/folders" && echo $RANGEFINDER_COMMIT >>"$HOME/commits" && ' +
			'touch left; grep -q bus_set_iommu include/linux/iommu.h';
		const { code, report } = await command(script, '-j', '2');
		assert.equal(code, 0);
		assert.equal(report.first?.subject, 'iommu: Install the ops in the core');
		assert.ok(report.evaluations >= 4);
		const folders = new Set(readFileSync(join(runs.folder, 'folders'), 'utf8').trim().split('\n'));
		assert.equal(folders.size, 2);
		for (const one of folders) {
			assert.ok(one.startsWith(runs.cache), one);
			assert.ok(!existsSync(one));
		}
		const commits = readFileSync(join(runs.folder, 'commits'), 'utf8').trim().split('\n');
		assert.equal(new Set(commits).size, commits.length);
		assert.ok(commits.every((commit) => [...runs.kernel.commits.values()].includes(commit)));
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
		const hidden = runs.kernel.commits.get('Linux 4.9');
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
		const run = (...command: string[]) => runs.words('bisect', ...RANGE, '--run', '--', ...command);
		const given = await run('sh', '-c', 'exit 130');
		assert.equal(given.code, 2);
		assert.match(given.err, /it ended with 130, which says to give up/);
		const none = await run('./nope');
		assert.equal(none.code, 2);
		assert.match(none.err, /--run \.\/nope: .*ENOENT/);
		assert.deepEqual(readdirSync(join(runs.cache, 'work')), []);
	});
});
