/**
 * Reads the ways to some names out of one C file (facts.ts). By scanning prepared text, without a parser:
 * thousands of files are looked at for each tree, and of most a few lines matter.
 */
import { argumentsAt } from '../lists.ts';
import { scanFileScope } from '../scan.ts';
import { directiveFacts } from '../scope-facts.ts';
import { lineAt, prepare, type Source, textOf } from '../source.ts';
import type { FileWays, WayBus, WayFunction, WayMacro, WayUse } from './facts.ts';

/** Bytes; larger files are not read, and are said to be unread. */
export const LARGEST_SOURCE = 8 * 1024 * 1024;
/** Uses looked at in one file; a file with more is made by a machine, and is said to be unread. */
const MOST_USES = 20_000;

/** Variables of one function that are tried as a flag. */
const MOST_FLAGS = 8;
/** Characters of one function that are looked through for flags and local variables. */
const LONGEST_BODY = 20_000;

const NO_CALL = new Set(
	'if for while switch return sizeof typeof defined else do case goto __typeof__ __attribute__'.split(
		' ',
	),
);
const WORD = /[A-Za-z_]\w*|[(){}]/g;
const STRUCT_OBJECT = /\bstruct\s+(\w+)\s+(?:const\s+)?(\w+)\s*(?:\[[^\]\n]*\])?\s*=\s*(?=\{)/g;
const SET_BUS =
	/([A-Za-z_]\w*)\s*(?:->|\.)\s*(?:\w+\s*(?:->|\.)\s*){0,4}bus\s*=\s*&\s*([A-Za-z_]\w*)\b(?!\s*(?:->|\.))/g;
const DEFINES_FUNCTION = /\bmodule_init\b|_initcall\b|\b__init\b|\bstatic\b[^;{}]*\([^;{}]*\)\s*\{/;

/** What is asked of a file. */
export interface Asked {
	/** Functions and macros. */
	names: ReadonlySet<string>;
	/** Members through which something is called: `ops->init()`. */
	members: ReadonlySet<string>;
}

/**
 * The ways to what is asked. All functions of the file that lead there are followed too.
 * @param bytes the file as it is; bytes that are not UTF-8, NUL and carriage returns are tolerated
 */
export function readWays(bytes: Uint8Array | string, asked: Asked): FileWays {
	const source = prepare(bytes);
	const scope = scanFileScope(source, { entryMacros: () => false, macroObjects: false });
	const spans = [...scope.functions].sort((a, b) => a.open - b.open);
	const functions = spans.map((span): WayFunction => {
		const { name, line, end, local, params } = span.fact;
		const head = source.text.slice(Math.max(0, span.name - 200), span.open);
		const init = /\b__init\b/.test(head.slice(head.lastIndexOf('}') + 1));
		const types = parameterTypes(source, span.name, span.open);
		const once = onceFlag(source, span);
		const flag = once === undefined ? {} : { once };
		return { name, line, end, local, init, ...flag, params, types };
	});
	const objects = structObjects(source);
	const names = new Set(functions.map(({ name }) => name));
	const found = allUses(source, spans, objects, { ...asked, own: names });
	const macros = macrosOf(source, asked.names);
	const receivers = new Map<string, string[]>();
	const kept = leadingTo(found, functions, macros, asked).map((use) =>
		use.how === 'through' && use.receiver !== ''
			? { ...use, types: typesOf(source.code, use.receiver, receivers) }
			: use,
	);
	const used = new Set(kept.flatMap((use) => ('args' in use ? use.args : []).map(rootOf)));
	return {
		lines: source.starts.length,
		...(found.length < MOST_USES ? {} : { cut: true as const }),
		functions,
		uses: kept,
		directives: kept.length === 0 && macros.length === 0 ? [] : unguarded(directiveFacts(source)),
		macros,
		buses: busesOf(source, spans, objects),
		aliases: aliasesOf(source, spans, functions, kept),
		objects: objects
			.filter(({ name }) => used.has(name))
			.map(({ name, type, open }) => ({ name, struct: type, line: lineAt(source, open) })),
	};
}

/** Without what the guard of a header against a second inclusion asks. */
function unguarded(directives: FileWays['directives']): FileWays['directives'] {
	const [first, ...others] = directives;
	if (first === undefined || !/^!defined\(\w*_H_*\)$/.test(first.when)) return directives;
	return [{ ...first, when: '' }, ...others];
}

/** The first identifier of an expression: `&drv->driver` → drv; '' where there is none. */
export function rootOf(expression: string): string {
	return /^[\s&(*]*([A-Za-z_]\w*)/.exec(expression)?.[1] ?? '';
}

function parameterTypes(source: Source, name: number, open: number): string[] {
	const list = source.code.indexOf('(', name);
	if (list === -1 || list > open) return [];
	return argumentsAt(source, list)
		.filter((text) => text !== 'void')
		.map((text) => /\bstruct\s+(\w+)/.exec(text)?.[1] ?? '');
}

/** `if (done) return 0; … done = true;`: the variable that keeps a function from doing it twice. */
function onceFlag({ code }: Source, { open, close }: Span): string | undefined {
	const body = code.slice(open, Math.min(close, open + LONGEST_BODY));
	const sets = [...body.matchAll(/\b([A-Za-z_]\w*)\s*=\s*(?:true|1)\s*;/g)];
	for (const [, set = ''] of sets.slice(0, MOST_FLAGS)) {
		const tested = new RegExp(`\\bif\\s*\\(\\s*${set}\\s*\\)\\s*\\{?\\s*(?:return|goto)\\b`);
		if (tested.test(body)) return set;
	}
	return undefined;
}

/** What local variables are made from, of those that calls are given. */
function aliasesOf(
	{ code }: Source,
	spans: readonly Span[],
	functions: readonly WayFunction[],
	uses: readonly WayUse[],
): FileWays['aliases'] {
	const found = new Map<string, FileWays['aliases'][number]>();
	for (const use of uses) {
		const span = spans[use.in];
		if (use.how !== 'call' || span === undefined) continue;
		for (const name of use.args.map(rootOf)) {
			const key = `${use.in} ${name}`;
			if (name === '' || found.has(key) || functions[use.in]?.params.includes(name)) continue;
			const body = code.slice(span.open, Math.min(span.close, span.open + LONGEST_BODY));
			const made = new RegExp(`\\b${name}\\s*=\\s*&?\\s*([A-Za-z_]\\w*)\\s*(?:->|\\.|;|,)`).exec(
				body,
			)?.[1];
			if (made !== undefined) found.set(key, { in: use.in, name, of: made });
		}
	}
	return [...found.values()];
}

interface StructObject {
	type: string;
	name: string;
	array: boolean;
	open: number;
	close: number;
}

function structObjects(source: Source): StructObject[] {
	return [...source.code.matchAll(STRUCT_OBJECT)].map((found) => {
		const open = found.index + found[0].length;
		const close = source.match[open] ?? -1;
		return {
			type: found[1] ?? '',
			name: found[2] ?? '',
			array: found[0].includes('['),
			open,
			close,
		};
	});
}

interface Span {
	open: number;
	close: number;
}

/** A bracket that is open; of a parenthesis, what stands before it. */
interface Open {
	text: '(' | '{';
	callee: string;
	at: number;
}

/** Closes up to the innermost brace: a parenthesis that nothing closes ends with its block. */
function closeTo(open: Open[]): void {
	while (open.length > 0 && open.pop()?.text !== '{');
}

/** Every use of the file's own functions and of what is asked, in order. */
function allUses(
	source: Source,
	spans: readonly Span[],
	objects: readonly StructObject[],
	{ names, own }: Asked & { own: ReadonlySet<string> },
): WayUse[] {
	const { code } = source;
	const found: WayUse[] = [];
	const open: Open[] = [];
	let next = 0;
	let word = '';
	let wordEnd = -1;
	for (const { 0: text, index } of code.matchAll(WORD)) {
		if (text === '(' || text === '{') {
			const called = wordEnd !== -1 && code.slice(wordEnd, index).trim() === '';
			open.push({ text, callee: called && text === '(' ? word : '', at: index });
			wordEnd = -1;
			continue;
		}
		if (text === ')' || text === '}') {
			if (open.at(-1)?.text === (text === ')' ? '(' : '{')) open.pop();
			else if (text === '}') closeTo(open);
			wordEnd = -1;
			continue;
		}
		word = text;
		wordEnd = index + text.length;
		while (next < spans.length && (spans[next]?.close ?? 0) < index) {
			next++;
			open.length = 0;
		}
		const inside = (spans[next]?.open ?? Number.POSITIVE_INFINITY) < index ? next : -1;
		const dot = memberDot(code, index);
		if (dot !== -1) {
			if (inside === -1 || !followedByCall(code, wordEnd)) continue;
			const receiver = /([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\s*$/.exec(
				code.slice(Math.max(0, dot - 120), dot),
			)?.[1];
			found.push({
				how: 'through',
				name: text,
				line: lineAt(source, index),
				in: inside,
				receiver: receiver ?? '',
				types: [],
			});
			continue;
		}
		if ((!own.has(text) && !names.has(text)) || NO_CALL.has(text)) continue;
		if (isTag(code, index)) continue;
		const line = lineAt(source, index);
		const called = followedByCall(code, wordEnd);
		const at = { name: text, line, in: inside };
		if (called) {
			if (inside === -1) continue;
			found.push({ ...at, how: 'call', args: argumentsAt(source, code.indexOf('(', wordEnd)) });
		} else found.push(mention(source, at, index, open, objects));
		if (found.length >= MOST_USES) break;
	}
	return found;
}

/** The offset of the `->` or `.` before an identifier; -1 where it is no member. */
function memberDot(code: string, index: number): number {
	let at = index - 1;
	while (at >= 0 && code.charCodeAt(at) <= 32) at--;
	if (code.charAt(at) === '.') {
		let before = at - 1;
		while (before >= 0 && code.charCodeAt(before) <= 32) before--;
		return /[\w)\]]/.test(code.charAt(before)) ? at : -1;
	}
	return code.charAt(at) === '>' && code.charAt(at - 1) === '-' ? at - 1 : -1;
}

/** True for the name of a struct, union or enum. */
function isTag(code: string, index: number): boolean {
	return /\b(?:struct|union|enum)\s+$/.test(code.slice(Math.max(0, index - 12), index));
}

function followedByCall(code: string, end: number): boolean {
	let at = end;
	while (at < code.length && code.charCodeAt(at) <= 32) at++;
	return code.charAt(at) === '(';
}

/** The structs that a file declares an identifier as. */
function typesOf(code: string, receiver: string, known: Map<string, string[]>): string[] {
	let types = known.get(receiver);
	if (types === undefined) {
		const declared = new RegExp(`\\bstruct\\s+(\\w+)[\\s*]+(?:const\\s+)?\\b${receiver}\\b`, 'g');
		types = [...new Set([...code.matchAll(declared)].map((one) => one[1] ?? ''))];
		known.set(receiver, types);
	}
	return types;
}

/** A name that is not called: where it is put. */
function mention(
	source: Source,
	at: { name: string; line: number; in: number },
	index: number,
	open: readonly Open[],
	objects: readonly StructObject[],
): WayUse {
	const before = source.code
		.slice(Math.max(0, index - 160), index)
		.trimEnd()
		.replace(/&$/, '');
	const object = objects.findLast((one) => one.open < index && index < one.close);
	const field =
		/[{,]\s*\.\s*([\w.]+)\s*=\s*(?:\w+\s*\(\s*)?$/.exec(before) ??
		/[{,]\s*(\w+)\s*:\s*$/.exec(before);
	if (field?.[1] !== undefined && (object !== undefined || at.in !== -1)) {
		// A member of a struct within the struct: its own type is not told.
		const within = open.findLast(({ text }) => text === '{')?.at;
		const whole =
			object !== undefined && (within === object.open || object.array || isDriver(object));
		return {
			...at,
			how: 'field',
			struct: whole ? object.type : '',
			object: object?.name ?? '',
			member: field[1],
		};
	}
	const assigned = /([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\s*(?:->|\.)\s*([A-Za-z_]\w*)\s*=\s*$/.exec(
		before,
	);
	if (assigned !== null) {
		return { ...at, how: 'assigned', receiver: assigned[1] ?? '', member: assigned[2] ?? '' };
	}
	const call = open.at(-1);
	if (call !== undefined && call.callee !== '' && !NO_CALL.has(call.callee)) {
		return { ...at, how: 'argument', callee: call.callee, args: argumentsAt(source, call.at) };
	}
	return { ...at, how: 'other' };
}

/** A struct that is a driver: what its inner structs hold is its own. */
function isDriver({ type }: StructObject): boolean {
	return type.endsWith('driver');
}

/** The uses that lead to what is asked: those of it, and of every function that has such a use. */
function leadingTo(
	uses: readonly WayUse[],
	functions: readonly WayFunction[],
	macros: readonly WayMacro[],
	asked: Asked,
): WayUse[] {
	const byName = new Map<string, WayUse[]>();
	for (const use of uses) {
		const key = use.how === 'through' ? `->${use.name}` : use.name;
		const known = byName.get(key);
		if (known === undefined) byName.set(key, [use]);
		else known.push(use);
	}
	const wanted = new Set(asked.names);
	for (const { name } of macros) wanted.add(name);
	for (const name of asked.members) wanted.add(`->${name}`);
	const kept = new Set<WayUse>();
	// A set may grow while it is gone through.
	for (const name of wanted) {
		for (const use of byName.get(name) ?? []) {
			kept.add(use);
			if ('member' in use) wanted.add(`->${use.member.replace(/^.*\./, '')}`);
			const fn = functions[use.in];
			if (fn !== undefined) wanted.add(fn.name);
		}
	}
	return uses.filter((use) => kept.has(use));
}

function macrosOf(source: Source, names: ReadonlySet<string>): WayMacro[] {
	const found: WayMacro[] = [];
	const wanted = new Set(names);
	for (const { name: directive, rest, index } of source.directives) {
		if (directive !== 'define') continue;
		const define = /^([A-Za-z_]\w*)(?:\(([^()]*)\))?\s([\s\S]*)$/.exec(rest);
		if (define === null) continue;
		const [, name = '', list, body = ''] = define;
		for (const { 0: text, index: at } of body.matchAll(/[A-Za-z_]\w*(?=\s*\()/g)) {
			if (!wanted.has(text) || text === name) continue;
			const inner = prepare(body);
			const args = argumentsAt(inner, inner.code.indexOf('(', at + text.length));
			const params = (list ?? '')
				.split(',')
				.map((one) => one.trim())
				.filter((one) => one !== '');
			const defines = DEFINES_FUNCTION.test(body);
			found.push({ name, params, callee: text, args, line: lineAt(source, index), defines });
			wanted.add(name);
			break;
		}
	}
	return found;
}

function busesOf(
	source: Source,
	spans: readonly Span[],
	objects: readonly StructObject[],
): WayBus[] {
	const found: WayBus[] = [];
	if (!/\bbus\s*[=:]/.test(source.code)) return found;
	for (const { 0: text, 1: root = '', 2: bus = '', index } of source.code.matchAll(SET_BUS)) {
		const inside = spans.findIndex((span) => span.open < index && index < span.close);
		if (inside !== -1 && text !== '') found.push({ root, bus, in: inside });
	}
	for (const { name, open, close } of objects) {
		if (close < open) continue;
		const bus = /[{,]\s*\.\s*(?:\w+\s*\.\s*){0,4}bus\s*=\s*&\s*(\w+)/.exec(
			textOf(source, open, Math.min(close, open + 4000)),
		)?.[1];
		if (bus !== undefined) found.push({ root: name, bus, in: -1 });
	}
	return found;
}
