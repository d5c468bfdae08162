/**
 * Which `Cc: stable` lines follow from the answers of releases: Documentation/process/stable-kernel-rules.rst,
 * "Option 1". `# 4.14.x` asks for 4.14 and every newer series, so it is proposed only where no series that is
 * known from there on would be harmed; the documents have no form for an end, nor for a hole.
 */
import { NOAUTOSEL, STABLE, seriesInTag, stableValue } from '../kernel/stable-tag.ts';
import { MAINLINE } from '../kernel/version.ts';
import type { BugState, ConfigReport, Prerequisite, ReleaseReport, Verdict } from './report.ts';
import type { Proposed } from './tags-fixes.ts';

/** What is known besides the answers. */
export interface StableChoice {
	/** The series that are maintained, and on what day; all that were looked at without it. */
	readonly maintained?: { readonly series: readonly string[]; readonly asOf: string };
	/** Whether the patch itself says that it fixes something; it decides where the rules know no bug. */
	readonly saysFix?: boolean;
	/** Subjects of the patches it is in one series with: they are no prerequisites of it. */
	readonly together?: readonly string[];
	/** Asks the stable team's tools to leave the patch alone, and says why. */
	readonly noautosel?: string;
}

/** What a series is to the patch, by the last of its releases that was looked at. */
interface SeriesAnswer {
	readonly series: string;
	readonly release: ReleaseReport;
	/** `adjusted`: it has the bug, and the patch does not fit as it is. */
	readonly role: 'takes' | 'adjusted' | 'refuses' | 'idle';
	/** Commits to apply first, in the order in which they are picked. */
	readonly first: readonly Prerequisite[];
	/** Whether the patch has to be changed for it. */
	readonly adapts: boolean;
}

const PRESENT: readonly BugState[] = ['latent', 'masked', 'exposed'];

/** The `Cc:` lines of a patch, or why there are none. */
export function stableOf(releases: readonly ReleaseReport[], choice: StableChoice): Proposed {
	if (choice.noautosel !== undefined) {
		return { lines: [`Cc: ${stableValue(choice.noautosel, NOAUTOSEL)}`], notes: [] };
	}
	const all = seriesAnswers(releases, choice);
	const { maintained } = choice;
	const asked =
		maintained === undefined ? all : all.filter((one) => maintained.series.includes(one.series));
	const since = maintained === undefined ? '' : ` as of ${maintained.asOf}`;
	const notes: string[] = [];
	const dropped = all.filter((one) => one.role === 'takes' && !asked.includes(one));
	if (dropped.length > 0) notes.push(`not maintained${since}, left out: ${listed(dropped)}`);
	const barrier = asked.findLastIndex(({ role }) => role === 'refuses');
	const open = asked.slice(barrier + 1);
	const wanted = open.filter(({ role }) => role === 'takes' || role === 'adjusted');
	const cut = asked.slice(0, barrier + 1).filter(({ role }) => role === 'takes');
	if (cut.length > 0) notes.push(holeNote(cut, asked.slice(0, barrier + 1)));
	if (!wanted.some(({ role }) => role === 'takes')) {
		const why = reasonForNone(asked, releases, choice, since);
		return { lines: [], notes: [...notes, `no Cc: stable line: ${why}`] };
	}
	const lines = blocks(wanted);
	const adjusted = wanted.filter((one) => one.role === 'adjusted' || one.adapts);
	if (adjusted.length > 0) {
		const which = constraint(wanted, adjusted);
		lines.push(ccLine(`see patch description, needs adjustments for ${which}`));
		notes.push(...adjustments(adjusted));
	}
	const [start] = wanted;
	if (start !== undefined) notes.push(...beyond(asked.slice(asked.indexOf(start)), all, choice));
	return { lines, notes };
}

function ccLine(comment: string): string {
	return `Cc: ${stableValue(comment)}`;
}

