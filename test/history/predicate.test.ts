import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import {
	type Asker,
	fits,
	PredicateJudge,
	type Reading,
} from '../../src/history/judge-predicate.ts';
import {
	OPERATORS,
	type Predicate,
	printPredicate,
	SUBJECTS,
	type Subject,
	type Test,
	testsOf,
} from '../../src/history/predicate.ts';
import { parsePredicate } from '../../src/history/predicate-parse.ts';

/** The predicate without columns. */
function plain(predicate: Predicate): unknown {
	if (predicate.kind === 'test') return JSON.parse(JSON.stringify({ ...predicate, column: 0 }));
	if (predicate.kind === 'not') return { kind: 'not', of: plain(predicate.of) };
	return { kind: predicate.kind, parts: predicate.parts.map(plain) };
}

const word = fc.oneof(
	fc.constantFrom(
		'acme-mmu',
		'and',
		'not',
		'drivers/iommu/a.c',
		"it's",
		'a\\b',
		'"',
		'@*',
		' x ',
		'ä',
	),
	fc.string({ minLength: 1 }).filter((text) => !/[\0-\x1f\x7f]/.test(text)),
);

const test: fc.Arbitrary<Test> = fc
	.constantFrom(...(Object.keys(SUBJECTS) as Subject[]))
	.chain((subject) => {
		const { args, more, compared } = SUBJECTS[subject];
		const most = more === true ? 4 : args.length;
		const least = more === true ? 1 : args.length;
		const comparing = fc.record({ operator: fc.constantFrom(...OPERATORS), value: word });
		const relation =
			compared === 'must'
				? comparing
				: compared === 'may'
					? fc.option(comparing, { nil: undefined })
					: compared === 'in'
						? fc.record({ operator: fc.constant('in' as const), value: word })
						: fc.constant(undefined);
		return fc.tuple(fc.array(word, { minLength: least, maxLength: most }), relation).map(
			([given, found]): Test => ({
				kind: 'test',
				subject,
				args: given,
				column: 1,
				...(found === undefined ? {} : { relation: found }),
			}),
		);
	});

const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
	predicate: fc.oneof(
		{ maxDepth: 4, withCrossShrink: true },
		test,
		tie('predicate').map((of): Predicate => ({ kind: 'not', of })),
		fc
			.tuple(
				fc.constantFrom('and' as const, 'or' as const),
				fc.array(tie('predicate'), { minLength: 2, maxLength: 3 }),
			)
			.map(([kind, parts]): Predicate => ({ kind, parts })),
	),
}));

describe('the language of predicates', () => {
	it('is read as it is printed', () => {
		fc.assert(
			fc.property(predicate, (one) => {
				assert.deepEqual(plain(parsePredicate(printPredicate(one))), plain(one));
			}),
			{ numRuns: 500 },
		);
	});

	it('is printed as it is read, in one form', () => {
		const forms: [string, string][] = [
			["style( a )=='b'", "style(a) == 'b'"],
			['style("a", ARM64,"!X")!=b', "style(a, ARM64, '!X') != 'b'"],
			["not not contains('v4.14~3')", "not not contains('v4.14~3')"],
			['(places(x.patch))', 'places(x.patch)'],
			['capability(x) or (places(a) and places(b))', 'capability(x) or places(a) and places(b)'],
			['(capability(x) or places(a)) and places(b)', '(capability(x) or places(a)) and places(b)'],
			['symbol(f) in include/linux/a.h', 'symbol(f) in include/linux/a.h'],
		];
		for (const [text, printed] of forms) {
			assert.equal(printPredicate(parsePredicate(text)), printed);
		}
	});

	it('says at which column something is wrong', () => {
		const wrong: [string, number, RegExp][] = [
			['', 1, /expected a test .*found the end/],
			['style(a)', 9, /expected ==, != or ~/],
			["style(a) == 'b", 13, /quote that nothing closes/],
			["style(a) = 'b'", 10, /a single =/],
			['stile(a) == b', 1, /no test stile; there are style,/],
			['style a', 7, /expected \( after style/],
			['style() == b', 7, /expected DRIVER, found "\)"/],
			['reached(f) == probe', 10, /expected , and DRIVER/],
			['reached(f, d, e) == probe', 13, /takes CALL, DRIVER and no more/],
			['contains(c) == true', 13, /yes or no by itself/],
			['symbol(f)', 10, /expected in PATH/],
			['places(a) and', 14, /expected a test/],
			['places(a) places(b)', 11, /expected and, or, or the end/],
			['(places(a)', 11, /expected and, or, or \)/],
			['places(a) & places(b)', 11, /unexpected "&"/],
			['not and', 5, /expected a test/],
			["places('')", 8, /PATCHFILE is empty/],
			["places('a\nb')", 8, /control character/],
			[`${'('.repeat(70)}places(a)`, 66, /nested deeper/],
			[`${'not '.repeat(70)}places(a)`, 261, /nested deeper/],
			['x'.repeat(9000), 8193, /longer than/],
		];
		for (const [text, column, what] of wrong) {
			assert.throws(
				() => parsePredicate(text),
				(error) => {
					assert.ok(error instanceof RangefinderError);
					assert.ok(error.failure.code === 'bad-predicate', error.message);
					assert.match(error.failure.what, what);
					assert.equal(error.failure.column, column, `${text}: ${error.message}`);
					return true;
				},
			);
		}
	});

	it('never fails otherwise, whatever it is given', () => {
		const piece = fc.constantFrom(
			...[
				'style',
				'(',
				')',
				'and',
				'or',
				'not',
				'in',
				"'",
				'"',
				'\\',
				'==',
				'~',
				',',
				' ',
				'a',
				'ä',
			],
		);
		fc.assert(
			fc.property(
				fc.array(piece).map((pieces) => pieces.join('')),
				(text) => {
					try {
						parsePredicate(text);
					} catch (error) {
						assert.ok(error instanceof RangefinderError && error.failure.code === 'bad-predicate');
					}
				},
			),
		);
	});
});

