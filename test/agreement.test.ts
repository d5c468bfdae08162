/** What the measurement of agreement keeps and prints; the measurement itself takes real trees (test/real). */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { Tally } from './real/agreement/part.ts';
import { Records } from './real/agreement/records.ts';
import { printTable } from './real/agreement/table.ts';

const part = { name: 'mails', what: 'mails', oracle: 'git' };

function tally(agree: number, reasons: readonly (string | undefined)[] = []): Tally {
	const made = new Tally();
	for (let i = 0; i < agree; i++) made.agreed();
	for (const reason of reasons) made.differs(reason, 'mail 7: subject');
	return made;
}

describe('the table of agreement', () => {
	it('counts what agrees, and what differs by its reason', () => {
		const sum = tally(1, ['git is right']);
		sum.add(tally(2, ['git is right', 'we are', undefined]));
		const lines = printTable([{ part, sum }], false);
		assert.ok(lines.includes('| mails | git | 7 | 3 (42.85 %) | 2 [1], 1 [2], 1 open |'));
		assert.ok(lines.includes('2. we are'));
		assert.ok(lines.includes('open: mails: mail 7: subject'));
	});

	it('never says 100 % of what differs anywhere', () => {
		const [row] = printTable([{ part, sum: tally(99_999, ['why']) }], false).slice(2);
		assert.equal(row, '| mails | git | 100000 | 99999 (99.99 %) | 1 [1] |');
		const [whole] = printTable([{ part, sum: tally(3) }], false).slice(2);
		assert.equal(whole, '| mails | git | 3 | 3 (100.00 %) | 0 |');
	});

	it('is one JSON object a row, too', () => {
		const [line = ''] = printTable([{ part, sum: tally(1, ['why']) }], true);
		assert.deepEqual(JSON.parse(line), {
			...part,
			compared: 2,
			agree: 1,
			explained: { why: 1 },
			open: [],
			kinds: {},
		});
	});
});

describe('the records of agreement', () => {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-records-'));
	const path = join(folder, 'agreement.ndjson');
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('are taken up again, without a last line that was cut off', () => {
		new Records(path).add('mails', '0 to 9', tally(10));
		appendFileSync(path, '{"part":"mails","id":"10 to 19","compa');
		const records = new Records(path);
		assert.equal(records.get('mails', '0 to 9')?.agree, 10);
		assert.equal(records.get('mails', '10 to 19'), undefined);
		assert.equal(records.get('picks', '0 to 9'), undefined);
		records.add('mails', '10 to 19', tally(9, [undefined]));
		assert.equal(readFileSync(path, 'utf8').split('\n').length, 3);
		assert.deepEqual(new Records(path).get('mails', '10 to 19')?.open, ['mail 7: subject']);
	});
});
