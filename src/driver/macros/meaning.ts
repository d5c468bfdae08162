/**
 * What a macro invocation at file scope does, told from its expansion and from nothing else: it puts a
 * function into an initcall section, generates a function that registers a driver and runs it there,
 * puts an object into a linker list, or a callback into a table of the firmware.
 */
import type { EntryFact } from '../facts.ts';
import type { Level } from '../levels.ts';
import { expand, type Token } from './expand.ts';
import type { Definition, MacroScopes } from './scope.ts';

/** A call in a function that the macro generates. */
export interface GeneratedCall {
	callee: string;
	/** Identifiers that are arguments, `&` and parentheses taken off; others as ''. */
	args: string[];
}

export interface EntryMeaning {
	/** The initcall level at which `runs` run. */
	level?: Level;
	/** True where boot code runs `runs` when it reads the command line: `early_param`, `__setup`. */
	boots?: true;
	/** Names that run at that level: of functions of the file, or generated ones. */
	runs: string[];
	/** What generated functions among them call. */
	calls: GeneratedCall[];
	/** The linker list that the object becomes an entry of, and the type of its struct. */
	list?: { name: string; type: string };
	/** The table of the firmware whose callback is given: `clk`, `timer`. */
	table?: string;
	/** Driver structs that it defines; absent where there are none. */
	drivers?: { type: string; name: string }[];
	/** Under which condition it means this; '' for always. */
	when: string;
	/** Headers that were needed to tell. */
	headers: string[];
}

const INITCALL = /\.(?:(con|security)_)?initcall(early|rootfs|\d+s?|)\.init/;
/** Handlers of parameters, include/linux/init.h. */
const SETUP = /\.init\.setup\b/;
const LINKER_LIST = /u_boot_list(?:_2_|[._])(\w+?)(?:_2_|\.)/;
const FIRMWARE_TABLE = /__(?:(\w+?)_(?:of|acpi_probe)|(earlycon))_table/;

