/** The command `bisect`. */
import { EXIT, RangefinderError } from '../../src/errors.ts';
import type { BisectReport } from '../../src/history/bisect-report.ts';
import { printable, printableLine, safeJson } from '../../src/text.ts';
import type { BisectOptions } from '../engines/bisect-types.ts';
import type { Session } from '../session.ts';
import type { BisectWords } from '../words/bisect.ts';

/** Runs `bisect`. */
export async function runBisect(
	session: Session,
	command: readonly string[],
	words: BisectWords,
): Promise<void> {
	const asked = { ...endsOf(words), asks: asksOf(command, words) };
	if (asked.good.length === 0 && words.flips !== true) {
		throw usage('bisect: no commit is given where it does not hold', 'give one with --good');
	}
	const engine = await session.engine();
	const { isTTY } = session.world;
	const progress = session.progress();
	const report = await engine.bisect({
		...asked,
		...(words.repo === undefined ? {} : { repo: words.repo }),
		jobs: words.jobs,
		flips: words.flips === true,
		reset: words.reset === true,
		noCache: !words.cache,
		...(words.offline === true ? { offline: true } : {}),
		progress,
		output: (chunk) => {
			progress.end();
			// A command of the user may colour what it prints for a terminal; a log gets every byte.
			session.note(isTTY.stderr ? printable(Buffer.from(chunk).toString()) : chunk);
		},
		note: (text) => {
			progress.end();
			session.note(`${printableLine(text)}\n`);
		},
	});
	progress.end();
	if (isUntold(report)) session.exitCode = EXIT.cannotTell;
	if (words.json === true) {
		session.print([safeJson(report, true)]);
		return;
	}
	const { bisectText } = await import('../output/bisect-text.ts');
	const paint = await session.paint(words.color);
	session.print(bisectText(report, asked.terms, session.width, paint));
}

/** Whether nothing was found, and something cannot be told. */
function isUntold({ result, flips, untold, cannotTell }: BisectReport): boolean {
	if (result !== 'flips') return result === 'cannot-tell';
	return flips.length === 0 && (untold.length > 0 || cannotTell !== undefined);
}

function endsOf(words: BisectWords): Pick<BisectOptions, 'good' | 'bad' | 'terms'> {
	const isGit = words.good.length > 0 || words.bad !== undefined;
	const isOther = words.old.length > 0 || words.new !== undefined;
	if (isGit && isOther) {
		throw usage('bisect: --good and --bad do not go with --old and --new', 'use one pair');
	}
	const terms = isOther ? { good: 'old', bad: 'new' } : { good: 'good', bad: 'bad' };
	const bad = words.bad ?? words.new;
	if (bad === undefined) {
		throw usage('bisect: no commit is given where it holds', `give one with --${terms.bad}`);
	}
	return { good: isOther ? words.old : words.good, bad, terms };
}

function asksOf(command: readonly string[], words: BisectWords): BisectOptions['asks'] {
	if (words.run === true) {
		if (words.where !== undefined) throw usage('bisect: --where and --run', 'use one of them');
		if (words.flips === true) throw usage('bisect: --flips takes --where', 'leave out --run');
		if (command.length > 0) return { run: command };
		throw usage('bisect: --run without a command', 'give it at the end: --run -- make test');
	}
	if (command.length > 0) {
		const what = `bisect: ${command[0]} is neither an option nor a value of one`;
		throw usage(what, 'a command takes --run -- before it');
	}
	if (words.where !== undefined) return { where: words.where };
	throw usage('bisect: nothing is asked', 'give a predicate with --where, or a command with --run');
}

function usage(what: string, hint: string): RangefinderError {
	return new RangefinderError({ code: 'usage', what, hint });
}
