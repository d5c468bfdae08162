/** What answers for a commit: a predicate or a command; with the answers of earlier runs before it. */

import { failureOf } from '../../src/errors.ts';
import type { Environment, GitRunner } from '../../src/git/process.ts';
import type { Journal, Told } from '../../src/history/journal.ts';
import type { PredicateJudge, Reads } from '../../src/history/judge-predicate.ts';
import { runCommand } from '../../src/history/run-command.ts';
import { WorkFolders } from '../../src/history/work-folder.ts';

export interface Answerer {
	readonly reads: Reads;
	/** True when a commit may be asked about without need. */
	readonly isCheap: boolean;
	/** What answers depend on besides the commit and the question, as a digest. */
	readonly dependsOn: string;
	ask(commit: string, signal: AbortSignal): Promise<Told>;
	/** The answer, where it was given. */
	known(commit: string): Told | undefined;
	/** How many readings or runs it took. */
	evaluations(): number;
	close(): Promise<void>;
}

/** Bad is where the predicate holds. */
export function predicateAnswerer(judge: PredicateJudge): Answerer {
	return {
		reads: judge.reads,
		isCheap: true,
		dependsOn: judge.dependsOn,
		async ask(commit) {
			const { holds, sights } = await judge.at(commit);
			const answer = holds === undefined ? 'unknown' : holds ? 'bad' : 'good';
			return { answer, sights };
		},
		known: () => undefined,
		evaluations: () => judge.evaluations,
		close: async () => undefined,
	};
}

/** Bad is where the command fails. */
export function commandAnswerer(
	command: readonly string[],
	git: GitRunner,
	env: Environment,
	parent: string,
	output: (chunk: Uint8Array) => void,
): Answerer {
	const folders = new WorkFolders(git, env, parent);
	let runs = 0;
	return {
		reads: { paths: [], ancestry: true },
		isCheap: false,
		dependsOn: '',
		async ask(commit, signal) {
			try {
				return await folders.with(commit, (folder) => {
					runs++;
					return runCommand(command, { folder, commit, env, signal, output });
				});
			} catch (error) {
				const failure = failureOf(error);
				if (failure?.code !== 'object-missing') throw error;
				return { answer: 'unknown', sights: [{ text: failure.what }] };
			}
		},
		known: () => undefined,
		evaluations: () => runs,
		close: () => folders.remove(),
	};
}

/** The same answerer, with answers kept in a journal and taken from it. */
export function withJournal(answerer: Answerer, journal: Journal): Answerer {
	return {
		...answerer,
		async ask(commit, signal) {
			const known = journal.answers.get(commit);
			if (known !== undefined) return known;
			const told = await answerer.ask(commit, signal);
			await journal.add(commit, told);
			return told;
		},
		known: (commit) => journal.answers.get(commit),
	};
}
