/**
 * The same mistake elsewhere: other drivers of a tree that have the very hazard which a patch removes from
 * one, with the configurations that build them.
 */
import type { LinkedTree } from '../../cache/source.ts';
import type { DriverFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { assignmentOf, isOn } from '../kernel/config.ts';
import {
	alsoBuilt,
	Buildability,
	type ConfigChoice,
	configurationsOf,
	type Knowledge,
} from './configurations.ts';
import type { HazardFound, HazardScope, Removed } from './hazards/index.ts';
import type { Sibling } from './siblings-report.ts';

/** What is asked about: the trees in order, and who is patched. */
export interface SiblingQuestion {
	profile: Profile;
	trees: readonly LinkedTree[];
	knowledge: Knowledge;
	choice: ConfigChoice;
	removed: readonly Removed[];
	/** CONFIG symbols and main sources of the patched drivers. */
	patched: readonly Pick<DriverFacts, 'symbol' | 'path'>[];
}

/** The siblings in every tree. */
export function siblingsIn(question: SiblingQuestion): Sibling[][] {
	const { trees, removed } = question;
	const hazards = [...new Map(removed.map(({ hazard }) => [hazard.id, hazard])).values()];
	return trees.map((tree, at) =>
		tree.facts.drivers
			.filter((driver) => !isPatched(driver, question))
			.flatMap((driver) =>
				hazards.flatMap(({ id, find }) => ofDriver(question, driver, at, id, find)),
			)
			.sort((a, b) => (a.driver < b.driver ? -1 : 1)),
	);
}

function isPatched(driver: DriverFacts, { patched }: SiblingQuestion): boolean {
	return patched.some(({ symbol, path }) =>
		symbol === '' ? driver.path === path : driver.symbol === symbol,
	);
}

function ofDriver(
	{ profile, trees, knowledge, choice }: SiblingQuestion,
	driver: DriverFacts,
	at: number,
	hazard: string,
	find: (driver: DriverFacts, scope: HazardScope) => HazardFound[],
): Sibling[] {
	const tree = trees[at]?.facts;
	if (tree === undefined) return [];
	// What it has under no configuration at all needs no Kconfig.
	if (find(driver, { profile, tree, values: () => undefined }).length === 0) return [];
	const { symbol, path, also } = driver;
	const instead = alsoBuilt([driver]);
	const all = trees.flatMap(({ facts }) => facts.drivers.filter((one) => one.symbol === symbol));
	const buildable = new Buildability(knowledge, at);
	const found = new Map<string, Sibling>();
	const { archs } = choice;
	// An architecture that was asked for need not be one of every driver's.
	const everywhere = configurationsOf(symbol, all, knowledge, { ...choice, archs: [] }, also);
	for (const configuration of everywhere) {
		if (archs.length > 0 && !archs.some((arch) => isOn(configuration, arch))) continue;
		const scope = { profile, tree, values: assignmentOf(configuration) };
		const here = find(driver, scope);
		if (here.length === 0 || !buildable.together(configuration, [symbol], instead)) continue;
		for (const { bus, style, evidence } of here) {
			const key = `${bus} ${style}`;
			const { name: config, when } = configuration;
			const known = found.get(key);
			if (known !== undefined) known.configs.push({ config, when });
			else {
				const configs = [{ config, when }];
				const places = evidence.map(({ path: file, line }) => ({ path: file, line }));
				const who = { hazard, driver: driver.driver, symbol, path };
				found.set(key, { ...who, bus, style, configs, evidence: places });
			}
		}
	}
	return [...found.values()];
}
