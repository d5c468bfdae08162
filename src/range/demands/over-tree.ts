/** The demands of a tree's capabilities, checked over the whole tree. */
import { builtWhen } from '../../driver/ways/built-when.ts';
import { DRIVER_CORE, MATCH_UNDER_LOCK, matchUnderLock } from '../../driver/ways/match-lock.ts';
import type { Registration, Sweep } from '../../driver/ways/sweep.ts';
import type { TreeText } from '../../git/tree-text.ts';
import type { Demand, DemandFacts, Finding } from './demand.ts';
import type { DemandsReport } from './report.ts';

/** What is asked of a tree. */
export interface DemandsQuery {
	tree: TreeText;
	demands: readonly Demand[];
	/** Capabilities that are taken as given. */
	assume: readonly string[];
	/** Finds the registrations of the tree; asked only where something demands. */
	sweep(): Promise<Sweep>;
}

/** What was found; the caller says of which release. */
export type DemandsFound = Pick<
	DemandsReport,
	'capabilities' | 'demands' | 'registrations' | 'unread'
>;

/** Every capability that has demands. */
export function capabilitiesThatDemand(demands: readonly Demand[]): string[] {
	return [...new Set(demands.map(({ capability }) => capability))].sort();
}

/** The capability of a tree as its driver core says. */
export async function readCapability(
	tree: TreeText,
): Promise<DemandsReport['capabilities'][number]> {
	const found = matchUnderLock(await tree.read(DRIVER_CORE));
	return {
		capability: MATCH_UNDER_LOCK,
		value: found === undefined ? null : found.value === true,
		assumed: false,
		why:
			found === undefined
				? 'drivers/base/dd.c has no __driver_attach() that matches drivers'
				: null,
		evidence: found?.evidence ?? [],
	};
}

/** Checks the demands that a tree's capabilities, or those that are assumed, make. */
export async function checkDemands({
	tree,
	demands,
	assume,
	sweep,
}: DemandsQuery): Promise<DemandsFound> {
	const read = await readCapability(tree);
	const assumed = new Set(assume);
	const capabilities = [{ ...read, assumed: assumed.has(read.capability) }];
	const given = new Set(
		capabilities.filter((one) => one.value === true || one.assumed).map((one) => one.capability),
	);
	const asked = demands.filter(({ capability }) => given.has(capability));
	if (asked.length === 0) return { capabilities, demands: [], registrations: 0, unread: [] };
	const { registrations, unread } = await sweep();
	const facts = await factsFor(tree, registrations);
	return {
		capabilities,
		demands: asked.map((one) => answerOf(one, facts)),
		registrations: registrations.length,
		unread,
	};
}

async function factsFor(
	tree: TreeText,
	registrations: readonly Registration[],
): Promise<DemandFacts> {
	const paths = registrations.flatMap(({ ways }) =>
		ways
			.filter(({ end }) => end.kind === 'probe' || end.kind === 'unknown')
			.flatMap(({ steps }) => steps.map(({ path }) => path)),
	);
	const linked = await builtWhen(tree, paths);
	return { registrations, linked: (path) => linked.get(path) };
}

function answerOf(demand: Demand, facts: DemandFacts): DemandsReport['demands'][number] {
	const { violations, unknown } = demand.check(facts);
	const { id, capability, reason, source } = demand;
	return {
		id,
		capability,
		demand: demand.demand,
		reason,
		source,
		violations: violations.map(findingOf),
		unknown: unknown.map((one) => ({ ...findingOf(one), why: one.why })),
	};
}

function findingOf({ driver, text, bus, steps, call, when }: Finding) {
	return {
		driver,
		text,
		bus: bus ?? null,
		steps: steps.map((step) => ({
			function: step.function,
			path: step.path,
			line: step.line,
			through: step.through ?? null,
		})),
		call,
		when,
	};
}
