/**
 * The table behind an answer: one driver, in every release, under every configuration, with what the
 * patch does to it. Facts only; judge.ts judges them.
 */
import type { LinkedTree } from '../../cache/source.ts';
import type { DriverFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { assignmentOf, type Configuration } from '../kernel/config.ts';
import { alsoBuilt, type Buildability } from './configurations.ts';
import { type Effect, reason } from './judge.ts';
import { uncheckedInstallations } from './ownership.ts';
import type { PlacedRelease } from './placements.ts';
import type { ConfigReport, RangeReport } from './report.ts';
import { earliestByBus, type NamesInTree, type Situation } from './situation.ts';
import type { Home, Patched, Subject } from './subjects.ts';

/** One release under one configuration. */
export interface Cell {
	placed: PlacedRelease;
	configuration: Configuration;
	built: boolean;
	/** Absent when the tree does not have the driver. */
	situation: Situation | undefined;
	notBuilt: ConfigReport['reasons'];
}

/** One cell of the table of releases and configurations. */
export function cell(
	profile: Profile,
	subject: Subject,
	configuration: Configuration,
	placed: PlacedRelease,
	tree: LinkedTree | undefined,
	before: DriverFacts | undefined,
	patched: Patched | undefined,
	buildable: Buildability,
	names: NamesInTree | undefined,
): Cell {
	const values = assignmentOf(configuration);
	const also = new Map([
		...alsoBuilt(tree?.facts.drivers ?? []),
		[subject.symbol, subject.also] as const,
	]);
	const situation =
		tree === undefined || before === undefined
			? undefined
			: {
					profile,
					values,
					tree: tree.facts,
					before,
					after: patched?.driver,
					lives: () => patched?.lives(),
					modular: () => [subject.symbol, ...subject.also].some((one) => buildable.modular(one)),
					uses: usedNames(placed, profile),
					names: names ?? { missing: [], untold: [] },
					together: (symbols: readonly string[]): boolean =>
						buildable.together(configuration, symbols, also),
				};
	const built =
		situation !== undefined && buildable.together(configuration, [subject.symbol], also);
	const notBuilt = built
		? []
		: [
				situation === undefined
					? reason('no-such-driver', 'the driver is not in this release')
					: reason(
							'not-built',
							`Kconfig does not build ${[subject.symbol, ...subject.also].join(' or ')} here`,
							buildable.place(subject.symbol),
						),
			];
	return { placed, configuration, built, situation, notBuilt };
}

/** Names of the profile's interface in the patch's added lines. */
function usedNames(placed: PlacedRelease, profile: Profile): string[] {
	const names = new Set(placed.files.flatMap(({ file }) => file.uses));
	return profile.api.filter((name) => names.has(name));
}

/** The situations in which the driver is built and the patch lands. */
export function situationsOf(cells: readonly Cell[]): Situation[] {
	return cells.flatMap(({ situation, built }) =>
		built && situation?.after !== undefined ? [situation] : [],
	);
}

/** What the patch does wherever it lands and is built: buses that are no longer taken unchecked. */
export function effectOf(cells: readonly Cell[]): Effect {
	const buses = new Set<string>();
	let installer: string | undefined;
	for (const { situation, built } of cells) {
		if (!built || situation?.after === undefined) continue;
		// To register a driver takes nothing from anybody.
		if (situation.profile.anyDriver !== undefined) continue;
		const { before, after, tree, values } = situation;
		const left = new Set(uncheckedInstallations(after, tree, values).map(({ bus }) => bus));
		for (const { bus } of uncheckedInstallations(before, tree, values)) {
			if (left.has(bus)) continue;
			buses.add(bus);
			installer ??= earliestByBus(situation, after).get(bus)?.chain.installer;
		}
	}
	return { buses, installer };
}

/** The effect in styles, told on the release that the patch was made for, else on the first it lands on. */
export function effectReport(
	cells: readonly Cell[][],
	effect: Effect,
	subject: Subject,
): RangeReport['effect'] {
	const landing = cells.filter((row) =>
		row.some(({ situation }) => situation?.after !== undefined),
	);
	const home = landing.find((row) =>
		row.some(({ placed }) =>
			placed.files.every(({ file, blob }) => file.preimage === null || file.preimage === blob),
		),
	);
	const row = home ?? landing[0] ?? [];
	const found = new Map<string, RangeReport['effect'][number]>();
	for (const { situation, built } of row) {
		if (!built || situation?.after === undefined) continue;
		const before = earliestByBus(situation, situation.before);
		const after = earliestByBus(situation, situation.after);
		for (const bus of new Set([...before.keys(), ...after.keys()])) {
			const from = before.get(bus)?.style ?? 'none';
			const to = after.get(bus)?.style ?? 'none';
			if (from === to && !effect.buses.has(bus)) continue;
			const driver = situation.before.driver;
			found.set(`${bus} ${from} ${to}`, { driver, bus, before: from, after: to });
		}
	}
	return subject.paths.length === 0 ? [] : [...found.values()];
}

/** The cells of the tree that the patch was made for, whatever that tree itself builds. */
export function homeRow(
	profile: Profile,
	subject: Subject,
	configurations: readonly Configuration[],
	{ placed, tree, before, after }: Home,
	buildable: Buildability,
): Cell[] {
	return configurations.map((configuration) => ({
		...cell(profile, subject, configuration, placed, tree, before, after, buildable, undefined),
		built: true,
	}));
}
