/** Judging a whole table: what one release says of the bug goes on to the next, and what stands when it is judged again. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ArchitectureUsers } from '../../cache/source.ts';
import { parseVersion } from '../../src/kernel/version.ts';
import type { Cell } from '../../src/range/cells.ts';
import { judgeCells } from '../../src/range/judged-cells.ts';
import type { Users } from '../../src/range/users.ts';
import { caseOf, IN_PROBE, UNCHECKED } from './fixtures.ts';

const { situation, placement, effect, rules, landmarks } = await caseOf({
	era: 'v4.9',
	before: UNCHECKED,
	after: IN_PROBE,
});

/** A release in which the driver of the patch is built, or not. */
function cell(name: string, built: boolean): Cell {
	const version = parseVersion(name);
	if (version === undefined) throw new Error(`${name} is no version`);
	const release = { name, version, series: '', commit: name, date: '2017-01-01', tip: true };
	return {
		placed: { release, files: [], result: placement },
		configuration: { name: 'arm', when: 'ARM', arch: 'arm', values: {}, alternatives: [] },
		built,
		situation: built ? situation : undefined,
		notBuilt: [],
	};
}

const NOBODY: ArchitectureUsers = {
	boards: {
		arch: 'arm',
		asked: ['maker,acme_mmu'],
		boards: 9,
		kinds: [],
		undecided: { boards: 0 },
	},
	defconfigs: 0,
	builds: [],
};
const UNTOLD: Users = { of: () => undefined };
const TABLE = [[cell('v4.8', false)], [cell('v4.9', true)], [cell('v4.10', false)]];

describe('a table of releases and configurations', () => {
	const judged = (users: Users, before?: ReturnType<typeof judgeCells>) =>
		judgeCells({ rules, landmarks }, users, TABLE, effect, before).map(([one]) => one);
	const verdicts = (all: ReturnType<typeof judged>) => all.map((one) => one?.report.verdict);

	it('is judged in order: where the bug was, it is gone behind it', () => {
		const all = judged(UNTOLD);
		assert.deepEqual(verdicts(all), ['not-built', 'unsafe', 'not-built']);
		assert.deepEqual(
			all.map((one) => one?.report.bug.state === 'absent'),
			[true, false, false],
		);
		assert.equal(all[2]?.report.bug.state, 'fixed');
		assert.deepEqual(all[2]?.lastWithBug, parseVersion('v4.9'));
	});

	it('is judged again where it hangs on who has the hardware, and stands elsewhere', () => {
		const before = judgeCells({ rules, landmarks }, UNTOLD, TABLE, effect);
		const again = judged({ of: (release) => (release === 1 ? NOBODY : undefined) }, before);
		assert.deepEqual(verdicts(again), ['not-built', 'safe', 'not-built']);
		assert.equal(again[0], before[0]?.[0]);
		assert.equal(again[2], before[2]?.[0]);
		assert.deepEqual(verdicts(judged(UNTOLD, before)), verdicts(before.map(([one]) => one)));
	});

	it('does not stand where the bug was seen in another release before it', () => {
		const before = judgeCells({ rules, landmarks }, UNTOLD, TABLE, effect);
		const other = before.map(([one]) =>
			one === undefined ? [] : [{ ...one, lastWithBug: undefined }],
		);
		const again = judged(UNTOLD, other);
		assert.notEqual(again[2], other[2]?.[0]);
		assert.deepEqual(again[2], before[2]?.[0]);
	});
});
