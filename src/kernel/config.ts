/**
 * Configurations that give an answer of their own: derived from the Kconfig of the looked-at
 * releases and the symbols that a driver's facts hang on, or given by the user as a .config.
 */

import { RangefinderError } from '../errors.ts';
import type { Assignment, Tristate } from './condition-algebra.ts';
import { isSymbolName } from './condition-algebra.ts';
import type { Architecture, KconfigModel } from './kconfig-model.ts';
import { canBuildTogether } from './kconfig-solver.ts';

export type { WantedKconfig } from './kconfig-files.ts';
export { kconfigFilesNeeded, kconfigRoots } from './kconfig-files.ts';
export type { Architecture, KconfigModel, ModelOptions } from './kconfig-model.ts';
export { kconfigModel, modelOf } from './kconfig-model.ts';
export type { Buildable, FixedValues } from './kconfig-solver.ts';
export { canBuild, canBuildTogether } from './kconfig-solver.ts';

/** Another value that a symbol of a configuration could have, and what would give it. */
export interface Alternative {
	when: string;
	because: string;
}

/** A set of CONFIG values under which one answer holds. */
export interface Configuration {
	/** `arm64`; with what splits it where an architecture has several: `arm+pm_sleep`, `arm+no-pm_sleep`. */
	name: string;
	/** The architecture's symbol and what is fixed besides: `ARM64 && IOMMU_DMA`. */
	when: string;
	/** Folder name below arch/; '' when a given .config does not say. */
	arch: string;
	values: Record<string, 'y' | 'n'>;
	/** True when a symbol that `values` does not name is n, as in a complete .config. */
	complete?: boolean;
	alternatives: Alternative[];
}

/** What is asked about: the CONFIG symbol of the driver, and those in the conditions of its facts. */
export interface Interesting {
	readonly symbol: string;
	readonly atoms: readonly string[];
}

/** Symbols that may split one architecture; each doubles the answers, so the rest stay open. */
const MAX_SPLITS = 3;

/** The architectures a tree has Kconfig files of. */
export function architectures(model: KconfigModel): readonly Architecture[] {
	return model.architectures;
}

/**
 * The configurations that matter for a driver, in alphabetical order of their architecture: one for
 * each that can build it in at least one release. Every interesting symbol has the value that the
 * smallest configuration with the driver gives it; one that the user is free to choose, or whose
 * value changes between releases that build the driver, splits the configuration in two.
 * @param models one for each release looked at, in order.
 */
export function deriveConfigurations(
	models: readonly KconfigModel[],
	interesting: Interesting,
): Configuration[] {
	const archs = new Map<string, string>();
	for (const model of models) {
		for (const { name, symbol } of model.architectures) archs.set(name, symbol);
	}
	const symbols = new Set(archs.values());
	const names = [...archs.keys()].sort();
	return names.flatMap((arch) => {
		const having = models.filter((model) => buildable(model, arch, interesting.symbol, {}));
		if (having.length === 0) return [];
		const values: Record<string, 'y' | 'n'> = {};
		for (const [name, symbol] of archs) values[symbol] = name === arch ? 'y' : 'n';
		values[interesting.symbol] = 'y';
		const open = [...new Set(interesting.atoms)].filter(
			(name) => isSymbolName(name) && !symbols.has(name) && name !== interesting.symbol,
		);
		return configure(having, arch, archs.get(arch) ?? '', interesting.symbol, open, values);
	});
}

function configure(
	models: readonly KconfigModel[],
	arch: string,
	archSymbol: string,
	driver: string,
	open: readonly string[],
	base: Readonly<Record<string, 'y' | 'n'>>,
): Configuration[] {
	const values = { ...base };
	const said: string[] = [];
	const splits: string[] = [];
	const alternatives: Alternative[] = [];
	for (const name of open) {
		const findings = models.map((model) => minimalValue(model, arch, driver, name));
		const value = agree(findings.map((finding) => finding.value));
		if (value === 'foreign') values[name] = 'n';
		else if (value === 'free') {
			if (splits.length < MAX_SPLITS) splits.push(name);
		} else {
			values[name] = value;
			said.push(name);
			const by = [...new Set(findings.flatMap((finding) => finding.couldBeSelectedBy))];
			const because =
				selectedBy(by) ??
				(findings.some((f) => f.couldBeYes) ? 'its default may give it' : undefined);
			if (because) alternatives.push({ when: `${archSymbol} && ${name}`, because });
		}
	}
	const configurations: Configuration[] = [];
	for (let bits = 0; bits < 1 << splits.length; bits++) {
		const chosen = { ...values };
		splits.forEach((name, i) => {
			chosen[name] = bits & (1 << i) ? 'n' : 'y';
		});
		const terms = [...said, ...splits].map((name) => (chosen[name] === 'y' ? name : `!${name}`));
		const suffix = splits
			.map((name) => `+${chosen[name] === 'y' ? '' : 'no-'}${name.toLowerCase()}`)
			.join('');
		const fixed = Object.fromEntries(splits.map((name) => [name, chosen[name] ?? 'n']));
		if (splits.length > 0 && !models.some((model) => buildable(model, arch, driver, fixed))) {
			continue;
		}
		configurations.push({
			name: arch + suffix,
			when: [archSymbol, ...terms].join(' && '),
			arch,
			values: chosen,
			alternatives,
		});
	}
	return configurations;
}

/** How many drivers a sentence names before it says how many more there are. */
const MAX_NAMED = 3;

