import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Assignment, Condition } from '../../src/kernel/condition.ts';
import {
	ALWAYS,
	and,
	atom,
	atoms,
	becomesAlways,
	conditionAt,
	contradicts,
	equivalent,
	evaluate,
	implies,
	NEVER,
	not,
	or,
	parseCondition,
	preprocessorCondition,
	printCondition,
	regions,
	residual,
	satisfiable,
} from '../../src/kernel/condition.ts';

const normal = (text: string) => printCondition(parseCondition(text));
const ofC = (text: string) => printCondition(preprocessorCondition(text));

const NAMES = ['A', 'B', 'C', 'D'];

/** An expression and its meaning, made side by side, so that the algebra has something to answer to. */
interface Sample {
	text: string;
	truth: (on: ReadonlySet<string>) => boolean;
}
const sample: fc.Arbitrary<Sample> = fc.letrec<{ node: Sample }>((tie) => ({
	node: fc.oneof(
		{ maxDepth: 5, withCrossShrink: true },
		fc.constantFrom(...NAMES).map((name): Sample => ({ text: name, truth: (on) => on.has(name) })),
		tie('node').map((of): Sample => ({ text: `!(${of.text})`, truth: (on) => !of.truth(on) })),
		fc.tuple(tie('node'), tie('node')).map(
			([a, b]): Sample => ({
				text: `(${a.text}) && (${b.text})`,
				truth: (on) => a.truth(on) && b.truth(on),
			}),
		),
		fc.tuple(tie('node'), tie('node')).map(
			([a, b]): Sample => ({
				text: `(${a.text}) || (${b.text})`,
				truth: (on) => a.truth(on) || b.truth(on),
			}),
		),
	),
})).node;

const worlds = Array.from(
	{ length: 1 << NAMES.length },
	(_, bits) => new Set(NAMES.filter((_name, i) => bits & (1 << i))),
);
const holds = (condition: Condition, on: ReadonlySet<string>) =>
	evaluate(condition, (name) => (on.has(name) ? 'y' : 'n'));

describe('the when language', () => {
	it('reads names, operators and parentheses and prints them with as few parentheses as needed', () => {
		assert.equal(normal('ARM64&&IOMMU_DMA'), 'ARM64 && IOMMU_DMA');
		assert.equal(normal('(A || (B)) && !(C)'), '(A || B) && !C');
		assert.equal(normal('A && B || C && D'), 'A && B || C && D');
		assert.equal(normal('!(A && B)'), '!A || !B');
		assert.equal(normal('64BIT && !32BIT'), '64BIT && !32BIT');
	});

	it('says always with nothing and never with 0', () => {
		assert.deepEqual(parseCondition(''), ALWAYS);
		assert.deepEqual(parseCondition('0'), NEVER);
		assert.equal(printCondition(ALWAYS), '');
		assert.equal(printCondition(NEVER), '0');
		assert.equal(normal('A || !A'), '');
	});

	it('drops what is repeated, absorbed or contradicted', () => {
		assert.equal(normal('A && A'), 'A');
		assert.equal(normal('A && !A'), '0');
		assert.equal(normal('A && (A || B)'), 'A');
		assert.equal(normal('A || A && B'), 'A');
		assert.equal(normal('A && (!A || B)'), 'A && B');
		assert.equal(normal('(A || B) && (A || B || C)'), 'A || B');
		assert.equal(printCondition(and(atom('A'), not(atom('A')))), '0');
		assert.equal(printCondition(or(atom('A'), not(atom('A')))), '');
	});

	it('keeps expressions it does not know as opaque atoms that survive printing', () => {
		assert.deepEqual(atoms(parseCondition('PAGE_SIZE  == 4096 && ARM')), [
			'PAGE_SIZE == 4096',
			'ARM',
		]);
		for (const text of ['!(PAGE_SIZE == 4096) && A', 'V >= KERNEL_VERSION(4,14,0) || A']) {
			assert.equal(normal(text), text);
		}
	});

	it('means after simplification, printing and reading what was written', () => {
		fc.assert(
			fc.property(sample, ({ text, truth }) => {
				const once = parseCondition(text);
				const again = parseCondition(printCondition(once));
				assert.equal(printCondition(again), printCondition(once));
				for (const on of worlds) {
					assert.equal(holds(once, on), truth(on));
					assert.equal(holds(not(once), on), !truth(on));
				}
				assert.equal(satisfiable(once), worlds.some(truth));
				assert.equal(equivalent(once, again), true);
			}),
			{ numRuns: 300 },
		);
	});

	it('never throws on damaged text', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'AB01()!&|= "') }), (text) => {
				assert.equal(typeof normal(text), 'string');
				assert.equal(typeof ofC(text), 'string');
			}),
		);
		assert.equal(typeof normal('('.repeat(100_000)), 'string');
	});
});

