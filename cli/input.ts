/**
 * Reads what the user gave as a patch: a file or folder of mails or patches, standard input, a commit
 * or a range of commits of the repository. Where that holds several patches, one has to be chosen.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { failureOf, RangefinderError } from '../src/errors.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { messagesOf, messagesOfFile, messagesOfFolder, readMessages } from '../src/patch/intake.ts';
import type { ReadPatch } from '../src/patch/mail.ts';
import type { RawMessage } from '../src/patch/mbox.ts';
import { groupSeries } from '../src/patch/series.ts';
import type { EngineWorld } from './engine.ts';

/** Patches that are listed and kept; of an archive with more, one is named by its Message-ID. */
const MOST_PATCHES = 1000;

export interface InputPatches {
	/** The one that was chosen, or all of a series in order, without superseded versions. */
	patches: ReadPatch[];
	/** Names the input in messages. */
	where: string;
	/** The commit, when the input names one. */
	commit?: string;
	/** The message that a patch was read from; where they were asked for. */
	mails?: ReadonlyMap<ReadPatch, Uint8Array>;
}

interface Source {
	messages: AsyncIterable<RawMessage>;
	where: string;
	commit?: string;
	/** True when the order of the messages is the order of a series, as in a range of commits. */
	inOrder?: boolean;
}

/**
 * Reads the input. A file or folder of that name goes before a revision. `choice` is a number in the
 * list of patches, from 1, or a Message-ID. `keepMails` keeps the messages as they came.
 * @throws RangefinderError input-unreadable, unknown-revision, several-patches where they are no single
 * series, usage for a choice that is not there and for a series with gaps, and why a message cannot be
 * read where no patch was found
 */
export async function readInput(
	input: string,
	world: EngineWorld,
	store: ObjectStore | undefined,
	choice?: string,
	keepMails = false,
): Promise<InputPatches> {
	const { messages, where, commit, inOrder } = await sourceOf(input, world, store);
	const number = choice !== undefined && /^\d{1,9}$/.test(choice) ? Number(choice) : undefined;
	const id = number === undefined ? choice?.replace(/^<|>$/g, '') : undefined;
	const found: ReadPatch[] = [];
	const mails = new Map<ReadPatch, Uint8Array>();
	let problem: RangefinderError | undefined;
	for await (const one of readMessages(messages)) {
		if ('problem' in one) {
			if (problem === undefined || isSilent(problem)) problem = one.problem;
			continue;
		}
		for (const patch of one.patches) {
			if (id !== undefined && patch.messageId !== id) continue;
			found.push(patch);
			if (keepMails) mails.set(patch, one.bytes);
		}
		if (id !== undefined && found.length > 0) break;
		if (found.length > MOST_PATCHES) {
			throw usage(
				`${where}: more than ${MOST_PATCHES} patches`,
				'choose one with --patch MESSAGE-ID; range, tags and lint take all with --each',
			);
		}
	}
	const { series } = groupSeries(found);
	const patches = inOrder === true ? found : series.flatMap((one) => one.patches);
	if (patches.length === 0) {
		if (id !== undefined) throw usage(`${where}: no patch with the Message-ID ${id}`, 'check it');
		throw problem ?? new RangefinderError({ code: 'input-empty', where });
	}
	const chosen = {
		where,
		...(commit === undefined ? {} : { commit }),
		...(keepMails ? { mails } : {}),
	};
	if (number !== undefined) {
		const patch = patches[number - 1];
		if (patch !== undefined) return { ...chosen, patches: [patch] };
		throw usage(`${where}: no patch ${choice}`, `it has ${patches.length}, counted from 1`);
	}
	const [only] = series;
	if (inOrder !== true && patches.length > 1) {
		if (series.length > 1 || only === undefined) throw several(patches, where);
		if (only.missing.length > 0) {
			throw usage(
				`${where}: of ${only.total} patches it lacks ${only.missing.slice(0, 5).join(', ')}`,
				'give the whole series, or choose one with --patch N',
			);
		}
	}
	return { ...chosen, patches };
}

/** The failure of an input that should be one patch and is more. */
export function several(patches: readonly ReadPatch[], where: string): RangefinderError {
	const subjects = patches.map(({ subject }) => subject);
	return new RangefinderError({ code: 'several-patches', where, subjects });
}

/** Whether a failure says only that a message is no patch, as a cover letter is none. */
export function isSilent({ failure }: RangefinderError): boolean {
	return failure.code === 'no-patch' || failure.code === 'input-empty';
}

/**
 * The messages of an input. `most` is how many commits of a range a caller takes; one more is given where there are
 * more.
 */
export async function sourceOf(
	input: string,
	world: EngineWorld,
	store: ObjectStore | undefined,
	most: number = MOST_PATCHES,
): Promise<Source> {
	if (input === '-') {
		const where = 'standard input';
		return { messages: messagesOf(bytesOf(world.stdin), where), where };
	}
	const path = resolve(world.cwd, input);
	const kind = await kindOfInput(input, world);
	if (kind === 'file') return { messages: messagesOfFile(path, input), where: input };
	if (kind === 'folder') {
		return { messages: messagesOfFolder(path, input, world.env), where: input };
	}
	const commit = await store?.resolveCommit(input);
	if (store !== undefined && commit !== undefined) {
		return { messages: mailsOf(store, [commit]), where: input, commit };
	}
	const { commitsOfRange, isRange } = await import('../src/git/commit-range.ts');
	if (store !== undefined && isRange(input)) {
		const commits = await commitsOfRange(store.where, input, most, world.env);
		return { messages: mailsOf(store, commits), where: input, inOrder: true };
	}
	const where = store?.where ?? world.cwd;
	throw new RangefinderError({ code: 'unknown-revision', revision: input, where, orFile: true });
}

async function* bytesOf(stream: EngineWorld['stdin']): AsyncGenerator<Uint8Array> {
	for await (const chunk of stream) yield Buffer.from(chunk);
}

async function* mailsOf(
	store: ObjectStore,
	commits: readonly string[],
): AsyncGenerator<RawMessage> {
	for (const commit of commits) {
		const where = commit.slice(0, 12);
		try {
			yield { bytes: await store.patchOf(commit), where };
		} catch (error) {
			const failure = failureOf(error);
			if (failure === undefined) throw error;
			const problem = new RangefinderError(failure, { cause: error });
			yield { bytes: new Uint8Array(), where, problem };
		}
	}
}

/** What is at the path that an input may be; undefined when nothing is. @throws RangefinderError input-unreadable */
export async function kindOfInput(
	named: string,
	world: Pick<EngineWorld, 'cwd'>,
): Promise<'file' | 'folder' | undefined> {
	try {
		return (await stat(resolve(world.cwd, named))).isDirectory() ? 'folder' : 'file';
	} catch (error) {
		if (!(error instanceof Error && 'code' in error)) throw error;
		if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG') {
			return undefined;
		}
		throw new RangefinderError({
			code: 'input-unreadable',
			where: named,
			what: error.code === 'EACCES' ? 'permission denied' : error.message,
		});
	}
}

function usage(what: string, hint: string): RangefinderError {
	return new RangefinderError({ code: 'usage', what, hint });
}
