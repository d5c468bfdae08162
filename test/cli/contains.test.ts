/** The command `contains`: what it prints, and its exit codes. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ContainsReport } from '../../src/history/contains-report.ts';
import { displayWidth } from '../../src/text.ts';
import { rangefinder } from './rangefinder.ts';

const ID = '0123456789abcdef0123456789abcdef01234567';
const COPY = 'fedcba9876543210fedcba9876543210fedcba98';

function report(change: Partial<ContainsReport> = {}): ContainsReport {
	const series = (name: string, first: string | null): ContainsReport['series'][number] => ({
		series: name,
		contained: first !== null,
		first,
		last: `v${name.replace('.y', '.9')}`,
		by: first === null ? null : ID,
		how: first === null ? null : 'ancestry',
		confidence: first === null ? null : 'certain',
		reversal: null,
	});
	return {
		schema: 'rangefinder.contains/1',
		asked: ID,
		commit: ID,
		here: true,
		first: { release: 'v5.10', series: '5.10.y', sure: true },
		members: [
			{
				commit: ID,
				subject: 'acme: Fix \x1b[2J it',
				author: 'A U Thor',
				date: '2020-01-02',
				how: 'itself',
				of: ID,
				confidence: 'certain',
				reason: '',
				firstRelease: 'v5.10',
			},
		],
		reversals: [],
		series: [
			series('5.4.y', null),
			{
				...series('5.6.y', 'v5.6.3'),
				by: COPY,
				how: 'upstream-line',
				contained: false,
				reversal: { commit: COPY, effect: 'removes', release: 'v5.6.4' },
			},
			series('5.10.y', 'v5.10'),
			series('5.11.y', 'v5.11'),
		],
		followUps: [
			{
				commit: COPY,
				subject: 'acme: Fix the fix',
				kind: 'fixes',
				of: ID,
				depth: 1,
				confidence: 'certain',
				reason: 'it says Fixes: 0123456789ab',
				firstRelease: 'v5.11',
				targets: [
					{ release: 'v5.10.9', state: 'concerns', why: '' },
					{ release: 'v5.11.9', state: 'there', why: '' },
				],
			},
		],
		unseen: ['the clone is shallow'],
		...change,
	};
}

describe('the command contains', () => {
	it('prints series, what was taken back, and follow-ups that are missing', async () => {
		const { code, out } = await rangefinder(['contains', ID], { contains: async () => report() });
		assert.equal(code, 0);
		assert.match(out, /^5\.10\.y - 5\.11\.y +v5\.10 \.\.\. +ancestry$/m);
		assert.match(out, /^5\.6\.y +v5\.6\.3 .*reverted/m);
		assert.match(out, /^not in 5\.4\.y$/m);
		assert.match(out, /missing in v5\.10\.9$/m);
		assert.match(out, /^unseen: the clone is shallow$/m);
		assert.doesNotMatch(out, /\x1b/);
		for (const line of out.split('\n')) assert.ok(displayWidth(line) <= 80, line);
	});

	it('ends with 1 where no release has it, also with --json', async () => {
		const contains = async () => report({ first: null, series: [], followUps: [] });
		const { code, out } = await rangefinder(['contains', ID, '--json'], { contains });
		assert.equal(code, 1);
		assert.equal(JSON.parse(out).first, null);
		const text = await rangefinder(['contains', ID], { contains });
		assert.match(text.out, /in no release of this clone/);
	});

	it('wants a commit', async () => {
		assert.equal((await rangefinder(['contains'])).code, 2);
	});
});
