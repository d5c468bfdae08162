/** Exits that take back what the driver registers. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { unregistersAsBefore } from '../../../src/range/rules/unregisters-as-before.ts';
import { initcall, REGISTER } from '../../driver/fixtures.ts';
import { acme, codes, PLAIN, violations } from '../fixtures.ts';

const INIT = initcall('subsys_initcall', '');
const exit = (statements: string) =>
	`static void __exit NAME_exit(void)\n{\n${statements}}\nmodule_exit(NAME_exit);\n`;
const UNREGISTER = '\tplatform_driver_unregister(&NAME_driver);\n';
const BEFORE = acme(`${INIT}${exit(UNREGISTER)}`);
const EMPTY = acme(`${INIT}${exit('\tNAME_free();\n')}`);

/** A driver with a callback for devices that go. */
function removed(statements: string, tail = PLAIN): string {
	return acme(tail, REGISTER)
		.replace(
			'static struct platform_driver',
			`static int acme_mmu_remove(struct platform_device *pdev)\n{\n${statements}\treturn 0;\n}\n\nstatic struct platform_driver`,
		)
		.replace('\t.probe =', '\t.remove = acme_mmu_remove,\n\t.probe =');
}

describe('rule unregisters-as-before', () => {
	const check = (before: string, after: string, change: { modular?: boolean } = {}) =>
		codes(unregistersAsBefore, { era: 'v4.12', before, after, ...change });

	it('objects to an exit that leaves the driver registered', async () => {
		const [found, ...more] = await violations(unregistersAsBefore, {
			era: 'v4.12',
			before: BEFORE,
			after: EMPTY,
		});
		assert.equal(found?.code, 'unregisters-no-more');
		assert.deepEqual(more, []);
		assert.equal(
			found?.text,
			'the driver still calls platform_driver_register() of acme_mmu_driver, and the exit of the module no longer calls platform_driver_unregister()',
		);
	});

	it('is content where nothing can be unloaded', async () => {
		assert.deepEqual(await check(BEFORE, EMPTY, { modular: false }), []);
		// A module with an init and no exit stays.
		assert.deepEqual(await check(BEFORE, acme(INIT)), []);
	});

	it('is content with a macro, another function, or what is no longer registered', async () => {
		assert.deepEqual(await check(BEFORE, acme(PLAIN)), []);
		const helper = `static void NAME_down(void)\n{\n${UNREGISTER}}\n`;
		assert.deepEqual(await check(BEFORE, acme(`${INIT}${helper}${exit('\tNAME_down();\n')}`)), []);
		const gone = acme(`module_init(NAME_other);\n${exit('\tNAME_free();\n')}`);
		assert.deepEqual(await check(BEFORE, gone), []);
		assert.deepEqual(await check(EMPTY, EMPTY), []);
	});

	it('objects to a macro that gives way to an exit without it', async () => {
		assert.deepEqual(await check(acme(PLAIN), EMPTY), ['unregisters-no-more']);
	});

	it('objects to a callback that leaves a device on the list of the core', async () => {
		const back = '\tiommu_device_unregister(&mmu->iommu);\n';
		const [found] = await violations(unregistersAsBefore, {
			era: 'v4.12',
			before: removed(back),
			after: removed('\tNAME_free();\n'),
			modular: false,
		});
		assert.match(
			found?.text ?? '',
			/still calls iommu_device_register\(\), and the callback for devices that go no longer calls iommu_device_unregister\(\)/,
		);
		// Bound for good: the callback is gone and the driver is no module.
		const bound = acme('builtin_platform_driver(NAME_driver);\n', REGISTER);
		assert.deepEqual(await check(removed(back), bound, { modular: false }), []);
	});

	it('knows no ops for what they take back', async () => {
		const took = '\tbus_set_iommu(&platform_bus_type, &NAME_ops);\n';
		const none = '\tbus_set_iommu(&platform_bus_type, NULL);\n';
		const init = initcall('module_init', took);
		const before = acme(`${init}${exit(`${none}${UNREGISTER}`)}`);
		assert.deepEqual(await check(before, acme(`${init}${exit(UNREGISTER)}`)), [
			'unregisters-no-more',
		]);
	});

	it('does not know what depends on a configuration', async () => {
		const init = `#ifdef CONFIG_EARLY\n${INIT}#endif\n`;
		const before = acme(`${init}${exit(UNREGISTER)}`);
		assert.deepEqual(await check(before, acme(`${init}${exit('')}`)), ['unregisters-unknown']);
	});
});
