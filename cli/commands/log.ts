/**
 * The command `log`: records are printed as they come, as JSON or as text.
 */
import type { LogRecord } from '../../src/history/log-report.ts';
import { safeJson } from '../../src/text.ts';
import { LinePrinter } from '../line-printer.ts';
import type { Session } from '../session.ts';
import type { LogWords } from '../words/log.ts';

/** Runs `log`. */
export async function runLog(
	session: Session,
	paths: readonly string[],
	words: LogWords,
): Promise<void> {
	const engine = await session.engine();
	const progress = session.progress();
	const { logText } = await import('../output/log-text.ts');
	const text = logText(session.width, await session.paint(words.color));
	const printer = new LinePrinter((lines) => {
		// Erases its line; the next step draws it again.
		progress.end();
		session.print(lines);
	});
	const print = (record: LogRecord): void => {
		if (words.transitions === true && !isTransition(record)) return;
		const lines = words.json === true ? [safeJson(record, false)] : text(record);
		printer.add(lines);
	};
	try {
		await engine.log(
			{
				paths,
				...(words.repo === undefined ? {} : { repo: words.repo }),
				...(words.offline === true ? { offline: true } : {}),
				...(typeof words.index === 'string' ? { index: words.index } : {}),
				noIndex: words.index === false,
				noCache: !words.cache,
				rev: words.rev,
				progress,
			},
			print,
		);
	} finally {
		printer.flush();
		progress.end();
	}
}

/** What --transitions keeps: changes of style and of what the framework offers, and the summary. */
function isTransition(record: LogRecord): boolean {
	return record.kind !== 'driver' || record.transition;
}
