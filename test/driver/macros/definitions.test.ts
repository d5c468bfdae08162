/** What a file says to the preprocessor, and under which conditions. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { macroFacts } from '../../../src/driver/macros/definitions.ts';
import {
	conditionAt,
	type Directive,
	preprocessorCondition,
	printCondition,
	regions,
} from '../../../src/kernel/condition.ts';
import { cpuTime } from '../../cpu.ts';

const ASKS = ['#if A', '#ifdef CONFIG_B', '#ifndef CONFIG_B', '#if !defined(CONFIG_C) && B'];
const BRANCHES = ['#elif A', '#elif defined(CONFIG_D) || A', '#else', '#endif', '#endif'];

/** The conditions of lines by the map of all of a file. */
function conditions(lines: readonly string[]): (line: number) => string {
	const directives = lines.flatMap((text, i): Directive[] => {
		const kind = /^#(if|elif|else|endif)/.exec(text)?.[1] as Directive['kind'] | undefined;
		if (kind === undefined) return [];
		const asks = kind === 'if' || kind === 'elif';
		const when = asks ? printCondition(preprocessorCondition(text)) : '';
		return [{ line: i + 1, kind, when }];
	});
	const map = regions(directives, lines.length);
	return (line) => printCondition(conditionAt(map, line));
}

describe('macros of a file', () => {
	it('have the conditions that the map of its regions has', () => {
		const line = fc.constantFrom(...ASKS, ...BRANCHES, '#define M a', '#define M a', 'int a;');
		let within = 0;
		fc.assert(
			fc.property(fc.array(line, { maxLength: 24 }), (some) => {
				// What is defined first is no guard.
				const lines = ['#define FIRST a', ...some];
				const at = conditions(lines);
				for (const macro of macroFacts(lines.join('\n')).macros) {
					assert.equal(macro.when, at(macro.line));
					if (macro.when !== '') within++;
				}
			}),
			{ numRuns: 1000 },
		);
		assert.ok(within > 100);
	});

	it('have their lines, behind comments and literals with line feeds', () => {
		const text =
			'/*\n\n*/ char *a = "\\\n"; // b\n\n#define M a\n\n\n  #define N \\\n b\n#define O c';
		const found = macroFacts(text).macros.map(({ name, line }) => [name, line]);
		assert.deepEqual(found, [
			['M', 6],
			['N', 9],
			['O', 11],
		]);
	});

	it('are read in time that grows with the text, however many conditionals there are', () => {
		const numbers = Array.from({ length: 30_000 }, (_, i) => i);
		const nested = numbers.flatMap((i) => [`#if A${i}`, `#define M${i} a`]);
		const branches = numbers.flatMap((i) => [`#elif A${i}`, `#define M${i} a`]);
		const started = cpuTime();
		for (const text of [nested, ['#if A', '#define M a', ...branches]]) {
			const at = conditions(text);
			const { macros } = macroFacts(text.join('\n'));
			for (const macro of macros) assert.equal(macro.when, at(macro.line));
			const [near, far] = [macros[400], macros.at(-1)].map((macro) => macro?.when ?? '');
			assert.match(near ?? '', /A399/);
			assert.match(far ?? '', /^\w+$/);
		}
		assert.ok(cpuTime() - started < 20_000);
	});

	it('are not asked of a guard against a second inclusion', () => {
		const guarded = '#ifndef X_H\n#define X_H\n#ifdef CONFIG_A\n#define M a\n#endif\n#endif\n';
		assert.deepEqual(
			macroFacts(guarded).macros.map(({ when }) => when),
			['A'],
		);
	});
});
