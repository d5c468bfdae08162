/** Runs `range` and `tags` over many patches. */
import { checkDay, judgingOptions, usage } from '../judging.ts';
import type { Session } from '../session.ts';
import type { EachWords } from '../words/each.ts';
import type { JudgingWords } from '../words/judging.ts';
import type { RangeAsk } from './asks.ts';
import type { EachShow } from './model.ts';
import { earlierRecords, namedBy, worldOf } from './words.ts';

/** What the command adds to what is asked, and how it is shown. */
export interface JudgeEach {
	readonly command: 'range' | 'tags';
	readonly ask: Partial<RangeAsk>;
	readonly show: Omit<EachShow, 'json' | 'records' | 'quiet'>;
}

/** Runs the command for every patch. @throws RangefinderError usage, and what keeps every patch from being judged */
export async function judgeEach(
	session: Session,
	inputs: readonly string[],
	words: JudgingWords & EachWords,
	{ command, ask, show }: JudgeEach,
): Promise<void> {
	checkDay(command, words.asOf);
	for (const [word, given] of [
		['--patch', words.patch],
		['--example', words.example],
	] as const) {
		if (given !== undefined) throw usage(`${command}: ${word} is one patch`, 'leave it out');
	}
	const names = namedBy(command, inputs, words, session.world);
	const earlier = await earlierRecords(command, words, session.world);
	const day = words.asOf ?? earlier?.asOf ?? session.world.today();
	const {
		input: _input,
		progress: _progress,
		...asked
	} = judgingOptions(undefined, { ...words, asOf: day }, session);
	const { runEach } = await import('./run.ts');
	const totals = await runEach(session, {
		setup: {
			command,
			ask: { ...asked, ...ask },
			show: { ...show, json: words.json === true, records: true, quiet: session.quiet },
			asOf: ask.allSeries === true ? null : day,
			world: worldOf(session.world),
		},
		names,
		...(words.jobs === undefined ? {} : { jobs: words.jobs }),
		...(earlier === undefined ? {} : { earlier }),
	});
	if (words.json !== true) session.note(`${totals.text()}\n`);
	session.exitCode = totals.exit;
}
