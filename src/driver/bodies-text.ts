/**
 * Function bodies as text for the parser: what the grammar has no words for put in its words, and offsets of
 * what was parsed taken back to their sources.
 */
import type { CParser, FoundInCode, IfSpan } from './parser.ts';
import type { FunctionSpan } from './scan.ts';
import type { Source } from './source.ts';

/** A body and the text it is in. */
export interface BodyText {
	source: Source;
	span: FunctionSpan;
}

/** What was parsed of one body, with the offsets of its source. */
export interface ParsedBody extends FoundInCode {
	/** Where the parser had to recover. */
	errors: { from: number; to: number }[];
	/** Whether the parser gave it up. */
	givenUp: boolean;
}

/** The bodies and nothing else: the parser's time goes by length, blank or not. */
export function bodiesOnly(bodies: readonly BodyText[]): string {
	return parseable(
		bodies.map(({ source, span }) => `${withoutOdd(source, span.open, span.close + 1)}\n`).join(''),
	);
}

/** Parses a body by itself. */
export function parseBody(body: BodyText, parser: CParser): ParsedBody {
	const parsed = parser.parse(bodiesOnly([body]));
	const by = body.span.open;
	try {
		const { callees, ifs } = parsed.found();
		return {
			callees: callees.map((callee) => callee + by),
			ifs: ifs.map((one) => shiftedIf(one, by)),
			errors: parsed.errors().map((range) => shifted(range, by)),
			givenUp: parsed.givenUp,
		};
	} finally {
		parsed.free();
	}
}

function shifted({ from, to }: { from: number; to: number }, by: number) {
	return { from: from + by, to: to + by };
}

/** An if statement with offsets that begin elsewhere. */
export function shiftedIf(
	{ start, condition, consequence, alternative }: IfSpan,
	by: number,
): IfSpan {
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
	const named = code.includes(',')
		? code.replace(TYPE_ARGUMENT, (found) => 't'.padStart(found.length))
		: code;
	return named.includes('for_each')
		? named.replace(/\b\w*for_each\w*(?=\s*\()/g, (found) => 'while'.padEnd(found.length))
		: named;
}
