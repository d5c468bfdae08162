/**
 * The main job: on which releases is a patch safe, under which configuration, and why.
 * Gathers facts in the order of the design's data flow and hands them to the rules.
 */
import type { LinkedTree, ReleaseSource } from '../../cache/source.ts';
import type { Profile } from '../driver/profile.ts';
import { styles } from '../driver/style.ts';
import type { Configuration } from '../kernel/config.ts';
import type { Release } from '../kernel/releases.ts';
import type { Version } from '../kernel/version.ts';
import { type Cell, cell, effectOf, effectReport, homeRow } from './cells.ts';
import { nameChanges } from './changed-by.ts';
import {
	Buildability,
	type ConfigChoice,
	configurationsOf,
	withKnowledge,
} from './configurations.ts';
import { joined } from './joined.ts';
import { type Effect, judge, reason } from './judge.ts';
import { changedBy, type Landmark } from './landmarks.ts';
import { namesInTrees } from './names.ts';
import { conflictText, type PlacedRelease, place, placementReport } from './placements.ts';
import type { PreparedPatch } from './prepare.ts';
import type { BugState, ConfigReport, RangeReport, ReleaseReport, Verdict } from './report.ts';
import { rulesFor } from './rules/index.ts';
import type { Rule } from './situation.ts';
import { driverOf, homeOf, patchedDrivers, type Subject, subjectsOf } from './subjects.ts';
import { rangesOf, tagsOf, worstBug, worstVerdict } from './summary.ts';

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
	const { patch, source, releases } = input;
	if (input.explain !== undefined) await nameChanges(placed, source, input.explain);
	if (input.only === 'placement') {
		return report(
			input,
			placed.map((one) => unjudged(one, 'not-asked', 'only placement was asked for')),
		);
	}
	const code = patch.files.filter(({ path }) => !path.startsWith('Documentation/'));
	const profile = input.profiles.find((one) => code.some(({ path }) => one.covers(path)));
	const outside = code.filter(({ path }) => profile?.covers(path) !== true).map(({ path }) => path);
	if (profile === undefined || outside.length > 0) {
		const text = `no profile covers ${outside.join(', ')}: only placement is known`;
		return report(
			input,
			placed.map((one) => unjudged(one, 'no-profile', text)),
		);
	}
	const trees = await source.profiled(releases, profile, { withKconfig: true });
	const subjects = subjectsOf(
		code.map(({ path }) => path),
		trees,
	);
	const known = new Set(subjects.flatMap(({ paths }) => paths));
	const framework = code.map(({ path }) => path).filter((path) => !known.has(path));
	if (subjects.length === 0 || framework.length > 0) {
		const text = `${framework.join(', ')} belongs to no driver that the ${profile.id} profile models`;
		return report(
			input,
			placed.map((one) => unjudged(one, 'no-driver', text)),
		);
	}
	const rules = rulesFor(input.rules, profile);
	const answers: SubjectAnswer[] = [];
	for (const subject of subjects) {
		answers.push(await answer({ ...input, rules }, profile, subject, placed, trees));
	}
	return report(
		input,
		combine(placed, answers).map((one) => blocked(one, input.blocked?.get(one.release))),
		answers,
		rules.map(({ id }) => id),
	);
}

/** A release whose verdict something else keeps from being known. */
function blocked(release: ReleaseReport, why: string | undefined): ReleaseReport {
	if (why === undefined || release.verdict === 'not-built') return release;
	const byConfig = release.byConfig.map(
		(one): ConfigReport =>
			one.built
				? { ...one, verdict: 'unknown', prerequisites: [], reasons: [reason('series', why)] }
				: one,
	);
	return { ...release, verdict: 'unknown', byConfig };
}

/** The answer for one of the patch's drivers: configurations, and one judgement for each of them by release. */
interface SubjectAnswer {
	configurations: Configuration[];
	effects: RangeReport['effect'];
	byRelease: ConfigReport[][];
}

async function answer(
	input: RangeInput,
	profile: Profile,
	subject: Subject,
	placed: readonly PlacedRelease[],
	trees: readonly LinkedTree[],
): Promise<SubjectAnswer> {
	const { source } = input;
	const context = { source, profile };
	const after = await patchedDrivers(placed, trees, subject, context);
	const before = trees.map((tree) => driverOf(subject, tree));
	const at = before.findLastIndex((driver) => driver !== undefined);
	const [there, tree] = [placed[at], trees[at]];
	const home =
		after.every((driver) => driver === undefined) && there !== undefined && tree !== undefined
			? await homeOf(there, tree, subject, context)
			: undefined;
	const releases = placed.map(({ release }) => release);
	const names = profile.anyDriver === undefined ? [] : await namesInTrees(placed, subject, context);
	const drivers = [...before, ...after, home?.before, home?.after].filter(
		(driver) => driver !== undefined,
	);
	return withKnowledge(source, releases, profile, (knowledge) => {
		const configurations = configurationsOf(subject.symbol, drivers, knowledge, input.choice);
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
					after[i],
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
		const histories = configurations.map(() => new History());
		const byRelease = cells.map((row) =>
			row.map((one, j) => judged(input, one, effect, histories[j] ?? new History(), cells, j)),
		);
		const effects = effectReport([...cells, ...atHome], effect, subject);
		return profile.anyDriver === undefined
			? { configurations, effects, byRelease }
			: { effects, ...joined(configurations, byRelease) };
	});
}

