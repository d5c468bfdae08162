/** Mails, mboxes and pages of archives. In chunks of any size they hold the same messages. */
import assert from 'node:assert/strict';
import { failureOf } from '../../../src/errors.ts';
import { type ReadPatch, readMessage, readPatch } from '../../../src/patch/mail.ts';
import { MessageSplitter, splitMessages } from '../../../src/patch/mbox.ts';
import { printPatch } from '../../../src/patch/print.ts';
import { readAnswered } from '../../../src/patch/reply-mail.ts';
import { groupSeries } from '../../../src/patch/series.ts';
import type { Target } from '../target.ts';
import { DIFF_WORDS, DIFFS } from './diff.ts';

const [DIFF = ''] = DIFFS;
const HEAD =
	'From: A U Thor <a@example.org>\nTo: list@example.org\nDate: Tue, 21 Nov 2017 12:59:00 +0000\nSubject: [PATCH v2 1/3] acme: mend it\nMessage-ID: <1@example.org>\nReferences: <0@example.org>\n <00@example.org>\n';
const BODY = `Say why.\n\nFixes: 123456789abc ("acme: break it")\nSigned-off-by: A U Thor <a@example.org>\n---\n drivers/acme.c | 3 ++-\n\n${DIFF}-- \n2.14.1\n`;
const quoted = BODY.replaceAll(/^/gm, '> ');
const mime = (type: string, body: string, more = ''): string =>
	`${HEAD}MIME-Version: 1.0\nContent-Type: ${type}\n${more}\n${body}`;

export const mail: Target = {
	seeds: [
		`${HEAD}\n${BODY}`,
		`From ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001\n${HEAD}\n${BODY}\nFrom a@example.org Tue Nov 21 12:59:00 2017\n${HEAD}\n${BODY}`,
		mime(
			'text/plain; charset=utf-8',
			Buffer.from(BODY).toString('base64'),
			'Content-Transfer-Encoding: base64\n',
		),
		mime(
			'text/plain; charset=iso-8859-1',
			BODY.replaceAll('=', '=3D'),
			'Content-Transfer-Encoding: quoted-printable\n',
		),
		mime('text/plain; format=flowed; delsp=yes', BODY.replaceAll(/^/gm, ' ')),
		mime(
			'multipart/mixed; boundary="b"',
			`--b\nContent-Type: text/plain\n\nhello\n--b\nContent-Type: text/x-patch\nContent-Disposition: attachment; filename="a.patch"\n\n${BODY}\n--b--\n`,
		),
		mime(
			'multipart/mixed; boundary=b',
			`--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\n${BODY}\n--c\nContent-Type: text/html\n\n<pre>x</pre>\n--c--\n--b\nContent-Type: message/rfc822\n\n${HEAD}\n${BODY}\n--b--\n`,
		),
		`From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\nSubject: =?utf-8?B?w6TDtg==?= =?x?q?y?=\n\n${BODY}`,
		`${HEAD}\nOn Tuesday, B wrote:\n${quoted}\nNo.\n`,
		`commit ${'a'.repeat(40)}\nAuthor: A <a@b>\nDate:   Tue Nov 21 12:59:00 2017 +0000\n\n    acme: mend it\n\n    Say why.\n\n${DIFF}`,
		`Re: [PATCH] acme: mend it\n\nFrom: A U Thor <hidden>\nDate: 2017-11-21 12:59:00\n\nA wrote:\n${quoted}`,
		`[PATCH] acme: mend it\n\nFrom: A @ 2017-11-21 12:59 UTC (permalink / raw)\n  To: b\n\n${BODY}`,
		DIFFS.join(''),
	],
	vocabulary: {
		words: [
			...DIFF_WORDS,
			...[
				'From: ',
				'Subject: ',
				'Date: ',
				'Message-ID: <a@b>\n',
				'References: <a@b>\n',
				'\n\n',
				'---\n',
			],
			...[
				'In-Reply-To: <a@b>\n',
				'Content-Type: ',
				'Content-Transfer-Encoding: ',
				'base64\n',
				'=\n',
				'=3D',
			],
			...[
				'quoted-printable\n',
				'multipart/mixed; boundary=b\n',
				'--b\n',
				'--b--\n',
				'message/rfc822\n',
			],
			...[
				'text/plain; charset=utf-16\n',
				'charset=x-unknown',
				'text/html\n',
				'format=flowed',
				'uuencode',
			],
			...[
				'=?utf-8?q?=C3?=',
				'=?utf-8?b?w6Q=?=',
				'=?',
				'?=',
				'<a@b>',
				'"',
				'\\',
				'(',
				')',
				';',
				':',
			],
			...[
				'From a Tue Nov 21 12:59:00 2017\n',
				'>From ',
				'begin 644 x\n',
				'[PATCH 1/2] ',
				'Re: ',
				'-- >8 --\n',
			],
			...['Signed-off-by: a <b>\n', 'commit 1234567\n', 'Author: a\n', '&gt; ', '<pre>', 'Cc: '],
			"filename*0*=utf-8''x; ",
		],
		pairs: [
			['> ', ''],
			['(', ')'],
			['"', '"'],
			['[', ']'],
			['<', '>'],
			['Content-Type: multipart/mixed; boundary=b\n\n--b\n', '\n--b--\n'],
			['Content-Type: message/rfc822\n\n', ''],
			['Re: ', ''],
			['=?utf-8?q?', '?='],
		],
	},
	run: async (input) => {
		const messages = [...splitMessages(input, 'input')];
		assert.deepEqual(inChunks(input), messages);
		const read: ReadPatch[] = [];
		for (const { bytes, where } of messages) {
			const patches = refusable(() => readMessage(bytes, where)) ?? [];
			read.push(...patches);
			for (const patch of patches) printPatch(patch);
			await readAnswered(bytes);
		}
		groupSeries(read);
		readPatch(input, 'input');
	},
};

function refusable<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		if (failureOf(error) === undefined) throw error;
		return undefined;
	}
}

/** The messages of an input that comes in parts. */
function inChunks(input: Uint8Array): unknown[] {
	const splitter = new MessageSplitter('input');
	const found: unknown[] = [];
	const size = 1 + (input.length % 97) * (input.length > 4096 ? 64 : 1);
	for (let at = 0; at < input.length; at += size) {
		found.push(...splitter.push(input.subarray(at, at + size)));
	}
	return [...found, ...splitter.end()];
}
