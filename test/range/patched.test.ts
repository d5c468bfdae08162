/**
 * Facts after a patch, come by in two ways: from the patched text, as in a clone, and from the facts of
 * the file and of the patch's own lines, as in the index. What follows from them has to agree.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import type { Extractor } from '../../src/driver/extract.ts';
import type { FileFacts } from '../../src/driver/facts.ts';
import { linkTree } from '../../src/driver/link.ts';
import type { BusOps, Capability, CoreCall, DriverFacts } from '../../src/driver/model.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { styles } from '../../src/driver/style.ts';
import { FingerprintInterner } from '../../src/patch/lines.ts';
import { applyPlacement, placeFile } from '../../src/patch/placement.ts';
import { internHunks } from '../../src/patch/search.ts';
import { factsWithoutText } from '../../src/range/patched.ts';
import type { PreparedFile } from '../../src/range/prepare.ts';
import { assign, linked, sharedExtractor } from '../driver/fixtures.ts';
import { framework } from '../driver/fixtures-framework.ts';
import { acmeSource, fixedAcmeSource } from '../kernel/miniature-acme.ts';
import type { Era } from '../kernel/miniature-era.ts';
import { hunksBetween } from '../patch/cases.ts';

const PATH = 'drivers/iommu/acme-mmu.c';
const era = (acme: Era['acme']): Era => ({
	version: '4.6',
	sublevel: 0,
	lookup: 'declared',
	dmaAtProbe: true,
	declareArity: 3,
	deviceRegister: true,
	coreInstalls: false,
	acme,
	acmeArm64: false,
	acmeSaysInterrupt: false,
	beta: 'plain',
	zeta: 'none',
	zetaNamesWindow: false,
});
const UNCHECKED = acmeSource(era('initcall'));
const TAKES =
	'\tif (!iommu_present(&platform_bus_type))\n\t\tbus_set_iommu(&platform_bus_type, &acme_ops);\n';

/** Patches, by what they do, each as file before and after. */
const PATCHES: Readonly<Record<string, readonly [string, string]>> = {
	'moves the installation into probe': [UNCHECKED, fixedAcmeSource(era('initcall'))],
	'moves it in a registered driver': [
		acmeSource(era('registered')),
		fixedAcmeSource(era('registered')),
	],
	'registers with the core': [UNCHECKED, acmeSource(era('registered'))],
	'declares, and splits by configuration': [
		acmeSource(era('registered')),
		acmeSource(era('declared')),
	],
	'looks for the hardware first': [acmeSource(era('registered')), acmeSource(era('checked'))],
	'takes the look away again': [acmeSource(era('checked')), acmeSource(era('declared'))],
	'leaves it to the core': [acmeSource(era('checked')), acmeSource(era('core'))],
	'changes the level': [UNCHECKED, UNCHECKED.replace('subsys_initcall', 'core_initcall')],
	'adds a compatible string': [
		UNCHECKED,
		UNCHECKED.replace('"acme,mmu", },', '"acme,mmu", },\n\t{ .compatible = "acme,mmu-v2", },'),
	],
	'compiles it for one architecture': [
		UNCHECKED,
		UNCHECKED.replace(TAKES, `#ifdef CONFIG_ARM\n${TAKES}#endif\n`),
	],
	'drops the guard': [
		UNCHECKED,
		UNCHECKED.replace(TAKES, '\tbus_set_iommu(&platform_bus_type, &acme_ops);\n'),
	],
};

const CONFIGURATIONS = [
	{ ARM: 'y', IOMMU_DMA: 'y' },
	{ ARM: 'y', IOMMU_DMA: 'n' },
	{ ARM: 'n', IOMMU_DMA: 'y' },
	{ ARM: 'n', IOMMU_DMA: 'n' },
] as const;

interface Outcome {
	placement: string;
	changed: boolean;
}

