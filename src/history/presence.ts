/**
 * Which releases, and other commits, have a change: those that descend from it or from a copy of it, unless
 * what came last there took it back.
 */
import type { Release } from '../kernel/releases.ts';
import { MAINLINE } from '../kernel/version.ts';
import { type Containment, containment, firstContaining } from './boundary.ts';
import type { CommitGraph } from './graph.ts';
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
	/** True where nothing of it was found, and it may be below where a shallow clone ends. */
	readonly open: boolean;
}

const NOTHING: Presence = { has: false, by: undefined, reversal: undefined, open: false };
const OPEN: Presence = { ...NOTHING, open: true };

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

	/** Whether each release contains one of the members of an identity; [] where no history is cut off. */
	containment(identity: Identity): Containment[] {
		const { graph } = this.#history;
		if (graph.shallow.size === 0) return [];
		return containment(graph, numbersOf(identity), [...this.#numbers]);
	}
}

/** What each release has of a change, in the order of the releases. */
export function presenceOf(identity: Identity, marks: ReleaseMarks, releases: number): Presence[] {
	const story = new Story(identity, releases, (commit) => marks.containing(commit));
	const states = marks.containment(identity);
	return Array.from({ length: releases }, (_, i) => story.at(i, states[i] === 'unknown'));
}

/** What any commit of a history has of a change. Made in time linear in the history, 6 bytes a commit. */
export class PresenceEverywhere {
	readonly #story: Story;
	/** 1 for commits of which it cannot be told where nothing was found. */
	readonly #open: Uint8Array;

	constructor(graph: CommitGraph, identity: Identity) {
		this.#story = new Story(identity, graph.size, (commit) => graph.descendants([commit]));
		const all = graph.shallow.size === 0 ? [] : Array.from({ length: graph.size }, (_, i) => i);
		const states = containment(graph, numbersOf(identity), all);
		this.#open = Uint8Array.from(states, (state) => (state === 'unknown' ? 1 : 0));
	}

	at(commit: number): Presence {
		return this.#story.at(commit, this.#open[commit] === 1);
	}
}

/** What came to places (releases, commits) of a change, and what of that stayed. */
class Story {
	readonly #members: readonly Member[];
	readonly #reversals: readonly Reversal[];
	/** By place: which member brought it, and which reversal was the last; counted from 1, 0 for none. */
	readonly #by: Uint16Array;
	readonly #reversal: Uint16Array;
	readonly #has: Uint8Array;

	/** @param containing marks (1) the places that contain a commit */
	constructor(identity: Identity, places: number, containing: (commit: number) => Uint8Array) {
		this.#members = identity.members;
		this.#reversals = identity.reversals;
		this.#by = new Uint16Array(places);
		this.#reversal = new Uint16Array(places);
		this.#has = new Uint8Array(places);
		for (const { commit, member, reversal } of eventsOf(identity)) {
			const marks = containing(commit);
			const restores = this.#reversals[reversal - 1]?.effect === 'restores' ? 1 : 0;
			for (let i = 0; i < places; i++) {
				if (marks[i] !== 1) continue;
				if (member > 0) {
					// The first is what brought it; a later one is a copy of what was there, or brings it again.
					if (this.#has[i] === 1) continue;
					this.#by[i] = member;
					this.#has[i] = 1;
					this.#reversal[i] = 0;
				} else if (this.#by[i] !== 0) {
					this.#has[i] = restores;
					this.#reversal[i] = reversal;
				}
			}
		}
	}

	/** @param open whether it may be there although nothing was found */
	at(place: number, open: boolean): Presence {
		const by = this.#members[(this.#by[place] ?? 0) - 1];
		if (by === undefined) return open ? OPEN : NOTHING;
		const reversal = this.#reversals[(this.#reversal[place] ?? 0) - 1];
		return { has: this.#has[place] === 1, by, reversal, open: false };
	}
}

/** What brought a change and took it back, by place in their lists from 1, 0 for neither; ancestors first. */
function eventsOf({ members, reversals }: Identity) {
	return [
		...members.map(({ commit }, i) => ({ commit, member: i + 1, reversal: 0 })),
		...reversals.flatMap(({ commit, partly }, i) =>
			partly ? [] : [{ commit, member: 0, reversal: i + 1 }],
		),
	]
		.filter(({ commit }) => commit >= 0)
		.sort((a, b) => a.commit - b.commit);
}

function numbersOf({ members }: Identity): number[] {
	return members.map(({ commit }) => commit);
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
	/** What the boundary of a shallow clone leaves open: whether it is there, or only which release is the first. */
	readonly doubt: 'contained' | 'first' | undefined;
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
		const told = firstContaining(group.map((i) => containmentOf(at(i))));
		const first = group[told.at];
		const since = group.find((i) => at(i).reversal === end.reversal);
		return {
			series,
			has: end.has,
			first: first === undefined ? undefined : name(first),
			last: name(last),
			by: (first === undefined ? end : at(first)).by,
			reversal: end.reversal && { ...end.reversal, release: name(since) },
			doubt: end.open ? 'contained' : told.sure ? undefined : 'first',
		};
	});
}

/** Whether a release has it in effect, for {@link firstContaining}. */
function containmentOf({ has, open }: Presence): Containment {
	return has ? 'yes' : open ? 'unknown' : 'no';
}
