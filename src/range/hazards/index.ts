/** The hazards that a patch may remove. Where it removes none of these, the style that it gives up is one. */
import type { DriverFacts } from '../../driver/model.ts';
import { installations } from '../../driver/style.ts';
import { uncheckedInstallations } from '../ownership.ts';
import { lateInstallations } from '../rules/installs-before-state.ts';
import { earliestByBus, installationPlace, moves, offered, type Situation } from '../situation.ts';
import type { Hazard, HazardFound, HazardScope } from './hazard.ts';

const takesUnchecked: Hazard = {
	id: 'takes-bus-unchecked',
	says: 'takes the bus from an initcall without looking for its hardware',
	find: (driver, { tree, values }) =>
		uncheckedInstallations(driver, tree, values)
			// Where the core installs the ops no driver takes a bus from another.
			.filter(({ ops }) => ops !== undefined)
			.map((one) => {
				const { path, line } = one.chain.entry;
				const evidence = [installationPlace(one), { path, line }];
				return { bus: one.bus, style: one.style, evidence };
			}),
};

const readTooEarly: Hazard = {
	id: 'installs-before-state',
	says: 'installs ops that read, when they are called back at once, what is written only afterwards',
	find: (driver, scope) =>
		lateInstallations(scope, driver)
			.filter(({ late }) => late.doubt === undefined)
			.map(({ late, call, installation }) => ({
				bus: installation.bus,
				style: installation.style,
				evidence: [{ path: call.path, line: call.line }, late.read, late.write].map(
					({ path, line }) => ({ path, line }),
				),
			})),
};

const notAwaited: Hazard = {
	id: 'not-awaited',
	says: 'installs its ops in probe, and its masters do not wait for it',
	find: (driver, scope) => {
		const defers = offered(scope, 'lookup-defers');
		if (defers === undefined || defers.value === 'all') return [];
		return installations(driver, scope.tree, scope.values)
			.filter(({ style }) => /^probe@(?:device|late)(?!.*\+awaited)/.test(style))
			.map((one) => ({ bus: one.bus, style: one.style, evidence: [installationPlace(one)] }));
	},
};

const HAZARDS: readonly Hazard[] = [takesUnchecked, readTooEarly, notAwaited];

/** The hazard of being registered in a style that the patch gives up. */
function styleHazard(style: string): Hazard {
	return {
		id: `style:${style}`,
		says: `comes onto its bus as ${style}`,
		find: (driver, { tree, values }) =>
			installations(driver, tree, values)
				.filter((one) => one.style === style)
				.map((one) => ({ bus: one.bus, style, evidence: [installationPlace(one)] })),
	};
}

/** A hazard that a patch removes from its driver. */
export interface Removed {
	hazard: Hazard;
	driver: string;
	bus: string;
	/** Styles on that bus. */
	before: string;
	after: string;
}

/** What a patch removes in one situation. */
export function removedIn(situation: Situation): Removed[] {
	const { before, after, tree, values } = situation;
	if (after === undefined) return [];
	const { driver } = before;
	const style = (facts: DriverFacts, bus: string): string =>
		earliestByBus({ tree, values }, facts).get(bus)?.style ?? 'none';
	const found = HAZARDS.flatMap((hazard) => {
		const left = new Set(hazard.find(after, situation).map(({ bus }) => bus));
		const gone = hazard.find(before, situation).filter(({ bus }) => !left.has(bus));
		return [...new Set(gone.map(({ bus }) => bus))].map((bus) => ({
			hazard,
			driver,
			bus,
			before: style(before, bus),
			after: style(after, bus),
		}));
	});
	if (found.length > 0) return found;
	return moves(situation).map(({ bus, from, to }) => ({
		hazard: styleHazard(from.style),
		driver,
		bus,
		before: from.style,
		after: to.style,
	}));
}

/** Everything that a patch removes in any of some situations, each once. */
export function removedBy(situations: readonly Situation[]): Removed[] {
	const found = new Map<string, Removed>();
	for (const situation of situations) {
		for (const one of removedIn(situation)) {
			const key = `${one.hazard.id} ${one.driver} ${one.bus}`;
			if (!found.has(key)) found.set(key, one);
		}
	}
	const all = [...found.values()];
	// A style says something only of a patch that removes nothing better known.
	const named = all.filter(({ hazard }) => !hazard.id.startsWith('style:'));
	return named.length > 0 ? named : all;
}

export type { Hazard, HazardFound, HazardScope };
