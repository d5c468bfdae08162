/**
 * Compares what we read in real mails with what git reads:
 *
 *   npm run test:mails -- INPUT… [--limit N] [--skip N] [--all]
 *
 * INPUT is anything that intake takes: an mbox, a maildir, a public-inbox, a folder of patches. Author,
 * subject and message are compared with `git mailinfo`, paths and counts with `git apply --numstat`.
 * Disagreements are listed by kind, with the mail; --all lists those too that are explained.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
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

async function* inputs(names: readonly string[]): AsyncGenerator<RawMessage> {
	for (const name of names) {
		yield* statSync(name).isDirectory()
			? messagesOfFolder(name, basename(name), process.env)
			: messagesOfFile(name, basename(name));
	}
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			limit: { type: 'string', default: '3000' },
			skip: { type: 'string', default: '0' },
			all: { type: 'boolean', default: false },
		},
	});
	if (positionals.length === 0) throw new Error('usage: npm run test:mails -- INPUT…');
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-mails-'));
	const differ = new Map<string, number>();
	const counts = { seen: 0, patches: 0, agree: 0, explained: new Map<string, number>(), open: 0 };
	try {
		for await (const message of inputs(positionals)) {
			if (counts.seen++ < Number(values.skip)) continue;
			const git = askGit(message.bytes, folder);
			const ours = readOurs(message);
			// Mails in which one of both sees a patch that is not only quoted.
			const gitSees = git.numstat !== undefined && git.numstat.length > 0;
			const weSee = ours.patches.some(({ answered, damaged }) => answered !== true && !damaged);
			if (!gitSees && !weSee) continue;
			counts.patches++;
			const found = compare(git, ours);
			if (found.length === 0) counts.agree++;
			const reasons = found.map((one) => explain(one, git, ours, message.bytes));
			const unexplained = found.filter((_, i) => reasons[i] === undefined);
			if (unexplained.length > 0) counts.open++;
			else if (found.length > 0) {
				const reason = [...new Set(reasons)].join('; ');
				counts.explained.set(reason, (counts.explained.get(reason) ?? 0) + 1);
			}
			for (const what of new Set(found.map((one) => one.what))) {
				differ.set(what, (differ.get(what) ?? 0) + 1);
			}
			for (const [i, { what, git: theirs, ours: mine }] of found.entries()) {
				if (reasons[i] !== undefined && !values.all) continue;
				console.log(`\n${message.where}: ${what}: ${reasons[i] ?? 'NOT EXPLAINED'}`);
				console.log(`  git:  ${JSON.stringify(theirs.slice(0, 600))}`);
				console.log(`  ours: ${JSON.stringify(mine.slice(0, 600))}`);
			}
			if (counts.patches >= Number(values.limit)) break;
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	const share = ((100 * counts.agree) / Math.max(1, counts.patches)).toFixed(2);
	console.log(`\n${counts.seen} mails, ${counts.patches} with a patch`);
	console.log(`${counts.agree} agree in everything (${share} %)`);
	for (const [what, count] of differ) {
		const agreed = (100 * (counts.patches - count)) / counts.patches;
		console.log(`${what}: ${count} differ (${agreed.toFixed(2)} % agree)`);
	}
	for (const [reason, count] of counts.explained) console.log(`${count} explained: ${reason}`);
	console.log(`${counts.open} not explained`);
	if (counts.open > 0) process.exitCode = 1;
}

await main();
