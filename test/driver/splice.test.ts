import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import type { Extractor } from '../../src/driver/extract.ts';
import { createExtractor } from '../../src/driver/extract.ts';
import type { FileFacts } from '../../src/driver/facts.ts';
import type { SpliceEdit } from '../../src/driver/splice.ts';
import { spliceEdit, spliceFacts } from '../../src/driver/splice.ts';
import { CHECKED, DECLARED, UNCHECKED } from './drivers.ts';

/** Replacement of lines: `count` lines behind the first `at` by `lines`. */
interface Change {
	at: number;
	count: number;
	lines: string[];
}

/**
 * What must not depend on how the facts were come by. Whether a body was worth reading may change
 * with the patch; calls are compared in functions that were read both ways.
 */
function comparable(facts: FileFacts, other: FileFacts) {
	const { lines, entries, structs, matchTables, directives } = facts;
	const functions = facts.functions.map(({ unread: _unread, ...fact }) => fact);
	const unread = [...facts.functions, ...other.functions].filter((fact) => fact.unread === true);
	const skipped = new Set(unread.map(({ name }) => name));
	const calls = facts.calls
		.filter(({ line }) => {
			const inside = facts.functions.find((fact) => fact.line <= line && line <= fact.end);
			return inside !== undefined && !skipped.has(inside.name);
		})
		.map(({ callee, line, use }) => ({ callee, line, use }));
	const gates = facts.gates
		.filter(({ kind }) => kind === 'devicetree' || kind === 'present')
		.map(({ line, kind, negated, what, from, to }) => ({
			...{ line, kind, negated, what },
			over: calls.filter((call) => call.line >= from && call.line <= to).map((c) => c.callee),
		}));
	return { lines, functions, entries, structs, matchTables, directives, calls, gates };
}

