/**
 * Reads a mail of 100 MB in a process of its own and prints, as JSON, its peak memory in MiB and what
 * was found in it. The mail is made while it is read, as a stream would bring it.
 */
import { messagesOf, readMessages } from '../../src/patch/intake.ts';

const SIZE = 100_000_000;
const HEAD = 'From: A <a@example.org>\nSubject: [PATCH] x: y\n';

async function* attachment(): AsyncGenerator<Buffer> {
	yield Buffer.from(
		`${HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n`,
	);
	const line = `${'QUJD'.repeat(19)}\n`;
	const chunk = Buffer.from(line.repeat(10_000));
	for (let sent = 0; sent < SIZE; sent += chunk.length) yield Buffer.from(chunk);
	yield Buffer.from('\n--b--\n');
}

async function* diff(): AsyncGenerator<Buffer> {
	const line = `+${'x'.repeat(38)}\n`;
	const count = SIZE / line.length;
	yield Buffer.from(`${HEAD}\n--- /dev/null\n+++ b/x.c\n@@ -0,0 +1,${count} @@\n`);
	const chunk = Buffer.from(line.repeat(10_000));
	for (let sent = 0; sent < SIZE; sent += chunk.length) yield Buffer.from(chunk);
}

async function main(): Promise<void> {
	const chunks = process.argv[2] === 'diff' ? diff() : attachment();
	for await (const one of readMessages(messagesOf(chunks, 'large'))) {
		const files = 'patches' in one ? (one.patches[0]?.files ?? []) : [];
		const lines = files[0]?.hunks[0]?.lines.length ?? 0;
		const peak = Math.round(process.resourceUsage().maxRSS / 1024);
		console.log(JSON.stringify({ peak, files: files.length, lines }));
	}
}

await main();
