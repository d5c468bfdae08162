/** Many patches on the command line: names, order, failures, records; in this process, by the shipped index. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../../cli/adapter.ts';
import { eachRecord } from '../../../src/range/each-report.ts';
import { type FixMail, makeFixMail } from '../fix-mail.ts';
import { golden } from '../golden.ts';
import { rangefinder } from '../rangefinder.ts';
import { mail, manyMails } from './mails.ts';

let folder = '';
before(() => {
	folder = mkdtempSync(join(tmpdir(), 'rangefinder-each-'));
	writeFileSync(join(folder, 'a.patch'), mail(1));
	writeFileSync(join(folder, 'b.patch'), mail(2));
	writeFileSync(join(folder, 'bad.patch'), mail(3, 'swapped'));
	writeFileSync(join(folder, 'cover.patch'), mail(4, 'cover'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], stdin = '') => {
	const env = { PATH: process.env.PATH, HOME: folder, RANGEFINDER_CACHE: join(folder, 'cache') };
	const world = { cwd: folder, env, stdin: Readable.from([stdin]) };
	return rangefinder(argv, createEngine(world), world);
};

/** The records of an output, each held to its schema. */
function records(out: string) {
	return out
		.split('\n')
		.filter(Boolean)
		.map((line) => {
			const record = JSON.parse(line);
			assert.deepEqual(eachRecord.parse(record), record);
			return eachRecord.parse(record);
		});
}

/** What a record is, in a word. */
const told = (out: string): string[] =>
	records(out).map((record) => {
		const { index, where } = record.item;
		const what = record.schema === 'rangefinder.error/1' ? record.code : record.schema;
		return `${index} ${where}: ${what}`;
	});

