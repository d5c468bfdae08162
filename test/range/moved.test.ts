import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FileId, ReleaseSource } from '../../cache/source.ts';
import type { FileFacts } from '../../src/driver/facts.ts';
import type { Release } from '../../src/kernel/releases.ts';
import { parseVersion } from '../../src/kernel/version.ts';
import { TextInterner } from '../../src/patch/lines.ts';
import { internHunks } from '../../src/patch/search.ts';
import { likelyFiles, searchFolder } from '../../src/range/moved.ts';
import { Overlay } from '../../src/range/overlay.ts';
import { place, placementReport } from '../../src/range/placements.ts';
import type { PreparedFile, PreparedPatch } from '../../src/range/prepare.ts';
import { hunksBetween, textOf } from '../patch/cases.ts';

const PATH = 'drivers/iommu/acme-iommu.c';
const OLD = textOf(Array.from({ length: 40 }, (_, i) => `\tstep_${i}(dev);`));
const NEW = OLD.replace('\tstep_20(dev);\n', '\tstep_20(dev, true);\n');
const OTHER = textOf(Array.from({ length: 40 }, (_, i) => `\tother_${i}(dev);`));

/** A source of releases that are given by their files; blob ids are the texts themselves. */
function sourceOf(trees: Readonly<Record<string, string>>[]): {
	source: ReleaseSource;
	releases: Release[];
	interner: TextInterner;
} {
	const interner = new TextInterner();
	const releases = trees.map((_, i): Release => {
		const name = `v6.${i + 1}`;
		const version = parseVersion(name) ?? assert.fail();
		return { name, version, series: `6.${i + 1}.y`, commit: `${i}`, date: '', tip: false };
	});
	const files = (release: Release): Readonly<Record<string, string>> =>
		trees[Number(release.commit)] ?? {};
	const source: Partial<ReleaseSource> = {
		blobIds: async (of, paths) => of.map((one) => paths.map((path) => files(one)[path])),
		filesBelow: async (release, folder) =>
			Object.entries(files(release))
				.filter(([path]) => path.startsWith(`${folder}/`))
				.map(([path, blob]): FileId => ({ path, blob })),
		lines: async (blobs) => new Map(blobs.map((blob) => [blob, interner.lines(blob)])),
		text: async (blobs) => new Map(blobs.map((blob) => [blob, Buffer.from(blob)])),
		factsOfTexts: async () => [{} as FileFacts],
	};
	return { source: source as ReleaseSource, releases, interner };
}

function patchOf(interner: TextInterner, file: Partial<PreparedFile> = {}): PreparedPatch {
	return {
		subject: '',
		author: '',
		messageId: null,
		commit: null,
		repaired: false,
		proof: 'none',
		files: [
			{
				path: PATH,
				isNew: false,
				isDeleted: false,
				preimage: OLD,
				postimage: null,
				hunks: internHunks(interner, hunksBetween(OLD, NEW)),
				uses: [],
				fragments: async () => [],
				...file,
			},
		],
	};
}

describe('a file that a release has under another name', () => {
	const MOVED = 'drivers/iommu/acme/iommu.c';

	it('is found by its words and its lines, and said', async () => {
		const { source, releases, interner } = sourceOf([
			{ [PATH]: OLD },
			{ 'drivers/iommu/acme/init.c': OTHER, [MOVED]: `\tstart();\n${OLD}` },
			{ 'drivers/iommu/acme/iommu.c': OTHER },
		]);
		const placed = await place(patchOf(interner), source, releases);
		const files = placed.map((one) => placementReport(one).files[0] ?? assert.fail());
		assert.deepEqual(
			files.map(({ path, movedTo, result }) => [path, movedTo, result]),
			[
				[PATH, null, 'exact'],
				[PATH, MOVED, 'offset'],
				[PATH, null, 'missing'],
			],
		);
	});

	it('is found by its hunks where the pre-image is not known', async () => {
		const { source, releases, interner } = sourceOf([{ [MOVED]: OLD }]);
		const [placed] = await place(patchOf(interner, { preimage: null }), source, releases);
		assert.deepEqual([placed?.result, placed?.files[0]?.path], ['exact', MOVED]);
	});

	it('is searched among files of a like name only', () => {
		const files = ['arm/arm-smmu/arm-smmu.c', 'intel/iommu.c', 'intel/Makefile', 'amd/iommu.c'].map(
			(path): FileId => ({ path: `drivers/iommu/${path}`, blob: path }),
		);
		const likely = (path: string) => likelyFiles(path, files).map(({ blob }) => blob);
		assert.equal(likely('drivers/iommu/arm-smmu.c')[0], 'arm/arm-smmu/arm-smmu.c');
		assert.deepEqual(likely('drivers/iommu/intel-iommu.c'), ['intel/iommu.c', 'amd/iommu.c']);
		assert.deepEqual(likely('drivers/iommu/rockchip-core.c'), []);
		assert.equal(searchFolder('drivers/iommu/arm/arm-smmu/arm-smmu.c'), 'drivers/iommu');
		assert.equal(searchFolder('README'), '');
	});
});

describe('a patch that renames a file', () => {
	const TO = 'lib/other.c';

	it('lands where the old name is there and the new one is free', async () => {
		const { source, releases, interner } = sourceOf([
			{ [PATH]: OLD },
			{ [PATH]: OLD, [TO]: OTHER },
			{ [TO]: NEW },
		]);
		const placed = await place(patchOf(interner, { renamesTo: TO }), source, releases);
		assert.deepEqual(
			placed.map(({ result }) => result),
			['exact', 'conflict', 'already'],
		);
		const pure = patchOf(interner, { renamesTo: TO, hunks: [] });
		assert.deepEqual(
			(await place(pure, source, releases)).map(({ result }) => result),
			['exact', 'conflict', 'already'],
		);
	});

	it('is copied where the new name is free, and stays', async () => {
		const copy = { renamesTo: TO, copies: true } as const;
		const { source, releases, interner } = sourceOf([
			{ [PATH]: OLD },
			{ [PATH]: OLD, [TO]: OTHER },
			{ [TO]: OLD },
		]);
		const patch = patchOf(interner, copy);
		const placed = await place(patch, source, releases);
		assert.deepEqual(
			placed.map(({ result }) => result),
			['exact', 'conflict', 'missing'],
		);
		const overlay = new Overlay(source);
		await overlay.add(placed);
		const [[old, fresh] = []] = await overlay.blobIds(releases.slice(0, 1), [PATH, TO]);
		const [[before] = []] = await source.blobIds(releases.slice(0, 1), [PATH]);
		assert.equal(old, before);
		assert.ok(fresh !== undefined && fresh !== old);
	});
});