/** By series, in kernel order; candidates get the patch with mainline, and are left out. */
function seriesAnswers(releases: readonly ReleaseReport[], choice: StableChoice): SeriesAnswer[] {
	const last = new Map<string, ReleaseReport>();
	for (const one of releases) if (one.series !== MAINLINE) last.set(one.series, one);
	return [...last].map(([series, release]) => {
		const needed = built(release).flatMap(({ prerequisites }) => prerequisites);
		return {
			series,
			release,
			role: roleOf(release, choice.saysFix === true),
			first: picked(needed, choice.together ?? []),
			adapts: needed.some(({ form }) => form === 'adaptation'),
		};
	});
}

function built({ byConfig }: ReleaseReport): ConfigReport[] {
	return byConfig.filter((one) => one.built);
}

function roleOf({ verdict, bug }: ReleaseReport, saysFix: boolean): SeriesAnswer['role'] {
	const there = PRESENT.includes(bug) || (bug === 'unknown' && saysFix);
	switch (verdict) {
		case 'safe':
		case 'needs-prerequisites':
			return there ? 'takes' : 'idle';
		case 'needs-rework':
			return 'adjusted';
		case 'unsafe':
		case 'unknown':
			return 'refuses';
		case 'superseded':
		case 'not-needed':
		case 'not-built':
			return 'idle';
	}
}

/** The commits among prerequisites, each once, without those that come in one series with the patch. */
function picked(needed: readonly Prerequisite[], together: readonly string[]): Prerequisite[] {
	const found = new Map<string, Prerequisite>();
	for (const one of needed) {
		if (one.form !== 'commit' || one.commit === null || found.has(one.commit)) continue;
		if (one.subject !== null && together.includes(one.subject)) continue;
		found.set(one.commit, one);
	}
	return [...found.values()];
}

/**
 * For each series with prerequisites of its own these, in the order of cherry-picks, and the patch itself
 * last; a series that follows without is in what the line before asks for.
 */
function blocks(wanted: readonly SeriesAnswer[]): string[] {
	const lines: string[] = [];
	let before: string | undefined;
	for (const { series, first, role } of wanted) {
		const key = first.map(({ commit }) => commit).join(' ');
		if (before !== undefined && (key === before || role !== 'takes')) continue;
		before = key;
		const version = seriesInTag(series);
		for (const { commit, subject } of first) {
			lines.push(ccLine(`${version}: ${(commit ?? '').slice(0, 12)}: ${subject ?? ''}`));
		}
		lines.push(ccLine(version));
	}
	return lines;
}

/** `<= 4.11`, `>= 4.15`, or a list. */
function constraint(wanted: readonly SeriesAnswer[], adjusted: readonly SeriesAnswer[]): string {
	const version = ({ series }: SeriesAnswer): string => series.replace(/\.y$/, '');
	const [first] = adjusted;
	const last = adjusted.at(-1);
	if (first === undefined || last === undefined) return '';
	const together = wanted.indexOf(last) - wanted.indexOf(first) === adjusted.length - 1;
	if (together && first === wanted[0]) return `<= ${version(last)}`;
	if (together && last === wanted.at(-1)) return `>= ${version(first)}`;
	return adjusted.map(version).join(', ');
}

/** What the description of the patch should say. */
function adjustments(adjusted: readonly SeriesAnswer[]): string[] {
	const notes: string[] = [];
	const rework = adjusted.filter(({ role }) => role === 'adjusted');
	for (const { series, release, adapts } of adjusted) {
		if (!adapts) continue;
		for (const { config, prerequisites } of built(release)) {
			for (const { form, text } of prerequisites) {
				if (form !== 'adaptation' || text === null) continue;
				const where = release.byConfig.length > 1 ? ` (${config})` : '';
				notes.push(`say in the description for ${seriesInTag(series)}${where}: ${text}`);
			}
		}
	}
	if (rework.length > 0) {
		notes.push(
			`the bug is there and the patch does not land: it needs a rework for ${listed(rework)}`,
		);
	}
	return notes;
}

