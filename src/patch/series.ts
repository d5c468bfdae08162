/**
 * Puts patches into series by their numbering, `[PATCH v3 2/5]`, and says which version of a series
 * replaces which.
 */
import type { ReadPatch } from './mail.ts';

/** What the brackets before a subject say. */
export interface PatchTag {
	/** 1 where none is named. */
	version: number;
	/** Place in the series, from 1; 0 is the cover letter. */
	index: number;
	/** Patches in the series. */
	total: number;
	/** The subject without brackets. */
	title: string;
}

/** Longest run of brackets that is looked at. */
const LONGEST_TAG = 200;

/** Reads the brackets of a subject. */
export function readTag(subject: string): PatchTag {
	let rest = subject.trim();
	let version = 1;
	let index = 1;
	let total = 1;
	while (rest.startsWith('[')) {
		const close = rest.indexOf(']');
		if (close < 0 || close > LONGEST_TAG) break;
		const words = rest.slice(1, close);
		const numbered = /(?:^|[\s,])(\d{1,5})\/(\d{1,5})(?=$|[\s,])/.exec(words);
		if (numbered !== null) {
			index = Number(numbered[1]);
			total = Number(numbered[2]);
		}
		const revised = /(?:^|[\s,]|PATCH|RFC|RESEND)v(\d{1,3})(?=$|[\s,.])/i.exec(words);
		if (revised !== null) version = Number(revised[1]);
		rest = rest.slice(close + 1).trimStart();
	}
	return { version, index, total, title: rest };
}

export interface Series {
	version: number;
	/** How many patches it says it has. */
	total: number;
	/** In order of their numbers. */
	patches: ReadPatch[];
	/** Numbers that were not found. */
	missing: number[];
}

export interface Grouped {
	/** In order of first appearance. */
	series: Series[];
	/** Series that a later version among the input replaces. */
	superseded: Series[];
}

interface Draft {
	author: string;
	thread: string;
	version: number;
	total: number;
	byIndex: Map<number, ReadPatch>;
	titles: Set<string>;
	/** The number that came last. */
	last: number;
}

/**
 * Groups patches, given in the order they came. Patches belong together when version and total are the
 * same and the thread is; where no thread is told, when the author is, or one follows the other (a
 * series may have several authors). A number that is there already starts a new series. A patch that is only quoted in an answer counts where nothing else is given. A higher version
 * supersedes a lower one of the same author that has a title in common with it, or that answers in the
 * same thread.
 */
export function groupSeries(patches: readonly ReadPatch[]): Grouped {
	const first = patches.filter(({ answered }) => answered !== true);
	const drafts: Draft[] = [];
	const open = new Map<string, Draft>();
	// Sent without threading, none of the patches names another.
	const unthreaded = new Map<string, Draft>();
	for (const patch of first.length > 0 ? first : patches) {
		const tag = readTag(patch.subject);
		// A patch alone is a series of its own.
		const alone = tag.total === 1;
		const thread = patch.thread ?? patch.messageId ?? '';
		const numbering = JSON.stringify([tag.version, tag.total]);
		const key = JSON.stringify([numbering, thread]);
		const threaded = patch.thread !== undefined;
		const before = threaded ? undefined : unthreaded.get(numbering);
		let draft = alone
			? undefined
			: (open.get(key) ?? (before && follows(before, patch, tag) ? before : undefined));
		if (draft === undefined || draft.byIndex.has(tag.index)) {
			const { author } = patch;
			const { version, total } = tag;
			draft = { author, thread, version, total, byIndex: new Map(), titles: new Set(), last: 0 };
			drafts.push(draft);
			open.set(key, draft);
			if (!threaded) unthreaded.set(numbering, draft);
		}
		draft.byIndex.set(tag.index, patch);
		draft.last = tag.index;
		draft.titles.add(tag.title);
	}
	const replaced = supersededOf(drafts);
	return {
		series: drafts.filter((draft) => !replaced.has(draft)).map(seriesOf),
		superseded: drafts.filter((draft) => replaced.has(draft)).map(seriesOf),
	};
}

/** Whether a patch without a thread goes on with a series without one. */
function follows(draft: Draft, { author }: ReadPatch, { index }: PatchTag): boolean {
	return draft.author === author || index === draft.last + 1;
}

/** Drafts that a higher version of the same work replaces; one look-up a title. */
function supersededOf(drafts: readonly Draft[]): Set<Draft> {
	const newest = new Map<string, Draft>();
	const keysOf = ({ author, thread, titles }: Draft): string[] => {
		const keys = [...titles].map((title) => JSON.stringify([author, 'title', title]));
		return thread === '' ? keys : [...keys, JSON.stringify([author, 'thread', thread])];
	};
	for (const draft of drafts) {
		for (const key of keysOf(draft)) {
			if ((newest.get(key)?.version ?? 0) < draft.version) newest.set(key, draft);
		}
	}
	return new Set(
		drafts.filter((draft) =>
			keysOf(draft).some((key) => (newest.get(key)?.version ?? 0) > draft.version),
		),
	);
}

function seriesOf({ version, total, byIndex }: Draft): Series {
	const indices = [...byIndex.keys()].sort((a, b) => a - b);
	const missing: number[] = [];
	for (let i = 1; i <= total; i++) if (!byIndex.has(i)) missing.push(i);
	const patches = indices.flatMap((index) => byIndex.get(index) ?? []);
	return { version, total, patches, missing };
}
