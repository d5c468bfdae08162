/** What functions' bodies say by themselves, whatever else their file holds; lines are those of their passages. */
import { type ParsedBodies, parseBodies } from './bodies-text.ts';
import { calleesOf, callsAt, type WholeCall } from './calls.ts';
import { findGates, type Gates } from './gates.ts';
import type { Interest } from './interest.ts';
import type { CParser, IfSpan } from './parser.ts';
import { type Passage, sourceOf } from './passage.ts';
import type { FunctionSpan } from './scan.ts';
import { lineAt, type Source } from './source.ts';

export interface BodyFacts {
	calls: WholeCall[];
	/** Lines at which the parser had to recover. */
	recovered: number[];
	/** Read when first asked for: most functions lead to no call of interest. */
	gates?: Gates;
}

/** A function of a passage. */
export interface FunctionAt {
	passage: Passage;
	/** Which one. */
	at: number;
}

/** Reads bodies of one file, those that no other version of it had. */
export class BodyReader {
	readonly #parser: CParser;
	readonly #want: Interest;
	/** What was parsed last, and of which functions. */
	#last: { of: readonly FunctionAt[]; parsed: ParsedBodies } | undefined;

	constructor(parser: CParser, want: Interest) {
		this.#parser = parser;
		this.#want = want;
	}

	/** Sees to it that the calls of all these functions are known; all in one parse. */
	readCalls(functions: readonly FunctionAt[]): void {
		const unknown = functions.filter(({ passage, at }) => passage.bodies[at] === undefined);
		if (unknown.length === 0) return;
		for (const [i, body] of this.#parse(unknown).bodies.entries()) {
			const one = unknown[i];
			if (one === undefined) continue;
			const { callees, errors } = body;
			const { source } = textOf(one);
			one.passage.bodies[one.at] = {
				calls: callsAt(source, calleesOf(source, callees, errors)),
				recovered: errors.map(({ from }) => lineAt(source, from)),
			};
		}
	}

	/** Sees to it that the gates of all these functions are known; their calls have to be. */
	readGates(functions: readonly FunctionAt[]): void {
		const unknown = new Set(
			functions.filter(({ passage, at }) => passage.bodies[at]?.gates === undefined),
		);
		if (unknown.size === 0) return;
		const last = this.#last;
		if (last?.of.some((one) => unknown.has(one)) === true) {
			for (const [i, ifs] of last.parsed.ifs().entries()) {
				const one = last.of[i];
				if (one !== undefined && unknown.delete(one)) this.#addGates(one, ifs);
			}
		}
		const others = [...unknown];
		if (others.length === 0) return;
		for (const [i, ifs] of this.#parse(others).ifs().entries()) {
			const one = others[i];
			if (one !== undefined) this.#addGates(one, ifs);
		}
	}

	#addGates(one: FunctionAt, ifs: readonly IfSpan[]): void {
		const body = one.passage.bodies[one.at];
		if (body === undefined) return;
		const { source, span } = textOf(one);
		const stretch = { from: span.open + 1, to: span.close, params: span.fact.params };
		body.gates = findGates(source, stretch, ifs, this.#want, one.passage.sets);
	}

	#parse(functions: readonly FunctionAt[]): ParsedBodies {
		this.free();
		const parsed = parseBodies(functions.map(textOf), this.#parser);
		this.#last = { of: functions, parsed };
		return parsed;
	}

	/** Gives back the parser's memory. */
	free(): void {
		this.#last?.parsed.free();
		this.#last = undefined;
	}
}

function textOf({ passage, at }: FunctionAt): { source: Source; span: FunctionSpan } {
	const span = passage.functions[at];
	if (span === undefined) throw new RangeError(`no function ${at} in its passage`);
	return { source: sourceOf(passage), span };
}
