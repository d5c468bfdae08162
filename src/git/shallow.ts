/** Where the history of a shallow clone ends. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RangefinderError } from '../errors.ts';
import type { GitRunner } from './process.ts';

/** Ids of the commits whose parents a shallow clone does not have; [] for a whole one. */
export async function shallowBoundary(git: GitRunner): Promise<string[]> {
	const path = (await git.output(['rev-parse', '--git-path', 'shallow'])).toString().trim();
	return readShallow(resolve(git.where, path));
}

/** The ids in a `shallow` file; [] when there is none. */
export async function readShallow(path: string): Promise<string[]> {
	try {
		const text = await readFile(path, 'utf8');
		return text.split('\n').filter((line) => line !== '');
	} catch {
		return [];
	}
}

/** The command that gives a shallow clone the history it lacks. */
export function unshallow(where: string): string {
	return `git -C ${quoted(where)} fetch --unshallow`;
}

/** A path as a shell takes it for one word. */
export function quoted(path: string): string {
	return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** Why something cannot be told, and the command that helps. */
export interface CannotTell {
	readonly why: string;
	readonly run: string;
}

/** That an answer may be below where a shallow clone ends. */
export function belowBoundary(where: string, why: string): CannotTell {
	return { why, run: unshallow(where) };
}

/** That what a commit changes cannot be known, since its parents are not here. */
export function cutOff(where: string, commit: string): RangefinderError {
	return new RangefinderError({
		code: 'object-missing',
		where,
		what: `the history of this shallow clone ends at ${commit.slice(0, 12)}, so what it changes is not known`,
		hint: `${unshallow(where)} gets the rest`,
	});
}
