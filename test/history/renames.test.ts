import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit } from '../../src/git/store.ts';
import { fileName } from '../../src/history/log-parser.ts';
import { SimilarRenames } from '../../src/history/renames.ts';
import { walkCommits } from '../../src/history/walk.ts';
import { makeHistory, numbers, randomShape } from './random-history.ts';

const env = { PATH: process.env.PATH };
const PATHS = ['drivers', 'Makefile'];

/** Ten lines of a file, one of which is another after a change. */
function text(file: number, change: number): string {
	const lines = Array.from({ length: 10 }, (_, i) => `line ${i} of ${file}`);
	lines[change % 10] = `change ${change}`;
	return `${lines.join('\n')}\n`;
}

/** Files that come, go, change and get other names with and without a change, as a commit's number tells. */
function moving(seed: number) {
	return (commit: number): Record<string, string | null> => {
		const below = numbers(seed * 1000 + commit + 1);
		const files: Record<string, string | null> = { 'other/file.c': `${commit}\n` };
		for (let k = below(4); k > 0; k--) {
			const file = below(5);
			const names = ['a', 'b', 'é'].map((name) => `drivers/${name}${file}.c`);
			for (const name of names) files[name] = null;
			files[names[below(3)] ?? ''] = text(file, below(3));
		}
		return files;
	};
}

/** What git says of one commit and its parent. */
function asked(dir: string, before: string, after: string): Map<string, string> {
	const options = ['-r', '-z', '--name-status', '--find-renames', '-l1000', '--diff-filter=R'];
	const args = ['-C', dir, 'diff-tree', ...options, before, after, '--', ...PATHS];
	const fields = execFileSync('git', args, { encoding: 'latin1' }).split('\0');
	const name = (at: number) => fileName(Buffer.from(fields[at] ?? '', 'latin1'));
	const found = new Map<string, string>();
	for (let at = 0; at + 2 < fields.length; at += 3) found.set(name(at + 2), name(at + 1));
	return found;
}

describe('similar renames', () => {
	let dir = '';
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), 'rangefinder-renames-'));
	});
	afterEach(() => rmSync(dir, { recursive: true, force: true }));

	/** The renames of every commit but the roots, as they are found together and as git says each. */
	const both = async () => {
		const store = await openNativeStore(dir, { env });
		const git = demandGit(store, 'walking');
		const tags = (await store.tags()).map(({ name }) => `refs/tags/${name}`);
		const commits = await walkCommits(git, { revisions: tags, paths: PATHS });
		const renames = new SimilarRenames(git, commits, PATHS);
		const found = [];
		for (const commit of commits) {
			const parent = commits[commit.parents[0] ?? -1];
			if (parent === undefined) continue;
			found.push({ oid: commit.oid, parent: parent.oid, renames: await renames.of(commit) });
		}
		await renames.end();
		await store.close();
		return found;
	};

	for (const seed of [2, 5, 13]) {
		it(`are those that git finds in one commit after the other (${seed})`, async () => {
			makeHistory(dir, randomShape(80, seed), moving(seed));
			let some = 0;
			for (const { oid, parent, renames } of await both()) {
				const said = asked(dir, parent, oid);
				if (said.size > 0) some++;
				assert.deepEqual(new Map(renames), said, oid);
			}
			assert.ok(some > 5, `${some}`);
		});
	}

	it('are unknown where a blob is missing, and known everywhere else', async () => {
		const shape = [[], [0], [1], [2]];
		const commits = makeHistory(dir, shape, (i) => ({
			...(i === 0 ? {} : { [`drivers/g${i - 1}.c`]: null }),
			[`drivers/g${i}.c`]: text(1, i),
		}));
		const before = await both();
		assert.ok(before.every(({ renames }) => renames?.size === 1));
		const [lost] = before;
		const blob = execFileSync('git', ['-C', dir, 'rev-parse', `${lost?.oid}:drivers/g1.c`], {
			encoding: 'utf8',
		}).trim();
		rmSync(join(dir, 'objects', blob.slice(0, 2), blob.slice(2)));
		const after = await both();
		const unknown = after.filter(({ renames }) => renames === undefined).map(({ oid }) => oid);
		assert.deepEqual(unknown, [commits[1], commits[2]]);
		assert.deepEqual(
			after.filter(({ renames }) => renames !== undefined),
			before.slice(2),
		);
	});
});
