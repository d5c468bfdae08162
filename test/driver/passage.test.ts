/** Passages: a source is cut where nothing is open, and read the same whatever was read before. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { createExtractor, defaultInterest, type Extractor } from '../../src/driver/extract.ts';
import { macroFacts, macroFactsOfParts } from '../../src/driver/macros/definitions.ts';
import { PassageReader } from '../../src/driver/passage.ts';
import { genericInterest } from '../../src/driver/profiles/generic.ts';
import { cpuTaken } from '../cpu.ts';

function cuts(text: string): string[] {
	return new PassageReader(defaultInterest).passagesOf(text).map((passage) => passage.text);
}

const ONE = 'static int one(void)\n{\n\treturn 1;\n}\n';
const TWO = 'static int two(void)\n{\n\treturn one();\n}\n';

/** Items of a file, those among them that must not be cut at a brace at the margin. */
const ITEMS = [
	ONE,
	TWO,
	'static struct platform_driver p = {\n\t.probe = two,\n};\n',
	'#ifdef CONFIG_A\nint a(void)\n{\n}\n#else\nint a(int b)\n{\n}\n#endif\n',
	'#ifdef CONFIG_A\nint a(void)\n#else\nint a(int b)\n#endif\n{\n\tif (b) {\n\t\tone();\n\t}\n}\n',
	'/* a comment with a brace\n}\n*/\nint c;\n',
	'#define M(x) do { \\\n\ttwo(x); \\\n}\n',
	'struct s {\n\tint a;\n}\n__packed;\n',
	'int old(a)\nint a;\n{\n\treturn bus_set_iommu(a, &ops);\n}\n',
	'static int __init go(void)\n{\n\tif (done)\n\t\treturn 0;\n\tbus_set_iommu(&platform_bus_type, &ops);\n\tmark();\n\treturn 0;\n}\nsubsys_initcall(go);\n',
	'static void mark(void)\n{\n\tdone = true;\n}\n',
	'static bool done;\n',
	'}\n',
	'#endif\n',
	'int broken(void\n{\n\tone();\n}\n',
	'char c = \'}\';\nchar *t = "}\\\n}\\\n";\n',
];

/** A comment that is long enough for what ends behind it to be cut off. */
const LONG = `/*\n${' * Words.\n'.repeat(50)} */\n\n`;

/** What may stand before a function, each with a blank line behind it. */
const DECLARATIONS = [
	LONG,
	'#include <linux/init.h>\n\n',
	'#define A 1\n\n',
	'#ifdef CONFIG_A\n\n',
	'#else\n\n',
	'#endif\n\n',
	'static int two(void);\n\n',
	'struct s {\n\tint a;\n};\n\n',
	'static struct platform_driver p = {\n\t.probe = two,\n};\n\n',
	'static bool done = true;\n\n',
	'static inline void stub(void) { done = true; }\nint x;\n\n',
	'module_init(go)\n#define A 1\n\n',
	'subsys_initcall(one)\n\n',
	'#define CUT(x) \\\n\n',
	'/* open */ #include "x" /* again\n\n*/\n\n',
	'int old(a)\nint a;\n\n',
	'char *t = "\\\n};\n\n";\n\n',
	'struct {\n#include "members.h"\n\n};\n\n',
];

