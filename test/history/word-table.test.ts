/** What is kept of all messages of a clone: read in pieces, stored, joined, and of hostile ones. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { GitRunner, spawnGit } from '../../src/git/process.ts';
import { type History, type HistoryMemory, openHistory } from '../../src/history/history.ts';
import { identify } from '../../src/history/identity.ts';
import { restoreTable, storeTable, WordTableBuilder } from '../../src/history/word-table.ts';
import { cpuTime } from '../cpu.ts';
import { WrittenHistory } from './written-history.ts';

const id = (i: number): string => i.toString(16).padStart(40, '0');

/** Output of git log for some commits. */
function log(bodies: readonly string[]): Buffer {
	const rows = bodies.map(
		(body, i) => `${i === 0 ? '' : '\n'}${id(i)}\0A U Thor\0${1000 + i}\0subject ${i}\0${body}\0`,
	);
	return Buffer.from(rows.join(''));
}

describe('the table of what messages say', () => {
	const bodies = [
		'',
		`Fixes: ${id(0).slice(0, 12)} ("subject 0")\n`,
		`\xe4 commit\ncommit ${id(7)} upstream.\n`,
		'This reverts commit 0000000.\n',
	];

	it('is the same however its input is cut', () => {
		const output = log(bodies);
		const whole = new WordTableBuilder(20);
		whole.add(output);
		for (const size of [1, 2, 7, 64]) {
			const pieces = new WordTableBuilder(20);
			for (let at = 0; at < output.length; at += size) pieces.add(output.subarray(at, at + size));
			assert.deepEqual(pieces.table(), whole.table());
		}
		assert.equal(whole.table().owners.length, 3);
	});

	it('comes back from where it was stored, and from nothing else', () => {
		const builder = new WordTableBuilder(20);
		builder.add(log(bodies));
		const table = builder.table();
		const bytes = storeTable(table, ['a', 'b']);
		assert.deepEqual(restoreTable(bytes), { table, tips: ['a', 'b'] });
		assert.equal(restoreTable(bytes.subarray(1)), undefined);
		assert.equal(restoreTable(bytes.subarray(0, -1)), undefined);
		assert.equal(restoreTable(new Uint8Array(3)), undefined);
	});

	it('takes messages of any size in bounded time and memory', () => {
		const started = cpuTime();
		const builder = new WordTableBuilder(20);
		const many = Array.from({ length: 50_000 }, (_, i) => `Fixes: ${id(i).slice(-12)}\n`).join('');
		const output = log([
			'x'.repeat(10_000_000),
			`${'\x1b[31m\x07 '.repeat(1_000_000)}\nFixes: 0123456789ab ("a")\n`,
			many,
			'y'.repeat(40_000_000),
		]);
		for (let at = 0; at < output.length; at += 65_536) {
			builder.add(output.subarray(at, at + 65_536));
		}
		const table = builder.table();
		assert.equal(table.dates.length, 4);
		assert.equal(table.owners.length, 50_001);
		assert.ok(cpuTime() - started < 10_000);
	});
});

describe('the words of a clone', () => {
	let folder = '';
	let written: WrittenHistory;
	let git: GitRunner;

	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-words-'));
		written = WrittenHistory.make(join(folder, 'r.git'));
		git = new GitRunner(written.dir, written.env, spawnGit);
	});

	after(() => rmSync(folder, { recursive: true, force: true }));

	it('are read anew for new commits only, and the same as read at once', async () => {
		const kept = new Map<string, Uint8Array>();
		const memory: HistoryMemory = {
			recall: async (key) => kept.get(key),
			keep: async (key, value) => {
				kept.set(key, value);
			},
		};
		const said = ({ words, graph }: History): string[] =>
			[...words.all('fixes')].map(({ by, id: named }) => `${graph.id(by)} ${named}`).sort();
		let last = written.commit({ subject: 'first', files: { f: '0' } });
		for (let i = 0; i < 4; i++) {
			last = written.commit({
				on: last,
				subject: `c${i}`,
				body: `Fixes: ${last.slice(0, 12)} ("x")`,
				files: { f: `${i + 1}` },
			});
			written.branch('master', last);
			const grown = await openHistory(git, { memory });
			assert.deepEqual(said(grown), said(await openHistory(git)));
			assert.equal(said(grown).length, i + 1);
		}
		// History that was rewritten: what is gone is not spoken of, what is new is read.
		const other = written.commit({ on: last, subject: 'd', files: { f: 'd' } });
		written.branch('master', `${other}~3`);
		written.git(['reflog', 'expire', '--expire=now', '--all']);
		written.git(['gc', '-q', '--prune=now']);
		assert.deepEqual(said(await openHistory(git, { memory })), said(await openHistory(git)));
	});

	it('take digits that several commits have for the one with the subject that is quoted', async () => {
		// Ids that begin alike: as many commits as it takes.
		const stream: string[] = [];
		for (let i = 0; i < 9000; i++) {
			const message = `same ${i}\n`;
			stream.push(
				`commit refs/heads/b${i}\ncommitter A <a@b> ${1_600_000_000 + i} +0000\ndata ${message.length}\n${message}\n`,
			);
		}
		written.git(['fast-import', '--quiet'], stream.join(''));
		const refs = written.git([
			'for-each-ref',
			'--format=%(objectname) %(subject)',
			'refs/heads/b*',
		]);
		const bySix = new Map<string, string[]>();
		for (const line of refs.split('\n')) {
			const key = line.slice(0, 6);
			bySix.set(key, [...(bySix.get(key) ?? []), line]);
		}
		const [twins] = [...bySix.values()].filter((lines) => lines.length > 1);
		assert.ok(twins !== undefined, 'two of 9000 ids begin with the same six digits');
		const [one = '', other = ''] = twins;
		const digits = one.slice(0, 6);
		const fix = (subject: string) =>
			written.commit({
				on: 'refs/heads/master',
				subject: 'fix',
				body: `Fixes: ${digits} ("${subject}")`,
			});
		const right = fix(one.slice(41));
		const wrong = fix('no such subject');
		const history = await openHistory(git, { also: [right, wrong] });
		const meant = (commit: string) => {
			const [word] = history.words.said(history.graph.find(commit));
			return word === undefined ? undefined : history.words.meant(word);
		};
		assert.equal(meant(right), history.graph.find(one.slice(0, 40)));
		assert.equal(meant(wrong), 'ambiguous');
		await assert.rejects(identify(history, { id: digits }), (error) => {
			assert.ok(error instanceof RangefinderError && error.failure.code === 'ambiguous-commit');
			assert.deepEqual(
				[...error.failure.candidates].sort(),
				[one.slice(0, 40), other.slice(0, 40)].sort(),
			);
			return true;
		});
	});
});
