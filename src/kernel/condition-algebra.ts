/**
 * The `when` language: under which CONFIG values a line, an object or a symbol is there.
 * Names are CONFIG names without prefix; `&&`, `||`, `!`, parentheses; '' is always, `0` is never.
 * Anything that is no CONFIG name (`PAGE_SIZE == 4096`) is an opaque atom, spelled as it was written.
 * Conditions are kept in negation normal form, simplified as they are made.
 */

import { readExpression } from './condition-expression.ts';

export interface Atom {
	readonly kind: 'atom';
	readonly name: string;
}

export type Condition =
	| { readonly kind: 'always' }
	| { readonly kind: 'never' }
	| Atom
	| { readonly kind: 'not'; readonly of: Atom }
	| { readonly kind: 'and'; readonly of: readonly Condition[] }
	| { readonly kind: 'or'; readonly of: readonly Condition[] };

/** The value of a CONFIG symbol; undefined is not known. */
export type Tristate = 'y' | 'm' | 'n';
export type Assignment = (name: string) => Tristate | undefined;

export const ALWAYS: Condition = { kind: 'always' };
export const NEVER: Condition = { kind: 'never' };

/** The condition that one CONFIG symbol (or opaque expression) holds. */
export function atom(name: string): Atom {
	return { kind: 'atom', name };
}

/** The negation, in normal form: only atoms are ever negated. */
export function not(condition: Condition): Condition {
	switch (condition.kind) {
		case 'always':
			return NEVER;
		case 'never':
			return ALWAYS;
		case 'atom':
			return { kind: 'not', of: condition };
		case 'not':
			return condition.of;
		case 'and':
			return or(...condition.of.map(not));
		case 'or':
			return and(...condition.of.map(not));
	}
}

/** The conjunction, without repetitions; a contradiction of its terms gives never. */
export function and(...terms: readonly Condition[]): Condition {
	return join('and', terms);
}

/** The disjunction, without repetitions; a term and its negation give always. */
export function or(...terms: readonly Condition[]): Condition {
	return join('or', terms);
}

type Junction = 'and' | 'or';

function join(kind: Junction, terms: readonly Condition[]): Condition {
	const parts: Condition[] = [];
	if (!flatten(kind, terms, parts)) return kind === 'and' ? NEVER : ALWAYS;
	const [single] = parts;
	if (single === undefined) return kind === 'and' ? ALWAYS : NEVER;
	if (parts.length === 1) return single;
	const literals = new Map<string, boolean>();
	const texts = new Set<string>();
	let list: Condition[] = [];
	for (const term of parts) {
		const literal = literalName(term);
		if (literal === undefined) {
			const text = printCondition(term);
			if (texts.has(text)) continue;
			texts.add(text);
		} else {
			const positive = term.kind === 'atom';
			const seen = literals.get(literal);
			if (seen === positive) continue;
			if (seen !== undefined) return kind === 'and' ? NEVER : ALWAYS;
			literals.set(literal, positive);
		}
		list.push(term);
	}
	if (texts.size > 0) {
		const shorter = list.map((term) => underLiterals(kind, term, literals));
		if (shorter.some((term, i) => term !== list[i])) return join(kind, shorter);
		list = absorb(list);
	}
	const [first] = list;
	return first !== undefined && list.length === 1 ? first : { kind, of: list };
}

/** The terms of nested junctions of one kind, without units; false when one of them settles the whole. */
function flatten(kind: Junction, terms: readonly Condition[], into: Condition[]): boolean {
	for (const term of terms) {
		switch (term.kind) {
			case kind:
				if (!flatten(kind, term.of, into)) return false;
				break;
			case 'always':
				if (kind === 'or') return false;
				break;
			case 'never':
				if (kind === 'and') return false;
				break;
			default:
				into.push(term);
		}
	}
	return true;
}

/** The atom's name of a literal; undefined for what is compound. */
function literalName(term: Condition): string | undefined {
	if (term.kind === 'atom') return term.name;
	return term.kind === 'not' ? term.of.name : undefined;
}