function selectedBy(names: readonly string[]): string | undefined {
	if (names.length === 0) return undefined;
	if (names.length === 1) return `${names[0]} selects it`;
	const more = names.length - MAX_NAMED;
	const named = names.slice(0, MAX_NAMED).join(', ');
	return more > 0 ? `${named} and ${more} more select it` : `${named} select it`;
}

interface Finding {
	/** absent: no file of this release defines it; foreign: only other architectures do. */
	value: 'y' | 'n' | 'free' | 'absent' | 'foreign';
	/** Of a symbol that is n in the smallest configuration: other drivers that would make it y. */
	couldBeSelectedBy: string[];
	/** It is n there, and could be y in a larger configuration. */
	couldBeYes?: true;
}

/** The value of a symbol in the smallest configuration of an architecture that builds the driver. */
function minimalValue(model: KconfigModel, arch: string, driver: string, name: string): Finding {
	const can = (value: 'y' | 'n', others: readonly string[] = []) =>
		canBuildTogether(model, arch, [driver, ...others], { [name]: value }) !== 'no';
	const finding = (value: Finding['value'], couldBeSelectedBy: string[] = []): Finding => ({
		value,
		couldBeSelectedBy,
	});
	const definitions = model.definitions(name, arch);
	if (definitions.length === 0) {
		if (!model.mayBeFree(name, arch)) return finding(model.isDefined(name) ? 'foreign' : 'n');
		return finding(can('n') ? 'absent' : 'y');
	}
	if (!can('n')) return finding('y');
	if (!can('y')) return finding('n');
	if (definitions.some((definition) => definition.visible.kind !== 'never')) return finding('free');
	const selectors = new Set(model.selectors(name, arch).map((selector) => selector.by));
	const by = [...selectors].filter((other) => other !== driver && can('y', [other]));
	return { ...finding('n', by), couldBeYes: true };
}

/** One value over the releases that build the driver; what is defined outweighs what is absent. */
function agree(values: readonly Finding['value'][]): 'y' | 'n' | 'free' | 'foreign' {
	const known = new Set<'y' | 'n' | 'free' | 'foreign'>();
	for (const value of values) if (value !== 'absent') known.add(value);
	if (known.size > 1) known.delete('foreign');
	const [only] = known;
	return known.size === 1 && only !== undefined ? only : 'free';
}

function buildable(
	model: KconfigModel,
	arch: string,
	symbol: string,
	fixed: Readonly<Record<string, 'y' | 'n'>>,
): boolean {
	return model.isDefined(symbol) && canBuildTogether(model, arch, [symbol], fixed) !== 'no';
}

/** The values of a configuration as an assignment for conditions. */
export function assignmentOf(configuration: Configuration): Assignment {
	return (name): Tristate | undefined => {
		if (Object.hasOwn(configuration.values, name)) return configuration.values[name];
		return configuration.complete && isSymbolName(name) ? 'n' : undefined;
	};
}

/** Whether a configuration is one of an architecture, or is the one of this name. */
export function isOn({ arch, name }: Configuration, asked: string): boolean {
	return arch === asked || name === asked;
}

/**
 * The configurations of one architecture, for `--arch`.
 * @throws RangefinderError usage, when none is of that architecture.
 */
export function ofArchitecture(
	configurations: readonly Configuration[],
	arch: string,
): Configuration[] {
	const chosen = configurations.filter((one) => isOn(one, arch));
	if (chosen.length > 0) return chosen;
	const names = [...new Set(configurations.map((c) => c.arch))];
	throw new RangefinderError({
		code: 'usage',
		what: `--arch ${arch}: the driver is built on no such architecture`,
		hint: names.length > 0 ? `it is built on ${names.join(', ')}` : 'leave --arch out',
	});
}

/**
 * A kernel .config as a configuration; a module counts as built.
 * @param where the file as the user named it; its last part names the configuration.
 * @param archs what is known of architectures, to tell which one the file is for; without it, or
 * where none fits, the comment at the head of the file is believed.
 * @throws RangefinderError bad-config, with the line that is none of a .config.
 */
export function configurationFromDotConfig(
	text: string,
	where: string,
	archs: readonly Architecture[] = [],
): Configuration {
	const values: Record<string, 'y' | 'n'> = {};
	let head = '';
	text
		.replace(/^\uFEFF/, '')
		.split(/\r?\n/)
		.forEach((line, i) => {
			const off = /^# CONFIG_(\w+) is not set\s*$/.exec(line)?.[1];
			const set = /^CONFIG_(\w+)=(.*\S)\s*$/.exec(line);
			head ||= /^# Linux\/(\w+) /.exec(line)?.[1] ?? '';
			if (off !== undefined) values[off] = 'n';
			else if (set?.[1] !== undefined) values[set[1]] = set[2] === 'n' ? 'n' : 'y';
			else if (!/^\s*(#.*)?$/.test(line)) {
				const shown = line.trim().slice(0, 60);
				throw new RangefinderError({
					code: 'bad-config',
					where,
					line: i + 1,
					what: `not a line of a .config: ${shown}`,
				});
			}
		});
	if (Object.keys(values).length === 0) {
		throw new RangefinderError({
			code: 'bad-config',
			where,
			line: 1,
			what: 'no CONFIG_ line in the file',
		});
	}
	const arch = archs.find(({ symbol }) => values[symbol] === 'y');
	return {
		name: where.replace(/^.*\//, '') || where,
		when: arch?.symbol ?? '',
		arch: arch?.name ?? head,
		values,
		complete: true,
		alternatives: [],
	};
}
