/**
 * The main job: on which releases is a patch safe, under which configuration, and why.
 * Gathers facts in the order of the design's data flow and hands them to the rules.
 */
import type { LinkedTree, ReleaseSource } from '../../cache/source.ts';
import type { Profile } from '../driver/profile.ts';
import type { Release } from '../kernel/releases.ts';
import {
	blocked,
	combine,
	type Judged,
	report,
	type SubjectAnswer,
	unjudged,
	unplaced,
	withLost,
} from './assemble.ts';
import { type FrameworkDemands, withDemands } from './brought.ts';
import { type Cell, cell, effectOf, effectReport, homeRow, situationsOf } from './cells.ts';
import { nameChanges } from './changed-by.ts';
import {
	Buildability,
	type ConfigChoice,
	configurationsOf,
	withKnowledge,
} from './configurations.ts';
import { removedBy } from './hazards/index.ts';
import { type InsteadQuery, insteadOf, withInstead } from './instead.ts';
import { joined } from './joined.ts';
import { judgeCells } from './judged-cells.ts';
import { disagreements, type Landmark } from './landmarks.ts';
import { namesInTrees } from './names.ts';
import { type PlacedRelease, place, whyUnread } from './placements.ts';
import type { PreparedFile, PreparedPatch } from './prepare.ts';
import type { RangeHistory } from './range-history.ts';
import { remainsOf, stillLosing } from './remaining.ts';
import type { ConfigReport, RangeReport, ReleaseReport } from './report.ts';
import { rulesFor } from './rules/index.ts';
import { siblingsIn } from './siblings.ts';
import type { Rule } from './situation.ts';
import { driverOf, homeOf, patchedDrivers, type Subject, subjectsOf } from './subjects.ts';
import type { Tagging } from './tags.ts';
import { WantedUsers } from './users.ts';
import type { PrereqsQuery } from './with-prereqs.ts';

export interface RangeInput {
	patch: PreparedPatch;
	source: ReleaseSource;
	/** The releases to look at, in kernel order. */
	releases: readonly Release[];
	profiles: readonly Profile[];
	rules: readonly Rule[];
	landmarks: readonly Landmark[];
	choice: ConfigChoice;
	/** Releases of which conflicts name the commits that changed the lines; none without it. */
	explain?: (placed: PlacedRelease) => boolean;
	/** Placement only: no facts, no verdict. */
	only?: 'placement';
	/** The patch of a commit of the clone; where history may be asked. */
	readCommit?: (commit: string) => Promise<PreparedPatch>;
	/** Finds the commits that a patch needs; where history may be asked. */
	prereqs?: PrereqsQuery;
	/** The history of the clone, where it has one that may be asked. */
	history?: RangeHistory;
	/** What tags are wanted for; all series that are looked at without it. */
	tagging?: Tagging;
	/** Subjects of all patches of the series that the patch is in. */
	together?: readonly string[];
	/** Checks what capabilities demand that the patch brings; absent where there are no whole trees. */
	demands?: FrameworkDemands;
	/** By release: what keeps its verdict from being known, whatever the facts say. */
	blocked?: ReadonlyMap<string, string>;
}

/** Answers for a patch. */
export async function range(input: RangeInput): Promise<RangeReport> {
	const placed = await place(input.patch, input.source, input.releases);
	return rangeOfPlaced(input, placed);
}

/** Answers for a patch that is placed already. */
export async function rangeOfPlaced(
	input: RangeInput,
	placed: readonly PlacedRelease[],
): Promise<RangeReport> {
	const alone = await judgePlaced(input, placed);
	if (input.only !== undefined) return report(input, alone);
	const judged = await withDemands(alone, placed, input.source, input.demands);
	const instead = await insteadOf(insteadQuery(input, judged));
	const better = instead.length === 0 ? {} : { instead };
	if (input.history === undefined) return { ...report(input, judged), ...better };
	const { tellHistory } = await import('./with-history.ts');
	const told = await tellHistory(input.history, input, placed, judged.releases);
	const { notes, followUps } = told;
	const releases =
		input.prereqs === undefined
			? told.releases
			: await (await import('./with-prereqs.ts')).withPrereqs(
					told.releases,
					input.releases,
					input.prereqs,
				);
	return {
		...report(input, {
			...judged,
			releases: withInstead(releases, instead),
			notes: [...judged.notes, ...notes],
		}),
		...better,
		...(followUps === undefined ? {} : { followUps: [...followUps] }),
	};
}

