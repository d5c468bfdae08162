import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { compareVersions, parseSeries, parseVersion, seriesOf } from '../../src/kernel/version.ts';

function compare(a: string, b: string): number {
	const left = parseVersion(a);
	const right = parseVersion(b);
	assert.ok(left && right, `${a} and ${b} are versions`);
	return compareVersions(left, right);
}

function series(text: string): string | undefined {
	const version = parseVersion(text);
	return version === undefined ? undefined : seriesOf(version);
}

describe('kernel versions', () => {
	it('orders candidates before their release and stable releases after it', () => {
		const ordered = [
			'v2.6.11',
			'v2.6.11.1',
			'v2.6.12-rc2',
			'v2.6.32',
			'v2.6.32.9',
			'v2.6.32.61',
			'v2.6.39.4',
			'v3.0-rc1',
			'v3.0',
			'v3.18.140',
			'v4.9',
			'v4.10-rc1',
			'v4.14-rc3',
			'v4.14-rc10',
			'v4.14',
			'v4.14.5-rc1',
			'v4.14.5',
			'v4.14.10',
			'v4.15-rc1',
			'v5.0',
		];
		const shuffled = [...ordered].reverse().sort(compare);
		assert.deepEqual(shuffled, ordered);
	});

	it('takes v4.14.0 and 4.14 for v4.14', () => {
		assert.equal(compare('v4.14.0', 'v4.14'), 0);
		assert.equal(compare('4.14', 'v4.14'), 0);
	});

	it('names the series of releases, candidates and 2.6 releases', () => {
		assert.equal(series('v4.14'), '4.14.y');
		assert.equal(series('4.14.5'), '4.14.y');
		assert.equal(series('v4.14-rc3'), 'mainline');
		assert.equal(series('v2.6.32.61'), '2.6.32.y');
		assert.equal(series('v2.6.32'), '2.6.32.y');
		assert.equal(series('v2024.01'), '2024.01.y');
	});

	it('reads versions by year as versions of another project', () => {
		assert.ok(compare('v2024.10-rc1', 'v2024.10') < 0);
		assert.ok(compare('v2024.01', 'v2024.10') < 0);
	});

	it('is not misled by tags that are no versions', () => {
		for (const text of [
			'next-20171113',
			'v4',
			'v4.14-rc',
			'v4.14-tree',
			'v4.14.5.6',
			'v4.14-rc1-rc2',
			'v4.14-rc1.5-rc2',
			'x86-for-v4.14',
			'v4.14 ',
			'',
		]) {
			assert.equal(parseVersion(text), undefined, text);
		}
	});

	it('understands a series however a maintainer writes it', () => {
		for (const text of ['4.14.y', 'v4.14', '4.14', 'v4.14.y', 'linux-4.14.y', 'v4.14.5']) {
			assert.equal(parseSeries(text), '4.14.y', text);
		}
		assert.equal(parseSeries('mainline'), 'mainline');
		assert.equal(parseSeries('2.6.32.y'), '2.6.32.y');
		assert.equal(parseSeries('v4.14-rc1'), undefined);
		assert.equal(parseSeries('stable'), undefined);
	});

	it('orders any versions consistently', () => {
		const text = fc
			.tuple(
				fc.integer({ min: 3, max: 6 }),
				fc.integer({ min: 0, max: 20 }),
				fc.option(fc.integer({ min: 1, max: 9 })),
				fc.option(fc.integer({ min: 1, max: 99 })),
			)
			.map(([a, b, rc, patch]) =>
				rc !== null ? `v${a}.${b}-rc${rc}` : patch !== null ? `v${a}.${b}.${patch}` : `v${a}.${b}`,
			);
		fc.assert(
			fc.property(text, text, text, (a, b, c) => {
				assert.equal(Math.sign(compare(a, b)), -Math.sign(compare(b, a)) + 0);
				assert.equal(compare(a, b) === 0, a === b);
				if (compare(a, b) < 0 && compare(b, c) < 0) assert.ok(compare(a, c) < 0);
			}),
		);
	});
});
