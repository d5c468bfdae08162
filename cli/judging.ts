/** What commands that judge a patch make of their words: checks that they have in common, and options of the engine. */
import { RangefinderError } from '../src/errors.ts';
import { isDay } from '../src/kernel/series-table.ts';
import type { RangeOptions } from './engine.ts';
import type { Session } from './session.ts';
import type { JudgingWords } from './words/judging.ts';

/** A failure of the words. */
export function usage(what: string, hint: string): RangefinderError {
	return new RangefinderError({ code: 'usage', what, hint });
}

/** @throws RangefinderError usage, for words that do not go together */
export function checkJudging(
	command: string,
	patch: string | undefined,
	words: Pick<JudgingWords, 'example' | 'index' | 'repo' | 'asOf'>,
): void {
	if (patch === undefined && words.example !== true) {
		throw usage(
			`${command}: no patch given`,
			'give a file, - for standard input, a commit, or --example',
		);
	}
	if (patch !== undefined && words.example === true) {
		throw usage(`${command}: both ${patch} and --example given`, 'leave one of them out');
	}
	if (words.example === true && words.index === false && words.repo === undefined) {
		throw usage(`${command}: the example is in the index`, 'leave --no-index out, or give --repo');
	}
	checkDay(command, words.asOf);
}

/** @throws RangefinderError usage, for what is no day */
export function checkDay(command: string, asOf: string | undefined): void {
	if (asOf === undefined || isDay(asOf)) return;
	throw usage(`${command}: --as-of ${asOf} is no day`, 'give one like 2017-11-21');
}

/** What is read: the clone and how, the index, the cache. */
export function readingOptions(
	words: Pick<JudgingWords, 'repo' | 'store' | 'offline' | 'index' | 'cache'>,
): Pick<RangeOptions, 'repo' | 'store' | 'offline' | 'index' | 'noIndex' | 'noCache'> {
	return {
		...(words.repo === undefined ? {} : { repo: words.repo }),
		...(words.store === undefined ? {} : { store: words.store }),
		...(words.offline === true ? { offline: true } : {}),
		...(typeof words.index === 'string' ? { index: words.index } : {}),
		noIndex: words.index === false,
		noCache: !words.cache,
	};
}

/** The options of the engine. Of the example tags are as of the day that it states, unless another is named. */
export function judgingOptions(
	patch: string | undefined,
	words: JudgingWords,
	session: Session,
): RangeOptions {
	const asOf = words.asOf ?? (words.example === true ? undefined : session.world.today());
	return {
		input: patch,
		...(words.patch === undefined ? {} : { patch: words.patch }),
		example: words.example === true,
		...readingOptions(words),
		noHistory: !words.history,
		release: words.release,
		series: words.series,
		all: words.all === true,
		onto: words.onto,
		...(words.config === undefined ? {} : { config: words.config }),
		arch: words.arch,
		...(asOf === undefined ? {} : { asOf }),
		progress: session.progress(),
	};
}
