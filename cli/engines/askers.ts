/**
 * Joins the tests of a predicate to what can answer them: the facts of drivers, the placement of patches,
 * and git. What a commit lacks to tell makes the reading unknown.
 */
import { createHash } from 'node:crypto';
import { DriverTrees } from '../../cache/driver-trees.ts';
import { withEnteringHeaders } from '../../cache/entering-headers.ts';
import type { Capability } from '../../src/driver/model.ts';
import type { Profile } from '../../src/driver/profile.ts';
import { PROFILES, profilesFor } from '../../src/driver/profiles/index.ts';
import { failureOf } from '../../src/errors.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import type { Asker, Reading, Reads } from '../../src/history/judge-predicate.ts';
import { type Predicate, type Test, testsOf, wrong } from '../../src/history/predicate.ts';
import type { EngineWorld } from '../engine.ts';
import type { OpenSource } from '../sources.ts';
import { containsAsker } from './contains-asker.ts';
import { reachedReading, styleReading } from './driver-readings.ts';
import { placesAsker } from './places-asker.ts';

export interface AskerContext {
	readonly world: EngineWorld;
	readonly open: OpenSource & { store: ObjectStore };
	/** Commits that tell which profile knows a driver or a capability. */
	readonly ends: readonly string[];
	/** True where a name that no end knows is taken for a mistake. */
	readonly strict: boolean;
}

/**
 * Makes an asker for each test.
 * @throws RangefinderError bad-predicate for names that nothing knows; as reading a patch does
 */
export async function askersOf(
	predicate: Predicate,
	context: AskerContext,
): Promise<Map<Test, Asker>> {
	const trees = new Trees(context);
	const askers = new Map<Test, Asker>();
	for (const test of testsOf(predicate)) {
		askers.set(test, unknownWhereMissing(await askerOf(test, context, trees)));
	}
	return askers;
}

/** What profiles read of trees, each profile once. */
class Trees {
	readonly #context: AskerContext;
	readonly #known = new Map<Profile, DriverTrees>();

	constructor(context: AskerContext) {
		this.#context = context;
	}

	of(profile: Profile): DriverTrees {
		const { store, source } = this.#context.open;
		const known = this.#known.get(profile) ?? new DriverTrees(store, source, profile);
		this.#known.set(profile, known);
		return known;
	}

	/** The first profile for which `has` is true at one of the ends. */
	async first(
		profiles: readonly Profile[],
		has: (trees: DriverTrees, commit: string) => Promise<boolean>,
	): Promise<Profile | undefined> {
		for (const profile of profiles) {
			for (const commit of this.#context.ends) {
				if (await orMissing(has(this.of(profile), commit), false)) return profile;
			}
		}
		return undefined;
	}
}

function askerOf(test: Test, context: AskerContext, trees: Trees): Promise<Asker> {
	switch (test.subject) {
		case 'style':
		case 'reached':
			return driverAsker(test, context, trees);
		case 'capability':
			return capabilityAsker(test, context, trees);
		case 'symbol':
			return symbolAsker(test, context);
		case 'places':
			return placesAsker(test, context);
		case 'contains':
			return containsAsker(test, context);
	}
}

async function driverAsker(test: Test, context: AskerContext, trees: Trees): Promise<Asker> {
	const isStyle = test.subject === 'style';
	const [driver = '', call = ''] = isStyle ? test.args : [test.args[1] ?? '', test.args[0] ?? ''];
	const calls = new Set(PROFILES.flatMap(callsOf));
	if (!isStyle && !calls.has(call)) {
		throw wrong(test, `reached() knows ${[...calls].join(', ')}; not ${call}`);
	}
	const named = driver.includes('/') ? profilesFor([driver]) : PROFILES;
	const { open, ends } = context;
	const profiles = await Promise.all(named.map((one) => withEnteringHeaders(open, ends, one)));
	const profile = await trees.first(profiles, (tree, commit) => tree.has(commit, driver));
	if (profile === undefined) {
		if (context.strict) throw wrong(test, `there is no driver ${driver} at either end`);
		return constant({ values: ['absent'], holds: false, sights: [] });
	}
	const tree = trees.of(profile);
	return {
		reads: { paths: tree.paths, ancestry: false },
		async look(commit) {
			const look = await tree.driver(commit, driver);
			return {
				inputs: look.inputs,
				read: async () =>
					isStyle
						? styleReading(look, driver, test.args.slice(1))
						: reachedReading(look, driver, call),
			};
		},
	};
}

