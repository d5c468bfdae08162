/** The command `lint`: findings as they come, and an exit code that says whether there were any. */
import { EXIT, exitCode } from '../../src/errors.ts';
import { safeJson } from '../../src/text.ts';
import { sayFailure } from '../failures.ts';
import { checkDay, readingOptions } from '../judging.ts';
import type { Session } from '../session.ts';
import type { LintWords } from '../words/lint.ts';

/** Runs `lint`. */
export async function runLint(
	session: Session,
	inputs: readonly string[],
	words: LintWords,
): Promise<void> {
	checkDay('lint', words.asOf);
	const engine = await session.engine();
	const progress = session.progress();
	const { lintText, lintSummary } = await import('../output/lint-text.ts');
	const paint = await session.paint(words.color);
	const answers = engine.lint({
		inputs,
		...readingOptions(words),
		noRange: !words.range,
		followUps: words.followUps,
		...(words.base === undefined ? {} : { base: words.base }),
		asOf: words.asOf ?? session.world.today(),
		allSeries: words.allSeries === true,
		progress,
	});
	const seen = { patches: 0, findings: 0, unchecked: new Map<string, string>() };
	let broken: number | undefined;
	try {
		for await (const one of answers) {
			progress.end();
			if ('problem' in one) {
				// One message that cannot be read does not stop the others.
				broken ??= exitCode(one.problem.failure);
				sayFailure(session.world, one.problem);
				continue;
			}
			seen.patches++;
			seen.findings += one.findings.length;
			for (const { rule, needs } of one.unchecked) seen.unchecked.set(rule, needs);
			if (words.json === true) session.print([safeJson(one, false)]);
			else if (one.findings.length > 0) session.print(lintText(one, session.width, paint));
		}
	} finally {
		progress.end();
	}
	if (words.json !== true && seen.patches > 0) session.print(lintSummary(seen, session.width));
	session.exitCode = seen.findings > 0 ? EXIT.no : (broken ?? EXIT.answered);
}
