/**
 * The C files of one tree, searched as text: which of its lines have one of some words, by `git grep`, and
 * the files themselves. For questions about a whole kernel tree, of which a few thousand files are looked at.
 */
import { failureOf, RangefinderError } from '../errors.ts';
import { type GitRunner, startFailure } from './process.ts';
import type { ObjectStore } from './store.ts';

/** A line that has a word that was searched for. */
export interface FoundLine {
	path: string;
	text: string;
}

export interface TextFile {
	blob: string;
	bytes: Uint8Array;
}

export interface Where {
	/** Only below these folders, without trailing slash; everywhere when left out. */
	folders?: readonly string[];
	/** True where the words are identifiers, and are looked for as such. */
	whole?: boolean;
}

/** The C files of a tree: names that end in `.c` or `.h`. */
export interface TreeText {
	/**
	 * The lines that have one of these words, in no order. Lines with a word inside of a longer one may be among
	 * them even where whole words are asked for.
	 */
	find(words: readonly string[], where?: Where): Promise<FoundLine[]>;
	/** Files by path; those that are not there are absent. */
	read(paths: readonly string[]): Promise<Map<string, TextFile>>;
	/** Files that could not be searched, as far as was noticed. */
	unread(): readonly string[];
}

/** Longer lines are cut: no call of a name is behind that. */
const LONGEST_LINE = 4096;
/** Lines beyond this are an error: a tree of machine-made files. */
const MOST_LINES = 2_000_000;
/** From this many words on one expression is faster than as many searches. */
const MANY_WORDS = 12;
/** Settings of a user that would change what `git grep` prints. */
const PLAIN = [
	'-a',
	'-z',
	'--no-color',
	'--no-line-number',
	'--no-column',
	'--full-name',
	'--no-textconv',
];

/** The text of the tree of a commit, read by git. */
export class GitTreeText implements TreeText {
	readonly #git: GitRunner;
	readonly #store: ObjectStore;
	readonly #tree: string;
	readonly #unread = new Set<string>();

	/** @param tree a commit or tree, by its full id */
	constructor(git: GitRunner, store: ObjectStore, tree: string) {
		this.#git = git;
		this.#store = store;
		this.#tree = tree;
	}

	async find(
		words: readonly string[],
		{ folders, whole = false }: Where = {},
	): Promise<FoundLine[]> {
		if (words.length === 0 || folders?.length === 0) return [];
		const below = folders?.flatMap((one) => [`:(glob)${one}/**/*.c`, `:(glob)${one}/**/*.h`]);
		const paths = below ?? ['*.c', '*.h'];
		if (!whole || words.length < MANY_WORDS) {
			return this.#grep(['-F', ...words.flatMap((word) => ['-e', word])], paths);
		}
		try {
			return await this.#grep(['-P', '-e', `\\b${trieOf(words)}`], paths);
		} catch (error) {
			// A git that was built without PCRE.
			const failure = failureOf(error);
			if (failure?.code !== 'git-failed' || !/PCRE|Perl/i.test(failure.what)) throw error;
			return this.#grep(['-E', '-e', `(${words.join('|')})`], paths);
		}
	}

