/** Input that means harm, or is just enormous: time stays linear, memory bounded, nothing is lost. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { messagesOf, readMessages } from '../../src/patch/intake.ts';
import { readMessage } from '../../src/patch/mail.ts';
import { parseMail } from '../../src/patch/mime.ts';
import { groupSeries } from '../../src/patch/series.ts';
import { cpuTime } from '../cpu.ts';

const HEAD = 'From: A <a@example.org>\nSubject: [PATCH] x: y\n';
const DIFF = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';

const reading = (text: string) => () => {
	try {
		return readMessage(Buffer.from(text), 'input')[0];
	} catch (error) {
		assert.ok(error instanceof RangefinderError, String(error));
		return undefined;
	}
};

function fastest(run: () => unknown): number {
	let best = Number.POSITIVE_INFINITY;
	for (let i = 0; i < 3; i++) {
		const start = cpuTime();
		run();
		best = Math.min(best, cpuTime() - start);
	}
	return best;
}

/**
 * Eight times the input takes eight times as long, if time is linear, and 64 times if it is quadratic.
 * What takes no time at all cannot be compared and is fine.
 */
function assertLinear(make: (size: number) => string, size: number): void {
	// Another process can slow one measurement; nothing makes time linear that is not.
	const tries: string[] = [];
	for (let i = 0; i < 4; i++) {
		const small = fastest(reading(make(size)));
		const large = fastest(reading(make(8 * size)));
		if (large < 150 || large < 28 * small) return;
		tries.push(`${small.toFixed(1)} ms, then ${large.toFixed(1)} ms`);
	}
	assert.fail(tries.join('; '));
}

const repeat = (text: string, size: number): string => text.repeat(Math.ceil(size / text.length));

