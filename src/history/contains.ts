/** The answer to: which releases contain a commit, itself or as a copy, and what followed it up. */
import { belowBoundary } from '../git/shallow.ts';
import type { ObjectStore } from '../git/store.ts';
import type { Release } from '../kernel/releases.ts';
import { type ConcernAnswer, concernsOf } from './concerns.ts';
import type { ContainsReport } from './contains-report.ts';
import { commitPatches } from './diffs.ts';
import { type FollowUp, followUpsOf } from './follow-ups.ts';
import {
	type CommitLabel,
	type History,
	type HistoryMemory,
	labels,
	namedCommit,
	openHistory,
	unreadText,
} from './history.ts';
import { identify } from './identity.ts';
import { bySeries, type Presence, presenceOf, ReleaseMarks } from './presence.ts';

export interface ContainsQuery {
	/** A revision, or the digits of an id that may not be here. */
	readonly asked: string;
	/** In kernel order. */
	readonly releases: readonly Release[];
	readonly memory?: HistoryMemory;
	/** Whether follow-ups are wanted. */
	readonly followUps: boolean;
}

/**
 * Finds where a commit is.
 * @throws RangefinderError unknown-revision, ambiguous-commit, needs-git, git-failed, object-missing
 */
export async function containsCommit(
	store: Pick<ObjectStore, 'blobIdsAt' | 'blobs' | 'partial'> & {
		readonly git: NonNullable<ObjectStore['git']>;
	},
	query: ContainsQuery,
): Promise<ContainsReport> {
	const { git } = store;
	const { asked, releases } = query;
	const { id, here } = await namedCommit(git, asked);
	const history = await openHistory(git, {
		...(query.memory === undefined ? {} : { memory: query.memory }),
		// A tag that was there when releases were listed may be gone by now.
		also: [...(here ? [id] : []), ...releases.map(({ commit }) => commit)],
		partial: store.partial,
	});
	const identity = await identify(history, { id });
	const marks = new ReleaseMarks(history, releases);
	const presence = presenceOf(identity, marks, releases.length);
	const followUps = query.followUps ? followUpsOf(history, identity) : [];
	const said = await labels(git, [
		...identity.members.filter(({ commit }) => commit >= 0).map((one) => one.id),
		...identity.reversals.map((one) => one.id),
		...followUps.map((one) => one.id),
	]);
	const below = belowBoundary(git.where, 'the history of this shallow clone ends before it');
	const firstOf = (commit: number): string | null =>
		commit < 0 ? null : firstMarked(history, releases, marks.containing(commit));
	const series = bySeries(releases, presence);
	const first = firstRelease(history, releases, presence);
	const targets = series.filter(({ has }) => has).map(({ last }) => last);
	const followUpsSaid = await followUpReports(store, {
		history,
		followUps,
		releases,
		marks,
		said,
		targets: releases.filter(({ name }) => targets.includes(name)),
	});
	return {
		schema: 'rangefinder.contains/1',
		asked,
		commit: id,
		here,
		first:
			first === undefined
				? null
				: {
						release: first.name,
						series: first.series,
						sure: !releases.some((one, i) => {
							return presence[i]?.open === true && isEarlier(history, one, first);
						}),
					},
		members: identity.members.map(({ commit, ...one }) => ({
			commit: one.id,
			subject: said.get(one.id)?.subject ?? null,
			author: said.get(one.id)?.author ?? null,
			date: said.get(one.id)?.date ?? null,
			how: one.how,
			of: one.of,
			confidence: one.confidence,
			reason: one.reason,
			firstRelease: firstOf(commit),
		})),
		reversals: identity.reversals.map(({ commit, id: revert, ...one }) => ({
			commit: revert,
			subject: said.get(revert)?.subject ?? '',
			...one,
			firstRelease: firstOf(commit),
		})),
		series: series.map((one) => ({
			series: one.series,
			contained: one.has,
			first: one.first ?? null,
			last: one.last,
			by: one.by?.id ?? null,
			how: one.by === undefined ? null : one.by.how === 'itself' ? 'ancestry' : one.by.how,
			confidence: one.by?.confidence ?? null,
			reversal:
				one.reversal === undefined
					? null
					: {
							commit: one.reversal.id,
							effect: one.reversal.effect,
							release: one.reversal.release,
						},
			...(one.doubt === undefined ? {} : { cannotTell: { what: one.doubt, ...below } }),
		})),
		followUps: followUpsSaid,
		unseen: [
			...(history.graph.shallow.size === 0
				? []
				: [`the clone is shallow: what lies before its boundary is not seen (${below.run})`]),
			...unreadText(history),
		],
	};
}

