/**
 * Asks what real fixes need on earlier releases, and checks every answer with git:
 *
 *   npm run test:prereqs -- DIR [--count 200] [--seed 1] [--max 20] [--tries 300]
 *                                 [--jobs 2] [--commit ID --onto TAG] [--verbose]
 *
 * Fixes (commits with a `Fixes:` line) are drawn at random, each with the release two or three before it as
 * the target. Every set has to be proved by git, and to be minimal: without any one of its commits git has
 * to find a conflict or nothing to do, or a name that the set is said to bring has to be nowhere in the target.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { GitRunner } from '../../src/git/process.ts';
import { type Proof, prove } from '../../src/git/proof.ts';
import type { ProofWorld } from '../../src/git/proof-folder.ts';
import { demandGit, type ObjectStore, type TagRef } from '../../src/git/store.ts';
import { Stretch } from '../../src/history/needs/change.ts';
import { Copies, TakenBack } from '../../src/history/needs/copies.ts';
import { Symbols } from '../../src/history/needs/symbols.ts';
import { Picker } from '../../src/history/pick/pick.ts';
import { symbolsCheck } from '../../src/range/needs/symbols.ts';
import { changeOf } from '../../src/range/prereqs.ts';
import { type Member, type Solution, solve } from '../../src/range/prerequisites.ts';
import { numbers } from '../history/random-history.ts';

/** A fix and the release it is brought to. */
export interface Case {
	readonly commit: string;
	readonly target: TagRef;
}

/** Commits of the newest release with a `Fixes:` line, each with a release two or three before it. */
export async function drawFixes(store: ObjectStore, count: number, seed: number): Promise<Case[]> {
	const git = demandGit(store, 'drawing commits');
	// Later ones are not whole in every copy of the repository.
	const tags = (await store.tags())
		.filter(({ name }) => /^v20\d\d\.\d\d$/.test(name) && name <= 'v2024.10')
		.sort((a, b) => a.date - b.date);
	const words = ['log', '--no-merges', '--grep=^Fixes: [0-9a-f]\\{8,\\}', '--format=%H %ct'];
	const out = await git.output([...words, tags.at(-1)?.commit ?? 'HEAD', '--']);
	const commits = out.toString().split('\n').filter(Boolean);
	const below = numbers(seed);
	const cases = new Map<string, Case>();
	for (let tries = 0; cases.size < count && tries < count * 50; tries++) {
		const [commit = '', date] = (commits[below(commits.length)] ?? '').split(' ');
		const next = tags.findIndex((tag) => tag.date > Number(date));
		const target = tags[(next < 0 ? tags.length : next) - 2 - below(2)];
		if (target !== undefined) cases.set(commit, { commit, target });
	}
	return [...cases.values()];
}

interface World {
	readonly store: ObjectStore;
	readonly git: GitRunner;
	readonly picker: Picker;
	readonly proofs: ProofWorld;
	readonly max: number;
	readonly trials: number;
}

interface Answer {
	readonly solution: Solution;
	readonly milliseconds: number;
	/** Commits in between that touched the files of the fix. */
	readonly touched: number;
	/** Those of the set that did. */
	readonly touching: number;
	/** What is wrong with the answer. */
	readonly faults: readonly string[];
}

/** What a fix needs on its target: text and names, as the program asks where no profile covers the files. */
export async function solveFor(
	{ store, git, picker, max, trials }: Omit<World, 'proofs'>,
	{ commit, target }: Case,
): Promise<Solution> {
	const change = await changeOf(store, picker, commit);
	const stretch = new Stretch(git, target.commit, change.from);
	return solve(change, {
		picker,
		stretch,
		copies: new Copies(stretch),
		takenBack: new TakenBack(stretch),
		checks: [symbolsCheck(new Symbols(picker.pool, stretch), stretch)],
		onto: await picker.treeOf(target.commit),
		max,
		trials,
		changeOf: (one) => changeOf(store, picker, one),
	});
}

