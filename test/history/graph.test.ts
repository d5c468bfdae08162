import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { type CommitGraph, readGraph } from '../../src/history/graph.ts';
import { makeHistory, randomShape } from './random-history.ts';

describe('commit graph', () => {
	const shape = randomShape(400, 7);
	let dir = '';
	let ids: string[] = [];
	let store: ObjectStore;
	let graph: CommitGraph;

	const git = (...args: string[]): string[] =>
		execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' })
			.split('\n')
			.filter(Boolean);
	const names = (marks: Uint8Array): string[] =>
		[...marks].flatMap((mark, i) => (mark === 1 ? [graph.id(i)] : [])).sort();

	before(async () => {
		dir = mkdtempSync(join(tmpdir(), 'rangefinder-graph-'));
		ids = makeHistory(dir, shape);
		store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
		graph = await readGraph(demandGit(store, 'walking history'), ids);
	});
	after(async () => {
		await store.close();
		rmSync(dir, { recursive: true, force: true });
	});

	it('has every commit with its date and its parents in order', () => {
		assert.equal(graph.size, shape.length);
		for (const [i, parents] of shape.entries()) {
			const commit = graph.find(ids[i] ?? '');
			assert.equal(graph.id(commit), ids[i]);
			assert.equal(graph.date(commit), 1_000_000_000 + i * 60);
			assert.deepEqual(
				graph.parents(commit).map((parent) => graph.id(parent)),
				parents.map((parent) => ids[parent]),
			);
			assert.ok(graph.parents(commit).every((parent) => parent < commit));
		}
		assert.ok(shape.some((parents) => parents.length > 2));
	});

	it('does not find what is not there', () => {
		assert.equal(graph.find('0'.repeat(40)), -1);
		assert.equal(graph.find('abc'), -1);
	});

	it('knows ancestors and descendants as git does', () => {
		for (const i of [0, 50, 200, 399]) {
			const commit = graph.find(ids[i] ?? '');
			assert.deepEqual(names(graph.ancestors([commit])), git('rev-list', ids[i] ?? '').sort());
			const tags = git('tag', '--contains', ids[i] ?? '');
			const containing = tags.map((tag) => ids[Number(tag.slice(1))]).sort();
			assert.deepEqual(names(graph.descendants([commit])), containing);
		}
	});

	it('labels each commit with the first of several that reach it', () => {
		const labels = new Uint16Array(graph.size);
		for (const [label, i] of [120, 260, 399].entries()) {
			graph.markAncestors([graph.find(ids[i] ?? '')], labels, label + 1);
		}
		const second = git('rev-list', ids[260] ?? '', `^${ids[120]}`).sort();
		assert.deepEqual(
			[...labels].flatMap((label, i) => (label === 2 ? [graph.id(i)] : [])).sort(),
			second,
		);
	});

	it('is empty for no revision and ends at the boundary of a shallow clone', async () => {
		assert.equal((await readGraph(demandGit(store, 'x'), [])).size, 0);
		const shallow = join(dir, 'shallow');
		const tag = `c${shape.length - 1}`;
		execFileSync('git', ['clone', '-q', '--depth=3', '-b', tag, `file://${dir}`, shallow], {
			stdio: 'ignore',
		});
		const small = await openNativeStore(shallow, { env: { PATH: process.env.PATH } });
		const cut = await readGraph(demandGit(small, 'x'), ['HEAD']);
		await small.close();
		assert.ok(cut.size < graph.size);
		assert.ok(cut.shallow.size > 0);
		for (const commit of cut.shallow) assert.deepEqual(cut.parents(commit), []);
	});
});
