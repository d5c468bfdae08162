/** Puts what is said of drivers and releases together into the report of a patch. */
import type { Configuration } from '../kernel/config.ts';
import type { Removed } from './hazards/index.ts';
import { type Effect, reason } from './judge.ts';
import type { Landmark } from './landmarks.ts';
import { type PlacedRelease, placementReport, whyUnread } from './placements.ts';
import type { RangeInput } from './range.ts';
import type { ConfigReport, RangeReport, ReleaseReport, Remains, Verdict } from './report.ts';
import type { Sibling } from './siblings-report.ts';
import type { Subject } from './subjects.ts';
import { rangesOf, worstBug, worstVerdict } from './summary.ts';
import { type TaggedPatch, tagsOf } from './tags.ts';

/** The answer for one of the patch's drivers: configurations, and one judgement for each of them by release. */
export interface SubjectAnswer {
	subject: Subject;
	effect: Effect;
	configurations: Configuration[];
	effects: RangeReport['effect'];
	byRelease: ConfigReport[][];
	/** What the patch stops the driver from doing. */
	removed: readonly Removed[];
	/** Other drivers that do it, by release. */
	siblings: readonly Sibling[][];
}

/** What the rules say of releases. */
export interface Judged {
	releases: ReleaseReport[];
	answers: readonly SubjectAnswer[];
	rules: string[];
	/** Those that ship, after those that were found. */
	landmarks: readonly Landmark[];
	/** What landmarks that were found say against those that ship. */
	notes: string[];
}

/** A release whose verdict something else keeps from being known. */
export function blocked(release: ReleaseReport, why: string | undefined): ReleaseReport {
	if (why === undefined || release.verdict === 'not-built') return release;
	const byConfig = release.byConfig.map(
		(one): ConfigReport =>
			one.built
				? { ...one, verdict: 'unknown', prerequisites: [], reasons: [reason('series', why)] }
				: one,
	);
	return { ...release, verdict: 'unknown', byConfig };
}

/** With the releases of which something cannot be had: they are unknown, the others are not. */
export function withLost(
	known: Judged,
	placed: readonly PlacedRelease[],
	lost: ReadonlyMap<string, string>,
): Judged {
	const byName = new Map(known.releases.map((one) => [one.release, one]));
	const names = [...configurationsByName(known.answers).keys()];
	const configs = names.length === 0 ? ['any'] : names;
	const releases = placed.flatMap((one) => {
		const why = lost.get(one.release.name);
		if (why !== undefined) return [unjudged(one, 'object-missing', why, configs)];
		return byName.get(one.release.name) ?? [];
	});
	return { ...known, releases };
}

/** Why a release is not judged: that it cannot be read comes first. */
export function unplaced(
	one: PlacedRelease,
	code: string,
	text: string,
): [code: string, text: string] {
	const why = whyUnread(one);
	return why === undefined ? [code, text] : ['object-missing', why];
}

function configurationsByName(answers: readonly SubjectAnswer[]): Map<string, Configuration> {
	return new Map(answers.flatMap((one) => one.configurations).map((one) => [one.name, one]));
}

/** The answers of several drivers as one: per configuration, the worst of them. */
export function combine(
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
			...siblingsAt(answers, i),
		};
	});
}

/** The siblings of all patched drivers, each once. */
function siblingsAt(
	answers: readonly SubjectAnswer[],
	at: number,
): Pick<ReleaseReport, 'siblings'> {
	const all = answers.flatMap(({ siblings }) => siblings[at] ?? []);
	const found = new Map(
		all.map((one) => [`${one.hazard} ${one.path} ${one.bus} ${one.style}`, one]),
	);
	return found.size === 0 ? {} : { siblings: [...found.values()] };
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
		reasons: distinct([...a.reasons, ...b.reasons]),
		...mergedRemains(a.remains, b.remains),
	};
}

/** Drivers that share a source have reasons in common. */
function distinct<T>(all: readonly T[]): T[] {
	return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function mergedRemains(
	a: Remains | undefined,
	b: Remains | undefined,
): Pick<ConfigReport, 'remains'> {
	if (a === undefined || b === undefined) {
		const remains = a ?? b;
		return remains === undefined ? {} : { remains };
	}
	const remains = {
		losers: [...a.losers, ...b.losers],
		halfway: [...a.halfway, ...b.halfway],
	};
	return { remains };
}

function head(one: PlacedRelease): Omit<ReleaseReport, 'verdict' | 'bug' | 'byConfig'> {
	const { name, series, commit, date, tip } = one.release;
	return { release: name, series, commit, date, tip, placement: placementReport(one) };
}

/** A release of which only the placement is known. */
export function unjudged(
	one: PlacedRelease,
	code: string,
	text: string,
	configs: readonly string[] = ['any'],
): ReleaseReport {
	const verdict: Verdict = 'unknown';
	return {
		...head(one),
		verdict,
		bug: 'unknown',
		byConfig: configs.map((config) => ({
			config,
			built: true,
			style: { before: [], after: null },
			bug: { state: 'unknown', competitors: [] },
			verdict,
			prerequisites: [],
			reasons: [reason(code, text)],
		})),
	};
}

/** The report of a patch, from what is said of the releases. */
export function report(
	input: Pick<RangeInput, 'patch' | 'source' | 'only' | 'tagging' | 'together'>,
	{ releases, answers, rules, landmarks, notes }: Judged,
): RangeReport {
	const { patch, source } = input;
	const configurations = configurationsByName(answers);
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
		tags:
			input.only === undefined
				? withNotes(tagsOf(releases, landmarks, input.tagging, taggedPatch(input)), notes)
				: { fixes: [], cc: [], notes },
		rules,
	};
}

function taggedPatch({ patch, together }: Pick<RangeInput, 'patch' | 'together'>): TaggedPatch {
	return {
		subject: patch.subject,
		...(patch.text === undefined ? {} : { message: patch.text.message }),
		...(together === undefined ? {} : { together }),
	};
}

function withNotes(tags: RangeReport['tags'], notes: readonly string[]): RangeReport['tags'] {
	return notes.length === 0 ? tags : { ...tags, notes: [...tags.notes, ...notes] };
}
