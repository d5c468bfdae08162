/** The command `demands`. */
import { EXIT } from '../../src/errors.ts';
import type { DemandsReport } from '../../src/range/demands/report.ts';
import { safeJson } from '../../src/text.ts';
import type { Session } from '../session.ts';
import type { DemandsWords } from '../words/demands.ts';

/** 1 for violations; 125 where there are none, and something cannot be told. */
export function demandsExitCode({ capabilities, demands, unread }: DemandsReport): number {
	if (demands.some(({ violations }) => violations.length > 0)) return EXIT.no;
	const open = capabilities.some(({ value, assumed }) => value === null && !assumed);
	const untold = demands.some(({ unknown }) => unknown.length > 0) || unread.length > 0;
	return open || untold ? EXIT.cannotTell : EXIT.answered;
}

/** Runs `demands`. */
export async function runDemands(session: Session, words: DemandsWords): Promise<void> {
	const engine = await session.engine();
	const progress = session.progress();
	try {
		const report = await engine.demands({
			...(words.repo === undefined ? {} : { repo: words.repo }),
			...(words.release === undefined ? {} : { release: words.release }),
			...(words.with === undefined ? {} : { with: words.with }),
			...(words.offline === true ? { offline: true } : {}),
			assume: words.assume,
			all: words.all === true,
			noCache: !words.cache,
			progress,
		});
		progress.end();
		session.exitCode = demandsExitCode(report);
		if (words.json === true) return session.print([safeJson(report, true)]);
		const { demandsText } = await import('../output/demands-text.ts');
		session.print(demandsText(report, session.width, await session.paint(words.color)));
	} finally {
		progress.end();
	}
}
