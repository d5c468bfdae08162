/**
 * Under which configurations a driver gets answers of its own, and what can be built under them:
 * the partition by the conditions and Kconfig dependencies that its facts carry.
 */
import type { DriverFacts, Evidence } from '../driver/model.ts';
import { atoms, parseCondition } from '../kernel/condition.ts';
import {
	type Configuration,
	canBuild,
	canBuildTogether,
	configurationFromDotConfig,
	deriveConfigurations,
	type KconfigModel,
	kconfigModel,
	ofArchitecture,
} from '../kernel/config.ts';
import type { KconfigFacts } from '../kernel/kconfig.ts';

/** What the user said about configurations. */
export interface ConfigChoice {
	/** Architectures to keep; all when empty. */
	archs: readonly string[];
	/** A kernel .config, instead of derived ones. */
	dotConfig?: { text: string; where: string };
}

/** The one configuration of a driver that is always built. */
const ANY: Configuration = { name: 'any', when: '', arch: '', values: {}, alternatives: [] };

/** CONFIG names in the conditions under which a driver registers itself one way or another. */
function interestingAtoms(drivers: readonly DriverFacts[]): string[] {
	const names = new Set<string>();
	for (const driver of drivers) {
		const whens = [
			...driver.busOps.flatMap(({ reachedFrom }) => reachedFrom.map(({ when }) => when)),
			...driver.deviceRegister.map(({ when }) => when),
			...driver.declares.map(({ when }) => when),
		];
		for (const when of new Set(whens)) {
			for (const name of atoms(parseCondition(when))) names.add(name);
		}
	}
	return [...names].sort();
}

/** The configurations to answer for, over all releases. */
export function configurationsOf(
	symbol: string,
	drivers: readonly DriverFacts[],
	models: readonly KconfigModel[],
	choice: ConfigChoice,
): Configuration[] {
	if (choice.dotConfig !== undefined) {
		const { text, where } = choice.dotConfig;
		return [
			configurationFromDotConfig(
				text,
				where,
				models.flatMap((model) => model.architectures),
			),
		];
	}
	if (symbol === '') return [ANY];
	const derived = deriveConfigurations(models, { symbol, atoms: interestingAtoms(drivers) });
	// Newer architectures tend to have the longer names: arm64 before arm.
	derived.reverse();
	return choice.archs.length === 0
		? derived
		: choice.archs.flatMap((arch) => ofArchitecture(derived, arch));
}

/** What can be built in one tree, remembered. */
export class Buildability {
	readonly #model: KconfigModel;
	readonly #kconfig: readonly KconfigFacts[];
	readonly #known = new Map<string, boolean>();

	constructor(model: KconfigModel, kconfig: readonly KconfigFacts[]) {
		this.#model = model;
		this.#kconfig = kconfig;
	}

	/** True when a module can be built under a configuration; where nothing rules it out, it can. */
	built(configuration: Configuration, symbol: string): boolean {
		return this.#ask(configuration, [symbol]);
	}

	/** True when modules can be built into one kernel under a configuration. */
	together(configuration: Configuration, symbols: readonly string[]): boolean {
		return this.#ask(configuration, symbols);
	}

	#ask(configuration: Configuration, symbols: readonly string[]): boolean {
		const asked = [...new Set(symbols.filter((symbol) => symbol !== ''))].sort();
		const { arch, values, complete, when } = configuration;
		if (complete === true) return asked.every((symbol) => values[symbol] === 'y');
		if (arch === '' || asked.length === 0) return true;
		const key = `${arch}\0${when}\0${asked.join('\0')}`;
		let answer = this.#known.get(key);
		if (answer === undefined) {
			const [single] = asked;
			const can =
				asked.length === 1 && single !== undefined
					? canBuild(this.#model, arch, single, values)
					: canBuildTogether(this.#model, arch, asked, values);
			answer = can !== 'no';
			this.#known.set(key, answer);
		}
		return answer;
	}

	/** Where Kconfig says what a symbol depends on. */
	place(symbol: string): Evidence[] {
		for (const file of this.#kconfig) {
			const found = file.symbols.find(({ name }) => name === symbol);
			if (found !== undefined) return [{ path: file.path, line: found.line }];
		}
		return [];
	}
}

/** A model per tree; trees that share their Kconfig facts share it. */
export function modelsOf(all: readonly (readonly KconfigFacts[])[]): KconfigModel[] {
	const known = new Map<unknown, KconfigModel>();
	return all.map((kconfig) => {
		let model = known.get(kconfig);
		if (model === undefined) {
			model = kconfigModel(kconfig);
			known.set(kconfig, model);
		}
		return model;
	});
}
