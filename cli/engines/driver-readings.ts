/** What the facts of a driver say to the tests `style` and `reached`. */
import type { DriverLook } from '../../cache/driver-trees.ts';
import type { Chain, DriverFacts } from '../../src/driver/model.ts';
import { compareChains, installations, styles } from '../../src/driver/style.ts';
import type { Reading, Sight } from '../../src/history/judge-predicate.ts';
import type { Assignment } from '../../src/kernel/condition.ts';

/**
 * The style, as `rangefinder styles` prints it. `absent` where the tree has no such driver, `none` where
 * it has one that installs nothing.
 * @param configs CONFIG names that are set, or with `!` not set
 */
export function styleReading(look: DriverLook, name: string, configs: readonly string[]): Reading {
	if (!look.there) return absent(name);
	const { driver, capabilities } = look.link();
	if (driver === undefined) return reading(['none'], [{ text: `${name} installs nothing` }]);
	const values = assignment(configs);
	const found = installations(driver, { capabilities: [...capabilities] }, values);
	const sights = found.map(({ style, ops, register }): Sight => {
		const at = ops ?? register;
		return at === undefined ? { text: style } : sightAt(style, driver, at);
	});
	const all = styles(driver, { capabilities: [...capabilities] }, values);
	return reading(all, sights.length > 0 ? sights : [{ text: `style none`, path: driver.path }]);
}

/** By what a call is reached, earliest first: `initcall`, `probe`, …; `none` where nothing reaches it. */
export function reachedReading(look: DriverLook, name: string, call: string): Reading {
	if (!look.there) return absent(name);
	const { driver } = look.link();
	if (driver === undefined) return reading(['none'], [{ text: `${name} has no ${call}` }]);
	const sites = [...driver.busOps, ...driver.deviceRegister, ...driver.setFwnode].filter(
		(site) => site.call === call,
	);
	const chains = sites
		.flatMap((site) => site.reachedFrom.map((chain) => ({ site, chain })))
		.sort((a, b) => compareChains(a.chain, b.chain));
	const installers = [...new Set(chains.map(({ chain }) => chain.installer))];
	const sights = chains.map(({ site, chain }) => sightAt(way(call, chain), driver, site));
	if (installers.length > 0) return reading(installers, sights);
	return reading(['none'], [{ text: `nothing reaches ${call}`, path: driver.path }]);
}

function way(call: string, { installer, steps }: Chain): string {
	return `${call} by ${installer} (${steps.join(' -> ')})`;
}

function sightAt(text: string, driver: DriverFacts, at: { path: string; line: number }): Sight {
	const blob = driver.files.find(({ path }) => path === at.path)?.blob;
	return { text, path: at.path, line: at.line, ...(blob === undefined ? {} : { blob }) };
}

function reading(values: readonly string[], sights: readonly Sight[]): Reading {
	return { values, holds: true, sights };
}

function absent(name: string): Reading {
	return reading(['absent'], [{ text: `there is no ${name}` }]);
}

function assignment(configs: readonly string[]): Assignment {
	const values = new Map(
		configs.map((config): [string, 'y' | 'n'] => {
			const off = config.startsWith('!');
			return [config.slice(off ? 1 : 0).replace(/^CONFIG_/, ''), off ? 'n' : 'y'];
		}),
	);
	return (name) => values.get(name);
}
