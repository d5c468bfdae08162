/** What is read of a function: how control goes, and what is done with the variables of the file. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import type { Extractor } from '../../src/driver/extract.ts';
import { Flow } from '../../src/driver/flow.ts';
import { isAccess, type Step, stepsOf, traceFact } from '../../src/driver/trace.ts';
import { sharedExtractor } from './fixtures.ts';

const OPS = `static const struct iommu_ops ops = {
	.add_device = foo_add,
};
static int foo_add(struct device *dev)
{
	return 0;
}
`;

describe('traces', () => {
	let extractor: Extractor;
	before(async () => {
		extractor = await sharedExtractor();
	});

	/** The steps of one function among some state. */
	const trace = (body: string, state = 'static struct foo *it, *more;\nstatic int table[4];\n') => {
		const text = `${state}${OPS}static void foo_walk(struct device *dev)\n{\n${body}\n}\nmodule_init(foo_walk);\n`;
		const facts = extractor.extract(text);
		const fn = facts.functions.find(({ name }) => name === 'foo_walk');
		return facts.traces?.find(({ line }) => line === fn?.line);
	};
	const accesses = (body: string, state?: string): string => {
		const found = trace(body, state);
		const steps = found === undefined ? [] : stepsOf(found).filter(isAccess);
		return steps.map(({ code, name }) => `${code}:${name}`).join(' ');
	};

	it('tell reading from writing', () => {
		const cases: readonly [string, string][] = [
			['it = NULL;', 'W:it'],
			['if (it == NULL) return;', 'R:it'],
			['it->base = 1;', 'M:it.base'],
			['x = it->base->more;', 'D:it.base'],
			['table[i] = 1;', 'M:table'],
			['table[i + 1]++;', 'U:table'],
			['x = table[2];', 'D:table'],
			['*it = x;', 'M:it'],
			['x = a * it;', 'R:it'],
			['it += 1;', 'U:it'],
			['it <<= 1;', 'U:it'],
			['x = it <= more;', 'R:it R:more'],
			['use(it);', 'V:it'],
			['use(&it);', 'P:it'],
			['use(a & it);', 'R:it'],
			['use(a && it);', 'R:it'],
			['return &it->lock;', 'V:it.lock'],
			['use(&it->lock, &table[1]);', 'V:it.lock P:table'],
			['use((void *)it);', 'R:it'],
			['list_add(&x->node, &it->list);', 'U:it.list'],
			['if (list_empty(&it->list)) return;', 'R:it.list'],
			['list_for_each_entry(x, &it->list, node) use(x);', 'R:it.list'],
			['x = rcu_dereference(it);', 'R:it'],
			['rcu_assign_pointer(it, more);', 'W:it R:more'],
			['memset(table, 0, sizeof(table));', 'W:table'],
			['set_bit(3, table);', 'U:table'],
			['if (test_and_set_bit(3, &it)) return;', 'U:it'],
			['spin_lock_irqsave(&it->lock, flags);', ''],
			['guard(mutex)(&it->lock);', ''],
			['x = sizeof(*it);', ''],
			['x->it = y.it;', ''],
			['struct it *x = y;', ''],
			['dev_info(dev, "%p", it);', 'R:it'],
			['it();', 'X:it'],
		];
		for (const [code, expected] of cases) assert.equal(accesses(`\t${code}`), expected, code);
	});

	it('mark the names that are the function’s own', () => {
		assert.equal(accesses('\tint a, *it = b;\n\tit = a;'), 'L:it W:it');
		assert.equal(accesses('\tunsigned long more;\n\tmore = 1;'), 'L:more W:more');
	});

	it('leave strings, comments and directives out', () => {
		assert.equal(
			accesses('\tuse("it = 1;"); /* it = 1; */\n#define x it\n\tmore = x;'),
			'W:more R:x',
		);
	});

	it('hold what macros of the file name', () => {
		const state = 'static LIST_HEAD(all);\n#define each(x) list_for_each_entry(x, &all, node)\n';
		assert.equal(accesses('\teach(x)\n\t\tuse(x);', state), 'X:each');
		const facts = extractor.extract(`${state}${OPS}`);
		assert.deepEqual(facts.traces?.[0], { line: 2, steps: 'R:all' });
	});

	it('hold how control goes', () => {
		const flow = (body: string): string =>
			stepsOf(trace(body) ?? { line: 0, steps: '' })
				.map(({ code, name }) => `${code}${name}`)
				.join(' ');
		assert.equal(
			flow('\tif (a)\n\t\treturn 0;\n\telse\n\t\tgoto out;\nout:\n\treturn -EIO;'),
			'ia q ; e gout ; nout x ;',
		);
		assert.equal(
			flow('\tfor (i = 0; i < 3; i++)\n\t\tcontinue;\n\twhile (1) {\n\t\tbreak;\n\t}'),
			'l c ; l { b ; }',
		);
		assert.equal(flow('\tdo {\n\t\ta();\n\t} while (b);'), 'd { ; } l ;');
		assert.equal(
			flow('\tswitch (a) {\n\tcase A:\n\t\treturn ret;\n\tdefault:\n\t\tbreak;\n\t}'),
			's { k vret ; k b ; }',
		);
		assert.equal(
			flow('\tbus_for_each_dev(a, b);\n\tfor_each_foo(a)\n\t\tb();\n\tx = a ? b : c;'),
			'; l ; ;',
		);
	});

	it('name what a test asks whether it is an error, and what is returned', () => {
		const words = (body: string): string =>
			stepsOf(trace(body) ?? { line: 0, steps: '' })
				.filter(({ code }) => 'iqxvI'.includes(code))
				.map(({ code, name }) => `${code}${name}`)
				.join(' ');
		assert.equal(words('\tif (ret)\n\t\treturn ret;'), 'iret vret');
		assert.equal(words('\tif (unlikely(ret < 0))\n\t\treturn ret;'), 'iret vret');
		assert.equal(words('\tif (ret != 0)\n\t\treturn (ret);'), 'iret v');
		assert.equal(words('\tif (!ret)\n\t\treturn NULL;'), 'i v');
		assert.equal(words('\tif (ret > 0 && x)\n\t\treturn ret ? 1 : 0;'), 'i v');
		assert.equal(words('\tif (IS_ERR(p))\n\t\treturn PTR_ERR(p);'), 'i x');
		assert.equal(words('\tif (ret)\n\t\treturn dev_err_probe(dev, ret, "no");'), 'iret x');
		assert.equal(words('\tplat->ops->reset(it);\n\tx.done (1);\n\tdone(y->more);'), 'Ireset Idone');
	});

	it('are kept as they are read', () => {
		const step: fc.Arbitrary<Step> = fc
			.tuple(fc.nat(50), fc.constantFrom<Step['code']>('R', 'U', '{', ';', 'q'))
			.map(([line, code]) => ({ line, code, name: code === 'R' || code === 'U' ? 'a.b' : '' }));
		fc.assert(
			fc.property(fc.array(step), (steps) => {
				const ordered = [...steps].sort((a, b) => a.line - b.line);
				assert.deepEqual(stepsOf(traceFact(0, ordered)), ordered);
			}),
		);
	});

	it('are only read where something is called back', () => {
		assert.equal(
			extractor.extract('static int it;\nint f(void)\n{\n\treturn it;\n}\n').traces,
			undefined,
		);
	});

	it('survive anything, in linear time', () => {
		const bits = [
			'{',
			'}',
			'(',
			')',
			';',
			'if',
			'else',
			'it',
			'=',
			'*',
			'&',
			'case',
			':',
			'goto',
			'do',
			'[',
		];
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...bits), { maxLength: 60 }), (words) => {
				const found = trace(`\t${words.join(' ')}`);
				new Flow(found === undefined ? [] : stepsOf(found)).reached(0, () => false);
			}),
			{ numRuns: 300 },
		);
		const started = process.cpuUsage().user;
		const found = trace(`${'\tif (it) {\n'.repeat(20_000)}${'\t}\n'.repeat(20_000)}`);
		new Flow(stepsOf(found ?? { line: 0, steps: '' })).reached(0, () => false);
		assert.ok(process.cpuUsage().user - started < 8_000_000);
	});
});
