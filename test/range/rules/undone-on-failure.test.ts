/** What a probe function that fails leaves behind. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { undoneOnFailure } from '../../../src/range/rules/undone-on-failure.ts';
import { initcall, TAKE } from '../../driver/fixtures.ts';
import { acme, codes, PLAIN, violations } from '../fixtures.ts';

const LATER = '\tret = NAME_start(mmu);\n';
const GIVE_BACK = '\t\tbus_set_iommu(&platform_bus_type, NULL);\n';
const FROM_INITCALL = acme(initcall('subsys_initcall', TAKE));

/** Probe with an installation, a later step, and what is done when that fails. */
const failing = (then: string, more = '') => acme(`${more}${PLAIN}`, `${TAKE}${LATER}${then}`);
const RETURN = '\tif (ret)\n\t\treturn ret;\n';
const UNDO = `\tif (ret) {\n${GIVE_BACK}\t\treturn ret;\n\t}\n`;

describe('rule undone-on-failure', () => {
	const check = (after: string, before = FROM_INITCALL) =>
		codes(undoneOnFailure, { era: 'v4.12', before, after });

	it('objects to ops that are left installed when a later step fails', async () => {
		const after = failing(RETURN);
		const [found, ...more] = await violations(undoneOnFailure, {
			era: 'v4.12',
			before: FROM_INITCALL,
			after,
		});
		assert.equal(found?.code, 'left-on-failure');
		assert.deepEqual(more, []);
		assert.equal(
			found?.text,
			'with the patch acme_mmu_probe() returns an error when acme_mmu_start() fails after bus_set_iommu() of platform_bus_type, without bus_set_iommu(…, NULL)',
		);
		const lines = after.split('\n');
		assert.deepEqual(
			found?.evidence.map(({ line }) => lines[line - 1]?.trim()),
			['bus_set_iommu(&platform_bus_type, &acme_mmu_ops);', 'return ret;'],
		);
	});

	it('knows the ways in which a driver gives back what it took', async () => {
		assert.deepEqual(await check(failing(UNDO)), []);
		const label = `\tif (ret)\n\t\tgoto out_take;\n`;
		const unwound = (tail: string) =>
			failing(label).replace('\treturn 0;\n}', `\treturn 0;\n\nout_take:\n${tail}\treturn ret;\n}`);
		assert.deepEqual(await check(unwound(GIVE_BACK)), []);
		assert.deepEqual(await check(unwound('\tacme_free(mmu);\n')), ['left-on-failure']);
		const helper = `static void NAME_release(void *data)\n{\n${GIVE_BACK}}\n`;
		const early = failing(RETURN).replace(
			'static int acme_mmu_probe',
			`${helper.replaceAll('NAME', 'acme_mmu')}static int acme_mmu_probe`,
		);
		const managed = early.replace(
			'\tret = acme_mmu_start',
			'\tret = devm_add_action_or_reset(&pdev->dev, acme_mmu_release, mmu);\n\tif (ret)\n\t\treturn ret;\n\tret = acme_mmu_start',
		);
		assert.deepEqual(await check(managed), []);
		assert.deepEqual(await check(early), ['left-on-failure']);
	});

	it('does not count what runs only on another way', async () => {
		const other = `\tif (mmu->odd) {\n${GIVE_BACK}\t\treturn -EINVAL;\n\t}\n${LATER}${RETURN}`;
		assert.deepEqual(await check(failing(other)), ['left-on-failure']);
	});

	it('is content with the failure of the call itself, and with what cannot fail', async () => {
		const own = acme(PLAIN, `\tret = ${TAKE.trim()}\n${RETURN}`);
		assert.deepEqual(await check(own), []);
		const tested = acme(PLAIN, `\tif (${TAKE.trim().replace(';', '')})\n\t\treturn -EBUSY;\n`);
		assert.deepEqual(await check(tested), []);
		assert.deepEqual(await check(acme(PLAIN, `${TAKE}\tacme_note(mmu);\n`)), []);
		// Whether this is an error nobody can say.
		assert.deepEqual(await check(failing('\tif (mmu->odd)\n\t\treturn ret;\n')), []);
	});

	it('looks at the functions that lead to the call', async () => {
		const helper = `static int acme_mmu_take(void)\n{\n${TAKE}\treturn 0;\n}\n\n`;
		const after = acme(PLAIN, `\tret = NAME_take();\n${RETURN}${LATER}${RETURN}`)
			.replace('static int acme_mmu_probe', `${helper}static int acme_mmu_probe`)
			.replaceAll('NAME', 'acme_mmu');
		const [found] = await violations(undoneOnFailure, {
			era: 'v4.12',
			before: FROM_INITCALL,
			after,
		});
		assert.match(
			found?.text ?? '',
			/^with the patch acme_mmu_probe\(\) returns an error when acme_mmu_start/,
		);
	});

	it('says nothing of what was so before, or lands nowhere', async () => {
		assert.deepEqual(await check(failing(RETURN), failing(RETURN)), []);
		assert.deepEqual(await check(failing(`${RETURN}\tacme_note(mmu);\n`), failing(RETURN)), []);
		assert.deepEqual(await codes(undoneOnFailure, { era: 'v4.12', before: FROM_INITCALL }), []);
	});

	it('holds for the registration with the core', async () => {
		const register = '\tret = iommu_device_register(&mmu->iommu);\n';
		const body = (undo: string) =>
			acme(PLAIN, `${register}${RETURN}${LATER}\tif (ret) {\n${undo}\t\treturn ret;\n\t}\n`);
		const back = '\t\tiommu_device_unregister(&mmu->iommu);\n';
		assert.deepEqual(await check(body(''), body(back)), ['left-on-failure']);
		assert.deepEqual(await check(body(back), body(back)), []);
	});
});
