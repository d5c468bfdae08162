/**
 * The one place that knows tree-sitter: loads the C grammar, and answers two questions about prepared
 * text by query: where calls are, and how if statements are made up.
 */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Node, ParseState, Tree } from 'web-tree-sitter';
import { Language, Parser, Query } from 'web-tree-sitter';
import { isBroken } from './broken.ts';

/** An if statement by offsets; the condition includes its parentheses. */
export interface IfSpan {
	start: number;
	condition: { from: number; to: number };
	consequence: { from: number; to: number };
	/** What follows `else`. */
	alternative?: { from: number; to: number };
}

/** What was found in a text. */
export interface FoundInCode {
	/** Offsets of the callee of every call by name, ascending. */
	callees: number[];
	/** The if statements, ascending. */
	ifs: IfSpan[];
}

/** A parsed text; `free` it, its memory is not JavaScript's. */
export interface Parsed {
	found(): FoundInCode;
	/** Where the parser had to recover; empty for nearly every file. */
	errors(): { from: number; to: number }[];
	/** Whether it was given up: nothing but where its calls are can be told. */
	readonly givenUp: boolean;
	free(): void;
}

export interface CParser {
	parse(code: string): Parsed;
	/**
	 * The same of a text without too many places that cannot be in C, as broken.ts counts them.
	 * @param steps the parser's steps after which it is given up, where these are not to go by its length
	 */
	parseCounted(code: string, steps?: number): Parsed;
}

const FOUND =
	'(call_expression function: (identifier) @callee) ' +
	'(if_statement condition: (_) @condition consequence: (_) @consequence) @if ' +
	'(if_statement alternative: (else_clause (_) @alternative)) @if';
const ERRORS = '(ERROR) @error (MISSING) @missing';

/** Loads the grammar. Takes some ten milliseconds; the parser is to be reused. */
export async function createCParser(): Promise<CParser> {
	const { resolve } = createRequire(import.meta.url);
	await Parser.init({ locateFile: () => resolve('web-tree-sitter/web-tree-sitter.wasm') });
	// Given a path, it would load Node's loader of ES modules to read it with.
	const language = await Language.load(await readFile(resolve('tree-sitter-c/tree-sitter-c.wasm')));
	const parser = new Parser();
	parser.setLanguage(language);
	// Making a query ready takes longer than parsing a driver.
	const queries = new Map<string, Query>();
	const query = (text: string): Query => {
		const known = queries.get(text) ?? new Query(language, text);
		queries.set(text, known);
		return known;
	};
	const parseCounted = (code: string, most?: number): Parsed => {
		let steps = 0;
		const progressCallback = ({ currentOffset }: ParseState): boolean =>
			++steps > (most ?? STEPS + (STEPS_PER_CHARACTER * currentOffset) / UNIT);
		const tree = parser.parse(code, null, { progressCallback });
		if (tree !== null) return parsed(tree, query);
		parser.reset();
		return givenUp(code.length);
	};
	return {
		parse: (code) => (isBroken(code) ? givenUp(code.length) : parseCounted(code)),
		parseCounted,
	};
}

/**
 * Steps after which a text is given up as no C, as {@link isBroken} does before: at a place that depends on nothing
 * but the text. A step is a hundred operations of the parser. Of 30,000 texts of bodies (drivers, arch/arm, arch/x86
 * and sound of v4.14, U-Boot v2024.10) none takes more than one step beyond 0.02 a character.
 */
const STEPS_PER_CHARACTER = 0.02;
const STEPS = 32;
/** What the parser counts by: bytes of UTF-16. */
const UNIT = 2;

/** A text of which the parser says nothing: calls are found by scanning what it could not read. */
function givenUp(length: number): Parsed {
	return {
		found: () => ({ callees: [], ifs: [] }),
		errors: () => [{ from: 0, to: length }],
		givenUp: true,
		free: () => undefined,
	};
}

function parsed(tree: Tree, query: (text: string) => Query): Parsed {
	const root = tree.rootNode;
	return {
		found: () => foundIn(root, query(FOUND)),
		errors: () =>
			root.hasError
				? query(ERRORS)
						.captures(root)
						.map((capture) => range(capture.node))
				: [],
		givenUp: false,
		free: () => tree.delete(),
	};
}

function range(node: Node): { from: number; to: number } {
	return { from: node.startIndex, to: node.endIndex };
}

/** A statement with and without its `else` are two matches of one node. */
function foundIn(root: Node, query: Query): FoundInCode {
	const callees: number[] = [];
	const ifs = new Map<number, IfSpan>();
	const alternatives = new Map<number, { from: number; to: number }>();
	for (const { patternIndex, captures } of query.matches(root)) {
		const [first, second, third] = captures;
		if (first === undefined) continue;
		const start = first.node.startIndex;
		if (patternIndex === 0) callees.push(start);
		else if (second !== undefined && third === undefined)
			alternatives.set(start, range(second.node));
		else if (second !== undefined && third !== undefined) {
			ifs.set(start, { start, condition: range(second.node), consequence: range(third.node) });
		}
	}
	for (const [start, alternative] of alternatives) {
		const span = ifs.get(start);
		if (span !== undefined) span.alternative = alternative;
	}
	return {
		callees: callees.sort((a, b) => a - b),
		ifs: [...ifs.values()].sort((a, b) => a.start - b.start),
	};
}