describe('passages', () => {
	let extractor: Extractor;
	before(async () => {
		extractor = await createExtractor();
	});

	it('end after each function', () => {
		assert.deepEqual(cuts(`${ONE}\n${TWO}int last;\n`), [ONE, `\n${TWO}`, 'int last;\n']);
	});

	it('do not end within a comment, a macro, an item', () => {
		for (const item of [ITEMS[5], ITEMS[6], ITEMS[7]]) {
			const found = cuts(`${item}${ONE}`);
			assert.deepEqual(found, [`${item}${ONE}`], item);
		}
	});

	it('end within a conditional where brackets are in pairs', () => {
		const [a = '', b = ''] = [`#ifdef CONFIG_A\n${ONE}`, `#else\n${ONE}`];
		assert.deepEqual(cuts(`${a}${b}#endif\n${TWO}`), [a, b, `#endif\n${TWO}`]);
	});

	it('do not end within one where a branch repeats the brackets of another', () => {
		const heads =
			'#ifdef CONFIG_A\nint a(void)\n{\n#else\nint a(int b)\n{\n#endif\n\treturn 1;\n}\n';
		assert.deepEqual(cuts(`${heads}${ONE}`), [heads, ONE]);
		// The branches of the inner one are told apart by what they have against those of the outer one.
		const open = `#ifdef CONFIG_B\n${ONE}int b(void)\n{\n#else\nint b(int c)\n{\n#endif\n\treturn 1;\n}\n`;
		assert.deepEqual(cuts(`${open}${ONE}`), [open, ONE]);
	});

	it('do not end within one where a flag is set outside of functions', () => {
		const flag = `#ifdef CONFIG_A\n${ONE}static bool done = true;\n${TWO}`;
		assert.deepEqual(cuts(`${flag}#endif\n${ONE}`), [`${flag}#endif\n${ONE}`]);
	});

	it('end behind declarations before a function, unless something goes on there', () => {
		const [include = '', , , , , prototype = ''] = DECLARATIONS.slice(1);
		const begin = `${LONG}${include}`;
		assert.deepEqual(cuts(`${LONG}${prototype}${ONE}`), [LONG, `${prototype}${ONE}`]);
		assert.deepEqual(cuts(`${begin}${LONG}${ONE}`), [LONG, `${include}${LONG}`, ONE]);
		for (const item of ['#ifdef CONFIG_A\n', 'struct s {\n', 'static bool done = true;\n']) {
			const open = `${item}${begin}`;
			assert.deepEqual(cuts(`${open}${ONE}`), [`${open}${ONE}`], item);
		}
	});

	it('end behind declarations without changing what a file says', () => {
		const items = fc.array(fc.constantFrom(...ITEMS, ...DECLARATIONS, LONG, LONG, LONG, LONG), {
			maxLength: 16,
		});
		let differently = 0;
		fc.assert(
			fc.property(items, (some) => {
				const text = some.join('');
				// A blank line with a space in it is none to cut behind.
				const spaced = text.replace(/(?<=[^\\])\n(?=\n)/g, '\n ');
				if (cuts(text).length !== cuts(spaced).length) differently++;
				for (const want of [defaultInterest, genericInterest]) {
					assert.deepEqual(extractor.extract(text, want), extractor.extract(spaced, want));
				}
			}),
			{ numRuns: 500 },
		);
		assert.ok(differently > 50, `${differently}`);
	});

	it('are found in linear time among declarations without end', () => {
		const time = (text: string) => cpuTaken(() => cuts(text));
		const prototype = DECLARATIONS[6] ?? '';
		time(prototype.repeat(10_000));
		const [one, eight] = [10_000, 80_000].map((count) => time(prototype.repeat(count)));
		assert.ok((eight ?? 0) < 40 * (one ?? 0) + 500, `${one} ms, ${eight} ms`);
		assert.ok(cuts(prototype.repeat(10_000)).length > 100);
	});

	it('say the same to the preprocessor as the text in one piece', () => {
		const directives = [
			'#include "x.h"\n',
			'#define GLOB "/*"\n',
			"#define ODD '\n",
			'#define LONG \\\n}\n',
			'/* open\n',
			'#if 0 /* open\n',
			'char *s = "\\\n',
		];
		const reader = new PassageReader(defaultInterest);
		const all = [...ITEMS, ...DECLARATIONS, ...directives];
		const items = fc.array(fc.constantFrom(...all), { maxLength: 12 });
		fc.assert(
			fc.property(items, (some) => {
				const text = some.join('');
				assert.deepEqual(macroFactsOfParts(reader.passagesOf(text)), macroFacts(text));
			}),
			{ numRuns: 500 },
		);
	});

	it('are the text, whatever it is', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.constantFrom(...ITEMS), fc.string())), (items) => {
				const text = items.join('');
				assert.equal(cuts(text).join(''), text);
			}),
		);
	});

	it('are cut the same after another text, whatever they share with it', () => {
		const reader = new PassageReader(defaultInterest);
		const items = fc.array(fc.constantFrom(...ITEMS, ...DECLARATIONS), { maxLength: 6 });
		const texts = fc.tuple(items, items, items, items, items);
		fc.assert(
			fc.property(texts, ([begin, one, other, end, odd]) => {
				for (const middle of [one, other, odd, []]) {
					const text = [...begin, ...middle, ...end].join('');
					const found = reader.passagesOf(text).map((passage) => passage.text);
					assert.deepEqual(found, cuts(text));
				}
			}),
			{ numRuns: 500 },
		);
	});

	it('are read the same after others as by themselves', async () => {
		const fresh = new Map<string, unknown>();
		for (const order of [0, 1, 2]) {
			for (const item of ITEMS) {
				for (const other of order === 1 ? [...ITEMS].reverse() : ITEMS) {
					const text = `${item}${other}${ONE}`;
					const facts = extractor.extract(text);
					assert.deepEqual(facts, fresh.get(text) ?? facts);
					fresh.set(text, facts);
				}
			}
		}
		const alone = await createExtractor();
		const some = [...fresh].filter((_, i) => i % 17 === 0);
		for (const [text, facts] of some) assert.deepEqual(alone.extract(text), facts);
		assert.ok(some.length > 10);
	});

	it('see what a flag is set by in another passage', () => {
		const [go = '', mark = ''] = [ITEMS[9], ITEMS[10]];
		const flag = 'static bool done;\nstatic int iommu_ops_dummy;\n';
		const other = mark.replace('done', 'other');
		const gates = (text: string) =>
			extractor.extract(text).gates.flatMap((gate) => (gate.negated ? gate.what : []));
		assert.ok(gates(`${flag}${other}${go}`).includes('done'));
		assert.ok(!gates(`${flag}${mark}${go}`).includes('done'));
	});
});
