/** Solving on histories that a test writes commit by commit, with git's proof of what comes out. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { GitRunner } from '../../src/git/process.ts';
import { type MadeChange, type Proof, type ProofStep, prove } from '../../src/git/proof.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { type Change, Stretch } from '../../src/history/needs/change.ts';
import { Copies, TakenBack } from '../../src/history/needs/copies.ts';
import { Symbols } from '../../src/history/needs/symbols.ts';
import { Picker } from '../../src/history/pick/pick.ts';
import { symbolsCheck } from '../../src/range/needs/symbols.ts';
import { changeOf } from '../../src/range/prereqs.ts';
import { type Solution, type SolverOptions, solve } from '../../src/range/prerequisites.ts';
import { type File, lines, WORLD } from '../history/pick/threesomes.ts';
import { WrittenHistory } from '../history/written-history.ts';

export const TEN = lines(10);

/** A text of numbered lines (as `lines` makes them) with some of them replaced. */
export function withLines(changed: Readonly<Record<number, string>>, text = TEN): string {
	return text
		.split('\n')
		.map((line, i) => changed[i] ?? line)
		.join('\n');
}

export type Sets = Readonly<Record<string, File | undefined>>;

/** `a.c` with some of its ten lines changed. */
export const file = (changed: Readonly<Record<number, string>>): Sets => ({
	'a.c': withLines(changed),
});

export class Solving {
	readonly folder: string;
	readonly history: WrittenHistory;
	readonly store: ObjectStore;
	readonly git: GitRunner;

	private constructor(folder: string, history: WrittenHistory, store: ObjectStore) {
		this.folder = folder;
		this.history = history;
		this.store = store;
		this.git = demandGit(store, 'solving');
	}

	/** A bare repository without commits, in a folder of its own. */
	static async make(): Promise<Solving> {
		const folder = mkdtempSync(join(tmpdir(), 'rangefinder-solving-'));
		const history = WrittenHistory.make(join(folder, 'repo.git'));
		return new Solving(folder, history, await openNativeStore(history.dir, { env: process.env }));
	}

	/** One with two releases and commits between them; without those it is taken for one that has no history. */
	static async withReleases(): Promise<Solving> {
		const all = await Solving.make();
		const first = all.root({ 'a.c': TEN });
		const [, next = ''] = all.chain(first, { 'b.c': TEN }, { 'c.c': TEN });
		all.history.tag('v4.14', first);
		all.history.tag('v4.15', next);
		return all;
	}

	async remove(): Promise<void> {
		await this.store.close();
		rmSync(this.folder, { recursive: true, force: true });
	}

	root(files: Sets): string {
		return this.history.commit({ subject: 'root', files });
	}

	/** Commits one on top of the other; their ids in order. */
	chain(on: string, ...all: readonly Sets[]): string[] {
		const ids: string[] = [];
		for (const [i, files] of all.entries()) {
			ids.push(this.history.commit({ on: ids.at(-1) ?? on, subject: `step ${i + 1}`, files }));
		}
		return ids;
	}

	change(picker: Picker, commit: string): Promise<Change> {
		return changeOf(this.store, picker, commit);
	}

	/** What a change needs on a commit, the names that it uses checked. */
	async solve(
		fix: string | Change,
		target: string,
		more: Partial<SolverOptions> = {},
	): Promise<{ solution: Solution; copies: Copies; picker: Picker; stretch: Stretch }> {
		const picker = more.picker ?? new Picker(this.store);
		const change = typeof fix === 'string' ? await this.change(picker, fix) : fix;
		const stretch = new Stretch(this.git, target, change.from);
		const copies = new Copies(stretch);
		const solution = await solve(change, {
			picker,
			stretch,
			copies,
			takenBack: new TakenBack(stretch),
			checks: [symbolsCheck(new Symbols(picker.pool, stretch), stretch)],
			onto: await picker.treeOf(target),
			max: 20,
			trials: 200,
			changeOf: (commit) => this.change(picker, commit),
			...more,
		});
		return { solution, copies, picker, stretch };
	}

	/** The commits that a fix needs on a target; git has to make the same tree of them. */
	async needed(
		fix: string,
		target: string,
		more: Partial<SolverOptions> = {},
	): Promise<{ commits: string[]; kinds: (string | undefined)[]; whys: (string | undefined)[] }> {
		const { solution } = await this.solve(fix, target, more);
		assert.equal(solution.result, 'lands', JSON.stringify(solution));
		if (solution.result !== 'lands') throw new TypeError('unreachable');
		const { members, trial } = solution;
		const commits = members.map(({ commit }) => commit);
		const proof = await this.proof(target, [...commits, fix]);
		assert.deepEqual(proof, { result: 'applied', tree: trial.tree });
		return {
			commits,
			kinds: members.map(({ needs }) => needs[0]?.kind),
			whys: members.map(({ needs }) => needs[0]?.why),
		};
	}

	proof(target: string, steps: readonly (string | ProofStep | MadeChange)[]): Promise<Proof> {
		const all = steps.map((step) => (typeof step === 'string' ? { commit: step } : step));
		return prove(this.git, target, all, WORLD);
	}
}
