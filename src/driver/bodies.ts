/**
 * Which function bodies of a file are worth parsing: those that can be on a path from an entry of
 * the file, and those that lead to a call of interest. Found by the names in them, which costs a
 * fraction of parsing; a name in a body is taken for a call, so too many are read rather than too few.
 */
import type { FileFacts } from './facts.ts';
import type { Interest } from './interest.ts';
import type { KnownNames } from './known-names.ts';

/** The names in a body. */
export interface BodyNames {
	/** Each once. */
	readonly names: readonly string[];
	/** Whether a call of interest is among them. */
	readonly interesting: boolean;
	/** Those of them that the functions of a file have, and of which file. */
	called: { of: number; names: readonly string[] };
}

/** A function with the names in its body. */
export interface NamedBody {
	readonly name: string;
	readonly body: BodyNames;
}

/** The functions of a file whose bodies can bear on registration. */
export function bodiesOfInterest<T extends NamedBody>(
	functions: readonly T[],
	names: KnownNames,
	scope: Pick<FileFacts, 'entries' | 'structs'>,
	assigned: readonly string[],
	{ calledBack }: Pick<Interest, 'calledBack'>,
): Set<T> {
	const byName = new Map<string, T[]>();
	const users = new Map<string, T[]>();
	const leads: T[] = [];
	for (const one of functions) {
		add(byName, one.name, one);
		for (const name of calledIn(one.body, names)) add(users, name, one);
		if (one.body.interesting) leads.push(one);
	}
	const chosen = new Set<T>();
	spread(leads, chosen, ({ name }, queue) => {
		for (const user of users.get(name) ?? []) queue.push(user);
	});
	const fromEntries = new Set<T>();
	spread(entries(scope, assigned, byName, calledBack), fromEntries, ({ body }, queue) => {
		for (const name of body.called.names) queue.push(...(byName.get(name) ?? []));
	});
	for (const one of fromEntries) chosen.add(one);
	return chosen;
}

/** The names in a body that functions of its file have. */
function calledIn(body: BodyNames, { id, defined }: KnownNames): readonly string[] {
	if (body.called.of !== id) {
		body.called = { of: id, names: body.names.filter((name) => defined.has(name)) };
	}
	return body.called.names;
}

function add<T>(to: Map<string, T[]>, name: string, one: T): void {
	const known = to.get(name);
	if (known === undefined) to.set(name, [one]);
	else known.push(one);
}

function spread<T>(from: T[], into: Set<T>, next: (one: T, queue: T[]) => void): void {
	const queue = from;
	for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
		if (into.has(one)) continue;
		into.add(one);
		next(one, queue);
	}
}

/** Functions that something outside the file runs: named by a macro, a driver struct or a hook. */
function entries<T>(
	scope: Pick<FileFacts, 'entries' | 'structs'>,
	assigned: readonly string[],
	byName: ReadonlyMap<string, T[]>,
	calledBack: Interest['calledBack'],
): T[] {
	const found: T[] = [];
	const take = (name: string) => {
		const one = name.startsWith('&') ? name.slice(1).trimStart() : name;
		found.push(...(byName.get(one) ?? []));
	};
	for (const { args } of scope.entries) args.forEach(take);
	for (const { type, macro, fields } of scope.structs) {
		const members = calledBack.get(type);
		const all = macro === true || type.endsWith('driver');
		if (!all && members === undefined) continue;
		for (const { path, value } of fields) if (all || members?.has(path) === true) take(value);
	}
	assigned.forEach(take);
	return found;
}
