/**
 * In which releases a driver can be built, per architecture, and together with which others of the
 * same bus: from the Kconfig of every release, or for one .config. A tristate counts as built.
 */
import type { LinkedTree, ReleaseSource } from '../../cache/source.ts';
import type { DriverFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { installations } from '../driver/style.ts';
import { RangefinderError } from '../errors.ts';
import {
	type Configuration,
	canBuildTogether,
	configurationFromDotConfig,
	type KconfigModel,
	kconfigModel,
} from '../kernel/config.ts';
import type { KconfigFacts } from '../kernel/kconfig.ts';
import { kconfigDoubt } from '../kernel/kconfig-doubts.ts';
import type { Release } from '../kernel/releases.ts';
import type { BuiltOnArch, BuiltReport } from './built-report.ts';

export interface BuiltQuestion {
	/** A driver's name, one of its files, or a CONFIG symbol with or without its prefix. */
	what: string;
	/** Folders below arch/; all when empty. */
	archs: readonly string[];
	dotConfig?: { text: string; where: string };
}

/**
 * Answers for one driver or symbol.
 * @throws RangefinderError usage, when no release has such a driver or symbol; bad-config
 */
export async function builtIn(
	source: ReleaseSource,
	releases: readonly Release[],
	profiles: readonly Profile[],
	question: BuiltQuestion,
): Promise<BuiltReport> {
	const names: string[] = [];
	for (const profile of profiles) {
		const trees = await source.profiled(releases, profile, { withKconfig: true });
		const kconfig = await source.kconfig(releases, profile);
		const symbol = symbolOf(question.what, trees, kconfig);
		if (symbol !== undefined) return answer(source, releases, trees, kconfig, symbol, question);
		names.push(...trees.flatMap((tree) => tree.facts.drivers.map(({ driver }) => driver)));
	}
	const known = [...new Set(names)].sort();
	throw new RangefinderError({
		code: 'usage',
		what: `${question.what}: no release looked at has such a driver, nor a CONFIG symbol that one hangs on`,
		hint: known.length === 0 ? 'name another' : `drivers are ${known.join(', ')}`,
	});
}

/** The symbol that is meant. A file of a driver names it too. */
function symbolOf(
	what: string,
	trees: readonly LinkedTree[],
	kconfig: readonly (readonly KconfigFacts[])[],
): string | undefined {
	const bare = what.replace(/^CONFIG_/, '');
	const drivers = trees.flatMap((tree) => tree.facts.drivers).filter(({ symbol }) => symbol !== '');
	// The newest tree is asked first: names of drivers outlive their symbols.
	const meant = drivers.findLast(
		({ driver, symbol, files }) =>
			driver === what || symbol === bare || files.some(({ path }) => path === what),
	);
	if (meant !== undefined) return meant.symbol;
	const defined = kconfig.some((files) =>
		files.some(({ symbols }) => symbols.some(({ name }) => name === bare)),
	);
	return defined ? bare : undefined;
}

function answer(
	source: ReleaseSource,
	releases: readonly Release[],
	trees: readonly LinkedTree[],
	kconfig: readonly (readonly KconfigFacts[])[],
	symbol: string,
	{ archs, dotConfig }: BuiltQuestion,
): BuiltReport {
	const models = kconfig.map((files) => kconfigModel(files));
	const given =
		dotConfig === undefined
			? undefined
			: configurationFromDotConfig(
					dotConfig.text,
					dotConfig.where,
					models.flatMap(({ architectures }) => architectures),
				);
	const drivers = trees.map((tree) => tree.facts.drivers.find((one) => one.symbol === symbol));
	const rows = releases.map(({ name, series, tip }, i) => {
		const [tree, model, files] = [trees[i], models[i], kconfig[i]];
		if (tree === undefined || model === undefined || files === undefined) {
			throw new RangeError('a release was not read');
		}
		const tell = new Teller(tree, model, files, symbol, drivers[i], given);
		// A symbol that is no driver's may be defined where nobody looked.
		const absent = drivers[i] === undefined && drivers.some((driver) => driver !== undefined);
		return { release: name, series, tip, archs: tell.all(wanted(model, archs, given), absent) };
	});
	const { ranges, never } = rangesOf(rows);
	return {
		schema: 'rangefinder.built/1',
		source: { kind: source.kind, releases: source.releases.length },
		driver: drivers.findLast((driver) => driver !== undefined)?.driver ?? null,
		symbol,
		config: dotConfig?.where ?? null,
		releases: rows,
		ranges,
		never,
	};
}

/** The architectures to answer for. A .config is for one. */
function wanted(
	model: KconfigModel,
	archs: readonly string[],
	given: Configuration | undefined,
): string[] {
	if (given !== undefined) return [given.arch];
	const all = model.architectures.map(({ name }) => name);
	return archs.length === 0 ? all : archs.filter((arch) => all.includes(arch));
}

/** Says of one release what can be built. */
class Teller {
	readonly #tree: LinkedTree;
	readonly #model: KconfigModel;
	readonly #files: readonly KconfigFacts[];
	readonly #symbol: string;
	readonly #driver: DriverFacts | undefined;
	readonly #given: Configuration | undefined;

	constructor(
		tree: LinkedTree,
		model: KconfigModel,
		files: readonly KconfigFacts[],
		symbol: string,
		driver: DriverFacts | undefined,
		given: Configuration | undefined,
	) {
		this.#tree = tree;
		this.#model = model;
		this.#files = files;
		this.#symbol = symbol;
		this.#driver = driver;
		this.#given = given;
	}

	/** @param absent the release does not have the driver */
	all(archs: readonly string[], absent: boolean): BuiltOnArch[] {
		if (!absent) return archs.map((arch) => this.#on(arch));
		return archs.map((arch) => ({ arch, built: 'no', why: null, at: null, with: [] }));
	}

	#on(arch: string): BuiltOnArch {
		const definition = this.#model.definitions(this.#symbol, arch)[0]?.def;
		const at = definition === undefined ? null : { path: definition.path, line: definition.line };
		const doubt = kconfigDoubt(this.#files, this.#model, this.#symbol, arch);
		if (doubt !== undefined) return { arch, built: 'unknown', why: doubt, at, with: [] };
		const built = this.#together(arch, [this.#symbol]);
		const why = built === 'unknown' ? 'Kconfig leaves too many combinations to try' : null;
		return { arch, built, why, at, with: built === 'no' ? [] : this.#competitors(arch) };
	}

	#together(arch: string, symbols: readonly string[]): BuiltOnArch['built'] {
		// What the .config says is believed; that the tree can build it at all has to hold as well.
		const { values } = this.#given ?? {};
		if (values !== undefined && symbols.some((one) => values[one] !== 'y')) return 'no';
		return canBuildTogether(this.#model, arch, symbols);
	}

	#competitors(arch: string): BuiltOnArch['with'] {
		const own = this.#buses(this.#driver);
		return this.#tree.facts.drivers
			.flatMap((other) => {
				if (other.symbol === '' || other.symbol === this.#symbol) return [];
				const buses = this.#buses(other).filter((bus) => own.includes(bus));
				if (buses.length === 0) return [];
				const together = this.#together(arch, [this.#symbol, other.symbol]);
				return together === 'no'
					? []
					: [{ driver: other.driver, symbol: other.symbol, buses, together }];
			})
			.sort((a, b) => (a.driver < b.driver ? -1 : 1));
	}

	/** The buses on which a driver installs ops under any configuration. */
	#buses(driver: DriverFacts | undefined): string[] {
		if (driver === undefined) return [];
		const all = installations(driver, this.#tree.facts, () => undefined);
		return [...new Set(all.filter(({ style }) => style !== 'core').map(({ bus }) => bus))].sort();
	}
}

/** Runs of releases with one answer, by architecture. */
function rangesOf(rows: BuiltReport['releases']): Pick<BuiltReport, 'ranges' | 'never'> {
	const archs = [...new Set(rows.flatMap((row) => row.archs.map(({ arch }) => arch)))].sort();
	const ranges: BuiltReport['ranges'] = [];
	const never: string[] = [];
	for (const arch of archs) {
		const own: BuiltReport['ranges'] = [];
		let last = '';
		for (const { release, archs: all } of rows) {
			const here = all.find((one) => one.arch === arch);
			const { built, why, with: others } = here ?? { built: 'no' as const, why: null, with: [] };
			const key = JSON.stringify([built, why, others]);
			const open = own.at(-1);
			if (open !== undefined && key === last) open.to = release;
			else own.push({ arch, from: release, to: release, built, why, with: others });
			last = key;
		}
		if (own.every(({ built }) => built === 'no')) never.push(arch);
		else ranges.push(...own);
	}
	return { ranges, never };
}