/** Other fixes are judged as the patch is, by the releases alone. */
function insteadQuery(input: RangeInput, { releases, landmarks }: Judged): InsteadQuery {
	const { readCommit, history: _history, explain: _explain, ...rest } = input;
	if (readCommit === undefined || input.history === undefined) return { releases, landmarks };
	return {
		releases,
		landmarks,
		judged: async (commit) => {
			const patch = await readCommit(commit);
			const placed = await place(patch, input.source, input.releases);
			const other = await judgePlaced({ ...rest, patch }, placed);
			return { commit: patch.commit ?? commit, patch, releases: other.releases };
		},
	};
}

/** Releases of which only the placement is known. */
function placedOnly({ landmarks }: RangeInput, releases: ReleaseReport[]): Judged {
	return { releases, answers: [], rules: [], landmarks, notes: [] };
}

/** What the rules say of a patch that is placed, without the report around it. */
export async function judgePlaced(
	input: RangeInput,
	placed: readonly PlacedRelease[],
): Promise<Judged> {
	const { patch, source, releases } = input;
	const only = (one: ReleaseReport[]): Judged => placedOnly(input, one);
	if (input.explain !== undefined) await nameChanges(placed, source, input.explain);
	if (input.only === 'placement') {
		const why = 'only placement was asked for';
		return only(placed.map((one) => unjudged(one, ...unplaced(one, 'not-asked', why))));
	}
	const code = patch.files.filter(({ path }) => !path.startsWith('Documentation/'));
	const profile = input.profiles.find((one) => code.some(({ path }) => one.covers(path)));
	const outside = code.filter(({ path }) => profile?.covers(path) !== true).map(({ path }) => path);
	if (profile === undefined || outside.length > 0) {
		const text = `no profile covers ${outside.join(', ')}: only placement is known`;
		return only(placed.map((one) => unjudged(one, ...unplaced(one, 'no-profile', text))));
	}
	const lost = new Map(await source.unread?.(releases, profile));
	for (const one of placed) {
		const why = whyUnread(one);
		if (why !== undefined) lost.set(one.release.name, why);
	}
	if (lost.size === 0) return judgeProfiled(input, profile, code, placed);
	const kept = placed.filter(({ release }) => !lost.has(release.name));
	const known = kept.length === 0 ? only([]) : await judgeProfiled(input, profile, code, kept);
	return withLost(known, placed, lost);
}

/** The answers where all that the profile reads of the releases can be had. */
async function judgeProfiled(
	input: RangeInput,
	profile: Profile,
	code: readonly PreparedFile[],
	placed: readonly PlacedRelease[],
): Promise<Judged> {
	const { source } = input;
	const releases = placed.map(({ release }) => release);
	const trees = await source.profiled(releases, profile, { withKconfig: true });
	const subjects = subjectsOf(
		code.map(({ path }) => path),
		trees,
	);
	const known = new Set(subjects.flatMap(({ paths }) => paths));
	const framework = code.map(({ path }) => path).filter((path) => !known.has(path));
	if (subjects.length === 0 || framework.length > 0) {
		const text = `${framework.join(', ')} belongs to no driver that the ${profile.id} profile models`;
		const reports = placed.map((one) => unjudged(one, 'no-driver', text));
		return placedOnly(input, reports);
	}
	const rules = rulesFor(input.rules, profile);
	const answerAll = async (landmarks: readonly Landmark[]): Promise<SubjectAnswer[]> => {
		const answers: SubjectAnswer[] = [];
		for (const subject of subjects) {
			const asked = { ...input, rules, landmarks };
			answers.push(await answer(asked, profile, subject, subjects, placed, trees));
		}
		return answers;
	};
	let answers = await answerAll(input.landmarks);
	let landmarks = input.landmarks;
	const notes: string[] = [];
	if (input.history !== undefined) {
		const { findLandmarks } = await import('./landmark-search.ts');
		const query = { history: input.history, source, profile, releases, trees, answers };
		const found = await findLandmarks(query);
		if (found.length > 0) {
			// What was found goes first: it names what the list would have named.
			landmarks = [...found, ...input.landmarks];
			notes.push(...disagreements(found, input.landmarks));
			answers = await answerAll(landmarks);
		}
	}
	return {
		releases: combine(placed, answers).map((one) => blocked(one, input.blocked?.get(one.release))),
		answers,
		rules: rules.map(({ id }) => id),
		landmarks,
		notes,
	};
}

