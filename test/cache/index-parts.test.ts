/** The parts the release index is made of: packed values, line sequences, relative positions, pruning. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ByteReader, ByteWriter, unzigzag, zigzag } from '../../cache/index-bytes.ts';
import { blobHomes } from '../../cache/index-content.ts';
import { pruneKconfig } from '../../cache/index-kconfig.ts';
import { restoreKconfig, storedKconfig } from '../../cache/index-kconfig-lines.ts';
import {
	decodeVersions,
	encodeVersions,
	fingerprintsOf,
	LineTable,
} from '../../cache/index-lines.ts';
import { pack, unpack } from '../../cache/index-pack.ts';
import { absolute, relative } from '../../cache/index-positions.ts';
import { canBuild, kconfigModel } from '../../src/kernel/config.ts';
import { parseKconfig } from '../../src/kernel/kconfig.ts';
import { outlineOf } from '../../src/kernel/kconfig-outline.ts';
import { fingerprints } from '../../src/patch/lines.ts';

const json = fc
	.jsonValue()
	.filter((value) => !JSON.stringify(value).includes('__proto__'))
	.map((value) => JSON.parse(JSON.stringify(value)) as unknown);

/** Bytes that are damaged may be refused or be another value, but nothing else may happen. */
function refusedOrRead(read: () => unknown): void {
	try {
		read();
	} catch (error) {
		assert.ok(error instanceof RangeError, String(error));
	}
}

describe('numbers of the index', () => {
	it('come back as they were', () => {
		fc.assert(
			fc.property(fc.array(fc.maxSafeNat()), (numbers) => {
				const out = new ByteWriter();
				for (const value of numbers) out.varint(value);
				const from = new ByteReader(out.done());
				assert.deepEqual(
					numbers.map(() => from.varint()),
					numbers,
				);
				assert.equal(from.left, 0);
			}),
		);
	});

	it('keep their sign', () => {
		fc.assert(
			fc.property(fc.integer(), (value) => {
				assert.equal(unzigzag(zigzag(value)), value);
				assert.ok(zigzag(value) >= 0);
			}),
		);
	});
});

describe('packed values', () => {
	it('come back equal, key order included', () => {
		fc.assert(
			fc.property(json, fc.array(fc.string()), (value, known) => {
				const back = unpack(pack(value, known), known);
				assert.deepEqual(back, value);
				assert.equal(JSON.stringify(back), JSON.stringify(value));
			}),
		);
	});

	it('hold equal parts once, as one object', () => {
		const gate = () => ({ kind: 'present', line: 12, what: ['platform_bus_type'] });
		const back = unpack(pack([gate(), { in: gate() }])) as [object, { in: object }];
		assert.equal(back[0], back[1].in);
		const once = pack([gate()]).length;
		assert.ok(pack(Array.from({ length: 100 }, gate)).length < once + 200);
	});

	it('do not store strings that the reader has', () => {
		const blob = '195d6e93ac7185aa53ee075521faf0de56ec53bf';
		const bytes = pack({ blob }, ['a', blob]);
		assert.equal(Buffer.from(bytes).includes(blob), false);
		assert.deepEqual(unpack(bytes, ['a', blob]), { blob });
		assert.throws(() => unpack(bytes, []), RangeError);
	});

	it('refuse what is no JSON', () => {
		assert.throws(() => pack(() => 1), RangeError);
		assert.throws(() => pack([Number.NaN]), RangeError);
		assert.throws(() => pack(JSON.parse('{"__proto__": 1}')), RangeError);
	});

	it('are refused or read, never more, when damaged', () => {
		fc.assert(
			fc.property(json, fc.nat(), fc.integer({ min: 0, max: 255 }), (value, place, byte) => {
				const bytes = pack(value);
				bytes[place % bytes.length] = byte;
				refusedOrRead(() => unpack(bytes));
				refusedOrRead(() => unpack(bytes.subarray(0, place % bytes.length)));
			}),
		);
	});
});

const text = fc
	.array(fc.constantFrom('{', '}', '', '\treturn 0;', '\tint a;', 'int f(void)', 'x', 'y'))
	.chain((lines) =>
		fc.constantFrom('', '\n').map((end) => lines.join('\n') + (lines.length > 0 ? end : '')),
	);

