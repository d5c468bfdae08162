import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { type Answer, bisect, type NamedDag } from '../../src/history/bisect.ts';
import { readGraph } from '../../src/history/graph.ts';
import { gitStrategy, stepsLeft } from '../../src/history/strategy.ts';
import { Suspects } from '../../src/history/suspects.ts';
import { makeHistory, numbers, randomShape, type Shape } from './random-history.ts';

/** What the last commit of a shape reaches, renumbered: a graph with one newest commit. */
function belowLast(shape: Shape): Shape {
	const last = shape.length - 1;
	const reached = new Set([last]);
	for (const commit of reached) for (const parent of shape[commit] ?? []) reached.add(parent);
	const kept = [...reached].sort((a, b) => a - b);
	const places = new Map(kept.map((commit, i) => [commit, i]));
	return kept.map((commit) => (shape[commit] ?? []).map((parent) => places.get(parent) ?? 0));
}

function dagOf(shape: Shape): NamedDag {
	return {
		size: shape.length,
		parents: (commit) => shape[commit] ?? [],
		id: (commit) => commit.toString(16).padStart(40, '0'),
	};
}

/** Marks what has `first` among its ancestors. */
function descendants(shape: Shape, first: number): boolean[] {
	const marks: boolean[] = [];
	for (const [commit, parents] of shape.entries()) {
		marks.push(commit === first || parents.some((parent) => marks[parent] === true));
	}
	return marks;
}

const cases = fc
	.record({
		size: fc.integer({ min: 1, max: 120 }),
		seed: fc.integer({ min: 1, max: 1 << 30 }),
		pick: fc.nat(),
	})
	.map(({ size, seed, pick }) => {
		const shape = belowLast(randomShape(size, seed));
		const first = pick % shape.length;
		// The newest has to be bad.
		const bad = descendants(shape, first);
		return bad[shape.length - 1] === true
			? { shape, first, bad, seed }
			: { shape, first: shape.length - 1, bad: shape.map((_, i) => i === shape.length - 1), seed };
	});

describe('bisection', () => {
	it('finds the first bad commit and asks about none twice', async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ shape, first, bad }) => {
				const asked: number[] = [];
				const found = await bisect({
					dag: dagOf(shape),
					ask: async (commit) => {
						asked.push(commit);
						return bad[commit] === true ? 'bad' : 'good';
					},
				});
				assert.equal(found.first, first);
				assert.deepEqual(found.suspects, [first]);
				assert.equal(new Set(asked).size, found.steps);
			}),
		);
	});

	it('takes the logarithm of a single line', async () => {
		const size = 100_000;
		for (const first of [0, 1, 33_333, 99_998, 99_999]) {
			const found = await bisect({
				dag: {
					...dagOf([]),
					size,
					parents: (commit) => (commit === 0 ? [] : [commit - 1]),
				},
				ask: async (commit) => (commit >= first ? 'bad' : 'good'),
			});
			assert.equal(found.first, first);
			assert.ok(found.steps <= stepsLeft(size) + 2, `${found.steps}`);
		}
	});

	it('gives with several jobs what it gives with one', async () => {
		await fc.assert(
			fc.asyncProperty(
				cases,
				fc.integer({ min: 2, max: 9 }),
				async ({ shape, bad, seed }, jobs) => {
					const below = numbers(seed);
					const answers = bad.map((is, i): Answer => {
						if (i < bad.length - 1 && below(5) === 0) return below(2) === 0 ? 'skip' : 'unknown';
						return is ? 'bad' : 'good';
					});
					let running = 0;
					let most = 0;
					const ask = async (commit: number): Promise<Answer> => {
						most = Math.max(most, ++running);
						for (let wait = below(4); wait > 0; wait--) await new Promise(setImmediate);
						running--;
						return answers[commit] ?? 'unknown';
					};
					const one = await bisect({ dag: dagOf(shape), ask });
					assert.ok(most <= 1);
					const several = await bisect({ dag: dagOf(shape), ask, jobs });
					assert.deepEqual(several, one);
					assert.ok(most <= jobs);
				},
			),
			{ numRuns: 60 },
		);
	});

	it('never takes what cannot be told for good or bad', async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ shape, first, bad, seed }) => {
				const below = numbers(seed);
				const told = bad.map((_, i) => i === bad.length - 1 || below(3) > 0);
				const found = await bisect({
					dag: dagOf(shape),
					ask: async (commit) =>
						told[commit] !== true ? 'unknown' : bad[commit] === true ? 'bad' : 'good',
				});
				assert.ok(found.suspects.includes(first));
				if (found.first === undefined) {
					// All but the newest of what remains cannot be told.
					assert.ok(found.suspects.length > 1);
					assert.ok(found.suspects.slice(0, -1).every((commit) => told[commit] !== true));
				} else assert.equal(found.first, first);
			}),
		);
	});

	it('stops when it cannot ask, whatever guesses are still running', async () => {
		const shape = belowLast(randomShape(60, 3));
		let ended = 0;
		let asked = 0;
		const ask = async (_: number, signal: AbortSignal): Promise<Answer> => {
			// The first is the one that is needed, the others are guesses.
			if (asked++ === 0) {
				await new Promise(setImmediate);
				throw new Error('disk on fire');
			}
			await new Promise((resolve) => signal.addEventListener('abort', resolve));
			ended++;
			throw new Error('given up');
		};
		await assert.rejects(bisect({ dag: dagOf(shape), ask, jobs: 4 }), /disk on fire/);
		assert.equal(ended, 3);
	});
});

