/** Executables, links and submodules. */
import { type Case, change, exe, link, meeting, sub, TEN } from './meeting.ts';

export const KINDS: readonly Case[] = [
	meeting(
		'a file both added, executable for one',
		'mode',
		{ 'b.c': 'b\n' },
		{ 'a.sh': TEN, 'b.c': 'b\n' },
		{ 'a.sh': exe(TEN), 'b.c': 'b\n' },
	),
	meeting(
		'a file made executable, and changed',
		'clean',
		{ 'a.sh': TEN },
		{ 'a.sh': change(TEN, 1) },
		{ 'a.sh': exe(TEN) },
	),
	meeting(
		'a file both made executable',
		'clean',
		{ 'a.sh': TEN },
		{ 'a.sh': exe(change(TEN, 1)) },
		{ 'a.sh': exe(change(TEN, 8)) },
	),
	meeting(
		'a link the commit changes',
		'clean',
		{ a: link('x'), b: 'b\n' },
		{ a: link('x'), b: 'b2\n' },
		{ a: link('y'), b: 'b\n' },
	),
	meeting(
		'a link both changed',
		'symlink',
		{ a: link('x'), b: 'b\n' },
		{ a: link('z'), b: 'b\n' },
		{ a: link('y'), b: 'b\n' },
	),
	meeting(
		'a file the target made a link of',
		'distinct types',
		{ 'a.c': TEN, b: 'b\n' },
		{ 'a.c': link('b'), b: 'b\n' },
		{ 'a.c': change(TEN, 3), b: 'b\n' },
	),
	meeting(
		'a link that is moved by the target',
		'clean',
		{ a: link('x'), b: 'b\n' },
		{ 'c/a': link('x'), b: 'b\n' },
		{ a: link('y'), b: 'b\n' },
	),
	meeting(
		'a submodule the commit moves',
		'clean',
		{ m: sub('a'), b: 'b\n' },
		{ m: sub('a'), b: 'b2\n' },
		{ m: sub('b'), b: 'b\n' },
	),
	meeting(
		'a submodule both moved',
		'submodule',
		{ m: sub('a'), b: 'b\n' },
		{ m: sub('c'), b: 'b\n' },
		{ m: sub('b'), b: 'b\n' },
	),
];
