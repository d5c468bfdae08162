/**
 * What the history of a clone says of a patch: the releases that have it, itself or as a copy; those
 * that lack what it says it fixes; and what followed it up.
 */

import type { ReleaseSource } from '../../cache/source.ts';
import { hashOf } from '../history/columns.ts';
import { followUpReports } from '../history/contains.ts';
import type { FollowUpReport } from '../history/contains-report.ts';
import { signatureOf } from '../history/diffs.ts';
import { followUpsOf } from '../history/follow-ups.ts';
import { type CommitLabel, type History, labels, unreadText } from '../history/history.ts';
import { type Identity, identify, type Wanted } from '../history/identity.ts';
import { type Presence, presenceOf, type ReleaseMarks } from '../history/presence.ts';
import { commitWords } from '../kernel/trailers.ts';
import { applyPlacement } from '../patch/placement.ts';
import type { PlacedRelease } from './placements.ts';
import type { PreparedPatch } from './prepare.ts';
import type { RangeHistory } from './range-history.ts';

/** A commit that the patch says it fixes. */
export interface Blamed {
	readonly commit: string;
	readonly subject: string;
	/** By release: whether it, or a copy, is there; whether that is only possible. */
	readonly presence: readonly Presence[];
}

export interface PatchHistory {
	/** By release, in the order in which they were placed. */
	readonly presence: readonly Presence[];
	/** Those of its Fixes: lines whose commits are in the clone; undefined where one is not. */
	readonly blamed: readonly Blamed[] | undefined;
	readonly followUps: readonly FollowUpReport[];
	/** What is said of the commits that are named. */
	readonly labels: ReadonlyMap<string, CommitLabel>;
	/** What could not be seen, one sentence each. */
	readonly unseen: readonly string[];
}

/** Asks the history of a clone about a patch. @throws RangefinderError git-failed, object-missing */
export async function askHistory(
	range: RangeHistory,
	patch: PreparedPatch,
	placed: readonly PlacedRelease[],
	source: ReleaseSource,
): Promise<PatchHistory> {
	const history = await range.open();
	const releases = placed.map(({ release }) => release);
	const marks = await range.containing(releases);
	const identity = await identify(history, wantedOf(patch));
	const presence = presenceOf(identity, marks, releases.length);
	const followUps = followUpsOf(history, identity);
	const named = new Set<string>();
	for (const { by, reversal } of presence) {
		for (const one of [by, reversal]) if (one !== undefined && one.commit >= 0) named.add(one.id);
	}
	for (const { id } of followUps) named.add(id);
	const known = await labels(history.git, [...named]);
	const question = { history, followUps, releases, marks, said: known, targets: releases };
	const changed = followUps.length === 0 ? new Map() : await patchedTexts(placed, presence, source);
	const blamed = await blamedBy(history, patch, marks, releases.length);
	return {
		presence,
		blamed,
		followUps: await followUpReports(range.store, { ...question, changed }),
		labels: known,
		unseen: unreadText(history),
	};
}

/** What a patch is looked for by: its id, where it names one, and its words and lines. */
function wantedOf({ commit, subject, author, text }: PreparedPatch): Wanted {
	return {
		...(commit === null ? {} : { id: commit }),
		...(text === undefined
			? {}
			: {
					patch: {
						subject: subject.replace(/^(?:\s*\[[^\]]{0,80}\])+\s*/, ''),
						author: author.replace(/\s*<[^<>]*>\s*$/, ''),
						signature: signatureOf(text.diff()),
					},
				}),
	};
}

async function blamedBy(
	history: History,
	{ subject, text }: PreparedPatch,
	marks: ReleaseMarks,
	releases: number,
): Promise<Blamed[] | undefined> {
	const { graph, words } = history;
	const named = commitWords(subject, text?.message ?? '').filter(({ kind }) => kind === 'fixes');
	const blamed: { identity: Identity; id: string }[] = [];
	for (const { id, subject: said } of named) {
		const hash = said === '' ? 0 : hashOf(said);
		const commit = words.meant({ kind: 'fixes', by: graph.size, id, subject: hash });
		if (typeof commit !== 'number') return undefined;
		const oid = graph.id(commit);
		blamed.push({ identity: await identify(history, { id: oid }), id: oid });
	}
	const known = await labels(
		history.git,
		blamed.map(({ id }) => id),
	);
	return blamed.map(({ identity, id }) => ({
		commit: id,
		subject: known.get(id)?.subject ?? '',
		presence: presenceOf(identity, marks, releases),
	}));
}

/** The files of releases with the patch in them, where it lands and is not there: what follow-ups would meet. */
async function patchedTexts(
	placed: readonly PlacedRelease[],
	presence: readonly Presence[],
	source: ReleaseSource,
): Promise<Map<string, Map<string, Uint8Array>>> {
	const landing = placed.filter((_, i) => presence[i]?.has !== true);
	const blobs = landing.flatMap(({ files }) => files.flatMap(({ blob }) => blob ?? []));
	const texts = await source.text([...new Set(blobs)]);
	const known = new Map<string, Uint8Array | undefined>();
	const changed = new Map<string, Map<string, Uint8Array>>();
	for (const { release, files } of landing) {
		const own = new Map<string, Uint8Array>();
		for (const { path, blob, placement } of files) {
			const key = `${path}\0${blob ?? ''}`;
			if (!known.has(key)) {
				const before = blob === undefined ? undefined : texts.get(blob);
				const text =
					before === undefined
						? undefined
						: applyPlacement(Buffer.from(before).toString(), placement);
				known.set(key, text === undefined ? undefined : Buffer.from(text));
			}
			const text = known.get(key);
			if (text !== undefined) own.set(path, text);
		}
		if (own.size > 0) changed.set(release.name, own);
	}
	return changed;
}
