/**
 * Asks a source every question about what can be built that any of its drivers gives rise to, so that
 * the answers can be kept with the release index.
 */
import type { ReleaseSource } from '../../cache/source.ts';
import type { Profile } from '../driver/profile.ts';
import { assignmentOf } from '../kernel/config.ts';
import { alsoBuilt, Buildability, configurationsOf, withKnowledge } from './configurations.ts';
import { ownership, uncheckedInstallations } from './ownership.ts';
import { stillLose } from './remains.ts';
import { stylesOf } from './styles.ts';

/** Asks: the configurations of every driver, where it is built, and who competes with it for a bus. */
export async function exercise(source: ReleaseSource, profile: Profile): Promise<void> {
	const { releases } = source;
	await stylesOf(source, releases, [profile], []);
	const trees = await source.profiled(releases, profile);
	const all = trees.flatMap(({ facts }) => facts.drivers);
	const symbols = [...new Set(all.map(({ symbol }) => symbol))].filter((one) => one !== '').sort();
	await withKnowledge(source, releases, profile, (knowledge) => {
		for (const symbol of symbols) {
			const drivers = all.filter((driver) => driver.symbol === symbol);
			const also = [...new Set(drivers.flatMap((driver) => driver.also ?? []))];
			const choice = { archs: [] };
			for (const configuration of configurationsOf(symbol, drivers, knowledge, choice, also)) {
				const values = assignmentOf(configuration);
				for (const [i, { facts }] of trees.entries()) {
					const buildable = new Buildability(knowledge, i);
					const instead = new Map([...alsoBuilt(facts.drivers), [symbol, also] as const]);
					buildable.place(symbol);
					for (const one of [symbol, ...also]) buildable.modular(one);
					const driver = facts.drivers.find((one) => one.symbol === symbol);
					if (driver === undefined || !buildable.together(configuration, [symbol], instead))
						continue;
					for (const hazard of uncheckedInstallations(driver, facts, values)) {
						const together = (asked: readonly string[]): boolean =>
							buildable.together(configuration, asked, instead);
						const { bus, competitors } = ownership(driver, hazard, facts, values, together);
						const losers = competitors.filter(({ state }) => state !== 'latent');
						const names = losers.map((one) => one.driver);
						stillLose({ tree: facts, values, together }, driver, bus, names);
					}
				}
			}
		}
	});
}