/**
 * A compound term next to known literals: `A && (!A || B)` needs only `B`, `A && (A || C)` nothing.
 * Beside a disjunction the same holds with every literal known false.
 */
function underLiterals(
	kind: Junction,
	term: Condition,
	literals: ReadonlyMap<string, boolean>,
): Condition {
	if (literals.size === 0 || literalName(term) !== undefined) return term;
	return residual(term, (name) => {
		const positive = literals.get(name);
		if (positive === undefined) return undefined;
		return positive === (kind === 'and') ? 'y' : 'n';
	});
}

/** Drops terms that say no more than another one: `(A || B) && (A || B || C)`. */
function absorb(list: readonly Condition[]): Condition[] {
	const parts = list.map(
		(term) =>
			new Set(
				term.kind === 'and' || term.kind === 'or'
					? term.of.map(printCondition)
					: [printCondition(term)],
			),
	);
	return list.filter((_, i) => {
		const mine = parts[i];
		return !parts.some(
			(other, j) => j !== i && mine !== undefined && other.size < mine.size && within(other, mine),
		);
	});
}

function within(small: ReadonlySet<string>, large: ReadonlySet<string>): boolean {
	for (const key of small) if (!large.has(key)) return false;
	return true;
}

/** Conditions by their text: a tree has thousands of facts and a few dozen conditions. */
const PARSED = new Map<string, Condition>();
const MAX_PARSED = 4096;

/** Reads a `when`; never throws: what is not of the language becomes an opaque atom. */
export function parseCondition(text: string): Condition {
	let condition = PARSED.get(text);
	if (condition === undefined) {
		condition = readCondition(text, (name) => (name === '0' ? NEVER : atom(name)));
		if (PARSED.size >= MAX_PARSED) PARSED.clear();
		PARSED.set(text, condition);
	}
	return condition;
}

/** Characters beyond which what a source file says is no condition: to simplify takes each term with each. */
export const LONGEST_WRITTEN = 4096;

/**
 * Reads a boolean expression whose operands the caller understands.
 * @param text `&&`, `||`, `!`, parentheses and operands; '' is always.
 * @param toCondition gives the condition of an operand (`CONFIG_X`, `A == 3`).
 */
export function readCondition(
	text: string,
	toCondition: (operand: string) => Condition,
): Condition {
	return readExpression(text, { always: ALWAYS, and, or, not, operand: toCondition });
}

const PLAIN = /^\w+$/;

/** True for an atom that is a name, as CONFIG symbols are, and no opaque expression. */
export function isSymbolName(name: string): boolean {
	return PLAIN.test(name);
}

/** The text of a condition, with as few parentheses as possible; {@link parseCondition} reads it back. */
export function printCondition(condition: Condition): string {
	switch (condition.kind) {
		case 'always':
			return '';
		case 'never':
			return '0';
		case 'atom':
			return condition.name;
		case 'not': {
			const { name } = condition.of;
			// A comparison binds less tightly than `!`; a call such as `defined(MODULE)` does not.
			return /^\w+(\([^()]*\))?$/.test(name) ? `!${name}` : `!(${name})`;
		}
		case 'and':
			return condition.of
				.map((term) => (term.kind === 'or' ? `(${printCondition(term)})` : printCondition(term)))
				.join(' && ');
		case 'or':
			return condition.of.map(printCondition).join(' || ');
	}
}

/** The value of a condition; 'maybe' when it hangs on symbols that have no value. `m` counts as built. */
export function evaluate(condition: Condition, assignment: Assignment): boolean | 'maybe' {
	const rest = residual(condition, assignment);
	if (rest.kind === 'always') return true;
	if (rest.kind === 'never') return false;
	return satisfiable(rest) ? (satisfiable(not(rest)) ? 'maybe' : true) : false;
}

