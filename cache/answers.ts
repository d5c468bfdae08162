/**
 * Answers about what can be built, kept: per tree under its key, and for several trees together under
 * a key of all of theirs. They are pure functions of the trees, so they can be shipped and cached.
 */
import type { Answers } from './source.ts';

/** Answers as they are stored: question and answer in turn, sorted by question. */
export type StoredAnswers = string[];

/** For storing: the same answers always give the same list. */
export function storeAnswers(answers: Answers): StoredAnswers {
	return [...answers].sort(([a], [b]) => (a < b ? -1 : 1)).flat();
}

/** The answers of a stored list. */
export function restoreAnswers(stored: StoredAnswers | undefined): Answers {
	const answers: Answers = new Map();
	for (let i = 0; i + 1 < (stored?.length ?? 0); i += 2) {
		answers.set(stored?.[i] ?? '', stored?.[i + 1] ?? '');
	}
	return answers;
}
