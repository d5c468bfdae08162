/** Bisection between the looked-at releases of one series. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Release } from '../../src/kernel/releases.ts';
import { releasesBetween } from '../../src/range/between.ts';
import type { RangeReport, ReleaseReport } from '../../src/range/report.ts';
import { type Answer, releaseReport, releasesOf } from './reports.ts';

const series = (name: string, count: number): string[] => [
	name,
	...Array.from({ length: count }, (_, i) => `${name}.${i + 1}`),
];

function report(releases: ReleaseReport[]): RangeReport {
	return {
		schema: 'rangefinder.range/1',
		patch: {
			subject: '',
			author: '',
			messageId: null,
			commit: null,
			repaired: false,
			proof: 'none',
			files: [],
		},
		source: { kind: 'clone', releases: releases.length },
		effect: [],
		configs: [],
		releases,
		ranges: [],
		tags: { fixes: [], cc: [], notes: [] },
		rules: [],
	};
}

/** Looks until nothing is left to find; answers by the number of the release. */
function search(all: readonly Release[], first: readonly number[], of: (at: number) => Answer) {
	const looked = new Set(first);
	for (let rounds = 0; rounds < 64; rounds++) {
		const list = all.flatMap((release, i) =>
			looked.has(i) ? [releaseReport(release, [of(i)])] : [],
		);
		const next = releasesBetween(report(list), all);
		if (next.length === 0) return looked;
		for (const release of next) {
			assert.ok(!looked.has(all.indexOf(release)), 'looks at nothing twice');
			looked.add(all.indexOf(release));
		}
	}
	throw new Error('does not end');
}

describe('releases between', () => {
	it('finds the point at which the answer of a series changes, in a logarithm of looks', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (count, seed) => {
				const all = releasesOf(series('v4.4', count));
				const change = 1 + (seed % count);
				const looked = search(all, [0, count], (at) => ({
					verdict: at < change ? 'unsafe' : 'safe',
				}));
				assert.ok(looked.has(change - 1) && looked.has(change));
				assert.ok(looked.size <= 3 + Math.ceil(Math.log2(count + 1)));
			}),
		);
	});

	it('looks no further when first and tip agree', () => {
		const all = releasesOf(series('v4.4', 20));
		assert.equal(search(all, [0, 20], () => ({})).size, 2);
	});

	it('does not look between two series', () => {
		const all = releasesOf([...series('v4.4', 8), ...series('v4.5', 8)]);
		const looked = search(all, [0, 8, 9, 17], (at) => ({ verdict: at < 9 ? 'unsafe' : 'safe' }));
		assert.deepEqual([...looked], [0, 8, 9, 17]);
	});

	it('searches several series at once', () => {
		const all = releasesOf([...series('v4.4', 8), ...series('v4.5', 8)]);
		const looked = search(all, [0, 8, 9, 17], (at) => ({
			verdict: at === 8 || at === 17 ? 'safe' : 'unsafe',
		}));
		assert.ok([7, 8, 16, 17].every((at) => looked.has(at)));
	});

	const differences: [string, Answer, Answer][] = [
		['verdict', { verdict: 'safe' }, { verdict: 'unsafe' }],
		['bug', { bug: 'latent' }, { bug: 'exposed' }],
		['prerequisites', { prerequisite: 'a' }, { prerequisite: 'b' }],
	];
	for (const [name, a, b] of differences) {
		it(`takes another ${name} for another answer`, () => {
			const all = releasesOf(series('v4.4', 2));
			assert.equal(search(all, [0, 2], (at) => (at === 0 ? a : b)).size, 3);
		});
	}

	it('takes another placement for another answer', () => {
		const all = releasesOf(series('v4.4', 2));
		const [first, middle, last] = all;
		assert.ok(first && middle && last);
		const list = [releaseReport(first, [{}], 'merge'), releaseReport(last, [{}], 'exact')];
		assert.deepEqual(releasesBetween(report(list), all), [middle]);
	});
});
