/** Ways to calls that register drivers: shapes of drivers, and what is no way. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FileWays } from '../../../src/driver/ways/facts.ts';
import { type Registration, sweep } from '../../../src/driver/ways/sweep.ts';
import { cpuTime } from '../../cpu.ts';
import {
	CORE,
	DIRECT,
	INIT_ONLY,
	MemoryTree,
	MODULE,
	OTHER_BUS,
	platformDriver,
	TABLE,
} from './trees.ts';

async function registrationsOf(files: Readonly<Record<string, string>>): Promise<Registration[]> {
	return (await sweep(new MemoryTree({ ...CORE, ...files }))).registrations;
}

/** The ways of the registrations of files, in short: `probe(bus): a > b > call`. */
async function waysOf(files: Readonly<Record<string, string>>): Promise<string[]> {
	const found = (await registrationsOf(files)).filter(({ path }) => path in files);
	return found.flatMap(({ ways, call, driver }) =>
		ways.map(({ steps, end }) => {
			const kind = end.kind === 'probe' ? `probe(${end.bus})` : end.kind;
			const names = steps.map(
				(step) => `${step.function}${step.through === undefined ? '' : ` via ${step.through}`}`,
			);
			return `${kind}: ${[...names, `${call}(${driver})`].join(' > ')}`;
		}),
	);
}

