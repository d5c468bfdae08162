/**
 * Landmarks found in the history of a clone: the commits that brought a capability, that introduced
 * the bug, exposed it to a competitor or ended it. The same facts are read at commits between two
 * releases as the rules read at releases, so what is found is what the rules mean.
 */
import type { LinkedTree, ReleaseSource } from '../../cache/source.ts';
import type { DriverFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { capability } from '../driver/style.ts';
import { RangefinderError } from '../errors.ts';
import {
	type Change,
	type ChangeQuery,
	changePoints,
	type Evaluate,
} from '../history/change-point.ts';
import { type History, labels } from '../history/history.ts';
import { identifyByWords } from '../history/identity.ts';
import { assignmentOf, type Configuration } from '../kernel/config.ts';
import type { Release } from '../kernel/releases.ts';
import { compareVersions } from '../kernel/version.ts';
import type { Effect } from './judge.ts';
import type { Landmark } from './landmarks.ts';
import { ownership, uncheckedInstallations } from './ownership.ts';
import type { RangeHistory } from './range-history.ts';
import type { ConfigReport } from './report.ts';
import { driverOf, type Subject } from './subjects.ts';

export interface LandmarkQuery {
	readonly history: RangeHistory;
	readonly source: ReleaseSource;
	readonly profile: Profile;
	/** The releases that were looked at, and their trees. */
	readonly releases: readonly Release[];
	readonly trees: readonly LinkedTree[];
	/** What was answered for each driver of the patch. */
	readonly answers: readonly {
		readonly subject: Subject;
		readonly configurations: readonly Configuration[];
		readonly effect: Effect;
		/** By release, by configuration. */
		readonly byRelease: readonly (readonly ConfigReport[])[];
	}[];
}

/** Values by which a framework says that it does not have something. */
const LACKING: ReadonlySet<unknown> = new Set([undefined, false, 'none', 'never', 0]);

/** So often something may come back before no more is looked for. */
const MOST_BEGINNINGS = 8;

/** What is said of a landmark that was found, and not listed. */
const FOUND = 'found in the history of the clone';

/**
 * Finds landmarks between the releases that were looked at. What cannot be found, because objects are
 * missing, is left out.
 */
export async function findLandmarks(query: LandmarkQuery): Promise<Landmark[]> {
	try {
		return await new LandmarkSearch(query).all();
	} catch (error) {
		// A partial clone may lack what a walk needs; the answers stand without names.
		if (!(error instanceof RangefinderError)) throw error;
		if (error.failure.code !== 'object-missing' && error.failure.code !== 'git-failed') throw error;
		return [];
	}
}

/** Two releases between which something changed; without the first, all that came before the other. */
interface Between {
	readonly from: Release | undefined;
	readonly to: Release;
}

class LandmarkSearch {
	readonly #query: LandmarkQuery;
	readonly #trees = new Map<string, Promise<LinkedTree>>();
	readonly #found: Landmark[] = [];

	constructor(query: LandmarkQuery) {
		this.#query = query;
		for (const [i, { commit }] of query.releases.entries()) {
			const tree = query.trees[i];
			if (tree !== undefined) this.#trees.set(commit, Promise.resolve(tree));
		}
	}

	async all(): Promise<Landmark[]> {
		await this.#capabilities();
		for (const answer of this.#query.answers) {
			if (answer.effect.buses.size === 0) continue;
			await this.#introduced(answer);
			for (const configuration of answer.configurations) await this.#ended(answer, configuration);
			await this.#exposed(answer);
		}
		return this.#found;
	}

	/** The commits that brought what earlier trees lack. */
	async #capabilities(): Promise<void> {
		const { trees, releases } = this.#query;
		const names = new Set(trees.flatMap(({ facts }) => facts.capabilities.map(nameOf)));
		for (const name of names) {
			if (name.startsWith('symbol:')) continue;
			const lacks = (tree: LinkedTree): boolean => LACKING.has(capability(tree.facts, name)?.value);
			for (const at of this.#beginnings((tree) => !lacks(tree))) {
				const between = this.#between(at);
				// What the first release has was brought by nobody who is seen.
				if (between === undefined || at === 0) continue;
				const evidence = [trees[at - 1], trees[at], trees.at(-1)].flatMap((tree) =>
					tree === undefined ? [] : (capability(tree.facts, name)?.evidence ?? []),
				);
				const narrow = evidence.map(({ path }) => path);
				const changes = await this.#changes(between, narrow, lacks, true);
				// Of several the last is what this release has it by.
				const change = changes.findLast(({ after }) => !after);
				if (change !== undefined) await this.#add(change, releases[at], { capability: name });
			}
		}
	}

	/** The places of releases whose trees have something that the tree before has not; not too many. */
	#beginnings(has: (tree: LinkedTree) => boolean): number[] {
		const { trees } = this.#query;
		const places = trees.flatMap((tree, i) => {
			const before = trees[i - 1];
			return has(tree) && (before === undefined || !has(before)) ? [i] : [];
		});
		return places.slice(0, MOST_BEGINNINGS);
	}

	/** The commits with which the driver began to take a bus unchecked: again, where a fix was reverted. */
	async #introduced({ subject, configurations, effect }: Answered): Promise<void> {
		const hazard = (tree: LinkedTree): boolean =>
			configurations.some((one) => hasHazard(tree, subject, effect, one));
		for (const at of this.#beginnings(hazard)) {
			const between = this.#between(at);
			if (between === undefined) continue;
			const changes = await this.#changes(between, this.#pathsOf(subject), hazard, false);
			for (const change of changes.filter(({ after }) => after)) {
				await this.#add(change, between.to, { role: 'introduced' });
			}
		}
	}

	/** The commits after which it does not any more, under one configuration. */
	async #ended({ subject, effect }: Answered, configuration: Configuration): Promise<void> {
		const { trees } = this.#query;
		const hazard = (tree: LinkedTree): boolean => hasHazard(tree, subject, effect, configuration);
		for (const [i, tree] of trees.entries()) {
			const before = trees[i - 1];
			if (before === undefined || !hazard(before) || hazard(tree)) continue;
			const between = this.#between(i);
			const driver = driverOf(subject, before)?.driver;
			if (between === undefined || driver === undefined) continue;
			const changes = await this.#changes(between, this.#pathsOf(subject), hazard, false);
			const change = changes.findLast(({ after }) => !after);
			if (change !== undefined) {
				await this.#add(change, this.#query.releases[i], { driver, role: 'ended' });
			}
		}
	}

	/** The commits with which a competitor that had won came to lose. */
	async #exposed({ subject, configurations, effect, byRelease }: Answered): Promise<void> {
		for (const [column, configuration] of configurations.entries()) {
			const winning = new Map<string, number>();
			for (const [i, row] of byRelease.entries()) {
				for (const { driver, state } of row[column]?.bug.competitors ?? []) {
					if (state === 'latent') winning.set(driver, i);
					const last = winning.get(driver);
					if (state !== 'exposed' || last === undefined) continue;
					winning.delete(driver);
					await this.#exposure((tree) => stateOf(tree, subject, effect, configuration, driver), {
						driver,
						subject,
						last,
						at: i,
					});
				}
			}
		}
	}

	async #exposure(
		state: (tree: LinkedTree) => string,
		{ driver, subject, last, at }: { driver: string; subject: Subject; last: number; at: number },
	): Promise<void> {
		const { releases, trees } = this.#query;
		const [from, to] = [releases[last], releases[at]];
		if (from === undefined || to === undefined) return;
		const files = [trees[last], trees[at]].flatMap((tree) => {
			const found = tree?.facts.drivers.find((one) => one.driver === driver);
			return found === undefined ? [] : pathsOfDriver(found);
		});
		const paths = [...new Set([...files, ...this.#pathsOf(subject)])];
		const changes = await this.#changes({ from, to }, paths, state, 'none');
		const change = changes.findLast(({ after }) => after === 'exposed');
		if (change !== undefined) await this.#add(change, to, { driver, role: 'exposed' });
	}

	/** The releases between which something changed that the one at `at` is the first to have. */
	#between(at: number): Between | undefined {
		const to = this.#query.releases[at];
		return to === undefined ? undefined : { from: this.#query.releases[at - 1], to };
	}

	/** All files that a driver is or was made of in the releases, with those through which it is called. */
	#pathsOf(subject: Subject): string[] {
		const paths = this.#query.trees.flatMap((tree) => {
			const driver = driverOf(subject, tree);
			return driver === undefined ? [] : pathsOfDriver(driver);
		});
		return [...new Set([...subject.paths, ...paths])];
	}

	/**
	 * The changes of a value between two releases: looked for among the commits that touch `narrow`
	 * first, and if it does not change there, among all that touch what the profile reads.
	 */
	async #changes<V>(
		{ from, to }: Between,
		narrow: readonly string[],
		value: (tree: LinkedTree) => V,
		nothing: V,
	): Promise<Change<V>[]> {
		const { history, profile } = this.#query;
		const evaluate: Evaluate<V> = async (commit) => value(await this.#treeAt(commit, to));
		const query = { from: from?.commit, to: to.commit, nothing, evaluate };
		const wide = [...profile.folders, ...profile.files];
		for (const paths of [narrow, [...new Set([...narrow, ...wide])]]) {
			if (paths.length === 0) continue;
			const changes = await changePoints(history.walk, { ...query, paths });
			const last = changes.at(-1);
			// The last of a narrow list stands for all behind it; it may not be what changed the value.
			if (last === undefined || !(await this.#isChange(last, value, to))) continue;
			return [...changes, ...(await this.#comebacks(last, { ...query, paths }))];
		}
		return [];
	}

	/**
	 * What came of a change until `query.to`, where that has its value: where it was reverted on the way, which a
	 * search between values that are alike does not see, the changes with which it came back.
	 */
	async #comebacks<V>(change: Change<V>, query: ChangeQuery<V>): Promise<Change<V>[]> {
		const history = await this.#query.history.open();
		const found: Change<V>[] = [];
		for (let last = change; found.length < MOST_BEGINNINGS; ) {
			const reverts = revertsOf(history, last.commit, query.to);
			const revert = reverts.at(-1);
			if (revert === undefined) break;
			const next = await changePoints(this.#query.history.walk, { ...query, from: revert });
			const back = next.findLast(({ after }) => after === change.after);
			if (back === undefined || back.commit === last.commit) break;
			found.push(...next);
			last = back;
		}
		return found;
	}

	async #isChange<V>(
		{ commit, after }: Change<V>,
		value: (tree: LinkedTree) => V,
		to: Release,
	): Promise<boolean> {
		return value(await this.#treeAt(commit, to)) === after;
	}

	/** What the profile reads off a commit; `near` is a release with the same kind of tree. */
	#treeAt(commit: string, near: Release): Promise<LinkedTree> {
		let tree = this.#trees.get(commit);
		if (tree === undefined) {
			const { tree: _tree, ...rest } = near;
			const release = { ...rest, name: commit, commit, tip: false };
			tree = this.#query.source
				.profiled([release], this.#query.profile)
				.then(([one]) => one ?? { facts: { drivers: [], capabilities: [] }, modules: [] });
			this.#trees.set(commit, tree);
		}
		return tree;
	}

	async #add<V>(
		{ commit }: Change<V>,
		by: Release | undefined,
		what: Partial<Pick<Landmark, 'capability' | 'driver' | 'role'>>,
	): Promise<void> {
		const { history } = this.#query;
		const { git } = await history.open();
		const [label, release] = await Promise.all([
			labels(git, [commit]).then((found) => found.get(commit)),
			history.firstRelease(commit),
		]);
		// A candidate that was looked at comes before the release that it led to.
		const later = (one: Release): boolean =>
			by !== undefined && compareVersions(one.version, by.version) > 0;
		const named = release === undefined || later(release) ? by : release;
		if (label === undefined || named === undefined) return;
		const { capability: name, driver, role } = what;
		const isKnown = this.#found.some(
			(one) =>
				one.commit === commit.slice(0, 12) &&
				one.capability === name &&
				one.driver === driver &&
				one.role === role,
		);
		if (isKnown) return;
		this.#found.push({
			commit: commit.slice(0, 12),
			subject: label.subject,
			release: named.name,
			source: FOUND,
			...what,
		});
	}
}

