/**
 * Conditions of C source lines: what an `#if` asks for, in the `when` language, and which lines
 * hang on it. Whatever is no question about a CONFIG symbol stays an opaque atom, never an error.
 */

import type { Condition } from './condition-algebra.ts';
import {
	ALWAYS,
	and,
	atom,
	LONGEST_WRITTEN,
	NEVER,
	not,
	or,
	parseCondition,
	readCondition,
} from './condition-algebra.ts';

const CONFIG_OPERAND =
	/^(?:(?:defined|IS_ENABLED|IS_BUILTIN|IS_REACHABLE) ?\( ?CONFIG_(\w+) ?\)|(?:defined )?CONFIG_(\w+))$/;
const MODULE_OPERAND = /^IS_MODULE ?\( ?CONFIG_(\w+) ?\)$/;

/**
 * The condition of a preprocessor expression.
 * @param text what follows `#if` or `#elif`; or a whole `#if`, `#ifdef`, `#ifndef`, `#elif` line.
 */
export function preprocessorCondition(text: string): Condition {
	const bare = text
		.replace(/\\\r?\n/g, ' ')
		.replace(/\/\*[\s\S]*?(\*\/|$)/g, ' ')
		.replace(/\/\/.*$/gm, ' ')
		.trim();
	const line = /^#\s*(if|ifdef|ifndef|elif|elifdef|elifndef)\b\s*([\s\S]*)$/.exec(bare);
	const expression = line?.[2] ?? bare;
	const keyword = line?.[1] ?? 'if';
	if (keyword.endsWith('ndef')) return not(operandCondition(`defined(${firstWord(expression)})`));
	if (keyword.endsWith('def')) return operandCondition(`defined(${firstWord(expression)})`);
	if (expression.length > LONGEST_WRITTEN) return atom(expression.slice(0, LONGEST_WRITTEN));
	return foldModules(readCondition(expression, operandCondition));
}

function firstWord(text: string): string {
	return /^\w+/.exec(text)?.[0] ?? text;
}

function operandCondition(operand: string): Condition {
	const config = CONFIG_OPERAND.exec(operand);
	const name = config?.[1] ?? config?.[2];
	if (name !== undefined) return atom(name);
	const module = MODULE_OPERAND.exec(operand)?.[1];
	if (module !== undefined) return atom(`${module}_MODULE`);
	if (/^0+[uUlL]*$/.test(operand)) return NEVER;
	if (/^[1-9]\d*[uUlL]*$/.test(operand)) return ALWAYS;
	return atom(operand.replace(/^defined (\w+)$/, 'defined($1)'));
}

/** `X || X_MODULE` is the old spelling of IS_ENABLED(X): built at all, which is what X says. */
function foldModules(condition: Condition): Condition {
	if (condition.kind !== 'and' && condition.kind !== 'or') return condition;
	const terms = condition.of.map(foldModules);
	if (condition.kind === 'and') {
		// Negated, the same pair reads !X && !X_MODULE.
		return and(...withoutModules(terms, 'not'));
	}
	return or(...withoutModules(terms, 'atom'));
}

function withoutModules(terms: readonly Condition[], kind: 'atom' | 'not'): Condition[] {
	const nameOf = (term: Condition): string | undefined => {
		if (term.kind !== kind) return undefined;
		return term.kind === 'atom' ? term.name : term.kind === 'not' ? term.of.name : undefined;
	};
	const names = new Set(terms.map(nameOf));
	return terms.filter((term) => {
		const name = nameOf(term);
		return !name?.endsWith('_MODULE') || !names.has(name.slice(0, -'_MODULE'.length));
	});
}

/** A preprocessor conditional line as extraction reports it; `when` of an if or elif, '' otherwise. */
export interface Directive {
	readonly line: number;
	readonly kind: 'if' | 'elif' | 'else' | 'endif';
	readonly when: string;
}

/** From line `from` on, up to the next region, lines are compiled when `condition` holds. */
export interface Region {
	readonly from: number;
	readonly condition: Condition;
}

/**
 * The regions of a file by their condition, in line order; each holds to the start of the next.
 * A conditional line itself has the condition of what encloses it. Unbalanced input is tolerated:
 * an `#endif` too many is skipped, and an `#if` without end holds to the last line.
 * @param lines number of lines of the file; directives beyond are left out.
 */
export function regions(directives: readonly Directive[], lines: number): Region[] {
	const found: Region[] = [{ from: 1, condition: ALWAYS }];
	const open: { outer: Condition; before: Condition[] }[] = [];
	let current: Condition = ALWAYS;
	const turn = (line: number, here: Condition, after: Condition): void => {
		found.push({ from: line, condition: here }, { from: line + 1, condition: after });
		current = after;
	};
	const sorted = directives.filter((d) => d.line <= lines).sort((a, b) => a.line - b.line);
	for (const { line, kind, when } of sorted) {
		if (kind === 'if') {
			const condition = parseCondition(when);
			open.push({ outer: current, before: [condition] });
			turn(line, current, and(current, condition));
			continue;
		}
		const block = open.at(-1);
		if (!block) continue;
		if (kind === 'endif') {
			open.pop();
			turn(line, block.outer, block.outer);
			continue;
		}
		const others = block.before.map(not);
		const own = kind === 'elif' ? parseCondition(when) : ALWAYS;
		block.before.push(own);
		turn(line, block.outer, and(block.outer, ...others, own));
	}
	return found;
}

/** The condition under which a line (1-based) is compiled. */
export function conditionAt(map: readonly Region[], line: number): Condition {
	let low = 0;
	let high = map.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((map[middle]?.from ?? 0) <= line) low = middle + 1;
		else high = middle;
	}
	return map[low - 1]?.condition ?? ALWAYS;
}
