/**
 * What git itself makes of commits picked onto a target, in order: the proof that a set of them lands, and
 * the tree it gives. The clone is read through its objects only, and nothing is written into it: with git 2.37
 * and later not even the times of its files change (object-views.ts).
 */
import { resolve } from 'node:path';
import { RangefinderError } from '../errors.ts';
import { type GitRunner, gitFailure } from './process.ts';
import { makeProofFolder, type ProofWorld } from './proof-folder.ts';
import type { MadeObject } from './tree-pool.ts';

export interface ProofStep {
	/** The full id. */
	readonly commit: string;
	/** For a merge: the parent whose difference to the merge is picked, from 1. */
	readonly mainline?: number;
}

/** A change that is no commit of the clone: a tree made in memory, on a commit that the clone has. */
export interface MadeChange {
	/** The full id of the commit that it changes. */
	readonly parent: string;
	/** The id of the tree it makes. */
	readonly tree: string;
	/** What of the tree the clone does not have. */
	readonly objects: readonly MadeObject[];
	/** `Name <mail>`. */
	readonly author: string;
	readonly message: string;
}

/** What git said. */
export type Proof =
	/** All of it was applied; `tree` is the id of the tree it gives. */
	| { readonly result: 'applied'; readonly tree: string }
	/** git stopped at a commit; `paths` are those it could not merge. */
	| { readonly result: 'conflict'; readonly at: string; readonly paths: readonly string[] }
	/** A commit has nothing that is not there: git stops at it. */
	| { readonly result: 'empty'; readonly at: string }
	/** git refused to pick it: a merge without a mainline, say. */
	| { readonly result: 'refused'; readonly at: string; readonly why: string };

export interface ProofOptions {
	/** Further object folders, absolute, where objects that the clone leaves out were fetched to. */
	readonly objects?: readonly string[];
	/** Is given git in the folder where all was picked, HEAD being the last, before the folder goes. */
	readonly picked?: (git: GitRunner) => Promise<void>;
}

/** How often a proof begins anew because the clone is being packed. */
const TRIES = 5;

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Lets git pick commits onto a commit, one after the other (`git cherry-pick`, default options, no hooks,
 * filters, merge drivers or signing).
 * @param clone git in the repository that has the commits
 * @param target the full id of the commit to pick onto
 * @throws RangefinderError unknown-revision for what is no full id; object-missing, git-failed, git-missing
 */
export async function prove(
	clone: GitRunner,
	target: string,
	steps: readonly (ProofStep | MadeChange)[],
	world: ProofWorld,
	options: ProofOptions = {},
): Promise<Proof> {
	const named = steps.map((step) => ('tree' in step ? step.parent : step.commit));
	for (const revision of [target, ...named]) {
		if (OID.test(revision)) continue;
		throw new RangefinderError({ code: 'unknown-revision', revision, where: clone.where });
	}
	const answer = await clone.output([
		...['rev-parse', '--show-object-format', '--git-path', 'objects'],
	]);
	const [objectFormat = 'sha1', path = ''] = answer.toString().split('\n');
	const objects = {
		where: clone.where,
		objects: resolve(clone.where, path),
		fetched: options.objects ?? [],
		objectFormat,
	};
	for (let left = TRIES; ; left--) {
		const folder = await makeProofFolder(objects, world);
		try {
			const commits: ProofStep[] = [];
			for (const step of steps) {
				commits.push('tree' in step ? { commit: await commitOf(folder.git, step) } : step);
			}
			const proof = await pickAll(folder.git, target, commits);
			if (proof.result === 'applied') await options.picked?.(folder.git);
			return proof;
		} catch (error) {
			// A clone that was packed anew meanwhile is looked at again.
			if (left === 0 || !(await folder.isOutdated())) throw error;
		} finally {
			await folder.remove();
		}
	}
}

