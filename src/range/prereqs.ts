/**
 * Answers `prereqs`: for each target the commits that a patch needs there, in order, with what fails without
 * each, and the proof by git itself.
 */
import type { ReleaseSource } from '../../cache/source.ts';
import type { Profile } from '../driver/profile.ts';
import { RangefinderError } from '../errors.ts';
import type { GitRunner } from '../git/process.ts';
import type { MadeChange, ProofStep } from '../git/proof.ts';
import type { ProofWorld } from '../git/proof-folder.ts';
import type { ObjectStore } from '../git/store.ts';
import { gitWalk } from '../history/change-point.ts';
import { type Change, nameOf, Stretch } from '../history/needs/change.ts';
import { Copies, TakenBack } from '../history/needs/copies.ts';
import { Symbols } from '../history/needs/symbols.ts';
import type { Picker } from '../history/pick/pick.ts';
import type { Release } from '../kernel/releases.ts';
import type { ConfigChoice } from './configurations.ts';
import type { Instead } from './instead.ts';
import type { Landmark } from './landmarks.ts';
import { registrationCandidates, registrationCheck } from './needs/registration.ts';
import { symbolsCheck } from './needs/symbols.ts';
import type { PreparedPatch } from './prepare.ts';
import {
	blank,
	isWanting,
	membersOf,
	openOf,
	reworkOr,
	said,
	subjectsOfAll,
	withBetter,
} from './prereqs-answer.ts';
import { proofOf, rangeDiffOf, stepsOf, unproved } from './prereqs-proof.ts';
import type { PrereqsReport, PrereqTarget } from './prereqs-report.ts';
import { type Check, type Need, type Solution, solve } from './prerequisites.ts';
import { range } from './range.ts';
import type { ReleaseReport } from './report.ts';
import type { Rule } from './situation.ts';

export interface PrereqsInput {
	readonly patch: PreparedPatch;
	/** The patch on the tree it was made on; undefined where that is not known. */
	readonly change: Change | undefined;
	/** Whether the clone has commits between its releases: without them there is nothing to pick. */
	readonly hasHistory: boolean;
	readonly targets: readonly Release[];
	readonly store: ObjectStore;
	readonly git: GitRunner;
	readonly picker: Picker;
	/** Reads trees of the clone and those that the picker made. */
	readonly source: ReleaseSource;
	readonly profiles: readonly Profile[];
	readonly rules: readonly Rule[];
	readonly landmarks: readonly Landmark[];
	readonly choice: ConfigChoice;
	/** A commit up to which commits are looked for that change how a driver registers; full id. */
	readonly upstream: string | undefined;
	readonly max: number;
	readonly trials: number;
	/** Seconds after which no more lists are tried for a target; none is the default. */
	readonly seconds?: number | undefined;
	/** Whether commits may be added for text alone. */
	readonly textual: boolean;
	readonly world: ProofWorld;
	/** Whether git is to prove what was found. */
	readonly proves: boolean;
	/** Finds other fixes of the bug, over all releases; asked where a target's answer is wanting. */
	readonly instead?: () => Promise<readonly Instead[]>;
	/** Called before a target is asked about; the signal asks to end with what there is. */
	readonly interruptible?: () => AbortSignal;
	readonly progress?: (target: Release, tried: number, members: number) => void;
}

/** A target's answer, and what git is to pick for it. */
export interface PrereqAnswer {
	readonly target: PrereqTarget;
	readonly steps: readonly (ProofStep | MadeChange)[];
}

/** Answers for every target, in order. @throws RangefinderError git-failed, object-missing, git-missing */
export async function prereqs(input: PrereqsInput): Promise<PrereqsReport> {
	const targets: PrereqTarget[] = [];
	const seeds: string[][] = [];
	for (const release of input.targets) {
		const signal = input.interruptible?.();
		if (signal?.aborted === true) break;
		const answer = await untilStopped(signal, () => prereqsOn(input, release, seeds));
		if (answer === undefined) break;
		const { target } = answer;
		targets.push(target);
		if (target.prerequisites.length > 0) {
			seeds.unshift(target.prerequisites.map(({ commit }) => commit));
		}
	}
	return reportOf(input, targets);
}

