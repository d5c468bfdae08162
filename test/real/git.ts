/** What git and GNU patch say, to compare with: they are asked in temporary folders, never in the repository. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PlacementResult } from '../../src/range/report.ts';

/** What a program printed, and how it ended. */
export interface Ran {
	ok: boolean;
	out: string;
	err: string;
}

export function run(command: string, args: readonly string[], cwd?: string): Ran {
	const done = spawnSync(command, args, {
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		...(cwd === undefined ? {} : { cwd }),
	});
	if (done.error !== undefined) throw done.error;
	return { ok: done.status === 0, out: done.stdout, err: done.stderr };
}

/** git in a repository; an error is an error. */
export function git(repo: string, ...args: string[]): string {
	const done = run('git', ['-C', repo, ...args]);
	if (!done.ok) throw new Error(`git ${args.join(' ')}: ${done.err}`);
	return done.out;
}

/** A temporary folder for as long as `use` runs. */
export function inFolder<T>(use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-real-'));
	try {
		return use(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function write(folder: string, path: string, text: string): void {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), text);
}

/** How a patch of one file lands on `target`, by the tools that maintainers use. */
export function measuredPlacement(
	path: string,
	patch: string,
	target: string | undefined,
	pre: string,
	post: string,
): PlacementResult {
	if (target === undefined) return 'missing';
	return inFolder((folder) => {
		write(folder, path, target);
		write(folder, 'p.patch', patch);
		if (run('git', ['apply', '-R', '--check', 'p.patch'], folder).ok) return 'already';
		const applied = run('git', ['apply', '-v', '--check', 'p.patch'], folder);
		if (applied.ok) return /\(offset -?\d+ lines?\)/.test(applied.err) ? 'offset' : 'exact';
		write(folder, 'pre', pre);
		write(folder, 'post', post);
		if (run('git', ['merge-file', '-p', path, 'pre', 'post'], folder).ok) return 'merge';
		const words = ['-p1', '-F2', '--dry-run', '--batch', '-i', 'p.patch'];
		return run('patch', words, folder).ok ? 'fuzz' : 'conflict';
	});
}

/** The text after a patch of one file, and the id git gives it. */
export function applied(path: string, patch: string, pre: string): { text: string; blob: string } {
	return inFolder((folder) => {
		write(folder, path, pre);
		write(folder, 'p.patch', patch);
		const done = run('git', ['apply', 'p.patch'], folder);
		if (!done.ok) throw new Error(`git apply on the pre-image: ${done.err}`);
		const text = run('cat', [path], folder).out;
		return { text, blob: run('git', ['hash-object', '--', path], folder).out.trim() };
	});
}
