/** Mails by the thousand, sound ones, damaged ones and ones without a patch: cheap to read and to judge. */

/** What becomes of a mail. */
export type Kind = 'sound' | 'swapped' | 'path' | 'cover';

const SENDER = 'A U Thor <author@example.org>';

/** The patch of a mail: it changes a file that no release has. */
function patchText(i: number, kind: Kind): string {
	const path = kind === 'path' ? `../../etc/${i}` : `drivers/iommu/made-${i}.c`;
	const head = [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`];
	const hunk = (line: number) => [`@@ -${line} +${line} @@`, `-int made_${i};`, '+int more;'];
	// Hunks that are not in the order of the file can be read in no way.
	return [...head, ...hunk(9), ...(kind === 'swapped' ? hunk(1) : [])].join('\n');
}

/** One mail, as a line of an mbox begins it. */
export function mail(i: number, kind: Kind = 'sound'): string {
	const body = kind === 'cover' ? 'This series makes files.' : `---\n\n${patchText(i, kind)}`;
	return [
		'From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001',
		`From: ${SENDER}`,
		'Date: Mon, 1 Jan 2018 00:00:00 +0000',
		`Message-ID: <${i}@example.org>`,
		`Subject: [PATCH] made: Add number ${i}`,
		'',
		`Signed-off-by: ${SENDER}`,
		body,
		'-- ',
		'2.39.0',
		'',
		'',
	].join('\n');
}

/** An mbox of many: every tenth is damaged, in turns, and every fiftieth is a cover letter. */
export function manyMails(count: number): { mbox: string; kinds: Kind[] } {
	const kinds = Array.from({ length: count }, (_, i): Kind => {
		if (i % 50 === 7) return 'cover';
		if (i % 20 === 3) return 'swapped';
		return i % 20 === 13 ? 'path' : 'sound';
	});
	return { mbox: kinds.map((kind, i) => mail(i, kind)).join(''), kinds };
}