describe('facts with a patch in, from text and without it', () => {
	let extractor: Extractor;
	let capabilities: readonly Capability[];

	before(async () => {
		extractor = await sharedExtractor();
		capabilities = (await linked(framework('v4.12'))).facts.capabilities;
	});

	const driver = (facts: FileFacts): DriverFacts | undefined => {
		const at = { path: 'drivers/iommu/Makefile', line: 1 };
		const module = { symbol: 'ACME_MMU', sources: [{ path: PATH, when: '' }], position: 0, at };
		const files = new Map([[PATH, { path: PATH, blob: '', facts }]]);
		return linkTree(iommu, files, [module], capabilities).drivers[0];
	};

	/**
	 * What a verdict may hang on. Run-time flags prove no hardware, and a static variable of a function
	 * is a flag that neither facts nor fragments name: they are left out. So are line numbers, but not
	 * the order of calls.
	 */
	const model = (facts: FileFacts) => {
		const found = driver(facts);
		if (found === undefined) return undefined;
		const call = ({ line: _line, reachedFrom, ...rest }: CoreCall | BusOps) => ({
			...rest,
			reachedFrom: reachedFrom.map(({ entry, gates, lines: _lines, ...chain }) => ({
				...chain,
				entry: [entry.macro, entry.function],
				gates: gates
					.filter(({ kind }) => kind !== 'flag')
					.map(({ kind, negated, what, own }) => ({ kind, negated, what, own })),
			})),
		});
		const byLine = [...found.busOps, ...found.deviceRegister, ...found.setFwnode];
		return {
			entries: found.entries.map(({ line: _line, ...entry }) => entry),
			declares: found.declares.map(({ line: _line, ...declared }) => declared),
			compatible: found.compatible,
			calls: byLine.sort((a, b) => a.line - b.line).map(call),
			styles: CONFIGURATIONS.map((values) =>
				styles(found, { capabilities: [...capabilities] }, assign(values)).map((style) =>
					style.replace('+flag', ''),
				),
			),
		};
	};

	/** Places a patch on a target and compares the two ways; undefined when it does not land. */
	const compare = async (
		[old, next]: readonly [string, string],
		target: string,
		known = true,
	): Promise<Outcome | undefined> => {
		const interner = new FingerprintInterner();
		const hunks = hunksBetween(old, next);
		const fragments = hunks.map(({ lines }) =>
			extractor.extractFragment(lines.filter(({ kind }) => kind !== '-').map(({ text }) => text)),
		);
		const file: PreparedFile = {
			path: PATH,
			isNew: false,
			isDeleted: false,
			preimage: null,
			postimage: null,
			hunks: internHunks(interner, hunks),
			uses: [],
			fragments: async () => fragments,
		};
		const lines = interner.lines(target);
		const placement = placeFile(lines, file, known ? interner.lines(old) : undefined);
		const patched = applyPlacement(target, placement);
		const text = patched === undefined ? undefined : extractor.extract(patched);
		const facts = extractor.extract(target);
		const spliced = await factsWithoutText(facts, lines, file.hunks, fragments, placement);
		assert.equal(text === undefined, spliced === undefined, 'both land or none');
		if (text === undefined || spliced === undefined) return undefined;
		assert.deepEqual(model(spliced), model(text), target);
		const changed = JSON.stringify(model(text)) !== JSON.stringify(model(facts));
		return { placement: placement.result, changed };
	};

	for (const [name, patch] of Object.entries(PATCHES)) {
		it(`agree where a patch that ${name} lands exactly`, async () => {
			assert.deepEqual(await compare(patch, patch[0]), { placement: 'exact', changed: true });
		});

		it(`agree where it lands with an offset`, async () => {
			const target = `// one\n// two\n// three\n${patch[0]}`;
			assert.deepEqual(await compare(patch, target), { placement: 'offset', changed: true });
		});
	}

	const [old] = PATCHES['moves the installation into probe'] ?? [''];
	const fix = PATCHES['moves the installation into probe'] ?? ['', ''];

	it('agree where the patch merges', async () => {
		const target = old.replace(
			'\twritel(0, mmu->base + ACME_CTRL);\n',
			'\twritel(1, mmu->base + ACME_CTRL);\n',
		);
		assert.deepEqual(await compare(fix, target), { placement: 'merge', changed: true });
	});

	it('agree where the patch lands with fuzz, its pre-image being unknown', async () => {
		const target = old.replace(
			'\twritel(0, mmu->base + ACME_CTRL);\n',
			'\twritel(1, mmu->base + ACME_CTRL);\n',
		);
		assert.deepEqual(await compare(fix, target, false), { placement: 'fuzz', changed: true });
	});

	it('agree that a patch that conflicts has no facts', async () => {
		const target = old.replaceAll(
			'bus_set_iommu(&platform_bus_type, &acme_ops)',
			'acme_take_bus()',
		);
		assert.equal(await compare(fix, target), undefined);
	});

	const EXTRA = ['', '/* A word on this. */', '\t/* A word on that. */', 'extern int acme_debug;'];
	const change = fc.record({
		at: fc.nat(400),
		kind: fc.constantFrom('insert', 'insert', 'drop', 'reword'),
		line: fc.constantFrom(...EXTRA),
	});

	/** A target as another release might have it: still C, with lines of other text. */
	const edited = (text: string, changes: readonly { at: number; kind: string; line: string }[]) => {
		const lines = text.split('\n').slice(0, -1);
		for (const { at, kind, line } of changes) {
			const here = at % lines.length;
			const there = lines[here] ?? '';
			// A declaration is C only between items.
			const fits = !line.startsWith('extern') || /^\};?$/.test(lines[here - 1] ?? '');
			if (kind === 'insert' && fits && !there.startsWith('\t\t')) lines.splice(here, 0, line);
			else if (kind === 'drop' && /^\s*(\/?\*.*)?$/.test(there) && !/\/\*|\*\//.test(there)) {
				lines.splice(here, 1);
			} else if (kind === 'reword' && /\b(writel|platform_set_drvdata|spin_lock)\(/.test(there)) {
				lines[here] = there.replace('(', '_relaxed(');
			}
		}
		return `${lines.join('\n')}\n`;
	};

	it('agree on targets of other text, wherever the patch lands', async () => {
		const seen = new Map<string, number>();
		const agree = fc.asyncProperty(
			fc.constantFrom(...Object.values(PATCHES)),
			fc.array(change, { minLength: 1, maxLength: 12 }),
			fc.boolean(),
			async (patch, changes, known) => {
				const outcome = await compare(patch, edited(patch[0], changes), known);
				const result = outcome?.placement ?? 'conflict';
				seen.set(result, (seen.get(result) ?? 0) + 1);
			},
		);
		await fc.assert(agree, { numRuns: 75 });
		// Draws that are the same in every run: that each kind of landing is among them is no matter of luck.
		await fc.assert(agree, { numRuns: 150, seed: 11 });
		for (const result of ['offset', 'merge', 'fuzz']) {
			assert.ok((seen.get(result) ?? 0) > 0, `${result}: ${JSON.stringify([...seen])}`);
		}
	});
});
