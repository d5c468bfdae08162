/**
 * Which names of a text are state, and the texts that say what is done with them: bodies and macros.
 */
import type { FileFacts, StructFact } from './facts.ts';
import type { Interest } from './interest.ts';
import { lineAt, type Source } from './source.ts';
import { type ReadStep, readSteps, type TraceText } from './trace-read.ts';

/** A `#define` with a body. */
export interface MacroText {
	name: string;
	/** Parameters and body. */
	params: readonly string[];
	body: string;
	line: number;
	/** The words of the body, once they are asked for. */
	words?: readonly string[];
}

/** What tells the variables of a file. */
export type StateScope = Pick<FileFacts, 'structs' | 'variables'>;

/** Struct types that are tables of a driver, set once: no state. */
const TABLE = /(?:driver|_ops|_device_id|_attribute|_funcs|_desc)$/;

/** Whether a file has ops of a kind that can be called back when they are installed. */
export function hasCallbacks(structs: readonly StructFact[], want: Interest): boolean {
	return structs.some(({ type }) => want.calledBack.has(type));
}

/** The names of a file's variables, initialised ones too. */
export function stateNames({ structs, variables }: StateScope): Set<string> {
	const names = new Set(variables.map(({ name }) => name));
	for (const { type, name } of structs) {
		if (TABLE.test(type)) names.delete(name);
		else names.add(name);
	}
	return names;
}

/** What a macro's body does with the names asked for; every step is on the macro's line. */
export function macroSteps(macro: MacroText, wanted: (name: string) => boolean): ReadStep[] {
	const { body, params, line } = macro;
	const code = body.replace(/"(?:[^"\\]|\\.)*"/g, '""');
	const text = { code, from: 0, to: code.length, line: () => line, odd: () => false };
	return readSteps(text, (name) => !params.includes(name) && wanted(name), false);
}

/** The `#define`s of a text that have a body. */
export function macroTexts(source: Source): MacroText[] {
	return source.directives.flatMap(({ name: kind, rest, index }) => {
		const found = kind === 'define' ? /^(\w+)(?:\(([^)]*)\))?\s*(.*)$/.exec(rest) : null;
		const [, name = '', list = '', body = ''] = found ?? [];
		if (!/[A-Za-z_]/.test(body)) return [];
		return [{ name, params: list.split(/[\s,]+/), body, line: lineAt(source, index) }];
	});
}

/** The inside of a body, or of a whole fragment, as text to read. */
export function bodyText(
	source: Source,
	{ open, close }: { open: number; close: number },
): TraceText {
	return {
		code: source.code,
		from: open + 1,
		to: close,
		line: (offset: number) => lineAt(source, offset),
		odd: (offset: number) => source.match[offset] === -1,
	};
}
