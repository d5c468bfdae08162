/**
 * Compares picks in memory with `git cherry-pick` on the real commits of a repository:
 *
 *   npm run test:picks -- DIR [--count 1000] [--seed 1] [--commit ID --onto TAG] [--verbose]
 *
 * Commits are drawn at random, each with a tag to pick it onto: three weeks to two years before it or
 * after it, in turns. Trees are compared where both are clean, conflicting paths where both conflict.
 * Every disagreement is listed, with its reason where test/real/picks-explained.ts knows one.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openNativeStore } from '../../src/git/native-store.ts';
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

async function draw(store: ObjectStore, count: number, seed: number): Promise<Case[]> {
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

interface Times {
	ours: number[];
	git: number[];
}

function median(times: readonly number[]): number {
	return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}

const count = (counts: Map<string, number>, key: string): void => {
	counts.set(key, (counts.get(key) ?? 0) + 1);
};

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			count: { type: 'string', default: '1000' },
			seed: { type: 'string', default: '1' },
			commit: { type: 'string' },
			onto: { type: 'string' },
			verbose: { type: 'boolean', default: false },
		},
	});
	const [dir] = positionals;
	if (dir === undefined) throw new Error('usage: npm run test:picks -- DIR [--count N] [--seed N]');
	const store = await openNativeStore(resolve(dir), { env: process.env });
	const world: ProofWorld = { env: process.env, pid: process.pid, isRunning: () => true };
	const cases =
		values.commit === undefined
			? await draw(store, Number(values.count), Number(values.seed))
			: await named(store, values.commit, values.onto ?? '');
	const picker = new Picker(store);
	const agreed = new Map<string, number>();
	const explained = new Map<string, number>();
	const times: Times = { ours: [], git: [] };
	let left = 0;
	for (const { commit, target } of cases) {
		const tree = await picker.treeOf(target.commit);
		const start = performance.now();
		const ours = await picker.pick(tree, commit);
		times.ours.push(performance.now() - start);
		const from = performance.now();
		const git = await prove(demandGit(store, 'picking'), target.commit, [{ commit }], world).catch(
			(error: Error) => ({ result: 'refused' as const, at: commit, why: error.message }),
		);
		times.git.push(performance.now() - from);
		if (values.verbose) console.log(commit, target.name, ours, git);
		const what = differ(ours, git);
		if (what === undefined) {
			count(agreed, ours.result);
			continue;
		}
		const found = { commit, target, what, ours, git };
		const why = explain(found);
		if (why !== undefined) count(explained, `${what}: ${why}`);
		else {
			left++;
			console.log(`${what}: ${commit} onto ${target.name}`);
			console.log(`  ours ${said(ours)}\n  git  ${said(git)}`);
		}
	}
	await store.close();
	console.log(`\n${cases.length} commits; picks agree with git cherry-pick:`);
	for (const [result, times] of agreed) console.log(`  ${result}: ${times}`);
	for (const [why, times] of explained) console.log(`  differs, explained: ${times}, ${why}`);
	console.log(`  differs, not explained: ${left}`);
	const [mine, gits] = [median(times.ours), median(times.git)];
	console.log(
		`median of a pick ${mine.toFixed(1)} ms, of git's with its folder ${gits.toFixed(0)} ms`,
	);
	if (left > 0) process.exitCode = 1;
}

async function named(store: ObjectStore, revision: string, tag: string): Promise<Case[]> {
	const commit = await store.resolveCommit(revision);
	const target = (await store.tags()).find(({ name }) => name === tag);
	if (commit === undefined || target === undefined) throw new Error('no such commit or tag');
	return [{ commit, target }];
}

function said(one: Picked | Proof): string {
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

await main();