/** What remains to be decided of a condition when some symbols have values. */
export function residual(condition: Condition, assignment: Assignment): Condition {
	switch (condition.kind) {
		case 'always':
		case 'never':
			return condition;
		case 'atom': {
			const value = givenValue(condition.name, assignment);
			return value === undefined ? condition : value ? ALWAYS : NEVER;
		}
		case 'not': {
			const value = givenValue(condition.of.name, assignment);
			return value === undefined ? condition : value ? NEVER : ALWAYS;
		}
		default:
			return residualJunction(condition.kind, condition, assignment);
	}
}

/** {@link residual} of terms; most often one of them settles the whole, or single names are left of it. */
function residualJunction(
	kind: Junction,
	condition: Extract<Condition, { kind: Junction }>,
	assignment: Assignment,
): Condition {
	const [settling, idle] = kind === 'and' ? [NEVER, ALWAYS] : [ALWAYS, NEVER];
	const left: Condition[] = [];
	/** Whether what is left are literals that were there: those have been told apart and say nothing of each other. */
	let plain = true;
	let changed = false;
	for (const term of condition.of) {
		const rest = residual(term, assignment);
		if (rest.kind === settling.kind) return settling;
		if (rest !== term) changed = true;
		if (rest.kind === idle.kind) continue;
		if (rest !== term || literalName(rest) === undefined) plain = false;
		left.push(rest);
	}
	if (!changed) return condition;
	const [first] = left;
	if (first === undefined) return idle;
	if (left.length === 1) return first;
	return plain ? { kind, of: left } : join(kind, left);
}

/** Whether {@link residual} would be always. */
export function becomesAlways(condition: Condition, assignment: Assignment): boolean {
	// A conjunction is one only where each of its terms is; terms of a disjunction may make up for each other.
	if (condition.kind === 'and')
		return condition.of.every((term) => becomesAlways(term, assignment));
	return residual(condition, assignment).kind === 'always';
}

function givenValue(name: string, assignment: Assignment): boolean | undefined {
	const value = assignment(name);
	if (value !== undefined) return value !== 'n';
	// CONFIG_X_MODULE is defined exactly when CONFIG_X is m.
	if (!name.endsWith('_MODULE')) return undefined;
	const base = assignment(name.slice(0, -'_MODULE'.length));
	return base === undefined ? undefined : base === 'm';
}

/** The atoms of a condition, each once, in order of appearance. */
export function atoms(condition: Condition): string[] {
	const found = new Set<string>();
	collect(condition, found);
	return [...found];
}

function collect(condition: Condition, into: Set<string>): void {
	if (condition.kind === 'atom') into.add(condition.name);
	else if (condition.kind === 'not') into.add(condition.of.name);
	else if (condition.kind === 'and' || condition.kind === 'or') {
		for (const term of condition.of) collect(term, into);
	}
}

/** How many cases a satisfiability question may look at before it is answered with "it may be". */
const MAX_CASES = 1 << 15;

/** Whether some values of its atoms make it true. Beyond {@link MAX_CASES} cases: true, as it may be. */
export function satisfiable(condition: Condition): boolean {
	let cases = 0;
	const search = (rest: Condition): boolean => {
		if (rest.kind === 'never') return false;
		if (rest.kind !== 'and') return rest.kind !== 'or' || rest.of.some(search);
		if (++cases > MAX_CASES) return true;
		// Terms that are literals are settled already: simplification took their atoms out of the others.
		const compound = rest.of.filter((term) => literalName(term) === undefined);
		const name = compound[0] && atoms(compound[0])[0];
		if (name === undefined) return true;
		const open = and(...compound);
		return (
			search(residual(open, (n) => (n === name ? 'y' : undefined))) ||
			search(residual(open, (n) => (n === name ? 'n' : undefined)))
		);
	};
	return search(condition);
}

/** Whether two conditions can never hold together. */
export function contradicts(a: Condition, b: Condition): boolean {
	return !satisfiable(and(a, b));
}

/** Whether the first holds only where the second does. */
export function implies(a: Condition, b: Condition): boolean {
	return contradicts(a, not(b));
}

/** Whether two conditions hold in exactly the same configurations. */
export function equivalent(a: Condition, b: Condition): boolean {
	return implies(a, b) && implies(b, a);
}
