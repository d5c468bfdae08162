/**
 * What `range` asks of a clone's history, if there is one: where the patch is already, what followed it
 * up, and which commits brought what the rules find. Read when first asked for.
 */
import type { GitRunner } from '../git/process.ts';
import type { ObjectStore } from '../git/store.ts';
import { type ChangeWalk, gitWalk } from '../history/change-point.ts';
import { type History, type HistoryMemory, openHistory } from '../history/history.ts';
import { ReleaseMarks } from '../history/presence.ts';
import type { Release } from '../kernel/releases.ts';

export interface RangeHistoryOptions {
	readonly store: ObjectStore;
	readonly git: GitRunner;
	/** All releases of the clone, in kernel order. */
	readonly releases: readonly Release[];
	readonly memory?: HistoryMemory;
}

export class RangeHistory {
	readonly store: ObjectStore;
	readonly walk: ChangeWalk;
	readonly #options: RangeHistoryOptions;
	#history: Promise<History> | undefined;
	#marks: Promise<ReleaseMarks> | undefined;

	constructor(options: RangeHistoryOptions) {
		this.#options = options;
		this.store = options.store;
		this.walk = gitWalk(options.git);
	}

	/** @throws RangefinderError git-failed, object-missing */
	open(): Promise<History> {
		const { git, memory, releases, store } = this.#options;
		this.#history ??= openHistory(git, {
			...(memory === undefined ? {} : { memory }),
			also: releases.map(({ commit }) => commit),
			partial: store.partial,
		});
		return this.#history;
	}

	/** Which of some releases (named by their commits) contain a commit. */
	async containing(releases: readonly Release[]): Promise<ReleaseMarks> {
		return new ReleaseMarks(await this.open(), releases);
	}

	/**
	 * The release by which a commit is named: of those that contain it the first in kernel order that
	 * is no candidate; undefined when none contains it.
	 */
	async firstRelease(commit: string): Promise<Release | undefined> {
		const { releases } = this.#options;
		this.#marks ??= this.containing(releases);
		const [{ graph }, marks] = await Promise.all([this.open(), this.#marks]);
		const number = graph.find(commit);
		if (number < 0) return undefined;
		const containing = marks.containing(number);
		const having = releases.filter((_, i) => containing[i] === 1);
		return having.find(({ version }) => version.rc === undefined) ?? having[0];
	}
}