describe('bisection beside git', () => {
	const shape = randomShape(260, 77);
	let dir = '';
	let store: ObjectStore;
	let ids: string[] = [];
	const git = (...args: string[]): string =>
		execFileSync('git', ['-C', dir, ...args], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
		});

	before(async () => {
		dir = mkdtempSync(join(tmpdir(), 'rangefinder-bisect-'));
		ids = makeHistory(dir, shape);
		// git bisect wants a HEAD to come back to.
		git('update-ref', '--no-deref', 'HEAD', ids[0] ?? '');
		store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
	});
	after(async () => {
		await store.close();
		rmSync(dir, { recursive: true, force: true });
	});

	it('finds what git bisect run finds', async () => {
		const below = numbers(4);
		const bad = descendants(shape, 40);
		let compared = 0;
		while (compared < 6) {
			const first = 60 + below(100);
			const marks = descendants(shape, first);
			const newest = 200 + below(60);
			const oldest = below(50);
			if (marks[newest] !== true || bad[newest] !== true) continue;
			compared++;
			git('bisect', 'start', '--no-checkout', ids[newest] ?? '', ids[oldest] ?? '');
			const test = `! git merge-base --is-ancestor ${ids[first]} BISECT_HEAD`;
			git('bisect', 'run', 'sh', '-c', test);
			const theirs = git('rev-parse', 'refs/bisect/bad').trim();
			git('bisect', 'reset');
			const graph = await readGraph(demandGit(store, 'x'), [ids[newest] ?? '', `^${ids[oldest]}`]);
			const ours = await bisect({
				dag: graph,
				ask: async (commit) => (marks[ids.indexOf(graph.id(commit))] === true ? 'bad' : 'good'),
			});
			assert.equal(graph.id(ours.first ?? -1), theirs);
		}
	});

	it('goes away from what was skipped as git does, to the same commit', async () => {
		const below = numbers(12);
		let compared = 0;
		while (compared < 12) {
			const newest = 180 + below(80);
			const oldest = below(20);
			// Else git asks about merge bases first.
			if (descendants(shape, oldest)[newest] !== true) continue;
			compared++;
			const ends = [ids[newest] ?? '', ids[oldest] ?? ''];
			const graph = await readGraph(demandGit(store, 'x'), [ends[0] ?? '', `^${ends[1]}`]);
			const suspects = Suspects.of(graph);
			const untold = new Set<number>();
			const strategy = gitStrategy((commit) => graph.id(commit));
			git('bisect', 'start', '--no-checkout', ...ends);
			for (let skips = 1 + below(6); skips > 0; skips--) {
				// What git proposes itself, so that it has to go away from it.
				const proposed = graph.find(git('rev-parse', 'BISECT_HEAD').trim());
				untold.add(below(3) === 0 ? below(graph.size - 1) : proposed);
				git('bisect', 'skip', ...[...untold].map((commit) => graph.id(commit)));
				const next = strategy(suspects, untold);
				const theirs = git('rev-parse', 'BISECT_HEAD').trim();
				assert.equal(graph.id(suspects.commits[next?.place ?? -1] ?? -1), theirs);
			}
			git('bisect', 'reset');
		}
	});
});
