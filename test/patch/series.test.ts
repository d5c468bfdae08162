/** Series by their numbering, and what a later version replaces. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ReadPatch } from '../../src/patch/mail.ts';
import { groupSeries, readTag } from '../../src/patch/series.ts';

const patch = (subject: string, more: Partial<ReadPatch> = {}): ReadPatch => ({
	subject,
	author: 'A <a@example.org>',
	message: '',
	files: [],
	damaged: false,
	...more,
});

const subjects = (patches: readonly ReadPatch[]) => patches.map(({ subject }) => subject);

describe('the brackets of a subject', () => {
	const cases: [string, number, number, number, string][] = [
		['[PATCH v3 2/5] x: y', 3, 2, 5, 'x: y'],
		['[PATCH] x: y', 1, 1, 1, 'x: y'],
		['[RFC PATCH 02/10] x', 1, 2, 10, 'x'],
		['[PATCHv2 1/2] x', 2, 1, 2, 'x'],
		['[PATCH 5.10 001/120] x', 1, 1, 120, 'x'],
		['[linux-next][V4 PATCH,2/3] x [not this]', 4, 2, 3, 'x [not this]'],
		['[PATCH 0/3] cover', 1, 0, 3, 'cover'],
		['x: support v2 1/2', 1, 1, 1, 'x: support v2 1/2'],
		['[unclosed 1/2', 1, 1, 1, '[unclosed 1/2'],
	];
	for (const [subject, version, index, total, title] of cases) {
		it(`are read: ${subject}`, () => {
			assert.deepEqual(readTag(subject), { version, index, total, title });
		});
	}
});

describe('patches of one input', () => {
	it('are put in order of their numbers', () => {
		const { series } = groupSeries([patch('[PATCH 2/2] b'), patch('[PATCH 1/2] a')]);
		assert.equal(series.length, 1);
		assert.deepEqual(subjects(series[0]?.patches ?? []), ['[PATCH 1/2] a', '[PATCH 2/2] b']);
		assert.deepEqual(series[0]?.missing, []);
	});

	it('say what is missing of a series', () => {
		const { series } = groupSeries([patch('[PATCH 1/4] a'), patch('[PATCH 3/4] c')]);
		assert.deepEqual(series[0]?.missing, [2, 4]);
	});

	it('are series of their own without numbers, and by other authors or in other threads', () => {
		const { series } = groupSeries([
			patch('[PATCH] a'),
			patch('[PATCH] b'),
			patch('[PATCH 1/2] c', { thread: '1' }),
			patch('[PATCH 1/2] d', { thread: '2' }),
			patch('[PATCH 2/2] e', { thread: '1' }),
			patch('[PATCH 1/2] f', { author: 'B <b@example.org>' }),
		]);
		assert.deepEqual(
			series.map(({ patches }) =>
				subjects(patches)
					.map((one) => one.slice(-1))
					.join(''),
			),
			['a', 'b', 'ce', 'd', 'f'],
		);
	});

	it('belong together where the first one opens the thread, or nobody threads', () => {
		const threaded = groupSeries([
			patch('[PATCH 1/2] a', { messageId: '1' }),
			patch('[PATCH 2/2] b', { messageId: '2', thread: '1' }),
		]);
		assert.equal(threaded.series.length, 1);
		const loose = groupSeries([
			patch('[PATCH 1/2] a', { messageId: '1' }),
			patch('[PATCH 2/2] b', { messageId: '2' }),
		]);
		assert.equal(loose.series.length, 1);
	});

	it('are superseded by a later version with a title in common, in any order', () => {
		const { series, superseded } = groupSeries([
			patch('[PATCH v2 1/2] a', { thread: 'new' }),
			patch('[PATCH v2 2/2] b', { thread: 'new' }),
			patch('[PATCH] a', { thread: 'old' }),
			patch('[PATCH] other'),
		]);
		assert.deepEqual(subjects(superseded.flatMap(({ patches }) => patches)), ['[PATCH] a']);
		assert.deepEqual(
			series.map(({ version }) => version),
			[2, 1],
		);
	});

	it('are superseded by a version that answers in the same thread under another title', () => {
		const { superseded } = groupSeries([
			patch('[PATCH] a', { messageId: '1' }),
			patch('[PATCH v2] a, reworded', { messageId: '2', thread: '1' }),
		]);
		assert.deepEqual(subjects(superseded[0]?.patches ?? []), ['[PATCH] a']);
	});

	it('are those of the mails, not those that answers quote', () => {
		const quoted = patch('[PATCH] a', { answered: true });
		assert.equal(groupSeries([patch('[PATCH] a'), quoted]).series.length, 1);
		assert.equal(groupSeries([quoted]).series.length, 1);
	});
});
