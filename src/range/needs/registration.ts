/**
 * The check that no rule asks for more where a patch lands: what the rules say of the patch on the tree that
 * was picked together. What may settle it are commits that changed how the driver registers itself.
 */
import type { LinkedTree, ReleaseSource } from '../../../cache/source.ts';
import type { DriverFacts } from '../../driver/model.ts';
import type { Profile } from '../../driver/profile.ts';
import { type ChangeWalk, changePoints } from '../../history/change-point.ts';
import type { Change } from '../../history/needs/change.ts';
import type { Release } from '../../kernel/releases.ts';
import type { Check, NeedPlace } from '../prerequisites.ts';
import type { ConfigReport, ReleaseReport } from '../report.ts';
import { driverOf, type Subject, subjectsOf } from '../subjects.ts';

/** What the rules say of the patch on a tree; undefined where none covers it. */
export type JudgeTree = (tree: string) => Promise<ReleaseReport | undefined>;

/** Verdicts that ask for something. */
const ASKING: readonly string[] = ['needs-prerequisites', 'unsafe'];

/** Whether rules ask for something on a tree, and what it may be. */
export function registrationCheck(
	change: Change,
	judge: JudgeTree,
	candidates: () => Promise<readonly string[]>,
): Check {
	return async ({ before }) => {
		const report = await judge(before);
		const asking = report?.byConfig.filter(({ verdict }) => ASKING.includes(verdict)) ?? [];
		if (asking.length === 0) return undefined;
		return {
			kind: 'registration',
			change,
			why: partsOf(asking).join('; '),
			parts: partsOf(asking),
			places: placesOf(asking),
			weight: asking.reduce((sum, { reasons }) => sum + Math.max(1, reasons.length), 0),
			candidates,
		};
	};
}

function partsOf(asking: readonly ConfigReport[]): string[] {
	const texts = asking.flatMap(({ config, reasons }) =>
		reasons.map(({ text }) => `${config}: ${text}`),
	);
	return [...new Set(texts)];
}

function placesOf(asking: readonly ConfigReport[]): NeedPlace[] {
	const places = new Map<string, NeedPlace>();
	for (const { path, line } of asking.flatMap(({ reasons }) =>
		reasons.flatMap(({ evidence }) => evidence),
	)) {
		places.set(`${path}:${line}`, { path, line });
	}
	return [...places.values()];
}

export interface RegistrationSearch {
	readonly source: ReleaseSource;
	readonly profile: Profile;
	readonly walk: ChangeWalk;
	/** The files of the patch. */
	readonly paths: readonly string[];
	readonly target: Release;
	/** The commit up to which is looked, full id. */
	readonly upstream: string;
}

/**
 * Commits between a target and `upstream` with which the patched drivers came to register in another way, the
 * oldest first: what is nearest to the target lands soonest.
 * @throws RangefinderError git-failed, object-missing
 */
export async function registrationCandidates(search: RegistrationSearch): Promise<string[]> {
	const { source, profile, walk, paths, target, upstream } = search;
	const treeAt = async (commit: string): Promise<LinkedTree | undefined> => {
		const { tree: _tree, ...rest } = target;
		const [tree] = await source.profiled([{ ...rest, name: commit, commit, tip: false }], profile);
		return tree;
	};
	const trees = [await treeAt(target.commit), await treeAt(upstream)].filter(
		(tree) => tree !== undefined,
	);
	const found: string[] = [];
	for (const subject of subjectsOf(paths, trees)) {
		const files = trees.flatMap((tree) => driverOf(subject, tree)?.files ?? []);
		const own = [...new Set([...subject.paths, ...files.map(({ path }) => path)])];
		const changes = await changePoints(walk, {
			from: target.commit,
			to: upstream,
			paths: own,
			nothing: '',
			evaluate: async (commit) => shapeIn(await treeAt(commit), subject),
		});
		found.push(...changes.map(({ commit }) => commit));
	}
	return found;
}

function shapeIn(tree: LinkedTree | undefined, subject: Subject): string {
	const driver = tree === undefined ? undefined : driverOf(subject, tree);
	return driver === undefined ? '' : shapeOf(driver);
}

/** How a driver registers itself, without where: equal for trees that differ in nothing else. */
function shapeOf({ entries, busOps, declares, deviceRegister, setFwnode }: DriverFacts): string {
	const calls = [...busOps, ...deviceRegister, ...setFwnode].map(
		({ call, function: own, reachedFrom, when }) => [
			call,
			own,
			when,
			reachedFrom.map(({ installer, level, gates }) => [
				installer,
				level?.name,
				gates.map(({ kind, what, negated }) => [kind, what, negated]),
			]),
		],
	);
	const declared = declares.map(({ table, compatible, callback, when }) => [
		table,
		compatible,
		callback,
		when,
	]);
	const entered = entries.map(({ macro, function: own, when }) => [macro, own, when]);
	return JSON.stringify([entered.sort(), calls.sort(), declared.sort()]);
}
