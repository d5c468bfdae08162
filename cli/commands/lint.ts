/** The command `lint`: findings as they come, and an exit code that says whether there were any. */
import { earlierRecords, namedBy, worldOf } from '../each/words.ts';
import { checkDay, readingOptions } from '../judging.ts';
import type { Session } from '../session.ts';
import { asksForEach } from '../words/each.ts';
import type { LintWords } from '../words/lint.ts';

/** Runs `lint`. */
export async function runLint(
	session: Session,
	inputs: readonly string[],
	words: LintWords,
): Promise<void> {
	checkDay('lint', words.asOf);
	const names = namedBy('lint', inputs, words, session.world);
	const earlier = await earlierRecords('lint', words, session.world);
	const asOf = words.asOf ?? earlier?.asOf ?? session.world.today();
	const { runEach } = await import('../each/run.ts');
	const totals = await runEach(session, {
		setup: {
			command: 'lint',
			ask: {
				...readingOptions(words),
				noRange: !words.range,
				followUps: words.followUps,
				...(words.base === undefined ? {} : { base: words.base }),
				asOf,
				allSeries: words.allSeries === true,
			},
			show: {
				json: words.json === true,
				records: asksForEach(inputs, words),
				quiet: session.quiet,
				...(words.color === undefined ? {} : { color: words.color }),
			},
			asOf,
			world: worldOf(session.world),
		},
		names,
		...(words.jobs === undefined ? {} : { jobs: words.jobs }),
		...(earlier === undefined ? {} : { earlier }),
	});
	if (words.json !== true && totals.patches > 0) {
		const { lintSummary } = await import('../output/lint-text.ts');
		session.print(lintSummary(totals, session.width));
	}
	session.exitCode = totals.exit;
}
