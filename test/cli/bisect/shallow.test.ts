/** Where a shallow clone ends, nothing is named that may be wrong: what it takes to tell is said instead. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { probeReport } from '../../../src/history/bisect-report.ts';
import { fingerprint } from '../../git/fingerprint.ts';
import { makeHistory, numbers, randomShape } from '../../history/random-history.ts';
import { DECLARED, onMiniature, RANGE, STYLE } from './runs.ts';

const AS_SOMEBODY = ['-c', 'user.name=A U Thor', '-c', 'user.email=author@example.org'];

describe('bisect and probe in a shallow clone', () => {
	const runs = onMiniature();

	/** A clone with some tags, each with so many commits below it. */
	function shallow(depth: number, ...tags: string[]): string {
		const dir = runs.clone('--depth', '1');
		const wanted = tags.map((tag) => `refs/tags/${tag}:refs/tags/${tag}`);
		git(dir, 'fetch', '-q', `--depth=${depth}`, 'origin', ...wanted);
		return dir;
	}

	function git(dir: string, ...args: string[]): string {
		return execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8', env: runs.env }).trim();
	}

	/** The command that a report names, run as it stands. */
	function follow(command: string | undefined): void {
		assert.match(command ?? '', /^git -C \S+ fetch --unshallow$/);
		execFileSync('/bin/sh', ['-c', command ?? ''], { env: runs.env, stdio: 'ignore' });
	}

	it('finds the first commit at any depth, or says how it can be told', async () => {
		const found: string[] = [];
		for (const depth of [1, 2, 3, 4, 6, 9, 14]) {
			const dir = shallow(depth, 'v4.1', 'v4.8');
			const was = fingerprint(dir);
			const { code, report } = await runs.bisectedIn(dir, ...RANGE, '--where', STYLE);
			assert.equal(fingerprint(dir), was);
			found.push(report.result);
			if (report.result === 'found') {
				assert.equal(code, 0);
				assert.equal(report.first?.commit, runs.commit(DECLARED));
				assert.equal(report.cannotTell, undefined);
			} else {
				assert.equal(code, 125);
				assert.equal(report.first, null);
				assert.match(report.cannotTell?.why ?? '', /shallow clone ends at [0-9a-f]{12}/);
			}
		}
		assert.equal(found[0], 'cannot-tell');
		assert.equal(found.at(-1), 'found');
	});

	it('prints what cannot be told and the command, which then helps', async () => {
		const dir = shallow(1, 'v4.1', 'v4.8');
		const { code, out } = await runs.in(dir, 'bisect', ...RANGE, '--where', STYLE);
		assert.equal(code, 125);
		assert.match(out, /^it cannot be told which commit is the first bad one: /);
		assert.match(out, /^cannot tell: the history of this shallow clone ends at /m);
		assert.ok(out.split('\n').every((line) => line.length <= 80 || line.includes(dir)));
		const { report } = await runs.bisectedIn(dir, ...RANGE, '--where', STYLE);
		follow(report.cannotTell?.run);
		const whole = await runs.bisectedIn(dir, ...RANGE, '--where', STYLE);
		assert.equal(whole.report.first?.commit, runs.commit(DECLARED));
		assert.equal(whole.report.first?.firstRelease, 'v4.8');
	});

	it('cannot tell of what went before the clone begins', async () => {
		// zeta came in v4.4 and is there in all of what the clone has.
		const dir = shallow(2, 'v4.5', 'v4.8');
		const where = ['--where', "style(zeta-mmu) != 'absent'"];
		git(
			dir,
			'branch',
			'before',
			git(dir, ...AS_SOMEBODY, 'commit-tree', '-m', 'x', emptyTree(dir)),
		);
		const ends = ['--good', 'before', '--bad', 'v4.8'];
		const { code, report } = await runs.bisectedIn(dir, ...ends, ...where);
		assert.equal(code, 125);
		assert.ok(
			report.notes.some((note) => note.includes('no common ancestor in this shallow clone')),
		);
		assert.match(report.cannotTell?.run ?? '', /--unshallow/);
		const run = ['--run', '--', 'sh', '-c', 'test ! -e drivers/iommu/zeta-mmu.c'];
		const other = await runs.bisectedIn(dir, ...ends, ...run);
		assert.equal(other.code, 125);
		assert.equal(other.report.suspects.length, 1);
	});

	it('lists changes that it sees, and says that there may be others', async () => {
		const dir = shallow(14, 'v4.1', 'v4.8');
		const seen = await runs.bisectedIn(dir, ...RANGE, '--flips', '--where', STYLE);
		assert.equal(seen.code, 0);
		assert.deepEqual(
			seen.report.flips.map(({ commit }) => commit),
			[runs.commit(DECLARED)],
		);
		const cut = shallow(1, 'v4.1', 'v4.8');
		const { code, report } = await runs.bisectedIn(cut, ...RANGE, '--flips', '--where', STYLE);
		assert.equal(code, 125);
		assert.deepEqual(report.flips, []);
		assert.match(report.cannotTell?.run ?? '', /--unshallow/);
	});

	it('cannot tell by contains() what may be below', async () => {
		const dir = shallow(1, 'v4.1', 'v4.8');
		const old = runs.commit(DECLARED);
		const probed = await runs.in(dir, 'probe', 'v4.8', '--where', `contains(${old})`, '--json');
		assert.equal(probed.code, 125);
		assert.match(
			probeReport.parse(JSON.parse(probed.out)).evidence[0]?.text ?? '',
			/shallow clone/,
		);
		const yes = await runs.in(dir, 'probe', 'v4.8', '--where', 'contains(v4.8)');
		assert.equal(yes.code, 0);
		// Nothing that is before v4.8 has it, whatever is below; v4.1 is cut off as well.
		const no = await runs.in(dir, 'probe', 'v4.1', '--where', 'contains(v4.8)');
		assert.equal(no.code, 125);
		const deep = shallow(14, 'v4.1', 'v4.8');
		const said = await runs.in(deep, 'probe', 'v4.8~1', '--where', 'contains(v4.8)');
		assert.equal(said.code, 1);
	});

	it('names no first release where an earlier one may have the commit', async () => {
		const dir = shallow(14, 'v4.1', 'v4.8');
		git(dir, 'fetch', '-q', '--depth=1', 'origin', 'refs/tags/v4.4.2:refs/tags/v4.4.2');
		const { report } = await runs.bisectedIn(dir, ...RANGE, '--where', STYLE);
		assert.equal(report.first?.commit, runs.commit(DECLARED));
		assert.equal(report.first?.firstRelease, null);
	});

	it('is never wrong, wherever a history of any shape is cut', async () => {
		let told = 0;
		for (let seed = 1; seed <= 25; seed++) {
			const below = numbers(seed * 104_729);
			const shape = randomShape(30, seed);
			const bad = 29;
			const parents = (i: number): readonly number[] => shape[i] ?? [];
			const first = pickAncestor(parents, bad, below);
			const has = shape.map(() => false);
			for (const i of shape.keys()) has[i] = i === first || parents(i).some((one) => has[one]);
			const good = [...shape.keys()].filter((i) => !has[i] && i !== bad);
			if (good.length === 0) continue;
			const dir = join(runs.folder, `shape-${seed}.git`);
			const text = (i: number) => (has[i] ? 'int marker(void);\n' : 'int other(void);\n');
			const ids = makeHistory(dir, shape, (i) => ({ 'f.h': text(i), [`f${i}`]: '' }));
			const cuts = new Set(Array.from({ length: 1 + below(3) }, () => below(30)));
			writeFileSync(join(dir, 'shallow'), [...cuts].map((cut) => `${ids[cut]}\n`).join(''));
			const at = (i: number | undefined) => ids[i ?? -1] ?? '';
			const start = at(good[below(good.length)]);
			const ends = ['--good', start, '--bad', at(bad)];
			const asks =
				seed % 2 === 0
					? ['--where', 'symbol(marker) in f.h']
					: ['--run', '--', 'sh', '-c', '! grep -q marker f.h'];
			const { code, out, err } = await runs.in(dir, 'bisect', '--json', ...ends, ...asks);
			if (code === 125) continue;
			assert.equal(code, 0, `seed ${seed}: ${err}`);
			assert.equal(JSON.parse(out).first.commit, at(first), `seed ${seed}`);
			told++;
		}
		assert.ok(told >= 8, `${told}`);
	});

	/** A commit among the ancestors of another. */
	function pickAncestor(
		parents: (commit: number) => readonly number[],
		of: number,
		below: (limit: number) => number,
	): number {
		let at = of;
		for (let steps = below(12); steps > 0; steps--) {
			const some = parents(at);
			if (some.length === 0) break;
			at = some[below(some.length)] ?? at;
		}
		return at;
	}

	function emptyTree(dir: string): string {
		return execFileSync('git', ['-C', dir, 'mktree'], { input: '', encoding: 'utf8' }).trim();
	}
});
