/** The command `probe`. */
import { EXIT } from '../../src/errors.ts';
import { safeJson } from '../../src/text.ts';
import type { Session } from '../session.ts';
import type { ProbeWords } from '../words/bisect.ts';

/** Runs `probe`. */
export async function runProbe(
	session: Session,
	revision: string | undefined,
	words: ProbeWords,
): Promise<void> {
	const engine = await session.engine();
	const progress = session.progress();
	const report = await engine.probe({
		revision: revision ?? 'HEAD',
		where: words.where,
		...(words.repo === undefined ? {} : { repo: words.repo }),
		noCache: !words.cache,
		...(words.offline === true ? { offline: true } : {}),
		progress,
	});
	progress.end();
	const { holds } = report;
	if (holds === null) session.exitCode = EXIT.cannotTell;
	else session.exitCode = holds === (words.not !== true) ? EXIT.answered : EXIT.no;
	if (words.json === true) {
		session.print([safeJson(report, true)]);
		return;
	}
	const { probeText } = await import('../output/bisect-text.ts');
	session.print(probeText(report, session.width, await session.paint(words.color)));
}
