import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type End, Journal, type Told } from '../../src/history/journal.ts';

const GOOD: Told = { answer: 'good', sights: [{ text: 'probe@device', path: 'a.c', line: 3 }] };
const BAD: Told = { answer: 'bad', sights: [] };
const QUESTION = {
	repository: '/linux',
	revisions: [
		{ side: 'good', revision: 'v4.1' },
		{ side: 'bad', revision: 'main' },
	],
	asks: 'places(x)',
} as const;

describe('the journal of a bisection', () => {
	let folder = '';
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-journal-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const ends = (main = 'b'): End[] => [
		{ side: 'good', revision: 'v4.1', commit: 'a'.repeat(40) },
		{ side: 'bad', revision: 'main', commit: main.repeat(40) },
	];
	const open = (main?: string, reset = false) => Journal.open(folder, QUESTION, ends(main), reset);
	const path = (): string => join(folder, readdirSync(folder)[0] ?? '');

	it('gives the answers of earlier runs', async () => {
		const first = await open();
		assert.equal(first.resumed, 0);
		await first.add('c1', GOOD);
		await first.add('c2', BAD);
		const second = await open();
		assert.deepEqual(
			[...second.answers],
			[
				['c1', GOOD],
				['c2', BAD],
			],
		);
		assert.equal(second.resumed, 2);
		assert.equal(second.asked, 0);
		assert.deepEqual(second.moved, []);
	});

	it('does not keep what could not be told', async () => {
		const first = await open();
		await first.add('c1', { answer: 'unknown', sights: [] });
		await first.add('c2', { answer: 'skip', sights: [] });
		assert.equal(first.answers.size, 2);
		assert.deepEqual([...(await open()).answers.keys()], ['c2']);
	});

	it('loses, wherever a death cuts it, only the answer that was being written', async () => {
		const first = await open();
		for (let i = 0; i < 4; i++) await first.add(`c${i}`, GOOD);
		const whole = readFileSync(path());
		const lines = whole.toString().split('\n');
		const head = Buffer.byteLength(`${lines[0]}\n`);
		for (let length = 0; length <= whole.length; length += 7) {
			writeFileSync(path(), whole.subarray(0, length));
			const cut = await open();
			const complete = whole.subarray(0, length).toString().split('\n').length - 2;
			assert.equal(cut.resumed, length < head ? 0 : Math.max(0, complete), `cut at ${length}`);
			// What is added then is not glued to the half line.
			await cut.add('later', BAD);
			assert.deepEqual((await open()).answers.get('later'), BAD);
		}
		assert.equal(readdirSync(folder).length, 1);
	});

	it('says which revisions stand for other commits since, once, and keeps the answers', async () => {
		await (await open()).add('c1', GOOD);
		const second = await open('d');
		assert.deepEqual(second.moved, [{ was: ends()[1], is: ends('d')[1] }]);
		assert.equal(second.resumed, 1);
		assert.deepEqual((await open('d')).moved, []);
	});

	it('begins anew when told to, and for another question', async () => {
		await (await open()).add('c1', GOOD);
		const other = { ...QUESTION, asks: 'places(y)' };
		assert.equal((await Journal.open(folder, other, ends(), false)).resumed, 0);
		assert.equal((await open(undefined, true)).resumed, 0);
		assert.equal((await open()).resumed, 0);
	});

	it('goes on without a file where none can be written, and says why', async () => {
		const file = join(folder, 'file');
		writeFileSync(file, '');
		const journal = await Journal.open(join(file, 'x'), QUESTION, ends(), false);
		assert.match(journal.lost ?? '', /ENOTDIR/);
		await journal.add('c1', GOOD);
		assert.deepEqual(journal.answers.get('c1'), GOOD);
		assert.deepEqual(readdirSync(folder), ['file']);
	});

	it('writes all answers that are given at once', async () => {
		const journal = await open();
		const names = Array.from({ length: 200 }, (_, i) => `c${i}`);
		await Promise.all(names.map((name) => journal.add(name, GOOD)));
		assert.deepEqual([...(await open()).answers.keys()].sort(), names.sort());
	});

	it('is removed a month after it was last written', async () => {
		await (await open()).add('c1', GOOD);
		utimesSync(path(), new Date(0), new Date(0));
		writeFileSync(join(folder, 'of-somebody-else'), '');
		utimesSync(join(folder, 'of-somebody-else'), new Date(0), new Date(0));
		await Journal.open(folder, { ...QUESTION, asks: 'places(z)' }, ends(), false);
		assert.equal(readdirSync(folder).length, 2);
		assert.equal((await open()).resumed, 0);
	});
});
