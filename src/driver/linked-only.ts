/**
 * Facts for linking alone, without what only splicing a patch into them needs: the names that tell what a patch's
 * lines mean, and conditionals that hold nothing of which a link asks when it is compiled.
 */
import type { DirectiveFact, FileFacts } from './facts.ts';

/**
 * Takes from facts what no link looks at, besides symbols and variables: the parameters of functions that were not
 * read, whose calls are not known, and conditionals around nothing. All stays where traces say how control goes
 * through functions: these hang on any line.
 */
export function leaveLinked(facts: FileFacts): void {
	if (facts.traces !== undefined) return;
	for (const one of facts.functions) if (one.unread === true) one.params = [];
	facts.directives = conditionalsAround(facts.directives, compiledLines(facts));
}

/** The lines of which a link asks under which conditions they are compiled. */
function compiledLines({ calls, entries, structs, hooks, preprocessor }: FileFacts): number[] {
	const lines: number[] = [];
	for (const { line } of calls) lines.push(line);
	for (const { line } of entries) lines.push(line);
	for (const { line } of structs) lines.push(line);
	for (const { line } of hooks) lines.push(line);
	for (const { line } of preprocessor?.includes ?? []) if (line !== undefined) lines.push(line);
	return lines.sort((a, b) => a - b);
}

/**
 * The conditionals that have one of some lines between their `#if` and their `#endif`, and those that have not
 * both.
 * @param lines ascending
 */
export function conditionalsAround(
	directives: readonly DirectiveFact[],
	lines: readonly number[],
): DirectiveFact[] {
	const kept: DirectiveFact[] = [];
	/** Of each open conditional, where it begins among those that are kept, and how many lines stand before it. */
	const open: { at: number; before: number }[] = [];
	let before = 0;
	for (const directive of directives) {
		while (before < lines.length && (lines[before] ?? 0) < directive.line) before++;
		if (directive.kind === 'if') open.push({ at: kept.length, before });
		const group = directive.kind === 'endif' ? open.pop() : undefined;
		if (group !== undefined && group.before === before) kept.length = group.at;
		else kept.push(directive);
	}
	return kept;
}
