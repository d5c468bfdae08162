/** Commits as reports name them. */
import type { BisectReport, CommitReport } from '../../src/history/bisect-report.ts';
import type { Told } from '../../src/history/journal.ts';
import type { HistorySource } from './history-source.ts';

export class CommitReports {
	readonly #history: HistorySource;

	constructor(history: HistorySource) {
		this.#history = history;
	}

	async of(commit: string): Promise<CommitReport> {
		const { author, authorDate, subject } = await this.#history.store.commitInfo(commit);
		const date = new Date(authorDate * 1000).toISOString().slice(0, 10);
		return { commit, author, date, subject };
	}

	/** The first release, in kernel order, that has the commit among its ancestors; null for none. */
	async firstRelease(commit: string): Promise<string | null> {
		const { git, open } = this.#history;
		if (open.releases.length === 0) return null;
		const format = '--format=%(refname:lstrip=2)';
		const out = await git.output(['for-each-ref', `--contains=${commit}`, format, 'refs/tags']);
		const names = new Set(out.toString().split('\n'));
		return open.releases.find(({ name }) => names.has(name))?.name ?? null;
	}
}

/** An answer as reports have it. */
export function toldReport(
	commit: string,
	{ answer, sights }: Told,
): BisectReport['before'][number] {
	return { commit, answer, evidence: [...sights] };
}
