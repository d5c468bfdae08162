/** The commit at which a value changes, against what a walk of every commit finds. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { GitRunner, spawnGit } from '../../src/git/process.ts';
import { changePoints, changesIn, gitWalk } from '../../src/history/change-point.ts';
import { WrittenHistory } from './written-history.ts';

describe('change points in a list', () => {
	it('are found with few evaluations', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(2000), fc.nat(2000), async (size, place) => {
				const commits = Array.from({ length: size + 1 }, (_, i) => `${i}`);
				const at = Math.min(place, size);
				let asked = 0;
				const found = await changesIn(commits, false, true, async (commit) => {
					asked++;
					return Number(commit) >= at;
				});
				assert.deepEqual(
					found.map((one) => one.at),
					[at],
				);
				assert.ok(asked <= Math.ceil(Math.log2(size + 1)), `${asked} of ${size + 1}`);
			}),
		);
	});

	it('say among which commits they are where some cannot be told', async () => {
		const commits = Array.from({ length: 20 }, (_, i) => `${i}`);
		const found = await changesIn(commits, 'a', 'b', async (commit) => {
			const i = Number(commit);
			return i > 7 && i < 12 ? undefined : i >= 9 ? 'b' : 'a';
		});
		assert.deepEqual(
			found.map(({ at, from }) => [from, at]),
			[[8, 12]],
		);
	});

	it('are all found where a value changes more than once, and ends otherwise than it began', async () => {
		const commits = Array.from({ length: 64 }, (_, i) => `${i}`);
		const value = (i: number) => (i < 16 ? 'a' : i < 40 ? 'b' : 'c');
		const found = await changesIn(commits, 'a', 'c', async (commit) => value(Number(commit)));
		assert.deepEqual(
			found.map(({ at }) => at),
			[16, 40],
		);
	});
});

describe('change points in a history', () => {
	let folder = '';
	let history: WrittenHistory;

	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-change-'));
		history = WrittenHistory.make(join(folder, 'r.git'));
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	it('are found on the side of a merge that brought them, through merges of merges', async () => {
		const commit = (on: string, value: string, merges: string[] = [], other = '') =>
			history.commit({
				on,
				merges,
				subject: 'x',
				files: { value, ...(other === '' ? {} : { other }) },
			});
		const root = history.commit({ subject: 'root', files: { value: '0', other: '0' } });
		let main = root;
		for (let i = 0; i < 5; i++) main = commit(main, '0', [], `m${i}`);
		const topic = commit(root, '0', [], 't');
		const change = commit(topic, '1');
		const after = commit(change, '1', [], 'u');
		const inner = commit(commit(root, '0', [], 'i'), '1', [after]);
		const merge = commit(main, '1', [inner]);
		let end = merge;
		for (let i = 0; i < 5; i++) end = commit(end, '1', [], `e${i}`);
		const stable = commit(main, '0', [], 'stable');
		const walk = gitWalk(new GitRunner(history.dir, history.env, spawnGit));
		let asked = 0;
		const evaluate = async (one: string): Promise<string> => {
			asked++;
			return history.git(['show', `${one}:value`]);
		};
		const query = { to: end, paths: ['value'], nothing: 'none', evaluate };
		for (const from of [root, main, stable]) {
			const found = await changePoints(walk, { ...query, from });
			assert.deepEqual(found, [{ commit: change, before: '0', after: '1' }]);
		}
		assert.ok(asked < 30);
		const all = await changePoints(walk, { ...query, from: undefined });
		assert.deepEqual(
			all.map((one) => one.commit),
			[root, change],
		);
		assert.deepEqual(await changePoints(walk, { ...query, from: root, to: main }), []);
	});

	it('are the merge itself where no side alone has the value, or had it all the time', async () => {
		const files = (a: string, b: string) => ({ a, b });
		const root = history.commit({ subject: 'r', files: files('0', '0') });
		const left = history.commit({ on: root, subject: 'l', files: files('1', '0') });
		const right = history.commit({ on: root, subject: 'r', files: files('0', '1') });
		const both = history.commit({
			on: left,
			merges: [right],
			subject: 'm',
			files: files('1', '1'),
		});
		const walk = gitWalk(new GitRunner(history.dir, history.env, spawnGit));
		const show = (one: string, path: string) => history.git(['show', `${one}:${path}`]);
		const evaluate = async (one: string) => show(one, 'a') + show(one, 'b') === '11';
		const query = { from: left, to: both, paths: ['a', 'b'], nothing: false, evaluate };
		assert.deepEqual(await changePoints(walk, query), [
			{ commit: both, before: false, after: true },
		]);
		const off = history.commit({ on: root, subject: 'off', files: files('9', '0') });
		const side = history.commit({ on: root, subject: 's', files: files('0', '5') });
		const back = history.commit({ on: off, merges: [side], subject: 'b', files: files('0', '5') });
		const value = {
			...query,
			from: off,
			to: back,
			nothing: '',
			evaluate: async (one: string) => show(one, 'a'),
		};
		assert.deepEqual(await changePoints(walk, value), [{ commit: back, before: '9', after: '0' }]);
	});

	it('are not where a shallow clone ends', async () => {
		const written = WrittenHistory.make(join(folder, 'cut.git'));
		const root = written.commit({ subject: 'r', files: { value: '0' } });
		const change = written.commit({ on: root, subject: 'c', files: { value: '1' } });
		const end = written.commit({ on: change, subject: 'e', files: { value: '2' } });
		writeFileSync(join(written.dir, 'shallow'), `${change}\n`);
		const walk = gitWalk(new GitRunner(written.dir, written.env, spawnGit));
		const evaluate = async (one: string) => written.git(['show', `${one}:value`]);
		const query = { from: undefined, to: end, paths: ['value'], nothing: '', evaluate };
		assert.deepEqual(await changePoints(walk, query), [{ commit: end, before: '1', after: '2' }]);
	});
});
