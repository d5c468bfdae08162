/**
 * The release index. An input is an index whose versions and checksums are set right before it is read,
 * so that what is changed in it is not refused at the door; every second one is read as it is.
 */
import { crc32 } from 'node:zlib';
import { buildIndex } from '../../../cache/index-build.ts';
import { ByteReader, ByteWriter } from '../../../cache/index-bytes.ts';
import { Container, encodeContainer, OWN_VERSION } from '../../../cache/index-format.ts';
import { pack, unpack } from '../../../cache/index-pack.ts';
import { IndexFile, indexFacts } from '../../../cache/index-reader.ts';
import { iommu } from '../../../src/driver/profiles/iommu.ts';
import { failureOf } from '../../../src/errors.ts';
import type { Release } from '../../../src/kernel/releases.ts';
import { filesOf, keyOf, memorySource } from '../../cache/index-fixture.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

const HEADER = 20;
/** What is tried in the place of a value. */
const VALUES: readonly unknown[] = [
	...[null, true, 0, -1, 1, 2 ** 31, 2 ** 53, 0.5, '', 'x', '__proto__', [], {}, [[]], [null]],
	...[{ length: 1e9 }, { symbols: null }, 'v4.14.7', '0'.repeat(40), '2017-01-01', 'NaN'],
];

/** Builds the index that inputs are made of. */
export async function loadIndex(): Promise<Target> {
	const source = await memorySource();
	const part = {
		source,
		files: async ({ name }: Release) => filesOf(name),
		treeKeys: async (releases: readonly Release[]) => releases.map(({ name }) => keyOf(name)),
	};
	const built = await buildIndex({ parts: [part], profiles: [iommu], example: { a: [1.5, null] } });
	const sections = sectionsOf(Buffer.from(built)) ?? new Map();
	const whole = encode(sections);
	const bare = encode(new Map([...sections].filter(([name]) => /^(meta|blobs|table)/.test(name))));
	return {
		seeds: [whole, bare],
		vocabulary: {
			words: [
				'RFX1',
				'meta',
				'blobs',
				'table',
				'trees:iommu',
				'kconfig:iommu',
				'lines:0',
				'\u0001',
				'\u0080',
			],
			pairs: [
				['\u0001', '\u0000'],
				['\u0080', ''],
			],
		},
		mutate: (input, random) => mutateSection(input, random),
		run: (input) => {
			if (input.length % 2 === 0) refusable(() => readAll(input));
			readAll(sealed(Buffer.from(input)));
		},
	};
}

function refusable(read: () => void): void {
	try {
		read();
	} catch (error) {
		if (failureOf(error) === undefined) throw error;
	}
}

/** Asks an index for everything it has; what one question finds damaged does not keep from the next. */
function readAll(bytes: Uint8Array): void {
	const index = new IndexFile(bytes, 'input.rfx');
	const facts = indexFacts(index);
	const ask = [
		() => index.releases.map(({ name }) => index.files(name)),
		() => index.paths.map((path) => [index.hasPath(path), index.blobAt('v4.2', path)]),
		() => index.sections.length + index.lineCount,
		() => index.blobs.map((blob) => [index.has(blob), index.pathOf(blob)]),
		() => [...index.sequences(index.blobs).values()].map(({ ids }) => index.fingerprints(ids)),
		() => index.blobs.map((blob) => JSON.stringify(index.facts(blob))),
		() => index.example(),
		...index.profiles.flatMap((profile) => [
			() =>
				index
					.trees(profile)
					?.map(({ key }) => [index.profiledByKey(key), facts.answersOf(profile, key)]),
			() => index.kconfig(profile),
			() => index.answers(profile),
			() => index.users(profile),
			() => facts.keyOf(profile, index.readsOf(profile) ?? '', 'tree'),
			() => facts.jointAnswers(profile, []),
		]),
	];
	for (const question of ask) refusable(question);
}