/** The definition of a driver struct, with its initialiser. */
const DRIVER = /^[^={]*?\bstruct (\w+_driver) (\w+)=/;

/** Conditions of which it is asked whether they matter. */
const MOST_CONDITIONS = 6;

const LEVEL_NAMES: Readonly<Record<string, Level['name']>> = {
	early: 'early',
	'0': 'pure',
	'1': 'core',
	'2': 'postcore',
	'3': 'arch',
	'4': 'subsys',
	'5': 'fs',
	rootfs: 'rootfs',
	'6': 'device',
	'7': 'late',
	// Before there were levels.
	'': 'device',
};

/** The level of a section name; con and security run from early boot code. */
function levelOf(special: string | undefined, id: string): Level | undefined {
	if (special !== undefined) return { name: 'early', sync: false };
	const name = LEVEL_NAMES[id.replace(/(\d)s$/, '$1')];
	return name === undefined ? undefined : { name, sync: /\ds$/.test(id) };
}

/** An item of the expansion at file scope. */
interface Item {
	/** Its text: strings without quotes and joined, no white space but between words. */
	flat: string;
	/** Where it defines a function: the name and the tokens of the body. */
	defines?: { name: string; body: readonly Token[] };
}

/**
 * What an invocation means; undefined when it means nothing here, or its macro is not known.
 * @param from the path of the file that holds it
 */
export function meaningOf(
	entry: EntryFact,
	from: string,
	scopes: Pick<MacroScopes, 'find'>,
): EntryMeaning | undefined {
	if (scopes.find(entry.macro, from) === undefined) return undefined;
	const used = new Map<string, Definition>();
	const meaning = readMeaning(entry, from, scopes, used, undefined);
	if (meaning === undefined) return undefined;
	meaning.headers = [...new Set([...used.values()].map(({ path }) => path))];
	const conditions: string[] = [];
	// A condition matters only where the invocation means something else without it.
	const asked = new Set([...used.values()].flatMap(({ when }) => (when === '' ? [] : [when])));
	for (const when of [...asked].slice(0, MOST_CONDITIONS)) {
		const without = readMeaning(entry, from, scopes, new Map(), when);
		if (without === undefined || essence(without, entry) !== essence(meaning, entry)) {
			conditions.push(`(${when})`);
		}
	}
	meaning.when = conditions.join(' && ');
	return meaning;
}

/** What a meaning comes to for what the entry was given, whatever the names of generated functions. */
function essence(meaning: EntryMeaning, entry: EntryFact): string {
	const { level, boots, runs, calls, list, table, drivers = [] } = meaning;
	const given = givenTo(entry);
	const made = new Set(drivers.map(({ name }) => name));
	const own = calls.filter(({ args }) => args.some((arg) => given.has(arg) || made.has(arg)));
	const ran = runs.filter((name) => given.has(name));
	return JSON.stringify([level, boots, ran, own, list, table, drivers]);
}

/** The names among an entry's arguments. */
function givenTo({ args }: EntryFact): Set<string> {
	return new Set(args.flatMap((arg) => plainName(arg) ?? []));
}

function readMeaning(
	entry: EntryFact,
	from: string,
	scopes: Pick<MacroScopes, 'find'>,
	used: Map<string, Definition>,
	without: string | undefined,
): EntryMeaning | undefined {
	const text = `${entry.macro}(${entry.args.join(', ')})`;
	const { tokens, gaveUp } = expand(text, (name) => {
		const found = scopes.find(name, from);
		if (found === undefined) return undefined;
		used.set(name, found);
		// What one condition decides is decided together.
		return found.when === without ? (found.others[0] ?? found.macro) : found.macro;
	});
	if (gaveUp) return undefined;
	const items = itemsOf(tokens);
	const meaning: EntryMeaning = { runs: [], calls: [], when: '', headers: [] };
	readInitcalls(items, entry, meaning);
	for (const { flat } of items) {
		const list = LINKER_LIST.exec(flat)?.[1];
		const type = /^(?:(?:static|const|extern|volatile) ?)*struct (\w+)/.exec(flat)?.[1];
		const [, driver, name] = DRIVER.exec(flat) ?? [];
		if (driver !== undefined && name !== undefined) {
			meaning.drivers = [...(meaning.drivers ?? []), { type: driver, name }];
		}
		if (list !== undefined && type !== undefined) meaning.list ??= { name: list, type };
		const [, named, early] = FIRMWARE_TABLE.exec(flat) ?? [];
		const table = named ?? early;
		if (table !== undefined) meaning.table ??= table;
	}
	const { level, boots, list, table } = meaning;
	const says = [level, boots, list, table].some((one) => one !== undefined);
	return says ? meaning : undefined;
}

function readInitcalls(items: readonly Item[], entry: EntryFact, meaning: EntryMeaning): void {
	const generated = new Map<string, readonly Token[]>();
	for (const { defines } of items) {
		if (defines !== undefined) generated.set(defines.name, defines.body);
	}
	const given = givenTo(entry);
	const named = (flat: string): string[] =>
		[...new Set(flat.match(/[A-Za-z_]\w*/g) ?? [])].filter(
			(name) => generated.has(name) || given.has(name),
		);
	for (const { flat, defines } of items) {
		if (defines !== undefined) continue;
		const found = INITCALL.exec(flat);
		const level = found === null ? undefined : levelOf(found[1], found[2] ?? '');
		if (level !== undefined) meaning.level ??= level;
		else if (SETUP.test(flat)) meaning.boots = true;
		else continue;
		const runs = new Set(named(flat));
		for (const name of runs) {
			const body = generated.get(name);
			if (body === undefined) continue;
			meaning.calls.push(...callsIn(body));
			for (const { callee } of callsIn(body)) {
				if (generated.has(callee) || given.has(callee)) runs.add(callee);
			}
		}
		meaning.runs.push(...runs);
	}
}

/** Cuts the expansion into items: each ends with a semicolon, or with the body of a function. */
function itemsOf(tokens: readonly Token[]): Item[] {
	const items: Item[] = [];
	let from = 0;
	let depth = 0;
	let open = -1;
	for (const [at, { text }] of tokens.entries()) {
		if (text === '(' || text === '[' || text === '{') {
			if (text === '{' && depth === 0) open = at;
			depth++;
		} else if (text === ')' || text === ']' || text === '}') depth = Math.max(0, depth - 1);
		const ends = depth === 0 && (text === ';' || (text === '}' && open > from));
		if (!ends) continue;
		items.push(itemOf(tokens.slice(from, at + 1), text === '}' ? open - from : -1));
		from = at + 1;
		open = -1;
	}
	if (from < tokens.length) items.push(itemOf(tokens.slice(from), -1));
	return items;
}

function itemOf(tokens: readonly Token[], open: number): Item {
	const flat = flatten(tokens);
	// The name of a function is before the parenthesis before its body.
	if (open > 0 && tokens[open - 1]?.text === ')') {
		let depth = 0;
		for (let at = open - 1; at > 0; at--) {
			const { text } = tokens[at] ?? { text: '' };
			if (text === ')') depth++;
			else if (text === '(' && --depth === 0) {
				const name = tokens[at - 1]?.text ?? '';
				if (/^[A-Za-z_]/.test(name)) {
					return { flat, defines: { name, body: tokens.slice(open + 1, -1) } };
				}
				break;
			}
		}
	}
	return { flat };
}

function flatten(tokens: readonly Token[]): string {
	let flat = '';
	for (const { text } of tokens) {
		const isString = text.startsWith('"');
		const plain = isString ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text;
		// A string begins a word of its own only where another word ends: sections are put together of several.
		const apart = !isString && /\w$/.test(flat) && /^\w/.test(plain);
		flat += apart ? ` ${plain}` : plain;
	}
	return flat;
}

/** The calls in a generated body. */
function callsIn(body: readonly Token[]): GeneratedCall[] {
	const calls: GeneratedCall[] = [];
	for (const [at, { text }] of body.entries()) {
		if (body[at + 1]?.text !== '(' || !/^[A-Za-z_]/.test(text)) continue;
		if (/^(?:if|for|while|switch|return|sizeof)$/.test(text)) continue;
		const args: Token[][] = [[]];
		let depth = 0;
		for (let i = at + 1; i < body.length; i++) {
			const token = body[i];
			if (token === undefined) break;
			if (token.text === '(') depth++;
			else if (token.text === ')') depth--;
			if (depth === 0) break;
			if (depth === 1 && i === at + 1) continue;
			if (depth === 1 && token.text === ',') args.push([]);
			else args.at(-1)?.push(token);
		}
		calls.push({
			callee: text,
			args: args.map((one) => plainName(one.map((token) => token.text).join('')) ?? ''),
		});
	}
	return calls;
}

/** `&(foo)`, `(foo)`, `&foo[0]` → foo; undefined for anything else. */
export function plainName(argument: string): string | undefined {
	return /^[&(\s]*([A-Za-z_]\w*)[)\s]*(?:\[\s*0?\s*\])?[)\s]*$/.exec(argument)?.[1];
}