describe('ways to registrations', () => {
	it('goes up from a helper to the probe, with the line of each step', async () => {
		assert.deepEqual(await waysOf({ 'drivers/bank.c': DIRECT }), [
			'probe(platform_bus_type): bank_probe > bank_init > platform_driver_register(bank_helper)',
		]);
		const [found] = (await registrationsOf({ 'drivers/bank.c': DIRECT })).filter(
			({ path }) => path === 'drivers/bank.c',
		);
		const lines = DIRECT.split('\n');
		assert.deepEqual(
			found?.ways[0]?.steps.map(({ line }) => lines[line - 1]?.trim()),
			['bank_init(&banks[0]);', 'if (platform_driver_register(&bank_helper) == 0)'],
		);
		assert.equal(found?.bus, 'platform_bus_type');
	});

	it('goes through the files of one module', async () => {
		assert.deepEqual(await waysOf(MODULE), [
			'probe(platform_bus_type): acme_mmu_probe > acme_impl_init > vendor_impl_init > platform_driver_register(vendor_tbu_driver)',
		]);
	});

	it('goes through a table that match data selects, where the struct tells', async () => {
		assert.deepEqual(await waysOf({ 'drivers/fancy.c': TABLE }), [
			'probe(platform_bus_type): fancy_probe via data->init() > fancy_init > platform_driver_register(child_driver)',
		]);
	});

	it('finds the struct of a pointer in a header beside the file', async () => {
		const header = 'struct fancy {\n\tconst struct fancy_data *data;\n};\n';
		const text = TABLE.replace(
			'const struct fancy_data *data = of_device_get_match_data(&pdev->dev);',
			'',
		).replace('data->init(fancy)', 'fancy->data->init(fancy)');
		assert.deepEqual(
			await waysOf({ 'drivers/misc/fancy.c': text, 'drivers/misc/fancy.h': header }),
			[
				'probe(platform_bus_type): fancy_probe via data->init() > fancy_init > platform_driver_register(child_driver)',
			],
		);
	});

	it('does not know where a pointer of another struct leads', async () => {
		const text = TABLE.replace(
			'const struct fancy_data *data =',
			'const struct other_data *data =',
		);
		const [way, ...others] = await waysOf({ 'drivers/misc/fancy.c': text });
		assert.deepEqual(others, []);
		assert.match(way ?? '', /^unknown: fancy_init >/);
	});

	it('tells the bus of a probe and that of the driver it registers apart', async () => {
		const files = { 'drivers/chip.c': OTHER_BUS };
		assert.deepEqual(await waysOf(files), [
			'probe(i2c_bus_type): chip_probe > platform_driver_register(cell_driver)',
		]);
	});

	it('says nothing of what only an initcall reaches', async () => {
		assert.deepEqual(await waysOf({ 'drivers/late.c': INIT_ONLY }), []);
	});

	it('carries the conditions of its lines', async () => {
		const text = DIRECT.replace(
			'\tbank_init(&banks[0]);',
			'#ifdef CONFIG_BANK_HELPER\n\tbank_init(&banks[0]);\n#endif',
		);
		const found = await registrationsOf({ 'drivers/bank.c': text });
		const [bank] = found.filter(({ path }) => path === 'drivers/bank.c');
		assert.equal(bank?.ways[0]?.when, 'BANK_HELPER');
	});

	it('takes a way whose conditions contradict each other for none', async () => {
		const text = DIRECT.replace(
			'\tbank_init(&banks[0]);',
			'#ifdef CONFIG_BANK\n\tbank_init(&banks[0]);\n#endif',
		)
			.replace('static inline void bank_init', '#ifndef CONFIG_BANK\nstatic inline void bank_init')
			.replace('static int bank_probe', '#endif\nstatic int bank_probe');
		assert.deepEqual(await waysOf({ 'drivers/bank.c': text }), []);
	});

	it('takes the probe that platform_driver_probe() is given for one', async () => {
		const text = DIRECT.replace('.probe	= bank_probe,', '').replace(
			'module_platform_driver(bank_driver);',
			'static int __init bank_start(void)\n{\n\treturn platform_driver_probe(&bank_driver, bank_probe);\n}\nmodule_init(bank_start);',
		);
		assert.deepEqual(await waysOf({ 'drivers/bank.c': text }), [
			'probe(platform_bus_type): bank_probe > bank_init > platform_driver_register(bank_helper)',
		]);
	});

	it('lets work and threads run in a context of their own', async () => {
		const text = `${DIRECT.replace('\tbank_init(&banks[0]);', '\tINIT_WORK(&bank->work, bank_work);')}
static void bank_work(struct work_struct *work)
{
	bank_init(NULL);
}
`;
		assert.deepEqual(await waysOf({ 'drivers/bank.c': text }), [
			'elsewhere: bank_work > bank_init > platform_driver_register(bank_helper)',
		]);
	});

	it('follows macros of headers that call a function, in the registrar and on the way', async () => {
		const files = {
			'include/linux/bank.h': '#define bank_start(bank) bank_start_owner(THIS_MODULE, bank)\n',
			'drivers/bank/lib.c': `
int bank_start_owner(struct module *owner, struct bank *bank)
{
	return platform_driver_register(&bank_helper);
}
EXPORT_SYMBOL(bank_start_owner);
`,
			'drivers/other/user.c': `
static int user_probe(struct platform_device *pdev)
{
	return bank_start(bank);
}
${platformDriver('user_driver', 'user_probe')}`,
		};
		assert.deepEqual(await waysOf(files), [
			'probe(platform_bus_type): user_probe > bank_start_owner > platform_driver_register(bank_helper)',
		]);
	});

	it('follows a function of a header to whoever includes it', async () => {
		const files = {
			'drivers/bank/bank.h': `
#ifndef BANK_H
#define BANK_H
static inline int bank_start(void)
{
	return platform_driver_register(&bank_helper);
}
#endif
`,
			'drivers/bank/user.c': `
static int user_probe(struct platform_device *pdev)
{
	return bank_start();
}
${platformDriver('user_driver', 'user_probe')}`,
		};
		assert.deepEqual(await waysOf(files), [
			'probe(platform_bus_type): user_probe > bank_start > platform_driver_register(bank_helper)',
		]);
		const found = (await registrationsOf(files)).flatMap(({ ways }) =>
			ways.map(({ when }) => when),
		);
		assert.deepEqual(found, ['']);
	});

	it('derives registrars from driver_register(), whatever they are called', async () => {
		const files = {
			'drivers/odd/bus.c': `
int hook_up(struct odd_thing *thing)
{
	thing->core.bus = &odd_bus;
	return driver_register(&thing->core);
}
`,
			'drivers/odd/driver.c': `
static struct odd_thing inner = { .probe = inner_probe };

static int outer_probe(struct odd_device *dev)
{
	return hook_up(&inner);
}

static struct odd_thing outer = { .probe = outer_probe };

static int __init outer_init(void)
{
	return hook_up(&outer);
}
module_init(outer_init);
`,
		};
		assert.deepEqual(await waysOf(files), ['probe(odd_bus): outer_probe > hook_up(inner)']);
	});

	it('climbs from a probe that has the driver it registers in its own device', async () => {
		const files = {
			'drivers/own.c': `
static int own_probe(struct platform_device *pdev)
{
	return platform_driver_register(pdev->drv);
}
${platformDriver('own_driver', 'own_probe')}`,
		};
		assert.deepEqual(await waysOf(files), [
			'probe(platform_bus_type): own_probe > platform_driver_register()',
		]);
	});

	it('doubts what is done once, where an initcall does it too', async () => {
		const text = `${DIRECT.replace(
			'	if (platform_driver_register(&bank_helper) == 0)\n		platform_device_register(&bank_device);',
			'	if (ready)\n		return;\n	platform_driver_register(&bank_helper);\n	ready = true;',
		)}
static int __init bank_first(void)
{
	bank_init(NULL);
	return 0;
}
subsys_initcall(bank_first);
`;
		const found = await registrationsOf({ 'drivers/bank.c': text });
		const ends = found.flatMap(({ path, ways }) =>
			path === 'drivers/bank.c' ? ways.map(({ end }) => end) : [],
		);
		assert.match(
			ends[0]?.kind === 'probe' ? (ends[0].doubt ?? '') : '',
			/^bank_init\(\) does it once \(ready\)/,
		);
	});

	it('goes on from what is kept of files, and reads nothing twice', async () => {
		const tree = new MemoryTree({ ...CORE, ...MODULE });
		const kept = new Map<string, FileWays>();
		let reads = 0;
		const cache = {
			recall: async (keys: readonly string[]) =>
				new Map(
					keys.flatMap((key) => {
						const known = kept.get(key);
						return known === undefined ? [] : [[key, structuredClone(known)] as const];
					}),
				),
			keep: async (values: ReadonlyMap<string, FileWays>) => {
				reads += values.size;
				for (const [key, value] of values) kept.set(key, value);
			},
		};
		const first = await sweep(tree, { cache });
		const before = reads;
		assert.deepEqual(await sweep(tree, { cache }), first);
		assert.equal(reads, before);
	});

	it('stops when it is told to', async () => {
		const signal = AbortSignal.abort(new Error('enough'));
		await assert.rejects(sweep(new MemoryTree(CORE), { signal }), /enough/);
	});
});