async function answer(
	input: RangeInput,
	profile: Profile,
	subject: Subject,
	subjects: readonly Subject[],
	placed: readonly PlacedRelease[],
	trees: readonly LinkedTree[],
): Promise<SubjectAnswer> {
	const { source } = input;
	const context = { source, profile };
	const patched = await patchedDrivers(placed, trees, subject, context);
	const before = trees.map((tree) => driverOf(subject, tree));
	const at = before.findLastIndex((driver) => driver !== undefined);
	const [there, tree] = [placed[at], trees[at]];
	const home =
		patched.every((one) => one === undefined) && there !== undefined && tree !== undefined
			? await homeOf(there, tree, subject, context)
			: undefined;
	const releases = placed.map(({ release }) => release);
	const names = profile.anyDriver === undefined ? [] : await namesInTrees(placed, subject, context);
	const after = [...patched, home?.after].map((one) => one?.driver);
	const drivers = [...before, ...after, home?.before].filter((driver) => driver !== undefined);
	const others = subjects.filter((one) => one !== subject);
	const alsoPatched = trees.flatMap((tree) => others.flatMap((one) => driverOf(one, tree) ?? []));
	const wanted = new WantedUsers();
	const first = await withKnowledge(source, releases, profile, (knowledge) => {
		const { symbol, also } = subject;
		const configurations = configurationsOf(symbol, drivers, knowledge, input.choice, also);
		const cells: Cell[][] = placed.map((one, i) => {
			const buildable = new Buildability(knowledge, i);
			return configurations.map((configuration) =>
				cell(
					profile,
					subject,
					configuration,
					one,
					trees[i],
					before[i],
					patched[i],
					buildable,
					names[i],
				),
			);
		});
		const atHome =
			home === undefined
				? []
				: [homeRow(profile, subject, configurations, home, new Buildability(knowledge, at))];
		const effect = effectOf([...cells, ...atHome].flat());
		const effects = effectReport([...cells, ...atHome], effect, subject);
		const removed = removedBy(situationsOf([...cells, ...atHome].flat()));
		const siblings = siblingsIn({
			profile,
			trees,
			knowledge,
			choice: input.choice,
			removed,
			patched: [...drivers, ...alsoPatched],
		});
		const judged = judgeCells(input, wanted, cells, effect);
		const remaining = placed.map((_, i) =>
			stillLosing(
				cells[i] ?? [],
				(judged[i] ?? []).map(({ report }) => report),
			),
		);
		return { configurations, effects, cells, effect, removed, siblings, remaining, judged };
	});
	const { configurations, effects, cells, effect, removed, siblings } = first;
	const users = await wanted.read(source, releases, profile);
	const judgedAll =
		users === undefined ? first.judged : judgeCells(input, users, cells, effect, first.judged);
	const remains = await remainsOf(first.remaining, trees, context);
	const byRelease = judgedAll.map((row, i) =>
		row.map(({ report }, j): ConfigReport => {
			const left = remains[i]?.[j];
			return left === undefined ? report : { ...report, remains: left };
		}),
	);
	const shown =
		profile.anyDriver === undefined
			? { configurations, byRelease }
			: joined(configurations, byRelease);
	return { subject, effect, effects, removed, siblings, ...shown };
}
