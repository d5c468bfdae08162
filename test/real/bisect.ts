/**
 * Bisection on real repositories:
 *   node --import tsx test/real/bisect.ts HISTORY_DIR [LADDER_DIR]
 * HISTORY_DIR is a clone with history: what is left to do between tags is compared with
 * `git rev-list --bisect-vars`, with and without paths. LADDER_DIR has kernel releases as tags: each driver
 * is looked at alone and compared with what the whole tree says of it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { DriverTrees } from '../../cache/driver-trees.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit } from '../../src/git/store.ts';
import { type CommitGraph, readGraph } from '../../src/history/graph.ts';
import { outlook, stepsLeft } from '../../src/history/strategy.ts';
import { Suspects } from '../../src/history/suspects.ts';
import { halfway } from '../../src/history/weights.ts';
import { releasesFromTags } from '../../src/kernel/releases.ts';
import { cloneOf } from '../cache/clone.ts';

const [historyDir, ladderDir] = process.argv.slice(2);
if (historyDir === undefined) throw new Error('name the folder of a clone with history');
await compareWithGit(historyDir);
if (ladderDir !== undefined) await compareDrivers(ladderDir);

/** Every tenth pair of tags, far apart and near. */
async function compareWithGit(dir: string): Promise<void> {
	const store = await openNativeStore(dir, { env: process.env });
	const git = demandGit(store, 'comparing');
	const tags = releasesFromTags(await store.tags());
	let compared = 0;
	let better = 0;
	for (let i = 0; i < tags.length; i += 9) {
		for (const distance of [1, 12, 70]) {
			const [good, bad] = [tags[i], tags[i + distance]];
			if (good === undefined || bad === undefined) continue;
			const revisions = [bad.commit, `^${good.commit}`];
			for (const paths of [[], ['drivers'], ['drivers/mmc', 'common']]) {
				const graph: CommitGraph = await readGraph(git, revisions, paths);
				const args = ['rev-list', '--bisect-vars', ...revisions, '--', ...paths];
				const out = execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
				const of = (name: string) =>
					Number(new RegExp(`^bisect_${name}=(.*)$`, 'm').exec(out)?.[1] ?? Number.NaN);
				if (graph.size === 0) {
					assert.ok(out === '' || of('all') === 0, `${good.name}..${bad.name} ${paths}`);
					continue;
				}
				const ours = outlook(halfway(Suspects.of(graph)).weight, graph.size);
				const where: string = `${good.name}..${bad.name} ${paths.join(' ')}`;
				assert.equal(ours.all, of('all'), where);
				assert.equal(ours.steps, of('steps'), where);
				// git takes what is within a thousandth of the middle; ours is the best there is.
				assert.ok(ours.nr <= of('nr'), where);
				assert.ok(of('nr') - ours.nr <= graph.size / 1024, `${where}: ${ours.nr} ${of('nr')}`);
				if (ours.nr < of('nr')) better++;
				compared++;
			}
		}
	}
	const [first, last] = [tags[0], tags.at(-1)];
	if (first !== undefined && last !== undefined) {
		const whole = await readGraph(git, [last.commit]);
		console.log(`${whole.size} commits to ${last.name}: about ${stepsLeft(whole.size)} steps`);
	}
	await store.close();
	console.log(
		`${compared} ranges agree with git rev-list --bisect-vars, ${better} are halved better`,
	);
}

async function compareDrivers(dir: string): Promise<void> {
	const store = await openNativeStore(dir, { env: process.env });
	const releases = releasesFromTags(await store.tags());
	const source = cloneOf(store, releases);
	let compared = 0;
	for (const release of releases) {
		const trees = new DriverTrees(store, source, iommu);
		const [whole] = await source.profiled([release], iommu);
		for (const driver of whole?.facts.drivers ?? []) {
			const look = await trees.driver(release.commit, driver.driver);
			const { driver: alone, capabilities } = look.link();
			assert.deepEqual(alone, driver, `${driver.driver} of ${release.name}`);
			assert.deepEqual(capabilities, whole?.facts.capabilities, release.name);
			compared++;
		}
	}
	await source.close();
	console.log(`${compared} drivers alone are what the whole trees say`);
}
