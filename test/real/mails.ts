/**
 * Compares what we read in real mails with what git reads:
 *
 *   npm run test:mails -- INPUT… [--limit N] [--skip N] [--all]
 *
 * INPUT is anything that intake takes: an mbox, a maildir, a public-inbox, a folder of patches. Author,
 * subject and message are compared with `git mailinfo`, paths and counts with `git apply --numstat`.
 * Disagreements are listed by kind, with the mail; --all lists those too that are explained.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareMail, inputs } from './mails-compare.ts';

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			limit: { type: 'string', default: '3000' },
			skip: { type: 'string', default: '0' },
			all: { type: 'boolean', default: false },
		},
	});
	if (positionals.length === 0) throw new Error('usage: npm run test:mails -- INPUT…');
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-mails-'));
	const differ = new Map<string, number>();
	const counts = { seen: 0, patches: 0, agree: 0, explained: new Map<string, number>(), open: 0 };
	try {
		for await (const message of inputs(positionals)) {
			if (counts.seen++ < Number(values.skip)) continue;
			const found = compareMail(message, folder);
			if (found === undefined) continue;
			counts.patches++;
			if (found.length === 0) counts.agree++;
			const reasons = found.map(({ reason }) => reason);
			if (reasons.includes(undefined)) counts.open++;
			else if (found.length > 0) {
				const reason = [...new Set(reasons)].join('; ');
				counts.explained.set(reason, (counts.explained.get(reason) ?? 0) + 1);
			}
			for (const what of new Set(found.map((one) => one.what))) {
				differ.set(what, (differ.get(what) ?? 0) + 1);
			}
			for (const [i, { what, git: theirs, ours: mine }] of found.entries()) {
				if (reasons[i] !== undefined && !values.all) continue;
				console.log(`\n${message.where}: ${what}: ${reasons[i] ?? 'NOT EXPLAINED'}`);
				console.log(`  git:  ${JSON.stringify(theirs.slice(0, 600))}`);
				console.log(`  ours: ${JSON.stringify(mine.slice(0, 600))}`);
			}
			if (counts.patches >= Number(values.limit)) break;
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	const share = ((100 * counts.agree) / Math.max(1, counts.patches)).toFixed(2);
	console.log(`\n${counts.seen} mails, ${counts.patches} with a patch`);
	console.log(`${counts.agree} agree in everything (${share} %)`);
	for (const [what, count] of differ) {
		const agreed = (100 * (counts.patches - count)) / counts.patches;
		console.log(`${what}: ${count} differ (${agreed.toFixed(2)} % agree)`);
	}
	for (const [reason, count] of counts.explained) console.log(`${count} explained: ${reason}`);
	console.log(`${counts.open} not explained`);
	if (counts.open > 0) process.exitCode = 1;
}

await main();
