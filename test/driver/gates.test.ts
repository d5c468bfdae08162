import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import type { Extractor } from '../../src/driver/extract.ts';
import { createExtractor } from '../../src/driver/extract.ts';
import { CHECKED, DECLARED, UNCHECKED } from './drivers.ts';

describe('gates on the way to an installation', () => {
	let extractor: Extractor;
	before(async () => {
		extractor = await createExtractor();
	});
	/** The gates whose region holds the first call of `callee`, as short text. */
	const over = (source: string, callee = 'bus_set_iommu') => {
		const { calls, gates } = extractor.extract(source);
		const line = calls.find((call) => call.callee === callee)?.line ?? 0;
		assert.ok(line > 0);
		return gates
			.filter((gate) => gate.from <= line && line <= gate.to)
			.map(({ kind, negated, what }) => `${negated ? 'not ' : ''}${kind} ${what}`);
	};
	const init = (body: string) => `static bool setup_done;
static int __init probe_all(struct device *dev)
{
	struct device_node *np;
	acpi_status status;
	int ret;
${body}
	bus_set_iommu(&platform_bus_type, &ops);
	return 0;
}
`;

	it('sees that iommu_present() guards an installation, and nothing else does', () => {
		assert.deepEqual(over(UNCHECKED), ['not present platform_bus_type']);
		assert.deepEqual(over(init('\tif (iommu_present(&platform_bus_type))\n\t\treturn 0;')), [
			'not present platform_bus_type',
		]);
	});

	it('takes what only keeps a second call out for no gate', () => {
		const once = (set: string): string => `static bool init_done;
static int __init acme_init(void)
{
	bus_set_iommu(&platform_bus_type, &ops);
	${set}
	return 0;
}
static int __init acme_setup(struct device_node *np)
{
	if (!init_done)
		acme_init();
	return 0;
}
module_init(acme_setup);
`;
		assert.deepEqual(over(once('init_done = true;'), 'acme_init'), []);
		assert.deepEqual(over(once(''), 'acme_init'), ['not flag init_done']);
		const option = `${once('')}static int __init parse(char *s)\n{\n\tinit_done = true;\n}\n`;
		assert.deepEqual(over(option, 'acme_init'), ['not flag init_done']);
	});

	it('sees a device tree check, and takes error handling for none', () => {
		assert.deepEqual(over(CHECKED), ['devicetree bar_ids']);
	});

	it('sees a device tree check in each of its forms', () => {
		for (const body of [
			'\tif (!(np = of_find_matching_node(NULL, ids)))\n\t\treturn 0;',
			'\tif (!of_find_matching_node(NULL, ids))\n\t\treturn 0;',
			'\tnp = of_find_matching_node(NULL, ids);\n\tif (np == NULL) {\n\t\tpr_err("x");\n\t\treturn -ENODEV;\n\t}',
			'\tstruct device_node *n = of_find_matching_node(NULL, ids);\n\tif (n) {\n\t\tof_node_put(n);\n\t} else {\n\t\treturn 0;\n\t}',
		])
			assert.deepEqual(over(init(body)), ['devicetree ids'], body);
		assert.deepEqual(
			over(
				init('\tnp = of_find_compatible_node(NULL, NULL, "acme,foo");\n\tif (!np)\n\t\treturn 0;'),
			),
			['devicetree acme,foo'],
		);
	});

	it('sees that the body of for_each_matching_node runs only with hardware', () => {
		const loop = `static int __init f(void)
{
	struct device_node *np;

	for_each_matching_node(np, foo_ids) {
		of_platform_device_create(np, NULL, NULL);
		found++;
	}
	return 0;
}
`;
		assert.deepEqual(over(loop, 'of_platform_device_create'), ['devicetree foo_ids']);
	});

	it('sees an ACPI table check, however its status is tested', () => {
		const get = '\tstatus = acpi_get_table("IORT", 0, &table);\n';
		for (const test of [
			'ACPI_FAILURE(status)',
			'status != AE_OK',
			'status == AE_NOT_FOUND',
			'status',
		])
			assert.deepEqual(
				over(init(`${get}\tif (${test})\n\t\treturn -ENODEV;`)),
				['acpi IORT'],
				test,
			);
	});

	it('sees run-time flags and configuration', () => {
		assert.deepEqual(over(init('\tif (setup_done)\n\t\treturn 0;')), ['not flag setup_done']);
		assert.deepEqual(over(init('\tif (!IS_ENABLED(CONFIG_FOO) || setup_done)\n\t\treturn 0;')), [
			'config FOO',
			'not flag setup_done',
		]);
		assert.deepEqual(over(init('\tif (!dev->of_node)\n\t\treturn 0;')), ['flag dev->of_node']);
		assert.deepEqual(over(DECLARED, 'baz_register'), []);
	});

	it('takes conjunctions apart and leaves mixtures whole', () => {
		const both = init('').replace(
			'\tbus_set_iommu',
			'\tif (setup_done && !iommu_present(&platform_bus_type))\n\t\tbus_set_iommu',
		);
		assert.deepEqual(over(both), ['flag setup_done', 'not present platform_bus_type']);
		assert.deepEqual(over(init('\tif (setup_done && other_flag)\n\t\treturn 0;')), [
			'not flag setup_done && other_flag',
		]);
	});

	it('takes no test of an error code or pointer for a gate', () => {
		for (const test of [
			'ret = prepare();\n\tif (ret)\n\t\treturn ret;',
			'if (IS_ERR(np))\n\t\treturn PTR_ERR(np);',
			'np = kzalloc(4, GFP_KERNEL);\n\tif (!np)\n\t\treturn -ENOMEM;',
			'ret = a();\n\tif (ret < 0 && ret != -EBUSY)\n\t\tgoto out;',
			'setup_pool = gen_pool_create();\n\tif (!setup_pool)\n\t\treturn -ENOMEM;',
		])
			assert.deepEqual(over(init(`\t${test}`)), [], test);
	});

	it('knows that a test inside another statement does not dominate what follows', () => {
		assert.deepEqual(over(init('\tif (ret)\n\t\tif (setup_done)\n\t\t\treturn 0;')), []);
		assert.deepEqual(over(init('\tif (setup_done)\n\t\tret = 1;')), []);
	});

	it('ends what a test tells at a label that it jumps to', () => {
		const source = init('\tif (setup_done)\n\t\tgoto install;\n\tearly_call();\ninstall:');
		assert.deepEqual(over(source), []);
		assert.deepEqual(over(source, 'early_call'), ['not flag setup_done']);
	});

	it('keeps gates only where a registration is reached', () => {
		const facts = extractor.extract(`static bool on;
static void other(void)
{
	if (on)
		unrelated();
}
`);
		assert.deepEqual(facts.gates, []);
	});
});
