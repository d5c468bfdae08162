/** The command `doctor`. */
import { EXIT } from '../../src/errors.ts';
import { safeJson } from '../../src/text.ts';
import type { Session } from '../session.ts';
import type { DoctorWords } from '../words/doctor.ts';

/** Runs `doctor`: the exit code says whether anything hurts. */
export async function runDoctor(session: Session, words: DoctorWords): Promise<void> {
	const engine = await session.engine();
	const report = await engine.doctor(words.repo === undefined ? {} : { repo: words.repo });
	session.exitCode = report.hurts === 0 ? EXIT.answered : EXIT.no;
	if (words.json === true) {
		session.print([safeJson(report, true)]);
		return;
	}
	const { doctorText } = await import('../output/doctor-text.ts');
	session.print(doctorText(report, session.width, await session.paint(words.color)));
}
