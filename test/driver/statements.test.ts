/** Statements: a body cut into them says what it says as a whole, whatever was parsed before. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { type BodyText, parseBody } from '../../src/driver/bodies-text.ts';
import { type CParser, createCParser } from '../../src/driver/parser.ts';
import { scanFileScope } from '../../src/driver/scan.ts';
import { prepare } from '../../src/driver/source.ts';
import { StatementParser } from '../../src/driver/statements.ts';

const GOOD = [
	'int ret, i = first(a);',
	'struct x all[] = { { .a = 1 }, { .a = two(b) } }, *one;',
	'if (a < b) c = d(e, f(g));',
	'if (a) { b(); } else if (c) d(); else { e(); if (f) return; }',
	'if (a) b();\nelse c();',
	'do { a(); if (b) continue; } while (c(d));',
	'do a(); while (b);',
	'while (a) { b(); }',
	'for (i = 0; i < n(); i++) { if (a[i]) break; c(i); }',
	'switch (a) { case 1: b(); break; default: if (c) goto out; }',
	'list_for_each_entry(a, &b, list) { if (c(a)) d(container_of(a, struct b, c)); }',
	'out: a();',
	'{ int b; c(&b); }',
	';',
	'a * b;',
	't (*fn)(int) = pick(a);',
	'x = (struct s){ .a = b() };',
	'y = ({ int z = c(); z; });',
	'asm volatile ("x" : : "r" (a) : "memory");',
	'return a ? b() : c;',
	'else_what(a); while_what(b);',
];
const ODD = [
	'struct s { int a; } t;',
	'x = (struct s){ 1 }.a;',
	'FOREACH(a, b) { if (c) d(); }',
	'else a();',
	'a = ;',
	'.a = b(c),',
	'a(b) c(d)',
	'if (a) {',
	'}) b();',
	'(',
];

function bodyOf(statements: readonly string[]): BodyText | undefined {
	const source = prepare(Buffer.from(`int f(int p)\n{\n${statements.join('\n\t')}\n}\n`));
	const scope = scanFileScope(source, { entryMacros: () => false, macroObjects: false });
	const [span] = scope.functions;
	return span === undefined ? undefined : { source, span };
}

describe('statements', () => {
	let parser: CParser;
	before(async () => {
		parser = await createCParser();
	});

	it('say what their body says', () => {
		const statements = new StatementParser(parser);
		for (const one of GOOD) {
			for (const other of GOOD) {
				const body = bodyOf([one, other]);
				assert.ok(body !== undefined);
				const whole = parseBody(body, parser);
				assert.deepEqual(whole.errors, [], one);
				assert.deepEqual(statements.parse([body]), [whole], `${one} ${other}`);
			}
		}
	});

	it('say the same after any others, also where they are no C', () => {
		const statements = new StatementParser(parser);
		const bodies = fc.array(fc.array(fc.constantFrom(...GOOD, ...ODD), { maxLength: 5 }), {
			maxLength: 4,
		});
		fc.assert(
			fc.property(bodies, (texts) => {
				const all = texts.flatMap((one) => bodyOf(one) ?? []);
				const each = all.map((body) => parseBody(body, parser));
				assert.deepEqual(statements.parse(all), each);
			}),
			{ numRuns: 500 },
		);
	});

	it('are given up with their body where too much in it is no C', () => {
		const many = Array.from({ length: 100 }, (_, i) => `a${i} = ;`);
		const body = bodyOf(many);
		assert.ok(body !== undefined);
		assert.equal(new StatementParser(parser).parse([body])[0]?.givenUp, true);
	});
});