/** Makes a commit of a change, in the proof's own folder. */
async function commitOf(
	git: GitRunner,
	{ parent, tree, objects, author, message }: MadeChange,
): Promise<string> {
	for (const { type, oid, content } of objects) {
		const written = await writeObject(git, type, content);
		if (written === oid) continue;
		const what = `git names the ${type} ${oid} otherwise: ${written}`;
		throw new RangefinderError({ code: 'git-failed', where: git.where, what });
	}
	const date = (await git.output(['log', '-1', '--format=%at', parent])).toString().trim();
	const named = /^[^<>\n\0]+ <[^<>\s\0]+>$/.test(author) ? author : NOBODY;
	const head = `tree ${tree}\nparent ${parent}\nauthor ${named} ${date} +0000\n`;
	const text = `${head}committer ${NOBODY} ${date} +0000\n\n${message.replaceAll('\0', '')}`;
	return writeObject(git, 'commit', Buffer.from(text.endsWith('\n') ? text : `${text}\n`));
}

const NOBODY = 'Rangefinder <rangefinder@localhost>';

/** Writes an object into a folder of our own, and says its id. */
export async function writeObject(
	git: GitRunner,
	type: 'blob' | 'tree' | 'commit',
	content: Uint8Array,
): Promise<string> {
	const chunks: Buffer[] = [];
	await git.stream(
		['hash-object', '-t', type, '-w', '--stdin'],
		(chunk) => {
			chunks.push(chunk);
			return undefined;
		},
		content,
	);
	return Buffer.concat(chunks).toString().trim();
}

async function pickAll(
	git: GitRunner,
	target: string,
	steps: readonly ProofStep[],
): Promise<Proof> {
	await git.output(['update-ref', '--no-deref', 'HEAD', target]);
	await git.output(['read-tree', '-m', '-u', 'HEAD']);
	for (const { mainline, commits } of runsOf(steps)) {
		const which = mainline === undefined ? [] : ['-m', `${mainline}`];
		const { code, stderr } = await git.run(['cherry-pick', ...which, ...commits]);
		if (code !== 0) return stopped(git, commits, stderr, code);
	}
	const tree = await git.output(['rev-parse', '--verify', 'HEAD^{tree}']);
	return { result: 'applied', tree: tree.toString().trim() };
}

/** Commits that follow each other and take the same mainline are picked by one git. */
function runsOf(steps: readonly ProofStep[]): { mainline?: number; commits: string[] }[] {
	const runs: { mainline?: number; commits: string[] }[] = [];
	for (const { commit, mainline } of steps) {
		const last = runs.at(-1);
		if (last !== undefined && last.mainline === mainline) last.commits.push(commit);
		else runs.push({ ...(mainline === undefined ? {} : { mainline }), commits: [commit] });
	}
	return runs;
}

/** Why git stopped, and at which commit. */
async function stopped(
	git: GitRunner,
	commits: readonly string[],
	stderr: string,
	code: number | null,
): Promise<Proof> {
	const head = await git.run(['rev-parse', '--verify', '--quiet', 'CHERRY_PICK_HEAD']);
	const at = head.stdout.toString().trim();
	if (at !== '') {
		const unmerged = await git.output(['diff', '--name-only', '--diff-filter=U', '-z']);
		const paths = unmerged.toString().split('\0').filter(Boolean);
		if (paths.length > 0) return { result: 'conflict', at, paths };
		const index = await git.output(['write-tree']);
		const before = await git.output(['rev-parse', '--verify', 'HEAD^{tree}']);
		if (index.toString() === before.toString()) return { result: 'empty', at };
		return { result: 'conflict', at, paths };
	}
	const merge = commits.find((commit) => stderr.includes(commit));
	if (merge !== undefined && /mainline|is a merge|does not have parent/.test(stderr)) {
		const why = /^error: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim();
		return { result: 'refused', at: merge, why };
	}
	throw gitFailure(git.where, stderr, code);
}
