import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { macroFacts } from '../../../src/driver/macros/definitions.ts';
import { NeededHeaders } from '../../../src/driver/macros/needed.ts';

const macros = (text: string) => macroFacts(text).macros;

/** The headers that are needed where these are asked for. */
function needed(headers: Readonly<Record<string, string>>, ...names: string[]): string[] {
	const found = new NeededHeaders();
	for (const [path, text] of Object.entries(headers)) found.addHeader(path, macros(text));
	found.ask(names);
	return [...found.needed].sort();
}

const WAY = '#define way(fn) level(fn, 6)\n';
const LEVEL =
	'#define level(fn, n) static initcall_t i_##fn __part(".initcall" #n ".init") = fn;\n';

describe('the headers that entries need', () => {
	const headers = {
		'way.h': WAY,
		'level.h': LEVEL,
		'part.h': '#define __part(name) __attribute__((section(name)))\n',
		'other.h': '#define other(fn) way(fn)\n',
	};

	it('define what they name, and what that is made of', () => {
		assert.deepEqual(needed(headers, 'way'), ['level.h', 'part.h', 'way.h']);
		assert.deepEqual(needed(headers, 'other'), ['level.h', 'other.h', 'part.h', 'way.h']);
		assert.deepEqual(needed(headers, 'nobody'), []);
	});

	it('define what may come of a paste', () => {
		const pasted = {
			...headers,
			'name.h': '#define i_acme_init x\n',
			'no.h': '#define j_acme x\n',
		};
		assert.deepEqual(needed(pasted, 'level'), ['level.h', 'name.h', 'part.h']);
		const parts = { 'a.h': '#define made(a, b) a##_x_##b\n', 'b.h': '#define p_x_q x\n' };
		assert.deepEqual(needed({ ...parts, 'c.h': '#define p_y_q x\n' }, 'made'), ['a.h', 'b.h']);
		assert.deepEqual(needed({ ...parts, 'c.h': '#define _x x\n' }, 'made'), ['a.h', 'b.h']);
	});

	it('are the same in whatever order they are added and asked for', () => {
		const found = new NeededHeaders();
		found.ask(['other']);
		for (const [path, text] of Object.entries(headers).reverse()) {
			found.addHeader(path, macros(text));
		}
		assert.deepEqual([...found.needed].sort(), needed(headers, 'other'));
		found.addHeader('later.h', macros('#define i_any x\n'));
		assert.ok(found.needed.has('later.h'));
	});

	it('are told by every version of them', () => {
		const found = new NeededHeaders();
		found.addHeader('way.h', macros('#define way(fn) nothing\n'));
		found.addHeader('level.h', macros(LEVEL));
		found.ask(['way']);
		assert.deepEqual([...found.needed], ['way.h']);
		found.addHeader('way.h', macros(WAY));
		assert.deepEqual([...found.needed].sort(), ['level.h', 'way.h']);
	});

	it('are those of arguments and of macros of the source, too', () => {
		const found = new NeededHeaders();
		for (const [path, text] of Object.entries(headers)) found.addHeader(path, macros(text));
		const own = macros('#define mine(fn) __part(fn)\n#define unused(fn) other(fn)\n');
		found.askFor({ macro: 'nobody', args: ['mine(x)'] }, own);
		assert.deepEqual([...found.needed], ['part.h']);
		found.askFor({ macro: 'nobody', args: ['&x', 'way'] }, []);
		assert.deepEqual([...found.needed].sort(), ['level.h', 'part.h', 'way.h']);
	});

	it('are rivals where two of one tree define a name that is asked for', () => {
		const found = new NeededHeaders();
		found.ask(['way']);
		const tree = (...texts: string[]) => texts.map((text, i) => [`${i}.h`, macros(text)] as const);
		assert.equal(found.hasRivals(tree(WAY, LEVEL, '#define other x\n#define other x\n')), false);
		assert.equal(found.hasRivals(tree(`${WAY}${WAY}`, LEVEL)), false);
		assert.equal(found.hasRivals(tree(WAY, LEVEL, WAY)), true);
		assert.equal(found.hasRivals(tree(WAY, LEVEL, LEVEL)), false);
	});

	it('take no time to speak of where a paste has many parts', () => {
		const params = Array.from({ length: 60 }, (_, i) => `p${i}`);
		const text = `#define made(${params.join(', ')}) ${params.join('##_##')}\n`;
		const long = `#define ${'_a'.repeat(1500)} x\n#define ${'a_'.repeat(1500)} x\n`;
		const before = performance.now();
		needed({ 'a.h': text, 'b.h': long }, 'made');
		assert.ok(performance.now() - before < 1000);
	});
});
