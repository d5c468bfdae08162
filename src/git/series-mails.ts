/**
 * Commits that were picked in a folder of our own as mails for `git am`, each with its message as a backport
 * has it. The folder's commits are made anew with these messages; their trees stay.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRunner } from './process.ts';
import { writeObject } from './proof.ts';

/** A file of the series. */
export interface SeriesMail {
	/** As git names it: `0001-subject.patch`. */
	readonly name: string;
	readonly bytes: Uint8Array;
}

export interface SeriesOptions {
	/** The full id of the commit that all was picked onto. */
	readonly target: string;
	/** What stands in brackets before each number: `PATCH 5.4`. */
	readonly prefix: string;
	/** The message of each commit, oldest first, made of the one it has. */
	readonly message: (place: number, before: string, adapted: boolean) => string;
	/** The full id of the commit that each was picked from; undefined for a change that is none. */
	readonly origins: readonly (string | undefined)[];
	readonly cover: { readonly subject: string; readonly text: string };
}

/**
 * The mails, the cover letter first.
 * @throws RangefinderError git-failed
 */
export async function seriesMails(git: GitRunner, options: SeriesOptions): Promise<SeriesMail[]> {
	const { target, prefix, message, origins, cover } = options;
	const words = ['rev-list', '--reverse', 'HEAD', `^${target}`];
	const commits = lines(await git.output(words));
	let parent = target;
	for (const [i, commit] of commits.entries()) {
		const origin = origins[i];
		const adapted =
			origin !== undefined && (await patchId(git, commit)) !== (await patchId(git, origin));
		const raw = (await git.output(['cat-file', 'commit', commit])).toString('latin1');
		const end = raw.indexOf('\n\n');
		const head = raw.slice(0, end).replace(/^parent .*$/m, `parent ${parent}`);
		const before = Buffer.from(raw.slice(end + 2), 'latin1').toString();
		const after = Buffer.from(message(i, before, adapted)).toString('latin1');
		parent = await writeObject(git, 'commit', Buffer.from(`${head}\n\n${after}`, 'latin1'));
	}
	const folder = join(git.where, '.git', 'rangefinder-series');
	const cut = ['--output-directory', folder, `--subject-prefix=${prefix}`, '--numbered'];
	const plain = ['--cover-letter', '--no-signature', '--no-base', '--no-notes', '--full-index'];
	await git.output(['format-patch', ...cut, ...plain, `${target}..${parent}`]);
	const names = (await readdir(folder)).sort();
	return Promise.all(
		names.map(async (name) => {
			const bytes = await readFile(join(folder, name));
			return name.startsWith('0000-') ? { name, bytes: filled(bytes, cover) } : { name, bytes };
		}),
	);
}

/** The cover letter with its words; git leaves two lines for them. */
function filled(bytes: Buffer, { subject, text }: SeriesOptions['cover']): Buffer {
	const letter = bytes
		.toString()
		.replace('*** SUBJECT HERE ***', () => oneLine(subject))
		.replace('*** BLURB HERE ***', () => text.trimEnd());
	return Buffer.from(letter);
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

function lines(out: Buffer): string[] {
	return out.toString().split('\n').filter(Boolean);
}

/** What git calls the same change wherever it stands. */
async function patchId(git: GitRunner, commit: string): Promise<string> {
	const diff = await git.output(['diff-tree', '-p', '--no-color', '--root', commit]);
	const chunks: Buffer[] = [];
	await git.stream(
		['patch-id', '--stable'],
		(chunk) => {
			chunks.push(chunk);
			return undefined;
		},
		diff,
	);
	return Buffer.concat(chunks).toString().split(' ')[0] ?? '';
}
