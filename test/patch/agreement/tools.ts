/**
 * What git and GNU patch say of many cases at once. Each tool gets one patch of many files in a
 * temporary folder; `git merge-file` takes one file a call, so a shell loop calls it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printFile } from '../../../src/patch/print.ts';
import type { PlacementCase } from './cases.ts';

/** Where a tool put a hunk, as it says itself. */
export interface ToolHunk {
	offset: number;
	fuzz: number;
}

/** A tool that took the patch. */
export interface Taken {
	/** By hunk number, from 0; a hunk that is not named went where it says, without fuzz. */
	hunks: Map<number, ToolHunk>;
	/** The file after it; '' where it is gone. Absent where the tool was only asked. */
	text?: string;
}

/** What the tools say of one case; undefined where a tool refuses. */
export interface Verdicts {
	/** `git apply -R --check` */
	reverse: boolean;
	/** `git apply` */
	apply: Taken | undefined;
	/**
	 * The clean result of `git merge-file`; undefined for a conflict, where a side is missing, and
	 * where git applies the patch or its reverse.
	 */
	merged: string | undefined;
	/** `patch -f -F n`, for n of 0 to 2, where git applies neither the patch nor its reverse. */
	patch: (Taken | undefined)[];
}

/** How many lines of context GNU patch may drop. */
export const FUZZ_LEVELS = [0, 1, 2] as const;
const HIGHEST = 2;

const ENVIRONMENT = {
	...process.env,
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_CEILING_DIRECTORIES: tmpdir(),
	LC_ALL: 'C',
};

interface Ran {
	status: number | null;
	out: string;
	err: string;
}

function run(folder: string, command: string, ...args: string[]): Ran {
	const done = spawnSync(command, args, {
		cwd: folder,
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		env: ENVIRONMENT,
	});
	if (done.error !== undefined) throw done.error;
	return { status: done.status, out: done.stdout, err: done.stderr };
}

/** Whether GNU patch is installed. */
export function hasGnuPatch(): boolean {
	try {
		return /^GNU patch/.test(run(tmpdir(), 'patch', '--version').out);
	} catch {
		return false;
	}
}

/** Asks all tools about all cases; their names must differ. */
export function askTools(cases: readonly PlacementCase[]): Verdicts[] {
	return inFolder((folder) => askIn(folder, cases));
}

/** The cases of which `patch -R -F0` takes the patch out of the file again. */
export function takenBack(cases: readonly PlacementCase[]): Set<string> {
	return inFolder((folder) => {
		const patch = join(folder, 'p.patch');
		writeFileSync(patch, printed(cases), 'utf8');
		const at = freshTree(join(folder, 'asked'), cases);
		const words = ['-R', '-f', '-F0', '-p1', '-r', '-', '--dry-run', '-i', patch];
		return new Set(taken(run(at, 'patch', ...words).out, GNU).keys());
	});
}

