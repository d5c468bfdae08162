/** The command `reply`: the answer to a patch as a mail on standard output. */
import { EXIT } from '../../src/errors.ts';
import type { AnsweredMail } from '../../src/patch/reply-mail.ts';
import type { PreparedPatch } from '../../src/range/prepare.ts';
import type { ReplyReport } from '../../src/range/reply-report.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { safeJson } from '../../src/text.ts';
import { readExampleFacts } from '../example-facts.ts';
import { checkJudging, judgingOptions } from '../judging.ts';
import type { Session } from '../session.ts';
import type { ReplyWords } from '../words/reply.ts';

/** Runs `reply`. */
export async function runReply(
	session: Session,
	patch: string | undefined,
	words: ReplyWords,
): Promise<void> {
	checkJudging('reply', patch, words);
	const engine = await session.engine();
	let mail: Uint8Array | undefined;
	const options = {
		...judgingOptions(patch, words, session),
		...(words.allSeries === true ? { allSeries: true } : {}),
		read: (_place: number, _patch: PreparedPatch, read: Uint8Array | undefined) => {
			mail = read;
		},
	};
	let report: RangeReport;
	try {
		report = await engine.range(options);
	} finally {
		options.progress.end();
	}
	const { quotation, readAnswered, replyHeaders } = await import('../../src/patch/reply-mail.ts');
	const { replyText } = await import('../../src/range/reply.ts');
	const answered = mail === undefined ? await exampleMail() : await readAnswered(mail);
	const subject = answered.subject === '' ? report.patch.subject : answered.subject;
	const headers = replyHeaders({ ...answered, subject });
	const body = [...quotation(answered, report.patch.subject), '', ...replyText(report)];
	session.print(
		words.json === true
			? [safeJson(replyReport(report, headers, body), true)]
			: [...headers, '', ...body],
	);
	const unknown =
		report.releases.length > 0 && report.releases.every(({ verdict }) => verdict === 'unknown');
	session.exitCode = unknown ? EXIT.cannotTell : EXIT.answered;
}

function replyReport(
	{ patch, source, tags }: RangeReport,
	headers: readonly string[],
	body: readonly string[],
): ReplyReport {
	return {
		schema: 'rangefinder.reply/1',
		patch,
		source,
		headers: headers.map((header) => {
			const colon = header.indexOf(':');
			// A line that goes on begins with white space, which stays as one space.
			const value = header.slice(colon + 1).replace(/\n[ \t]+/g, ' ');
			return { name: header.slice(0, colon), value: value.trim() };
		}),
		body: `${body.join('\n')}\n`,
		tags,
	};
}

/** The example ships without its mail; who sent it when is known. */
async function exampleMail(): Promise<AnsweredMail> {
	const { mail } = await readExampleFacts();
	return {
		from: { name: mail.from, mail: '' },
		replyTo: [],
		others: [],
		subject: mail.subject,
		time: Date.parse(mail.date),
		messageId: undefined,
		references: [],
		text: [],
	};
}
