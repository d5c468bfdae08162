/**
 * The command `built`.
 */
import { EXIT } from '../../src/errors.ts';
import type { BuiltReport } from '../../src/range/built-report.ts';
import { safeJson } from '../../src/text.ts';
import type { Session } from '../session.ts';
import type { BuiltWords } from '../words/built.ts';

/** Runs `built`: the exit code says whether any release builds it. */
export async function runBuilt(session: Session, what: string, words: BuiltWords): Promise<void> {
	const engine = await session.engine();
	const progress = session.progress();
	try {
		const report = await engine.built({
			what,
			...(words.repo === undefined ? {} : { repo: words.repo }),
			...(words.store === undefined ? {} : { store: words.store }),
			...(words.index === undefined ? {} : { index: words.index }),
			...(words.config === undefined ? {} : { config: words.config }),
			release: words.release,
			arch: words.arch,
			progress,
		});
		progress.end();
		session.exitCode = exitCode(report);
		if (words.json === true) {
			session.print([safeJson(report, true)]);
			return;
		}
		const { builtText } = await import('../output/built-text.ts');
		session.print(builtText(report, session.width, await session.paint(words.color)));
	} finally {
		progress.end();
	}
}

function exitCode({ ranges }: BuiltReport): number {
	if (ranges.some(({ built }) => built === 'yes')) return EXIT.answered;
	return ranges.some(({ built }) => built === 'unknown') ? EXIT.cannotTell : EXIT.no;
}