describe('facts after a patch, without the text', () => {
	let extractor: Extractor;
	before(async () => {
		extractor = await createExtractor();
	});

	/** A change as the hunk that diff -U3 would make of it. */
	const hunk = (source: string[], change: Change): SpliceEdit => {
		const first = Math.max(0, change.at - 3);
		const end = change.at + change.count;
		return spliceEdit((lines) => extractor.extractFragment(lines), first, [
			...source.slice(first, change.at).map((line) => ` ${line}`),
			...source.slice(change.at, end).map((line) => `-${line}`),
			...change.lines.map((line) => `+${line}`),
			...source.slice(end, end + 3).map((line) => ` ${line}`),
		]);
	};
	const check = (text: string, changes: Change[]) => {
		const source = text.replace(/\n$/, '').split('\n');
		const after = [...source];
		for (const { at, count, lines } of [...changes].sort((a, b) => b.at - a.at))
			after.splice(at, count, ...lines);
		const edits = changes.map((change) => hunk(source, change));
		const spliced = spliceFacts(extractor.extract(text), edits);
		const expected = extractor.extract(`${after.join('\n')}\n`);
		assert.deepEqual(
			comparable(spliced, expected),
			comparable(expected, spliced),
			after.join('\n'),
		);
		return spliced;
	};
	const lineOf = (text: string, part: string) => {
		const at = text.split('\n').findIndex((line) => line.includes(part));
		assert.ok(at >= 0, part);
		return at;
	};

	it('changes nothing without edits', () => {
		const facts = extractor.extract(UNCHECKED);
		assert.deepEqual(spliceFacts(facts, []), facts);
	});

	it('says where a function cannot be read, whether the file has it or the patch brings it', () => {
		const source = UNCHECKED.replace(/\n$/, '').split('\n');
		const at = source.findIndex((line) => line.includes('bus_set_iommu('));
		const lines = Array.from({ length: 200 }, () => '\ta = ;');
		const broken = hunk(source, { at, count: 0, lines });
		const facts = extractor.extract(UNCHECKED);
		const brought = spliceFacts(facts, [broken]);
		assert.deepEqual(brought.incomplete, [at - 2]);
		assert.equal('incomplete' in spliceFacts(facts, []), false);
		const patched = [...source.slice(0, at), ...lines, ...source.slice(at)];
		const whole = extractor.extract(patched.map((line) => `${line}\n`).join(''));
		const head = whole.functions.find(({ line, end }) => line <= at && at < end);
		assert.deepEqual(whole.incomplete, [head?.line]);
		const later = hunk(patched, { at: 0, count: 0, lines: ['', ''] });
		assert.deepEqual(spliceFacts(whole, [later]).incomplete, [(head?.line ?? 0) + 2]);
	});

	it('moves an installation out of the initcall', () => {
		const facts = check(UNCHECKED, [
			{
				at: lineOf(UNCHECKED, 'int ret;'),
				count: 10,
				lines: ['\treturn platform_driver_register(&foo_driver);'],
			},
		]);
		assert.deepEqual(
			facts.calls.map(({ callee, use, args }) => ({ callee, use, args })),
			[{ callee: 'platform_driver_register', use: 'returned', args: ['&foo_driver'] }],
		);
		assert.deepEqual(facts.gates, []);
	});

	it('adds a device tree check in front of what an initcall does', () => {
		const facts = check(UNCHECKED, [
			{
				at: lineOf(UNCHECKED, 'int ret;') + 1,
				count: 1,
				lines: [
					'\tstruct device_node *np;',
					'',
					'\tnp = of_find_matching_node(NULL, foo_ids);',
					'\tif (!np)',
					'\t\treturn 0;',
					'',
				],
			},
		]);
		const gate = facts.gates.find(({ kind, negated }) => kind === 'devicetree' && !negated);
		const install = facts.calls.find(({ callee }) => callee === 'bus_set_iommu');
		assert.ok(gate !== undefined && install !== undefined);
		assert.ok(gate.from <= install.line && install.line <= gate.to);
	});

	it('takes a device tree check away', () => {
		const at = lineOf(CHECKED, 'np = of_find');
		assert.deepEqual(check(CHECKED, [{ at, count: 3, lines: [] }]).gates, []);
	});

	it('changes and adds members of a nested initialiser', () => {
		check(UNCHECKED, [
			{
				at: lineOf(UNCHECKED, '.of_match_table'),
				count: 1,
				lines: ['\t\t.of_match_table = foo_ids,', '\t\t.pm = &foo_pm,'],
			},
		]);
		check(UNCHECKED, [
			{ at: lineOf(UNCHECKED, '.probe'), count: 0, lines: ['\t.remove = foo_remove,'] },
		]);
	});

	it('adds and removes compatible strings', () => {
		check(UNCHECKED, [
			{
				at: lineOf(UNCHECKED, 'acme,foo-v2'),
				count: 1,
				lines: ['\t{ .compatible = "acme,new", },'],
			},
		]);
	});

	it('adds a function, removes one, and changes parameters', () => {
		const added = ['static int extra(struct device *dev)', '{', '\treturn more(dev);', '}', ''];
		check(DECLARED, [{ at: 2, count: 0, lines: added }]);
		check(DECLARED, [{ at: 2, count: 5, lines: [] }]);
		const head = lineOf(DECLARED, 'static int __init baz_of_setup');
		check(DECLARED, [
			{
				at: head,
				count: 1,
				lines: ['static int __init baz_of_setup(struct device_node *np, int a)'],
			},
		]);
	});

	it('replaces an initcall by a driver macro', () => {
		const at = lineOf(UNCHECKED, 'subsys_initcall');
		check(UNCHECKED, [{ at, count: 1, lines: ['module_platform_driver(foo_driver);'] }]);
	});

	it('puts an installation under a condition of the preprocessor', () => {
		const at = lineOf(UNCHECKED, 'if (!iommu_present');
		const body = UNCHECKED.split('\n').slice(at, at + 2);
		check(UNCHECKED, [{ at, count: 2, lines: ['#ifdef CONFIG_ARM', ...body, '#endif'] }]);
	});

	it('sees that a flag keeps out a second call where another hunk sets it', () => {
		const added = [
			'static int __init foo_of_setup(struct device_node *np)',
			'{',
			'\tif (!done)',
			'\t\tfoo_init();',
			'\treturn 0;',
			'}',
			'IOMMU_OF_DECLARE(foo_of, "acme,foo", foo_of_setup);',
		];
		const flagsWith = (set: string) =>
			check(UNCHECKED, [
				{ at: lineOf(UNCHECKED, 'static const struct of'), count: 0, lines: ['static bool done;'] },
				{ at: lineOf(UNCHECKED, 'ret = platform'), count: 0, lines: [set] },
				{ at: lineOf(UNCHECKED, 'subsys_initcall'), count: 1, lines: added },
			]).gates.filter(({ kind }) => kind === 'flag');
		assert.deepEqual(flagsWith('\tdone = true;'), []);
		assert.equal(flagsWith('\tdone = false;').length, 1);
	});

	it('sees a test of what the file does not declare in a function that is shown from its head on', () => {
		const added = (declared: string) => [
			'static int __init foo_of_setup(struct device_node *np)',
			'{',
			declared,
			'\tif (!ready)',
			'\t\tfoo_init();',
			'\treturn 0;',
			'}',
			'IOMMU_OF_DECLARE(foo_of, "acme,foo", foo_of_setup);',
		];
		const flagsWith = (declared: string) =>
			check(UNCHECKED, [
				{ at: lineOf(UNCHECKED, 'subsys_initcall'), count: 1, lines: added(declared) },
			]).gates.filter(({ kind }) => kind === 'flag');
		assert.deepEqual(
			flagsWith('').map(({ what }) => what),
			['ready'],
		);
		assert.deepEqual(flagsWith('\tbool ready = probe_it(np);'), []);
	});

	it('closes a function and opens another inside of it', () => {
		const at = lineOf(DECLARED, 'pdev = of_platform');
		check(DECLARED, [
			{
				at,
				count: 0,
				lines: [
					'\treturn 0;',
					'}',
					'',
					'static int second(struct device_node *np)',
					'{',
					'\tstruct platform_device *pdev;',
				],
			},
		]);
	});

	it('reads a hunk that begins inside a comment or a macro', () => {
		const text = `/*\n * one\n * bus_set_iommu(a, b);\n * two\n */\nint f(void)\n{\n\treturn g();\n}\n`;
		check(text, [{ at: 3, count: 1, lines: [' * call(x);', ' * y'] }]);
	});

	it('agrees with extraction after any edits of whole statements', () => {
		const statements = [
			'\tcall_me(1);',
			'\tret = two(&foo_driver, three());',
			'\tif (ret)\n\t\treturn four();',
			'\tif (!iommu_present(&amba_bustype))\n\t\tbus_set_iommu(&amba_bustype, &foo_ops);',
			'',
			'#ifdef CONFIG_B\n\tfive();\n#endif',
			'\t/* bus_set_iommu(); */',
		];
		// Lines of the body between which statements may be put.
		const places = ['ret = platform', 'if (!iommu', 'return 0;'].map((part) =>
			lineOf(UNCHECKED, part),
		);
		const change = fc.record({
			place: fc.constantFrom(...places),
			what: fc.subarray(statements, { minLength: 1 }),
		});
		fc.assert(
			fc.property(
				fc.uniqueArray(change, { selector: (c) => c.place, maxLength: 1 }),
				fc.integer({ min: 0, max: 10 }),
				(changes, header) => {
					const edits = changes.map(({ place, what }) => ({
						at: place,
						count: 0,
						lines: what.flatMap((s) => s.split('\n')),
					}));
					const top = {
						at: 2,
						count: 0,
						lines: Array.from({ length: header }, (_, i) => `#include <a${i}.h>`),
					};
					check(UNCHECKED, [top, ...edits]);
				},
			),
			{ numRuns: 150 },
		);
	});
});
