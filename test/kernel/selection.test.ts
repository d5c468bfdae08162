import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { type Release, releasesFromTags } from '../../src/kernel/releases.ts';
import {
	type SelectionOptions,
	selectionCandidates,
	selectReleases,
} from '../../src/kernel/selection.ts';

const RELEASES = releasesFromTags(
	[
		'v3.18',
		'v3.18.1',
		'v3.18.140',
		'v4.1',
		'v4.1.1',
		'v4.1.2',
		'v4.2-rc1',
		'v4.2-rc2',
		'v4.2',
		'v4.3',
		'v4.3.1',
	].map((name) => ({ name, commit: name, date: 0 })),
);

function select(
	options: SelectionOptions,
	touched: (release: Release) => boolean = () => true,
): string[] {
	return selectReleases(RELEASES, options, touched).map((release) => release.name);
}

describe('selection of releases', () => {
	it('takes the first release and the tip of every series, no candidates', () => {
		assert.deepEqual(select({}), [
			'v3.18',
			'v3.18.140',
			'v4.1',
			'v4.1.2',
			'v4.2',
			'v4.3',
			'v4.3.1',
		]);
	});

	it('starts where the touched files appeared', () => {
		const late = new Set(['v4.2', 'v4.3', 'v4.3.1']);
		assert.deepEqual(
			select({}, ({ name }) => late.has(name)),
			['v4.2', 'v4.3', 'v4.3.1'],
		);
	});

	it('starts a series where a driver was backported to it', () => {
		const there = new Set(['v3.18.140', 'v4.2', 'v4.3', 'v4.3.1']);
		assert.deepEqual(
			select({}, ({ name }) => there.has(name)),
			['v3.18.140', 'v4.1', 'v4.1.2', 'v4.2', 'v4.3', 'v4.3.1'],
		);
	});

	it('keeps the releases where the files went away again', () => {
		const there = new Set(['v4.1', 'v4.1.2']);
		assert.deepEqual(
			select({}, ({ name }) => there.has(name)),
			['v4.1', 'v4.1.2', 'v4.2', 'v4.3', 'v4.3.1'],
		);
	});

	it('keeps everything when the files were never there, so that it can be said', () => {
		assert.equal(select({}, () => false).length, 7);
	});

	it('takes releases by name, in kernel order, whatever they contain', () => {
		assert.deepEqual(
			select({ release: ['4.2-rc1', 'v3.18.0', 'v4.2-rc1'] }, () => false),
			['v3.18', 'v4.2-rc1'],
		);
	});

	it('narrows to the series that are named', () => {
		assert.deepEqual(select({ series: ['4.1', '3.18.y'] }), [
			'v3.18',
			'v3.18.140',
			'v4.1',
			'v4.1.2',
		]);
		assert.deepEqual(select({ series: ['mainline'] }), ['v4.2-rc2']);
		assert.deepEqual(select({ series: ['4.1.y'], release: ['v4.3'] }), ['v4.1', 'v4.1.2', 'v4.3']);
	});

	it('takes all, or all of a series', () => {
		assert.equal(select({ all: true }).length, RELEASES.length);
		assert.deepEqual(select({ all: true, series: ['4.1.y'] }), ['v4.1', 'v4.1.1', 'v4.1.2']);
	});

	it('asks only about the candidates', () => {
		const asked: string[] = [];
		select({}, ({ name }) => asked.push(name) > 0);
		assert.deepEqual(
			asked,
			selectionCandidates(RELEASES, {}).map((release) => release.name),
		);
	});

	it('says which series there are when one is not', () => {
		assert.throws(
			() => select({ series: ['4.99.y'] }),
			(error) =>
				error instanceof RangefinderError &&
				error.failure.code === 'unknown-series' &&
				error.failure.known.includes('4.1.y'),
		);
		assert.throws(() => select({ release: ['v4.1.99'] }), RangefinderError);
	});
});
