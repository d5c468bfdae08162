/**
 * The file scope of a C source, read by scanning prepared text: function definitions, macro
 * invocations, struct initialisers, variables, prototypes. A scan needs no semicolons where the kernel leaves
 * them out, and a mistake in one function does not spoil the next.
 */

import type {
	EntryFact,
	FunctionFact,
	MatchTableFact,
	StructFact,
	SymbolFact,
	VariableFact,
} from './facts.ts';
import { compatibles, initialisedFields, namedBy } from './initialiser.ts';
import type { Interest } from './interest.ts';
import { argumentsAt, splitList } from './lists.ts';
import type { Source } from './source.ts';
import { lineAt, ownCopy, textOf } from './source.ts';

/** A function definition and where its text is. */
export interface FunctionSpan {
	fact: FunctionFact;
	/** Offset of the name. */
	name: number;
	/** Offsets of the braces of its body. */
	open: number;
	close: number;
}

export interface FileScope {
	functions: FunctionSpan[];
	entries: EntryFact[];
	structs: StructFact[];
	matchTables: MatchTableFact[];
	variables: VariableFact[];
	symbols: SymbolFact[];
	/** True when the text ends within an item. */
	cut: boolean;
}

const STATEMENT = /^(?:if|for|while|switch|do|else|return|goto|case|default|break|continue)\b/;
const OPENING_NAME = /(?<!\w)([A-Za-z_]\w*)\s*$/;
const TYPE_BODY =
	/^(?:typedef\s+)?(?:(?:static|const|extern|volatile)\s+)*(?:struct|union|enum)\b[^()=]*$/;

/** Parameter names of a list, '' where unnamed; `...` is left out and reported as variadic. */
function parameters(source: Source, open: number): { names: string[]; variadic: boolean } {
	const list = argumentsAt(source, open);
	const variadic = list.at(-1) === '...';
	const named = (variadic ? list.slice(0, -1) : list).filter((text) => text !== 'void');
	return { names: named.map(parameterName), variadic };
}

/** The names of parameters by their texts: most functions have those of others. */
const NAMED = new Map<string, string>();
const MOST_NAMED = 4096;
const LONGEST_NAMED = 128;

function parameterName(text: string): string {
	const known = NAMED.get(text);
	if (known !== undefined) return known;
	const name = ownCopy(nameIn(text));
	if (NAMED.size >= MOST_NAMED) NAMED.clear();
	if (text.length <= LONGEST_NAMED) NAMED.set(ownCopy(text), name);
	return name;
}

function nameIn(text: string): string {
	const pointer = /\(\s*\*+\s*(\w*)/.exec(text);
	if (pointer !== null) return pointer[1] ?? '';
	const words = text.replace(/\[[^\]]*\]/g, '').match(/[A-Za-z_]\w*/g) ?? [];
	const plain = words.filter(
		(word) => !/^(?:const|volatile|restrict|struct|union|enum)$/.test(word),
	);
	const last = plain.at(-1);
	const tagged =
		/\b(?:struct|union|enum)\b/.test(text) || plain.length > 1 || /\*\s*\w+$/.test(text);
	const bare = /^(?:struct|union|enum)\s+\w+\s*\**$|\*$/.test(
		text.replace(/\bconst\b/g, '').trim(),
	);
	if (last === undefined || bare || !tagged) return '';
	return /^(?:int|long|char|short|unsigned|signed|bool|void)$/.test(last) ? '' : last;
}