export interface FollowUpQuestion {
	readonly history: History;
	readonly followUps: readonly FollowUp[];
	/** All that `marks` was made of. */
	readonly releases: readonly Release[];
	readonly marks: ReleaseMarks;
	readonly said: ReadonlyMap<string, CommitLabel>;
	/** The releases that it is wanted for; of `releases`. */
	readonly targets: readonly Release[];
	/** By release: texts of files that are not as its tree has them. */
	readonly changed?: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
}

/** Follow-ups with what each means to each of the targets. */
export async function followUpReports(
	store: Pick<ObjectStore, 'blobIdsAt' | 'blobs'>,
	{ history, followUps, releases, marks, said, targets, changed }: FollowUpQuestion,
): Promise<ContainsReport['followUps']> {
	if (followUps.length === 0) return [];
	const patches = await commitPatches(
		history,
		followUps.map(({ id }) => id),
	);
	const answers = await concernsOf(
		store,
		followUps.map(({ id }) => patches.get(id)),
		targets.map(({ name, commit }) => {
			const own = changed?.get(name);
			return own === undefined ? { commit } : { commit, changed: own };
		}),
	);
	return followUps.map((one, i) => {
		const presence = presenceOf(one.identity, marks, releases.length);
		return {
			commit: one.id,
			subject: said.get(one.id)?.subject ?? '',
			kind: one.kind,
			of: one.of,
			depth: one.depth,
			confidence: one.confidence,
			reason: one.reason,
			firstRelease: firstRelease(history, releases, presence)?.name ?? null,
			targets: targets.map((release, j) => ({
				release: release.name,
				...stateOf(presence[releases.indexOf(release)], answers[i]?.[j]),
			})),
		};
	});
}

/** By history if that knows, else by the code. */
function stateOf(presence: Presence | undefined, answer: ConcernAnswer | undefined): ConcernAnswer {
	if (presence?.has === true) return { state: 'there', why: '' };
	if (presence?.reversal !== undefined) {
		return {
			state: 'elsewhere',
			why: `it was reverted there by ${presence.reversal.id.slice(0, 12)}`,
		};
	}
	return answer ?? { state: 'unknown', why: '' };
}

/** The release with the change that came out first. */
function firstRelease(
	history: History,
	releases: readonly Release[],
	presence: readonly Presence[],
): Release | undefined {
	return earliest(
		history,
		releases.filter((_, i) => presence[i]?.has === true),
	);
}

function firstMarked(
	history: History,
	releases: readonly Release[],
	marks: Uint8Array,
): string | null {
	return (
		earliest(
			history,
			releases.filter((_, i) => marks[i] === 1),
		)?.name ?? null
	);
}

/** By when their commits were made; of two made at once the one that comes first in kernel order. */
function earliest(history: History, releases: readonly Release[]): Release | undefined {
	let first: Release | undefined;
	for (const release of releases) {
		if (first === undefined || isEarlier(history, release, first)) first = release;
	}
	return first;
}

function isEarlier({ graph }: History, one: Release, other: Release): boolean {
	const date = ({ commit }: Release): number => graph.date(graph.find(commit));
	return date(one) < date(other);
}