describe('line sequences', () => {
	it('come back for every version of a file', () => {
		fc.assert(
			fc.property(fc.array(text, { maxLength: 6 }), (versions) => {
				const table = new LineTable();
				const sequences = versions.map((version) =>
					table.sequence(fingerprints(Buffer.from(version))),
				);
				const back = decodeVersions(encodeVersions(sequences));
				assert.deepEqual(back, sequences);
				const bytes = table.done();
				back.forEach(({ ids, finalNewline }, i) => {
					assert.deepEqual(
						{ ...fingerprintsOf(bytes, ids), finalNewline },
						fingerprints(Buffer.from(versions[i] ?? '')),
					);
				});
			}),
		);
	});

	it('of a version with one new line cost a few bytes', () => {
		const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`);
		const changed = lines.with(250, 'another line');
		const table = new LineTable();
		const of = (list: string[]) => table.sequence(fingerprints(Buffer.from(list.join('\n'))));
		const one = encodeVersions([of(lines)]).length;
		assert.ok(encodeVersions([of(lines), of(changed)]).length < one + 16);
	});

	it('are refused or read, never more, when damaged', () => {
		const table = new LineTable();
		const bytes = encodeVersions(
			['a\nb\nc\n', 'a\nd\nc\n', 'c\na\n'].map((one) =>
				table.sequence(fingerprints(Buffer.from(one))),
			),
		);
		for (let at = 0; at < bytes.length; at++) {
			for (let value = 0; value < 256; value++) {
				const damaged = Uint8Array.from(bytes);
				damaged[at] = value;
				refusedOrRead(() => decodeVersions(damaged));
			}
			refusedOrRead(() => decodeVersions(bytes.subarray(0, at)));
		}
	});
});

describe('relative positions', () => {
	const item = fc.record(
		{
			name: fc.string(),
			line: fc.nat(40_000),
			end: fc.nat(40_000),
			from: fc.nat(40_000),
			fields: fc.array(
				fc.record({ path: fc.string(), line: fc.nat(40_000) }, { noNullPrototype: true }),
			),
		},
		{ requiredKeys: ['name'], noNullPrototype: true },
	);

	it('lead back to the lines', () => {
		fc.assert(
			fc.property(
				fc.record({ lines: fc.nat(), calls: fc.array(item) }, { noNullPrototype: true }),
				(facts) => {
					assert.deepEqual(absolute(relative(facts)), facts);
				},
			),
		);
	});

	it('change in one place when lines are added above', () => {
		const facts = (by: number) => ({
			functions: [
				{ name: 'a', line: 10 + by, end: 20 + by },
				{ name: 'b', line: 30 + by, end: 44 + by, fields: [{ line: 31 + by }] },
			],
		});
		const [, second] = (relative(facts(0)) as { functions: unknown[] }).functions;
		const [, moved] = (relative(facts(7)) as { functions: unknown[] }).functions;
		assert.deepEqual(moved, second);
	});
});

describe('blob numbers', () => {
	it('give each blob the first path that has it', () => {
		assert.deepEqual(
			[
				...blobHomes([
					[1, 1, 2],
					[0, 2, 3],
				]),
			],
			[0, 0, 1],
		);
	});

	it('with a gap are refused', () => {
		assert.throws(() => blobHomes([[1, 3]]), RangeError);
	});
});

describe('pruned Kconfig', () => {
	const files = [
		parseKconfig(
			`config ARM
	def_bool y
	select HAVE_A
	select NEEDED_BY_BETA if MMU

config MMU
	bool "MMU"

config HAVE_A
	bool

config NEEDED_BY_BETA
	bool

config NOBODY_ASKS
	bool "x"
	select ALSO_NOT

config ALSO_NOT
	bool

source "arch/arm/mach-acme/Kconfig"
source "arch/arm/mach-other/Kconfig"
`,
			'arch/arm/Kconfig',
		),
		parseKconfig(
			'config ARCH_ACME\n\tbool "Acme"\n\tselect HIDDEN\n\nconfig HIDDEN\n\tbool\n',
			'arch/arm/mach-acme/Kconfig',
		),
		parseKconfig('config ARCH_OTHER\n\tbool "Other"\n', 'arch/arm/mach-other/Kconfig'),
		// The folder is powerpc, the symbol PPC: only what it selects tells it from PPC32.
		parseKconfig(
			'config PPC32\n\tbool\n\tdefault y\n\nconfig PPC\n\tbool\n\tdefault y\n\tselect A1\n\tselect A2\n',
			'arch/powerpc/Kconfig',
		),
		parseKconfig(
			`if IOMMU_SUPPORT

config ALPHA
	bool "Alpha"
	depends on ARCH_ACME || PPC32

config BETA
	bool "Beta"
	depends on NEEDED_BY_BETA && HIDDEN
	select GAMMA

config GAMMA
	bool
	depends on ARM

config DELTA
	bool "Delta"
	depends on PPC && !MMU

endif

config IOMMU_SUPPORT
	bool "IOMMU"
`,
			'drivers/iommu/Kconfig',
		),
	];
	const roots = ['ALPHA', 'BETA', 'GAMMA', 'DELTA'];
	const pruned = pruneKconfig(files.map(outlineOf), roots);

	it('answers as the whole does, for every driver on every architecture', () => {
		const before = kconfigModel(files);
		const after = kconfigModel(pruned);
		assert.deepEqual(after.architectures, before.architectures);
		for (const { name: arch } of before.architectures) {
			for (const symbol of roots) {
				for (const fixed of [
					{},
					{ MMU: 'n' },
					{ ARCH_ACME: 'n' },
					{ IOMMU_SUPPORT: 'n' },
				] as const) {
					assert.equal(
						canBuild(after, arch, symbol, fixed),
						canBuild(before, arch, symbol, fixed),
						`${symbol} on ${arch} with ${JSON.stringify(fixed)}`,
					);
				}
			}
		}
		assert.equal(canBuild(after, 'arm', 'BETA'), 'yes');
		assert.equal(canBuild(after, 'powerpc', 'BETA'), 'no');
	});

	it('leaves out what no driver hangs on', () => {
		const names = pruned.flatMap(({ symbols }) => symbols.map(({ name }) => name));
		for (const name of ['NOBODY_ASKS', 'ALSO_NOT', 'HAVE_A', 'ARCH_OTHER']) {
			assert.equal(names.includes(name), false, name);
		}
		assert.equal(
			pruned.some(({ path }) => path.includes('mach-other')),
			false,
		);
	});

	it('comes back whole from the form in which the index stores it', () => {
		const stored = storedKconfig(pruned);
		const [first, second] = restoreKconfig([stored, stored]);
		assert.deepEqual(first, pruned);
		assert.equal(first, second);
		const [broken] = stored.map((file) => ({ ...file, lines: [] }));
		assert.throws(() => restoreKconfig([[broken ?? assert.fail()]]), RangeError);
	});

	it('stays as it is when pruned again', () => {
		assert.deepEqual(pruneKconfig(pruned.map(outlineOf), roots), pruned);
	});
});
