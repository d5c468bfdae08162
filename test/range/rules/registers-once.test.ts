/** A driver struct that two initcalls register. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { registersOnce } from '../../../src/range/rules/registers-once.ts';
import { declaredCallback, initcall } from '../../driver/fixtures.ts';
import { acme, codes, PLAIN, violations } from '../fixtures.ts';

const INIT = initcall('subsys_initcall', '');
const ONCE = acme(INIT);

describe('rule registers-once', () => {
	it('objects to a driver macro beside an initcall that was left', async () => {
		const setting = { era: 'v4.9', before: ONCE, after: acme(`${INIT}${PLAIN}`) } as const;
		const [found, ...more] = await violations(registersOnce, setting);
		assert.equal(found?.code, 'registers-twice');
		assert.equal(found?.missing, 'framework');
		assert.deepEqual(more, []);
		assert.match(
			found?.text ?? '',
			/^with the patch acme_mmu_driver is registered twice: by module_platform_driver\(\) \(acme-mmu\.c:\d+\) and by platform_driver_register\(\) in subsys_initcall\(acme_mmu_init\)/,
		);
		const lines = setting.after.split('\n');
		assert.deepEqual(
			found?.evidence.map(({ line }) => /\w+\(/.exec(lines[line - 1] ?? '')?.[0]),
			['module_platform_driver(', 'platform_driver_register('],
		);
	});

	it('objects to two initcalls of one function that tests nothing first', async () => {
		const after = acme(`${INIT}device_initcall(NAME_init);\n`);
		assert.deepEqual(await codes(registersOnce, { era: 'v4.9', before: ONCE, after }), [
			'registers-twice',
		]);
		const guarded = initcall('subsys_initcall', '', {
			first: '\tif (NAME_done())\n\t\treturn 0;\n',
		});
		const twice = acme(`${guarded}device_initcall(NAME_init);\n`);
		assert.deepEqual(
			await codes(registersOnce, { era: 'v4.9', before: acme(guarded), after: twice }),
			['registers-twice-unknown'],
		);
	});

	it('is content with what no configuration has both of', async () => {
		const either = acme(`#ifdef MODULE\n${PLAIN}#else\n${INIT}#endif\n`);
		const under = (source: string, values: Record<string, 'y' | 'n'>) =>
			codes(registersOnce, { era: 'v4.9', before: ONCE, after: source, values });
		assert.deepEqual(await under(either, {}), []);
		const optional = acme(`#ifdef CONFIG_EARLY\n${INIT}#endif\n${PLAIN}`);
		assert.deepEqual(await under(optional, { EARLY: 'n' }), []);
		assert.deepEqual(await under(optional, { EARLY: 'y' }), ['registers-twice']);
		assert.deepEqual(await under(optional, {}), ['registers-twice-unknown']);
	});

	it('says nothing of what was so before, of other structs, and of declared callbacks', async () => {
		const twice = acme(`${INIT}${PLAIN}`);
		const check = (before: string, after?: string) =>
			codes(registersOnce, { era: 'v4.9', before, ...(after === undefined ? {} : { after }) });
		assert.deepEqual(await check(twice, twice), []);
		assert.deepEqual(await check(ONCE), []);
		const second = PLAIN.replace('NAME_driver', 'NAME_context_driver');
		const other = `static struct platform_driver NAME_context_driver = {\n\t.probe = NAME_probe,\n};\n${second}`;
		assert.deepEqual(await check(ONCE, acme(`${INIT}${other}`)), []);
		// Statics of two files of one module may have one name.
		const more = {
			'drivers/iommu/Makefile': 'obj-$(CONFIG_ACME_MMU) += acme-mmu.o acme-more.o\n',
			'drivers/iommu/acme-more.c': ONCE,
		};
		const both = { before: acme('').replace('acme_mmu_driver', 'other'), after: ONCE };
		assert.deepEqual(await codes(registersOnce, { era: 'v4.9', ...both, more }), []);
		const declared = `${declaredCallback()}IOMMU_OF_DECLARE(NAME, "maker,NAME", NAME_of_setup);\n`;
		assert.deepEqual(await check(acme(PLAIN), acme(`${declared}${PLAIN}`)), []);
	});
});
