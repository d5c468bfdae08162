/** What we read in a mail beside what git reads in it: `git mailinfo` and `git apply --numstat`. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { basename, join } from 'node:path';
import { RangefinderError } from '../../src/errors.ts';
import { countLines, type FilePatch, pathOf } from '../../src/patch/diff.ts';
import { messagesOfFile, messagesOfFolder } from '../../src/patch/intake.ts';
import { type ReadPatch, readMessage } from '../../src/patch/mail.ts';
import type { RawMessage } from '../../src/patch/mbox.ts';
import { explain } from './mails-explained.ts';

/** What git says of a mail. */
export interface GitSays {
	author: string;
	email: string;
	subject: string;
	message: string;
	/** `added deleted path` of each file, `-` for binary ones; undefined where git refuses. */
	numstat: string[] | undefined;
	/** Why git refuses. */
	refusal: string;
	/** What mailinfo took for the patch. */
	patch: string;
}

/** What we say of a mail. */
export interface WeSay {
	patches: ReadPatch[];
	problem: string;
}

export interface Disagreement {
	what: 'author' | 'subject' | 'message' | 'files' | 'refused';
	git: string;
	ours: string;
}

const ENV = {
	...process.env,
	GIT_CONFIG_GLOBAL: devNull,
	GIT_CONFIG_NOSYSTEM: '1',
	LC_ALL: 'C.UTF-8',
};

function run(args: string[], cwd: string, input?: Uint8Array) {
	const done = spawnSync('git', args, {
		cwd,
		env: ENV,
		maxBuffer: 1 << 28,
		...(input === undefined ? {} : { input }),
	});
	return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}

function askGit(mail: Uint8Array, folder: string): GitSays {
	const info = run(['mailinfo', '-k', 'msg', 'patch'], folder, mail);
	const field = (name: string): string =>
		new RegExp(`^${name}: (.*(?:\\n${name}: .*)*)$`, 'm')
			.exec(info.out)?.[1]
			?.replaceAll(`\n${name}: `, ' ') ?? '';
	const patch = readFileSync(join(folder, 'patch'));
	const applied = run(['apply', '--numstat', '-z', 'patch'], folder);
	return {
		author: field('Author'),
		email: field('Email'),
		subject: field('Subject'),
		message: readFileSync(join(folder, 'msg')).toString(),
		numstat: applied.code === 0 ? numstatOf(applied.out) : undefined,
		refusal: info.code === 0 ? applied.err.trim() : info.err.trim(),
		patch: patch.toString('latin1'),
	};
}

/** With -z: `added TAB deleted TAB path NUL`, and of a rename the new path. */
function numstatOf(out: string): string[] {
	return out
		.split('\0')
		.slice(0, -1)
		.map((field) => field.replace('\t', ' ').replace('\t', ' '));
}

function readOurs(mail: RawMessage): WeSay {
	try {
		return { patches: readMessage(mail.bytes, 'mail'), problem: '' };
	} catch (error) {
		if (error instanceof RangefinderError) return { patches: [], problem: error.message };
		throw error;
	}
}

function numstatOfFile(file: FilePatch): string {
	if (file.binary === true) return `- - ${pathOf(file)}`;
	let added = 0;
	let deleted = 0;
	for (const hunk of file.hunks) {
		const { old, new: fresh } = countLines(hunk.lines);
		const context = hunk.lines.filter(({ kind }) => kind === ' ').length;
		added += fresh - context;
		deleted += old - context;
	}
	return `${added} ${deleted} ${pathOf(file)}`;
}

const bare = (text: string): string => text.replace(/\s+/g, ' ').trim();
const withoutReply = (text: string): string =>
	bare(text).replace(/^((re|aw|sv|fwd?)\s*:\s*)+/i, '');
/** As git stripspace. */
const stripped = (text: string): string =>
	text
		.split('\n')
		.map((line) => line.replace(/[ \t\r\f\v]+$/, ''))
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();

function compare(git: GitSays, ours: WeSay): Disagreement[] {
	const patch = ours.patches[0];
	// What was mended git does not see: that is repair, and measured as such.
	const sound = patch !== undefined && !patch.damaged && patch.mended !== true;
	const whole = sound && patch.answered !== true;
	if (git.numstat === undefined || git.numstat.length === 0) {
		if (!whole) return [];
		return [{ what: 'refused', git: git.refusal, ours: patch.files.map(numstatOfFile).join('\n') }];
	}
	if (!whole) {
		const said = ours.problem || (patch?.damaged === true ? 'damaged' : 'quoted');
		return [{ what: 'files', git: git.numstat.join('\n'), ours: said }];
	}
	const found: Disagreement[] = [];
	const check = (what: Disagreement['what'], theirs: string, mine: string): void => {
		if (theirs !== mine) found.push({ what, git: theirs, ours: mine });
	};
	const files = ours.patches.flatMap(({ files }) => files).map(numstatOfFile);
	check('files', git.numstat.join('\n'), files.join('\n'));
	check('subject', withoutReply(git.subject), bare(patch.subject));
	// Without a name git says the address twice.
	const alone = git.author === git.email && patch.author === git.email;
	check('author', alone ? git.email : `${git.author} <${git.email}>`, patch.author);
	check('message', stripped(git.message), stripped(patch.message));
	return found;
}

/** The messages of everything that intake takes, in order. */
export async function* inputs(names: readonly string[]): AsyncGenerator<RawMessage> {
	for (const name of names) {
		yield* statSync(name).isDirectory()
			? messagesOfFolder(name, basename(name), process.env)
			: messagesOfFile(name, basename(name));
	}
}

/** A disagreement, and why it is none of a mistake; undefined where nothing explains it. */
export interface Judged extends Disagreement {
	reason: string | undefined;
}

/**
 * Where git and we read a mail differently; empty where both read the same. Undefined of a mail in which
 * neither sees a patch that is not only quoted. `folder` is for git to write in.
 */
export function compareMail(mail: RawMessage, folder: string): Judged[] | undefined {
	const git = askGit(mail.bytes, folder);
	const ours = readOurs(mail);
	const gitSees = git.numstat !== undefined && git.numstat.length > 0;
	const weSee = ours.patches.some(({ answered, damaged }) => answered !== true && !damaged);
	if (!gitSees && !weSee) return undefined;
	return compare(git, ours).map((one) => ({
		...one,
		reason: explain(one, git, ours, mail.bytes),
	}));
}
