/**
 * The command `siblings`.
 */
import { EXIT, RangefinderError } from '../../src/errors.ts';
import type { SiblingsReport } from '../../src/range/siblings-report.ts';
import { safeJson } from '../../src/text.ts';
import type { Session } from '../session.ts';
import type { SiblingsWords } from '../words/siblings.ts';

/** Runs `siblings`: the exit code says whether any driver has what the patch removes. */
export async function runSiblings(
	session: Session,
	patch: string | undefined,
	words: SiblingsWords,
): Promise<void> {
	const { example, json, color, patch: which, ...given } = words;
	if ((patch === undefined) !== (example === true)) {
		const what = patch === undefined ? 'no patch is named' : 'both a patch and --example';
		throw new RangefinderError({ code: 'usage', what, hint: 'name one patch, or use --example' });
	}
	const engine = await session.engine();
	const progress = session.progress();
	try {
		const report = await engine.siblings({
			...given,
			...(which === undefined ? {} : { patch: which }),
			input: patch,
			example: example === true,
			progress,
		});
		progress.end();
		session.exitCode = exitCode(report);
		if (json === true) {
			session.print([safeJson(report, true)]);
			return;
		}
		const { siblingsText } = await import('../output/siblings-text.ts');
		session.print(siblingsText(report, session.width, await session.paint(color)));
	} finally {
		progress.end();
	}
}

function exitCode({ unknown, releases }: SiblingsReport): number {
	if (unknown !== null) return EXIT.cannotTell;
	return releases.some(({ siblings }) => siblings.length > 0) ? EXIT.answered : EXIT.no;
}
