/** The styles of every driver in every release, and what the framework offers: the `styles` command. */
import type { LinkedTree, ReleaseSource } from '../../cache/source.ts';
import type { Chain, CoreCall, DriverFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { masterWaits, styles } from '../driver/style.ts';
import { assignmentOf, type Configuration } from '../kernel/config.ts';
import type { Release } from '../kernel/releases.ts';
import { Buildability, configurationsOf, withKnowledge } from './configurations.ts';
import type { StylesReport } from './report.ts';

type DriverReport = StylesReport['drivers'][number]['releases'][number];

/**
 * Reads styles.
 * @param paths files or folders; drivers with a source in none of them are left out; all when empty
 */
export async function stylesOf(
	source: ReleaseSource,
	all: readonly Release[],
	profiles: readonly Profile[],
	paths: readonly string[],
): Promise<StylesReport> {
	const drivers = new Map<string, DriverReport[]>();
	const capabilities: StylesReport['capabilities'] = [];
	const unread: { release: string; why: string }[] = [];
	for (const profile of profiles) {
		const lost = await source.unread?.(all, profile);
		for (const [release, why] of lost ?? []) unread.push({ release, why });
		const releases = all.filter(({ name }) => lost?.has(name) !== true);
		const trees = await source.profiled(releases, profile);
		for (const [i, tree] of trees.entries()) {
			for (const { capability, value, evidence } of tree.facts.capabilities) {
				const release = releases[i]?.name ?? '';
				capabilities.push({ release, capability, value, evidence });
			}
		}
		const wanted = namedDrivers(trees, paths);
		const configurations = await configurationsBySymbol(source, releases, profile, trees, wanted);
		for (const [i, tree] of trees.entries()) {
			const release = releases[i]?.name ?? '';
			for (const driver of tree.facts.drivers) {
				if (!wanted.has(driver.symbol) && !inPaths(driver, paths)) continue;
				const cells = configurations[i]?.get(driver.symbol) ?? [];
				const list = drivers.get(driver.driver) ?? [];
				list.push(driverReport(release, driver, tree, cells));
				drivers.set(driver.driver, list);
			}
		}
	}
	const named = [...drivers].map(([driver, list]) => ({ driver, releases: list }));
	named.sort((a, b) => (a.driver < b.driver ? -1 : 1));
	return {
		schema: 'rangefinder.styles/1',
		drivers: named,
		capabilities,
		...(unread.length === 0 ? {} : { unread }),
	};
}

function inPaths(driver: DriverFacts, paths: readonly string[]): boolean {
	if (paths.length === 0) return true;
	return driver.files.some((file) =>
		paths.some((path) => {
			const folder = path.replace(/\/+$/, '');
			return file.path === folder || file.path.startsWith(`${folder}/`);
		}),
	);
}

/** CONFIG symbols of the drivers that are in the paths in any release. */
function namedDrivers(trees: readonly LinkedTree[], paths: readonly string[]): Set<string> {
	const symbols = new Set<string>();
	for (const tree of trees) {
		for (const driver of tree.facts.drivers) {
			if (driver.symbol !== '' && inPaths(driver, paths)) symbols.add(driver.symbol);
		}
	}
	return symbols;
}

interface ConfigCell {
	configuration: Configuration;
	built: boolean;
}

/** Per release, the configurations of each driver. */
async function configurationsBySymbol(
	source: ReleaseSource,
	releases: readonly Release[],
	profile: Profile,
	trees: readonly LinkedTree[],
	symbols: ReadonlySet<string>,
): Promise<Map<string, ConfigCell[]>[]> {
	return withKnowledge(source, releases, profile, (knowledge) => {
		const rows = trees.map((_, i) => ({
			buildable: new Buildability(knowledge, i),
			cells: new Map<string, ConfigCell[]>(),
		}));
		for (const symbol of symbols) {
			const drivers = trees.flatMap((tree) =>
				tree.facts.drivers.filter((driver) => driver.symbol === symbol),
			);
			const also = [...new Set(drivers.flatMap((driver) => driver.also ?? []))];
			const instead = new Map([[symbol, also]]);
			const choice = { archs: [] };
			const configurations = configurationsOf(symbol, drivers, knowledge, choice, also);
			for (const { buildable, cells } of rows) {
				cells.set(
					symbol,
					configurations.map((configuration) => ({
						configuration,
						built: buildable.together(configuration, [symbol], instead),
					})),
				);
			}
		}
		return rows.map(({ cells }) => cells);
	});
}

function driverReport(
	release: string,
	driver: DriverFacts,
	tree: LinkedTree,
	cells: readonly ConfigCell[],
): DriverReport {
	const free = (): undefined => undefined;
	const { facts } = tree;
	const waits = masterWaits(driver, facts, free);
	return {
		release,
		path: driver.path,
		blob: driver.files.find(({ path }) => path === driver.path)?.blob ?? '',
		style: styles(driver, facts, free).join(', '),
		byConfig: cells.map(({ configuration, built }) => ({
			config: configuration.name,
			when: configuration.when,
			built,
			style: built ? styles(driver, facts, assignmentOf(configuration)).join(', ') : '',
		})),
		facts: {
			entries: driver.entries.map(({ macro, level, function: name, ...place }) => ({
				macro,
				level: level === null ? null : `${level.name}${level.sync ? '_sync' : ''}`,
				function: name,
				...placeOf(place),
			})),
			busOps: driver.busOps.map((one) => ({
				call: one.call,
				bus: one.bus,
				ops: one.ops,
				function: one.function,
				reachedFrom: one.reachedFrom.map(chainOf),
				gates: gateNames(one.reachedFrom),
				onBusy: one.onBusy,
				...placeOf(one),
			})),
			declares: driver.declares.map(({ table, compatible, callback, arity, ...place }) => ({
				table,
				compatible,
				callback,
				arity,
				...placeOf(place),
			})),
			deviceRegister: driver.deviceRegister.map(plainCall),
			setFwnode: driver.setFwnode.map(plainCall),
			defers: waits ?? false,
		},
	};
}

/** The gates of all chains in words: `devicetree acme_of_ids`, `not present platform_bus_type`. */
function gateNames(chains: readonly Chain[]): string[] {
	const names = chains.flatMap(({ gates }) =>
		gates.map(({ kind, negated, what }) => `${negated ? 'not ' : ''}${kind} ${what}`),
	);
	return [...new Set(names)];
}

// Facts are read from source, from the cache or from the index: their fields are put in one order.

function placeOf({ when, path, line }: { when: string; path: string; line: number }) {
	return { when, path, line };
}

function chainOf(chain: Chain): Chain {
	const { installer, level, stage, entry, steps, lines, gates, when, createsDevice } = chain;
	return {
		installer,
		...(level === undefined ? {} : { level: { name: level.name, sync: level.sync } }),
		...(stage === undefined ? {} : { stage }),
		entry: { macro: entry.macro, function: entry.function, path: entry.path, line: entry.line },
		steps,
		lines,
		gates: gates.map(({ kind, negated, what, own, path, line }) => ({
			kind,
			negated,
			what,
			own,
			path,
			line,
		})),
		when,
		createsDevice,
	};
}

function plainCall({ call, function: name, reachedFrom, ...place }: CoreCall) {
	return { call, function: name, reachedFrom: reachedFrom.map(chainOf), ...placeOf(place) };
}
