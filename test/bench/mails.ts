/**
 * How fast mails are read, in MB of mailbox a second of processor time of one core:
 *
 *   npm run bench:mails [-- FILE…] [--rounds N] [--check]
 *
 * Without FILE a mailbox is made, of patches, discussion with quoting, quoted-printable and base64.
 * The limit is 30 MB a second.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messagesOfFile, readMessages } from '../../src/patch/intake.ts';

const LIMIT = 30;

interface Result {
	mails: number;
	patches: number;
	/** MB a second. */
	speed: number;
}

async function readBox(path: string): Promise<Result> {
	const before = process.cpuUsage();
	let mails = 0;
	let patches = 0;
	for await (const one of readMessages(messagesOfFile(path, path))) {
		mails++;
		if ('patches' in one) patches += one.patches.length;
	}
	const { user, system } = process.cpuUsage(before);
	return { mails, patches, speed: statSync(path).size / (user + system) };
}

const HUNK = Array.from({ length: 40 }, (_, i) => {
	const kind = i % 9 === 4 ? '-' : i % 9 === 5 ? '+' : ' ';
	return `${kind}\tif (state->field_${i} != NULL && do_it(state, ${i}))\n`;
}).join('');
const DIFF = `diff --git a/drivers/x/y.c b/drivers/x/y.c\nindex 0123456789ab..ba9876543210 100644\n--- a/drivers/x/y.c\n+++ b/drivers/x/y.c\n@@ -10,36 +10,35 @@ static int probe(void)\n${HUNK}`;
const WORDS = 'This explains at some length why the change is wanted and safe.\n'.repeat(20);

/** A mailbox of about 60 MB in the proportions of a list: one mail in three has a patch. */
function madeBox(): string {
	const encoded = Buffer.from(`${WORDS}---\n${DIFF}`);
	const quoted = encoded.toString().replaceAll('=', '=3D');
	const base64 = (encoded.toString('base64').match(/.{1,76}/g) ?? []).join('\n');
	const head = (n: number, more = '') =>
		`From x@y Tue Nov 21 10:00:00 2017\n${'Received: from a.example.org by b.example.org with ESMTP id 12345\n'.repeat(12)}From: A Developer <a@example.org>\nMessage-ID: <${n}@example.org>\nSubject: [PATCH] y: step ${n}\n${more}\n`;
	const encoding = (name: string) => `Content-Transfer-Encoding: ${name}\n`;
	const mails: string[] = [];
	for (let n = 0; n < 12_000; n++) {
		if (n % 24 === 0) mails.push(head(n, encoding('base64')), base64);
		else if (n % 24 === 3) mails.push(head(n, encoding('quoted-printable')), quoted);
		else if (n % 3 === 0) mails.push(head(n), WORDS, '---\n', DIFF, '-- \n2.39.5\n');
		else mails.push(head(n), `> ${WORDS.replaceAll('\n', '\n> ')}\n`, WORDS);
		mails.push('\n\n');
	}
	return mails.join('');
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			rounds: { type: 'string', default: '3' },
			check: { type: 'boolean', default: false },
		},
	});
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-bench-'));
	try {
		const made = join(folder, 'made.mbox');
		if (positionals.length === 0) writeFileSync(made, madeBox());
		for (const path of positionals.length === 0 ? [made] : positionals) {
			let best: Result = { mails: 0, patches: 0, speed: 0 };
			for (let round = 0; round < Math.max(1, Number(values.rounds) || 1); round++) {
				const result = await readBox(path);
				if (result.speed > best.speed) best = result;
			}
			const size = `${(statSync(path).size / 1e6).toFixed(0)} MB`;
			const verdict = best.speed >= LIMIT ? 'ok' : 'MISSED';
			console.log(
				`${path}: ${size}, ${best.mails} mails, ${best.patches} patches: ${best.speed.toFixed(1)} MB/s >= ${LIMIT} ${verdict}`,
			);
			if (values.check && best.speed < LIMIT) process.exitCode = 1;
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

await main();