describe('evaluation of conditions', () => {
	const arm = (name: string) => (name === 'ARM' ? 'y' : name === 'ARM64' ? 'n' : undefined);

	it('answers maybe while an undecided symbol matters, and only then', () => {
		assert.equal(evaluate(parseCondition('ARM || IOMMU_DMA'), arm), true);
		assert.equal(evaluate(parseCondition('ARM64 && IOMMU_DMA'), arm), false);
		assert.equal(evaluate(parseCondition('ARM && IOMMU_DMA'), arm), 'maybe');
		assert.equal(printCondition(residual(parseCondition('ARM && IOMMU_DMA'), arm)), 'IOMMU_DMA');
	});

	it('leaves what joining the terms again leaves', () => {
		const plainly = (condition: Condition, assignment: Assignment): Condition => {
			if (condition.kind !== 'and' && condition.kind !== 'or')
				return residual(condition, assignment);
			const terms = condition.of.map((one) => plainly(one, assignment));
			if (terms.every((term, i) => term === condition.of[i])) return condition;
			return condition.kind === 'and' ? and(...terms) : or(...terms);
		};
		const value = fc.constantFrom('y', 'n', undefined);
		fc.assert(
			fc.property(sample, fc.tuple(value, value, value, value), ({ text }, values) => {
				const condition = parseCondition(text);
				const assignment: Assignment = (name) => values[NAMES.indexOf(name)];
				const left = residual(condition, assignment);
				assert.deepEqual(left, plainly(condition, assignment));
				assert.equal(becomesAlways(condition, assignment), left.kind === 'always');
			}),
			{ numRuns: 2000 },
		);
	});

	it('counts a module as built, and knows CONFIG_X_MODULE', () => {
		const m = (name: string) => (name === 'X' ? 'm' : undefined);
		assert.equal(evaluate(atom('X'), m), true);
		assert.equal(evaluate(atom('X_MODULE'), m), true);
		assert.equal(
			evaluate(atom('X_MODULE'), (name) => (name === 'X' ? 'y' : undefined)),
			false,
		);
	});

	it('sees contradictions and implications between conditions', () => {
		assert.equal(
			contradicts(parseCondition('ARM && !IOMMU_DMA'), parseCondition('IOMMU_DMA')),
			true,
		);
		assert.equal(contradicts(parseCondition('ARM'), parseCondition('IOMMU_DMA')), false);
		assert.equal(implies(parseCondition('A && B'), parseCondition('A || C')), true);
		assert.equal(implies(parseCondition('A'), parseCondition('A && C')), false);
	});
});

describe('conditions of the preprocessor', () => {
	it('understands every spelling of a CONFIG question', () => {
		assert.equal(ofC('defined(CONFIG_ARM) && !defined CONFIG_IOMMU_DMA'), 'ARM && !IOMMU_DMA');
		assert.equal(ofC('IS_ENABLED(CONFIG_OF) || IS_BUILTIN( CONFIG_ACPI )'), 'OF || ACPI');
		assert.equal(ofC('IS_REACHABLE(CONFIG_A)'), 'A');
		assert.equal(ofC('CONFIG_ARM64'), 'ARM64');
		assert.equal(ofC('#ifdef CONFIG_ARM /* only there */'), 'ARM');
		assert.equal(ofC('# ifndef CONFIG_ARM // not there'), '!ARM');
		assert.equal(ofC('defined(CONFIG_A) && \\\n\tdefined(CONFIG_B)'), 'A && B');
		assert.equal(ofC('0'), '0');
		assert.equal(ofC('1'), '');
	});

	it('folds the module spelling with the symbol', () => {
		assert.equal(ofC('defined(CONFIG_X) || defined(CONFIG_X_MODULE)'), 'X');
		assert.equal(ofC('!defined(CONFIG_X) && !defined(CONFIG_X_MODULE)'), '!X');
		assert.equal(ofC('IS_MODULE(CONFIG_X)'), 'X_MODULE');
	});

	it('leaves other questions opaque', () => {
		assert.equal(ofC('PAGE_SIZE == 4096'), 'PAGE_SIZE == 4096');
		assert.equal(ofC('#ifdef MODULE'), 'defined(MODULE)');
		assert.equal(ofC('__KERNEL__ && CONFIG_A'), '__KERNEL__ && A');
		assert.equal(
			ofC('LINUX_VERSION_CODE >= KERNEL_VERSION(4, 14, 0)'),
			'LINUX_VERSION_CODE >= KERNEL_VERSION(4, 14, 0)',
		);
	});
});

describe('the condition of a source line', () => {
	const at = (map: ReturnType<typeof regions>, line: number) =>
		printCondition(conditionAt(map, line));

	it('follows nesting, elif chains and else', () => {
		const map = regions(
			[
				{ line: 3, kind: 'if', when: 'A' },
				{ line: 5, kind: 'if', when: 'B' },
				{ line: 7, kind: 'endif', when: '' },
				{ line: 9, kind: 'elif', when: 'C' },
				{ line: 11, kind: 'else', when: '' },
				{ line: 13, kind: 'endif', when: '' },
			],
			20,
		);
		assert.deepEqual(
			[1, 3, 4, 5, 6, 8, 9, 10, 12, 13, 20].map((line) => at(map, line)),
			['', '', 'A', 'A', 'A && B', 'A', '', '!A && C', '!A && !C', '', ''],
		);
	});

	it('tolerates unbalanced conditionals', () => {
		const map = regions(
			[
				{ line: 1, kind: 'endif', when: '' },
				{ line: 2, kind: 'else', when: '' },
				{ line: 4, kind: 'if', when: 'A' },
			],
			9,
		);
		assert.deepEqual(
			[1, 3, 5, 9].map((line) => at(map, line)),
			['', '', 'A', 'A'],
		);
	});
});
