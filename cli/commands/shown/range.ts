/** How `range` prints an answer, and the exit code that says in one number what it is. */
import { EXIT } from '../../../src/errors.ts';
import type { RangeReport, ReleaseReport } from '../../../src/range/report.ts';
import type { RangeWords } from '../../options.ts';
import type { Session } from '../../session.ts';

/** The exit code of an answer; with `only`, of the question where it lands. */
export function rangeExitCode(report: RangeReport, only: 'placement' | undefined): number {
	const { releases } = report;
	if (only === 'placement') {
		const lands = ({ placement: { result } }: ReleaseReport) =>
			result !== 'conflict' && result !== 'missing' && result !== 'unknown';
		if (releases.some(lands)) return EXIT.answered;
		const unknown = releases.some(({ placement }) => placement.result === 'unknown');
		return unknown ? EXIT.cannotTell : EXIT.no;
	}
	const verdicts = releases.map(({ verdict }) => verdict);
	if (verdicts.some((verdict) => verdict === 'safe' || verdict === 'needs-prerequisites')) {
		return EXIT.answered;
	}
	return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'unknown')
		? EXIT.cannotTell
		: EXIT.no;
}

/** Prints a report as text. */
export async function showRange(
	session: Session,
	report: RangeReport,
	{ only, color }: Pick<RangeWords, 'only' | 'color'>,
): Promise<void> {
	const textOf =
		only === 'placement'
			? (await import('../../output/placement-text.ts')).placementText
			: (await import('../../output/range-text.ts')).rangeText;
	session.print(textOf(report, session.width, await session.paint(color)));
}