/** States of a bug that is there. */
const PRESENT: readonly BugState[] = ['latent', 'masked', 'exposed'];

/** What was seen of the bug in earlier releases, under one configuration. */
class History {
	hadBug = false;
	lastWithBug: Version | undefined;
}

function judged(
	input: RangeInput,
	one: Cell,
	effect: Effect,
	history: History,
	cells: readonly Cell[][],
	column: number,
): ConfigReport {
	const { placed, configuration, built, situation } = one;
	const config = configuration.name;
	if (!built || situation === undefined) {
		const state: BugState = history.hadBug ? 'fixed' : 'absent';
		return {
			config,
			built: false,
			style: { before: [], after: null },
			bug: { state, competitors: [] },
			verdict: 'not-built',
			prerequisites: [],
			reasons: one.notBuilt,
		};
	}
	const { before, after, tree, values } = situation;
	const judgement = judge({
		situation,
		placement: placed.result,
		conflict: conflictText(placed),
		effect,
		hadBug: history.hadBug,
		rules: input.rules,
		landmarks: input.landmarks,
		supersededBy: changedBy(
			input.landmarks,
			before.driver,
			history.lastWithBug,
			placed.release.version,
		),
		firstWith: (has) =>
			cells
				.map((row) => row[column])
				.find(
					(other) => other?.built && other.situation !== undefined && has(other.situation.before),
				)?.placed.release.name ?? null,
	});
	if (PRESENT.includes(judgement.bug.state)) {
		history.hadBug = true;
		history.lastWithBug = placed.release.version;
	}
	return {
		config,
		built: true,
		style: {
			before: styles(before, tree, values),
			after: after === undefined ? null : styles(after, tree, values),
		},
		...judgement,
	};
}

/** The answers of several drivers as one: per configuration, the worst of them. */
function combine(
	placed: readonly PlacedRelease[],
	answers: readonly SubjectAnswer[],
): ReleaseReport[] {
	return placed.map((one, i) => {
		const byName = new Map<string, ConfigReport>();
		for (const { byRelease } of answers) {
			for (const next of byRelease[i] ?? []) {
				const known = byName.get(next.config);
				byName.set(next.config, known === undefined ? next : merged(known, next));
			}
		}
		const byConfig = [...byName.values()];
		const built = byConfig.filter((answer) => answer.built);
		return {
			...head(one),
			verdict: built.length === 0 ? 'not-built' : worstVerdict(built.map(({ verdict }) => verdict)),
			bug: worstBug(built.map(({ bug }) => bug.state)),
			byConfig,
		};
	});
}

function merged(a: ConfigReport, b: ConfigReport): ConfigReport {
	if (!a.built || !b.built) return a.built ? a : b;
	const after =
		a.style.after === null || b.style.after === null ? null : [...a.style.after, ...b.style.after];
	return {
		config: a.config,
		built: true,
		style: { before: [...a.style.before, ...b.style.before], after },
		bug: {
			state: worstBug([a.bug.state, b.bug.state]),
			competitors: [...a.bug.competitors, ...b.bug.competitors],
		},
		verdict: worstVerdict([a.verdict, b.verdict]),
		prerequisites: [...a.prerequisites, ...b.prerequisites],
		reasons: [...a.reasons, ...b.reasons],
	};
}

function head(one: PlacedRelease): Omit<ReleaseReport, 'verdict' | 'bug' | 'byConfig'> {
	const { name, series, commit, date, tip } = one.release;
	return { release: name, series, commit, date, tip, placement: placementReport(one) };
}

/** A release of which only the placement is known. */
function unjudged(one: PlacedRelease, code: string, text: string): ReleaseReport {
	const verdict: Verdict = 'unknown';
	return {
		...head(one),
		verdict,
		bug: 'unknown',
		byConfig: [
			{
				config: 'any',
				built: true,
				style: { before: [], after: null },
				bug: { state: 'unknown', competitors: [] },
				verdict,
				prerequisites: [],
				reasons: [reason(code, text)],
			},
		],
	};
}

function report(
	input: RangeInput,
	releases: ReleaseReport[],
	answers: readonly SubjectAnswer[] = [],
	rules: string[] = [],
): RangeReport {
	const { patch, source } = input;
	const configurations = new Map(
		answers.flatMap((one) => one.configurations).map((one) => [one.name, one]),
	);
	const names = configurations.size === 0 ? ['any'] : [...configurations.keys()];
	return {
		schema: 'rangefinder.range/1',
		patch: {
			subject: patch.subject,
			author: patch.author,
			messageId: patch.messageId,
			commit: patch.commit,
			repaired: patch.repaired,
			proof: patch.proof,
			files: patch.files.map(({ path, preimage, postimage }) => ({ path, preimage, postimage })),
		},
		source: { kind: source.kind, releases: source.releases.length },
		effect: answers.flatMap(({ effects }) => effects),
		configs: [...configurations.values()].map(({ name, when, alternatives }) => ({
			name,
			when,
			alternatives: alternatives.map((one) => ({ when: one.when, because: one.because })),
		})),
		releases,
		ranges: rangesOf(releases, names),
		tags: tagsOf(releases, input.landmarks),
		rules,
	};
}
