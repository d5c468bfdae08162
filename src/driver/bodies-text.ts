/**
 * Function bodies as text for the parser: what the grammar has no words for put in its words, bodies
 * joined without what lies between them, and offsets of what was parsed taken back to the source.
 */
import type { Parsed } from './parser.ts';
import type { FunctionSpan } from './scan.ts';
import type { Source } from './source.ts';

/** Function bodies one after the other, and where in the source each of them is. */
export interface Bodies {
	code: string;
	/** Ascending, by place in `code` and in the source alike. */
	pieces: { at: number; from: number }[];
}

/** The bodies and nothing else: the parser's time goes by length, blank or not. */
export function bodiesOnly(source: Source, functions: readonly FunctionSpan[]): Bodies {
	const pieces: Bodies['pieces'] = [];
	const texts: string[] = [];
	let at = 0;
	for (const { open, close } of functions) {
		const text = withoutOdd(source, open, close + 1);
		pieces.push({ at, from: open });
		texts.push(text, '\n');
		at += text.length + 1;
	}
	return { code: parseable(texts.join('')), pieces };
}

/** What was parsed of bodies, with the offsets of the source. */
export function inSource(parsed: Parsed, pieces: Bodies['pieces']): Parsed {
	const place = (offset: number): number => {
		let low = 0;
		let high = pieces.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((pieces[middle]?.at ?? 0) <= offset) low = middle + 1;
			else high = middle;
		}
		const piece = pieces[low - 1];
		return piece === undefined ? offset : offset - piece.at + piece.from;
	};
	const range = ({ from, to }: { from: number; to: number }): { from: number; to: number } => {
		const start = place(from);
		// A recovery may run from one body into the next.
		return { from: start, to: Math.max(start, place(Math.max(from, to - 1)) + 1) };
	};
	return {
		callees: () => parsed.callees().map(place),
		ifs: () =>
			parsed.ifs().map(({ start, condition, consequence, alternative }) => ({
				start: place(start),
				condition: range(condition),
				consequence: range(consequence),
				...(alternative === undefined ? {} : { alternative: range(alternative) }),
			})),
		errors: () => parsed.errors().map(range),
		free: () => parsed.free(),
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
