import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import type { Extractor } from '../../src/driver/extract.ts';
import { createExtractor } from '../../src/driver/extract.ts';
import { CHECKED, DECLARED, UNCHECKED } from './drivers.ts';

describe('facts of a C source', () => {
	let extractor: Extractor;
	before(async () => {
		extractor = await createExtractor();
	});
	const names = (source: string) => extractor.extract(source).functions.map((f) => f.name);

	it('finds a driver that takes the bus from an unchecked initcall', () => {
		const facts = extractor.extract(UNCHECKED);
		assert.deepEqual(facts.entries, [
			{ macro: 'subsys_initcall', line: 37, end: 37, args: ['foo_init'] },
		]);
		assert.deepEqual(facts.functions, [
			{ name: 'foo_init', line: 24, end: 36, params: [], local: true },
		]);
		assert.deepEqual(facts.calls, [
			{ callee: 'platform_driver_register', line: 28, use: 'assigned', args: ['&foo_driver'] },
			{ callee: 'iommu_present', line: 32, use: 'tested', args: ['&platform_bus_type'] },
			{
				callee: 'bus_set_iommu',
				line: 33,
				use: 'ignored',
				args: ['&platform_bus_type', '&foo_ops'],
			},
		]);
		assert.deepEqual(facts.doubtful, []);
	});

	it('names the members of initialisers by dotted path, without casts and of_match_ptr', () => {
		const driver = extractor.extract(UNCHECKED).structs.find((s) => s.name === 'foo_driver');
		assert.deepEqual(driver, {
			type: 'platform_driver',
			name: 'foo_driver',
			line: 16,
			end: 22,
			fields: [
				{ path: 'driver.name', value: '"foo"', line: 18 },
				{ path: 'driver.of_match_table', value: 'foo_ids', line: 19 },
				{ path: 'probe', value: 'foo_probe', line: 21 },
			],
		});
	});

	it('reads the members of a compound literal', () => {
		const source = `static struct iommu_ops a_ops = {
	.probe_device = a_probe,
	.default_domain_ops = &(const struct iommu_domain_ops) {
		.attach_dev = a_attach,
	}
};
`;
		assert.deepEqual(
			extractor.extract(source).structs[0]?.fields.map(({ path, value }) => [path, value]),
			[
				['probe_device', 'a_probe'],
				['default_domain_ops.attach_dev', 'a_attach'],
			],
		);
	});

	it('lists compatible strings, also those inside macros', () => {
		const source = `${UNCHECKED}static const struct of_device_id more_ids[] __initconst = {
	OF_ENTRY("acme,third", 3),
	{ .name = "no", .compatible = FOURTH },
};
`;
		assert.deepEqual(
			extractor.extract(source).matchTables.map((t) => t.compatible.map((c) => c.value)),
			[
				['acme,foo', 'acme,foo-v2'],
				['acme,third', 'FOURTH'],
			],
		);
	});

	it('reads declarations and initcalls over several lines and without semicolon', () => {
		assert.deepEqual(extractor.extract(DECLARED).entries, [
			{
				macro: 'IOMMU_OF_DECLARE',
				line: 21,
				end: 22,
				args: ['baz_of', '"acme,baz"', 'baz_of_setup'],
			},
		]);
		const missing = `${CHECKED}static int after(void)\n{\n\treturn 0;\n}\n`;
		assert.deepEqual(
			extractor.extract(missing).entries.map((e) => e.macro),
			['core_initcall'],
		);
		assert.deepEqual(names(missing), ['bar_init', 'after']);
	});

	it('keeps both installs that #ifdef chooses from, with their conditions', () => {
		const facts = extractor.extract(`static void install(void)
{
#ifdef CONFIG_ARM_AMBA
	bus_set_iommu(&amba_bustype, &ops);
#endif
#if defined(CONFIG_PCI) && IS_ENABLED(CONFIG_B)
	bus_set_iommu(&pci_bus_type, &ops);
#else
	other();
#endif
}
`);
		assert.deepEqual(
			facts.directives.map(({ line, kind, when }) => [line, kind, when]),
			[
				[3, 'if', 'ARM_AMBA'],
				[5, 'endif', ''],
				[6, 'if', 'PCI && B'],
				[8, 'else', ''],
				[10, 'endif', ''],
			],
		);
		assert.deepEqual(
			facts.calls.map((c) => c.line),
			[4, 7, 9],
		);
	});

	it('finds the architecture hook that detection fills in', () => {
		const facts = extractor.extract(`int __init detect(void)
{
	struct ops *local = get();

	x86_init.iommu.iommu_init = acme_iommu_init;
	local->flush = do_flush_all;
	local->probe = detect;
	return 1;
}
`);
		assert.deepEqual(facts.hooks, [
			{ target: 'x86_init.iommu.iommu_init', value: 'acme_iommu_init', line: 5 },
			{ target: 'local->probe', value: 'detect', line: 7 },
		]);
	});

	it('tells what is done with the value of a call', () => {
		const body = `static int f(int a)
{
	int x = one(), y;
	two();
	if (three() || (y = four()) < 0)
		y = 2 + five(six(1));
	(void)seven();
	while (eight())
		nine();
	x = ten() ? 1 : 2;
	if (a)
		return eleven();
	else
		twelve();
	return !thirteen(a);
}
module_init(f);
`;
		assert.deepEqual(
			extractor.extract(body).calls.map(({ callee, use }) => `${callee} ${use}`),
			[
				'one assigned',
				'two ignored',
				'three tested',
				'four tested',
				'five assigned',
				'six argument',
				'seven ignored',
				'eight tested',
				'nine ignored',
				'ten tested',
				'eleven returned',
				'twelve ignored',
				'thirteen returned',
			],
		);
	});

	it('finds functions behind attributes, odd macros, old style heads and both branches of a head', () => {
		assert.deepEqual(
			names(`static int __init __maybe_unused a(void) { return 0; }
static __printf(2, 3) void b(int x, const char *fmt, ...) { }
DEFINE_IDA(some_ida)
static irqreturn_t
c(int irq, void *dev) __acquires(&lock)
{ return 0; }
int d(p, q)
	int p;
	char *q;
{ return p; }
static int (*e(int which))(int arg) { return 0; }
#ifdef CONFIG_X
static int f(struct dev *dev, int how)
{
#else
static int f(struct dev *dev)
{
#endif
	return g_call(dev);
}
static void h(void) { list_for_each_entry(i, &l, m) { u(container_of(i, struct s, n)); } }
`),
			['a', 'b', 'c', 'd', 'e', 'f', 'h'],
		);
	});

	it('reports names, arity and file-scope variables', () => {
		const facts = extractor.extract(`#define PLAIN 1
#define TWO(a, b) \\
	do_it(a, b)
#define MANY(fmt, ...) x
int declared(struct a *a, int);
static inline int helper(void) { return 0; }
extern int elsewhere;
static bool setup_done;
static DEFINE_SPINLOCK(lock);
static int (*callback)(int) = helper;
struct type { int member; };
`);
		assert.deepEqual(
			facts.symbols.map(({ name, kind, arity }) => [name, kind, arity]),
			[
				['PLAIN', 'macro', -1],
				['TWO', 'macro', 2],
				['MANY', 'macro', -1],
				['declared', 'declaration', 2],
				['helper', 'function', 0],
			],
		);
		assert.deepEqual(
			facts.variables.map((v) => v.name),
			['setup_done', 'lock', 'callback'],
		);
	});

	it('keeps line numbers with carriage returns, NUL and bytes that are not UTF-8', () => {
		const plain = extractor.extract(UNCHECKED);
		const dos = Buffer.from(UNCHECKED.replaceAll('\n', '\r\n'), 'latin1');
		assert.deepEqual(extractor.extract(dos), plain);
		const odd = Buffer.from(`/* caf\xe9 \0 */ ${UNCHECKED}`, 'latin1');
		assert.deepEqual(extractor.extract(odd), plain);
	});

	it('does not read code in comments and strings', () => {
		const facts = extractor.extract(`static void f(void)
{
	/* bus_set_iommu(a, b); { */
	printk("bus_set_iommu(a, b); { \\" // ", '{');
	// iommu_present(x) {
}
module_init(f);
`);
		assert.deepEqual(
			facts.calls.map((c) => c.callee),
			['printk'],
		);
	});

	it('marks the lines it could not read', () => {
		const facts = extractor.extract(
			'static int f(void)\n{\n\tif (a\n\tb) +;\n\treturn 0;\n}\nmodule_init(f);\n',
		);
		assert.ok(facts.doubtful.length > 0);
		assert.deepEqual(
			facts.functions.map((f) => f.name),
			['f'],
		);
	});

	it('reads the bodies that entries lead to, and those that lead to an installation', () => {
		const { calls, functions } = extractor.extract(`static void helper(void)
{
	dig();
}

static int acme_probe(struct platform_device *pdev)
{
	helper();
	return 0;
}

int acme_take(void)
{
	return bus_set_iommu(&platform_bus_type, &acme_ops);
}

int acme_enter(void)
{
	return acme_take();
}

static void acme_map(void)
{
	flush();
}

static struct platform_driver acme_driver = {
	.probe = acme_probe,
};
`);
		assert.deepEqual(
			calls.map(({ callee }) => callee),
			['dig', 'helper', 'bus_set_iommu', 'acme_take'],
		);
		assert.deepEqual(
			functions.filter(({ unread }) => unread).map(({ name }) => name),
			['acme_map'],
		);
	});

	it('survives deep nesting and long sources', () => {
		const deep = `int f(void)\n{\n\treturn ${'('.repeat(10_000)}g()${')'.repeat(10_000)};\n}\n`;
		assert.equal(extractor.extract(deep).functions.length, 1);
		const long = Array.from(
			{ length: 8000 },
			(_, i) => `int f${i}(void)\n{\n\treturn bus_set_iommu(${i}, x);\n}\n\n`,
		);
		const facts = extractor.extract(long.join(''));
		assert.equal(facts.lines, 40_000);
		assert.equal(facts.functions.length, 8000);
		assert.equal(facts.calls.length, 8000);
	});

	it('answers for any text, with lines inside of it', () => {
		const piece = fc.constantFrom(
			...[
				'{',
				'}',
				'(',
				')',
				';',
				'"',
				"'",
				'/*',
				'*/',
				'//',
				'#if A',
				'#else',
				'#endif',
				'\n',
				'\\',
			],
			...[
				'static int f(void)',
				'if (x)',
				'return',
				'g(a, b)',
				'= {',
				',',
				'subsys_initcall(f)',
				'.a = b',
				'\0',
				'\xff',
			],
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
				const text = pieces.join(' ');
				const facts = extractor.extract(text);
				const lines = [...facts.functions, ...facts.calls, ...facts.gates, ...facts.entries];
				assert.ok(lines.every(({ line }) => line >= 1 && line <= Math.max(1, facts.lines)));
				extractor.extractFragment(text.split('\n'));
			}),
			{ numRuns: 300 },
		);
	});
});