describe('many patches', () => {
	const each = {
		range: ['range', '--only', 'placement', '--json'],
		tags: ['tags', '--json'],
		lint: ['lint', '--no-range', '--json'],
	};
	for (const [command, words] of Object.entries(each)) {
		it(`are answered by ${command} in order, one record a line, and a failure stops nothing`, async () => {
			const { code, out, err } = await run([
				...words,
				...['b.patch', 'bad.patch', 'gone.patch', 'cover.patch', 'a.patch', 'b.patch'],
			]);
			assert.equal(code, 2, out.slice(0, 3000) + err);
			assert.equal(err, '');
			const answered = `rangefinder.${command}/1`;
			assert.deepEqual(told(out), [
				`1 b.patch: ${answered}`,
				'2 bad.patch: bad-patch',
				'3 gone.patch: unknown-revision',
				'4 cover.patch: no-patch',
				`5 a.patch: ${answered}`,
				`6 b.patch: ${answered}`,
			]);
			const [first, , , , , last] = records(out);
			assert.equal(first?.item.key, last?.item.key);
			assert.deepEqual({ ...last, item: first?.item }, first);
		});
	}

	it('say about one what they say about it alone', async () => {
		const [many] = records((await run(['range', 'a.patch', 'b.patch', '--json'])).out);
		const alone = JSON.parse((await run(['range', 'a.patch', '--json'])).out);
		const { item, ...report } = many ?? assert.fail('no record');
		assert.deepEqual(report, alone);
		assert.equal(item.exit, (await run(['range', 'a.patch'])).code);
	});

	it('come from an mbox, whose cover letters are passed over', async () => {
		const { mbox, kinds } = manyMails(60);
		writeFileSync(join(folder, 'box'), mbox);
		const { code, out } = await run(['range', '--each', '--only', 'placement', 'box', '--json']);
		assert.equal(code, 2);
		const wanted = {
			sound: 'rangefinder.range/1',
			swapped: 'bad-patch',
			path: 'unsafe-path',
			cover: '',
		};
		assert.deepEqual(
			told(out),
			kinds.flatMap((kind, i) => {
				const where = i === 0 ? 'box' : `box (message ${i + 1})`;
				return kind === 'cover' ? [] : [`${i + 1} ${where}: ${wanted[kind]}`];
			}),
		);
	});

	it('come from folders, of which other files and folders are no part', async () => {
		const at = join(folder, 'patches');
		mkdirSync(join(at, 'sub'), { recursive: true });
		mkdirSync(join(at, '0003-folder.patch'));
		writeFileSync(join(at, '0002-b.patch'), mail(2));
		writeFileSync(join(at, '0001-a.patch'), mail(1));
		writeFileSync(join(at, 'README'), 'not a mail');
		writeFileSync(join(at, 'sub', '0001-c.patch'), mail(3));
		mkdirSync(join(folder, 'maildir', 'cur'), { recursive: true });
		mkdirSync(join(folder, 'maildir', 'new'));
		mkdirSync(join(folder, 'maildir', '.Sent', 'cur'), { recursive: true });
		writeFileSync(join(folder, 'maildir', 'cur', '2.x:2,S'), mail(5));
		writeFileSync(join(folder, 'maildir', 'new', '1.x'), mail(6));
		mkdirSync(join(folder, 'empty'));
		const { code, out } = await run([...each.lint, 'patches', 'empty', 'maildir']);
		assert.equal(code, 2);
		assert.deepEqual(told(out), [
			'1 patches/0001-a.patch: rangefinder.lint/1',
			'2 patches/0002-b.patch: rangefinder.lint/1',
			'3 empty: input-unreadable',
			'4 maildir/new/1.x: rangefinder.lint/1',
			'5 maildir/cur/2.x:2,S: rangefinder.lint/1',
		]);
	});

	it('are named on standard input, a line each or with NUL between', async () => {
		const wanted = ['1 b.patch: rangefinder.lint/1', '2 a.patch: rangefinder.lint/1'];
		assert.deepEqual(
			told((await run([...each.lint, '--stdin'], 'b.patch\n\na.patch')).out),
			wanted,
		);
		assert.deepEqual(told((await run([...each.lint, '-0'], 'b.patch\0a.patch\0')).out), wanted);
		const bad = await run([...each.lint, '--stdin'], '-\ngone\na.patch\n');
		assert.equal(bad.code, 2);
		assert.deepEqual(told(bad.out), [
			'1 -: usage',
			'2 gone: unknown-revision',
			'3 a.patch: rangefinder.lint/1',
		]);
		const none = await run([...each.lint, '--stdin'], '\n');
		assert.deepEqual([none.code, ...told(none.out)], [2, '1 standard input: input-empty']);
	});

	it('are not begun with words that fail for all of them', async () => {
		const wrong = [
			['range', 'a.patch', 'b.patch', '--release', 'v9.9', '--json'],
			['range', 'a.patch', 'b.patch', '--repo', 'nowhere', '--json'],
			['range', 'a.patch', 'b.patch', '--patch', '1'],
			['range', 'a.patch', 'b.patch', '--why', 'v4.14.5'],
			['range', 'a.patch', '--each', '--example'],
			['range', '--each'],
			['lint', 'a.patch', '--stdin'],
			['tags', 'a.patch', 'b.patch', '--write', '--json'],
			['tags', 'a.patch', '--resume', 'records'],
			['lint', 'a.patch', '--resume', 'gone', '--json'],
			['lint', 'a.patch', '--resume', 'a.patch', '--json'],
			['lint', 'a.patch', '-j', '0'],
		];
		for (const words of wrong) {
			const { code, out, err } = await run(words);
			assert.deepEqual([out, code === 2 || code === 3], ['', true], words.join(' '));
			assert.equal(err.split('\n').length, 2, words.join(' '));
		}
	});

	it('that are cut off are gone on with, to the same end', async () => {
		const { mbox } = manyMails(40);
		writeFileSync(join(folder, 'forty'), mbox);
		const words = [...each.lint, 'forty', 'gone', '--each'];
		const { out: whole, code } = await run(words);
		const path = join(folder, 'records');
		for (let cut = 0; cut <= whole.length; cut += 1 + Math.floor(Math.random() * 2000)) {
			writeFileSync(path, whole.slice(0, cut));
			const again = await run([...words, '--resume', 'records']);
			assert.deepEqual([again.out, again.code, again.err], [whole, code, ''], `cut at ${cut}`);
		}
	});

	it('are computed anew where the message, its place or the words are others', async () => {
		const path = join(folder, 'other');
		const words = [...each.lint, 'a.patch', 'b.patch', '--as-of', '2018-01-01'];
		const { out } = await run(words);
		/** Records that can be told from computed ones. */
		const marked = out.replaceAll('made: Add', 'marked: Add');
		writeFileSync(path, marked);
		assert.equal((await run([...words, '--resume', 'other'])).out, marked);
		// The day is taken over, too.
		assert.equal((await run([...words.slice(0, -2), '--resume', 'other'])).out, marked);
		const others = [
			[...each.lint, 'b.patch', 'a.patch', '--as-of', '2018-01-01'],
			[...each.lint, 'a.patch', 'b.patch', '--as-of', '2018-01-02'],
			[...words, '--no-follow-ups'],
		];
		for (const other of others) {
			assert.equal((await run([...other, '--resume', 'other'])).out, (await run(other)).out);
		}
	});

	it('that failed by no fault of their own are tried again', async () => {
		const words = [...each.lint, 'a.patch', 'b.patch'];
		const { out } = await run(words);
		const [first = ''] = out.split('\n');
		const { item } = JSON.parse(first);
		const error = { schema: 'rangefinder.error/1', code: 'git-failed', message: 'm', hint: 'h' };
		writeFileSync(
			join(folder, 'failed'),
			`${JSON.stringify({ ...error, item: { ...item, exit: 3 } })}\n`,
		);
		assert.equal((await run([...words, '--resume', 'failed'])).out, out);
	});

	it('are counted at the end, for people', async () => {
		const { code, out, err } = await run(['tags', 'a.patch', 'bad.patch', 'cover.patch']);
		assert.equal(code, 2);
		assert.match(out, /^== a\.patch: \[PATCH\] made: Add number 1$/m);
		assert.match(err, /^rangefinder: bad\.patch:/m);
		assert.match(err, /1 patch, 2 failed, 1 message without a patch\n$/);
	});
});

