import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { fileName } from '../../src/history/log-parser.ts';
import { exactRenames } from '../../src/history/renames.ts';
import { FileState, StateWalk } from '../../src/history/state.ts';
import { walkCommits } from '../../src/history/walk.ts';
import { makeHistory, numbers, randomShape } from './random-history.ts';

/** Files of a commit below two folders: some change, some stay, many are the same in several commits. */
function someFiles(seed: number) {
	return (commit: number): Record<string, string> => {
		const below = numbers(seed * 1000 + commit + 1);
		const files: Record<string, string> = {};
		for (let k = below(4); k > 0; k--) {
			files[`${['a', 'b', 'b/deep'][below(3)]}/f${below(5)}.c`] = `${below(6)}\n`;
		}
		return files;
	};
}

/** `git ls-tree -r -z` of paths as path → blob. */
function listed(dir: string, commit: string, paths: readonly string[]): Map<string, string> {
	const out = execFileSync('git', ['-C', dir, 'ls-tree', '-r', '-z', commit, '--', ...paths]);
	const found = new Map<string, string>();
	for (let start = 0, end = out.indexOf(0); end >= 0; end = out.indexOf(0, start)) {
		const line = out.subarray(start, end);
		const tab = line.indexOf(9);
		found.set(fileName(line.subarray(tab + 1)), line.toString('latin1', tab - 40, tab));
		start = end + 1;
	}
	return found;
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a walk', () => {
	for (const seed of [3, 11, 29, 47, 101]) {
		describe(`over a random history with merges (${seed})`, () => {
			const shape = randomShape(160, seed);
			let dir = '';
			let ids: string[] = [];
			let store: ObjectStore;
			before(async () => {
				dir = mkdtempSync(join(tmpdir(), 'rangefinder-walk-'));
				ids = makeHistory(dir, shape, someFiles(seed));
				store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
			});
			after(async () => {
				await store.close();
				rmSync(dir, { recursive: true, force: true });
			});

			for (const paths of [['b'], ['a/f1.c'], ['a', 'b/deep/f2.c'], ['nothing']]) {
				it(`has the commits of git log for ${paths.join(' ')}, in its order`, async () => {
					const revisions = [ids.at(-1) ?? '', ids.at(-7) ?? '', ids.at(60) ?? ''];
					const walked = await walkCommits(demandGit(store, 'a test'), { revisions, paths });
					const log = ['log', '--topo-order', '--reverse', '--parents', '--format=%H %P'];
					const expected = execFileSync('git', ['-C', dir, ...log, ...revisions, '--', ...paths], {
						encoding: 'utf8',
					});
					assert.deepEqual(
						walked.map(({ oid, parents }) =>
							[oid, ...parents.map((parent) => walked[parent]?.oid)].join(' '),
						),
						expected
							.split('\n')
							.map((line) => line.trim())
							.filter(Boolean),
					);
				});

				it(`knows the state after each commit of ${paths.join(' ')}, in any order`, async () => {
					const revisions = [ids.at(-1) ?? '', ids.at(-7) ?? ''];
					const walked = await walkCommits(demandGit(store, 'a test'), { revisions, paths });
					const files = new FileState(walked);
					const walk = new StateWalk(walked, files);
					const check = (commit: number) => {
						walk.moveTo(commit);
						const oid = walked[commit]?.oid ?? '';
						assert.deepEqual(sorted(files.blobs), sorted(listed(dir, oid, paths)), oid);
					};
					for (const commit of walked.keys()) check(commit);
					const below = numbers(seed);
					for (let k = 0; k < 20 && walked.length > 0; k++) check(below(walked.length));
				});
			}
		});
	}

	it('takes names with line feeds, tabs, quotes and bytes that are no UTF-8', async () => {
		const dir = mkdtempSync(join(tmpdir(), 'rangefinder-walk-'));
		try {
			const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1' };
			execFileSync('git', ['init', '-q', '--bare', dir], { env });
			const commit = (mark: number, from: string, subject: string) =>
				`commit refs/heads/main\nmark :${mark}\ncommitter A <a@example.com> ${1e9 + mark} +0000\ndata ${Buffer.byteLength(subject)}\n${subject}\n${from}`;
			const odd = Buffer.concat([
				Buffer.from(commit(1, '', ':100644 100644 a b M\n')),
				Buffer.from('M 100644 inline "d/a\\nb\\t\\"c.c"\ndata 2\nx\n\n'),
				Buffer.from('M 100644 inline "d/\\377\\303.c"\ndata 2\ny\n\n'),
				Buffer.from('M 100644 inline d/:100644 x.c\ndata 2\nw\n\n'),
				Buffer.from(commit(2, 'from :1\n', 'second')),
				Buffer.from('M 100644 inline "d/\\377\\303.c"\ndata 2\nz\n\n'),
			]);
			execFileSync('git', ['-C', dir, 'fast-import', '--quiet'], { env, input: odd });
			const store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
			const walked = await walkCommits(demandGit(store, 'a test'), {
				revisions: ['main'],
				paths: ['d'],
			});
			await store.close();
			assert.deepEqual(
				walked.map(({ subject, changes }) => [subject, changes.map(({ path }) => path).sort()]),
				[
					[':100644 100644 a b M', ['d/:100644 x.c', 'd/a\nb\t"c.c', 'd/\udcff\udcc3.c'].sort()],
					['second', ['d/\udcff\udcc3.c']],
				],
			);
			const files = new FileState(walked);
			new StateWalk(walked, files).moveTo(1);
			assert.deepEqual(sorted(files.blobs), sorted(listed(dir, 'main', ['d'])));
		} finally {
			rmSync(dir, { recursive: true, force: true });
		}
	});

	it('pairs names that one content left and came to', () => {
		const gone = (path: string, before: string) => ({ path, before, after: undefined });
		const came = (path: string, after: string) => ({ path, before: undefined, after });
		const changes = [gone('a.c', '1'), came('b.c', '1'), came('c.c', '2'), came('d.c', '1')];
		assert.deepEqual([...exactRenames(changes)], [['b.c', 'a.c']]);
	});
});
