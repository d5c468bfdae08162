/**
 * The search for prerequisites against git, and against git-deps, on real fixes:
 *
 *   npm run bench:prereqs -- --repo DIR [--fixes 10] [--seed 1] [--rounds 3]
 *                            [--git-deps FOLDER --python /usr/bin/python3 --commits 50]
 *
 * First fixes that need one to ten commits: the search and its proof, cold (a repository opened for it) and
 * warm, beside one `git cherry-pick` of the found commits and one `git blame` of each touched file. Then, where
 * a folder with the sources of git-deps is given, direct dependencies of fixes: git-deps leaves out what the
 * target has (`-e`). What only one of the two names is put down with the reason that can be told.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openNativeStore } from '../../src/git/native-store.ts';
import { prove } from '../../src/git/proof.ts';
import type { ProofWorld } from '../../src/git/proof-folder.ts';
import { demandGit } from '../../src/git/store.ts';
import { Picker } from '../../src/history/pick/pick.ts';
import type { Need, Solution } from '../../src/range/prerequisites.ts';
import { type Case, drawFixes, solveFor } from '../real/prerequisites.ts';

const PROOFS: ProofWorld = { env: process.env, pid: process.pid, isRunning: () => true };
const BOUNDS = { max: 10, trials: 60 };

const { values } = parseArgs({
	options: {
		repo: { type: 'string', default: '.' },
		fixes: { type: 'string', default: '10' },
		seed: { type: 'string', default: '1' },
		rounds: { type: 'string', default: '3' },
		'git-deps': { type: 'string' },
		python: { type: 'string', default: '/usr/bin/python3' },
		commits: { type: 'string', default: '50' },
	},
});
const repo = resolve(values.repo);
const store = await openNativeStore(repo, { env: process.env });
const git = demandGit(store, 'looking for prerequisites');
const picker = new Picker(store);
const world = { store, git, picker, ...BOUNDS };

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await run();
	return performance.now() - start;
}

async function best(run: () => Promise<unknown>): Promise<number> {
	let least = Number.POSITIVE_INFINITY;
	for (let i = 0; i < Number(values.rounds); i++) {
		least = Math.min(least, await milliseconds(run));
	}
	return least;
}

/** The search with nothing known of the repository. */
async function cold(one: Case): Promise<void> {
	const fresh = await openNativeStore(repo, { env: process.env });
	const own = { store: fresh, git: demandGit(fresh, 'searching'), picker: new Picker(fresh) };
	await solveFor({ ...own, ...BOUNDS }, one);
	await fresh.close();
}

function members(solution: Solution): string[] {
	return solution.result === 'lands' ? solution.members.map(({ commit }) => commit) : [];
}

async function againstGit(): Promise<void> {
	const sums = { cold: 0, warm: 0, pick: 0, blame: 0 };
	let done = 0;
	for (const one of await drawFixes(store, Number(values.fixes) * 12, Number(values.seed))) {
		if (done === Number(values.fixes)) break;
		const { commit, target } = one;
		const set = members(await solveFor(world, one));
		if (set.length === 0 || set.length > BOUNDS.max) continue;
		done++;
		const steps = [...set, commit].map((id) => ({ commit: id }));
		const files = await git.output(['diff-tree', '-r', '-z', '--name-only', `${commit}^`, commit]);
		const paths = files.toString().split('\0').filter(Boolean);
		sums.cold += await best(() => cold(one));
		sums.warm += await best(() => solveFor(world, one));
		sums.pick += await best(() => prove(git, target.commit, steps, PROOFS));
		for (const path of paths) {
			sums.blame += await best(() => git.run(['blame', '-s', `${commit}^`, '--', path]));
		}
	}
	const gits = sums.pick + sums.blame;
	const line = (what: string, sum: number, share = sum / gits): void =>
		console.log(`${what.padEnd(34)}${(sum / done).toFixed(0).padStart(7)} ms ${share.toFixed(2)}`);
	console.log(`${done} fixes that need 1 to ${BOUNDS.max} commits, each; share of git's time`);
	line('git cherry-pick of the commits', sums.pick);
	line('git blame of each touched file', sums.blame);
	line('the search, warm', sums.warm);
	line('the search, cold', sums.cold);
	line('the search and the proof, warm', sums.warm + sums.pick);
}

function gitDeps(folder: string, { commit, target }: Case): { found: string[]; failed: string } {
	const run = ['-c', 'from git_deps.cli import run; run()'];
	const { stdout, stderr, status } = spawnSync(
		values.python,
		[...run, '-e', target.name, `${commit}^!`],
		{ cwd: repo, env: { ...process.env, PYTHONPATH: resolve(folder) }, encoding: 'utf8' },
	);
	const failed = status === 0 ? '' : (stderr.trim().split('\n').at(-1) ?? '');
	return { found: stdout.split('\n').filter(Boolean), failed };
}

/** What stands in a fix's way on its target first, and the commits that may settle it: what git-deps asks, too. */
async function direct(one: Case): Promise<{ need: Need | undefined; found: readonly string[] }> {
	const solution = await solveFor({ ...world, trials: 1 }, one);
	const need = 'need' in solution ? solution.need : undefined;
	return { need, found: (await need?.candidates()) ?? [] };
}

/** Why only one of the two names a commit. */
function reasonOf(need: Need | undefined, ours: boolean): string {
	if (!ours) {
		return need?.kind === 'textual'
			? 'only git-deps: made a line of the change, not one of those that do not merge'
			: 'only git-deps: made a line of the change, and git merges without it';
	}
	return need?.kind === 'symbol'
		? 'only here: brings a name; git-deps reads no names'
		: 'only here: changed lines that do not merge, and later commits changed them again';
}

async function againstGitDeps(folder: string): Promise<void> {
	const times = { ours: 0, theirs: 0 };
	const reasons = new Map<string, number>();
	const count = (why: string): void => {
		reasons.set(why, (reasons.get(why) ?? 0) + 1);
	};
	const cases = await drawFixes(store, Number(values.commits), Number(values.seed));
	for (const one of cases) {
		let own: Awaited<ReturnType<typeof direct>> = { need: undefined, found: [] };
		times.ours += await milliseconds(async () => {
			own = await direct(one);
		});
		const start = performance.now();
		const { found, failed } = gitDeps(folder, one);
		times.theirs += performance.now() - start;
		if (failed !== '') count(`git-deps fails: ${failed}`);
		for (const commit of own.found) {
			count(found.includes(commit) ? 'both' : reasonOf(own.need, true));
		}
		for (const commit of found) {
			if (!own.found.includes(commit)) count(reasonOf(own.need, false));
		}
	}
	const each = (sum: number): string => `${(sum / cases.length).toFixed(0)} ms`;
	console.log(
		`\n${cases.length} fixes, direct dependencies: here ${each(times.ours)} each, git-deps ${each(times.theirs)}`,
	);
	for (const [why, times] of [...reasons].sort((a, b) => b[1] - a[1])) {
		console.log(`  ${String(times).padStart(4)} ${why}`);
	}
}

if (Number(values.fixes) > 0) await againstGit();
if (values['git-deps'] !== undefined) await againstGitDeps(values['git-deps']);
await store.close();
