/**
 * Drivers of any kind along a real history, against each tree read by itself:
 *   npm run test:log -- DIR FOLDER… [--releases N]
 * DIR is a clone with release tags. At N of its releases (12) the drivers that the walk comes to, with the headers that
 * it found, are compared with those of the release's tree. Exit code 1 where they differ.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { walkedHeaders } from '../../cache/entering-headers.ts';
import { pathsRead } from '../../src/driver/profile-reads.ts';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
import { styles } from '../../src/driver/style.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit } from '../../src/git/store.ts';
import { DriverTree } from '../../src/history/driver-tree.ts';
import { KnownBlobs } from '../../src/history/known-blobs.ts';
import { spread } from '../../src/history/spread.ts';
import { NOWHERE, StateWalk } from '../../src/history/state.ts';
import { LOOKED_AT, walkFiles } from '../../src/history/walked-files.ts';
import { releasesFromTags } from '../../src/kernel/releases.ts';
import { cloneOf } from '../cache/clone.ts';

const { values, positionals } = parseArgs({
	options: { releases: { type: 'string', default: '12' } },
	allowPositionals: true,
});
const [dir, ...folders] = positionals;
if (dir === undefined || folders.length === 0) throw new Error('name a clone, and folders of it');
let differ = 0;
for (const folder of folders) differ += await compare(dir, folder, Number(values.releases));
process.exitCode = differ === 0 ? 0 : 1;

/**
 * @param all walks all headers from the beginning, as the log does where one turns out to be needed
 * @returns how many drivers are another way along history than in their tree
 */
async function compare(repo: string, folder: string, most: number, all = false): Promise<number> {
	const store = await openNativeStore(repo, { env: { PATH: process.env.PATH } });
	const git = demandGit(store, 'walking history');
	const releases = releasesFromTags(await store.tags());
	const source = cloneOf(store, releases);
	const plain = genericProfile([folder]);
	const revisions = releases.map(({ commit }) => commit);
	const chosen = await walkedHeaders({ store, source }, revisions, plain);
	const { profile, left } = all ? { profile: chosen.left?.whole ?? chosen.profile } : chosen;
	const commits = await walkFiles({ git, profile, revisions });
	await left?.look(spread(commits, LOOKED_AT).map(({ oid }) => oid));
	const blobs = {
		texts: (some: readonly string[]) => store.blobs(some),
		facts: (files: Parameters<typeof source.versionFacts>[0]) =>
			source.versionFacts(files, profile.interest),
	};
	const known = new KnownBlobs(blobs, profile, left && ((file) => left.see(file)));
	const tree = new DriverTree(profile, commits, known);
	const walk = new StateWalk(commits, tree);
	const moveTo = async (commit: number): Promise<void> => {
		walk.moveTo(commit);
		if (tree.files.waits) await tree.files.settle();
	};
	for (const [commit, { parents, changes }] of commits.entries()) {
		await moveTo(parents[0] ?? NOWHERE);
		const before = tree.before(changes.map(({ path }) => path));
		await moveTo(commit);
		left?.seeTree(tree.files.headers);
		tree.step(commit, before);
	}
	if (left?.lacks === true) {
		await source.close();
		await store.close();
		console.log(`${folder}: walked again with all headers`);
		return compare(repo, folder, most, true);
	}
	const numbers = new Map(commits.map(({ oid }, number) => [oid, number]));
	const step = Math.max(1, Math.ceil(releases.length / most));
	let same = 0;
	let other = 0;
	for (const release of releases.filter((_, i) => (releases.length - 1 - i) % step === 0)) {
		const last = ['log', '-1', '--format=%H', release.commit, '--', ...pathsRead(profile)];
		const oid = execFileSync('git', ['-C', repo, ...last], { encoding: 'utf8' }).trim();
		const number = numbers.get(oid);
		if (number === undefined) continue;
		await moveTo(number);
		const along = new Map([...tree.drivers().values()].map(({ path, style }) => [path, style]));
		const [whole] = await source.profiled([release], plain);
		const there = new Map(
			(whole?.facts.drivers ?? []).map((one) => [
				one.path,
				styles(one, { capabilities: whole?.facts.capabilities ?? [] }, () => undefined).join(', '),
			]),
		);
		for (const path of new Set([...along.keys(), ...there.keys()])) {
			const [here, own] = [along.get(path) ?? 'nothing', there.get(path) ?? 'nothing'];
			if (here === own) same++;
			else console.log(`${release.name} ${path}: ${here} along history, ${own} in its tree`);
			if (here !== own) other++;
		}
	}
	await source.close();
	await store.close();
	const found = profile.files.filter((path) => !plain.files.includes(path)).join(' ') || 'none';
	console.log(
		`${folder}: ${commits.length} commits, ${same} drivers alike, ${other} not; headers found: ${found}`,
	);
	return other;
}
