/**
 * Gates: what must have held at run time for control to be on a line. Only conditions that dominate
 * are reported, and tests of an ordinary call's result are error handling, no gates.
 */

import type { Names, Term } from './conditions.ts';
import { asked, known } from './conditions.ts';
import type { GateFact } from './facts.ts';
import { calledNames, type FlagGate, type FlagSet } from './flags.ts';
import { isWord } from './identifiers.ts';
import type { Interest } from './interest.ts';
import { argumentsAt } from './lists.ts';
import type { IfSpan } from './parser.ts';
import type { Source } from './source.ts';
import { lineAt, textOf } from './source.ts';

/** A stretch of code to search: a function body, or a whole fragment. */
export interface Stretch {
	from: number;
	to: number;
	params: readonly string[];
}

/** How many lines below the call an answer's test is looked for. */
const NEAR = 15;

/** How many lines above a test the call is looked for whose result it checks. */
const RESULT_NEAR = 5;

const KEYWORDS = new Set(
	'return goto else case break continue if for while do switch sizeof'.split(' '),
);
const DECLARATION =
	/\b(?<=[;{}]\s*)(?:(?:static|const|volatile|register|unsigned|signed|struct|union|enum)\s+)*([A-Za-z_]\w*)(?:\s+(?:long|int|char|const)\b)*(?:\s+|\s*\*[\s*]*(?:const\s+)?)([A-Za-z_]\w*)\s*(?=[=;,[])([^;{]*)/g;

/** Names of the parameters and local variables of a stretch. */
export function localNames(source: Source, stretch: Stretch): Set<string> {
	const names = new Set(stretch.params);
	const body = source.code.slice(stretch.from, stretch.to);
	for (const found of `;${body}`.matchAll(DECLARATION)) {
		// A static one too: `static bool done` keeps a second call out, and says nothing about hardware.
		if (KEYWORDS.has(found[1] ?? '')) continue;
		names.add(found[2] ?? '');
		let depth = 0;
		const rest = (found[3] ?? '').replace(/[()[\]]|[^()[\]]+/g, (piece) => {
			if (piece === '(' || piece === '[') depth++;
			else if (piece === ')' || piece === ']') depth--;
			return depth > 0 || piece.length === 1 ? ' ' : piece;
		});
		for (const more of rest.matchAll(/,\s*\**\s*([A-Za-z_]\w*)/g)) names.add(more[1] ?? '');
	}
	for (const found of body.matchAll(/\(\s*\*\s*([A-Za-z_]\w*)\s*\)\s*\(/g))
		names.add(found[1] ?? '');
	return names;
}

/** Gates, and among them those that fall if what their region calls sets their flag. */
export interface Gates {
	gates: GateFact[];
	flags: FlagGate[];
	/** Whether all tests were looked at. */
	whole: boolean;
}

/** Tests of one function that are looked at: each is told by what follows up to the end of its block. */
const MOST_IFS = 256;

/**
 * The gates of a stretch, in order of their tests.
 * @param sets where the text sets flags
 */
export function findGates(
	source: Source,
	stretch: Stretch,
	ifs: readonly IfSpan[],
	want: Interest,
	sets: readonly FlagSet[],
): Gates {
	const found: Gates = {
		gates: gatesOfLoops(source, stretch, want),
		flags: [],
		whole: ifs.length <= MOST_IFS,
	};
	if (ifs.length > 0) {
		const locals = localNames(source, stretch);
		const answers = heldAnswers(source, stretch, want);
		for (const span of ifs.slice(0, MOST_IFS)) {
			gatesOfIf(source, { stretch, span, want, locals, held: answers, sets }, found);
		}
	}
	found.gates.sort((a, b) => a.line - b.line || a.from - b.from);
	return found;
}

/** A local variable that holds a gate call's answer from one offset to another. */
interface HeldAnswer {
	variable: string;
	from: number;
	to: number;
	term: Term;
}

function heldAnswers(source: Source, stretch: Stretch, want: Interest): HeldAnswer[] {
	const body = source.code.slice(stretch.from, stretch.to);
	const held: HeldAnswer[] = [];
	for (const found of body.matchAll(/\b([A-Za-z_]\w*)\s*=\s*([A-Za-z_]\w*)\s*\(/g)) {
		const variable = found[1] ?? '';
		const call = want.gateCalls.get(found[2] ?? '');
		if (call === undefined) continue;
		const open = stretch.from + found.index + found[0].length - 1;
		const close = source.match[open] ?? -1;
		if (close < open || !/^\s*[;,)]/.test(source.code.slice(close + 1, close + 40))) continue;
		const again = new RegExp(`\\b${variable}\\s*=(?!=)`).exec(source.code.slice(close, stretch.to));
		held.push({
			variable,
			from: close,
			to: again === null ? stretch.to : close + again.index,
			term: {
				kind: call.kind,
				what: asked(call, argumentsAt(source, open)),
				negated: call.zeroIsFound === true,
			},
		});
	}
	return held;
}

interface If {
	stretch: Stretch;
	span: IfSpan;
	want: Interest;
	locals: ReadonlySet<string>;
	held: readonly HeldAnswer[];
	sets: readonly FlagSet[];
}

function gatesOfIf(
	source: Source,
	{ stretch, span, want, locals, held, sets }: If,
	found: Gates,
): void {
	const line = lineAt(source, span.start);
	const answers = new Map<string, Term>();
	for (const answer of held) {
		if (span.start < answer.from || span.start > answer.to) continue;
		if (line - lineAt(source, answer.from) <= NEAR) answers.set(answer.variable, answer.term);
	}
	// What a call just above returned is tested for its success, be the variable local or not.
	const near = source.starts[Math.max(0, line - RESULT_NEAR - 1)] ?? 0;
	const above = source.code.slice(Math.max(stretch.from, near), span.start);
	const results = [
		...above.matchAll(/\b([A-Za-z_]\w*)\s*=\s*(?:\([^()]*\)\s*)?[A-Za-z_]\w*\s*\(/g),
	];
	const names: Names = { locals: new Set([...locals, ...results.map((r) => r[1] ?? '')]), answers };
	const add = (outcome: boolean, region: Region | undefined) => {
		if (region === undefined) return;
		for (const term of known(source, span.condition, outcome, want, names)) {
			const { kind, negated, what } = term;
			const gate: GateFact = { line, ...region, kind, negated, what };
			if (kind === 'flag' && negated && /^[A-Za-z_]\w*$/.test(what)) {
				if (setsWithin(source, stretch, region, what, sets)) continue;
				const { starts, code } = source;
				const gated = code.slice(starts[region.from - 1] ?? 0, starts[region.to] ?? code.length);
				found.flags.push({ gate, flag: what, calls: calledNames(gated) });
			}
			found.gates.push(gate);
		}
	};
	add(true, regionOf(source, span.consequence));
	if (span.alternative !== undefined) add(false, regionOf(source, span.alternative));
	const thenLeaves = leaves(source, span.consequence);
	const elseLeaves = span.alternative !== undefined && leaves(source, span.alternative);
	if (thenLeaves !== elseLeaves && isPlainStatement(source, span.start)) {
		const leaving = thenLeaves ? span.consequence : (span.alternative ?? span.consequence);
		const end = (span.alternative ?? span.consequence).to;
		add(elseLeaves, restOfBlock(source, stretch, end, leaving));
	}
}

/** Whether a stretch sets a flag within the region of a gate. */
function setsWithin(
	source: Source,
	stretch: Stretch,
	region: Region,
	flag: string,
	sets: readonly FlagSet[],
): boolean {
	const start = source.starts[region.from - 1] ?? 0;
	const end = Math.min(stretch.to, source.starts[region.to] ?? source.code.length);
	return sets.some((set) => set.flag === flag && set.index >= start && set.index < end);
}

interface Region {
	from: number;
	to: number;
	open?: boolean;
	closes?: number;
}

/** The lines of a statement; of a block those between its braces. */
function regionOf(source: Source, range: { from: number; to: number }): Region | undefined {
	if (range.to <= range.from || range.from >= source.limit) {
		// The one statement after the test is behind the fragment.
		const next = source.starts.length + 1;
		return { from: next, to: next };
	}
	if (source.code.charAt(range.from) !== '{') {
		const to = lineAt(source, Math.max(range.from, range.to - 1));
		return { from: lineAt(source, range.from), to };
	}
	const first = /\S/.exec(source.code.slice(range.from + 1, range.to - 1));
	if (first === null) return undefined;
	return endingAt(source, lineAt(source, range.from + 1 + first.index), range.to - 1);
}

/** A region that ends before the closing brace at an offset. */
function endingAt(source: Source, from: number, brace: number): Region | undefined {
	if (brace >= source.limit) return { from, to: source.starts.length, open: true };
	const closes = lineAt(source, brace);
	const alone = source.code.slice(source.starts[closes - 1] ?? 0, brace).trim() === '';
	const to = alone ? closes - 1 : closes;
	return from > to ? undefined : { from, to, closes };
}

/** True when control never gets past a statement: it ends in return, goto, break or continue. */
function leaves(source: Source, range: { from: number; to: number }): boolean {
	const text = source.code.slice(Math.max(range.from, range.to - 600), range.to);
	const last =
		/(?:^|[;{}:)]|\belse)\s*(?:return\b[^;{}]*|goto\s+\w+|break|continue)\s*;\s*\}?\s*$/.exec(text);
	if (last === null) return false;
	if (source.code.charAt(range.from) !== '{') return !/^\s*(?:if|for|while|switch)\b/.test(text);
	// `if (b) return;` as the last statement leaves only when b.
	return !/^(?:\)|\s*else)/.test(last[0]);
}

/** True when a statement is one of a block, not the body of another `if`, `else` or loop. */
function isPlainStatement(source: Source, start: number): boolean {
	const before = source.code.slice(Math.max(0, start - 2000), start).trimEnd();
	return before === '' || /[;{}:]$/.test(before);
}

/** The lines after a statement up to the end of its block, or to a label that others jump to. */
function restOfBlock(
	source: Source,
	stretch: Stretch,
	end: number,
	leaving: { from: number; to: number },
): Region | undefined {
	const next = /\S/.exec(source.code.slice(end, stretch.to));
	if (next === null) {
		const last = source.starts.length;
		const from = lineAt(source, Math.max(0, end - 1)) + 1;
		return source.closed.some((at) => at >= end) || stretch.to < source.code.length
			? undefined
			: { from: Math.min(from, last), to: last, open: true };
	}
	const from = lineAt(source, end + next.index);
	const limit = blockEnd(source, stretch, end);
	const region =
		limit.kind === 'open'
			? { from, to: Math.max(from, source.starts.length), open: true }
			: limit.kind === 'brace'
				? endingAt(source, from, limit.at)
				: { from, to: lineAt(source, limit.at) - 1 };
	if (region === undefined || region.to < region.from) return undefined;
	const label = foreignLabel(source, stretch, end, limit.at, leaving);
	if (label === undefined) return region;
	const to = lineAt(source, label) - 1;
	return to < from ? undefined : { from, to };
}

type BlockEnd = { kind: 'brace' | 'case' | 'open'; at: number };

function blockEnd(source: Source, stretch: Stretch, start: number): BlockEnd {
	const { code, match, closed } = source;
	// A fragment has few blocks that began before it; everything else closes none.
	const ends = closed.length === 0 ? undefined : new Set(closed);
	for (let at = start; at < stretch.to; at++) {
		const char = code.charCodeAt(at);
		if (char === 125 || ends?.has(at) === true) return { kind: 'brace', at };
		if (char === 123 || char === 40 || char === 91) at = Math.max(at, match[at] ?? at);
		else if (
			(char === 99 || char === 100) &&
			!isWord(code.charCodeAt(at - 1)) &&
			/^(?:case\b|default\s*:)/.test(code.slice(at, at + 40))
		)
			return { kind: 'case', at };
	}
	const whole = stretch.to < code.length && code.charAt(stretch.to) === '}';
	return whole ? { kind: 'brace', at: stretch.to } : { kind: 'open', at: stretch.to };
}

/** The first label between two offsets that is jumped to from before, which ends what the test tells. */
function foreignLabel(
	source: Source,
	stretch: Stretch,
	from: number,
	to: number,
	leaving: { from: number; to: number },
): number | undefined {
	const body = source.code.slice(from, to);
	const before = source.code.slice(stretch.from, Math.max(from, leaving.to));
	if (!before.includes('goto')) return undefined;
	for (const found of body.matchAll(/\b(?<=[;{}]\s*)([A-Za-z_]\w*)\s*:(?!:)/g)) {
		const name = found[1] ?? '';
		if (name !== 'default' && new RegExp(`\\bgoto\\s+${name}\\b`).test(before))
			return from + found.index;
	}
	return undefined;
}

/** Loops over the device tree nodes that match: their body runs only when there is one. */
function gatesOfLoops(source: Source, stretch: Stretch, want: Interest): GateFact[] {
	const body = source.code.slice(stretch.from, stretch.to);
	if (!body.includes('for_each')) return [];
	const gates: GateFact[] = [];
	for (const found of body.matchAll(/\b(for_each_\w+)\s*\(/g)) {
		const which = want.gateIterators.get(found[1] ?? '');
		if (which === undefined) continue;
		const open = stretch.from + found.index + found[0].length - 1;
		const close = source.match[open] ?? -1;
		if (close < open) continue;
		const start = close + 1 + (/^\s*/.exec(source.code.slice(close + 1))?.[0].length ?? 0);
		const brace = source.code.charAt(start) === '{' ? (source.match[start] ?? -1) : -1;
		const end = brace > start ? brace + 1 : source.code.indexOf(';', start) + 1;
		const region = end <= start ? undefined : regionOf(source, { from: start, to: end });
		if (region === undefined) continue;
		const what = (argumentsAt(source, open)[which] ?? '').replace(/^&\s*|^"|"$/g, '');
		const line = lineAt(source, stretch.from + found.index);
		gates.push({ line, ...region, kind: 'devicetree', negated: false, what });
	}
	return gates;
}

/** `target = value` where target is a member of something; `index` is where it stands. */
export interface Assignment {
	target: string;
	value: string;
	index: number;
}

/** With what ends the statement or head before; that of the next may end this one. */
const MEMBER_ASSIGNMENT =
	/([;{})]\s*)([A-Za-z_]\w*(?:\s*(?:->|\.)\s*\w+|\[[^\]\n]*\])*\s*(?:->|\.)\s*\w+)\s*=\s*&?\s*([A-Za-z_]\w*)\s*(?=;)/g;

/** Assignments of one name to a member path, the candidates for hooks. */
export function memberAssignments(source: Source): Assignment[] {
	const found: Assignment[] = [];
	MEMBER_ASSIGNMENT.lastIndex = 0;
	for (;;) {
		const match = MEMBER_ASSIGNMENT.exec(source.code);
		if (match === null) return found;
		const [, before = '', path = '', value = ''] = match;
		const index = match.index + before.length;
		const target = textOf(source, index, index + path.length).replace(/\s+/g, '');
		found.push({ target, value, index });
	}
}
