/** What `doctor` prints for people: a line for each finding, with its command below it. */
import type { DoctorReport } from '../../src/git/doctor/report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import type { Paint } from './paint.ts';

const INDENT = 7;

/** The text of a report; `width` columns, but for commands, which stay whole. */
export function doctorText(report: DoctorReport, width: number, paint: Paint): string[] {
	const rest = ' '.repeat(INDENT);
	const lines = report.findings.flatMap(({ severity, text, command }) => {
		const [first = '', ...more] = wrap(printableLine(text), width, rest);
		const word = severity === 'hurts' ? paint('bad', severity) : severity;
		return [
			word + first.slice(severity.length),
			...more,
			...(command === null ? [] : [`${rest}$ ${printableLine(command)}`]),
		];
	});
	const { hurts } = report;
	const sum = hurts === 0 ? 'Nothing hurts.' : `${hurts} of ${report.findings.length} hurt.`;
	return [...wrap(printableLine(report.where), width), '', ...lines, '', sum];
}
