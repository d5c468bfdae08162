import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type IncludedSource, withIncluded } from '../../src/driver/included.ts';
import type { ModuleSources } from '../../src/driver/link.ts';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
import { unlisted } from '../../src/driver/unlisted.ts';
import { driverIn, linked } from './fixtures.ts';
import { LINUX, registeredAs } from './generic-fixtures.ts';

const DRIVER = (name: string): string => `static int ${name}_probe(struct platform_device *pdev)
{
	return 0;
}

static struct platform_driver ${name}_driver = {
	.driver = { .name = "${name}" },
	.probe = ${name}_probe,
};
`;

const INIT = (name: string, start: string): string => `#include <linux/module.h>
static int ${name}_init(void)
{
	return ${start};
}
module_init(${name}_init);
`;

const tree = (sources: Readonly<Record<string, string>>) =>
	linked({ ...LINUX, ...sources }, genericProfile(['drivers/frob']));

const MAKEFILE = {
	'drivers/frob/Makefile': 'obj-$(CONFIG_ONE) += one.o\nobj-$(CONFIG_TWO) += two.o\n',
};

describe('a source that others include', () => {
	it('is registered by what these enter, and is no driver by itself', async () => {
		const found = await tree({
			...MAKEFILE,
			'drivers/frob/one.c': '#include "part.c"\n',
			'drivers/frob/part.c': `${DRIVER('part')}${INIT('part', 'platform_driver_register(&part_driver)')}`,
		});
		assert.deepEqual(
			found.facts.drivers.map(({ driver, symbol, path, files }) => [
				driver,
				symbol,
				path,
				files.map((file) => file.path),
			]),
			[['one', 'ONE', 'drivers/frob/one.c', ['drivers/frob/one.c', 'drivers/frob/part.c']]],
		);
		assert.deepEqual(registeredAs(driverIn(found, 'one')), ['platform', 'initcall@device']);
	});

	it('is reached through static functions, of its own unit and no other', async () => {
		const start = `static int part_start(void)\n{\n\treturn platform_driver_register(&part_driver);\n}\n`;
		const found = await tree({
			...MAKEFILE,
			'drivers/frob/one.c': `#include "part.c"\n${INIT('one', 'part_start()')}`,
			'drivers/frob/two.c': `#include <linux/init.h>\n#include "part.c"\nstatic int two_go(void)\n{\n\treturn part_start();\n}\nlate_initcall(two_go);\n`,
			'drivers/frob/part.c': `${DRIVER('part')}${start}`,
		});
		assert.deepEqual(
			found.facts.drivers.map((one) => [one.driver, ...registeredAs(one)]),
			[
				['one', 'platform', 'initcall@device'],
				['two', 'platform', 'initcall@late'],
			],
		);
		assert.deepEqual(
			found.facts.drivers.map(({ neighbours }) => neighbours),
			[[], []],
		);
	});

	it('binds by a probe that the other one has, and the other way round', async () => {
		const [struct, probe] = [
			'static struct platform_driver x_driver = { .probe = x_probe };\n',
			'static int x_probe(struct platform_device *pdev)\n{\n\treturn platform_driver_register(&y_driver);\n}\n',
		];
		for (const [one, part] of [
			[probe, `${struct}${INIT('x', 'platform_driver_register(&x_driver)')}`],
			[`${struct}${INIT('x', 'platform_driver_register(&x_driver)')}`, probe],
		] as const) {
			const found = await tree({
				...MAKEFILE,
				'drivers/frob/one.c': `${DRIVER('y')}#include "part.c"\n${one}`,
				'drivers/frob/part.c': part,
			});
			const [chain] =
				driverIn(found, 'one').busOps.find(({ ops }) => ops === 'y_driver')?.reachedFrom ?? [];
			assert.equal(chain?.installer, 'probe');
			assert.deepEqual(chain?.steps, ['x_init', 'x_probe']);
		}
	});

	it('is there under the condition of the line that includes it', async () => {
		const found = await tree({
			...MAKEFILE,
			'drivers/frob/one.c': `#ifdef CONFIG_PART\n#include "part.c"\n#endif\n#if 0\n#include "gone.c"\n#endif\n${DRIVER('one')}module_platform_driver(one_driver);\n#include <linux/platform_device.h>\n`,
			'drivers/frob/part.c': `#include <linux/platform_device.h>\n${DRIVER('part')}module_platform_driver(part_driver);\n`,
			'drivers/frob/gone.c': DRIVER('gone'),
		});
		const when = new Map(driverIn(found, 'one').busOps.map(({ ops, when }) => [ops, when]));
		assert.deepEqual(
			[...when],
			[
				['one_driver', ''],
				['part_driver', 'PART'],
			],
		);
		assert.deepEqual(
			found.modules[0]?.sources.map(({ path, within }) => [path, within]),
			[
				['drivers/frob/one.c', undefined],
				['drivers/frob/part.c', 'drivers/frob/one.c'],
				['drivers/frob/gone.c', 'drivers/frob/one.c'],
			],
		);
	});

	it('stays a driver of its own where a Makefile lists it', async () => {
		const found = await tree({
			...MAKEFILE,
			'drivers/frob/one.c': '#include "two.c"\n',
			'drivers/frob/two.c': `#include <linux/platform_device.h>\n${DRIVER('two')}module_platform_driver(two_driver);\n`,
		});
		assert.deepEqual(
			found.facts.drivers.map((one) => [one.driver, one.path, ...registeredAs(one)]),
			[
				['one', 'drivers/frob/one.c', 'platform', 'initcall@device'],
				['two', 'drivers/frob/two.c', 'platform', 'initcall@device'],
			],
		);
	});
});

