/**
 * Under which configurations a driver gets answers of its own, and what can be built under them:
 * the partition by the conditions and Kconfig dependencies that its facts carry.
 */
import type { Answers, ReleaseSource, RememberedAnswers } from '../../cache/source.ts';
import type { DriverFacts, Evidence } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { atoms, parseCondition } from '../kernel/condition.ts';
import {
	type Architecture,
	type Configuration,
	canBuildTogether,
	configurationFromDotConfig,
	deriveConfigurations,
	type KconfigModel,
	modelOf,
	ofArchitecture,
} from '../kernel/config.ts';
import type { KconfigFacts } from '../kernel/kconfig.ts';
import type { Release } from '../kernel/releases.ts';

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

/** Thrown when a question about what can be built is new, and the Kconfig files were not read yet. */
export class NeedsKconfig extends Error {}

/** What there is to answer questions with: the answers that are known, and models once they were read. */
export interface Knowledge {
	answers: RememberedAnswers;
	kconfig?: { files: readonly (readonly KconfigFacts[])[]; models: readonly KconfigModel[] };
}

function remembered(answers: Answers, question: string, find: (() => string) | undefined): string {
	let answer = answers.get(question);
	if (answer !== undefined) return answer;
	if (find === undefined) throw new NeedsKconfig(question);
	answer = find();
	answers.set(question, answer);
	return answer;
}

/**
 * Runs what asks about what can be built: first with the answers that are known, and if these do not
 * do, again with the Kconfig files read.
 */
export async function withKnowledge<T>(
	source: ReleaseSource,
	releases: readonly Release[],
	profile: Profile,
	run: (knowledge: Knowledge) => T,
): Promise<T> {
	const answers = await source.answers(releases, profile);
	try {
		return run({ answers });
	} catch (error) {
		if (!(error instanceof NeedsKconfig)) throw error;
		const files = await source.kconfig(releases, profile);
		const result = run({ answers, kconfig: { files, models: files.map(modelOf) } });
		await source.remember(releases, profile, answers);
		return result;
	}
}

/** Further CONFIG symbols by the symbol in whose place each of them builds a driver, too. */
export type AlsoBuilt = ReadonlyMap<string, readonly string[]>;

const NONE: AlsoBuilt = new Map();

/** By which other symbols the drivers of a tree are built. */
export function alsoBuilt(drivers: readonly Pick<DriverFacts, 'symbol' | 'also'>[]): AlsoBuilt {
	return new Map(
		drivers.flatMap(({ symbol, also }) => (also === undefined ? [] : [[symbol, also]])),
	);
}

/**
 * The configurations to answer for, over all releases.
 * @param also further symbols that build the driver: they count on architectures where the first one cannot be had
 */
export function configurationsOf(
	symbol: string,
	drivers: readonly DriverFacts[],
	knowledge: Knowledge,
	choice: ConfigChoice,
	also: readonly string[] = [],
): Configuration[] {
	const { answers, kconfig } = knowledge;
	if (choice.dotConfig !== undefined) {
		const { text, where } = choice.dotConfig;
		return [configurationFromDotConfig(text, where, architecturesOf(knowledge))];
	}
	if (symbol === '') return [ANY];
	const atoms = interestingAtoms(drivers);
	const derivedFor = (one: string): Configuration[] => {
		const find =
			kconfig &&
			(() => JSON.stringify(deriveConfigurations(kconfig.models, { symbol: one, atoms })));
		return JSON.parse(remembered(answers.joint, `configurations ${one} ${atoms.join(' ')}`, find));
	};
	const derived = derivedFor(symbol);
	for (const other of also) {
		const archs = new Set(derived.map(({ arch }) => arch));
		derived.push(...derivedFor(other).filter(({ arch }) => !archs.has(arch)));
	}
	if (also.length > 0) derived.sort((a, b) => (a.arch < b.arch ? -1 : a.arch > b.arch ? 1 : 0));
	if (derived.length === 0 && architecturesOf(knowledge).length === 0) return [ANY];
	// Newer architectures tend to have the longer names: arm64 before arm.
	derived.reverse();
	return choice.archs.length === 0
		? derived
		: choice.archs.flatMap((arch) => ofArchitecture(derived, arch));
}

/** The architectures of the trees; none where Kconfig does not tell them by folder, as that of U-Boot. */
function architecturesOf({ answers, kconfig }: Knowledge): Architecture[] {
	const find =
		kconfig && (() => JSON.stringify(kconfig.models.flatMap((one) => one.architectures)));
	return JSON.parse(remembered(answers.joint, 'architectures', find));
}

/** What can be built in one tree. */
export class Buildability {
	readonly #answers: Answers;
	readonly #kconfig: readonly KconfigFacts[] | undefined;
	readonly #model: KconfigModel | undefined;

	/** @param at which of the trees */
	constructor({ answers, kconfig }: Knowledge, at: number) {
		this.#answers = answers.trees[at] ?? new Map();
		this.#kconfig = kconfig?.files[at];
		this.#model = kconfig?.models[at];
	}

	/**
	 * True when modules can be built into one kernel under a configuration; where nothing rules it out, they can.
	 * @param also symbols that do in the place of these
	 */
	together(
		configuration: Configuration,
		symbols: readonly string[],
		also: AlsoBuilt = NONE,
	): boolean {
		return (
			this.#together(configuration, symbols) ||
			symbols.some((symbol) =>
				also.get(symbol)?.some((other) => {
					const instead = symbols.map((one) => (one === symbol ? other : one));
					const rest = new Map([...also].filter(([one]) => one !== symbol));
					return this.together(configuration, instead, rest);
				}),
			)
		);
	}

	#together(configuration: Configuration, symbols: readonly string[]): boolean {
		const asked = [...new Set(symbols.filter((symbol) => symbol !== ''))].sort();
		const { arch, values, complete } = configuration;
		if (complete === true && asked.some((symbol) => values[symbol] !== 'y')) return false;
		if (arch === '' || asked.length === 0) return true;
		// A .config was made for one tree: of another one it is only asked what that can build at all.
		const given = complete === true ? {} : values;
		const fixed = Object.keys(given)
			.sort()
			.map((name) => `${name}=${given[name]}`);
		const model = this.#model;
		const find = model && (() => canBuildTogether(model, arch, asked, given));
		return (
			remembered(this.#answers, `${arch} ${fixed.join(' ')} ? ${asked.join(' ')}`, find) !== 'no'
		);
	}

	/** True when Kconfig lets a symbol be a module. */
	modular(symbol: string): boolean {
		const kconfig = this.#kconfig;
		const find =
			kconfig &&
			(() =>
				kconfig.some(({ symbols }) =>
					symbols.some(({ name, type }) => name === symbol && type === 'tristate'),
				)
					? 'yes'
					: 'no');
		return remembered(this.#answers, `modular ${symbol}`, find) === 'yes';
	}

	/** Where Kconfig says what a symbol depends on. */
	place(symbol: string): Evidence[] {
		const kconfig = this.#kconfig;
		const find = kconfig && (() => placeOf(kconfig, symbol));
		const [path = '', line] = remembered(this.#answers, `place ${symbol}`, find).split('\0');
		return path === '' ? [] : [{ path, line: Number(line) }];
	}
}

function placeOf(kconfig: readonly KconfigFacts[], symbol: string): string {
	for (const file of kconfig) {
		const found = file.symbols.find(({ name }) => name === symbol);
		if (found !== undefined) return `${file.path}\0${found.line}`;
	}
	return '';
}
