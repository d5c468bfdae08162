/** The command `prereqs`. */
import { EXIT } from '../../src/errors.ts';
import type { PrereqsReport } from '../../src/range/prereqs-report.ts';
import { safeJson } from '../../src/text.ts';
import { createProgress } from '../progress.ts';
import type { Session } from '../session.ts';
import type { PrereqsWords } from '../words/prereqs.ts';

const SETTLED: readonly string[] = ['lands', 'lands-with', 'contained'];

function exitCode({ targets }: PrereqsReport): number {
	if (targets.every(({ result }) => result === 'unknown')) return EXIT.cannotTell;
	const good = targets.every(
		({ result, verdict }) => SETTLED.includes(result) && verdict !== 'unsafe',
	);
	return good ? EXIT.answered : EXIT.no;
}

/** Runs `prereqs`. */
export async function runPrereqs(
	session: Session,
	patch: string,
	words: PrereqsWords,
): Promise<void> {
	const engine = await session.engine();
	const signal = session.world.interruptible?.();
	const report = await engine.prereqs({
		input: patch,
		...(words.patch === undefined ? {} : { patch: words.patch }),
		...(words.repo === undefined ? {} : { repo: words.repo }),
		...(words.offline === true ? { offline: true } : {}),
		...(words.upstream === undefined ? {} : { upstream: words.upstream }),
		...(words.config === undefined ? {} : { config: words.config }),
		noIndex: words.index === false,
		noCache: !words.cache,
		onto: [...words.onto, ...words.release],
		arch: words.arch,
		max: words.max,
		tries: words.tries,
		textual: words.rework !== true,
		...(signal === undefined ? {} : { signal }),
		progress: createProgress(session.world),
	});
	session.exitCode = exitCode(report);
	if (words.json === true) {
		session.print([safeJson(report, true)]);
		return;
	}
	const { prereqsText } = await import('../output/prereqs-text.ts');
	const options = words.explain === undefined ? {} : { explain: words.explain };
	session.print(prereqsText(report, session.width, await session.paint(words.color), options));
}
