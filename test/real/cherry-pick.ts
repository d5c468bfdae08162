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
import type { ObjectStore } from '../../src/git/store.ts';
import { type Case, draw, PickComparer, said } from './picks-compare.ts';

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
	const cases =
		values.commit === undefined
			? await draw(store, Number(values.count), Number(values.seed))
			: await named(store, values.commit, values.onto ?? '');
	const comparer = new PickComparer(store);
	const agreed = new Map<string, number>();
	const explained = new Map<string, number>();
	const times: Times = { ours: [], git: [] };
	let left = 0;
	for (const { commit, target } of cases) {
		const { ours, git, what, reason, took } = await comparer.compare({ commit, target });
		times.ours.push(took.ours);
		times.git.push(took.git);
		if (values.verbose) console.log(commit, target.name, ours, git);
		if (what === undefined) count(agreed, ours.result);
		else if (reason !== undefined) count(explained, `${what}: ${reason}`);
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

await main();