describe('an input made to take time', () => {
	const MB = 1_000_000;
	const mixed = (boundary: string): string =>
		`${HEAD}Content-Type: multipart/mixed; boundary="${boundary}"\n\n`;
	const cases: Record<string, (size: number) => string> = {
		'many header fields': (size) => `${repeat('X-A: b\n', size)}${HEAD}\n${DIFF}`,
		'one field folded over and over': (size) =>
			`${HEAD}References: ${repeat('<a@b>\n ', size)}\n\n${DIFF}`,
		'one endless header line': (size) => `${HEAD}References: ${'x'.repeat(size)}\n\n${DIFF}`,
		'a subject of broken encoded words': (size) =>
			`From: a@b\nSubject: ${repeat('=?utf-8?q?a', size)}\n\n${DIFF}`,
		'a subject of whole encoded words': (size) =>
			`From: a@b\nSubject: ${repeat('=?utf-8?q?a?= ', size)}\n\n${DIFF}`,
		'a content type of parameters': (size) =>
			`${HEAD}Content-Type: text/plain; ${repeat('a="\\";', size)}\n\n${DIFF}`,
		'quoted-printable of nothing but =': (size) =>
			`${HEAD}Content-Transfer-Encoding: quoted-printable\n\n${DIFF}${'='.repeat(size)}`,
		'soft breaks that never end': (size) =>
			`${HEAD}Content-Transfer-Encoding: quoted-printable\n\n${DIFF}${repeat('=    ', size)}`,
		'parts without end': (size) =>
			`${mixed('b')}${repeat('--b\n\nx\n', size)}--b\n\n${DIFF}--b--\n`,
		'boundaries that are none': (size) => `${mixed('b')}--b\n\n${DIFF}\n${repeat('--c\n', size)}`,
		'marks of quoting': (size) => `${HEAD}\n${repeat('> --- a/x\n', size)}> diff --git a/x`,
		'marks of quoting at every depth': (size) =>
			`${HEAD}\n${Array.from({ length: Math.ceil(size / 40) }, (_, i) => `${'>'.repeat(i % 70)} diff --git a\n`).join('')}`,
		'one line of marks': (size) => `${HEAD}\n${'>'.repeat(size)} diff --git a/x b/x\n`,
		'a line of spaces': (size) => `${HEAD}\n${' '.repeat(size)}x\n---\n${DIFF}`,
		'blank lines': (size) => `${HEAD}\n${'\n'.repeat(size)}\n---\n${DIFF}`,
		'blank lines within the message': (size) =>
			`${HEAD}\n> x\n${'> \n'.repeat(size / 3)}> y\n> ---\n> ${DIFF.replaceAll('\n', '\n> ')}`,
		'headers of files without hunks': (size) =>
			`${HEAD}\n${repeat('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n', size)}`,
		'hunks that want more': (size) =>
			`${HEAD}\n--- a/x\n+++ b/x\n${repeat('@@ -1,9 +1,9 @@\n', size)}`,
		'hunks that want more, in order': (size) =>
			`${HEAD}\n--- a/x\n+++ b/x\n${Array.from({ length: size / 40 }, (_, i) => `@@ -${9 * i + 1},9 +1,9 @@\n x\n\n`).join('')}`,
		'removed lines like signatures': (size) =>
			`${HEAD}\n--- a/x\n+++ b/x\n@@ -1,${size / 4} +0,0 @@\n${repeat('-- \n', size)}`,
		'a binary patch': (size) =>
			`${HEAD}\ndiff --git a/x b/x\nindex 1234..5678\nGIT binary patch\n${repeat('literal 3\nKcmZ\n\n', size)}`,
		'a flowed paragraph': (size) =>
			`${HEAD}Content-Type: text/plain; format=flowed\n\n${repeat('word \n', size)}\n${DIFF}`,
		'a path of parts': (size) =>
			`${HEAD}\n--- a/${repeat('x/', size)}y\n+++ b/${repeat('x/', size)}y\n@@ -1 +1 @@\n-a\n+b\n`,
		'a quoted path of escapes': (size) =>
			`${HEAD}\ndiff --git "a/${repeat('\\303', size)}" "b/x"\nold mode 100644\nnew mode 100755\n`,
		'an address of quotes': (size) => `From: ${repeat('"\\', size)}\nSubject: x\n\n${DIFF}`,
		'a subject of brackets': (size) => `From: a@b\nSubject: ${repeat('[', size)}\n\n${DIFF}`,
		'headers in the body': (size) => `${HEAD}\nFrom: ${repeat('a\n b', size)}\n\n${DIFF}`,
		'lines that start with From': (size) => `${HEAD}\n${repeat('From here\n', size)}${DIFF}`,
	};
	for (const [name, make] of Object.entries(cases)) {
		it(`does not: ${name}`, () => assertLinear(make, MB / 8));
	}
});

