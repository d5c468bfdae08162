/** Cc: stable lines in the forms of the documents and those that are met, and the series that were maintained. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { isDay, maintainedSeries, type SeriesTable } from '../../src/kernel/series-table.ts';
import { readStableTag, sameStableTag, stableValue } from '../../src/kernel/stable-tag.ts';
import { compareVersions, parseVersion } from '../../src/kernel/version.ts';

function read(value: string) {
	const tag = readStableTag(value);
	assert.ok(tag !== undefined, value);
	return tag;
}

describe('a Cc: stable line', () => {
	it('asks for a series and newer ones, however it is written', () => {
		const forms = [
			'<stable@vger.kernel.org> # 4.14.x',
			'stable@vger.kernel.org # v4.14+',
			'Stable <stable@vger.kernel.org> [4.14+]',
			'<stable@kernel.org> (4.14)',
			'STABLE@vger.kernel.org # >= 4.14.y',
			'stable@vger.kernel.org # 4.14.3+',
		];
		for (const form of forms) assert.equal(read(form).from, '4.14.y', form);
		assert.equal(read('stable@vger.kernel.org # 2.6.32.x').from, '2.6.32.y');
		assert.equal(read('stable@vger.kernel.org').from, undefined);
	});

	it('has prerequisites, ends and notes', () => {
		const form = read('<stable@vger.kernel.org> # 3.3.x: 0123456789AB: acme: Add "it": now');
		assert.deepEqual(form.prerequisite, { id: '0123456789ab', subject: 'acme: Add "it": now' });
		assert.equal(read('stable@vger.kernel.org # 4.4.x - 4.9.x').upTo, '4.9.y');
		const note = 'see patch description, needs adjustments for <= 4.11';
		assert.deepEqual(
			[read(`stable@vger.kernel.org # ${note}`).note, read(stableValue(note)).from],
			[note, undefined],
		);
		assert.equal(read('stable@vger.kernel.org # after -rc3').from, undefined);
	});

	it('is told from other addresses', () => {
		for (const value of [
			'unstable@vger.kernel.org',
			'stable@vger.kernel.org.example.org.invalid'.replace('stable@', 'x.stable@'),
			'someone@example.org, stable@vger.kernel.org',
			'Someone <someone@example.org> # stable@vger.kernel.org',
			'',
		]) {
			assert.equal(readStableTag(value), undefined, value);
		}
	});

	it('says the same as another in other words', () => {
		const same = (a: string, b: string) => sameStableTag(read(a), read(b));
		assert.ok(same('stable@vger.kernel.org # v4.14+', '<stable@vger.kernel.org> # 4.14.x'));
		assert.ok(!same('stable@vger.kernel.org', '<stable@vger.kernel.org> # 4.14.x'));
		assert.ok(!same('stable+noautosel@kernel.org # why', 'stable@vger.kernel.org # why'));
	});

	it('is read in time that grows with the line', () => {
		assert.equal(
			readStableTag(`stable@vger.kernel.org # ${'4.'.repeat(500_000)}`)?.from,
			undefined,
		);
		assert.equal(readStableTag('<'.repeat(1_000_000)), undefined);
	});
});

describe('the table of series that ships', () => {
	const table: SeriesTable = JSON.parse(
		readFileSync(new URL('../../cache/series.json', import.meta.url), 'utf8'),
	);
	const on = (day: string) => maintainedSeries(table, day).map(({ series }) => series);

	it('is in kernel order, with days that are days', () => {
		assert.ok(isDay(table.read));
		for (const [i, one] of table.series.entries()) {
			const version = parseVersion(one.series.replace(/\.y$/, ''));
			const before = parseVersion(table.series[i - 1]?.series.replace(/\.y$/, '') ?? '0.0');
			assert.ok(version && before && compareVersions(before, version) < 0, one.series);
			assert.ok(isDay(one.released) && (one.ended === null || isDay(one.ended)), one.series);
			assert.ok(one.ended === null || one.released <= one.ended, one.series);
		}
	});

	it('knows what was maintained when the mail of the example was written', () => {
		assert.deepEqual(on('2017-11-21'), [
			...['3.2.y', '3.16.y', '3.18.y', '4.1.y', '4.4.y', '4.9.y', '4.13.y', '4.14.y'],
		]);
		assert.deepEqual(on('2017-11-25').slice(-2), ['4.9.y', '4.14.y']);
		assert.deepEqual(on('1991-08-25'), []);
	});

	it('takes only days of the calendar', () => {
		for (const day of ['2017-02-29', '2017-13-01', '2017-1-1', 'today', ''])
			assert.ok(!isDay(day), day);
		assert.ok(isDay('2016-02-29'));
	});
});