/** Reads the file scope; in a fragment definitions need a return type, for `for_each_x(a, b) {` has none. */
export function scanFileScope(
	source: Source,
	{ entryMacros, macroObjects }: Pick<Interest, 'entryMacros' | 'macroObjects'>,
	fragment = false,
): FileScope {
	const scope: FileScope = {
		functions: [],
		entries: [],
		structs: [],
		matchTables: [],
		variables: [],
		symbols: [],
		cut: false,
	};
	const { code, match } = source;
	let start = -1;
	let groups: number[] = [];
	let assigned = -1;
	let oldStyle: { start: number; groups: number[] } | undefined;
	const next = () => {
		start = -1;
		groups = [];
		assigned = -1;
	};
	for (let at = 0; at < code.length; at++) {
		const char = code.charCodeAt(at);
		if (char <= 32) continue;
		if (start === -1) start = at;
		if (char === 40 || char === 91) {
			const close = match[at] ?? -1;
			if (char === 40 && assigned === -1) groups.push(at);
			if (close < at) continue;
			const first = groups.length === 1 && char === 40 && assigned === -1;
			at = close;
			if (first && endsMacro(code, start, groups[0] ?? 0, close)) {
				invocation(source, scope, entryMacros, groups[0] ?? 0);
				next();
			}
		} else if (char === 61 && assigned === -1) assigned = at;
		else if (char === 59) {
			const candidate = oldStyle ?? { start, groups };
			const kept = assigned === -1 && isOldStyle(source, candidate.groups, at);
			if (start !== at) statement(source, scope, entryMacros, { start, groups, assigned, end: at });
			oldStyle = kept || oldStyle !== undefined ? candidate : undefined;
			next();
		} else if (char === 123) {
			const close = match[at] ?? -1;
			if (close < at) {
				oldStyle = undefined;
				next();
				continue;
			}
			const head = code.slice(start, at);
			if (assigned !== -1) {
				if (/=\s*$/.test(head)) {
					initialiser(source, scope, { start, assigned, open: at, close }, macroObjects);
				}
				at = close;
			} else if (TYPE_BODY.test(head) && head.trim() !== '') at = close;
			else {
				if (head === '' && oldStyle !== undefined)
					define(source, scope, { ...oldStyle, open: at, close }, fragment);
				else {
					preceding(source, scope, entryMacros, groups);
					define(source, scope, { start, groups, open: at, close }, fragment);
				}
				at = close;
				next();
			}
			oldStyle = undefined;
		} else if (char === 125) next();
	}
	scope.cut = start !== -1 || oldStyle !== undefined;
	return scope;
}

/** True when the first parenthesis of an item ends a macro invocation that has no semicolon. */
function endsMacro(code: string, start: number, open: number, close: number): boolean {
	if (!/^(?:static\s+)?[A-Za-z_]\w*\s*$/.test(code.slice(start, open))) return false;
	if (STATEMENT.test(code.slice(start, open))) return false;
	let at = close + 1;
	let lines = 0;
	for (; at < code.length && code.charCodeAt(at) <= 32; at++) if (code.charAt(at) === '\n') lines++;
	return at >= code.length || (lines > 0 && /[A-Za-z_]/.test(code.charAt(at)));
}

/** Records a macro invocation whose parenthesis is at `open`. */
function invocation(
	source: Source,
	scope: FileScope,
	entryMacros: (name: string) => boolean,
	open: number,
): void {
	const close = source.match[open] ?? -1;
	const macro = OPENING_NAME.exec(source.code.slice(Math.max(0, open - 100), open))?.[1];
	if (macro === undefined || close < open) return;
	const line = lineAt(source, open);
	if (entryMacros(macro)) {
		const args = argumentsAt(source, open);
		scope.entries.push({ macro, line, end: lineAt(source, close), args });
	}
	if (/^(?:DEFINE_|DECLARE_|LIST_HEAD$|HLIST_HEAD$)/.test(macro)) {
		const name = /^[A-Za-z_]\w*$/.exec(argumentsAt(source, open)[0] ?? '')?.[0];
		if (name !== undefined) scope.variables.push({ name, line });
	}
}

/** Macro invocations that stand, without semicolon, before the head of a definition. */
function preceding(
	source: Source,
	scope: FileScope,
	entryMacros: (name: string) => boolean,
	groups: readonly number[],
): void {
	for (const open of groups.slice(0, -1)) invocation(source, scope, entryMacros, open);
}

