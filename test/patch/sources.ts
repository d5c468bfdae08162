/** C that nobody wrote, in the style of the kernel, and changes to it: what repair is tested on. */
import * as fc from 'fast-check';

const NAMES = ['lamp', 'shade', 'dev', 'ret', 'flags', 'base', 'mmu', 'domain', 'priv', 'node'];
const name = fc.constantFrom(...NAMES);
const number = fc.nat(99);

/** Statements without indentation. */
const statement: fc.Arbitrary<string> = fc.oneof(
	fc.constantFrom('return ret;', 'return 0;', 'int ret;', 'goto out;', 'break;', 'ret = -EINVAL;'),
	fc.tuple(name, name, number).map(([a, b, n]) => `${a} = ${b}_get(${a}, ${n});`),
	fc.tuple(name, name).map(([a, b]) => `struct ${a} *${b};`),
	fc.tuple(name, number).map(([a, n]) => `${a}->x${n} &= ~(1 << ${n}) & 0xff;`),
	fc.tuple(name, name).map(([a, b]) => `if (${a} < 0 && ${b} > 3) ${a}_put(&${b});`),
	fc
		.tuple(name, name, number)
		.map(
			([a, b, n]) =>
				`dev_err(${a}->dev, "cannot set the ${b} of ${a} number %d to \\"%s\\" here: %d\\n", ${n}, ret);`,
		),
	fc
		.tuple(name, name, name, number)
		.map(
			([a, b, c, n]) =>
				`${a} = ${b}_allocate_with_parent(${c}, sizeof(*${a}), GFP_KERNEL | __GFP_ZERO, ${n});`,
		),
	fc.tuple(name, number).map(([a, n]) => `/* ${a} is number ${n} */`),
	fc.tuple(name, number).map(([a, n]) => `writel(${n}, ${a} + 0x${n});\t/* see above */`),
);

/** Statements of a function from `depth` tabs on. */
function block(depth: number): fc.Arbitrary<string[]> {
	const indent = '\t'.repeat(depth);
	const plain = statement.map((text) => [indent + text]);
	if (depth >= 4) return plain;
	return fc.oneof(
		{ weight: 6, arbitrary: plain },
		{ weight: 2, arbitrary: fc.constant<string[]>(['']) },
		{
			weight: 1,
			arbitrary: fc
				.tuple(name, fc.array(block(depth + 1), { minLength: 1, maxLength: 3 }))
				.map(([a, inner]) => [`${indent}if (${a}) {`, ...inner.flat(), `${indent}}`]),
		},
		{
			weight: 1,
			arbitrary: fc
				.tuple(name, statement)
				.map(([a, text]) => [`${indent}if (!${a})`, `${indent}\t${text}`]),
		},
		{
			weight: 1,
			arbitrary: fc
				.tuple(name, name)
				.map(([a, b]) => [`${indent}/*`, `${indent} * The ${a} of the ${b}.`, `${indent} */`]),
		},
	);
}

/** Parts of a file. */
const part: fc.Arbitrary<string[]> = fc.oneof(
	{
		weight: 4,
		arbitrary: fc
			.tuple(name, number, name, fc.array(block(1), { minLength: 1, maxLength: 8 }))
			.map(([a, n, b, body]) => [
				`static int ${a}_${n}(struct ${b} *${b})`,
				'{',
				...body.flat(),
				'}',
				'',
			]),
	},
	fc.tuple(name, number).map(([a, n]) => [`#define ${a.toUpperCase()}_${n}\t\t0x${n}`]),
	fc
		.tuple(name, name)
		.map(([a, b]) => [
			`static struct ${a}_driver ${a}_driver = {`,
			`\t.probe\t= ${b}_probe,`,
			'\t.driver\t= {',
			`\t\t.name = "${a}",`,
			'\t},',
			'};',
			'',
		]),
	fc.tuple(name, name).map(([a, b]) => [`MODULE_AUTHOR("A ${a} <${a}@${b}.example.org>");`]),
	fc.tuple(name, name).map(([a, b]) => [`#include <linux/${a}_${b}.h>`]),
);

/** A file in lines. */
export const source: fc.Arbitrary<string[]> = fc
	.array(part, { minLength: 2, maxLength: 9 })
	.map((parts) => parts.flat());

/** A change to a file: some lines go where there are such, others come. */
export const change = fc.array(
	fc.record({
		at: fc.nat(10_000),
		remove: fc.nat(4),
		add: fc.oneof(
			{ weight: 3, arbitrary: fc.array(block(1), { maxLength: 3 }).map((all) => all.flat()) },
			{ weight: 1, arbitrary: fc.array(block(2), { maxLength: 2 }).map((all) => all.flat()) },
			{ weight: 1, arbitrary: part },
		),
	}),
	{ minLength: 1, maxLength: 3 },
);
