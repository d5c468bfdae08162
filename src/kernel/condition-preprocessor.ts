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

/** Branches that a line is asked to hang on, enclosing and elder ones; the kernel has far fewer. */
const MOST_BRANCHES = 500;

/** Stands for more branches than are looked at: nothing is known of it. */
const TOO_MANY = atom('__too_many_conditionals');

/**
 * The condition of the lines of a branch. Those of all around it and of all elder ones are in it, so that a text of
 * very many branches would make conditions far longer than itself.
 * @param outer the condition around the whole conditional.
 * @param elder gives what the branches before it ask, the eldest first.
 * @param branches how many it hangs on, itself among them.
 */
export function branchCondition(
	outer: Condition,
	elder: () => readonly Condition[],
	own: Condition,
	branches: number,
): Condition {
	return branches > MOST_BRANCHES ? TOO_MANY : and(outer, ...elder().map(not), own);
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
	const open: { outer: Condition; elder: Condition[]; around: number }[] = [];
	let current: Condition = ALWAYS;
	const turn = (line: number, here: Condition, after: Condition): void => {
		found.push({ from: line, condition: here }, { from: line + 1, condition: after });
		current = after;
	};
	const sorted = directives.filter((d) => d.line <= lines).sort((a, b) => a.line - b.line);
	for (const { line, kind, when } of sorted) {
		if (kind === 'if') {
			const { around, elder } = open.at(-1) ?? { around: 0, elder: [] };
			open.push({ outer: current, elder: [], around: around + elder.length });
		}
		const block = open.at(-1);
		if (!block) continue;
		if (kind === 'endif') {
			open.pop();
			turn(line, block.outer, block.outer);
			continue;
		}
		const own = kind === 'else' ? ALWAYS : parseCondition(when);
		const branches = block.around + block.elder.length + 1;
		turn(
			line,
			block.outer,
			branchCondition(block.outer, () => block.elder, own, branches),
		);
		block.elder.push(own);
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