async function answer(world: World, { commit, target }: Case): Promise<Answer> {
	const { git } = world;
	const start = performance.now();
	const solution = await solveFor(world, { commit, target });
	const milliseconds = performance.now() - start;
	const files = await git.output([
		'diff-tree',
		'-r',
		'--no-commit-id',
		'--name-only',
		'-z',
		commit,
	]);
	const paths = files.toString().split('\0').filter(Boolean);
	const range = ['rev-list', '--no-merges', `${commit}^`, `^${target.commit}`, '--', ...paths];
	const touched = (await git.output(range)).toString().split('\n').filter(Boolean);
	const set = solution.result === 'lands' ? solution.members.map((member) => member.commit) : [];
	return {
		solution,
		milliseconds,
		touched: touched.length,
		touching: set.filter((one) => touched.includes(one)).length,
		faults: await faultsOf(world, commit, target, solution),
	};
}

/** What git says against an answer. */
async function faultsOf(
	world: World,
	commit: string,
	target: TagRef,
	solution: Solution,
): Promise<string[]> {
	if (solution.result !== 'lands') return [];
	const { git, proofs } = world;
	const faults: string[] = [];
	const set = solution.members.map((member) => member.commit);
	const picked = (commits: readonly string[]): Promise<Proof> =>
		prove(
			git,
			target.commit,
			[...commits, commit].map((one) => ({ commit: one })),
			proofs,
		);
	const whole = await picked(set);
	if (whole.result !== 'applied') faults.push(`git does not apply it: ${JSON.stringify(whole)}`);
	else if (whole.tree !== solution.trial.tree) faults.push(`git makes another tree: ${whole.tree}`);
	for (const member of solution.members) {
		const rest = await picked(set.filter((one) => one !== member.commit));
		if (rest.result !== 'applied') continue;
		const why = await needlessBecause(git, target.commit, member);
		if (why !== undefined) faults.push(`without ${member.commit.slice(0, 12)}: ${why}`);
	}
	return faults;
}

const NAMED = /\buses (\w+), which is not there|\bincludes (\S+), which is not there/g;

/** Why a commit that git does not need to merge the rest may not be needed at all. */
async function needlessBecause(
	git: GitRunner,
	target: string,
	{ needs: [first] }: Member,
): Promise<string | undefined> {
	if (first?.kind !== 'symbol') return 'all of the rest is applied, and no name is missing';
	if (/ with \d+ arguments, and it takes /.test(first.why)) return undefined;
	const there: string[] = [];
	for (const [, name, header] of first.why.matchAll(NAMED)) {
		const asked =
			header === undefined
				? await git.run(['grep', '-q', '-w', '-F', '-e', name ?? '', target, '--', '*.[ch]'])
				: await git.run(['ls-tree', '-r', '--name-only', target, '--', `include/${header}`]);
		const isThere = header === undefined ? asked.code === 0 : asked.stdout.toString().trim() !== '';
		if (!isThere) return undefined;
		there.push(name ?? header ?? '');
	}
	return `the target has ${there.join(', ')}, though not where the files look`;
}

function outcome(solution: Solution): string {
	switch (solution.result) {
		case 'lands':
			return solution.members.length === 0 ? 'landed alone' : 'landed with a set';
		case 'contained':
			return 'there already';
		case 'open':
			return solution.need.kind === 'textual' ? 'rework' : 'adaptation';
		case 'unknown':
			return 'unknown';
	}
}

