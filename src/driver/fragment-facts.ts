/** The facts of a fragment: what a file says, and where the fragment cuts it. */
import { calleesOf, fragmentCallsAt } from './calls.ts';
import { flagSets, keepsOutSecondCall } from './flags.ts';
import { type FragmentFacts, looseCompatibles, looseFields } from './fragment.ts';
import { findGates, memberAssignments } from './gates.ts';
import type { Interest } from './interest.ts';
import type { Parsed } from './parser.ts';
import type { FileScope, FunctionSpan } from './scan.ts';
import { scopeFacts } from './scope-facts.ts';
import { lineAt, type Source } from './source.ts';
import { type ReadStep, readSteps } from './trace-read.ts';
import { bodyText, macroSteps, macroTexts } from './trace-scope.ts';

/** Puts together what was scanned and what was parsed of a fragment. */
export function fragmentFacts(
	source: Source,
	scope: FileScope,
	parsed: Parsed,
	want: Interest,
): FragmentFacts {
	const { callees, ifs } = parsed.found();
	const calls = fragmentCallsAt(source, calleesOf(source, callees, parsed.errors()));
	const sets = flagSets(source);
	const stretches = outsideAndBodies(source, scope.functions).map((stretch) => {
		const here = ifs.filter((span) => span.start >= stretch.from && span.start < stretch.to);
		return findGates(source, stretch, here, want, sets);
	});
	const isWhole = !parsed.givenUp && stretches.every(({ whole }) => whole);
	const headless = sets
		.filter(({ inside }) => inside === undefined)
		.map(({ flag, index }) => ({ flag, line: lineAt(source, index) }));
	return {
		...scopeFacts(source, scope, want),
		functions: scope.functions.map((span) => span.fact),
		calls,
		gates: stretches.flatMap(({ gates, flags }) => {
			const none = flags.filter((flag) => keepsOutSecondCall(flag, sets));
			return gates.filter((gate) => !none.some((flag) => flag.gate === gate));
		}),
		hooks: memberAssignments(source).map(({ target, value, index }) => ({
			target,
			value,
			line: lineAt(source, index),
		})),
		// Members of structs and local variables look the same, but are indented.
		variables: scope.variables.filter(({ line }) => atMargin(source, line)),
		doubtful: [],
		...(isWhole ? {} : { incomplete: [1] }),
		looseFields: looseFields(source),
		looseCompatible: looseCompatibles(source),
		closed: source.closed.map((at) => lineAt(source, at)),
		steps: fragmentSteps(source, scope.functions),
		macroSteps: macroTexts(source).map((macro) => ({
			name: macro.name,
			line: macro.line,
			steps: macroSteps(macro, () => true),
		})),
		cut: [
			...scope.functions.filter((span) => span.close >= source.limit).map((span) => span.fact.line),
			...[...scope.structs, ...scope.matchTables]
				.filter((fact) => cutAt(source, fact.end))
				.map((fact) => fact.line),
		],
		...(headless.length === 0 ? {} : { sets: headless }),
	};
}

/** What the lines do, within the bodies whose heads are there and outside of them. */
function fragmentSteps(source: Source, functions: readonly FunctionSpan[]): ReadStep[] {
	const closed = new Set(source.closed);
	const read = (open: number, close: number, whole: boolean): ReadStep[] => {
		const text = bodyText(source, { open, close: Math.min(close, source.limit) });
		const closes = (at: number) => {
			if (!closed.has(at)) return undefined;
			return /^\s*else\b/.test(source.text.slice(at + 1, at + 200)) ? 'block and else' : 'block';
		};
		return readSteps({ ...text, closes }, () => true, true, whole);
	};
	let done = -1;
	const steps = functions.flatMap(({ name, open, close }) => {
		const outside = read(done, name, false);
		done = close;
		return [...outside, ...read(open, close, true)];
	});
	return [...steps, ...read(done, source.code.length, false)];
}

function atMargin(source: Source, line: number): boolean {
	return /\S/.test(source.text.charAt(source.starts[line - 1] ?? 0));
}

/** True when what ends on a line was closed for want of more. */
function cutAt(source: Source, end: number): boolean {
	return end === source.starts.length && source.limit < source.code.length;
}

/** The stretches of a fragment that may hold statements: bodies, and what is between them. */
function outsideAndBodies(
	source: Source,
	functions: readonly FunctionSpan[],
): { from: number; to: number; params: readonly string[] }[] {
	const stretches: { from: number; to: number; params: readonly string[] }[] = [];
	let done = 0;
	for (const { fact, name, open, close } of functions) {
		stretches.push({ from: done, to: name, params: [] });
		stretches.push({ from: open + 1, to: close, params: fact.params });
		done = close + 1;
	}
	stretches.push({ from: done, to: source.code.length, params: [] });
	return stretches.filter((stretch) => stretch.from < stretch.to);
}
