/**
 * What a bisection was told, kept in a file of the user's cache, so that one that was ended at any moment
 * goes on where it was. One line an answer, each written whole at the end of the file; what a death left
 * half written is left out. Answers are about commits, which never change: refs that moved leave them true.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
	appendFile,
	mkdir,
	readdir,
	readFile,
	rename,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from './bisect.ts';
import type { Sight } from './judge-predicate.ts';

/** An answer with what it rests on. */
export interface Told {
	readonly answer: Answer;
	readonly sights: readonly Sight[];
}

/** A revision as the user named it, and the commit that it was. */
export interface End {
	readonly side: 'good' | 'bad';
	readonly revision: string;
	readonly commit: string;
}

/** What makes a bisection the same one as another. */
export interface Question {
	/** The absolute path of the repository. */
	readonly repository: string;
	/** As the user named them: the commits they stand for may change. */
	readonly revisions: readonly Pick<End, 'side' | 'revision'>[];
	/** The predicate as it is printed, or the command; with all else that answers depend on. */
	readonly asks: string;
}

/** Raised whenever the form of the file changes. */
const FORMAT = 1;

/** Milliseconds; a month. */
const KEPT_FOR = 30 * 86_400_000;

interface Head {
	readonly format: number;
	readonly question: Question;
	readonly ends: readonly End[];
}

interface Line extends Told {
	readonly commit: string;
}

export class Journal {
	/** Answers by commit id: those of earlier runs, then those that were added. */
	readonly answers: Map<string, Told>;
	/** How many were added. */
	asked = 0;
	/** How many of them are of earlier runs. */
	readonly resumed: number;
	/** Ends that stood for other commits in the last run. */
	readonly moved: readonly { readonly was: End; readonly is: End }[];
	/** Why answers are no longer kept, where they are not. */
	lost: string | undefined;
	/** undefined: nothing is kept. */
	readonly #path: string | undefined;
	/** Writes go one after the other. */
	#writing: Promise<void> = Promise.resolve();

	private constructor(
		path: string | undefined,
		answers: Map<string, Told>,
		moved: readonly { readonly was: End; readonly is: End }[],
	) {
		this.#path = path;
		this.answers = answers;
		this.resumed = answers.size;
		this.moved = moved;
	}

	/** A journal that keeps nothing. */
	static unkept(): Journal {
		return new Journal(undefined, new Map(), []);
	}

	/**
	 * Opens the journal of a question, or begins one. A folder that cannot be written leaves the answers
	 * unkept, which {@link lost} says.
	 * @param folder where journals are
	 * @param reset leaves what was kept out
	 */
	static async open(
		folder: string,
		question: Question,
		ends: readonly End[],
		reset: boolean,
	): Promise<Journal> {
		const key = createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 32);
		const path = join(folder, `${key}.jsonl`);
		const kept = reset ? undefined : await readJournal(path, question);
		const moved = (kept?.head.ends ?? []).flatMap((was, i) => {
			const is = ends[i];
			return is === undefined || is.commit === was.commit ? [] : [{ was, is }];
		});
		const journal = new Journal(path, kept?.answers ?? new Map(), moved);
		if (kept?.whole !== true || moved.length > 0) {
			await journal.#begin(folder, path, { format: FORMAT, question, ends });
		}
		return journal;
	}

	/**
	 * Keeps an answer; resolves when it is written, or cannot be. What could not be told is not kept: what it
	 * takes may be there next time.
	 */
	async add(commit: string, told: Told): Promise<void> {
		this.answers.set(commit, told);
		this.asked++;
		const path = this.#path;
		if (path === undefined || told.answer === 'unknown') return;
		const line: Line = { commit, ...told };
		await this.#write(() => appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 }));
	}

	/** Writes the whole journal in place of the one that is there. */
	async #begin(folder: string, path: string, head: Head): Promise<void> {
		const lines = [...this.answers].map(([commit, told]): Line => ({ commit, ...told }));
		const text = [head, ...lines].map((value) => `${JSON.stringify(value)}\n`).join('');
		const fresh = `${path}.${randomBytes(4).toString('hex')}`;
		await this.#write(async () => {
			try {
				await mkdir(folder, { recursive: true });
				await removeOld(folder);
				await writeFile(fresh, text, { mode: 0o600 });
				await rename(fresh, path);
			} catch (error) {
				await rm(fresh, { force: true });
				throw error;
			}
		});
	}

	async #write(write: () => Promise<void>): Promise<void> {
		if (this.lost !== undefined) return;
		this.#writing = this.#writing.then(write).catch((error: unknown) => {
			this.lost = error instanceof Error ? error.message : String(error);
		});
		await this.#writing;
	}
}

/** Removes what nobody asked for in a month, and what a death while writing left. */
async function removeOld(folder: string): Promise<void> {
	const old = Date.now() - KEPT_FOR;
	for (const name of await readdir(folder)) {
		if (!/^[0-9a-f]{32}\.jsonl(\.[0-9a-f]{8})?$/.test(name)) continue;
		const path = join(folder, name);
		// Another run may have removed it meanwhile.
		const age = await stat(path).catch(() => undefined);
		if (age !== undefined && age.mtimeMs < old) await rm(path, { force: true });
	}
}

/** What is there; undefined when it is no journal of this question. */
async function readJournal(
	path: string,
	question: Question,
): Promise<{ head: Head; answers: Map<string, Told>; whole: boolean } | undefined> {
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch {
		return undefined;
	}
	const lines = text.split('\n');
	// The last line ends with a line end, or was not written whole.
	let whole = lines.pop() === '';
	const [first = '', ...rest] = lines;
	const head = parsed(first);
	if (!isHead(head) || JSON.stringify(head.question) !== JSON.stringify(question)) return undefined;
	const answers = new Map<string, Told>();
	for (const text of rest) {
		const line = parsed(text);
		if (isLine(line)) answers.set(line.commit, { answer: line.answer, sights: line.sights });
		else whole = false;
	}
	return { head, answers, whole };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isHead(value: unknown): value is Head {
	return (
		typeof value === 'object' &&
		value !== null &&
		'format' in value &&
		value.format === FORMAT &&
		'question' in value &&
		'ends' in value &&
		Array.isArray(value.ends)
	);
}

const ANSWERS: readonly unknown[] = ['good', 'bad', 'skip', 'unknown'] satisfies Answer[];

function isLine(value: unknown): value is Line {
	return (
		typeof value === 'object' &&
		value !== null &&
		'commit' in value &&
		typeof value.commit === 'string' &&
		'answer' in value &&
		ANSWERS.includes(value.answer) &&
		'sights' in value &&
		Array.isArray(value.sights)
	);
}
