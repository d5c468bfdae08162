/**
 * C source to file facts. The file scope is scanned (scan.ts), and so are statements of plain C (plain.ts); of
 * function bodies the rest, and nothing else, is parsed by tree-sitter, so that a macro without semicolon or an odd
 * header at file scope costs no function.
 * What is read is read by passage (passage.ts) and put together here, where it takes the whole file.
 */

import { bodiesOnly, parseable } from './bodies-text.ts';
import { BodyReader } from './body.ts';
import type { FileFacts } from './facts.ts';
import { fileFacts, type Remembered } from './file-facts.ts';
import type { FragmentFacts } from './fragment.ts';
import { fragmentFacts } from './fragment-facts.ts';
import type { Interest } from './interest.ts';
import { defaultInterest } from './interest.ts';
import { NamesOfFiles } from './known-names.ts';
import type { Parsed } from './parser.ts';
import { createCParser } from './parser.ts';
import { PassageReader } from './passage.ts';
import { scanFileScope } from './scan.ts';
import { decode, prepare, prepareFragment } from './source.ts';
import { StatementParser } from './statements.ts';
import { TraceCache } from './trace-facts.ts';

export type { FragmentCall, FragmentFacts } from './fragment.ts';
export type { GateCall, Interest } from './interest.ts';
export { defaultInterest } from './interest.ts';

export interface Extractor {
	/**
	 * The facts of a whole file. Bytes that are not UTF-8, NUL and carriage returns are tolerated. Versions
	 * of one file are best extracted one after the other: what they share is read once.
	 */
	extract(source: Uint8Array | string, want?: Interest): FileFacts;
	/** The facts of the new side of a patch hunk, with line numbers of the fragment, for splice.ts. */
	extractFragment(lines: readonly string[], want?: Interest): FragmentFacts;
	/** Parses the prepared bodies and nothing else; what it costs is what extraction cannot save. */
	parseOnly(source: Uint8Array | string): void;
}

/** What reads for an interest. */
interface Reader {
	passages: PassageReader;
	remembered: Remembered;
}

/** Loads the grammar once; the extractor is synchronous from then on. */
export async function createExtractor(): Promise<Extractor> {
	const parser = await createCParser();
	const statements = new StatementParser(parser);
	const traces = new TraceCache();
	const readers = new WeakMap<Interest, Reader>();
	const readerFor = (want: Interest): Reader => {
		const known = readers.get(want);
		if (known !== undefined) return known;
		const reader = new BodyReader(statements, want);
		const remembered = { reader, traces, names: new NamesOfFiles() };
		const made = { passages: new PassageReader(want), remembered };
		readers.set(want, made);
		return made;
	};
	const withParsed = <T>(code: string, use: (parsed: Parsed) => T): T => {
		const parsed = parser.parse(code);
		try {
			return use(parsed);
		} finally {
			parsed.free();
		}
	};
	return {
		extract(bytes, want = defaultInterest) {
			const text = decode(bytes);
			const { passages: cut, remembered } = readerFor(want);
			const passages = cut.passagesOf(text);
			try {
				return fileFacts(passages, remembered, want);
			} finally {
				for (const passage of passages) passage.source = undefined;
			}
		},
		extractFragment(lines, want = defaultInterest) {
			const source = prepareFragment(lines);
			const scope = scanFileScope(source, want, true);
			return withParsed(parseable(source.code), (parsed) =>
				fragmentFacts(source, scope, parsed, want),
			);
		},
		parseOnly(bytes) {
			const source = prepare(bytes);
			const scope = scanFileScope(source, { entryMacros: () => false, macroObjects: false });
			const bodies = scope.functions.map((span) => ({ source, span }));
			withParsed(bodiesOnly(bodies), () => undefined);
		},
	};
}
