/**
 * The demands of every capability over real trees, as if they had it: violations and unknowns of each release.
 *
 *   npm run test:demands -- LADDER_DIR [RELEASE…] [--ways]
 *
 * Without a release, those of the ladder that are told apart below. `--ways` prints each way, for reading.
 */

import { sweep } from '../../src/driver/ways/sweep.ts';
import { openStore } from '../../src/git/open-store.ts';
import { demandGit } from '../../src/git/store.ts';
import { GitTreeText } from '../../src/git/tree-text.ts';
import { DEMANDS } from '../../src/range/demands/index.ts';
import { capabilitiesThatDemand, checkDemands } from '../../src/range/demands/over-tree.ts';
import type { DemandsReport } from '../../src/range/demands/report.ts';

type Found = DemandsReport['demands'][number]['violations'][number];

const RELEASES = ['v3.18.140', 'v4.14.5', 'v4.19.79', 'v5.10.7', 'v6.1.10', 'v6.6.87', 'v6.12'];

async function main(): Promise<void> {
	const words = process.argv.slice(2);
	const [dir, ...named] = words.filter((word) => !word.startsWith('--'));
	if (dir === undefined)
		throw new Error('usage: npm run test:demands -- LADDER_DIR [RELEASE…] [--ways]');
	const store = await openStore(dir, { env: process.env, kind: 'native', fetch: {} });
	const git = demandGit(store, 'searching a whole tree');
	for (const release of named.length === 0 ? RELEASES : named) {
		const commit = await store.resolveCommit(release);
		if (commit === undefined) throw new Error(`no release ${release}`);
		const tree = new GitTreeText(git, store, commit);
		const assume = capabilitiesThatDemand(DEMANDS);
		const started = performance.now();
		const found = await checkDemands({ tree, demands: DEMANDS, assume, sweep: () => sweep(tree) });
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		for (const { id, violations, unknown } of found.demands) {
			console.log(
				`${release} ${id}: ${violations.length} violations, ${unknown.length} unknown; ${found.registrations} registrations, ${found.unread.length} files unread, ${seconds} s`,
			);
			if (!words.includes('--ways')) continue;
			for (const one of violations) console.log(`  ! ${wayOf(one)}`);
			for (const one of unknown) console.log(`  ? ${wayOf(one)} (${one.why})`);
		}
	}
	await store.close();
}

function wayOf({ driver, steps, call, when }: Found): string {
	const way = steps.map((step) => `${step.function} ${step.path}:${step.line}`).join(' > ');
	return `${driver} [${when}] ${way} > ${call.name}(${call.argument})`;
}

await main();
