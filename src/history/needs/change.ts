/**
 * A change that is to land on another tree than its own: a commit, or a patch on the tree it was made from.
 * And the stretch of history in which its prerequisites are looked for.
 */
import type { GitRunner } from '../../git/process.ts';

export interface Change {
	/** The full id; undefined for a patch that is no commit here. */
	readonly commit: string | undefined;
	readonly subject: string;
	/** The tree it was made on, and the one it makes of it. */
	readonly base: string;
	readonly theirs: string;
	/** The commit whose tree is `base`; the files the change touches have their history there. */
	readonly from: string;
}

/** How a change is named to people. */
export function nameOf({ commit, subject }: Pick<Change, 'commit' | 'subject'>): string {
	return commit === undefined ? 'the patch' : `${commit.slice(0, 12)} ("${subject}")`;
}

/** Commits that a change's own history has and a target has not, in an order in which they may be applied. */
export class Stretch {
	readonly git: GitRunner;
	/** Full ids of commits. */
	readonly target: string;
	readonly upstream: string;
	#order: Promise<ReadonlyMap<string, number>> | undefined;

	constructor(git: GitRunner, target: string, upstream: string) {
		this.git = git;
		this.target = target;
		this.upstream = upstream;
	}

	/** What git walks: `upstream` without `target`. */
	get revisions(): readonly [string, string] {
		return [this.upstream, `^${this.target}`];
	}

	/** The place of each commit in history, parents before children. @throws RangefinderError git-failed */
	order(): Promise<ReadonlyMap<string, number>> {
		this.#order ??= this.#read();
		return this.#order;
	}

	async #read(): Promise<ReadonlyMap<string, number>> {
		const out = await this.git.output(['rev-list', '--topo-order', '--reverse', ...this.revisions]);
		return new Map(
			out
				.toString()
				.split('\n')
				.filter(Boolean)
				.map((oid, i) => [oid, i]),
		);
	}

	/** Commits of the stretch, each once, oldest first. What is not in it is left out. */
	async sorted(commits: Iterable<string>): Promise<string[]> {
		const order = await this.order();
		return [...new Set(commits)]
			.filter((commit) => order.has(commit))
			.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
	}
}
