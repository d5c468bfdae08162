/** State that a path writes only after the call that has it read. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ADD, INSTALL, lateIn, listDriver, type Parts, WALK } from './traces.ts';

const LATE = 'foo_list read@foo_add_device write@foo_probe';

const check = async (parts: Parts, expected: string[]): Promise<void> =>
	assert.deepEqual(await lateIn(listDriver(parts)), expected);

describe('state that callbacks read too early', () => {
	it('is a list that is filled behind the call that walks it', async () => {
		await check({ probe: `${INSTALL}${ADD}` }, [LATE]);
	});

	it('is not one that is filled before, under a lock or not', async () => {
		await check({ probe: `${ADD}${INSTALL}` }, []);
		const locked = `\tspin_lock(&foo_lock);\n${ADD}\tspin_unlock(&foo_lock);\n`;
		await check({ probe: `${locked}${INSTALL}` }, []);
		await check({ probe: `${INSTALL}${locked}` }, [LATE]);
	});

	it('is told by the variable: two lists are two', async () => {
		const other = '\tlist_add(&mmu->more, &other_list);\n';
		await check({ probe: `${ADD}${INSTALL}${other}` }, []);
		await check({ probe: `${other}${INSTALL}${ADD}` }, [LATE]);
	});

	it('is followed into helpers, on both sides', async () => {
		const state = `static void foo_keep(struct foo_mmu *mmu)\n{\n${ADD}}\n
static struct foo_mmu *foo_find(struct device *dev)\n{\n	struct foo_mmu *mmu;\n\n${WALK.replace('foo_attach(mmu, dev)', 'mmu')}	return NULL;\n}\n`;
		const callback = '\tmmu = foo_find(dev);\n\tif (mmu)\n\t\treturn 0;\n';
		await check({ state, callback, probe: `${INSTALL}\tfoo_keep(mmu);\n` }, [
			'foo_list read@foo_find write@foo_keep',
		]);
		await check({ state, callback, probe: `\tfoo_keep(mmu);\n${INSTALL}` }, []);
	});

	it('is followed to the caller of a helper that installs', async () => {
		const state =
			'static int foo_add_device(struct device *dev);\nstatic const struct iommu_ops foo_ops;\n';
		const helper = `static void foo_take(void)\n{\n${INSTALL}}\n`;
		const source = (probe: string): string =>
			listDriver({ state, probe }).replace(
				'static int foo_probe(',
				`${helper}\nstatic int foo_probe(`,
			);
		assert.deepEqual(await lateIn(source(`\tfoo_take();\n${ADD}`)), [LATE]);
		assert.deepEqual(await lateIn(source(`${ADD}\tfoo_take();\n`)), []);
	});

	it('takes a write that may not happen before the call for one: it is shown', async () => {
		await check({ probe: `\tif (of_id(pdev))\n\t${ADD}${INSTALL}${ADD}` }, []);
		await check({ probe: `\tfor (ret = 0; ret < 2; ret++)\n\t${ADD}${INSTALL}${ADD}` }, []);
	});

	it('sees a write in a loop behind the call', async () => {
		await check(
			{ probe: `${INSTALL}\twhile (ret--) {\n\t\tif (!ret)\n\t\t\tbreak;\n\t${ADD}\t}\n` },
			[LATE],
		);
	});

	it('does not pass an early return, nor go from one branch to the other', async () => {
		const early = `\tif (of_id(pdev)) {\n\t${INSTALL}\t\treturn 0;\n\t}\n${ADD}`;
		await check({ probe: early }, []);
		await check({ probe: `\tif (of_id(pdev))\n\t${INSTALL}\telse\n\t${ADD}` }, []);
		await check({ probe: `\tif (of_id(pdev)) {\n\t${INSTALL}\t} else {\n\t${ADD}\t}\n` }, []);
		await check({ probe: `\tif (of_id(pdev)) {\n\t${INSTALL}\t}\n${ADD}` }, [LATE]);
		await check({ probe: `\tret = of_id(pdev);\n\tif (ret)\n\t\treturn ret;\n${INSTALL}${ADD}` }, [
			LATE,
		]);
	});

	it('does not take the failing path for the path', async () => {
		const probe = `	ret = bus_set_iommu(&platform_bus_type, &foo_ops);
	if (ret)
		goto fail;
	return 0;
fail:
	the_mmu = NULL;
`;
		const callback = '\tif (the_mmu)\n\t\treturn 0;\n';
		await check({ callback, probe }, []);
		await check({ callback, probe: probe.replace('\treturn 0;\n', '') }, [
			'the_mmu read@foo_add_device write@foo_probe',
		]);
	});

	it('follows a goto that is always taken', async () => {
		await check({ probe: `${INSTALL}\tgoto out;\n${ADD}out:\n\tfoo_log();\n` }, []);
		await check({ probe: `${INSTALL}\tgoto out;\n\tfoo_log();\nout:\n${ADD}` }, [LATE]);
	});

	it('is a flag or a pointer as well, and one that takes the result of the call itself', async () => {
		const callback = '\tif (!foo_ready || !the_mmu->base)\n\t\treturn -EPROBE_DEFER;\n';
		await check({ callback, probe: `\tthe_mmu = mmu;\n${INSTALL}\tfoo_ready = true;\n` }, [
			'foo_ready read@foo_add_device write@foo_probe',
		]);
		await check(
			{
				callback,
				probe: `\tthe_mmu = mmu;\n\tfoo_ready = !bus_set_iommu(&platform_bus_type, &foo_ops);\n`,
			},
			['foo_ready read@foo_add_device write@foo_probe'],
		);
		await check({ callback, probe: `\tthe_mmu = mmu;\n\tfoo_ready = true;\n${INSTALL}` }, []);
	});

	it('tells members of one struct apart', async () => {
		const state = 'static struct foo_state { int a, b; } state;\n';
		const callback = '\tif (state.a)\n\t\treturn 0;\n';
		await check({ state, callback, probe: `${INSTALL}\tstate.b = 1;\n` }, []);
		await check({ state, callback, probe: `${INSTALL}\tstate.a = 1;\n` }, [
			'state read@foo_add_device write@foo_probe',
		]);
	});

	it('leaves locals and parameters alone that have the name of a variable', async () => {
		const callback = '\tstruct foo_mmu *the_mmu = foo_of(dev);\n\n\tif (the_mmu)\n\t\treturn 0;\n';
		await check({ callback, probe: `${INSTALL}\tthe_mmu = mmu;\n` }, []);
	});

	it('reads macros of the file', async () => {
		const state = '#define for_each_foo(mmu) \\\n\tlist_for_each_entry(mmu, &foo_list, node)\n';
		const callback = WALK.replace('list_for_each_entry(mmu, &foo_list, node)', 'for_each_foo(mmu)');
		await check({ state, callback, probe: `${INSTALL}${ADD}` }, [LATE]);
		await check({ state, callback, probe: `${ADD}${INSTALL}` }, []);
	});

	it('reads functions in the old style', async () => {
		const source = listDriver({ probe: `${INSTALL}${ADD}` }).replace(
			'foo_add_device(struct device *dev)\n',
			'foo_add_device(dev)\n\tstruct device *dev;\n',
		);
		assert.deepEqual(await lateIn(source), [LATE]);
	});

	it('says under which condition', async () => {
		const probe = `#ifdef CONFIG_EARLY\n${ADD}#endif\n${INSTALL}${ADD}`;
		await check({ probe }, [`${LATE} when !EARLY`]);
		await check({ probe: `${INSTALL}#ifdef CONFIG_MORE\n${ADD}#endif\n` }, [`${LATE} when MORE`]);
		await check({ probe: `${INSTALL}#ifdef CONFIG_SHORT\n\treturn 0;\n#endif\n${ADD}` }, [
			`${LATE} when !SHORT`,
		]);
	});

	it('registers first and installs then: probe has filled the list', async () => {
		const init = (statements: string): string =>
			`static int __init foo_init(void)\n{\n${statements}\treturn 0;\n}\nsubsys_initcall(foo_init);\n`;
		const register = '\tplatform_driver_register(&foo_driver);\n';
		await check({ probe: ADD, tail: init(`${register}${INSTALL}`) }, []);
		await check({ probe: ADD, tail: init(`${INSTALL}${register}`) }, [LATE]);
	});

	it('does not know what happens to an address that is handed on', async () => {
		const state = 'static struct foo_map foo_map;\n';
		const callback = '\tif (foo_map_find(&foo_map, dev))\n\t\treturn 0;\n';
		await check({ state, callback, probe: `${INSTALL}\tfoo_map_fill(&foo_map, mmu);\n` }, [
			'foo_map read@foo_add_device write@foo_probe ? foo_add_device() hands on its address',
		]);
		await check({ state, callback, probe: `\tfoo_map_fill(&foo_map, mmu);\n${INSTALL}` }, []);
	});

	it('does not know who else may have written before', async () => {
		const callback = '\tif (!foo_ready)\n\t\treturn -ENODEV;\n';
		const probe = `${INSTALL}\tfoo_ready = true;\n`;
		const late = 'foo_ready read@foo_add_device write@foo_probe';
		const setup = `static int foo_setup(char *str)\n{\n\tfoo_ready = true;\n\treturn 0;\n}\n`;
		await check({ state: `${setup}__setup("foo=", foo_setup);\n`, callback, probe }, [
			`${late} ? foo_setup() writes it too, and may have run before`,
		]);
		await check({ state: `${setup}early_initcall(foo_setup);\n`, callback, probe }, [
			`${late} ? foo_setup() writes it too, and may have run before`,
		]);
		await check({ state: `${setup}late_initcall(foo_setup);\n`, callback, probe }, [late]);
		await check({ callback: `${callback}\tfoo_ready = false;\n`, probe }, [
			`${late} ? foo_add_device(), which is called back, writes it too`,
		]);
	});

	it('survives what goes round in circles', async () => {
		const state = `static void a(void);\nstatic void b(void)\n{\n\ta();\n}\nstatic void a(void)\n{\n\tb();\n}\n`;
		await check({ state, probe: `\ta();\n${INSTALL}again:\n\ta();\n\tgoto again;\n${ADD}` }, []);
	});

	describe('through members', () => {
		const find = `static int foo_find(struct device *dev)\n{\n	struct foo_mmu *mmu;\n\n${WALK}	return 0;\n}\n`;
		const table = (name: string, value = 'foo_find') =>
			`static const struct foo_plat ${name} = {\n	.find = ${value},\n};\n`;
		const callback = '\treturn plat_of(dev)->find(dev);\n';
		const found = 'foo_list read@foo_find write@foo_probe';
		const late = (state: string, more: string[], probe = `${INSTALL}${ADD}`) =>
			check({ state: `${find}${state}`, callback, probe }, more);

		it('is followed to the one function that the tables of the driver name', async () => {
			await late(table('one'), [found]);
			await late(table('one'), [], `${ADD}${INSTALL}`);
			await late(`${table('one')}${table('two')}`, [found]);
		});

		it('is not certain where several may be meant', async () => {
			const other = 'static int foo_other(struct device *dev)\n{\n\treturn 0;\n}\n';
			await late(`${other}${table('one')}${table('two', 'foo_other')}`, [
				`${found} ? foo_add_device() calls ->find(), of which there are 2`,
			]);
		});

		it('is not certain of what the driver was handed, and nothing else is meant', async () => {
			const keep = 'static void foo_keep(void *find)\n{\n}\n';
			await late(
				keep,
				[`${found} ? foo_add_device() calls ->find(), which may be anything`],
				`\tfoo_keep(foo_find);\n${INSTALL}${ADD}`,
			);
			// Nobody hands it to anybody: a member of the framework is called.
			await late('', []);
			await late(table('one').replace('foo_plat', 'platform_driver'), []);
		});
	});
});
