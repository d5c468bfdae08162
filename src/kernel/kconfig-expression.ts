/**
 * Kconfig expressions as conditions. Tristate arithmetic is reduced to built or not built: m counts
 * as built. Comparisons other than with y, m and n, and macro calls, stay opaque atoms.
 */

import type { Condition } from './condition-algebra.ts';
import {
	ALWAYS,
	atom,
	LONGEST_WRITTEN,
	NEVER,
	not,
	printCondition,
	readCondition,
} from './condition-algebra.ts';

const COMPARISON = /^"?(\w+)"? ?(!?=) ?"?([ymn])"?$/;

/** An expression with the text of its condition. */
export interface KconfigExpression {
	readonly condition: Condition;
	readonly text: string;
}

/** Expressions by their text: versions of a file, and files, say the same again and again. */
const READ = new Map<string, KconfigExpression>();
const MOST_READ = 16_384;

/** The condition of an expression after `depends on`, `if`, or of a `default`; never throws. One that is too long is opaque. */
export function kconfigExpression(text: string): KconfigExpression {
	let expression = READ.get(text);
	if (expression === undefined) {
		const read = text.length <= LONGEST_WRITTEN;
		const condition = read
			? readCondition(text, operandCondition)
			: atom(text.slice(0, LONGEST_WRITTEN));
		expression = { condition, text: printCondition(condition) };
		if (READ.size >= MOST_READ) READ.clear();
		READ.set(text, expression);
	}
	return expression;
}

function operandCondition(operand: string): Condition {
	if (/^["']?[ym]["']?$/.test(operand)) return ALWAYS;
	if (/^["']?n["']?$/.test(operand)) return NEVER;
	const [, symbol, operator, value] = COMPARISON.exec(operand) ?? [];
	if (symbol === undefined) return atom(operand);
	if (/^[ymn]$/.test(symbol)) return (symbol === value) === (operator === '=') ? ALWAYS : NEVER;
	// Built in or modular are one here: `X != m` then says nothing, as either may be chosen.
	if (value === 'm') return operator === '=' ? atom(symbol) : ALWAYS;
	return (value === 'y') === (operator === '=') ? atom(symbol) : not(atom(symbol));
}
