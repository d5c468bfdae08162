/**
 * Which releases have a change: those that descend from it or from a copy of it, unless what came
 * last there took it back.
 */
import type { Release } from '../kernel/releases.ts';
import { MAINLINE } from '../kernel/version.ts';
import type { History } from './history.ts';
import type { Identity, Member, Reversal } from './identity.ts';

/** A release, as far as its place in history goes. */
export type PlacedInHistory = Pick<Release, 'name' | 'series' | 'commit'>;

/** What a release has of a change. */
export interface Presence {
	/** True when the change is in effect there. */
	readonly has: boolean;
	/** The member that the release has; undefined when it has none. */
	readonly by: Member | undefined;
	/** What took the change back there, or brought it again, last. */
	readonly reversal: Reversal | undefined;
}

const NOTHING: Presence = { has: false, by: undefined, reversal: undefined };

/** Tells which releases descend from a commit; each commit is looked at once. */
export class ReleaseMarks {
	readonly #history: History;
	readonly #numbers: Int32Array;
	readonly #known = new Map<number, Uint8Array>();

	/** @param releases tags or branches of the clone, in the order in which answers are wanted */
	constructor(history: History, releases: readonly Pick<Release, 'commit'>[]) {
		this.#history = history;
		this.#numbers = Int32Array.from(releases, ({ commit }) => history.graph.find(commit));
	}

	/** 1 for each release that contains the commit. */
	containing(commit: number): Uint8Array {
		let marks = this.#known.get(commit);
		if (marks === undefined) {
			const all = this.#history.graph.descendants([commit]);
			marks = Uint8Array.from(this.#numbers, (number) => (number < 0 ? 0 : (all[number] ?? 0)));
			this.#known.set(commit, marks);
		}
		return marks;
	}
}

/** What each release has of a change, in the order of the releases. */
export function presenceOf(identity: Identity, marks: ReleaseMarks, releases: number): Presence[] {
	// Of two that a release has, the one with the larger number is no ancestor of the other.
	const events = [
		...identity.members.map((member) => ({ commit: member.commit, member, reversal: undefined })),
		...identity.reversals
			.filter(({ partly }) => !partly)
			.map((reversal) => ({ commit: reversal.commit, member: undefined, reversal })),
	]
		.filter(({ commit }) => commit >= 0)
		.sort((a, b) => a.commit - b.commit);
	const found = new Array<Presence>(releases).fill(NOTHING);
	for (const { commit, member, reversal } of events) {
		const containing = marks.containing(commit);
		for (const [i, before] of found.entries()) {
			if (containing[i] !== 1) continue;
			if (member !== undefined) {
				// The first is what brought it; a later one is a copy of what was there, or brings it again.
				found[i] = before.has ? before : { has: true, by: member, reversal: undefined };
			} else if (before.by !== undefined) {
				found[i] = { ...before, has: reversal?.effect === 'restores', reversal };
			}
		}
	}
	return found;
}

/** A series, as far as it has a change. */
export interface SeriesPresence {
	readonly series: string;
	/** Whether its last release that is known has the change. */
	readonly has: boolean;
	/** The first of its releases that has it; undefined where none has. */
	readonly first: string | undefined;
	/** Its last release that is known. */
	readonly last: string;
	readonly by: Member | undefined;
	/** What changed that later in the series, and the first release with that. */
	readonly reversal: (Reversal & { readonly release: string }) | undefined;
}

/** The answers of releases (in kernel order) by series. */
export function bySeries(
	releases: readonly PlacedInHistory[],
	presence: readonly Presence[],
): SeriesPresence[] {
	const groups = new Map<string, number[]>();
	for (const [i, { series }] of releases.entries()) {
		const group = groups.get(series);
		if (group === undefined) groups.set(series, [i]);
		else group.push(i);
	}
	// Candidates go before every release of theirs; the series of them all comes first.
	const ordered = [...groups].sort(([a], [b]) => Number(b === MAINLINE) - Number(a === MAINLINE));
	return ordered.map(([series, group]) => {
		const at = (i: number): Presence => presence[i] ?? NOTHING;
		const name = (i: number | undefined): string => releases[i ?? -1]?.name ?? '';
		const last = group.at(-1);
		const end = last === undefined ? NOTHING : at(last);
		const first = group.find((i) => at(i).has);
		const since = group.find((i) => at(i).reversal === end.reversal);
		return {
			series,
			has: end.has,
			first: first === undefined ? undefined : name(first),
			last: name(last),
			by: (first === undefined ? end : at(first)).by,
			reversal: end.reversal && { ...end.reversal, release: name(since) },
		};
	});
}
