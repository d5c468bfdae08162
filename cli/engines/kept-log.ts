/**
 * The records of a log, kept in the user's cache under exactly what they follow from: commits never change,
 * so the same question about the same commits has the same answer, and nothing is read for it again.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FactsCache } from '../../cache/facts-cache.ts';
import { keptLines, LineKeeper } from '../../cache/kept-lines.ts';
import type { Profile } from '../../src/driver/profile.ts';
import type { GitRunner } from '../../src/git/process.ts';
import { readShallow } from '../../src/git/shallow.ts';
import type { LogRecord } from '../../src/history/log-report.ts';
import type { Release } from '../../src/kernel/releases.ts';

/**
 * Raised whenever a log says something else of the same commits; what extraction and linking say is in the
 * versions of the cache itself.
 */
const LOG_VERSION = 3;

/** What a log follows from besides what the objects of the clone say. */
export interface LogQuestion {
	readonly profiles: readonly Profile[];
	readonly paths: readonly string[];
	/** The revisions as they were named. */
	readonly rev: readonly string[];
	/** Ids of the commits that are walked, and of those before which nothing is told. */
	readonly tips: readonly string[];
	readonly from: readonly string[];
	/** They decide which release is the first. */
	readonly releases: readonly Release[];
}

/** What of the clone is no object, and still bears on what git says of its history. */
interface CloneState {
	/** Where its objects and refs are. */
	readonly folder: string;
	readonly git: string;
	readonly shallow: readonly string[];
	/** `info/grafts`, by which git replaces parents. */
	readonly grafts: string;
}

const FILES = ['shallow', 'info/grafts'];

async function stateOf(git: GitRunner): Promise<CloneState> {
	const [version, paths] = await Promise.all([
		git.output(['version']),
		git.output(['rev-parse', '--git-common-dir', ...FILES.flatMap((one) => ['--git-path', one])]),
	]);
	const [folder = '', shallow = '', grafts = ''] = paths
		.toString()
		.split('\n')
		.map((path) => resolve(git.where, path));
	return {
		folder,
		git: version.toString().trim(),
		shallow: await readShallow(shallow),
		grafts: await readFile(grafts, 'utf8').catch(() => ''),
	};
}

/** The first lines; none of what nobody here has kept. */
function begin(frames: Iterator<string[]>): string[] {
	try {
		return frames.next().value ?? [];
	} catch {
		return [];
	}
}

function digest(value: unknown): string {
	return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** The log that a question was answered with, and the place for the one it is answered with now. */
export class KeptLog {
	readonly #cache: FactsCache;
	readonly #git: GitRunner;
	readonly #question: LogQuestion;
	readonly #state: CloneState;
	#keeper: LineKeeper | undefined;
	/** Whether nothing like it was ever answered: then hardly a source will have been read. */
	isNew = false;

	private constructor(cache: FactsCache, git: GitRunner, question: LogQuestion, state: CloneState) {
		this.#cache = cache;
		this.#git = git;
		this.#question = question;
		this.#state = state;
	}

	static async open(cache: FactsCache, git: GitRunner, question: LogQuestion): Promise<KeptLog> {
		return new KeptLog(cache, git, question, await stateOf(git));
	}

	/** One entry for what is asked of a clone: an answer about older commits makes room for the new one. */
	get #slot(): string {
		const { profiles, paths, rev } = this.#question;
		const ids = profiles.map(({ id }) => id);
		return `log:${digest([this.#state.folder, ids, paths, rev])}`;
	}

	/** Everything that the answer follows from. */
	#exact(state: CloneState): string {
		const { profiles, paths, tips, from, releases } = this.#question;
		const read = profiles.map(({ id, folders, files, callers }) => [id, folders, files, callers]);
		const names = releases.map(({ name, commit }) => [name, commit]);
		return digest([LOG_VERSION, state, read, paths, tips, from, names]);
	}

	/**
	 * Gives the records that are kept to `take`, in their order.
	 * @returns false where there are none for this question
	 */
	async replay(take: (record: LogRecord) => void | Promise<void>): Promise<boolean> {
		const value = this.#cache.getMany([this.#slot]).get(this.#slot);
		this.isNew = value === undefined;
		if (value === undefined) return false;
		const frames = keptLines(value);
		const [exact, ...first] = begin(frames);
		if (exact !== this.#exact(this.#state)) return false;
		for (const line of first) await take(JSON.parse(line));
		for (const lines of frames) for (const line of lines) await take(JSON.parse(line));
		return true;
	}

	/** Takes the next record of the answer. */
	add(record: LogRecord): void {
		if (this.#keeper === undefined) {
			this.#keeper = new LineKeeper();
			this.#keeper.add(this.#exact(this.#state));
		}
		this.#keeper.add(JSON.stringify(record));
	}

	/** Keeps what was added, all of the answer; resolves when it is written, or could not be. */
	async keep(): Promise<void> {
		const value = this.#keeper?.done();
		if (value === undefined) return;
		// Somebody may have deepened the clone meanwhile.
		if (this.#exact(await stateOf(this.#git)) !== this.#exact(this.#state)) return;
		await this.#cache.putMany([[this.#slot, value]]);
	}
}
