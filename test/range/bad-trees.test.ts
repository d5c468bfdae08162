/** Trees and sources as nobody should write them: an answer that says what it does not know, soon. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine } from '../../cli/engine.ts';
import { lifecycleOf } from '../../src/driver/link.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { cpuTime } from '../cpu.ts';
import { driverSource, initcall, linked, TAKE } from '../driver/fixtures.ts';
import { framework } from '../driver/fixtures-framework.ts';
import { WrittenHistory } from '../history/written-history.ts';
import { asked, progress } from './asked.ts';
import { acme, PATH, PLAIN, UNCHECKED } from './fixtures.ts';

const FIXED = acme(PLAIN, TAKE);
const MAKEFILE = 'drivers/iommu/Makefile';
const KCONFIG = 'drivers/iommu/Kconfig';

describe('trees without what a kernel has', () => {
	let folder = '';
	let engine: Engine;
	let history: WrittenHistory;

	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-bad-'));
		history = WrittenHistory.make(join(folder, 'bad.git'));
		const env = { PATH: process.env.PATH, HOME: folder };
		engine = createEngine({ cwd: folder, env, stdin: Readable.from([]) });
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	/** The verdicts of the fix in a tree, and its siblings. */
	async function judged(tag: string, files: Record<string, string>) {
		const all = { ...framework('v4.9'), [PATH]: UNCHECKED, ...files };
		const on = history.commit({ subject: tag, files: all });
		history.git(['tag', tag, on]);
		const fix = history.commit({ on, subject: 'fix', files: { [PATH]: FIXED } });
		const words = { input: fix, repo: history.dir, release: [tag] };
		const report = await engine.range(asked({ ...words, all: false }));
		const siblings = await engine.siblings({ ...words, example: false, arch: [], progress });
		const [release] = report.releases;
		const reasons = release?.byConfig.flatMap((one) => one.reasons.map(({ code }) => code)) ?? [];
		return { verdict: release?.verdict, reasons, siblings };
	}

	it('have no driver without Makefiles', async () => {
		const { verdict, reasons, siblings } = await judged('v4.1', {});
		assert.deepEqual([verdict, reasons], ['unknown', ['no-driver']]);
		assert.match(siblings.unknown ?? '', /belongs to no driver/);
	});

	it('build the driver on any architecture without Kconfig', async () => {
		const makefile = { [MAKEFILE]: 'obj-$(CONFIG_ACME_MMU) += acme-mmu.o\n' };
		const { verdict, siblings } = await judged('v4.2', makefile);
		assert.equal(verdict, 'unsafe');
		assert.equal(siblings.unknown, null);
	});

	it('may have Kconfig files that read each other, and Makefiles in circles', async () => {
		const { verdict } = await judged('v4.3', {
			Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nsource "Kconfig"\n',
			'arch/arm/Kconfig': 'config ARM\n\tdef_bool y\nsource "drivers/iommu/Kconfig"\n',
			[KCONFIG]: `config ACME_MMU\n\tbool "a"\n\tdepends on ACME_MMU\nsource "${KCONFIG}"\n`,
			[MAKEFILE]: 'obj-$(CONFIG_ACME_MMU) += acme-mmu.o ./ ../iommu/\nacme-mmu-y := acme-mmu.o\n',
		});
		assert.ok(verdict !== undefined && verdict !== 'safe');
	});

	it('may have a source of 40,000 lines, and one that a program wrote on one line', async function () {
		this.timeout(120_000);
		const long = Array.from(
			{ length: 6700 },
			(_, i) =>
				`static int gen_${i}(void)\n{\n\tif (gen_${(i + 1) % 6700}())\n\t\treturn -EIO;\n\treturn 0;\n}\n`,
		).join('');
		const { verdict } = await judged('v4.4', {
			[MAKEFILE]: 'obj-y += acme-mmu.o long-mmu.o line-mmu.o\n',
			'drivers/iommu/long-mmu.c': `${long}${driverSource('long-mmu', { tail: initcall('subsys_initcall', '\tgen_0();\n') })}`,
			'drivers/iommu/line-mmu.c': `static int t[] = { ${'0, '.repeat(300_000)} };${'/*'.repeat(1000)}`,
		});
		assert.equal(verdict, 'unsafe');
	});
});

describe('sources in odd shapes', () => {
	it('have a life that is found in linear time, or as far as it goes', async () => {
		const old = `#define REG(x) REG2(x)\n#define REG2(x) platform_driver_register(x)\n#define UNDO(x) UNDO2(x)\n#define UNDO2(x) REG(UNDO(x))\n
static int acme_a(dev)\nstruct device *dev;\n{\n\treturn acme_b(dev);\n}
static int acme_b(dev)\nstruct device *dev;\n{\n\tif (acme_a(dev))\n\t\tgoto out;\nagain:\n\tgoto again;\nout:\n\treturn acme_b(dev);\n}\n`;
		const source = `${old}${acme(PLAIN, `${TAKE}\tret = acme_a(dev);\n\tif (ret)\n\t\treturn ret;\n\tREG(&x); UNDO(y);\n`)}${'{'.repeat(500)}`;
		const tree = await linked({ [PATH]: source, [MAKEFILE]: 'obj-y += acme-mmu.o\n' });
		const [module] = tree.modules;
		assert.ok(module);
		const life = lifecycleOf(iommu, tree.files, module, []);
		assert.ok(life.registered.some(({ struct }) => struct === 'acme_mmu_driver'));
	});

	it('may have a thousand ways out of probe', async () => {
		const step = '\tret = acme_step();\n\tif (ret)\n\t\tgoto err;\n';
		const source = acme(PLAIN, `${TAKE}${step.repeat(1000)}`).replace(
			'\treturn 0;\n}\n\nstatic struct platform_driver',
			'\treturn 0;\nerr:\n\treturn ret;\n}\n\nstatic struct platform_driver',
		);
		const tree = await linked({ [PATH]: source, [MAKEFILE]: 'obj-y += acme-mmu.o\n' });
		const [module] = tree.modules;
		assert.ok(module);
		const began = cpuTime();
		const [taken] = lifecycleOf(iommu, tree.files, module, []).done;
		assert.ok((taken?.left.length ?? 0) > 0);
		assert.ok(cpuTime() - began < 5000);
	});
});
