/** Folders that a side moves with all that is in them. */

import { lines } from '../threesomes.ts';
import { type Case, change, FORTY, folder, meeting, OTHER } from './meeting.ts';

export const MOVED_FOLDERS: readonly Case[] = [
	meeting(
		'files of a folder the target moved',
		'clean',
		{ ...folder('old/dir', 5), top: 't\n' },
		{ ...folder('new/place/dir', 5), top: 't\n' },
		{ ...folder('old/dir', 5), 'old/dir/f2.c': change(lines(30, '2 text'), 9), top: 't\n' },
	),
	meeting(
		'a file added to a folder the target moved',
		'file location',
		{ ...folder('old/dir', 5), top: 't\n' },
		{ ...folder('new/dir', 5), top: 't\n' },
		{ ...folder('old/dir', 5), 'old/dir/added.c': 'added\n', top: 't\n' },
	),
	meeting(
		'a file renamed into a folder the target moved',
		'file location',
		{ ...folder('old/dir', 5), 'top.c': FORTY },
		{ ...folder('new/dir', 5), 'top.c': FORTY },
		{ ...folder('old/dir', 5), 'old/dir/top.c': change(FORTY, 3) },
	),
	meeting(
		'a folder the commit moves, to which the target added a file',
		'file location',
		{ ...folder('old/dir', 5), top: 't\n' },
		{ ...folder('old/dir', 5), 'old/dir/added.c': 'added\n', top: 't\n' },
		{ ...folder('new/dir', 5), top: 't\n' },
	),
	meeting(
		'a folder whose files the target moved to two, in equal numbers',
		'directory rename split',
		{ ...folder('old', 4), top: 't\n' },
		{
			'one/f0.c': lines(30, '0 text'),
			'one/f1.c': lines(30, '1 text'),
			'two/f2.c': lines(30, '2 text'),
			'two/f3.c': lines(30, '3 text'),
			top: 't\n',
		},
		{ ...folder('old', 4), 'old/added.c': 'added\n', top: 't\n' },
	),
	meeting(
		'a file added to a moved folder, where the target has one',
		'add/add file location',
		{ ...folder('old', 5), top: 't\n' },
		{ ...folder('new', 5), 'new/added.c': 'mine\n', top: 't\n' },
		{ ...folder('old', 5), 'old/added.c': 'added\n', top: 't\n' },
	),
	meeting(
		'files of the same name in moved folders',
		'clean',
		{
			...folder('arch/a', 3),
			...folder('arch/b', 3),
			'arch/a/Makefile': FORTY,
			'arch/b/Makefile': OTHER,
		},
		{
			...folder('port/a', 3),
			...folder('port/b', 3),
			'port/a/Makefile': change(FORTY, 3),
			'port/b/Makefile': change(OTHER, 3),
		},
		{
			...folder('arch/a', 3),
			...folder('arch/b', 3),
			'arch/a/Makefile': change(FORTY, 20),
			'arch/b/Makefile': change(OTHER, 20),
		},
	),
];
