import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { readGraph } from '../../src/history/graph.ts';
import { outlook } from '../../src/history/strategy.ts';
import { Suspects } from '../../src/history/suspects.ts';
import { allWeights, balance, halfway } from '../../src/history/weights.ts';
import { makeHistory, numbers, randomShape, type Shape } from './random-history.ts';

/** A graph from the parents of each commit. */
function dagOf(shape: Shape) {
	return { size: shape.length, parents: (commit: number) => shape[commit] ?? [] };
}

/** How many commits each one reaches, by walking from each. */
function countedOneByOne(shape: Shape): number[] {
	return shape.map((_, from) => {
		const seen = new Set([from]);
		for (const commit of seen) for (const parent of shape[commit] ?? []) seen.add(parent);
		return seen.size;
	});
}

const shapes = fc
	.tuple(fc.integer({ min: 1, max: 160 }), fc.integer({ min: 1, max: 1 << 30 }))
	.map(([size, seed]) => randomShape(size, seed));

describe('weights of suspects', () => {
	it('are what each commit reaches', () => {
		fc.assert(
			fc.property(shapes, (shape) => {
				assert.deepEqual([...allWeights(Suspects.of(dagOf(shape)))], countedOneByOne(shape));
			}),
		);
	});

	it('give a halving than which there is none better', () => {
		fc.assert(
			fc.property(shapes, (shape) => {
				const weights = countedOneByOne(shape);
				const best = Math.max(...weights.map((weight) => balance(weight, shape.length)));
				const { place, weight } = halfway(Suspects.of(dagOf(shape)));
				assert.equal(weights[place], weight);
				assert.equal(balance(weight, shape.length), best);
			}),
			{ numRuns: 400 },
		);
	});

	it('hold for more merges than are counted in one pass', () => {
		const below = numbers(5);
		const shape = Array.from({ length: 3000 }, (_, i) =>
			i < 2 ? [] : [i - 1 - below(Math.min(i, 60)), i - 1 - below(Math.min(i, 9))],
		).map((parents) => [...new Set(parents)]);
		const weights = countedOneByOne(shape);
		assert.deepEqual([...allWeights(Suspects.of(dagOf(shape)))], weights);
		const best = Math.max(...weights.map((weight) => balance(weight, shape.length)));
		assert.equal(balance(halfway(Suspects.of(dagOf(shape))).weight, shape.length), best);
	});
});

describe('suspects', () => {
	it('are divided by an answer into what it reaches and the rest', () => {
		fc.assert(
			fc.property(shapes, fc.nat(), (shape, pick) => {
				const all = Suspects.of(dagOf(shape));
				const place = pick % shape.length;
				const reached = new Set([place]);
				for (const commit of reached) for (const parent of shape[commit] ?? []) reached.add(parent);
				const bad = all.reaching(place);
				const good = all.beyond(place);
				assert.deepEqual(new Set(bad.commits), reached);
				assert.equal(bad.size + good.size, shape.length);
				for (const part of [bad, good]) {
					for (let i = 0; i < part.size; i++) {
						const parents = part.parents.subarray(part.offsets[i], part.offsets[i + 1]);
						const wanted = (shape[part.commits[i] ?? 0] ?? []).filter(
							(parent) => part.placeOf(parent) >= 0,
						);
						assert.deepEqual(
							[...parents].map((parent) => part.commits[parent]),
							wanted,
						);
					}
				}
			}),
		);
	});
});

describe('what is left to do', () => {
	let dir = '';
	let store: ObjectStore;
	let ids: string[] = [];
	const shape = randomShape(700, 23);

	before(async () => {
		dir = mkdtempSync(join(tmpdir(), 'rangefinder-suspects-'));
		// Every third commit touches the file; the history of its path is simplified.
		ids = makeHistory(dir, shape, (i) => ({
			[`f${i}`]: `${i}\n`,
			...(i % 3 === 0 ? { shared: `${i}\n` } : {}),
		}));
		store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
	});
	after(async () => {
		await store.close();
		rmSync(dir, { recursive: true, force: true });
	});

	/** What `git rev-list --bisect-vars` prints, without the commit. */
	function gitVars(revisions: readonly string[], paths: readonly string[] = []) {
		const args = ['rev-list', '--bisect-vars', ...revisions, '--', ...paths];
		const out = execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
		const value = (name: string) => Number(new RegExp(`^bisect_${name}=(.*)$`, 'm').exec(out)?.[1]);
		return {
			nr: value('nr'),
			good: value('good'),
			bad: value('bad'),
			all: value('all'),
			steps: value('steps'),
		};
	}

	async function compare(revisions: readonly string[], paths: readonly string[] = []) {
		const graph = await readGraph(demandGit(store, 'x'), revisions, paths);
		if (graph.size === 0) return false;
		const ours = outlook(halfway(Suspects.of(graph)).weight, graph.size);
		const git = gitVars(revisions, paths);
		const sides = ({ good, bad }: { good: number; bad: number }) => [good, bad].sort();
		// Of two equally even halvings git may take the one whose larger part is on the other side.
		assert.deepEqual({ ...ours, good: 0, bad: 0 }, { ...git, good: 0, bad: 0 });
		assert.deepEqual(sides(ours), sides(git));
		return true;
	}

	it('is what git rev-list --bisect-vars says, with one good commit and with several', async () => {
		const below = numbers(99);
		let compared = 0;
		for (let round = 0; round < 60; round++) {
			const bad = ids[300 + below(400)] ?? '';
			const goods = Array.from({ length: below(4) }, () => `^${ids[below(500)]}`);
			if (await compare([bad, ...goods])) compared++;
		}
		assert.ok(compared > 40);
	});

	it('is what git says for commits that touch a path', async () => {
		const below = numbers(7);
		let compared = 0;
		for (let round = 0; round < 30; round++) {
			const bad = ids[400 + below(300)] ?? '';
			if (await compare([bad, `^${ids[below(200)]}`], ['shared'])) compared++;
		}
		assert.ok(compared > 20);
	});
});
