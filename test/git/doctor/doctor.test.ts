/** What the doctor finds in clones of many kinds, and that it changes nothing. */
import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../../cli/adapter.ts';
import { doctorText } from '../../../cli/output/doctor-text.ts';
import { failureOf } from '../../../src/errors.ts';
import type { Finding } from '../../../src/git/doctor/finding.ts';
import { missingReleases } from '../../../src/git/doctor/judge.ts';
import { doctorReport } from '../../../src/git/doctor/report.ts';
import { releasesFromTags } from '../../../src/kernel/releases.ts';
import { rangefinder } from '../../cli/rangefinder.ts';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../../kernel/miniature.ts';
import { allowPartial, partialClone } from '../fetching.ts';
import { fingerprint } from '../fingerprint.ts';
import { makeSource } from '../repositories.ts';

describe('the doctor', () => {
	let folder: string;
	let kernel: MiniatureKernel;
	let cache: string;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-doctor-'));
		kernel = await makeMiniatureKernel(folder);
		await allowPartial(kernel.dir);
		cache = join(folder, 'cache');
	});
	after(() => rmSync(folder, { recursive: true }));

	function engine(more: Record<string, string> = {}) {
		const env = {
			PATH: process.env.PATH,
			GIT_CONFIG_GLOBAL: '/dev/null',
			RANGEFINDER_CACHE: cache,
			...more,
		};
		return createEngine({ cwd: folder, env, stdin: Readable.from([]) });
	}

	/** The report of a clone, which is as it was afterwards. */
	async function examined(dir: string, more?: Record<string, string>) {
		const was = fingerprint(dir);
		const report = doctorReport.parse(await engine(more).doctor({ repo: dir }));
		assert.equal(fingerprint(dir), was, 'the clone is as it was');
		const find = (id: string): Finding | undefined => report.findings.find((one) => one.id === id);
		return { report, find };
	}

	it('has nothing against a whole clone with a commit-graph', async () => {
		const dir = join(folder, 'whole.git');
		await runGit(['clone', '-q', '--bare', kernel.dir, dir]);
		const before = await examined(dir);
		assert.match(String(before.find('commit-graph')?.text), /there is no commit-graph/);
		assert.equal(before.find('commit-graph')?.severity, 'note', 'a small one is fast without');
		await runGit(['-C', dir, 'commit-graph', 'write', '--reachable']);
		const commits = (await runGit(['-C', dir, 'rev-list', '--all', '--count'])).trim();
		assert.match(
			String((await examined(dir)).find('commit-graph')?.text),
			new RegExp(`^the commit-graph has ${commits} commits without changed paths`),
		);
		const command = before.find('commit-graph')?.command?.split(' ') ?? [];
		assert.equal(command[0], 'git');
		rmSync(join(dir, 'objects/info/commit-graph'));
		await runGit(command.slice(1));
		const { report, find } = await examined(dir);
		assert.deepEqual(find('commit-graph'), {
			id: 'commit-graph',
			severity: 'good',
			text: `the commit-graph has ${commits} commits, with changed paths`,
			command: null,
		});
		assert.equal(report.hurts, 0, JSON.stringify(report.findings));
		assert.match(String(find('tags')?.text), /^14 release tags, the newest is v4\.10 /);
		assert.match(String(find('cache')?.text), /has 0 MiB/);
		assert.equal(find('index')?.severity, 'good');
	});

	it('reads a commit-graph in several files', async () => {
		const dir = join(folder, 'split.git');
		await runGit(['clone', '-q', '--bare', kernel.dir, dir]);
		const write = [
			'commit-graph',
			'write',
			'--split=no-merge',
			'--changed-paths',
			'--stdin-commits',
		];
		for (const tag of ['v4.1', 'v4.4', 'v4.10']) {
			const commit = await runGit(['-C', dir, 'rev-parse', tag]);
			await runGit(['-C', dir, ...write], commit);
		}
		const count = await runGit(['-C', dir, 'rev-list', '--count', 'v4.10']);
		const { find } = await examined(dir);
		assert.equal(
			find('commit-graph')?.text,
			`the commit-graph has ${count.trim()} commits, with changed paths`,
		);
	});

	it('says where a shallow clone ends, and a partial one comes from', async () => {
		const dir = join(folder, 'shallow.git');
		const from = `file://${kernel.dir}`;
		await runGit(['clone', '-q', '--bare', '--depth=2', '--filter=blob:none', from, dir]);
		const { report, find } = await examined(dir);
		assert.equal(find('shallow')?.severity, 'hurts');
		assert.match(String(find('shallow')?.text), /ends at \d+ commits?, and what lies before/);
		assert.equal(find('shallow')?.command, `git -C ${dir} fetch --unshallow`);
		assert.equal(find('partial')?.severity, 'note');
		assert.match(String(find('partial')?.text), /partial \(blob:none, from file:.*--offline/);
		assert.ok(report.hurts > 0);
	});

	it('says what keeps a partial clone from being read', async () => {
		const trees = await examined(await partialClone(kernel.dir, folder, 'tree:0'));
		assert.equal(trees.find('partial')?.severity, 'hurts');
		assert.match(String(trees.find('partial')?.command), /--refetch --filter=blob:none/);
		const dir = await partialClone(kernel.dir, folder);
		await runGit(['-C', dir, 'config', 'remote.origin.url', 'http://user:secret@example.org/x']);
		const { find, report } = await examined(dir);
		assert.equal(find('partial')?.severity, 'hurts');
		assert.match(String(find('partial')?.text), /nothing is fetched from http:\/\/example.org\/x/);
		assert.doesNotMatch(JSON.stringify(report), /secret/);
	});

	it('names programs, hooks, grafts, replacements and lost alternates', async () => {
		const dir = await makeSource(join(folder, 'odd'));
		await runGit(['-C', dir, 'config', 'core.fsmonitor', 'evil']);
		await runGit(['-C', dir, 'config', 'diff.x.textconv', 'evil']);
		await runGit(['-C', dir, 'config', 'diff.renames', 'true']);
		mkdirSync(join(dir, '.git/hooks'), { recursive: true });
		writeFileSync(join(dir, '.git/hooks/post-checkout'), '#!/bin/sh\n');
		chmodSync(join(dir, '.git/hooks/post-checkout'), 0o755);
		await runGit(['-C', dir, 'replace', 'v4.1^{commit}', 'v4.0']);
		const commit = (await runGit(['-C', dir, 'rev-parse', 'v4.2^{commit}'])).trim();
		writeFileSync(join(dir, '.git/info/grafts'), `${commit}\n`);
		appendFileSync(
			join(dir, '.git/objects/info/alternates'),
			`${folder}/gone\n${kernel.dir}/objects\n`,
		);
		const { find, report } = await examined(dir);
		assert.equal(
			find('programs')?.text,
			'settings and hooks that name programs are ignored: core.fsmonitor, diff.x.textconv, hook:post-checkout',
		);
		assert.match(String(find('replace')?.text), /^1 replace ref: /);
		assert.equal(find('grafts')?.severity, 'hurts');
		const alternates = report.findings.filter(({ id }) => id === 'alternates');
		assert.deepEqual(
			alternates.map(({ severity }) => severity),
			['note', 'hurts'],
		);
		assert.match(String(find('kind')?.text), /with a work tree/);
	});

	it('tells a linked worktree and SHA-256, and misses tags and stable releases', async () => {
		const main = await makeSource(join(folder, 'main'), 'sha256');
		const dir = join(folder, 'linked');
		await runGit(['-C', main, 'worktree', 'add', '-q', '--detach', dir, 'v4.1']);
		const { find } = await examined(dir);
		assert.match(String(find('kind')?.text), /a linked worktree, its ids are SHA-256/);
		assert.equal(find('stable')?.severity, 'hurts');
		assert.match(String(find('stable')?.command), /remote add stable https:\/\/git\.kernel\.org/);
		const bare = join(folder, 'bare.git');
		await runGit(['init', '-q', '--bare', bare]);
		const empty = await examined(bare);
		assert.equal(empty.find('tags')?.severity, 'hurts');
	});

	it('counts gaps between releases, and none between years', () => {
		const releases = (...names: string[]) =>
			releasesFromTags(names.map((name) => ({ name, commit: name, date: 0 })));
		assert.deepEqual(
			missingReleases(releases('v4.12', 'v4.14', 'v4.14.2', 'v4.14.4', 'v4.15-rc1', 'v5.2')),
			['v4.14.1', 'v4.14.3', 'v4.13'],
		);
		assert.deepEqual(missingReleases(releases('v2024.01', 'v2024.04', 'v2024.10')), []);
		assert.deepEqual(missingReleases(releases('v2.6.30', 'v2.6.32')), ['v2.6.31']);
		assert.deepEqual(missingReleases([]), []);
	});

	it('sees a cache folder that cannot be written', async () => {
		const { find } = await examined(kernel.dir, {
			RANGEFINDER_CACHE: join(kernel.dir, 'HEAD', 'below'),
		});
		assert.equal(find('cache')?.severity, 'hurts');
	});

	it('fails where there is no repository', async () => {
		const error = await engine()
			.doctor({ repo: join(folder, 'nowhere') })
			.catch((thrown: unknown) => thrown);
		assert.equal(failureOf(error)?.code, 'not-a-repository');
	});

	it('prints what it found, and exits by whether anything hurts', async () => {
		const { report } = await examined(kernel.dir);
		const sound = { ...report, findings: report.findings.slice(0, 2), hurts: 0 };
		const one: Finding = { id: 'x', severity: 'hurts', text: 'a\u001b[31m b', command: 'git gc' };
		const sick = { ...sound, findings: [...sound.findings, one], hurts: 1 };
		const fine = await rangefinder(['doctor'], { doctor: async () => sound });
		assert.equal(fine.code, 0);
		assert.match(fine.out, /\nNothing hurts\.\n$/);
		const ill = await rangefinder(['doctor'], { doctor: async () => sick });
		assert.equal(ill.code, 1);
		assert.match(ill.out, /\nhurts {2}a\\x1b\[31m b\n {7}\$ git gc\n\n1 of 3 hurt\.\n$/);
		assert.equal(
			doctorText(sick, 80, (_tone, text) => text).every((line) => line.length <= 80),
			true,
		);
		const json = await rangefinder(['doctor', '--json'], { doctor: async () => sick });
		assert.equal(json.code, 1);
		assert.doesNotMatch(json.out, /\u001b/);
		assert.deepEqual(JSON.parse(json.out), sick);
	});
});
