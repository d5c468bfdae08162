/** Picks of commits in memory beside those of `git cherry-pick`, on the real commits of a repository. */
import { type Proof, prove } from '../../src/git/proof.ts';
import type { ProofWorld } from '../../src/git/proof-folder.ts';
import { demandGit, type ObjectStore, type TagRef } from '../../src/git/store.ts';
import { type Picked, Picker } from '../../src/history/pick/pick.ts';
import { numbers } from '../history/random-history.ts';
import { explain } from './picks-explained.ts';

/** One commit and what it is picked onto. */
export interface Case {
	readonly commit: string;
	readonly target: TagRef;
}

const DAY = 86_400;
const NEAREST = 21 * DAY;
const FURTHEST = 730 * DAY;

/** Commits drawn at random, each with a tag; the same for the same seed. */
export async function draw(store: ObjectStore, count: number, seed: number): Promise<Case[]> {
	const git = demandGit(store, 'drawing commits');
	const tags = (await store.tags()).filter(({ name }) => /^v\d/.test(name));
	const last = tags.reduce((a, b) => (a.date > b.date ? a : b));
	const out = await git.output(['log', '--no-merges', '--format=%H %ct', last.commit, '--']);
	const commits = out.toString().split('\n').filter(Boolean);
	const below = numbers(seed);
	const cases: Case[] = [];
	for (let tries = 0; cases.length < count && tries < count * 50; tries++) {
		const [commit = '', date] = (commits[below(commits.length)] ?? '').split(' ');
		const sign = cases.length % 2 === 0 ? -1 : 1;
		// As many below a wished distance as above: near ones are those that people pick onto.
		const wish = NEAREST * (FURTHEST / NEAREST) ** (below(1000) / 1000);
		const near = tags
			.map((target) => ({ target, distance: (target.date - Number(date)) * sign }))
			.filter(({ distance }) => distance >= NEAREST && distance <= FURTHEST)
			.sort((a, b) => Math.abs(a.distance - wish) - Math.abs(b.distance - wish));
		if (near[0] !== undefined) cases.push({ commit, target: near[0].target });
	}
	return cases;
}

export interface Disagreement extends Case {
	readonly what: 'tree' | 'clean here' | 'clean in git' | 'paths' | 'unknown' | 'empty';
	readonly ours: Picked;
	readonly git: Proof;
}

/** In what the two differ; undefined where they agree. */
function differ(ours: Picked, git: Proof): Disagreement['what'] | undefined {
	if (ours.result === 'unknown' || ours.result === 'refused') return 'unknown';
	if (git.result === 'applied') {
		if (ours.result !== 'clean') return ours.result === 'empty' ? 'empty' : 'clean in git';
		return ours.tree === git.tree ? undefined : 'tree';
	}
	if (ours.result === 'clean') return git.result === 'empty' ? 'empty' : 'clean here';
	if (ours.result !== git.result) return 'empty';
	if (git.result !== 'conflict' || ours.result !== 'conflict') return undefined;
	const named = new Set(
		ours.conflicts.flatMap(({ path, theirPath, otherPath }) => [path, theirPath, otherPath]),
	);
	const unmerged = new Set(git.paths);
	const agree =
		git.paths.every((path) => named.has(path)) &&
		// Of a split folder git tells in words only.
		ours.conflicts.every(({ kind, path }) => unmerged.has(path) || /directory/.test(kind));
	return agree ? undefined : 'paths';
}

/** A pick, and git's of the same commit. */
export interface ComparedPick {
	ours: Picked;
	git: Proof;
	/** In what they differ; undefined where they agree. */
	what: Disagreement['what'] | undefined;
	/** Why that is none of a mistake; undefined where nothing explains it. */
	reason: string | undefined;
	/** Milliseconds. */
	took: { ours: number; git: number };
}

/** Picks commits in memory and with git. */
export class PickComparer {
	readonly #store: ObjectStore;
	readonly #picker: Picker;
	readonly #world: ProofWorld = { env: process.env, pid: process.pid, isRunning: () => true };

	constructor(store: ObjectStore) {
		this.#store = store;
		this.#picker = new Picker(store);
	}

	async compare({ commit, target }: Case): Promise<ComparedPick> {
		const tree = await this.#picker.treeOf(target.commit);
		const start = performance.now();
		const ours = await this.#picker.pick(tree, commit);
		const from = performance.now();
		const runner = demandGit(this.#store, 'picking');
		const git = await prove(runner, target.commit, [{ commit }], this.#world).catch(
			(error: Error) => ({ result: 'refused' as const, at: commit, why: error.message }),
		);
		const took = { ours: from - start, git: performance.now() - from };
		const what = differ(ours, git);
		const reason = what === undefined ? undefined : explain({ commit, target, what, ours, git });
		return { ours, git, what, reason, took };
	}
}

/** What came of a pick, in a line. */
export function said(one: Picked | Proof): string {
	switch (one.result) {
		case 'clean':
			return `clean, ${one.tree}: ${one.changed.map(({ path }) => path).join(' ')}`;
		case 'applied':
			return `clean, ${one.tree}`;
		case 'conflict': {
			const paths =
				'paths' in one ? one.paths : one.conflicts.map(({ kind, path }) => `${path} (${kind})`);
			return `conflict: ${paths.slice(0, 8).join(' ')}`;
		}
		case 'unknown':
		case 'refused':
			return `${one.result}: ${one.why}`;
		case 'empty':
			return 'empty';
	}
}
