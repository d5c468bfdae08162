/** Every way in which three trees can meet, each checked against git cherry-pick. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../../src/git/native-store.ts';
import type { ObjectStore } from '../../../src/git/store.ts';
import { type Picked, Picker } from '../../../src/history/pick/pick.ts';
import {
	type Commits,
	type File,
	gitMerge,
	lines,
	makeThreesomes,
	type Threesome,
} from './threesomes.ts';

interface Case extends Threesome {
	name: string;
	/** `clean`, `empty`, or the kinds of conflict. */
	expect: string;
}

const TEN = lines(10);
const FORTY = lines(40);
const OTHER = lines(40, 'other');
const change = (text: string, line: number, to = 'changed\n'): string =>
	text.replace(new RegExp(`^.* ${line}\\n`, 'm'), to);
const exe = (text: string): File => ({ mode: '100755', text });
const link = (text: string): File => ({ mode: '120000', text });
const sub = (digit: string): File => ({ mode: '160000', text: digit.repeat(40) });

/** Files of a folder, some of them alike. */
const folder = (path: string, count: number): Record<string, string> =>
	Object.fromEntries(
		Array.from({ length: count }, (_, i) => [`${path}/f${i}.c`, lines(30, `${i} text`)]),
	);

const CASES: Case[] = [
	{
		name: 'changes of different lines',
		base: { 'a.c': TEN },
		ours: { 'a.c': change(TEN, 1), 'b.c': 'new\n' },
		theirs: { 'a.c': change(TEN, 8) },
		expect: 'clean',
	},
	{
		name: 'changes of the same line',
		base: { 'a.c': TEN },
		ours: { 'a.c': change(TEN, 5, 'mine\n') },
		theirs: { 'a.c': change(TEN, 5, 'yours\n') },
		expect: 'content',
	},
	{
		name: 'a change that is there',
		base: { 'a.c': TEN },
		ours: { 'a.c': change(change(TEN, 5), 1) },
		theirs: { 'a.c': change(TEN, 5) },
		expect: 'empty',
	},
	{
		name: 'a commit that changes nothing',
		base: { 'a.c': TEN },
		ours: { 'a.c': change(TEN, 5) },
		theirs: { 'a.c': TEN },
		expect: 'empty',
	},
	{
		name: 'files added, changed and deleted where the target changed nothing',
		base: { 'x/a.c': TEN, 'x/b.c': TEN, 'y/c.c': 'c\n', z: 'z\n' },
		ours: { 'x/a.c': TEN, 'x/b.c': TEN, 'y/c.c': 'c\n', z: 'other\n' },
		theirs: { 'x/a.c': FORTY, 'x/new/d/e.c': 'e\n', z: 'z\n', top: 'top\n' },
		expect: 'clean',
	},
	{
		name: 'a file the target has no more',
		base: { 'a.c': TEN, 'b.c': 'b\n' },
		ours: { 'b.c': 'b\n' },
		theirs: { 'a.c': change(TEN, 5), 'b.c': 'b\n' },
		expect: 'modify/delete',
	},
	{
		name: 'a file the commit deletes and the target changed',
		base: { 'a.c': TEN, 'b.c': 'b\n' },
		ours: { 'a.c': change(TEN, 5), 'b.c': 'b\n' },
		theirs: { 'b.c': 'b\n' },
		expect: 'modify/delete',
	},
	{
		name: 'a file both deleted',
		base: { 'a.c': TEN, 'b.c': 'b\n' },
		ours: { 'b.c': 'b\n' },
		theirs: { 'b.c': 'b2\n' },
		expect: 'clean',
	},
	{
		name: 'a file both added alike',
		base: { 'b.c': 'b\n' },
		ours: { 'a.c': TEN, 'b.c': 'b\n' },
		theirs: { 'a.c': TEN, 'b.c': 'b2\n' },
		expect: 'clean',
	},
	{
		name: 'a file both added, not alike',
		base: { 'b.c': 'b\n' },
		ours: { 'a.c': TEN, 'b.c': 'b\n' },
		theirs: { 'a.c': change(TEN, 3), 'b.c': 'b\n' },
		expect: 'add/add',
	},
	{
		name: 'a file both added, executable for one',
		base: { 'b.c': 'b\n' },
		ours: { 'a.sh': TEN, 'b.c': 'b\n' },
		theirs: { 'a.sh': exe(TEN), 'b.c': 'b\n' },
		expect: 'mode',
	},
	{
		name: 'a file the target renamed',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'sub/deep/a.c': FORTY, 'b.c': 'b\n' },
		theirs: { 'a.c': change(FORTY, 20), 'b.c': 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a file the target renamed and changed',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'other-name.c': change(FORTY, 3), 'b.c': 'b\n' },
		theirs: { 'a.c': change(FORTY, 20), 'b.c': 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a file the target renamed, and both changed a line of',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'sub/a.c': change(FORTY, 20, 'mine\n'), 'b.c': 'b\n' },
		theirs: { 'a.c': change(FORTY, 20, 'yours\n'), 'b.c': 'b\n' },
		expect: 'content',
	},
	{
		name: 'a file the commit renames and the target changed',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'a.c': change(FORTY, 20), 'b.c': 'b\n' },
		theirs: { 'sub/b.c': change(FORTY, 3), 'b.c': 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a file both renamed alike',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'sub/a.c': change(FORTY, 3), 'b.c': 'b\n' },
		theirs: { 'sub/a.c': change(FORTY, 20), 'b.c': 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a file both renamed, not alike',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'mine/a.c': FORTY, 'b.c': 'b\n' },
		theirs: { 'yours/a.c': change(FORTY, 20), 'b.c': 'b\n' },
		expect: 'rename/rename',
	},
	{
		name: 'a file the target renamed and the commit deletes',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'sub/a.c': FORTY, 'b.c': 'b\n' },
		theirs: { 'b.c': 'b\n' },
		expect: 'rename/delete',
	},
	{
		name: 'a file the target deleted and the commit renames',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'b.c': 'b\n' },
		theirs: { 'sub/a.c': FORTY, 'b.c': 'b\n' },
		expect: 'rename/delete',
	},
	{
		name: 'a rename to where the other side has another file',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'sub/a.c': FORTY, 'b.c': 'b\n' },
		theirs: { 'a.c': change(FORTY, 20), 'sub/a.c': OTHER, 'b.c': 'b\n' },
		expect: 'add/add',
	},
	{
		name: 'a rename in conflict to where the other side has another file',
		base: { 'a.c': FORTY, 'b.c': 'b\n' },
		ours: { 'sub/a.c': change(FORTY, 20, 'mine\n'), 'b.c': 'b\n' },
		theirs: { 'a.c': change(FORTY, 20), 'sub/a.c': OTHER, 'b.c': 'b\n' },
		expect: 'add/add rename/add',
	},
	{
		name: 'two files renamed to one path',
		base: { 'a.c': FORTY, 'b.c': OTHER },
		ours: { 'new.c': FORTY, 'b.c': OTHER },
		theirs: { 'a.c': FORTY, 'new.c': OTHER },
		expect: 'add/add',
	},
	{
		name: 'files of a folder the target moved',
		base: { ...folder('old/dir', 5), top: 't\n' },
		ours: { ...folder('new/place/dir', 5), top: 't\n' },
		theirs: { ...folder('old/dir', 5), 'old/dir/f2.c': change(lines(30, '2 text'), 9), top: 't\n' },
		expect: 'clean',
	},
	{
		name: 'a file added to a folder the target moved',
		base: { ...folder('old/dir', 5), top: 't\n' },
		ours: { ...folder('new/dir', 5), top: 't\n' },
		theirs: { ...folder('old/dir', 5), 'old/dir/added.c': 'added\n', top: 't\n' },
		expect: 'file location',
	},
	{
		name: 'a file renamed into a folder the target moved',
		base: { ...folder('old/dir', 5), 'top.c': FORTY },
		ours: { ...folder('new/dir', 5), 'top.c': FORTY },
		theirs: { ...folder('old/dir', 5), 'old/dir/top.c': change(FORTY, 3) },
		expect: 'file location',
	},
	{
		name: 'a folder the commit moves, to which the target added a file',
		base: { ...folder('old/dir', 5), top: 't\n' },
		ours: { ...folder('old/dir', 5), 'old/dir/added.c': 'added\n', top: 't\n' },
		theirs: { ...folder('new/dir', 5), top: 't\n' },
		expect: 'file location',
	},
	{
		name: 'a folder whose files the target moved to two, in equal numbers',
		base: { ...folder('old', 4), top: 't\n' },
		ours: {
			'one/f0.c': lines(30, '0 text'),
			'one/f1.c': lines(30, '1 text'),
			'two/f2.c': lines(30, '2 text'),
			'two/f3.c': lines(30, '3 text'),
			top: 't\n',
		},
		theirs: { ...folder('old', 4), 'old/added.c': 'added\n', top: 't\n' },
		expect: 'directory rename split',
	},
	{
		name: 'a file added to a moved folder, where the target has one',
		base: { ...folder('old', 5), top: 't\n' },
		ours: { ...folder('new', 5), 'new/added.c': 'mine\n', top: 't\n' },
		theirs: { ...folder('old', 5), 'old/added.c': 'added\n', top: 't\n' },
		expect: 'add/add file location',
	},
	{
		name: 'files of the same name in moved folders',
		base: {
			...folder('arch/a', 3),
			...folder('arch/b', 3),
			'arch/a/Makefile': FORTY,
			'arch/b/Makefile': OTHER,
		},
		ours: {
			...folder('port/a', 3),
			...folder('port/b', 3),
			'port/a/Makefile': change(FORTY, 3),
			'port/b/Makefile': change(OTHER, 3),
		},
		theirs: {
			...folder('arch/a', 3),
			...folder('arch/b', 3),
			'arch/a/Makefile': change(FORTY, 20),
			'arch/b/Makefile': change(OTHER, 20),
		},
		expect: 'clean',
	},
	{
		name: 'a file made executable, and changed',
		base: { 'a.sh': TEN },
		ours: { 'a.sh': change(TEN, 1) },
		theirs: { 'a.sh': exe(TEN) },
		expect: 'clean',
	},
	{
		name: 'a file both made executable',
		base: { 'a.sh': TEN },
		ours: { 'a.sh': exe(change(TEN, 1)) },
		theirs: { 'a.sh': exe(change(TEN, 8)) },
		expect: 'clean',
	},
	{
		name: 'a link the commit changes',
		base: { a: link('x'), b: 'b\n' },
		ours: { a: link('x'), b: 'b2\n' },
		theirs: { a: link('y'), b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a link both changed',
		base: { a: link('x'), b: 'b\n' },
		ours: { a: link('z'), b: 'b\n' },
		theirs: { a: link('y'), b: 'b\n' },
		expect: 'symlink',
	},
	{
		name: 'a file the target made a link of',
		base: { 'a.c': TEN, b: 'b\n' },
		ours: { 'a.c': link('b'), b: 'b\n' },
		theirs: { 'a.c': change(TEN, 3), b: 'b\n' },
		expect: 'distinct types',
	},
	{
		name: 'a link that is moved by the target',
		base: { a: link('x'), b: 'b\n' },
		ours: { 'c/a': link('x'), b: 'b\n' },
		theirs: { a: link('y'), b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a submodule the commit moves',
		base: { m: sub('a'), b: 'b\n' },
		ours: { m: sub('a'), b: 'b2\n' },
		theirs: { m: sub('b'), b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a submodule both moved',
		base: { m: sub('a'), b: 'b\n' },
		ours: { m: sub('c'), b: 'b\n' },
		theirs: { m: sub('b'), b: 'b\n' },
		expect: 'submodule',
	},
	{
		name: 'lines that end in CR LF',
		base: { 'a.c': TEN.replaceAll('\n', '\r\n') },
		ours: { 'a.c': change(TEN, 1).replaceAll('\n', '\r\n') },
		theirs: { 'a.c': change(TEN, 8).replaceAll('\n', '\r\n') },
		expect: 'clean',
	},
	{
		name: 'line ends the target converted',
		base: { 'a.c': TEN.replaceAll('\n', '\r\n') },
		ours: { 'a.c': TEN },
		theirs: { 'a.c': change(TEN, 8).replaceAll('\n', '\r\n') },
		expect: 'content',
	},
	{
		name: 'a renamed file with converted line ends',
		base: { 'a.c': FORTY.replaceAll('\n', '\r\n'), b: 'b\n' },
		ours: { 'c/a.c': FORTY, b: 'b\n' },
		theirs: { 'a.c': change(FORTY, 8).replaceAll('\n', '\r\n'), b: 'b\n' },
		expect: 'content',
	},
	{
		name: 'no newline at the end, on either side',
		base: { 'a.c': TEN.slice(0, -1), 'b.c': TEN, 'c.c': TEN.slice(0, -1) },
		ours: {
			'a.c': change(TEN, 1).slice(0, -1),
			'b.c': change(TEN, 1),
			'c.c': change(TEN, 1).slice(0, -1),
		},
		theirs: { 'a.c': change(TEN, 5).slice(0, -1), 'b.c': TEN.slice(0, -1), 'c.c': TEN },
		expect: 'clean',
	},
	{
		name: 'empty files',
		base: { e: '', 'x/e': '', b: 'b\n' },
		ours: { 'new/e': '', 'x/e': '', b: 'b\n' },
		theirs: { e: '', 'x/e': 'filled\n', f: '', b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'an empty file both filled',
		base: { e: '' },
		ours: { e: 'mine\n' },
		theirs: { e: 'yours\n' },
		expect: 'content',
	},
	{
		name: 'a file both emptied and changed',
		base: { e: TEN },
		ours: { e: '' },
		theirs: { e: change(TEN, 3) },
		expect: 'content',
	},
	{
		name: 'paths of odd bytes',
		base: { 'caf\xe9.c': TEN, 'n\nl/"q"\\': TEN, '\xc3\xa9/\xff\xfe': TEN, 'sp ace': TEN },
		ours: {
			'caf\xe9.c': change(TEN, 1),
			'n\nl/"q"\\': change(TEN, 1),
			'\xc3\xa9/\xff\xfe': change(TEN, 1),
			'sp ace': change(TEN, 1),
		},
		theirs: {
			'caf\xe9.c': change(TEN, 8),
			'n\nl/"q"\\': change(TEN, 8),
			'\xc3\xa9/\xff\xfe': change(TEN, 8),
			'-sp ace': TEN,
			'sp ace': change(TEN, 8),
		},
		expect: 'clean',
	},
	{
		name: 'names that git sorts in its own way, and by case',
		base: {
			'foo.c': 'a\n',
			'foo/x': 'b\n',
			'foo-bar': 'c\n',
			foo0: 'd\n',
			Makefile: 'e\n',
			makefile: 'f\n',
		},
		ours: {
			'foo.c': 'a\n',
			'foo/x': 'b\n',
			'foo-bar': 'c\n',
			foo0: 'd\n',
			Makefile: 'e2\n',
			makefile: 'f\n',
		},
		theirs: {
			'foo.c': 'a\n',
			'foo/x': 'b2\n',
			'foo/y': 'y\n',
			'foo-bar': 'c\n',
			'foo-/x': 'z\n',
			foo0: 'd\n',
			Makefile: 'e\n',
			makefile: 'f2\n',
			MAKEFILE: 'g\n',
		},
		expect: 'clean',
	},
	{
		name: 'a file the commit makes a folder of',
		base: { a: TEN, b: 'b\n' },
		ours: { a: TEN, b: 'b2\n' },
		theirs: { 'a/x': OTHER, 'a/y': 'y\n', b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a file the commit makes a folder of, by moving a file there that the target changed',
		base: { a: TEN, 'b.c': FORTY },
		ours: { a: TEN, 'b.c': change(FORTY, 3) },
		theirs: { 'a/b.c': change(FORTY, 20) },
		expect: 'clean',
	},
	{
		name: 'a folder the commit makes a file of',
		base: { 'a/x': TEN, 'a/y/z': OTHER, b: 'b\n' },
		ours: { 'a/x': TEN, 'a/y/z': OTHER, b: 'b2\n' },
		theirs: { a: 'file\n', b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a file the target made a folder of',
		base: { a: TEN, b: 'b\n' },
		ours: { 'a/x': OTHER, b: 'b\n' },
		theirs: { a: change(TEN, 3), b: 'b\n' },
		expect: 'file/directory',
	},
	{
		name: 'a file the target changed and the commit makes a folder of',
		base: { a: TEN, b: 'b\n' },
		ours: { a: change(TEN, 3), b: 'b\n' },
		theirs: { 'a/x': OTHER, b: 'b\n' },
		expect: 'file/directory',
	},
	{
		name: 'a file added where the target has a folder',
		base: { b: 'b\n' },
		ours: { 'a/x': 'x\n', b: 'b\n' },
		theirs: { a: 'file\n', b: 'b\n' },
		expect: 'file/directory',
	},
	{
		name: 'a folder added where the target has a file',
		base: { b: 'b\n' },
		ours: { a: 'x\n', b: 'b\n' },
		theirs: { 'a/x': 'file\n', b: 'b\n' },
		expect: 'file/directory',
	},
	{
		name: 'a folder the commit made a file of, with a file of the target in it',
		base: { 'a/x': TEN, b: 'b\n' },
		ours: { 'a/x': TEN, 'a/new': 'n\n', b: 'b\n' },
		theirs: { a: 'file\n', b: 'b\n' },
		expect: 'file/directory',
	},
	{
		name: 'a binary file the commit changes',
		base: { 'a.bin': '\0\x01\n', b: 'b\n' },
		ours: { 'a.bin': '\0\x01\n', b: 'b2\n' },
		theirs: { 'a.bin': '\0\x02\n', b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a binary file both changed',
		base: { 'a.bin': `\0${TEN}`, b: 'b\n' },
		ours: { 'a.bin': `\0${change(TEN, 1)}`, b: 'b\n' },
		theirs: { 'a.bin': `\0${change(TEN, 8)}`, b: 'b\n' },
		expect: 'binary',
	},
	{
		name: 'a folder the commit deletes, with a file the target changed',
		base: { ...folder('d', 3), b: 'b\n' },
		ours: { ...folder('d', 3), 'd/f1.c': 'mine\n', b: 'b\n' },
		theirs: { b: 'b\n' },
		expect: 'modify/delete',
	},
	{
		name: 'a folder the commit deletes, with a file of the target in it',
		base: { ...folder('d', 3), b: 'b\n' },
		ours: { ...folder('d', 3), 'd/mine.c': 'mine\n', b: 'b\n' },
		theirs: { b: 'b\n' },
		expect: 'clean',
	},
	{
		name: 'a file the target split: half of it is elsewhere',
		base: { 'a.c': FORTY + OTHER, b: 'b\n' },
		ours: { 'x.c': FORTY, 'y.c': OTHER, b: 'b\n' },
		theirs: { 'a.c': change(FORTY, 20) + OTHER, b: 'b\n' },
		expect: 'content',
	},
	{
		name: 'a change moved by many lines that occur often',
		base: { 'a.c': `${'}\n\n'.repeat(100)}one\n${'}\n\n'.repeat(100)}two\n` },
		ours: { 'a.c': `${'}\n\n'.repeat(140)}one\n${'}\n\n'.repeat(100)}two\n` },
		theirs: { 'a.c': `${'}\n\n'.repeat(100)}one\n${'}\n\n'.repeat(100)}two\nthree\n` },
		expect: 'clean',
	},
];

/** What a pick came to, in the words of {@link Case.expect}. */
function words(picked: Picked): string {
	if (picked.result !== 'conflict') return picked.result;
	return [...new Set(picked.conflicts.map(({ kind }) => kind))].sort().join(' ');
}

for (const objectFormat of ['sha1', 'sha256'] as const) {
	describe(`pick, ${objectFormat}`, () => {
		const folderOf = mkdtempSync(join(tmpdir(), 'rangefinder-pick-'));
		// A submodule's id has the length of the repository's.
		const cases = CASES.filter(({ base }) => objectFormat === 'sha1' || base.m === undefined);
		let commits: Commits[] = [];
		let store: ObjectStore;
		let picker: Picker;

		before(async () => {
			commits = makeThreesomes(join(folderOf, 'repo.git'), cases, objectFormat);
			store = await openNativeStore(join(folderOf, 'repo.git'), { env: process.env });
			picker = new Picker(store);
		});
		after(async () => {
			await store.close();
			rmSync(folderOf, { recursive: true, force: true });
		});

		for (const [i, { name, expect }] of cases.entries()) {
			it(`${name}: ${expect}`, async () => {
				const { ours = '', theirs = '' } = commits[i] ?? {};
				const picked = await picker.pick(await picker.treeOf(ours), theirs);
				assert.equal(words(picked), expect);
				const mine = picked.result === 'clean' ? picked.tree : picked.result;
				const git = gitMerge(join(folderOf, 'repo.git'), ours, theirs);
				if (git !== undefined) assert.equal(mine, git);
			});
		}
	});
}