describe('ways in sources that are not as they should be', () => {
	it('ends at functions that call each other', async () => {
		const text = DIRECT.replace('\tbank_init(&banks[0]);', '\tbank_a();').concat(`
static void bank_a(void) { bank_b(); }
static void bank_b(void) { bank_a(); bank_init(NULL); }
`);
		assert.deepEqual(await waysOf({ 'drivers/bank.c': text }), [
			'probe(platform_bus_type): bank_probe > bank_a > bank_b > bank_init > platform_driver_register(bank_helper)',
		]);
	});

	it('says that it cannot tell where the way is longer than is followed', async () => {
		const chain = Array.from(
			{ length: 40 },
			(_, i) => `static void f${i}(void) { ${i === 0 ? 'bank_init(NULL)' : `f${i - 1}()`}; }`,
		);
		const text = `${DIRECT.replace('\tbank_init(&banks[0]);', '\tf39();')}${chain.join('\n')}\n`;
		const ways = await waysOf({ 'drivers/bank.c': text });
		assert.equal(ways.length, 1);
		assert.match(ways[0] ?? '', /^unknown: /);
	});

	it('reads old style definitions', async () => {
		const text = DIRECT.replace(
			'static int bank_probe(struct platform_device *pdev)',
			'static int bank_probe(pdev)\n\tstruct platform_device *pdev;',
		);
		assert.deepEqual(await waysOf({ 'drivers/bank.c': text }), [
			'probe(platform_bus_type): bank_probe > bank_init > platform_driver_register(bank_helper)',
		]);
	});

	it('follows macros within macros, and ends at those that name each other', async () => {
		const header = `
#define REGISTER(d) REGISTER_ONE(d)
#define REGISTER_ONE(d) platform_driver_register(d)
#define LOOP_A(d) LOOP_B(d)
#define LOOP_B(d) LOOP_A(d) platform_driver_register(d)
`;
		const text = DIRECT.replace(
			'if (platform_driver_register(&bank_helper) == 0)',
			'if (REGISTER(&bank_helper) == 0)',
		);
		assert.deepEqual(await waysOf({ 'drivers/bank.c': text, 'drivers/bank.h': header }), [
			'probe(platform_bus_type): bank_probe > bank_init > REGISTER(bank_helper)',
		]);
	});

	it('reads a source of 40,000 lines and one made by a machine in time', async () => {
		const long = Array.from(
			{ length: 10_000 },
			(_, i) => `static int f${i}(int a)\n{\n\treturn f${(i * 7) % 10_000}(a);\n}`,
		);
		const made = `int table[] = { ${'driver_register, '.repeat(30_000)} };\n`;
		const started = cpuTime();
		const ways = await waysOf({
			'drivers/long.c': `${long.join('\n')}\n${DIRECT}`,
			'drivers/made.c': made,
			'drivers/open.c': `static int platform_driver_register_x(${'('.repeat(50_000)}`,
			'drivers/dots.c': `void f(void) { ${'a.'.repeat(50_000)}bus = &platform_driver_register; }`,
		});
		assert.ok(
			ways.includes(
				'probe(platform_bus_type): bank_probe > bank_init > platform_driver_register(bank_helper)',
			),
		);
		assert.ok(cpuTime() - started < 20_000);
	});

	it('says of a file with more uses than it looks at that it was not read whole', async () => {
		const made = `void f(void)\n{\n\tint a[] = { ${'driver_register, '.repeat(30_000)} };\n}\n`;
		const { unread } = await sweep(new MemoryTree({ ...CORE, 'drivers/made.c': made }));
		assert.deepEqual(unread, ['drivers/made.c']);
	});

	it('takes a tree without a driver core for one that registers nothing', async () => {
		const { registrations } = await sweep(
			new MemoryTree({ 'a.c': 'int main(void) { return 0; }\n' }),
		);
		assert.deepEqual(registrations, []);
	});

	it('does not take a function of the same name elsewhere for the one that is called', async () => {
		const files = {
			'arch/a/setup.c':
				'void board_setup(void)\n{\n\tplatform_driver_register(&board_driver);\n}\n',
			'arch/b/setup.c': 'void board_setup(void)\n{\n}\n',
			'arch/b/probe.c': `
static int b_probe(struct platform_device *pdev)
{
	board_setup();
	return 0;
}
${platformDriver('b_driver', 'b_probe')}`,
		};
		assert.deepEqual(await waysOf(files), [
			'unknown: board_setup > platform_driver_register(board_driver)',
		]);
		const [way] = await waysOf({
			...files,
			'drivers/c/probe.c': (files['arch/b/probe.c'] ?? '').replaceAll('b_', 'c_'),
		});
		assert.match(way ?? '', /^unknown: board_setup >/);
	});
});
