/**
 * The command `styles`.
 */
import { safeJson } from '../../src/text.ts';
import type { StylesWords } from '../options.ts';
import type { Session } from '../session.ts';

/** Runs `styles`. */
export async function runStyles(
	session: Session,
	paths: readonly string[],
	words: StylesWords,
): Promise<void> {
	const engine = await session.engine();
	const progress = session.progress();
	try {
		const report = await engine.styles({
			paths,
			...(words.repo === undefined ? {} : { repo: words.repo }),
			...(words.store === undefined ? {} : { store: words.store }),
			...(words.offline === true ? { offline: true } : {}),
			...(words.index === undefined ? {} : { index: words.index }),
			release: words.release,
			progress,
		});
		progress.end();
		if (words.json === true) {
			session.print([safeJson(report, true)]);
			return;
		}
		const { stylesText } = await import('../output/styles-text.ts');
		session.print(stylesText(report, session.width, await session.paint(words.color)));
	} finally {
		progress.end();
	}
}
