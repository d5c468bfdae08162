/** The command `export`: mails that git am applies on the target to the tree that was proved. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import { messageOf } from '../../src/range/export.ts';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';
import { Solving, TEN, withLines } from '../range/solving.ts';
import { rangefinder } from './rangefinder.ts';

describe('the command export', () => {
	let folder = '';
	let kernel: MiniatureKernel;
	let all: Solving;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-export-'));
		kernel = await makeMiniatureKernel(folder);
		writeFileSync(join(folder, 'fix.patch'), kernel.fix.mail);
		all = await Solving.withReleases();
	});
	after(async () => {
		await all.remove();
		rmSync(folder, { recursive: true, force: true });
	});

	const exported = async (...words: string[]) => {
		const env = { PATH: process.env.PATH };
		const engine = createEngine({ cwd: folder, env, stdin: (async function* () {})() });
		const always = ['--no-index', '--no-cache'];
		const parts = { exportSeries: engine.exportSeries };
		return rangefinder(['export', ...always, ...words], parts, { env, cwd: folder });
	};

	/** What git am makes of a series on a commit, as a tree. */
	const applied = (dir: string, onto: string, mails: readonly string[]): string => {
		const work = join(folder, `work-${onto.slice(0, 8)}`);
		const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
		const git = (cwd: string, ...args: string[]) =>
			execFileSync('git', ['-C', cwd, ...args], { env, encoding: 'utf8' }).trim();
		git(folder, 'clone', '-q', '--no-checkout', dir, work);
		git(work, 'checkout', '-q', '--detach', onto);
		const named = ['-c', 'user.name=A U Thor', '-c', 'user.email=author@example.com'];
		git(work, ...named, 'am', '-q', ...mails);
		return git(work, 'rev-parse', 'HEAD^{tree}');
	};

	it('writes prerequisites and the patch; git am gives the tree of git cherry-pick', async () => {
		const target = all.root({ 'a.c': TEN });
		const [one = '', , fix = ''] = all.chain(
			target,
			{ 'a.c': withLines({ 5: 'one' }) },
			{ 'z.c': TEN },
			{ 'a.c': withLines({ 5: 'fix' }), 'z.c': TEN },
		);
		const before = fingerprint(all.history.dir);
		const words = [fix, '--onto', target, '-o', 'out', '--repo', all.history.dir];
		const { code, err } = await exported(...words);
		assert.equal(code, 0, err);
		assert.equal(fingerprint(all.history.dir), before);
		const out = join(folder, 'out');
		const names = readdirSync(out).sort();
		assert.equal(names.length, 3);
		const [cover = '', first = '', second = ''] = names.map((name) =>
			readFileSync(join(out, name), 'utf8'),
		);
		assert.match(cover, /^Subject: \[PATCH[^\]]* 0\/2\]/m);
		assert.match(cover, /without it [\s\S]*does not merge/);
		assert.match(first, new RegExp(`^commit ${one} upstream\\.$`, 'm'));
		assert.match(first, new RegExp(`^Stable-dep-of: ${fix.slice(0, 12)} \\("`, 'm'));
		assert.match(second, new RegExp(`^commit ${fix} upstream\\.$`, 'm'));
		assert.doesNotMatch(second, /Stable-dep-of/);
		const mails = names.slice(1).map((name) => join(out, name));
		const proof = await all.proof(target, [one, fix]);
		assert.equal(proof.result, 'applied');
		const tree = proof.result === 'applied' ? proof.tree : '';
		assert.equal(applied(all.history.dir, target, mails), tree);
		assert.match(cover, new RegExp(tree));
	});

	it('keeps the author of a mail, and claims no upstream commit for it', async () => {
		const words = ['fix.patch', '--onto', 'v4.6.1', '-o', 'mini', '--repo', kernel.dir];
		const { code, err, out } = await exported(...words);
		assert.equal(code, 0, `${err}${out}`);
		const names = readdirSync(join(folder, 'mini')).sort();
		const mails = names.filter((name) => !name.startsWith('0000-'));
		assert.ok(mails.length > 0);
		const last = readFileSync(join(folder, 'mini', mails.at(-1) ?? ''), 'utf8');
		assert.match(last, /^From: Mini Ature <mini@example\.org>$/m);
		assert.doesNotMatch(last, /upstream\.$/m);
		assert.match(last, /^Subject: \[PATCH 4\.6 /m);
		const paths = mails.map((name) => join(folder, 'mini', name));
		assert.match(applied(kernel.dir, 'v4.6.1', paths), /^[0-9a-f]{40}$/);
	});

	it('writes nothing where the patch does not land', async () => {
		const words = ['fix', '--onto', 'v4.9', '-o', 'none', '--repo', kernel.dir];
		const { code, out } = await exported(...words);
		assert.equal(code, 1);
		assert.match(out, /nothing is written: .*does not merge/s);
		assert.throws(() => readdirSync(join(folder, 'none')), /ENOENT/);
	});

	it('takes one target, and says what is missing', async () => {
		const several = ['fix', '--onto', 'v4.6', '--onto', 'v4.7', '-o', 'x', '--repo', kernel.dir];
		assert.match((await exported(...several)).err, /a series is for one target/);
		assert.match((await exported('fix', '-o', 'x', '--repo', kernel.dir)).err, /no target given/);
		assert.match((await exported('fix', '--onto', 'v4.6', '--repo', kernel.dir)).err, /--output/);
	});
});

describe('messages of backports', () => {
	const id = 'a'.repeat(40);

	it('have the upstream line first, and what is added among the trailers', () => {
		const before = 'acme: Fix it\n\nIt was broken.\n\nSigned-off-by: A <a@example.com>\n';
		const said = { upstream: id, note: 'adapted to v5.4 by merge', dependency: undefined };
		assert.equal(
			messageOf(before, said),
			`acme: Fix it\n\ncommit ${id} upstream.\n\nIt was broken.\n\n` +
				'Signed-off-by: A <a@example.com>\n[ adapted to v5.4 by merge ]\n',
		);
	});

	it('of a subject alone get a paragraph for what is added', () => {
		const said = { upstream: undefined, note: undefined, dependency: 'Stable-dep-of: 1 ("x")' };
		assert.equal(messageOf('acme: Fix it\n', said), 'acme: Fix it\n\nStable-dep-of: 1 ("x")\n');
	});
});
