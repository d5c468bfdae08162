/** What the answers of `prereqs` say beside the lists. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Instead } from '../../src/range/instead.ts';
import { blank, withBetter } from '../../src/range/prereqs-answer.ts';
import { releasesOf } from './reports.ts';

describe('the better fix of a target', () => {
	const known: Instead = {
		commit: null,
		subject: null,
		firstRelease: 'v4.10',
		releases: ['v4.2'],
		why: 'it ends the bug',
	};
	const named: Instead = { ...known, commit: '0123456789ab', subject: 'acme: Look first' };
	const on = (release: string, better: Instead): unknown => {
		const [target] = releasesOf([release]);
		assert.ok(target);
		return withBetter(blank(target), target, [better]).instead;
	};

	it('is for the releases before the one that has it, where no more is known', () => {
		const { commit, subject, why } = known;
		assert.deepEqual(on('v4.9.3', known), { commit, subject, why });
		assert.equal(on('v4.10', known), null);
		assert.equal(on('v4.11', known), null);
	});

	it('is for the releases where it was judged to be better', () => {
		const { commit, subject, why } = named;
		assert.deepEqual(on('v4.2', named), { commit, subject, why });
		assert.equal(on('v4.3', named), null);
	});
});
