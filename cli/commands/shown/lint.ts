/** How `lint` prints what it found in a patch. */
import type { LintReport } from '../../../src/range/lint/report.ts';
import { safeJson } from '../../../src/text.ts';
import type { Session } from '../../session.ts';
import type { LintWords } from '../../words/lint.ts';

/** Prints what was found in a patch; as text only where something was. */
export async function showLint(
	session: Session,
	report: LintReport,
	{ json, color }: Pick<LintWords, 'json' | 'color'>,
): Promise<void> {
	if (json === true) {
		session.print([safeJson(report, false)]);
	} else if (report.findings.length > 0) {
		const { lintText } = await import('../../output/lint-text.ts');
		session.print(lintText(report, session.width, await session.paint(color)));
	}
}
