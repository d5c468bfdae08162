import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
import { KnownBlobs } from '../../src/history/known-blobs.ts';
import { moduleKey, TreeFiles } from '../../src/history/tree-files.ts';
import { linkOrder, modules, parseMakefile } from '../../src/kernel/makefile.ts';

const profile = genericProfile(['drivers/acme', 'drivers/soc/beta']);

/** Tree files whose blobs are their own text. */
const treeFiles = (): TreeFiles => {
	const texts = async (blobs: readonly string[]) =>
		new Map(blobs.map((blob) => [blob, Buffer.from(blob)]));
	return new TreeFiles(profile, new KnownBlobs({ facts: async () => new Map(), texts }, profile));
};

const ABOVE = [
	'obj-y += pci/',
	'obj-$(CONFIG_ACME) += acme/',
	'obj-$(CONFIG_SOC) += pci/ soc/ ../lib/',
	'obj-y += core.o acme/stray.o',
	'obj-$(CONFIG_CORE) += whole.o',
	'whole-objs := one.o acme/two.o',
	'obj-y += ./acme/',
	'',
];
const SOC = ['obj-y += gamma/', 'obj-$(CONFIG_BETA) += beta/', 'obj-y += base.o'];
const OWN = [
	'obj-$(CONFIG_A) += a.o',
	'obj-y += b.o deep/',
	'obj-$(CONFIG_C) += c.o',
	'c-y := d.o',
];

const linesOf = (lines: readonly string[]) =>
	fc.array(fc.constantFrom(...lines), { maxLength: 6 }).map((all) => `${all.join('\n')}\n`);

const MAKEFILES = fc.record({
	'drivers/Makefile': linesOf(ABOVE),
	'drivers/soc/Makefile': linesOf(SOC),
	'drivers/acme/Makefile': linesOf(OWN),
	'drivers/acme/deep/Makefile': linesOf(OWN),
	'drivers/soc/beta/Makefile': linesOf(OWN),
});

describe('the files of a tree along history', () => {
	it('have the modules of the whole Makefiles, in their order', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(MAKEFILES, { minLength: 1, maxLength: 6 }), async (trees) => {
				const files = treeFiles();
				for (const tree of trees) {
					for (const [path, text] of Object.entries(tree)) files.set(path, text);
					if (files.waits) await files.settle();
					const parsed = new Map(
						Object.entries(tree).map(([path, text]) => [path, parseMakefile(text)]),
					);
					const expected = modules(linkOrder(parsed, profile.folders));
					const { byKey } = files.modules();
					assert.deepEqual([...byKey], [...new Map(expected.map((one) => [moduleKey(one), one]))]);
				}
			}),
			{ numRuns: 200 },
		);
	});

	it('have the same modules while what is said of other folders changes', async () => {
		const files = treeFiles();
		files.set('drivers/acme/Makefile', 'obj-y += a.o\n');
		files.set('drivers/Makefile', 'obj-y += pci/\nobj-y += acme/\n');
		await files.settle();
		const before = files.modules();
		files.set('drivers/Makefile', 'obj-y += acme/\nobj-y += pci/ usb/\n');
		await files.settle();
		assert.equal(files.modules(), before);
		files.set('drivers/Makefile', 'obj-y += pci/ acme/zeta.o acme/\n');
		await files.settle();
		assert.notEqual(files.modules(), before);
	});
});