describe('modules with what their sources include', () => {
	const listed = (symbol: string, ...paths: string[]): ModuleSources => ({
		symbol,
		sources: paths.map((path) => ({ path, when: '' })),
		position: 0,
		at: { path: 'Makefile', line: 1 },
	});
	const by = (all: Readonly<Record<string, readonly string[]>>): Map<string, IncludedSource[]> =>
		new Map(
			Object.entries(all).map(([from, paths]) => [
				from,
				paths.map((path) => ({ path, when: from.toUpperCase().replace('.C', '') })),
			]),
		);
	const told = (
		modules: readonly ModuleSources[],
		all: Readonly<Record<string, readonly string[]>>,
	) =>
		withIncluded(modules, by(all)).map(({ sources }) =>
			sources
				.map(({ path, when, within }) => [path, when, within ?? ''].join(' ').trim())
				.join(', '),
		);

	it('are the same where nothing is included', () => {
		const modules = [listed('A', 'a.c')];
		assert.equal(withIncluded(modules, new Map()), modules);
		assert.equal(withIncluded(modules, by({ 'z.c': ['y.c'] }))[0], modules[0]);
	});

	it('have it once, behind who includes it first, with all the conditions on the way', () => {
		assert.deepEqual(
			told([listed('A', 'a.c', 'b.c')], { 'a.c': ['p.c'], 'p.c': ['q.c', 'b.c'], 'b.c': ['q.c'] }),
			['a.c, p.c A a.c, q.c A && P a.c, b.c'],
		);
	});

	it('are themselves again where sources include each other and nothing else does', () => {
		const modules = unlisted(['a.c', 'b.c', 'c.c'], []);
		assert.deepEqual(told(modules, { 'a.c': ['b.c'], 'b.c': ['a.c'] }), [
			'a.c, b.c A a.c',
			'b.c, a.c B b.c',
			'c.c',
		]);
		assert.deepEqual(told(modules, { 'a.c': ['b.c'], 'b.c': ['a.c'], 'c.c': ['a.c'] }), [
			'c.c, a.c C c.c, b.c C && A c.c',
		]);
	});

	it('end where a tree includes without end', () => {
		const all = Object.fromEntries(
			Array.from({ length: 400 }, (_, i) => [`s${i}.c`, [`s${i + 1}.c`, `s${(i * 7) % 400}.c`]]),
		);
		const [module] = withIncluded([listed('A', 's0.c')], by(all));
		assert.equal(module?.sources.length, 200);
	});
});
