import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isBroken } from '../../src/driver/broken.ts';

const MANY = 200;
const body = (text: string): string => `{\n${text.repeat(MANY)}\n}`;

describe('isBroken', () => {
	it('takes what C has, however often', () => {
		const texts = [
			'\ta->b.c = d[1].e;\n',
			'\tf(a, (char *), *b, &c.d, !!e, ***g && !h);\n',
			'\tstruct s t = { .a = 1, .b = { .c = 2, [3] = { .d = 4 } } };\n',
			'\tu = (struct s){ .a = 1, .b = 2 };\n',
			'\tuse(&(const struct s) { .a = 1, .b = 2 });\n',
			'\tswitch (a) { case 1 ... 5: b++; c--; break; }\n',
			'\tif (a) return 1; else 2; b = sizeof 3 + 4 * 5;\n',
			'\tdo { if (a) do b(); while (c); else if (d) return; else for (;;) ; } while (e);\n',
			'\tfor (;;) { if (!a) ; else *b = ~c ? .5 : 1.; }\n',
			'\tstatic const struct s all[] = { { .a = 1, .b = 2 }, { .a = 3 } };\n',
		];
		for (const text of texts) assert.equal(isBroken(body(text)), false, text);
		assert.equal(isBroken(body(texts.join(''))), false);
	});

	it('takes lines from within an initialiser', () => {
		assert.equal(isBroken('\t.a = 1,\n\t.b = { .c = 2, .d = 3 },\n'.repeat(MANY)), false);
	});

	it('takes brackets as deep as anybody writes them, and no deeper', () => {
		const nested = (depth: number): string => `${'{ do '.repeat(depth)};${'}'.repeat(depth)}`;
		assert.equal(isBroken(nested(MANY)), false);
		assert.equal(isBroken(nested(10 * MANY)), true);
	});

	it('does not take what no C is, where there is much of it', () => {
		const texts = [
			'.a = ',
			'a = ;',
			'a = .b;',
			'.a = a, ',
			'(.a), ',
			'case 1: .a = a;',
			'a[/] ',
			'a 1: ',
		];
		for (const text of texts) {
			assert.equal(isBroken(body(text)), true, text);
			assert.equal(isBroken(`{ ${text} }`), false, text);
		}
		assert.equal(isBroken(`if (a) { ${'.a = a, '.repeat(MANY)} }`), true);
	});
});