/** The sections of an index, decompressed; undefined where it has none that can be read. */
function sectionsOf(bytes: Buffer): Map<string, Uint8Array> | undefined {
	try {
		const container = new Container(sealed(bytes), 'input.rfx', OWN_VERSION);
		const names = [...container.sections.keys()];
		return new Map(names.map((name) => [name, container.read(name) ?? new Uint8Array()]));
	} catch {
		return undefined;
	}
}

function encode(sections: ReadonlyMap<string, Uint8Array>): Uint8Array {
	return encodeContainer(OWN_VERSION, sections, new Set(sections.keys()));
}

/** The bytes with the versions of this program and right checksums, as far as they are an index. */
function sealed(bytes: Buffer): Uint8Array {
	if (bytes.length < HEADER) return bytes;
	const out = Buffer.from(bytes);
	const { format, extractor, kconfig, linker } = OWN_VERSION;
	for (const [i, version] of [format, extractor, kconfig, linker].entries()) {
		out.writeUInt16LE(version, 4 + 2 * i);
	}
	const end = HEADER + out.readUInt32LE(12);
	if (end > out.length) return out;
	sealSections(out, end);
	const table = out.subarray(HEADER, end);
	out.writeUInt32LE(crc32(table, crc32(out.subarray(0, HEADER - 4))), HEADER - 4);
	return out;
}

function sealSections(out: Buffer, end: number): void {
	const table = new ByteReader(out.subarray(HEADER, end));
	let at = end;
	try {
		for (let left = table.count(); left > 0; left--) {
			table.string();
			const stored = table.varint();
			table.varint();
			const place = end - table.left;
			table.uint32();
			out.writeUInt32LE(crc32(out.subarray(at, at + stored)), place);
			at += stored;
		}
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
}

/** Changes the bytes of one section, or a value that they say. */
function mutateSection(input: Buffer, random: Random): Buffer | undefined {
	if (random.chance(0.1)) return undefined;
	const sections = sectionsOf(input);
	if (sections === undefined || sections.size === 0) return undefined;
	const name = random.pick([...sections.keys()]);
	const bytes = sections.get(name) ?? new Uint8Array();
	sections.set(
		name,
		(random.chance(0.6) ? otherValue(bytes, random) : undefined) ?? otherBytes(bytes, random),
	);
	if (random.chance(0.03)) sections.delete(random.pick([...sections.keys()]));
	return Buffer.from(encode(sections));
}

function otherBytes(bytes: Uint8Array, random: Random): Uint8Array {
	const out = Buffer.from(bytes);
	for (let more = 1 + random.below(4); more > 0 && out.length > 0; more--) {
		out[random.below(out.length)] = random.pick([random.below(256), 0, 1, 127, 128, 255]);
	}
	if (random.chance(0.2)) return out.subarray(0, random.below(out.length + 1));
	if (random.chance(0.1)) return Buffer.concat([out, out]);
	if (random.chance(0.1)) return large(random);
	return out;
}

/** A number that claims a lot, where the next numbers do not have it. */
function large(random: Random): Uint8Array {
	const out = new ByteWriter();
	for (let more = 1 + random.below(6); more > 0; more--) {
		out.varint(random.pick([1, 2, 1000, 4_000_001, 8_000_000, 2 ** 31, 2 ** 40, 2 ** 53 - 1]));
	}
	return out.done();
}

/** The same section with one of its values replaced; undefined where it holds no packed value. */
function otherValue(bytes: Uint8Array, random: Random): Uint8Array | undefined {
	try {
		const holder: { value: unknown } = { value: structuredClone(unpack(bytes)) };
		let inside: Record<string, unknown> = holder;
		let name = 'value';
		for (;;) {
			const next = inside[name];
			if (typeof next !== 'object' || next === null || random.chance(0.15)) break;
			const names = Object.keys(next);
			if (names.length === 0) break;
			inside = next as Record<string, unknown>;
			name = random.pick(names);
		}
		if (random.chance(0.15)) delete inside[name];
		else inside[name] = random.pick(VALUES);
		return pack(holder.value);
	} catch (error) {
		if (error instanceof RangeError || error instanceof TypeError) return undefined;
		throw error;
	}
}
