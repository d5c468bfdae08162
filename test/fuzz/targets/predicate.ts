/** The language of `--where`. What was read is printed and read again: it must be the same. */
import assert from 'node:assert/strict';
import { type Predicate, printPredicate } from '../../../src/history/predicate.ts';
import { parsePredicate } from '../../../src/history/predicate-parse.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

const TESTS = [
	"style(acme-mmu) == 'initcall@subsys'",
	"style(acme-mmu, arm64, x) ~ 'probe*'",
	"reached(bus_set_iommu, acme) != 'probe'",
	'capability(lookup-defers)',
	"capability(of-declare-arity) == '2'",
	'symbol(bus_set_iommu) in include/linux/iommu.h',
	'places(fix.patch)',
	"places('my fix.patch') == 'exact'",
	'contains(v4.12^{commit})',
];

export const predicate: Target = {
	seeds: [
		...TESTS,
		`${TESTS[0]} and not ${TESTS[5]}`,
		`not (${TESTS[3]} or ${TESTS[8]}) and (${TESTS[6]})`,
		"contains('it\\'s \\\\ odd')",
	],
	vocabulary: {
		words: [
			...['and', 'or', 'not', 'in', '(', ')', ',', '~', '==', '!=', '=', '!', "'", '"', '\\'],
			...['style', 'reached', 'capability', 'symbol', 'places', 'contains', '__proto__'],
			...['constructor', 'toString', ...TESTS],
		],
		pairs: [
			['(', ')'],
			['not ', ''],
			['not (', ')'],
			["'", "'"],
			['(contains(a) and ', ')'],
		],
	},
	generate: (random) => written(random, 0),
	run: (input) => {
		const read = parsePredicate(Buffer.from(input).toString());
		const again = parsePredicate(printPredicate(read));
		assert.deepEqual(withoutColumns(again), withoutColumns(read));
	},
};

function written(random: Random, depth: number): string {
	const inner = (): string => written(random, depth + 1);
	if (depth > 6 || random.chance(0.4)) return random.pick(TESTS);
	if (random.chance(0.3)) return `not ${inner()}`;
	if (random.chance(0.4)) return `(${inner()})`;
	return Array.from({ length: 2 + random.below(3) }, inner).join(random.pick([' and ', ' or ']));
}

/** A predicate without places in its text; nested `and` in `and` is one, as it is printed. */
function withoutColumns(read: Predicate): unknown {
	return JSON.parse(JSON.stringify(read, (key, value) => (key === 'column' ? 0 : value)));
}
