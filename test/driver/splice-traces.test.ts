/** Traces after a patch, made of the patch's lines, are those of the patched text. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import type { Extractor } from '../../src/driver/extract.ts';
import type { FileFacts } from '../../src/driver/facts.ts';
import { spliceEdit, spliceFacts } from '../../src/driver/splice.ts';
import { isAccess, stepsOf, traceFact } from '../../src/driver/trace.ts';
import { sharedExtractor } from './fixtures.ts';
import { ADD, INSTALL, listDriver, WALK } from './traces.ts';

/** Replacement of `count` lines behind the first `at`. */
interface Change {
	at: number;
	count: number;
	lines: string[];
}

const DRIVER = listDriver({
	state: '#define first_foo() list_first_entry(&foo_list, struct foo_mmu, node)\n',
	probe: `	spin_lock(&foo_lock);
${ADD}	spin_unlock(&foo_lock);
	if (foo_ready) {
		ret = foo_early(mmu);
		if (ret)
			goto out;
	} else {
		the_mmu = mmu;
	}
${INSTALL}	foo_ready = true;
out:
	foo_log(mmu);
`,
});

/** Traces by function; control flow only where both say that the body was read. */
function comparable(facts: FileFacts, other: FileFacts) {
	const unread = new Set(
		[...facts.functions, ...other.functions]
			.filter((fn) => fn.unread === true)
			.map(({ name }) => name),
	);
	return facts.traces?.flatMap((trace) => {
		const fn = facts.functions.find(({ line }) => line === trace.line);
		if (fn === undefined || !unread.has(fn.name)) return [trace];
		const steps = stepsOf(trace).filter(isAccess);
		return steps.length === 0 ? [] : [traceFact(trace.line, steps)];
	});
}

describe('traces after a patch, without the text', () => {
	let extractor: Extractor;
	before(async () => {
		extractor = await sharedExtractor();
	});

	const check = (text: string, changes: Change[], context = 3): FileFacts => {
		const source = text.replace(/\n$/, '').split('\n');
		const after = [...source];
		for (const { at, count, lines } of [...changes].sort((a, b) => b.at - a.at)) {
			after.splice(at, count, ...lines);
		}
		const edits = changes.map(({ at, count, lines }) => {
			const first = Math.max(0, at - context);
			return spliceEdit((piece) => extractor.extractFragment(piece), first, [
				...source.slice(first, at).map((line) => ` ${line}`),
				...source.slice(at, at + count).map((line) => `-${line}`),
				...lines.map((line) => `+${line}`),
				...source.slice(at + count, at + count + context).map((line) => ` ${line}`),
			]);
		});
		const spliced = spliceFacts(extractor.extract(text), edits);
		const expected = extractor.extract(`${after.join('\n')}\n`);
		assert.deepEqual(
			comparable(spliced, expected),
			comparable(expected, spliced),
			after.join('\n'),
		);
		return spliced;
	};
	const lineOf = (part: string): number => {
		const at = DRIVER.split('\n').findIndex((line) => line.includes(part));
		assert.ok(at >= 0, part);
		return at;
	};

	it('are the same without edits', () => {
		const facts = extractor.extract(DRIVER);
		assert.ok((facts.traces?.length ?? 0) > 3);
		assert.deepEqual(spliceFacts(facts, []).traces, facts.traces);
	});

	it('follow a call that moves above what its callbacks read', () => {
		const at = lineOf('bus_set_iommu');
		check(DRIVER, [
			{ at: lineOf('spin_lock(&foo_lock)'), count: 0, lines: [INSTALL.trimEnd()] },
			{ at, count: 1, lines: [] },
		]);
	});

	it('know an else whose brace closes a block that began before the hunk', () => {
		check(DRIVER, [{ at: lineOf('} else {'), count: 1, lines: ['\t} else if (ret) {'] }], 1);
		check(DRIVER, [{ at: lineOf('the_mmu = mmu'), count: 1, lines: ['\t\tthe_mmu = NULL;'] }], 1);
		check(DRIVER, [{ at: lineOf('\treturn -ENODEV'), count: 2, lines: ['\treturn 0;', '}'] }], 1);
	});

	it('read a statement again of which a line changed', () => {
		const split = listDriver({ probe: '\tlist_add(&mmu->node,\n\t\t &foo_list);\n' });
		const at = split.split('\n').findIndex((line) => line.includes('list_add(&mmu->node,'));
		check(split, [{ at, count: 1, lines: ['\tret = list_empty_careful(&mmu->node,'] }]);
		check(split, [{ at: at + 1, count: 1, lines: ['\t\t &other_list);'] }]);
	});

	it('know variables and macros that come and go', () => {
		check(DRIVER, [
			{ at: lineOf('static bool foo_ready'), count: 1, lines: ['static int foo_count;'] },
			{ at: lineOf('foo_ready = true'), count: 1, lines: ['\tfoo_count++;'] },
		]);
		check(DRIVER, [{ at: lineOf('static LIST_HEAD(foo_list)'), count: 1, lines: [] }]);
		check(DRIVER, [
			{
				at: lineOf('#define first_foo'),
				count: 1,
				lines: ['#define more_foo(m) \\', '\tlist_for_each_entry(m, &other_list, more)'],
			},
			{ at: lineOf('foo_log(mmu)'), count: 1, lines: ['\tmore_foo(mmu)', '\t\tfoo_log(mmu);'] },
		]);
	});

	it('are none once nothing is called back', () => {
		const facts = check(DRIVER, [{ at: lineOf('.add_device') - 1, count: 3, lines: [] }]);
		assert.equal(facts.traces, undefined);
	});

	it('agree with extraction after any edits of whole statements', () => {
		const statements = [
			ADD,
			INSTALL,
			WALK,
			'\tthe_mmu = NULL;',
			'\tthe_mmu->base = foo_ready ? 1 : 2;',
			'\tif (ret)\n\t\treturn ret;',
			'\tif (!foo_ready) {\n\t\tret = -EINVAL;\n\t\tgoto out;\n\t}',
			'\tdo {\n\t\tfoo_poll(&foo_ready);\n\t} while (!foo_ready);',
			'\tswitch (ret) {\n\tcase 1:\n\t\tthe_mmu = mmu;\n\t\tbreak;\n\tdefault:\n\t\tbreak;\n\t}',
			'\tfirst_foo()->next = NULL;',
			'\tstruct foo_mmu *the_mmu = NULL, *other = NULL;',
			'#ifdef CONFIG_B\n\tfoo_ready = false;\n#endif',
			'\t/* the_mmu = NULL; } */',
		].map((text) => text.trimEnd());
		const places = [
			'spin_lock(',
			'foo_ready = true',
			'foo_log',
			'list_del(&foo',
			'mmu = devm_',
		].map(lineOf);
		const change = fc.record({
			at: fc.constantFrom(...places),
			count: fc.integer({ min: 0, max: 1 }),
			what: fc.subarray(statements, { minLength: 1 }),
		});
		fc.assert(
			fc.property(fc.array(change, { maxLength: 1 }), fc.nat(3), fc.nat(5), (all, context, top) => {
				const edits = all.map(({ at, count, what }) => ({
					at,
					count,
					lines: what.flatMap((text) => text.split('\n')),
				}));
				const header = Array.from({ length: top }, (_, i) => `#include <a${i}.h>`);
				check(DRIVER, [{ at: 1, count: 0, lines: header }, ...edits], context);
			}),
			{ numRuns: 300 },
		);
	});
});
