/**
 * Function bodies as text for the parser: what the grammar has no words for put in its words, bodies
 * joined without what lies between them, and offsets of what was parsed taken back to their sources.
 */
import type { CParser, IfSpan } from './parser.ts';
import type { FunctionSpan } from './scan.ts';
import type { Source } from './source.ts';

/** A body and the text it is in. */
export interface BodyText {
	source: Source;
	span: FunctionSpan;
}

/** What was parsed of one body, with the offsets of its source. */
export interface ParsedBody {
	/** Offsets of the callee of every call by name, ascending. */
	callees: number[];
	/** Where the parser had to recover. */
	errors: { from: number; to: number }[];
}

/** Bodies that were parsed together; `free` them. */
export interface ParsedBodies {
	/** In the order of the bodies. */
	bodies: ParsedBody[];
	/** The if statements of each body. */
	ifs(): IfSpan[][];
	free(): void;
}

/** The bodies and nothing else: the parser's time goes by length, blank or not. */
export function bodiesOnly(bodies: readonly BodyText[]): { code: string; starts: number[] } {
	const starts: number[] = [];
	const texts: string[] = [];
	let at = 0;
	for (const { source, span } of bodies) {
		const text = withoutOdd(source, span.open, span.close + 1);
		starts.push(at);
		texts.push(text, '\n');
		at += text.length + 1;
	}
	return { code: parseable(texts.join('')), starts };
}

/** Parses bodies in one go; where the parser has to recover each by itself, so that none spoils the next. */
export function parseBodies(bodies: readonly BodyText[], parser: CParser): ParsedBodies {
	const { code, starts } = bodiesOnly(bodies);
	const parsed = parser.parse(code);
	if (bodies.length > 1 && parsed.errors().length > 0) {
		parsed.free();
		const each = bodies.map((body) => parseBodies([body], parser));
		return {
			bodies: each.flatMap((one) => one.bodies),
			ifs: () => each.flatMap((one) => one.ifs()),
			free: () => {
				for (const one of each) one.free();
			},
		};
	}
	const parts = bodies.map(({ span }, i) => ({
		start: starts[i] ?? 0,
		by: span.open - (starts[i] ?? 0),
	}));
	const errors = parsed.errors();
	const callees = byBody(parsed.callees(), starts, (callee) => callee);
	return {
		bodies: parts.map(({ by }, i) => ({
			callees: (callees[i] ?? []).map((callee) => callee + by),
			errors: errors.map((range) => shifted(range, by)),
		})),
		ifs: () => {
			const ifs = byBody(parsed.ifs(), starts, ({ start }) => start);
			return parts.map(({ by }, i) => (ifs[i] ?? []).map((one) => shiftedIf(one, by)));
		},
		free: () => parsed.free(),
	};
}

/** What was found in joined bodies, by body; both ascend. */
function byBody<T>(
	found: readonly T[],
	starts: readonly number[],
	offset: (one: T) => number,
): T[][] {
	const bodies: T[][] = starts.map(() => []);
	let body = 0;
	for (const one of found) {
		while ((starts[body + 1] ?? Number.POSITIVE_INFINITY) <= offset(one)) body++;
		bodies[body]?.push(one);
	}
	return bodies;
}

function shifted({ from, to }: { from: number; to: number }, by: number) {
	return { from: from + by, to: to + by };
}

function shiftedIf({ start, condition, consequence, alternative }: IfSpan, by: number): IfSpan {
	return {
		start: start + by,
		condition: shifted(condition, by),
		consequence: shifted(consequence, by),
		...(alternative === undefined ? {} : { alternative: shifted(alternative, by) }),
	};
}

/** A stretch of code without brackets that have no partner, on which the parser would spend itself. */
function withoutOdd(source: Source, from: number, to: number): string {
	return source.code
		.slice(from, to)
		.replace(/[()[\]{}]/g, (found, at: number) => (source.match[from + at] === -1 ? ' ' : found));
}

const TYPE_ARGUMENT =
	/(?<=\w\s*\(|,)\s*\b(?:const\s+)?(?:(?:struct|union|enum)\s+\w+|(?:unsigned|signed|long|int|short|char)(?:\s+(?:long|int|short|char))*)(?:\s*\*+)?\s*(?=,)|(?<=,)\s*(?:const\s+)?(?:struct|union|enum)\s+\w+(?:\s*\*+)?\s*(?=\))/g;

/**
 * What the grammar has no words for, put in its words at equal length: types as arguments of macros
 * (`container_of(a, struct b, c)`) become names, loop macros become `while`.
 */
export function parseable(code: string): string {
	return code
		.replace(TYPE_ARGUMENT, (found) => 't'.padStart(found.length))
		.replace(/\b\w*for_each\w*(?=\s*\()/g, (found) => 'while'.padEnd(found.length));
}