function inFolder<T>(use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-tools-'));
	try {
		return use(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function askIn(folder: string, cases: readonly PlacementCase[]): Verdicts[] {
	const patch = join(folder, 'p.patch');
	writeFileSync(patch, printed(cases), 'utf8');
	const tree = (name: string): string => freshTree(join(folder, name), cases);
	const asked = tree('asked');
	const reverse = taken(run(asked, 'git', 'apply', '-R', '--check', '-v', patch).err, GIT);
	const check = run(asked, 'git', 'apply', '--check', '-v', patch).err;
	if (/corrupt patch|No valid patches/.test(check)) throw new Error(check);
	const checked = taken(check, GIT);
	const accepted = cases.filter(({ name }) => checked.has(name));
	const gitTree = freshTree(join(folder, 'git'), accepted);
	writeFileSync(join(folder, 'accepted.patch'), printed(accepted), 'utf8');
	run(gitTree, 'git', 'apply', '--allow-empty', join(folder, 'accepted.patch'));
	// What git takes lands as git has it: nobody asks the others.
	const rest = cases.filter(({ name }) => !checked.has(name) && !reverse.has(name));
	const restPatch = join(folder, 'rest.patch');
	writeFileSync(restPatch, printed(rest), 'utf8');
	const gnuTree = freshTree(join(folder, 'gnu'), rest);
	// The highest level last: it is the one that writes.
	const levels = FUZZ_LEVELS.map((fuzz) => {
		const mode = fuzz === HIGHEST ? '--no-backup-if-mismatch' : '--dry-run';
		const words = ['-f', `-F${fuzz}`, '-p1', '-r', '-', mode, '-i', restPatch];
		return taken(run(gnuTree, 'patch', ...words).out, GNU);
	});
	const merged = mergeAll(folder, rest);
	return cases.map(({ name }) => ({
		reverse: reverse.has(name),
		apply: withText(checked.get(name), gitTree, name),
		merged: merged.get(name),
		patch: levels.map((said) => withText(said.get(name), gnuTree, name)),
	}));
}

function printed(cases: readonly PlacementCase[]): string {
	return cases.map(({ file }) => printFile(file)).join('');
}

function freshTree(folder: string, cases: readonly PlacementCase[]): string {
	mkdirSync(folder);
	for (const { name, ours } of cases) {
		if (ours !== undefined) writeFileSync(join(folder, name), ours, 'utf8');
	}
	return folder;
}

function withText(one: Taken | undefined, folder: string, name: string): Taken | undefined {
	if (one === undefined) return undefined;
	const path = join(folder, name);
	return { ...one, text: existsSync(path) ? readFileSync(path, 'utf8') : '' };
}

/** How a tool says which file it is at, and that it refuses. */
interface Dialect {
	file: RegExp;
	refuses: RegExp;
}

const GIT: Dialect = { file: /^Checking patch (\S+?)\.\.\.$/, refuses: /^error: / };
const GNU: Dialect = {
	file: /^(?:patching|checking) file (\S+)/,
	refuses: /FAILED|ignored|[Ss]kipping patch|garbled|Not deleting/,
};

const HUNK =
	/^Hunk #(\d+) succeeded at -?\d+(?: with fuzz (\d+))?(?: \(offset (-?\d+) lines?\))?\.$/;

/** The files that a tool takes, from what it prints. */
function taken(said: string, dialect: Dialect): Map<string, Taken> {
	const found = new Map<string, Taken>();
	const refused = new Set<string>();
	let name = '';
	for (const line of said.split('\n')) {
		const file = dialect.file.exec(line)?.[1];
		// What follows is about a file that has no name here.
		if (/^can't find file/.test(line)) name = '';
		const hunk = HUNK.exec(line);
		if (file !== undefined) {
			name = file;
			found.set(name, { hunks: new Map() });
		} else if (hunk !== null) {
			const at = { offset: Number(hunk[3] ?? 0), fuzz: Number(hunk[2] ?? 0) };
			found.get(name)?.hunks.set(Number(hunk[1]) - 1, at);
		} else if (dialect.refuses.test(line)) refused.add(name);
	}
	for (const one of refused) found.delete(one);
	return found;
}

const LOOP = `while read -r n; do
git merge-file -q "ours/$n" "base/$n" "theirs/$n" 2>/dev/null && mv "ours/$n" merged
done`;

function mergeAll(folder: string, cases: readonly PlacementCase[]): Map<string, string> {
	for (const side of ['ours', 'base', 'theirs', 'merged']) mkdirSync(join(folder, side));
	const names: string[] = [];
	for (const { name, ours, base, theirs } of cases) {
		if (ours === undefined || base === undefined || theirs === undefined) continue;
		writeFileSync(join(folder, 'ours', name), ours, 'utf8');
		writeFileSync(join(folder, 'base', name), base, 'utf8');
		writeFileSync(join(folder, 'theirs', name), theirs, 'utf8');
		names.push(`${name}\n`);
	}
	const done = spawnSync('sh', ['-c', LOOP], {
		cwd: folder,
		input: names.join(''),
		env: ENVIRONMENT,
	});
	if (done.error !== undefined) throw done.error;
	const clean = new Map<string, string>();
	for (const { name } of cases) {
		const path = join(folder, 'merged', name);
		if (existsSync(path)) clean.set(name, readFileSync(path, 'utf8'));
	}
	return clean;
}