type Answered = LandmarkQuery['answers'][number];

/** The commits among the ancestors of another that say that they revert a commit, oldest first. */
function revertsOf(history: History, commit: string, to: string): string[] {
	const { graph } = history;
	const [one, end] = [graph.find(commit), graph.find(to)];
	if (one < 0 || end < 0) return [];
	return identifyByWords(history, one)
		.reversals.filter(({ effect, partly }) => effect === 'removes' && !partly)
		.filter((reversal) => graph.descendants([reversal.commit])[end] === 1)
		.sort((a, b) => a.commit - b.commit)
		.map(({ id }) => id);
}

function nameOf({ capability: name }: { capability: string }): string {
	return name;
}

function pathsOfDriver({ files, neighbours }: DriverFacts): string[] {
	return [...files.map(({ path }) => path), ...neighbours];
}

/** Whether the driver takes one of the buses unchecked in a tree, whether it is built or not. */
function hasHazard(
	tree: LinkedTree,
	subject: Subject,
	{ buses }: Effect,
	configuration: Configuration,
): boolean {
	const driver = driverOf(subject, tree);
	if (driver === undefined) return false;
	const values = assignmentOf(configuration);
	return uncheckedInstallations(driver, tree.facts, values).some(({ bus }) => buses.has(bus));
}

/** What the bug is to one competitor in a tree; `none` where the two do not meet. */
function stateOf(
	tree: LinkedTree,
	subject: Subject,
	{ buses }: Effect,
	configuration: Configuration,
	competitor: string,
): string {
	const driver = driverOf(subject, tree);
	if (driver === undefined) return 'none';
	const values = assignmentOf(configuration);
	const states = uncheckedInstallations(driver, tree.facts, values)
		.filter(({ bus }) => buses.has(bus))
		.flatMap((hazard) => ownership(driver, hazard, tree.facts, values, () => true).competitors)
		.filter((one) => one.driver === competitor)
		.map(({ state }) => state);
	return states.includes('exposed') ? 'exposed' : (states[0] ?? 'none');
}
