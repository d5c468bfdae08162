/** Files where the other side has a folder, and folders that are deleted. */
import { type Case, change, FORTY, folder, meeting, OTHER, TEN } from './meeting.ts';

export const FOLDERS: readonly Case[] = [
	meeting(
		'a file the commit makes a folder of',
		'clean',
		{ a: TEN, b: 'b\n' },
		{ a: TEN, b: 'b2\n' },
		{ 'a/x': OTHER, 'a/y': 'y\n', b: 'b\n' },
	),
	meeting(
		'a file the commit makes a folder of, by moving a file there that the target changed',
		'clean',
		{ a: TEN, 'b.c': FORTY },
		{ a: TEN, 'b.c': change(FORTY, 3) },
		{ 'a/b.c': change(FORTY, 20) },
	),
	meeting(
		'a folder the commit makes a file of',
		'clean',
		{ 'a/x': TEN, 'a/y/z': OTHER, b: 'b\n' },
		{ 'a/x': TEN, 'a/y/z': OTHER, b: 'b2\n' },
		{ a: 'file\n', b: 'b\n' },
	),
	meeting(
		'a file the target made a folder of',
		'file/directory',
		{ a: TEN, b: 'b\n' },
		{ 'a/x': OTHER, b: 'b\n' },
		{ a: change(TEN, 3), b: 'b\n' },
	),
	meeting(
		'a file the target changed and the commit makes a folder of',
		'file/directory',
		{ a: TEN, b: 'b\n' },
		{ a: change(TEN, 3), b: 'b\n' },
		{ 'a/x': OTHER, b: 'b\n' },
	),
	meeting(
		'a file added where the target has a folder',
		'file/directory',
		{ b: 'b\n' },
		{ 'a/x': 'x\n', b: 'b\n' },
		{ a: 'file\n', b: 'b\n' },
	),
	meeting(
		'a folder added where the target has a file',
		'file/directory',
		{ b: 'b\n' },
		{ a: 'x\n', b: 'b\n' },
		{ 'a/x': 'file\n', b: 'b\n' },
	),
	meeting(
		'a folder the commit made a file of, with a file of the target in it',
		'file/directory',
		{ 'a/x': TEN, b: 'b\n' },
		{ 'a/x': TEN, 'a/new': 'n\n', b: 'b\n' },
		{ a: 'file\n', b: 'b\n' },
	),
	meeting(
		'a folder the commit deletes, with a file the target changed',
		'modify/delete',
		{ ...folder('d', 3), b: 'b\n' },
		{ ...folder('d', 3), 'd/f1.c': 'mine\n', b: 'b\n' },
		{ b: 'b\n' },
	),
	meeting(
		'a folder the commit deletes, with a file of the target in it',
		'clean',
		{ ...folder('d', 3), b: 'b\n' },
		{ ...folder('d', 3), 'd/mine.c': 'mine\n', b: 'b\n' },
		{ b: 'b\n' },
	),
];
