/**
 * The language of predicates: what can be asked of a commit, as a tree, and how it is written.
 *
 *   style(acme-mmu) == 'initcall@subsys' and not symbol(bus_set_iommu) in include/linux/iommu.h
 *
 * Tests are joined by `and`, `or`, `not` and parentheses; `and` binds closer than `or`.
 */
import { RangefinderError } from '../errors.ts';

/** How a value is compared: the same, another, or one of its parts fits a pattern (`*` is any text). */
export const OPERATORS = ['==', '!=', '~'] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a test asks of. */
export type Subject = 'style' | 'reached' | 'capability' | 'symbol' | 'places' | 'contains';

/** One question about a commit. */
export interface Test {
	readonly kind: 'test';
	readonly subject: Subject;
	readonly args: readonly string[];
	/** Absent where the subject alone is yes or no. */
	readonly relation?:
		| { readonly operator: Operator; readonly value: string }
		| { readonly operator: 'in'; readonly value: string };
	/** The column it begins at, from 1; tells tests apart in messages. */
	readonly column: number;
}

export type Predicate =
	| Test
	| { readonly kind: 'not'; readonly of: Predicate }
	/** Two parts at least. */
	| { readonly kind: 'and' | 'or'; readonly parts: readonly Predicate[] };

/** What a subject takes and how it may be compared. */
export interface SubjectRule {
	/** Names of its arguments; the last may be repeated or left out where `more` is set. */
	readonly args: readonly string[];
	readonly more?: true;
	/** `must`: it has to be compared; `may`: alone it is a question, too; `in`: it takes `in PATH`; `no`: it takes nothing. */
	readonly compared: 'must' | 'may' | 'in' | 'no';
}

export const SUBJECTS: Readonly<Record<Subject, SubjectRule>> = {
	style: { args: ['DRIVER', 'CONFIG'], more: true, compared: 'must' },
	reached: { args: ['CALL', 'DRIVER'], compared: 'must' },
	capability: { args: ['NAME'], compared: 'may' },
	symbol: { args: ['NAME'], compared: 'in' },
	places: { args: ['PATCHFILE'], compared: 'may' },
	contains: { args: ['COMMIT'], compared: 'no' },
};

/** Words that mean something where a test may stand. */
export const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in']);

/** A word that needs no quotes. */
export const PLAIN = /^[A-Za-z0-9_./@+:^{}%-]+$/;

/** The predicate as it is written; reading that gives the same predicate again. */
export function printPredicate(predicate: Predicate): string {
	if (predicate.kind === 'test') return printTest(predicate);
	if (predicate.kind === 'not') return `not ${grouped(predicate.of, ['test', 'not'])}`;
	const { kind, parts } = predicate;
	const bare = kind === 'or' ? ['test', 'not', 'and'] : ['test', 'not'];
	return parts.map((part) => grouped(part, bare)).join(` ${kind} `);
}

/** One test as it is written. */
export function printTest({ subject, args, relation }: Test): string {
	const call = `${subject}(${args.map((arg) => printWord(arg)).join(', ')})`;
	if (relation === undefined) return call;
	const { operator, value } = relation;
	return `${call} ${operator} ${operator === 'in' ? printWord(value) : quoted(value)}`;
}

/** Every test of a predicate, from left to right. */
export function testsOf(predicate: Predicate): Test[] {
	if (predicate.kind === 'test') return [predicate];
	return predicate.kind === 'not' ? testsOf(predicate.of) : predicate.parts.flatMap(testsOf);
}

function grouped(predicate: Predicate, bare: readonly string[]): string {
	const text = printPredicate(predicate);
	return bare.includes(predicate.kind) ? text : `(${text})`;
}

function printWord(word: string): string {
	return PLAIN.test(word) && !KEYWORDS.has(word) ? word : quoted(word);
}

function quoted(text: string): string {
	return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

/** What is wrong with a test, at its column. */
export function wrong(test: Test, what: string): RangefinderError {
	return new RangefinderError({ code: 'bad-predicate', column: test.column, what });
}
