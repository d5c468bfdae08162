/** The commands `prereqs` and `export`. */
import { basename, join, resolve } from 'node:path';
import { EXIT } from '../../src/errors.ts';
import type { ExportReport } from '../../src/range/export-report.ts';
import type { PrereqsReport } from '../../src/range/prereqs-report.ts';
import { printableLine, safeJson, wrap } from '../../src/text.ts';
import type { PrereqsOptions } from '../engines/prereqs.ts';
import type { Session } from '../session.ts';
import type { ExportWords, PrereqsWords } from '../words/prereqs.ts';
import { makeFolder, writeWhole } from '../write-whole.ts';

const SETTLED: readonly string[] = ['lands', 'lands-with', 'contained'];

function exitCode({ targets }: PrereqsReport): number {
	if (targets.every(({ result }) => result === 'unknown')) return EXIT.cannotTell;
	const good = targets.every(
		({ result, verdict }) => SETTLED.includes(result) && verdict !== 'unsafe',
	);
	return good ? EXIT.answered : EXIT.no;
}

/** What the engine is asked with. */
function optionsOf(session: Session, patch: string, words: PrereqsWords): PrereqsOptions {
	const { interruptible } = session.world;
	return {
		input: patch,
		...(words.patch === undefined ? {} : { patch: words.patch }),
		...(words.repo === undefined ? {} : { repo: words.repo }),
		...(words.offline === true ? { offline: true } : {}),
		...(words.upstream === undefined ? {} : { upstream: words.upstream }),
		...(words.config === undefined ? {} : { config: words.config }),
		noIndex: words.index === false,
		noCache: !words.cache,
		onto: [...words.onto, ...(words.release ?? [])],
		arch: words.arch,
		max: words.max,
		tries: words.tries,
		seconds: words.seconds,
		textual: words.rework !== true,
		...(interruptible === undefined ? {} : { interruptible }),
		progress: session.progress(),
	};
}

/** Runs `prereqs`. */
export async function runPrereqs(
	session: Session,
	patch: string,
	words: PrereqsWords,
): Promise<void> {
	const engine = await session.engine();
	const report = await engine.prereqs(optionsOf(session, patch, words));
	session.exitCode = exitCode(report);
	if (words.json === true) {
		session.print([safeJson(report, true)]);
		return;
	}
	const { prereqsText } = await import('../output/prereqs-text.ts');
	const options = words.explain === undefined ? {} : { explain: words.explain };
	session.print(prereqsText(report, session.width, await session.paint(words.color), options));
}

/** Runs `export`. */
export async function runExport(
	session: Session,
	patch: string,
	words: ExportWords,
): Promise<void> {
	const engine = await session.engine();
	const { report, mails, why } = await engine.exportSeries(optionsOf(session, patch, words));
	const written = mails.map(({ name }) => join(words.output, basename(name)));
	if (mails.length === 0) session.exitCode = EXIT.no;
	else {
		const folder = resolve(session.world.cwd, words.output);
		await makeFolder(folder);
		for (const { name, bytes } of mails) await writeWhole(join(folder, basename(name)), bytes);
	}
	if (words.json === true) {
		const said: ExportReport = {
			schema: 'rangefinder.export/1',
			patch: report.patch,
			targets: report.targets,
			written,
			why: mails.length === 0 ? (why ?? '') : null,
		};
		session.print([safeJson(said, true)]);
		return;
	}
	const { prereqsText } = await import('../output/prereqs-text.ts');
	session.print(prereqsText(report, session.width, await session.paint(words.color)));
	const nothing = () => wrap(printableLine(`nothing is written: ${why ?? ''}`), session.width);
	session.print(['', ...(mails.length === 0 ? nothing() : written.map(printableLine))]);
}
