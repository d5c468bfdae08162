/** Plain statements: what is read without the parser is what the parser finds. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { brokenPlaces, MOST_BROKEN } from '../../src/driver/broken.ts';
import { type CParser, createCParser, type FoundInCode } from '../../src/driver/parser.ts';
import { plainBlock } from '../../src/driver/plain.ts';
import { blocks, changed, changes } from './plain-cases.ts';

const PLAIN = [
	'ret = first(a, &b, second(c)[1]) + d->third(e);',
	'struct x *one = (struct x *)get(a), **two;',
	'const u8 __name[] = "   ";',
	'if (a(b) && !c) d(); else if (e) { f(); } else return g(h);',
	'for (int i = 0; i < n(a); i++) if (b[i]) break;',
	'for (;;) { do a(); while (b(c)); }',
	'switch (a) { case 1: case TWO + 1: b(); break; default: c(); goto out; }',
	'out: a ();',
	'x = (u32)a(b) | ~(unsigned long)c(d);',
	'y = sizeof(struct s) * a(sizeof(*b), sizeof(t), (void *)c);',
	'z = a ? b(c) : d ?: e(f);',
	'(*a)(b(c));',
	'a = b = c(d);',
	'*a++ = b(c);',
	"d = '  ';",
	';',
];

/** Of these the parser is asked, for what it makes of them is not for certain, or they are no C. */
const DOUBTFUL = [
	'a(b) * c(d);',
	'a(b) = c;',
	'if (a && (b(c)) && d) e();',
	'y = sizeof(a(b));',
	'x = (struct s){ 1 };',
	'int a[] = { 1, 2 };',
	'x = ({ a(); });',
	't (*fn)(int);',
	'int a(int);',
	'case 1 ... 5: a();',
	'if (a) case 1: b();',
	'a(int);',
	'a(b) c(d)',
	'FOREACH(a, b) { c(d); }',
	'asm volatile ("  ");',
	'typeof(a) b = c;',
	'a = "  " B "  ";',
	'x = 1.5;',
	'if (a) int b;',
	'a: }',
	'a++ = b;',
	'a + b = c;',
	'a[b, c] = d;',
	'int int a;',
	'x = &&out;',
	'# a',
	'a(b;',
	'if (a',
	'{',
	'',
];

describe('plain statements', () => {
	let parser: CParser;
	before(async () => {
		parser = await createCParser();
	});

	/** What the parser finds in a text; undefined where it has to recover. */
	const parsed = (code: string): FoundInCode | undefined => {
		const tree = parser.parseCounted(code);
		try {
			return tree.errors().length === 0 ? tree.found() : undefined;
		} finally {
			tree.free();
		}
	};

	it('say what the parser finds in them', () => {
		for (const one of PLAIN) {
			const code = `{${one}}`;
			const found = plainBlock(code);
			assert.ok(found !== undefined, one);
			assert.deepEqual(found, parsed(code), one);
		}
		const all = `{${PLAIN.join('\n\t')}}`;
		assert.deepEqual(plainBlock(all), parsed(all));
	});

	it('find calls and if statements', () => {
		assert.deepEqual(plainBlock('{if (a(b)) c(); else d();}'), {
			callees: [5, 11, 21],
			ifs: [
				{
					start: 1,
					condition: { from: 4, to: 10 },
					consequence: { from: 11, to: 15 },
					alternative: { from: 21, to: 25 },
				},
			],
		});
	});

	it('are not those that take knowing more', () => {
		for (const one of DOUBTFUL.slice(0, -1)) assert.equal(plainBlock(`{${one}}`), undefined, one);
		assert.equal(plainBlock(''), undefined);
		assert.equal(plainBlock('{} {}'), undefined);
		assert.equal(plainBlock('a();'), undefined);
	});

	it('say the same of whatever plain C is made up', () => {
		let plain = 0;
		fc.assert(
			fc.property(blocks, (code) => {
				const found = plainBlock(code);
				if (found === undefined) return;
				plain++;
				assert.deepEqual(found, parsed(code), code);
			}),
			{ numRuns: 2000 },
		);
		assert.ok(plain > 1000, `${plain}`);
	});

	it('say the same after any change, or nothing', () => {
		let plain = 0;
		fc.assert(
			fc.property(blocks, fc.array(changes, { minLength: 1, maxLength: 2 }), (block, some) => {
				const code = some.reduce(changed, block);
				const found = plainBlock(code);
				if (found === undefined || brokenPlaces(code) > MOST_BROKEN) return;
				plain++;
				assert.deepEqual(found, parsed(code), code);
			}),
			{ numRuns: 4000 },
		);
		assert.ok(plain > 200, `${plain}`);
	});

	it('are read in time whatever they are', () => {
		for (const one of ['(', 'if (a) ', '{', 'a(', '*', '! ', 'a ? ', '(u32)', 'x:', 'case 1:']) {
			const began = performance.now();
			assert.equal(plainBlock(`{${one.repeat(100_000)}}`), undefined);
			assert.ok(performance.now() - began < 2000, one);
		}
	});
});
