/** How `tags` prints what it proposes for a patch, and the exit code that follows. */
import { EXIT, RangefinderError } from '../../../src/errors.ts';
import type { PreparedPatch } from '../../../src/range/prepare.ts';
import type { RangeReport } from '../../../src/range/report.ts';
import type { TagsReport } from '../../../src/range/tags-report.ts';
import { printableLine, wrap } from '../../../src/text.ts';
import type { Session } from '../../session.ts';

export interface ReadMail {
	readonly patch: PreparedPatch;
	readonly mail: Uint8Array | undefined;
}

/** Prints lines and notes; where mails are given, these with the lines put into them. */
export async function showTags(
	session: Session,
	reports: readonly RangeReport[],
	mails?: readonly (ReadMail | undefined)[],
): Promise<void> {
	for (const [i, report] of reports.entries()) {
		const read = mails?.[i];
		if (read !== undefined) await printPatched(session, report, read);
		const lines = [...report.tags.fixes, ...report.tags.cc].map(printableLine);
		if (mails === undefined && lines.length > 0) session.print(lines);
		sayNotes(session, report, reports.length > 1);
	}
}

/** What `tags --json` prints of a report. */
export function tagsReport({ patch, source, tags }: RangeReport): TagsReport {
	const { fixes, cc, notes, asOf } = tags;
	return { schema: 'rangefinder.tags/1', patch, source, fixes, cc, notes, asOf: asOf ?? null };
}

export function tagsExitCode(reports: readonly RangeReport[]): number {
	if (reports.some(({ tags }) => tags.fixes.length + tags.cc.length > 0)) return EXIT.answered;
	const releases = reports.flatMap((one) => one.releases);
	const unknown = releases.length > 0 && releases.every(({ verdict }) => verdict === 'unknown');
	return unknown ? EXIT.cannotTell : EXIT.no;
}

function sayNotes(session: Session, { patch, tags }: RangeReport, several: boolean): void {
	const subject = several ? [printableLine(patch.subject)] : [];
	const notes = tags.notes.flatMap((note) =>
		wrap(printableLine(note), session.width, 'note: ', '      '),
	);
	const lines = [...subject, ...notes];
	if (lines.length > 0) session.note(`${lines.join('\n')}\n`);
}

/** Prints the patch with its tags: the mail as it was where it can be, else a mail of the repaired patch. */
async function printPatched(
	session: Session,
	report: RangeReport,
	{ patch, mail }: ReadMail,
): Promise<void> {
	const { text } = patch;
	if (text === undefined) {
		throw new RangefinderError({
			code: 'usage',
			what: 'tags: the example ships without its text',
			hint: 'give the mail instead of --example',
		});
	}
	const { writtenTags } = await import('../../../src/range/tags-write.ts');
	const { inserted } = await import('../../../src/kernel/trailer-block.ts');
	const { insertion, others } = writtenTags(patch.subject, text.message, report.tags);
	for (const line of others) {
		const note = `the patch asks for something else as well: ${line}`;
		session.note(`${wrap(printableLine(note), session.width, 'note: ', '      ').join('\n')}\n`);
	}
	const { mailWithTrailers } = await import('../../../src/patch/mail-trailers.ts');
	const whole = report.patch.repaired || mail === undefined ? undefined : mail;
	const edited =
		whole === undefined || insertion === undefined
			? whole
			: mailWithTrailers(whole, text.message, insertion);
	if (edited !== undefined) {
		session.world.stdout.write(edited);
		return;
	}
	const lines = [patch.subject, '', ...(text.message === '' ? [] : text.message.split('\n'))];
	const changed = insertion === undefined ? lines : inserted(lines, insertion);
	session.world.stdout.write(text.mail(changed.slice(2).join('\n')));
}
