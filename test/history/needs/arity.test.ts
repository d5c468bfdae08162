import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { arityOf, callsOf } from '../../../src/history/needs/arity.ts';
import { cpuTime } from '../../cpu.ts';

describe('the number of parameters', () => {
	const DECLARED: readonly [code: string, count: number | undefined][] = [
		['int acme(void);', 0],
		['int acme();', 0],
		['int acme(struct a *a);', 1],
		['extern struct b *acme(struct a *a, int (*f)(int, int), char c[4]);', 3],
		['static inline int acme(int a,\n\t\t\tint b)\n{\n}', 2],
		['static int\nacme(int a, int b)\n{\n}', 2],
		['#define acme(a, b) (a)', 2],
		['#  define acme() 0', 0],
		['int acme(const char *f, ...);', undefined],
		['#define acme(f, ...) f', undefined],
		['int acme(int a);\nint acme(int a, int b);', undefined],
		['\treturn acme(1, 2);', undefined],
		['\tx = acme(1, 2);', undefined],
		['int acme;', undefined],
		['int acme(int a) __attribute__((x));', 1],
		['int acme_two(int a, int b);', undefined],
		['int acme(', undefined],
	];
	for (const [code, count] of DECLARED) {
		it(`is ${count ?? 'not told'} of ${JSON.stringify(code)}`, () => {
			assert.equal(arityOf(code, 'acme'), count);
		});
	}

	it('is read in time that grows with the text', () => {
		const start = cpuTime();
		assert.equal(arityOf('int acme('.repeat(5_000), 'acme'), undefined);
		assert.equal(callsOf('acme('.repeat(5_000)).size, 0);
		assert.ok(cpuTime() - start < 10_000);
	});
});

describe('calls', () => {
	it('are counted with the commas of their own level', () => {
		const calls = callsOf('\tone(a);\n\ttwo(in(1, 2, 3), b[at(4, 5)]);\n\tnone();\n');
		assert.deepEqual(
			[...calls].sort(),
			[
				['in', 3],
				['at', 2],
				['none', 0],
				['one', 1],
				['two', 2],
			].sort(),
		);
	});

	it('leave out members, definitions of macros, and what is called in several ways', () => {
		assert.deepEqual(
			[...callsOf('a->op(1); a.op2(1);\n#define NEW(a) a\n\tboth(1); both(1, 2);')],
			[],
		);
	});
});
