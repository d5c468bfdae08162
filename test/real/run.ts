/**
 * The checks on real kernel trees, run by hand:
 *
 *   npm run test:real -- LADDER_DIR [MAIL] [--patches N] [--verbose]
 *
 * LADDER_DIR is a repository with the releases of the index as tags.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '../../cli/adapter.ts';
import type { EngineWorld } from '../../cli/engine.ts';
import { agreeOnPatches, checkKey, checkPlacements, checkRepair, checkStyles } from './checks.ts';
import { compareReports, tableOf } from './compare.ts';
import { generatePatches } from './generate.ts';
import { judgeByClone, judgeByIndex } from './judge.ts';

let failures = 0;

function say(title: string, problems: readonly string[], scope: string): void {
	const result = problems.length === 0 ? 'ok' : `${problems.length} FAILED`;
	console.log(`\n== ${title}: ${result}, ${scope}`);
	for (const problem of problems) console.log(`   ${problem}`);
	failures += problems.length;
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { patches: { type: 'string', default: '200' } },
	});
	const [ladder, mail] = positionals;
	if (ladder === undefined) throw new Error('usage: npm run test:real -- LADDER_DIR [MAIL]');
	const repo = resolve(ladder);
	const cache = mkdtempSync(join(tmpdir(), 'rangefinder-real-cache-'));
	const world: EngineWorld = {
		cwd: process.cwd(),
		env: { ...process.env, RANGEFINDER_CACHE: cache },
		stdin: process.stdin,
	};
	const byIndex = await judgeByIndex(world);
	const byClone = await judgeByClone(repo, world);
	try {
		if (mail !== undefined) {
			const bytes = readFileSync(mail);
			const fromIndex = await byIndex.range(bytes, mail);
			const fromClone = await byClone.range(bytes, mail);
			console.log('by index\n');
			console.log(tableOf(fromIndex));
			console.log('\nby repository\n');
			console.log(tableOf(fromClone));
			say('index and repository agree', compareReports(fromIndex, fromClone), 'all but commits');
			say('the key', checkKey(fromClone), `${fromClone.releases.length} releases`);
			const repaired = await createEngine(world).repair({ input: mail, repo });
			const patch = Buffer.from(repaired.text).toString();
			say('repair', checkRepair(repo, bytes.toString(), patch), 'the post-image the mail names');
			say(
				'placement as git and GNU patch',
				checkPlacements(repo, patch, fromClone),
				`${fromClone.releases.length} releases`,
			);
		}
		const keyed = checkStyles(await byIndex.styles());
		say('styles by index', keyed.problems, `${keyed.pairs} driver and release pairs read by eye`);
		say('styles by repository', checkStyles(await byClone.styles()).problems, 'the same pairs');
		const verified = await createEngine(world).indexVerify({ repo });
		say('index verify', verified.differences, `${verified.checked} things compared`);
		const patches = generatePatches(repo, byClone.releases, Number(values.patches));
		const agreed = await agreeOnPatches(patches, byIndex, byClone);
		for (const line of agreed.notes) console.log(line);
		say('made patches, index against repository', agreed.problems, agreed.summary);
	} finally {
		await byIndex.close();
		await byClone.close();
		rmSync(cache, { recursive: true, force: true });
	}
	console.log(`\n${failures === 0 ? 'all agree' : `${failures} disagreements`}`);
	if (failures > 0) process.exitCode = 1;
}

await main();