/** True when the item ending at `end` can be the head of an old style definition: `int f(a) int a;`. */
function isOldStyle(source: Source, groups: readonly number[], end: number): boolean {
	const open = groups[0];
	if (open === undefined) return false;
	const close = source.match[open] ?? -1;
	if (close < open || close > end) return false;
	return (
		/^[\w\s,]*$/.test(source.code.slice(open + 1, close)) &&
		/^\s*[A-Za-z_]/.test(source.code.slice(close + 1, end))
	);
}

/** Records a function definition, if the item before a body is one. */
function define(
	source: Source,
	scope: FileScope,
	item: { start: number; groups: readonly number[]; open: number; close: number },
	fragment: boolean,
): void {
	const { code, match } = source;
	const list = item.groups.at(-1);
	if (list === undefined) return;
	let open = list;
	let name = OPENING_NAME.exec(code.slice(Math.max(item.start, open - 200), open));
	if (name === null) {
		// A function that returns a function pointer: int (*name(int a))(int b)
		const outer = item.groups.at(-2);
		const inner = outer === undefined ? -1 : code.indexOf('(', outer + 1);
		if (inner === -1 || inner > open) return;
		open = inner;
		name = OPENING_NAME.exec(code.slice(Math.max(item.start, open - 200), open));
	}
	if (name === null) return;
	const at = Math.max(item.start, open - 200) + name.index;
	const previous = item.groups.at(-2);
	const before = previous === undefined || previous > at ? -1 : (match[previous] ?? -1);
	let start = before > item.start && before < at ? before + 1 : item.start;
	while (start < at && code.charCodeAt(start) <= 32) start++;
	const head = code.slice(start, at);
	if (STATEMENT.test(code.slice(start, open)) || STATEMENT.test(name[0])) return;
	if (fragment && head.trim() === '') return;
	const { names, variadic } = parameters(source, open);
	const line = lineAt(source, start);
	const local = /\bstatic\b/.test(head);
	const called = name[1] ?? '';
	const fact = { name: called, line, end: lineAt(source, item.close), params: names, local };
	scope.functions.push({ fact, name: at, open: item.open, close: item.close });
	const arity = variadic ? -1 : names.length;
	scope.symbols.push({ name: called, line, kind: 'function', arity });
}

/** Records what an item that ended in a semicolon is: macro invocation, prototype or variable. */
function statement(
	source: Source,
	scope: FileScope,
	entryMacros: (name: string) => boolean,
	item: { start: number; groups: readonly number[]; assigned: number; end: number },
): void {
	const { code, match } = source;
	const head = code.slice(item.start, item.assigned === -1 ? item.end : item.assigned);
	if (/^(?:typedef|return|goto)\b/.test(head)) return;
	const open = item.groups.at(-1);
	if (open === undefined) {
		if (/^extern\b/.test(head)) return;
		variables(source, scope, item);
		return;
	}
	const before = code.slice(item.start, open);
	if (/^(?:static\s+)?[A-Za-z_]\w*\s*$/.test(before)) {
		invocation(source, scope, entryMacros, open);
		return;
	}
	const pointer = /\(\s*\*+\s*(?:const\s+)?([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)?\)\s*$/.exec(before);
	const line = lineAt(source, item.start);
	if (pointer?.[1] !== undefined) {
		if (!/^extern\b/.test(head)) scope.variables.push({ name: pointer[1], line });
		return;
	}
	const name = /(?<=[*\s])([A-Za-z_]\w*)\s*$/.exec(before)?.[1];
	if (name === undefined || item.assigned !== -1 || (match[open] ?? -1) < open) return;
	const { names, variadic } = parameters(source, open);
	const arity = variadic ? -1 : names.length;
	scope.symbols.push({ name, line, kind: 'declaration', arity });
}

/** Records the variables of a declaration without parentheses. */
function variables(source: Source, scope: FileScope, item: { start: number; end: number }): void {
	for (const [index, part] of splitList(source, item.start, item.end).entries()) {
		const whole = source.code.slice(part.from, part.to);
		const body = whole.indexOf('{');
		const equal = whole.indexOf('=');
		const typeBody = body !== -1 && (equal === -1 || body < equal);
		const close = typeBody ? (source.match[part.from + body] ?? -1) : -1;
		const text = close > 0 ? `struct ${source.code.slice(close + 1, part.to)}` : whole;
		const declarator = (text.split('=')[0] ?? '').replace(/\[[^\]]*\]/g, ' ').trim();
		const name =
			index === 0
				? /[\w*]\s*[\s*]([A-Za-z_]\w*)$/.exec(declarator)?.[1]
				: /^\**\s*([A-Za-z_]\w*)$/.exec(declarator)?.[1];
		if (name === undefined || (index === 0 && /^(?:struct|union|enum)\s+\w+$/.test(whole.trim())))
			continue;
		const first = part.from + (whole.length - whole.trimStart().length);
		scope.variables.push({ name, line: lineAt(source, first) });
	}
}