/** What is answered; undefined where it fails once it is to end: Ctrl-C ends the gits that are asked, too. */
export async function untilStopped<T>(
	signal: AbortSignal | undefined,
	ask: () => Promise<T>,
): Promise<T | undefined> {
	try {
		return await ask();
	} catch (error) {
		if (signal?.aborted === true && error instanceof RangefinderError) return undefined;
		throw error;
	}
}

/** The answers of targets as a report. */
export function reportOf(
	{ patch, change }: PrereqsInput,
	targets: readonly PrereqTarget[],
): PrereqsReport {
	return {
		schema: 'rangefinder.prereqs/1',
		patch: {
			subject: patch.subject,
			author: patch.author,
			commit: patch.commit,
			base: change?.from ?? null,
		},
		targets: [...targets],
	};
}

/** Answers for one target; `seeds` are the lists of its neighbours. */
export async function prereqsOn(
	input: PrereqsInput,
	release: Release,
	seeds: readonly (readonly string[])[] = [],
): Promise<PrereqAnswer> {
	const answer = await solvedOn(input, release, seeds);
	if (input.instead === undefined || !isWanting(answer.target)) return answer;
	return { ...answer, target: withBetter(answer.target, release, await input.instead()) };
}

async function solvedOn(
	input: PrereqsInput,
	release: Release,
	seeds: readonly (readonly string[])[],
): Promise<PrereqAnswer> {
	const { change } = input;
	const judge = judgeOf(input, release);
	if (change === undefined) {
		const report = await judge(release.commit);
		const why =
			'no commit of this clone has the files that the patch was made from: history cannot say what it needs';
		return { target: { ...blank(release), ...said(report), notes: [why] }, steps: [] };
	}
	const apart = await whyApart(input, release, change);
	if (apart !== undefined) {
		const report = await judge(release.commit);
		return { target: { ...blank(release), ...said(report), notes: [apart] }, steps: [] };
	}
	const stretch = new Stretch(input.git, release.commit, input.upstream ?? change.from);
	const copies = new Copies(stretch);
	const symbols = new Symbols(input.picker.pool, stretch);
	const checks: Check[] = [symbolsCheck(symbols, stretch)];
	const asking = registrationCheck(change, judge, () => candidatesOf(input, release, change));
	const onto = await input.picker.treeOf(release.commit);
	const search = (all: readonly Check[]): Promise<Solution> =>
		solve(change, {
			picker: input.picker,
			stretch,
			copies,
			takenBack: new TakenBack(stretch),
			checks: all,
			onto,
			max: input.max,
			trials: input.trials,
			textual: input.textual,
			...(input.seconds === undefined ? {} : { seconds: input.seconds }),
			seeds,
			changeOf: (commit) => changeOf(input.store, input.picker, commit),
			...(input.interruptible === undefined ? {} : { signal: input.interruptible() }),
			...(input.progress === undefined
				? {}
				: { progress: (...told: [number, number]) => input.progress?.(release, ...told) }),
		});
	const whole = await search([...checks, asking]);
	const open = 'need' in whole ? whole.need : undefined;
	// What no commit settles an adaptation may: the list is then what leaves least to it.
	const settled =
		open?.kind === 'registration' ? await search([...checks, noWorse(asking, open)]) : whole;
	return finish(input, release, { solution: settled, open, copies, symbols, judge });
}

/** A check that is met where no more is open than `most`. */
function noWorse(check: Check, most: Need): Check {
	return async (trial) => {
		const need = await check(trial);
		return need === undefined || need.weight <= most.weight ? undefined : need;
	};
}

interface Found {
	readonly solution: Solution;
	/** What no commit settles. */
	readonly open: Need | undefined;
	readonly copies: Copies;
	readonly symbols: Symbols;
	readonly judge: (tree: string) => Promise<ReleaseReport | undefined>;
}

