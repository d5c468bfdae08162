/** The release index from end to end: built from a small kernel, read back, verified, damaged. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { buildIndex, indexContent } from '../../cache/index-build.ts';
import { Container, encodeContainer } from '../../cache/index-format.ts';
import { IndexFile, indexFacts, openIndex } from '../../cache/index-reader.ts';
import { IndexSource } from '../../cache/index-source.ts';
import { indexInfo, verifyIndex } from '../../cache/index-verify.ts';
import { writeIndex } from '../../cache/index-writer.ts';
import type { ReleaseSource } from '../../cache/source.ts';
import { readsOf } from '../../cache/tree-keys.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { RangefinderError } from '../../src/errors.ts';
import { canBuild, kconfigModel } from '../../src/kernel/config.ts';
import type { Release } from '../../src/kernel/releases.ts';
import { FingerprintInterner } from '../../src/patch/lines.ts';
import { filesOf, keyOf, memorySource, RELEASES, textOf } from './index-fixture.ts';

const ACME = 'drivers/iommu/acme.c';
const EXAMPLE = { header: { subject: 'iommu/acme: …' }, hunks: [[1.5, -3, null, true]] };

function part(source: ReleaseSource) {
	return {
		source,
		files: async ({ name }: Release) => filesOf(name),
		treeKeys: async (releases: readonly Release[]) => releases.map(({ name }) => keyOf(name)),
	};
}

function code(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		if (error instanceof RangefinderError) return error.failure.code;
		throw error;
	}
	return 'none';
}

describe('release index', () => {
	let folder = '';
	let source: ReleaseSource;
	let bytes: Uint8Array;
	let index: IndexFile;

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-index-'));
		source = await memorySource();
		bytes = await buildIndex({ parts: [part(source)], profiles: [iommu], example: EXAMPLE });
		index = new IndexFile(bytes, 'kernels.rfx');
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	it('names its releases as the clone does', () => {
		assert.deepEqual(index.releases, RELEASES);
	});

	it('gives the same bytes for the same content', async () => {
		const again = await buildIndex({ parts: [part(source)], profiles: [iommu], example: EXAMPLE });
		assert.ok(Buffer.from(bytes).equals(again));
	});

	it('answers blob ids like the clone, also for files that are not there', async () => {
		const served = new IndexSource(index, new FingerprintInterner());
		const paths = [ACME, 'drivers/iommu/acme-copy.c', 'drivers/iommu/none.c'];
		assert.deepEqual(await served.blobIds(RELEASES, paths), await source.blobIds(RELEASES, paths));
	});

	it('gives lines the ids that the same text has', async () => {
		const interner = new FingerprintInterner();
		const served = new IndexSource(index, interner);
		const patched = interner.lines(textOf('v4.3', ACME));
		for (const { name } of RELEASES) {
			for (const { path, blob } of filesOf(name)) {
				const lines = (await served.lines([blob])).get(blob);
				assert.deepEqual(lines, interner.lines(textOf(name, path)), `${name} ${path}`);
			}
		}
		assert.equal(patched.finalNewline, false);
	});

	it('knows no lines and no text of a blob that is not in it', async () => {
		const served = new IndexSource(index, new FingerprintInterner());
		assert.equal((await served.lines(['f'.repeat(40)])).size, 0);
		assert.equal((await served.text()).size, 0);
	});

	it('gives the facts of every source as they were extracted', async () => {
		const served = new IndexSource(index, new FingerprintInterner());
		for (const { name } of RELEASES) {
			const files = filesOf(name).filter(({ path }) => path.endsWith('.c'));
			assert.deepEqual(await served.fileFacts(files), await source.fileFacts(files), name);
		}
	});

	it('gives the drivers and capabilities of each release as they were linked', async () => {
		const served = new IndexSource(index, new FingerprintInterner());
		const linked = await source.profiled(RELEASES, iommu);
		const read = await served.profiled(RELEASES, iommu);
		assert.deepEqual(
			read.map(({ facts, modules }) => ({ facts, modules })),
			linked.map(({ facts, modules }) => ({ facts, modules })),
		);
		assert.equal(read[0]?.facts.drivers[0]?.busOps[0]?.bus, 'platform_bus_type');
	});

	it('answers what can be built as the whole Kconfig does', async () => {
		const [kconfig] = await new IndexSource(index, new FingerprintInterner()).kconfig(
			RELEASES,
			iommu,
		);
		const model = kconfigModel(kconfig ?? []);
		assert.equal(canBuild(model, 'arm64', 'ACME_IOMMU'), 'yes');
		assert.equal(canBuild(model, 'arm64', 'ACME_IOMMU', { IOMMU_SUPPORT: 'n' }), 'no');
		assert.equal(model.isDefined('UNRELATED'), false);
		const [definition] = model.definitions('ACME_IOMMU', 'arm64');
		assert.equal(definition?.def.path, 'drivers/iommu/Kconfig');
		assert.equal(definition.def.line, 4);
	});

	it('expands an abbreviated blob id, unless it could be several', async () => {
		const served = new IndexSource(index, new FingerprintInterner());
		const blob = index.blobAt('v4.2', ACME) ?? '';
		assert.equal(await served.expandBlob(blob.slice(0, 12)), blob);
		assert.equal(await served.expandBlob(''), undefined);
		assert.equal(await served.expandBlob('f'.repeat(40)), undefined);
	});

	it('serves a clone with facts of blobs and of whole trees', () => {
		const known = indexFacts(index);
		const blob = index.blobAt('v4.1', ACME) ?? '';
		assert.equal(known.byBlob({ blob })?.entries[0]?.macro, 'subsys_initcall');
		assert.equal(known.byBlob({ blob: '0'.repeat(40) }), undefined);
		assert.equal(known.byTree(keyOf('v4.2'))?.facts.drivers[0]?.driver, 'acme');
		assert.equal(known.byTree(keyOf('v4.2'))?.kconfig, index.kconfig('iommu')?.[1]);
		assert.equal(known.byTree('0'.repeat(40)), undefined);
	});

	it('names the key of a root tree only to who reads the same paths', async () => {
		const [first, ...rest] = RELEASES;
		assert.ok(first);
		const rooted = { ...first, tree: 'c'.repeat(40) };
		const content = await indexContent({ parts: [part(source)], profiles: [iommu] });
		const known = indexFacts(
			new IndexFile(writeIndex({ ...content, releases: [rooted, ...rest] }), 'rooted.rfx'),
		);
		assert.equal(known.keyOf('iommu', readsOf(iommu), rooted.tree), keyOf(first.name));
		assert.equal(known.keyOf('iommu', readsOf(iommu), 'd'.repeat(40)), undefined);
		const grown = { ...iommu, files: [...iommu.files, 'drivers/of/device.c'] };
		assert.equal(known.keyOf('iommu', readsOf(grown), rooted.tree), undefined);
	});

	it('gives the example back as it was', () => {
		assert.deepEqual(index.example(), EXAMPLE);
	});

	it('refuses a release and a profile that it does not hold', async () => {
		const served = new IndexSource(index, new FingerprintInterner());
		const [first] = RELEASES;
		assert.ok(first);
		const other = { ...first, name: 'v4.9', version: { ...first.version, base: [4, 9] } };
		await assert.rejects(served.blobIds([other], [ACME]), /no release v4.9 here/);
		await assert.rejects(
			served.profiled([first], { ...iommu, id: 'clk' }),
			/holds nothing of the profile clk for v4.1/,
		);
	});

	it('takes a release from the first of several clones that have it', async () => {
		const later = await memorySource(new FingerprintInterner(), RELEASES.slice(1));
		const earlier = await memorySource(new FingerprintInterner(), RELEASES.slice(0, 2));
		const merged = await buildIndex({
			parts: [part(later), part(earlier)],
			profiles: [iommu],
			example: EXAMPLE,
		});
		assert.ok(Buffer.from(bytes).equals(merged));
	});

	it('holds no text of the sources, only names and numbers', () => {
		const container = new Container(bytes, 'kernels.rfx', index.version);
		const all = [...container.sections.keys()].map((name) =>
			Buffer.from(container.read(name) ?? []).toString('latin1'),
		);
		assert.ok(all.some((content) => content.includes('platform_driver_register')));
		for (const text of ['return -', 'if (', '/* Acme', '#include', 'Hardware Support', 'config ']) {
			assert.ok(!all.some((content) => content.includes(text)), text);
		}
	});

	it('says what it holds', () => {
		const info = indexInfo(index);
		assert.equal(info.bytes, bytes.length);
		assert.equal(info.example, true);
		assert.deepEqual(
			info.releases.map(({ release, date, files }) => [release, date, files]),
			[
				['v4.1', '2014-05-13', 4],
				['v4.2', '2014-09-06', 4],
				['v4.3', '2014-12-31', 5],
			],
		);
	});

	describe('verify', () => {
		it('finds nothing wrong with an index and the clone it was built from', async () => {
			const { checked, differences } = await verifyIndex(index, { source, profiles: [iommu] });
			assert.deepEqual(differences, []);
			assert.ok(checked > 20);
		});

		it('names a file that is another one in the clone', async () => {
			const moved: ReleaseSource = {
				...source,
				blobIds: async (releases, paths) =>
					(await source.blobIds(releases, paths)).map((row, i) =>
						row.map((blob, k) => (i === 1 && paths[k] === ACME ? 'a'.repeat(40) : blob)),
					),
			};
			const { differences } = await verifyIndex(index, { source: moved, profiles: [] });
			assert.equal(differences.length, 1);
			assert.match(differences[0] ?? '', /^v4\.2: drivers\/iommu\/acme\.c is a{40} in the clone/);
		});

		it('finds wrong lines, wrong facts and a wrong tree', async () => {
			const content = await indexContent({ parts: [part(source)], profiles: [iommu] });
			const blob = index.blobAt('v4.2', ACME) ?? '';
			const other = index.blobAt('v4.1', ACME) ?? '';
			const lines = new Map(content.lines);
			const facts = new Map(content.facts);
			lines.set(blob, content.lines.get(other) ?? assert.fail());
			facts.set(blob, content.facts.get(other) ?? assert.fail());
			const trees = content.profiles[0] ?? assert.fail();
			const first = trees.trees[0] ?? assert.fail();
			const wrong = writeIndex({
				...content,
				lines,
				facts,
				profiles: [{ ...trees, trees: [first, first, first] }],
			});
			const { differences } = await verifyIndex(new IndexFile(wrong, 'wrong.rfx'), {
				source,
				profiles: [iommu],
			});
			assert.deepEqual(
				differences.map((text) => text.replace(/\(.*\)/, '(…)')),
				[
					`the lines of ${ACME} (…) are not those of the clone`,
					`the facts of ${ACME} (…) are not those of the clone`,
					'v4.2: what the profile iommu reads is not what the clone gives',
					'v4.3: what the profile iommu reads is not what the clone gives',
				],
			);
		});

		it('finds a source without facts', async () => {
			const content = await indexContent({ parts: [part(source)], profiles: [] });
			const facts = new Map([...content.facts].slice(1));
			const bare = new IndexFile(writeIndex({ ...content, facts }), 'bare.rfx');
			const { differences } = await verifyIndex(bare);
			assert.equal(differences.length, 1);
			assert.match(differences[0] ?? '', /has no facts$/);
		});
	});

	describe('file', () => {
		it('says what is wrong with a file that is no index', () => {
			const path = join(folder, 'other');
			const message = (content: string | Uint8Array) => {
				writeFileSync(path, content);
				try {
					openIndex(path);
				} catch (error) {
					if (error instanceof RangefinderError) return error.message.replace(path, 'FILE');
					throw error;
				}
				return '';
			};
			assert.equal(message(''), 'FILE: the file is empty');
			assert.equal(message('hello'), 'FILE: not a release index');
			assert.match(message(bytes.subarray(0, 10)), /^FILE: cut short after 10 bytes$/);
			assert.match(message(bytes.subarray(0, -1)), /^FILE: cut short: \d+ of \d+ bytes$/);
			assert.match(message(Buffer.concat([bytes, bytes])), /^FILE: \d+ bytes too many at its end$/);
			const newer = Uint8Array.from(bytes);
			newer[4] = 9;
			assert.match(message(newer), /^FILE: index format 9, this program reads \d+$/);
			assert.equal(
				code(() => openIndex(folder)),
				'index-unreadable',
			);
			assert.equal(
				code(() => openIndex(join(folder, 'none'))),
				'index-unreadable',
			);
		});

		it('refuses facts of another extractor', () => {
			const old = encodeContainer(
				{ ...index.version, extractor: index.version.extractor + 1 },
				new Map(),
				new Set(),
			);
			assert.equal(
				code(() => new IndexFile(old, 'old.rfx')),
				'index-version',
			);
		});
	});

	describe('damage', () => {
		/** Reads all there is; what cannot be told apart from a whole index must be one. */
		function readAll(damaged: Uint8Array): unknown {
			const file = new IndexFile(damaged, 'damaged.rfx');
			const sequences = file.sequences(file.blobs);
			return [
				file.releases,
				file.paths,
				file.blobs,
				[...sequences.values()].map(({ ids }) => file.fingerprints(ids)),
				file.blobs.map((blob) => file.facts(blob)),
				file.trees('iommu'),
				file.kconfig('iommu'),
				file.example(),
			];
		}

		it('is noticed wherever the file is cut short', () => {
			for (let length = 0; length < bytes.length; length += 7) {
				const cut = bytes.subarray(0, length);
				assert.equal(
					code(() => readAll(cut)),
					'index-unreadable',
					`cut after ${length}`,
				);
			}
		});

		it('is noticed wherever a byte is wrong', () => {
			for (let at = 0; at < bytes.length; at += 5) {
				const damaged = Uint8Array.from(bytes);
				damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
				assert.match(
					code(() => readAll(damaged)),
					/^index-(?:unreadable|version)$/,
					`byte ${at}`,
				);
			}
		});

		it('in one section leaves the others readable and is named by verify', async () => {
			const section = index.sections.find(({ name }) => name === 'example') ?? assert.fail();
			const damaged = Uint8Array.from(bytes);
			damaged[section.at + 3] = (damaged[section.at + 3] ?? 0) ^ 0x20;
			const file = new IndexFile(damaged, 'damaged.rfx');
			assert.deepEqual(file.trees('iommu'), index.trees('iommu'));
			const { differences } = await verifyIndex(file);
			assert.deepEqual(differences, ['the example: damaged.rfx: section example is damaged']);
		});
	});
});