/** Series from the start on that the form asks for, and that need nothing or were not looked at. */
function beyond(
	asked: readonly SeriesAnswer[],
	all: readonly SeriesAnswer[],
	{ maintained }: StableChoice,
): string[] {
	const notes: string[] = [];
	const idle = asked.filter(({ role }) => role === 'idle');
	const [start] = asked;
	if (start === undefined) return notes;
	const form = `# ${seriesInTag(start.series)}`;
	if (idle.length > 0) {
		notes.push(
			`${form} asks for newer series too, and the documents have no form for an end: not needed in ${listed(idle)}`,
		);
	}
	notes.push(...instead(asked));
	const known = new Set(all.map(({ series }) => series));
	const since = maintained?.series.indexOf(start.series) ?? -1;
	const unseen = (maintained?.series ?? []).slice(since + 1).filter((one) => !known.has(one));
	if (since >= 0 && unseen.length > 0) {
		notes.push(
			`${form} asks for series that were not looked at, too: ${unseen.map(seriesInTag).join(', ')}`,
		);
	}
	return notes;
}

/** Commits that replace the patch in series that the form asks for. */
function instead(asked: readonly SeriesAnswer[]): string[] {
	const found = new Map<string, SeriesAnswer[]>();
	for (const one of asked) {
		const needed = built(one.release).flatMap(({ prerequisites }) => prerequisites);
		for (const { form, commit, subject } of needed) {
			if (form !== 'instead' || commit === null) continue;
			const named = `${commit.slice(0, 12)} ("${subject ?? ''}")`;
			const list = found.get(named) ?? [];
			if (list.at(-1) !== one) found.set(named, [...list, one]);
		}
	}
	return [...found].map(([named, list]) => `${named} replaces the patch in ${listed(list)}`);
}

function holeNote(cut: readonly SeriesAnswer[], before: readonly SeriesAnswer[]): string {
	const harmed = before.filter(({ role }) => role === 'refuses');
	const [first] = cut;
	const above = harmed.filter(
		(one) => first !== undefined && before.indexOf(one) > before.indexOf(first),
	);
	return `${listed(cut)} could take it, but the form of the documents asks for newer series too, and it is ${verdicts(above)}: nothing exact can be written; ask ${STABLE} by mail once it is in mainline`;
}

/** Why no series is asked for. */
function reasonForNone(
	asked: readonly SeriesAnswer[],
	releases: readonly ReleaseReport[],
	{ maintained }: StableChoice,
	since: string,
): string {
	if (releases.length === 0) return 'no release was looked at';
	if (asked.length === 0) {
		return maintained === undefined
			? 'no stable release was looked at'
			: `no series that was looked at is maintained${since}`;
	}
	const which = maintained === undefined ? 'no series' : 'no maintained series';
	return `${which} that was looked at can take it: it is ${verdicts(asked)}`;
}

/** Verdicts in running text. */
const SAID: Partial<Record<Verdict, string>> = {
	'needs-rework': 'in need of a rework',
	'not-needed': 'not needed',
	'not-built': 'not built',
	unknown: 'not known to be safe',
};

/** `unsafe in 4.9.x, 4.14.x; not needed in 4.19.x`. */
function verdicts(answers: readonly SeriesAnswer[]): string {
	const by = new Map<Verdict, SeriesAnswer[]>();
	for (const one of answers) {
		const { verdict } = one.release;
		const known = by.get(verdict);
		if (known === undefined) by.set(verdict, [one]);
		else known.push(one);
	}
	return [...by]
		.map(([verdict, list]) => `${SAID[verdict] ?? verdict} in ${listed(list)}`)
		.join('; ');
}

/** Series by name; long lists by their ends. */
function listed(answers: readonly SeriesAnswer[]): string {
	const names = answers.map(({ series }) => seriesInTag(series));
	return names.length > 6
		? `${names[0]} ... ${names.at(-1)} (${names.length} series)`
		: names.join(', ');
}