function callsOf(profile: Profile): string[] {
	const { installCalls, registerCalls, fwnodeCalls } = profile;
	return [...installCalls.keys(), ...registerCalls, ...fwnodeCalls.keys()];
}

async function capabilityAsker(test: Test, context: AskerContext, trees: Trees): Promise<Asker> {
	const [name = ''] = test.args;
	const named = ({ capability }: Capability): boolean => capability === name;
	const profile = await trees.first(PROFILES, async (tree, commit) =>
		(await tree.capabilities(commit)).all.some(named),
	);
	if (profile === undefined) {
		if (context.strict) throw wrong(test, `no capability ${name} is read at either end`);
		const text = `no capability ${name} is read`;
		return constant({ values: undefined, holds: false, sights: [{ text }] });
	}
	const tree = trees.of(profile);
	return {
		reads: { paths: tree.paths, ancestry: false },
		async look(commit) {
			const { inputs, all } = await tree.capabilities(commit);
			return { inputs, read: async () => capabilityReading(name, all.find(named)) };
		},
	};
}

/** What a capability says when it is not there. */
const NO: readonly unknown[] = [false, 'none', 'never', 0];

function capabilityReading(name: string, found: Capability | undefined): Reading {
	if (found === undefined) {
		return { values: undefined, holds: false, sights: [{ text: `${name} cannot be read` }] };
	}
	const text = `${name}: ${found.value}`;
	const [at] = found.evidence;
	return {
		values: [String(found.value)],
		holds: !NO.includes(found.value),
		sights: [{ text, ...at }],
	};
}

async function symbolAsker(test: Test, { open }: AskerContext): Promise<Asker> {
	const [name = ''] = test.args;
	const path = test.relation?.value ?? '';
	return {
		reads: { paths: [path], ancestry: false },
		async look(commit) {
			const [blob] = await open.store.blobIds(commit, [path]);
			return {
				inputs: blob ?? '',
				async read() {
					if (blob === undefined) {
						return { values: [], holds: false, sights: [{ text: `there is no ${path}` }] };
					}
					const facts = (await open.source.fileFacts([{ path, blob }])).get(blob);
					const found = facts?.symbols.find((symbol) => symbol.name === name);
					const sight =
						found === undefined
							? { text: `no ${name}`, path, blob }
							: { text: `${found.kind} ${name}`, path, line: found.line, blob };
					return { values: [], holds: found !== undefined, sights: [sight] };
				},
			};
		},
	};
}

/** An asker that says the same of every commit. */
function constant(reading: Reading): Asker {
	const reads: Reads = { paths: [], ancestry: false };
	return { reads, look: async () => ({ inputs: '', read: async () => reading }) };
}

/** Makes what is not there, as in a partial clone, a reading that cannot tell. */
function unknownWhereMissing({ look, ...asker }: Asker): Asker {
	const missing = (text: string): Reading => ({
		values: undefined,
		holds: false,
		sights: [{ text }],
	});
	return {
		...asker,
		async look(commit) {
			try {
				const { inputs, read } = await look(commit);
				return { inputs, read: () => read().catch((error) => missing(missingText(error))) };
			} catch (error) {
				const text = missingText(error);
				const inputs = createHash('sha1').update(`missing ${commit}`).digest('hex');
				return { inputs, read: async () => missing(text) };
			}
		},
	};
}

/** What is missing; other errors go on. */
function missingText(error: unknown): string {
	const failure = failureOf(error);
	if (failure?.code === 'object-missing') return failure.what;
	throw error;
}

async function orMissing<T>(value: Promise<T>, instead: T): Promise<T> {
	try {
		return await value;
	} catch (error) {
		missingText(error);
		return instead;
	}
}
