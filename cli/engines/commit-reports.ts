/** Commits as reports name them. */
import type { GitRunner } from '../../src/git/process.ts';
import { shallowBoundary } from '../../src/git/shallow.ts';
import type { BisectReport, CommitReport } from '../../src/history/bisect-report.ts';
import { containment, firstContaining } from '../../src/history/boundary.ts';
import { type CommitGraph, readGraph } from '../../src/history/graph.ts';
import type { Told } from '../../src/history/journal.ts';
import type { Release } from '../../src/kernel/releases.ts';
import type { HistorySource } from './history-source.ts';

export class CommitReports {
	readonly #history: HistorySource;
	#graph: Promise<CommitGraph | undefined> | undefined;

	constructor(history: HistorySource) {
		this.#history = history;
	}

	async of(commit: string): Promise<CommitReport> {
		const { author, authorDate, subject } = await this.#history.store.commitInfo(commit);
		const date = new Date(authorDate * 1000).toISOString().slice(0, 10);
		return { commit, author, date, subject };
	}

	/**
	 * The first release, in kernel order, that has the commit among its ancestors; null for none, and where an
	 * earlier one may have it below where a shallow clone ends.
	 */
	async firstRelease(commit: string): Promise<string | null> {
		const { git, open } = this.#history;
		const { releases } = open;
		if (releases.length === 0) return null;
		this.#graph ??= shallowGraph(git, releases);
		const graph = await this.#graph;
		if (graph !== undefined) {
			const tips = releases.map((release) => graph.find(release.commit));
			const told = firstContaining(containment(graph, [graph.find(commit)], tips));
			return (told.sure ? releases[told.at]?.name : undefined) ?? null;
		}
		const format = '--format=%(refname:lstrip=2)';
		const out = await git.output(['for-each-ref', `--contains=${commit}`, format, 'refs/tags']);
		const names = new Set(out.toString().split('\n'));
		return releases.find(({ name }) => names.has(name))?.name ?? null;
	}
}

/** The history of the releases of a shallow clone; undefined for a whole one, of which git knows as well. */
async function shallowGraph(
	git: GitRunner,
	releases: readonly Release[],
): Promise<CommitGraph | undefined> {
	if ((await shallowBoundary(git)).length === 0) return undefined;
	return readGraph(
		git,
		releases.map(({ commit }) => commit),
	);
}

/** An answer as reports have it. */
export function toldReport(
	commit: string,
	{ answer, sights }: Told,
): BisectReport['before'][number] {
	return { commit, answer, evidence: [...sights] };
}