	async #grep(patterns: readonly string[], paths: readonly string[]): Promise<FoundLine[]> {
		const args = [
			'--no-literal-pathspecs',
			'grep',
			...PLAIN,
			...patterns,
			this.#tree,
			'--',
			...paths,
		];
		const found: FoundLine[] = [];
		let rest = Buffer.alloc(0);
		const child = this.#git.start(args);
		child.stdin.on('error', () => {});
		child.stdin.end();
		const errors: Buffer[] = [];
		child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
		const ended = new Promise<number | null>((resolve, reject) => {
			child.on('error', (error) => reject(startFailure(this.#git.where, error)));
			child.on('close', resolve);
		});
		ended.catch(() => undefined);
		try {
			for await (const chunk of child.stdout) {
				const whole =
					rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
				const end = whole.lastIndexOf(10) + 1;
				addLines(found, whole.subarray(0, end).toString('latin1'), this.#tree.length + 1);
				rest = Buffer.from(whole.subarray(end));
				if (rest.length > 64 * LONGEST_LINE * 1024 || found.length > MOST_LINES) {
					throw this.#failed('the tree has too many lines with the words that are searched for');
				}
			}
			const code = await ended;
			const said = Buffer.concat(errors).toString();
			for (const one of said.matchAll(/^error: '[^:']*:([^']*)': unable to read/gm)) {
				this.#unread.add(one[1] ?? '');
			}
			// 1 says that there is no such line.
			if (code !== 0 && code !== 1) throw this.#failed(said.split('\n')[0] ?? 'git grep failed');
			return found;
		} finally {
			child.kill();
		}
	}

	#failed(what: string): RangefinderError {
		return new RangefinderError({ code: 'git-failed', where: this.#git.where, what });
	}

	async read(paths: readonly string[]): Promise<Map<string, TextFile>> {
		const ids = await this.#store.blobIds(this.#tree, paths);
		const blobs = await this.#store.blobs([...new Set(ids.filter((id) => id !== undefined))]);
		const files = new Map<string, TextFile>();
		for (const [i, path] of paths.entries()) {
			const blob = ids[i];
			const bytes = blob === undefined ? undefined : blobs.get(blob);
			if (blob !== undefined && bytes !== undefined) files.set(path, { blob, bytes });
			else if (blob !== undefined) this.#unread.add(path);
		}
		return files;
	}

	unread(): readonly string[] {
		return [...this.#unread].sort();
	}
}

/** Lines of `git grep -z TREE`: `tree:path NUL text`. */
function addLines(found: FoundLine[], text: string, prefix: number): void {
	for (const line of text.split('\n')) {
		const nul = line.indexOf('\0');
		if (nul === -1) continue;
		const path = line.slice(prefix, nul);
		found.push({ path, text: line.slice(nul + 1, nul + 1 + LONGEST_LINE) });
	}
}

/** Words as one expression that shares their beginnings: tried at each place of a text once, not once a word. */
function trieOf(words: readonly string[]): string {
	interface Node {
		ends: boolean;
		next: Map<string, Node>;
	}
	const root: Node = { ends: false, next: new Map() };
	for (const word of words) {
		let node = root;
		for (const char of word) {
			const next = node.next.get(char) ?? { ends: false, next: new Map() };
			node.next.set(char, next);
			node = next;
		}
		node.ends = true;
	}
	const print = ({ ends, next }: Node): string => {
		const all = [...next].map(([char, node]) => char + print(node));
		if (all.length === 0) return '';
		return all.length === 1 && !ends ? (all[0] ?? '') : `(?:${all.join('|')})${ends ? '?' : ''}`;
	};
	return print(root);
}

/** A tree with some of its files changed, added or (undefined) deleted. */
export class ChangedTreeText implements TreeText {
	readonly #tree: TreeText;
	readonly #changed: ReadonlyMap<string, TextFile | undefined>;

	constructor(tree: TreeText, changed: ReadonlyMap<string, TextFile | undefined>) {
		this.#tree = tree;
		this.#changed = changed;
	}

	async find(words: readonly string[], where: Where = {}): Promise<FoundLine[]> {
		const kept = (await this.#tree.find(words, where)).filter(
			({ path }) => !this.#changed.has(path),
		);
		return [...kept, ...linesWith(this.#changed, words, where)];
	}

	async read(paths: readonly string[]): Promise<Map<string, TextFile>> {
		const found = await this.#tree.read(paths.filter((path) => !this.#changed.has(path)));
		for (const path of paths) {
			const file = this.#changed.get(path);
			if (file !== undefined) found.set(path, file);
		}
		return found;
	}

	unread(): readonly string[] {
		return this.#tree.unread().filter((path) => !this.#changed.has(path));
	}
}

/** Lines of files in memory that have one of the words, as {@link TreeText.find} finds them. */
export function linesWith(
	files: ReadonlyMap<string, TextFile | undefined>,
	words: readonly string[],
	{ folders }: Where = {},
): FoundLine[] {
	const found: FoundLine[] = [];
	for (const [path, file] of files) {
		if (file === undefined || !/\.[ch]$/.test(path)) continue;
		if (folders?.every((one) => !path.startsWith(`${one}/`)) === true) continue;
		for (const text of Buffer.from(file.bytes).toString('latin1').split('\n')) {
			if (words.some((word) => text.includes(word)))
				found.push({ path, text: text.slice(0, LONGEST_LINE) });
		}
	}
	return found;
}