describe('many patches on a clone', function () {
	this.timeout(180_000);
	let fix: FixMail;
	before(async () => {
		fix = await makeFixMail();
	});
	after(() => fix.remove());

	it('are commits of ranges, files and what cannot be read, each told as if it were alone', async () => {
		const words = [
			'range',
			'v4.6~1..v4.7~1',
			'mail.txt',
			'nowhere',
			'--no-history',
			'--as-of',
			'2016-08-01',
		];
		const text = await fix.run(words);
		assert.equal(text.code, 2);
		golden('each-range.txt', `${text.out}${text.err}`.replaceAll(fix.kernel.dir, 'REPO'));
		const json = await fix.run([...words, '--json']);
		assert.equal(json.code, 2);
		const said = records(json.out).map(({ schema, item }) => ({ schema, ...item, key: 'KEY' }));
		golden('each-items.txt', `${said.map((one) => JSON.stringify(one)).join('\n')}\n`);
	});

	it('are written with their tags, as one mbox', async () => {
		const words = [
			'tags',
			'mail.txt',
			'mail.txt',
			'--write',
			'--no-history',
			'--as-of',
			'2016-08-01',
		];
		const { code, out } = await fix.run(words);
		const alone = await fix.run(['tags', 'mail.txt', ...words.slice(3)]);
		assert.deepEqual([code, out], [0, alone.out.repeat(2)]);
	});
});

describe('other commands over a list of names', () => {
	it('answer for each, as JSON a line each, and go on behind one that fails', async () => {
		const list = 'a.patch\ngone\nb.patch\n';
		const json = await run(['siblings', '--stdin', '--json'], list);
		assert.equal(json.code, 2);
		const subjects = json.out
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line).schema);
		assert.deepEqual(subjects, ['rangefinder.siblings/1', 'rangefinder.siblings/1']);
		assert.equal(JSON.parse(json.err).code, 'unknown-revision');
		const text = await run(['siblings', '-0'], list.replaceAll('\n', '\0'));
		assert.match(text.out, /^== b\.patch\n/m);
		const alone = await run(['siblings', 'a.patch']);
		assert.ok(text.out.startsWith(`== a.patch\n${alone.out}`));
	});

	it('follow one another where each prints a mail', async () => {
		const { code, out } = await run(['repair', '--stdin'], 'a.patch\nb.patch\n');
		const [a, b] = [await run(['repair', 'a.patch']), await run(['repair', 'b.patch'])];
		assert.deepEqual([code, out], [0, a.out + b.out]);
		assert.equal((await run(['repair', '--stdin', '-o', 'x'], 'a.patch\n')).code, 2);
		assert.equal((await run(['repair', '--stdin', 'a.patch'])).code, 2);
		for (const command of ['repair', 'contains', 'prereqs', 'reply', 'siblings']) {
			assert.equal((await run([command])).code, 2, command);
		}
	});
});
