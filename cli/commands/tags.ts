/** The command `tags`: the lines on standard output, why on standard error. */
import { EXIT } from '../../src/errors.ts';
import type { PreparedPatch } from '../../src/range/prepare.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { printableLine, safeJson } from '../../src/text.ts';
import { checkJudging, judgingOptions, usage } from '../judging.ts';
import type { Session } from '../session.ts';
import { asksForEach } from '../words/each.ts';
import type { TagsWords } from '../words/tags.ts';
import { type ReadMail, showTags, tagsExitCode, tagsReport } from './shown/tags.ts';

/** Runs `tags`. */
export async function runTags(
	session: Session,
	patches: readonly string[],
	words: TagsWords,
): Promise<void> {
	if (words.write === true && words.json === true) {
		throw usage('tags: --write prints a patch', 'leave --json out');
	}
	if (words.noautosel?.trim() === '') {
		throw usage('tags: --noautosel without a reason', 'the documents want one');
	}
	const asked = {
		...(words.allSeries === true ? { allSeries: true } : {}),
		...(words.noautosel === undefined ? {} : { noautosel: oneLine(words.noautosel) }),
	};
	if (asksForEach(patches, words)) {
		const { judgeEach } = await import('../each/judge-each.ts');
		const show = words.write === true ? { write: true } : {};
		return judgeEach(session, patches, words, { command: 'tags', ask: asked, show });
	}
	const [patch] = patches;
	checkJudging('tags', patch, words);
	const engine = await session.engine();
	const mails: ReadMail[] = [];
	const options = {
		...judgingOptions(patch, words, session),
		...asked,
		...(words.write === true
			? {
					read: (place: number, one: PreparedPatch, mail: Uint8Array | undefined) => {
						mails[place] = { patch: one, mail };
					},
				}
			: {}),
	};
	let reports: RangeReport[];
	try {
		reports = await engine.ranges(options);
	} finally {
		options.progress.end();
	}
	session.exitCode = tagsExitCode(reports);
	if (words.json === true) {
		const several = reports.length > 1;
		session.print(reports.map((report) => safeJson(tagsReport(report), !several)));
		return;
	}
	await showTags(session, reports, words.write === true ? mails : undefined);
	if (words.write === true) session.exitCode = EXIT.answered;
}

/** A reason stays in its line, whatever the user typed. */
function oneLine(text: string): string {
	return printableLine(text.replace(/\s+/g, ' ').trim());
}
