import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import type { TagRef } from '../../src/git/store.ts';
import { findRelease, releasesFromTags } from '../../src/kernel/releases.ts';

function tags(...names: string[]): TagRef[] {
	return names.map((name, i) => ({ name, commit: `${i}`.repeat(40), date: 1_512_907_200 }));
}

describe('releases', () => {
	it('come in kernel order, without tags that are no versions', () => {
		const releases = releasesFromTags(
			tags('v4.14.10', 'next-20171113', 'v4.9', 'v4.14', 'v4.14-rc1', 'v4.14.9'),
		);
		assert.deepEqual(
			releases.map((release) => release.name),
			['v4.9', 'v4.14-rc1', 'v4.14', 'v4.14.9', 'v4.14.10'],
		);
	});

	it('know their date, series and whether they are the tip', () => {
		const releases = releasesFromTags(tags('v4.14', 'v4.14.5', 'v4.15-rc1', 'v4.15-rc2'));
		assert.deepEqual(
			releases.map(({ name, series, tip }) => [name, series, tip]),
			[
				['v4.14', '4.14.y', false],
				['v4.14.5', '4.14.y', true],
				['v4.15-rc1', 'mainline', false],
				['v4.15-rc2', 'mainline', true],
			],
		);
		assert.equal(releases[0]?.date, '2017-12-10');
	});

	it('never make a candidate of a stable release the tip', () => {
		const releases = releasesFromTags(tags('v4.14.5', 'v4.14.6-rc1'));
		assert.deepEqual(
			releases.map((release) => release.tip),
			[true, false],
		);
	});

	it('take two spellings of one version for one release', () => {
		const names = releasesFromTags(tags('v4.11.0', '4.11', 'v4.11')).map(({ name }) => name);
		assert.deepEqual(names, ['v4.11']);
	});

	it('are found by any spelling', () => {
		const releases = releasesFromTags(tags('v4.11', 'v4.12.0'));
		assert.equal(findRelease(releases, 'v4.11.0').name, 'v4.11');
		assert.equal(findRelease(releases, '4.11').name, 'v4.11');
		assert.equal(findRelease(releases, 'v4.12').name, 'v4.12.0');
	});

	it('that are not there name the releases of their series', () => {
		const releases = releasesFromTags(tags('v4.13', 'v4.14-rc1', 'v4.14', 'v4.14.5'));
		const near = (text: string) => {
			try {
				findRelease(releases, text);
			} catch (error) {
				assert.ok(error instanceof RangefinderError);
				assert.ok(error.failure.code === 'unknown-release');
				return error.failure.near;
			}
			return undefined;
		};
		assert.deepEqual(near('v4.14.99'), ['v4.14', 'v4.14.5']);
		assert.deepEqual(near('v4.14-rc9'), ['v4.14-rc1', 'v4.14', 'v4.14.5']);
		assert.deepEqual(near('not-a-version'), []);
	});
});