async function finish(
	input: PrereqsInput,
	release: Release,
	{ solution, open, copies, symbols, judge }: Found,
): Promise<PrereqAnswer> {
	const base = { ...blank(release), already: copies.met() };
	switch (solution.result) {
		case 'contained':
			return { target: { ...base, result: 'contained' }, steps: [] };
		case 'lands': {
			const { trial, members } = solution;
			const steps = stepsOf(
				input,
				members.map(({ commit }) => commit),
			);
			let rangeDiff: string | null = null;
			const { change, textual } = input;
			const compare = async (git: GitRunner): Promise<void> => {
				if (textual || change?.commit === undefined) return;
				rangeDiff = await rangeDiffOf(git, [change.from, change.commit]);
			};
			const proof = input.proves ? await proofOf(input, release, steps, compare) : undefined;
			const proved = proof?.result === 'applied' && proof.tree === trial.tree;
			const report = await judge(trial.before);
			// What the framework lacks no adaptation of the patch brings.
			const adapts = open !== undefined && report?.verdict !== 'unsafe';
			const result = adapts ? 'adaptation' : members.length === 0 ? 'lands' : 'lands-with';
			const target: PrereqTarget = {
				...base,
				...said(report),
				result,
				proved,
				tree: trial.tree,
				prerequisites: await membersOf(input.git, members, open),
				open: openOf(open),
				rangeDiff,
				notes: [...(proved || proof === undefined ? [] : [unproved(proof)]), ...symbols.untold()],
			};
			return { target, steps };
		}
		case 'open':
		case 'unknown': {
			const partial = await subjectsOfAll(input.git, solution.members);
			return {
				target: {
					...base,
					...said(await judge(release.commit)),
					result: solution.result === 'unknown' ? 'unknown' : reworkOr(solution.need),
					open: openOf(solution.need),
					partial,
					notes: solution.result === 'unknown' ? [solution.why] : [],
				},
				steps: [],
			};
		}
	}
}

/** The verdict on a tree, each asked for once; undefined where no profile covers the patch. */
function judgeOf(
	input: PrereqsInput,
	release: Release,
): (tree: string) => Promise<ReleaseReport | undefined> {
	const { patch, source, profiles, rules, landmarks, choice } = input;
	const code = patch.files.filter(({ path }) => !path.startsWith('Documentation/'));
	const covered = profiles.some((one) => code.every(({ path }) => one.covers(path)));
	const known = new Map<string, Promise<ReleaseReport | undefined>>();
	const ask = async (tree: string): Promise<ReleaseReport | undefined> => {
		const { tree: _tree, ...rest } = release;
		const made = { ...rest, commit: tree };
		const asked = { patch, source, releases: [made], profiles, rules, landmarks, choice };
		return (await range(asked)).releases[0];
	};
	return (tree) => {
		if (!covered) return Promise.resolve(undefined);
		const before = known.get(tree) ?? ask(tree);
		known.set(tree, before);
		return before;
	};
}

async function candidatesOf(
	{ source, profiles, patch, git, upstream }: PrereqsInput,
	target: Release,
	change: Change,
): Promise<readonly string[]> {
	const paths = patch.files.map(({ path }) => path);
	const profile = profiles.find((one) => paths.some((path) => one.covers(path)));
	if (profile === undefined) return [];
	const walk = gitWalk(git);
	const to = upstream ?? change.from;
	const found = await registrationCandidates({
		source,
		profile,
		walk,
		paths,
		target,
		upstream: to,
	});
	return found.filter((commit) => commit !== change.commit);
}

/** A commit as a change. @throws RangefinderError object-missing */
export async function changeOf(
	store: Pick<ObjectStore, 'commitInfo'>,
	picker: Picker,
	commit: string,
): Promise<Change> {
	const { parents, tree, subject } = await store.commitInfo(commit);
	const [from = commit] = parents;
	return { commit, subject, base: await picker.treeOf(from), theirs: tree, from };
}

/** Why there is no history between a target and what the patch was made on; undefined where there is. */
async function whyApart(
	{ git, hasHistory }: PrereqsInput,
	{ name, commit }: Release,
	change: Change,
): Promise<string | undefined> {
	if (!hasHistory) return 'this repository has releases and no commits between them';
	const { code } = await git.run(['merge-base', commit, change.from]);
	return code === 0 ? undefined : `${name} has no history in common with ${nameOf(change)}`;
}
