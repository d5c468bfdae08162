/**
 * Which function bodies of a file are worth parsing: those that can be on a path from an entry of
 * the file, and those that lead to a call of interest. Found by the names in them, which costs a
 * fraction of parsing; a name in a body is taken for a call, so too many are read rather than too few.
 */
import type { Interest } from './interest.ts';
import type { FileScope } from './scan.ts';

/** A function with the names in its body, each once. */
export interface NamedBody {
	name: string;
	names: readonly string[];
	/** Whether a call of interest is among them. */
	interesting: boolean;
}

/** The functions of a file whose bodies can bear on registration. */
export function bodiesOfInterest<T extends NamedBody>(
	functions: readonly T[],
	scope: Pick<FileScope, 'entries' | 'structs'>,
	assigned: readonly { value: string }[],
	{ calledBack }: Pick<Interest, 'calledBack'>,
): Set<T> {
	const byName = new Map<string, T[]>();
	for (const one of functions) {
		const known = byName.get(one.name);
		if (known === undefined) byName.set(one.name, [one]);
		else known.push(one);
	}
	const called = new Map<T, string[]>();
	const chosen = new Set<T>();
	const users = new Map<string, T[]>();
	const leads: T[] = [];
	for (const one of functions) {
		const names: string[] = [];
		for (const name of one.names) {
			if (!byName.has(name)) continue;
			names.push(name);
			const known = users.get(name);
			if (known === undefined) users.set(name, [one]);
			else known.push(one);
		}
		called.set(one, names);
		if (one.interesting) leads.push(one);
	}
	spread(leads, chosen, ({ name }) => users.get(name) ?? []);
	const fromEntries = new Set<T>();
	spread(entries(scope, assigned, byName, calledBack), fromEntries, (one) =>
		(called.get(one) ?? []).flatMap((name) => byName.get(name) ?? []),
	);
	for (const one of fromEntries) chosen.add(one);
	return chosen;
}

function spread<T>(from: readonly T[], into: Set<T>, next: (one: T) => readonly T[]): void {
	const queue = [...from];
	for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
		if (into.has(one)) continue;
		into.add(one);
		queue.push(...next(one));
	}
}

/** Functions that something outside the file runs: named by a macro, a driver struct or a hook. */
function entries<T>(
	scope: Pick<FileScope, 'entries' | 'structs'>,
	assigned: readonly { value: string }[],
	byName: ReadonlyMap<string, T[]>,
	calledBack: Interest['calledBack'],
): T[] {
	const names = scope.entries.flatMap(({ args }) => args);
	for (const { type, macro, fields } of scope.structs) {
		const members = calledBack.get(type);
		for (const { path, value } of fields) {
			if (macro === true || /driver$/.test(type) || members?.has(path) === true) names.push(value);
		}
	}
	names.push(...assigned.map(({ value }) => value));
	return names.flatMap((name) => byName.get(name.replace(/^&\s*/, '')) ?? []);
}
