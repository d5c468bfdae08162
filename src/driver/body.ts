/** What functions' bodies say by themselves, whatever else their file holds; lines are those of their passages. */
import { calleesOf, callsAt, type WholeCall } from './calls.ts';
import type { CallFact } from './facts.ts';
import { findGates, type Gates } from './gates.ts';
import type { Interest } from './interest.ts';
import type { IfSpan } from './parser.ts';
import { type Passage, sourceOf } from './passage.ts';
import type { FunctionSpan } from './scan.ts';
import { lineAt, type Source } from './source.ts';
import type { StatementParser } from './statements.ts';

/** What is kept of the calls of a body in a file of certain names. */
export interface KeptCalls {
	/** The number of the names. */
	of: number;
	/** Without the arguments that are not kept. */
	calls: readonly CallFact[];
	/** Whether a call of interest is among them. */
	reaches: boolean;
	/** The functions of the file that are called or handed on, each once. */
	targets: readonly string[];
}

export interface BodyFacts {
	calls: WholeCall[];
	/** What was kept of them last. */
	kept?: KeptCalls;
	/** Lines at which the parser had to recover. */
	recovered: number[];
	/** Whether the parser gave it up. */
	givenUp: boolean;
	/** Its if statements, until its gates are read. */
	ifs: IfSpan[];
	/** Read when first asked for: most functions lead to no call of interest. */
	gates?: Gates;
}

/** A function of a passage. */
export interface FunctionAt {
	passage: Passage;
	/** Which one. */
	at: number;
}

/** Reads bodies, those that no other version of their file had. */
export class BodyReader {
	readonly #statements: StatementParser;
	readonly #want: Interest;

	constructor(statements: StatementParser, want: Interest) {
		this.#statements = statements;
		this.#want = want;
	}

	/** Sees to it that the calls of all these functions are known. */
	readCalls(functions: readonly FunctionAt[]): void {
		const unknown = functions.filter(({ passage, at }) => passage.bodies[at] === undefined);
		if (unknown.length === 0) return;
		for (const [i, body] of this.#statements.parse(unknown.map(textOf)).entries()) {
			const one = unknown[i];
			if (one === undefined) continue;
			const { callees, ifs, errors, givenUp } = body;
			const { source } = textOf(one);
			one.passage.bodies[one.at] = {
				calls: callsAt(source, calleesOf(source, callees, errors)),
				recovered: errors.map(({ from }) => lineAt(source, from)),
				givenUp,
				ifs,
			};
		}
	}

	/** Sees to it that the gates of all these functions are known; their calls have to be. */
	readGates(functions: readonly FunctionAt[]): void {
		for (const one of functions) {
			const body = one.passage.bodies[one.at];
			if (body === undefined || body.gates !== undefined) continue;
			const { source, span } = textOf(one);
			const stretch = { from: span.open + 1, to: span.close, params: span.fact.params };
			body.gates = findGates(source, stretch, body.ifs, this.#want, one.passage.sets);
			body.ifs = [];
		}
	}
}

function textOf({ passage, at }: FunctionAt): { source: Source; span: FunctionSpan } {
	const span = passage.functions[at];
	if (span === undefined) throw new RangeError(`no function ${at} in its passage`);
	return { source: sourceOf(passage), span };
}