function said(
	{ commit, target }: Case,
	{ solution, milliseconds, touched, touching }: Answer,
): string[] {
	const head = `${commit.slice(0, 12)} onto ${target.name}: ${outcome(solution)}, ${milliseconds.toFixed(0)} ms`;
	switch (solution.result) {
		case 'lands':
			return [
				solution.members.length === 0
					? head
					: `${head}; ${touching} of ${touched} commits to its files`,
				...solution.members.map(
					({ commit: one, needs: [need] }) =>
						`  ${one.slice(0, 12)} ${need?.kind ?? '?'}: ${need?.why ?? ''}`,
				),
			];
		case 'open':
			return [head, `  ${solution.need.why}`];
		case 'unknown':
			return [head, `  ${solution.why}; ${solution.need?.why ?? ''}`];
		case 'contained':
			return [head];
	}
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			count: { type: 'string', default: '200' },
			seed: { type: 'string', default: '1' },
			max: { type: 'string', default: '20' },
			tries: { type: 'string', default: '300' },
			jobs: { type: 'string', default: '2' },
			commit: { type: 'string' },
			onto: { type: 'string' },
			verbose: { type: 'boolean', default: false },
		},
	});
	const [dir] = positionals;
	if (dir === undefined) {
		throw new Error('usage: npm run test:prereqs -- DIR [--count N] [--seed N]');
	}
	const store = await openNativeStore(resolve(dir), { env: process.env });
	const proofs: ProofWorld = { env: process.env, pid: process.pid, isRunning: () => true };
	const world: World = {
		store,
		git: demandGit(store, 'looking for prerequisites'),
		picker: new Picker(store),
		proofs,
		max: Number(values.max),
		trials: Number(values.tries),
	};
	const cases =
		values.commit === undefined
			? await drawFixes(store, Number(values.count), Number(values.seed))
			: await named(store, values.commit, values.onto ?? '');
	const counts = new Map<string, number>();
	const sizes: number[] = [];
	const kinds = new Map<string, number>();
	const times: number[] = [];
	let [touched, needed, faulty] = [0, 0, 0];
	const answered = async (one: Case): Promise<void> => {
		const found = await answer(world, one);
		const { solution } = found;
		const key = outcome(solution);
		counts.set(key, (counts.get(key) ?? 0) + 1);
		times.push(found.milliseconds);
		if (solution.result === 'lands' && solution.members.length > 0) {
			sizes.push(solution.members.length);
			touched += found.touched;
			needed += found.touching;
			for (const { needs } of solution.members) {
				const kind = needs[0]?.kind ?? 'none';
				kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
			}
		}
		if (values.verbose || found.faults.length > 0) console.log(said(one, found).join('\n'));
		for (const fault of found.faults) console.log(`  FAULT ${fault}`);
		if (found.faults.length > 0) faulty++;
	};
	const waiting = [...cases];
	const work = async (): Promise<void> => {
		for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
			try {
				await answered(one);
			} catch (error) {
				// A git that is too slow or damage of the repository ends one answer, not the others.
				console.log(`${one.commit.slice(0, 12)} onto ${one.target.name}: ${error}`);
				counts.set('failed', (counts.get('failed') ?? 0) + 1);
				faulty++;
			}
		}
	};
	await Promise.all(Array.from({ length: Number(values.jobs) }, work));
	await store.close();
	const members = sizes.reduce((sum, size) => sum + size, 0);
	console.log(`\n${cases.length} fixes, each onto the release two or three before it:`);
	for (const [key, times] of [...counts].sort((a, b) => b[1] - a[1])) {
		console.log(`  ${key.padEnd(18)} ${String(times).padStart(4)}`);
	}
	console.log(`sizes of the sets: ${sizesText(sizes)}`);
	console.log(
		`commits in them: ${members}${[...kinds].map(([kind, times]) => `, ${times} ${kind}`).join('')}`,
	);
	console.log(
		`commits that touched the files of these fixes in between: ${touched}, of which needed: ${needed}`,
	);
	console.log(`answers with which git does not agree, or that are not minimal: ${faulty}`);
	const sorted = times.toSorted((a, b) => a - b);
	const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
	console.log(`milliseconds of an answer: median ${at(0.5)}, nine in ten below ${at(0.9)}`);
	if (faulty > 0) process.exitCode = 1;
}

function sizesText(sizes: readonly number[]): string {
	const by = new Map<number, number>();
	for (const size of sizes) by.set(size, (by.get(size) ?? 0) + 1);
	return [...by]
		.sort(([a], [b]) => a - b)
		.map(([size, times]) => `${times} of ${size}`)
		.join(', ');
}

async function named(store: ObjectStore, revision: string, tag: string): Promise<Case[]> {
	const commit = await store.resolveCommit(revision);
	const target = (await store.tags()).find(({ name }) => name === tag);
	if (commit === undefined || target === undefined) throw new Error('no such commit or tag');
	return [{ commit, target }];
}

if (process.argv[1] === import.meta.filename) await main();
