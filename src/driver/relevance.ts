/**
 * Which functions of a file matter for registration: those that reach, by call or by handing on a
 * function, a call that the interest names. Gates are kept for those only.
 */

import type { CallFact, FileFacts, FunctionFact } from './facts.ts';
import type { Interest } from './interest.ts';

/** The function whose lines hold a line; functions ascend. */
export function functionAt(
	functions: readonly FunctionFact[],
	line: number,
): FunctionFact | undefined {
	let low = 0;
	let high = functions.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((functions[middle]?.line ?? 0) <= line) low = middle + 1;
		else high = middle;
	}
	const found = functions[low - 1];
	return found !== undefined && line <= found.end ? found : undefined;
}

/** What of a file decides whether the arguments of a call are kept. */
export interface FileNames {
	functions: ReadonlySet<string>;
	objects: ReadonlySet<string>;
}

/** The names that a file defines at file scope. */
export function fileNames(
	facts: Pick<FileFacts, 'functions' | 'structs' | 'variables' | 'symbols'>,
): FileNames {
	const functions = new Set(facts.functions.map((f) => f.name));
	for (const symbol of facts.symbols) if (symbol.kind !== 'macro') functions.add(symbol.name);
	const objects = new Set(facts.structs.map((s) => s.name));
	for (const variable of facts.variables) objects.add(variable.name);
	return { functions, objects };
}

/** True when the arguments of a call are worth keeping: asked for, or they name something of the file, or NULL. */
export function keepsArguments(
	callee: string,
	args: readonly string[],
	names: FileNames,
	want: Interest,
): boolean {
	if (want.argsOf.has(callee)) return true;
	return args.some((arg) => {
		if (arg === 'NULL') return true;
		if (arg.startsWith('&')) return names.objects.has(arg.slice(1).trim());
		return names.functions.has(arg);
	});
}

/** The functions, by their facts, that reach a call of interest. */
export function relevantFunctions(
	functions: readonly FunctionFact[],
	calls: readonly CallFact[],
	want: Interest,
): Set<FunctionFact> {
	const named = new Set(functions.map((f) => f.name));
	const callers = new Map<string, Set<string>>();
	const reached = new Set<string>();
	for (const call of calls) {
		const inside = functionAt(functions, call.line)?.name;
		if (inside === undefined) continue;
		if (want.argsOf.has(call.callee)) reached.add(inside);
		for (const name of [call.callee, ...(call.args ?? [])]) {
			const target = name.startsWith('&') ? name.slice(1).trimStart() : name;
			if (!named.has(target)) continue;
			const known = callers.get(target) ?? new Set<string>();
			callers.set(target, known.add(inside));
		}
	}
	const queue = [...reached];
	for (let name = queue.pop(); name !== undefined; name = queue.pop())
		for (const caller of callers.get(name) ?? [])
			if (!reached.has(caller)) {
				reached.add(caller);
				queue.push(caller);
			}
	return new Set(functions.filter((f) => reached.has(f.name)));
}
