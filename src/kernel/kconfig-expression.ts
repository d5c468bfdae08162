/**
 * Kconfig expressions as conditions. Tristate arithmetic is reduced to built or not built: m counts
 * as built. Comparisons other than with y, m and n, and macro calls, stay opaque atoms.
 */

import type { Condition } from './condition-algebra.ts';
import { ALWAYS, atom, NEVER, not, readCondition } from './condition-algebra.ts';

const COMPARISON = /^"?(\w+)"? ?(!?=) ?"?([ymn])"?$/;

/** The condition of an expression after `depends on`, `if`, or of a `default`; never throws. */
export function kconfigExpression(text: string): Condition {
	return readCondition(text, operandCondition);
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
