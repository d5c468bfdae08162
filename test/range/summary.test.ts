/** Ranges and the worst of several answers. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { BUG_STATES, VERDICTS } from '../../src/range/report-words.ts';
import { rangesOf, worstBug, worstVerdict } from '../../src/range/summary.ts';
import { type Answer, releaseReport, releaseReports, releasesOf } from './reports.ts';

const NAMES = ['v4.9', 'v4.9.1', 'v4.10', 'v4.11', 'v4.12', 'v4.13', 'v4.14'];
const RELEASES = releasesOf(NAMES);
const reports = (answers: readonly (readonly Answer[])[]) => releaseReports(RELEASES, answers);

const answer: fc.Arbitrary<Answer> = fc.record({
	verdict: fc.constantFrom('safe', 'unsafe', 'not-needed'),
	bug: fc.constantFrom('exposed', 'latent'),
	prerequisite: fc.constantFrom('declare it', 'register it'),
});

describe('ranges', () => {
	it('join neighbours of one answer, per configuration', () => {
		const found = rangesOf(
			reports([
				[{ config: 'arm', verdict: 'unsafe' }],
				[{ config: 'arm', verdict: 'unsafe' }],
				[{ config: 'arm' }, { config: 'arm64' }],
				[{ config: 'arm' }, { config: 'arm64' }],
				[{ config: 'arm', verdict: 'unsafe' }],
			]),
			['arm64', 'arm'],
		);
		assert.deepEqual(
			found.map(({ config, from, to, verdict }) => `${config} ${from} ${to} ${verdict}`),
			[
				'arm64 v4.10 v4.11 safe',
				'arm v4.9 v4.9.1 unsafe',
				'arm v4.10 v4.11 safe',
				'arm v4.12 v4.12 unsafe',
			],
		);
	});

	it('are told apart by placement, bug and prerequisites as well', () => {
		const pairs: [Answer, Answer][] = [
			[{ bug: 'latent' }, { bug: 'exposed' }],
			[{ prerequisite: 'declare it' }, { prerequisite: 'register it' }],
			[{}, { prerequisite: 'declare it' }],
		];
		for (const [a, b] of pairs) assert.equal(rangesOf(reports([[a], [b]]), ['any']).length, 2);
		const [first, second] = RELEASES;
		assert.ok(first && second);
		const placed = [releaseReport(first, [{}], 'merge'), releaseReport(second, [{}], 'exact')];
		assert.equal(rangesOf(placed, ['any']).length, 2);
	});

	it('partition the releases, and neighbours differ', () => {
		fc.assert(
			fc.property(fc.array(answer, { minLength: 1, maxLength: NAMES.length }), (answers) => {
				const list = reports(answers.map((one) => [one]));
				const found = rangesOf(list, ['any']);
				const covered = found.flatMap(({ from, to, verdict, bug, prerequisites }) => {
					const inside = list.slice(NAMES.indexOf(from), NAMES.indexOf(to) + 1);
					for (const { byConfig } of inside) {
						assert.equal(byConfig[0]?.verdict, verdict);
						assert.equal(byConfig[0]?.bug.state, bug);
						assert.deepEqual(byConfig[0]?.prerequisites, prerequisites);
					}
					return inside.map(({ release }) => release);
				});
				assert.deepEqual(covered, NAMES.slice(0, answers.length));
				for (const [i, one] of found.entries()) {
					const { from: _a, to: _b, ...before } = found[i - 1] ?? { ...one, config: '' };
					const { from: _c, to: _d, ...here } = one;
					assert.notDeepEqual(here, before);
				}
			}),
		);
	});
});

describe('the worst of several answers', () => {
	it('is unsafe before unknown, rework, prerequisites and safe', () => {
		assert.equal(worstVerdict(['safe', 'unsafe', 'unknown']), 'unsafe');
		assert.equal(worstVerdict(['needs-rework', 'unknown']), 'unknown');
		assert.equal(worstVerdict(['needs-rework', 'needs-prerequisites']), 'needs-rework');
		assert.equal(worstVerdict(['safe', 'needs-prerequisites']), 'needs-prerequisites');
		assert.equal(worstVerdict(['not-needed', 'safe', 'superseded']), 'safe');
		assert.equal(worstVerdict([]), 'not-built');
	});

	it('is one of the answers, whatever their order', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...VERDICTS), { minLength: 1 }), (verdicts) => {
				const worst = worstVerdict(verdicts);
				assert.ok(verdicts.includes(worst));
				assert.equal(worstVerdict([...verdicts].reverse()), worst);
			}),
		);
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...BUG_STATES), { minLength: 1 }), (states) => {
				assert.ok(states.includes(worstBug(states)));
				if (states.includes('exposed')) assert.equal(worstBug(states), 'exposed');
			}),
		);
	});
});
