/**
 * Commits whose diffs are compared with that of another, because something says that they may be the
 * same: the same subject; the same author at the same time; the same files, on a line of history that
 * does not have it. Diffs are read for these alone.
 */
import { diffSignatures } from './diffs.ts';
import type { History } from './history.ts';
import type { Confidence, How } from './identity.ts';
import { alikeness, type DiffSignature } from './patch-id.ts';

/** What others are compared with. */
export interface Like {
	readonly signature: DiffSignature;
	/** Hashes of the subjects it goes by. */
	readonly subjects: ReadonlySet<number>;
	/** Hash of its author's name. */
	readonly author: number;
	/** Its number; -1 for a patch that is no commit. */
	readonly commit: number;
}

export interface LookAlike {
	readonly commit: number;
	readonly how: How;
	readonly confidence: Confidence;
	readonly reason: string;
}

/** Diffs that are read for one question, at most: those nearest to it in time. */
const MOST_COMPARED = 200;
/** Commits of other lines of history whose paths are looked at. */
const MOST_LOOKED_AT = 50_000;
/** How alike diffs have to be, where subject and author are the same; from {@link VERY} on it is likely. */
const ALIKE = 0.5;
const VERY = 0.8;

/** The commits that are the same change by their diffs, apart from those in `taken`. */
export async function lookAlikes(
	history: History,
	like: Like,
	taken: ReadonlySet<number>,
): Promise<LookAlike[]> {
	const { graph, words } = history;
	const byWords = candidates(history, like);
	const byPath = await onOtherLines(history, like);
	const wanted = [...new Set([...byWords, ...byPath])].filter((commit) => !taken.has(commit));
	const signatures = await diffSignatures(
		history,
		wanted.map((commit) => graph.id(commit)),
	);
	return wanted.flatMap((commit): LookAlike[] => {
		const signature = signatures.get(graph.id(commit));
		if (signature === undefined) return [];
		const sameSubject = like.subjects.has(words.subject(commit));
		if (signature.patchId === like.signature.patchId) {
			const confidence = sameSubject ? 'certain' : 'likely';
			const reason = `its diff has the same patch id${sameSubject ? ' and its subject is the same' : ''}`;
			return [{ commit, how: 'patch-id', confidence, reason }];
		}
		const measure = alikeness(like.signature, signature);
		if (measure < ALIKE || words.author(commit) !== like.author) return [];
		const sameDate = like.commit >= 0 && isSameDate(history, like.commit, commit);
		if (!sameSubject && !sameDate) return [];
		const same = sameSubject ? 'subject and author' : 'author and date';
		const reason = `the same ${same}, and ${Math.round(measure * 100)}% of the changed lines`;
		const confidence = measure >= VERY ? 'likely' : 'possible';
		return [{ commit, how: 'same-subject-and-author', confidence, reason }];
	});
}

function isSameDate({ words }: History, one: number, other: number): boolean {
	return words.authorDate(one) > 0 && words.authorDate(one) === words.authorDate(other);
}

/** Commits with a subject of `like`, or with its author and date. */
function candidates(history: History, like: Like): number[] {
	const { graph, words } = history;
	const found = new Set<number>();
	for (const subject of like.subjects) {
		for (const commit of words.withSubject(subject)) found.add(commit);
	}
	if (like.commit >= 0) {
		for (let commit = 0; commit < graph.size; commit++) {
			if (isSameDate(history, like.commit, commit) && words.author(commit) === like.author) {
				found.add(commit);
			}
		}
		found.delete(like.commit);
	}
	const single = [...found].filter((commit) => graph.parents(commit).length < 2);
	if (single.length <= MOST_COMPARED) return single;
	const date = like.commit < 0 ? Number.POSITIVE_INFINITY : words.authorDate(like.commit);
	const far = (commit: number): number =>
		date === Number.POSITIVE_INFINITY
			? -words.authorDate(commit)
			: Math.abs(words.authorDate(commit) - date);
	return single.sort((a, b) => far(a) - far(b)).slice(0, MOST_COMPARED);
}

/**
 * Commits that touch the same files, on lines of history that neither led to the commit nor contain
 * it: stable branches, where somebody may have left out to say what he took.
 */
async function onOtherLines({ graph, words, git }: History, like: Like): Promise<number[]> {
	if (like.commit < 0 || like.signature.paths.length === 0) return [];
	const related = graph.ancestors([like.commit]);
	const after = graph.descendants([like.commit]);
	const date = words.authorDate(like.commit);
	const looked: number[] = [];
	for (let commit = 0; commit < graph.size && looked.length < MOST_LOOKED_AT; commit++) {
		if (related[commit] === 1 || after[commit] === 1 || graph.date(commit) < date) continue;
		// What is copied keeps its author; a patch taken under another name has another diff as a rule.
		if (words.author(commit) === like.author) looked.push(commit);
	}
	if (looked.length === 0) return [];
	const chunks: Buffer[] = [];
	await git.stream(
		['diff-tree', '--stdin', '-r', '-s', '--root', '--no-renames', '--', ...like.signature.paths],
		(chunk) => {
			chunks.push(chunk);
			return undefined;
		},
		looked.map((commit) => `${graph.id(commit)}\n`).join(''),
	);
	const touching = Buffer.concat(chunks).toString().split('\n').filter(Boolean);
	return touching.slice(0, MOST_COMPARED).map((id) => graph.find(id));
}