/** The head of an array of pointers to driver structs. */
const POINTERS = /\bstruct\s+(\w+_driver)\s*\*\s*(?:const\s+)?(\w+)\s*\[[^\]]*\]\s*$/;

/** Records a struct initialiser or a device id table. */
function initialiser(
	source: Source,
	scope: FileScope,
	item: { start: number; assigned: number; open: number; close: number },
	macroObjects: boolean,
): void {
	const head = source.code.slice(item.start, item.assigned);
	if (macroObjects && macroObject(source, scope, item, head)) return;
	const pointers = macroObjects ? POINTERS.exec(head) : null;
	if (pointers !== null) {
		const [, type = '', name = ''] = pointers;
		const line = lineAt(source, item.start);
		const fields = splitList(source, item.open + 1, item.close).flatMap(({ from, to }) => {
			const value = namedBy(textOf(source, from, to));
			return value === undefined || value === 'NULL' ? [] : [{ path: '', value, line }];
		});
		scope.structs.push({ type, name, line, end: lineAt(source, item.close), fields });
		return;
	}
	const found = /\bstruct\s+(\w+)\s+(?:const\s+)?(\w+)\s*(\[[^\]]*\])?\s*$/.exec(head);
	const type = found?.[1];
	const name = found?.[2];
	if (found === null || type === undefined || name === undefined) return;
	const previous = head.lastIndexOf(')');
	const lead = head.slice(previous + 1);
	const first = item.start + previous + 1 + (lead.length - lead.trimStart().length);
	const line = lineAt(source, first);
	const end = lineAt(source, item.close);
	if (found[3] === undefined) {
		const fields = initialisedFields(source, item.open + 1, item.close);
		scope.structs.push({ type, name, line, end, fields });
	} else if (type === 'of_device_id' || type === 'udevice_id') {
		const compatible = compatibles(source, item.open + 1, item.close);
		scope.matchTables.push({ name, line, end, compatible });
	} else if (macroObjects && type.endsWith('_driver')) {
		const fields = splitList(source, item.open + 1, item.close).flatMap(({ from, to }) => {
			const open = source.code.indexOf('{', from);
			const close = open === -1 || open >= to ? -1 : (source.match[open] ?? -1);
			return close > open ? initialisedFields(source, open + 1, close) : [];
		});
		scope.structs.push({ type, name, line, end, fields });
	}
}

/** Records the struct of `U_BOOT_DRIVER(name) = { … }`, an entry when it ends; false when the item is something else. */
function macroObject(
	source: Source,
	scope: FileScope,
	item: { start: number; open: number; close: number },
	head: string,
): boolean {
	const found = /^(?:static\s+)?([A-Za-z_]\w*)\s*\(([^()]*)\)\s*$/.exec(head);
	const macro = found?.[1];
	if (found === null || macro === undefined) return false;
	const [name = ''] = argumentsAt(source, source.code.indexOf('(', item.start));
	const line = lineAt(source, item.start);
	const end = lineAt(source, item.close);
	const fields = initialisedFields(source, item.open + 1, item.close);
	scope.structs.push({ type: macro, name, macro: true, line, end, fields });
	return true;
}
