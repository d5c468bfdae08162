/**
 * Goes from commit to commit of a walk and keeps what holds after it. Every commit is a step from its first
 * parent; steps are undone up to where two commits part and redone down to the other one, so that memory
 * holds one state and the steps, however many commits there are.
 */
import type { WalkedCommit } from './walk.ts';

/** What is kept: told of each step. */
export interface Steps {
	/** From the first parent of a commit to the commit. */
	redo(commit: number): void;
	/** From a commit to its first parent. */
	undo(commit: number): void;
}

/** The place before every first commit, where nothing is. */
export const NOWHERE = -1;

export class StateWalk {
	readonly #commits: readonly WalkedCommit[];
	readonly #steps: Steps;
	/** Steps from nowhere. */
	readonly #depths: Int32Array;
	#at = NOWHERE;

	constructor(commits: readonly WalkedCommit[], steps: Steps) {
		this.#commits = commits;
		this.#steps = steps;
		this.#depths = new Int32Array(commits.length);
		for (let commit = 0; commit < commits.length; commit++) {
			this.#depths[commit] = this.#depth(this.parent(commit)) + 1;
		}
	}

	/** Where it is. */
	get at(): number {
		return this.#at;
	}

	/** The commit from which a commit is one step. */
	parent(commit: number): number {
		return this.#commits[commit]?.parents[0] ?? NOWHERE;
	}

	/** Goes to the state after a commit, by way of where the two part. */
	moveTo(commit: number): void {
		let from = this.#at;
		const down: number[] = [];
		let to = commit;
		while (from !== to) {
			if (this.#depth(from) >= this.#depth(to)) {
				this.#steps.undo(from);
				from = this.parent(from);
			} else {
				down.push(to);
				to = this.parent(to);
			}
		}
		for (let next = down.pop(); next !== undefined; next = down.pop()) this.#steps.redo(next);
		this.#at = commit;
	}

	#depth(commit: number): number {
		return commit < 0 ? 0 : (this.#depths[commit] ?? 0);
	}
}

/** The blob at every path after the commit a walk stands at. */
export class FileState implements Steps {
	readonly #commits: readonly WalkedCommit[];
	readonly blobs = new Map<string, string>();

	constructor(commits: readonly WalkedCommit[]) {
		this.#commits = commits;
	}

	redo(commit: number): void {
		for (const { path, after } of this.#commits[commit]?.changes ?? []) this.#set(path, after);
	}

	undo(commit: number): void {
		for (const { path, before } of this.#commits[commit]?.changes ?? []) this.#set(path, before);
	}

	#set(path: string, blob: string | undefined): void {
		if (blob === undefined) this.blobs.delete(path);
		else this.blobs.set(path, blob);
	}
}