describe('deep nesting', () => {
	it('is read to the bottom, however deep', () => {
		const depth = 20_000;
		const open = Array.from(
			{ length: depth },
			(_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\n\n--b${i}\n`,
		).join('');
		const mail = `${HEAD}${open}Content-Type: text/plain\n\n${DIFF}`;
		assert.equal(reading(mail)()?.files[0]?.newPath, 'x.c');
	});

	it('is read through messages within messages', () => {
		const inner = 'Content-Type: message/rfc822\n\nFrom: b@example.org\n'.repeat(5000);
		assert.equal(reading(`${HEAD}${inner}\n${DIFF}`)()?.files.length, 1);
	});
});

describe('a hunk of 100,000 lines', () => {
	it('is read whole', () => {
		const count = 100_000;
		const body = Array.from({ length: count }, (_, i) => `+line ${i}\n`).join('');
		const patch = reading(`${HEAD}\n--- /dev/null\n+++ b/x.c\n@@ -0,0 +1,${count} @@\n${body}`)();
		assert.equal(patch?.files[0]?.hunks[0]?.lines.length, count);
		assert.equal(patch?.files[0]?.isNew, true);
		assert.equal(patch?.damaged, false);
	});
});

describe('10,000 patches in one mbox', () => {
	it('come as a stream, one at a time', async () => {
		const total = 10_000;
		let sent = 0;
		async function* mbox() {
			for (let i = 1; i <= total; i++) {
				sent = i;
				yield Buffer.from(
					`From x@y Thu Jan  1 00:00:00 1970\nFrom: A <a@example.org>\nMessage-ID: <${i}@x>\nIn-Reply-To: <0@x>\nSubject: [PATCH ${i}/${total}] x: step ${i}\n\nWords.\n---\n${DIFF}-- \n2.39\n\n`,
				);
			}
		}
		let read = 0;
		const patches = [];
		for await (const one of readMessages(messagesOf(mbox(), 'box'))) {
			assert.ok('patches' in one, one.where);
			read++;
			// What was sent and is not read yet is what a chunk or two hold.
			assert.ok(sent - read <= 2, `${sent} sent, ${read} read`);
			patches.push(...one.patches);
		}
		assert.equal(read, total);
		const { series } = groupSeries(patches);
		assert.equal(series.length, 1);
		assert.deepEqual(series[0]?.missing, []);
		assert.equal(series[0]?.patches.at(-1)?.subject, `[PATCH ${total}/${total}] x: step ${total}`);
	});
});

describe('a mail of 100 MB', () => {
	const program = join(import.meta.dirname, 'large-mail.ts');
	/** Peak memory in MiB of a process that reads a mail of this shape, and what it found. */
	function readLarge(shape: string): { peak: number; files: number; lines: number } {
		const done = spawnSync(process.execPath, ['--import', 'tsx', program, shape], {
			encoding: 'utf8',
			cwd: join(import.meta.dirname, '../..'),
		});
		assert.equal(done.status, 0, done.stderr);
		return JSON.parse(done.stdout);
	}

	it('with a picture attached takes little more than itself', () => {
		const { peak, files } = readLarge('attachment');
		assert.equal(files, 1);
		assert.ok(peak < 400, `${peak} MiB`);
	});

	it('of one diff takes a few times itself', () => {
		const { peak, files, lines } = readLarge('diff');
		assert.equal(files, 1);
		assert.equal(lines, 2_500_000);
		assert.ok(peak < 1000, `${peak} MiB`);
	});

	it('is refused when it is larger than 128 MiB', async () => {
		async function* endless() {
			const chunk = Buffer.alloc(1024 * 1024, 'x\n');
			for (;;) yield chunk;
		}
		await assert.rejects(async () => {
			for await (const _ of messagesOf(endless(), 'endless')) assert.fail('a message');
		}, /larger than 128 MiB/);
	});
});

describe('control bytes', () => {
	const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

	it('reach no field of a patch that is shown on a line', () => {
		const evil = '\x1b[2J\x07\x9b1m\r\x7f';
		const encoded = Buffer.from(evil).toString('base64');
		const patch = reading(
			`From: =?utf-8?b?${encoded}?= ${evil} <a${evil}@example.org>\nSubject: [PATCH] ${evil} =?utf-8?b?${encoded}?=\nDate: ${evil}\n\nFrom: ${evil} B <b@example.org>\n\nwords\n---\n${DIFF}`,
		)();
		assert.ok(patch !== undefined);
		for (const field of [patch.subject, patch.author, patch.date ?? '']) {
			assert.doesNotMatch(field, CONTROL);
		}
	});

	it('reach no Message-ID, thread or path', () => {
		const patch = reading(
			`${HEAD}Message-ID: <a\x1b]0;x\x07@b>\nReferences: <c\x1b[1m@d>\n\n${DIFF}`,
		)();
		assert.doesNotMatch(`${patch?.messageId}${patch?.thread}`, CONTROL);
		assert.equal(reading(`${HEAD}\n${DIFF.replaceAll('x.c', 'x\x1b.c')}`)(), undefined);
		assert.equal(
			reading(
				`${HEAD}\ndiff --git "a/\\033[2Jx" "b/\\033[2Jx"\nold mode 100644\nnew mode 100755\n`,
			)(),
			undefined,
		);
	});

	it('are taken for no header name', () => {
		assert.equal(parseMail(Buffer.from('Fr\x1bom: a@b\nSub ject: c\n\nx')), undefined);
	});
});
