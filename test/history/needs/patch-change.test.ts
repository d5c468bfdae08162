import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { changeOfPatch } from '../../../src/history/needs/patch-change.ts';
import { Picker } from '../../../src/history/pick/pick.ts';
import { readPatch } from '../../../src/patch/mail.ts';
import { type Sets, Solving, TEN, withLines } from '../../range/solving.ts';

describe('a patch as a change', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	/** The change of a commit sent as a mail; `upstream` is where it is looked for. */
	const changeOf = async (fix: string, upstream: string, known = true) => {
		const format = ['format-patch', '-1', '--stdout', '--full-index', '--binary'];
		const mail = all.history.git([...format, fix]);
		const { files } = readPatch(Buffer.from(`${mail}\n`), 'a mail');
		const picker = new Picker(all.store);
		const search = { git: all.git, store: all.store, pool: picker.pool, upstream };
		const asked = files.map((file) => ({
			file,
			preimage:
				known && !file.isNew ? all.history.git(['rev-parse', `${fix}^:${file.oldPath}`]) : null,
		}));
		return changeOfPatch('fix', asked, search);
	};
	const treeOf = (commit: string): string => all.history.git(['rev-parse', `${commit}^{tree}`]);
	const file = (changed: Record<number, string>): Sets => ({ 'a.c': withLines(changed) });

	const KINDS: readonly [name: string, sets: Sets][] = [
		['edits', file({ 5: 'five' })],
		['a new file', { 'dir/new.c': TEN }],
		['a file taken away', { 'b.c': undefined }],
		['a rename with an edit', { 'a.c': undefined, 'n.c': withLines({ 2: 'two' }) }],
		['a change of mode', { 'a.c': { mode: '100755', text: TEN } }],
		['text that is no ASCII', file({ 5: 'fünf — 五' })],
		['a last line without its end', { 'a.c': `${TEN}last` }],
	];
	for (const [name, sets] of KINDS) {
		it(`makes the tree of the commit: ${name}`, async () => {
			const root = all.root({ 'a.c': TEN, 'b.c': 'b\n' });
			const [fix = ''] = all.chain(root, sets);
			const change = await changeOf(fix, root);
			assert.deepEqual(change, {
				commit: undefined,
				subject: 'fix',
				base: treeOf(root),
				theirs: treeOf(fix),
				from: root,
			});
		});
	}

	it('is on the newest commit that has the files it was made from', async () => {
		const root = all.root({ 'a.c': TEN, 'b.c': 'b\n' });
		const [one = '', , later = ''] = all.chain(
			root,
			file({ 0: 'zero' }),
			{ 'b.c': 'c\n' },
			file({ 0: 'zero', 9: 'nine' }),
		);
		const [fix = ''] = all.chain(one, file({ 0: 'zero', 5: 'five' }));
		const change = await changeOf(fix, later);
		assert.equal(
			change && all.history.git(['rev-parse', `${change.from}:a.c`]),
			all.history.git(['rev-parse', `${one}:a.c`]),
		);
	});

	it('is none where no commit has the files, or it does not apply', async () => {
		const root = all.root({ 'a.c': TEN });
		const other = all.root({ 'a.c': withLines({ 5: 'other' }) });
		const [fix = ''] = all.chain(root, file({ 5: 'five' }));
		assert.equal(await changeOf(fix, other), undefined);
		assert.equal(await changeOf(fix, other, false), undefined);
	});

	it('is none for a binary file', async () => {
		const root = all.root({ 'a.c': TEN, x: '\0\x01\x02' });
		const [fix = ''] = all.chain(root, { x: '\0\x01\x03' });
		assert.equal(await changeOf(fix, root), undefined);
	});
});
