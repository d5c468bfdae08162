/**
 * Picks in memory against git cherry-pick, on the same commits:
 *
 *   npm run bench:picks -- DIR [--onto TAG] [--from TAG] [--count 50]
 *
 * Commits after `--from` that land on `--onto`, each on top of those before it, are picked by us with
 * nothing known and again, and by one git cherry-pick, whose start (index, checkout of nothing) is left out.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openNativeStore } from '../../src/git/native-store.ts';
import { prove } from '../../src/git/proof.ts';
import { demandGit } from '../../src/git/store.ts';
import { Picker } from '../../src/history/pick/pick.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		onto: { type: 'string', default: 'v2022.07' },
		from: { type: 'string', default: 'v2023.01' },
		count: { type: 'string', default: '50' },
	},
});
const store = await openNativeStore(resolve(positionals[0] ?? '.'), { env: process.env });
const git = demandGit(store, 'picking');
const onto = (await store.resolveCommit(values.onto)) ?? '';
const range = ['rev-list', '--no-merges', '--reverse', '--max-count=5000', `${values.from}..HEAD`];
const candidates = (await git.output([...range, '--'])).toString().split('\n').filter(Boolean);

const landing: string[] = [];
const finder = new Picker(store);
let top = await finder.treeOf(onto);
for (const commit of candidates) {
	const picked = await finder.pick(top, commit);
	if (picked.result !== 'clean') continue;
	top = picked.tree;
	if (landing.push(commit) === Number(values.count)) break;
}

/** Milliseconds a commit takes. */
async function pickAll(picker: Picker): Promise<number> {
	const start = performance.now();
	let tree = await picker.treeOf(onto);
	for (const commit of landing) {
		const picked = await picker.pick(tree, commit);
		if (picked.result === 'clean') tree = picked.tree;
	}
	return (performance.now() - start) / landing.length;
}

const world = { env: process.env, pid: process.pid, isRunning: () => true };
async function timeOfGit(commits: readonly string[]): Promise<number> {
	const start = performance.now();
	const steps = commits.map((commit) => ({ commit }));
	const proof = await prove(git, onto, steps, world);
	const isSame = commits.length === 0 || (proof.result === 'applied' && proof.tree === top);
	if (!isSame) throw new Error(`git disagrees: ${JSON.stringify(proof)}`);
	return performance.now() - start;
}

const fresh = await openNativeStore(resolve(positionals[0] ?? '.'), { env: process.env });
const picker = new Picker(fresh);
const cold = await pickAll(picker);
const warm = Math.min(await pickAll(picker), await pickAll(picker));
const start = Math.min(await timeOfGit([]), await timeOfGit([]));
const all = Math.min(await timeOfGit(landing), await timeOfGit(landing));
const gits = (all - start) / landing.length;
console.log(
	`${landing.length} commits after ${values.from} onto ${values.onto}, git has the same tree`,
);
console.log(`a pick, nothing known   ${cold.toFixed(1)} ms`);
console.log(`a pick, known           ${warm.toFixed(1)} ms`);
console.log(`git cherry-pick         ${gits.toFixed(1)} ms, and ${start.toFixed(0)} ms to start`);
await fresh.close();
await store.close();
