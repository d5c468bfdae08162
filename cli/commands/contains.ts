/** The command `contains`. */
import { EXIT } from '../../src/errors.ts';
import { safeJson } from '../../src/text.ts';
import type { Session } from '../session.ts';
import type { ContainsWords } from '../words/contains.ts';

/** Runs `contains`. */
export async function runContains(
	session: Session,
	commit: string,
	words: ContainsWords,
): Promise<void> {
	const engine = await session.engine();
	const report = await engine.contains({
		commit,
		...(words.repo === undefined ? {} : { repo: words.repo }),
		noCache: !words.cache,
		...(words.offline === true ? { offline: true } : {}),
		followUps: words.followUps,
	});
	const open = report.series.some(({ cannotTell }) => cannotTell !== undefined);
	if (report.first === null) session.exitCode = open ? EXIT.cannotTell : EXIT.no;
	if (words.json === true) {
		session.print([safeJson(report, true)]);
		return;
	}
	const { containsText } = await import('../output/contains-text.ts');
	session.print(containsText(report, session.width, await session.paint(words.color)));
}