describe('a predicate', () => {
	/** Answers `capability(yes)`, `capability(no)` and `capability(unknown)`, and counts readings. */
	function judge(text: string, inputs: (commit: string) => string = () => 'same') {
		const one = parsePredicate(text);
		const readings = (name: string): Reading => ({
			values: name === 'unknown' ? undefined : [name, 'other'],
			holds: name === 'yes',
			sights: [{ text: name }],
		});
		const askers = new Map(
			testsOf(one).map((each): [Test, Asker] => [
				each,
				{
					reads: { paths: [each.args[0] ?? ''], ancestry: each.args[0] === 'no' },
					look: async (commit) => ({
						inputs: inputs(commit),
						read: async () => readings(each.args[0] ?? ''),
					}),
				},
			]),
		);
		return new PredicateJudge(one, askers);
	}

	it('is yes, no or cannot be told, as Kleene has it', async () => {
		const words = { yes: true, no: false, unknown: undefined } as const;
		const entries = Object.entries(words);
		const and = (a?: boolean, b?: boolean) =>
			a === false || b === false ? false : a === undefined || b === undefined ? undefined : true;
		for (const [a, x] of entries) {
			assert.equal((await judge(`not capability(${a})`).at('c')).holds, x === undefined ? x : !x);
			for (const [b, y] of entries) {
				const both = await judge(`capability(${a}) and capability(${b})`).at('c');
				assert.equal(both.holds, and(x, y), `${a} and ${b}`);
				const either = await judge(`capability(${a}) or capability(${b})`).at('c');
				const neither = and(x === undefined ? x : !x, y === undefined ? y : !y);
				assert.equal(either.holds, neither === undefined ? neither : !neither, `${a} or ${b}`);
			}
		}
	});

	it('shows what decided it', async () => {
		const { sights } = await judge('capability(unknown) and capability(no)').at('c');
		assert.deepEqual(sights, [{ text: 'no' }]);
		const unknown = await judge('capability(yes) and capability(unknown)').at('c');
		assert.deepEqual(unknown.sights, [{ text: 'unknown' }]);
	});

	it('compares all values, or fits one to a pattern', async () => {
		const holds: [string, boolean | undefined][] = [
			["capability(x) == 'x, other'", true],
			['capability(x) == x', false],
			["capability(x) != 'x, other'", false],
			['capability(x) ~ other', true],
			["capability(x) ~ 'o*r'", true],
			['capability(x) ~ oth', false],
			['capability(unknown) != x', undefined],
		];
		for (const [text, expected] of holds) {
			assert.equal((await judge(text).at('c')).holds, expected, text);
		}
	});

	it('is read once for commits that have the same of what it reads', async () => {
		const same = judge('capability(yes) and not capability(no)', (commit) => commit[0] ?? '');
		for (const commit of ['a1', 'a2', 'b1', 'a3', 'b2']) await same.at(commit);
		assert.equal(same.evaluations, 4);
	});

	it('says what it reads', () => {
		assert.deepEqual(judge('capability(yes) or capability(x)').reads, {
			paths: ['x', 'yes'],
			ancestry: false,
		});
		assert.equal(judge('capability(no)').reads.ancestry, true);
	});
});

describe('a pattern', () => {
	it('fits as a regular expression of the same meaning does', () => {
		const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
		const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
		fc.assert(
			fc.property(text, letters, (one, pattern) => {
				assert.equal(
					fits(one, pattern),
					new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(one),
				);
			}),
			{ numRuns: 2000 },
		);
	});
});
