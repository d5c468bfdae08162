/**
 * Reads what `git log --raw -z` prints in the format of {@link LOG_FORMAT}, as it comes. Fields end in NUL and
 * entries are counted, so that no name of a file, author or subject can be taken for anything else.
 */

/** What a file was and is: blob ids, undefined where there is none (a submodule is none). */
export interface FileChange {
	readonly path: string;
	readonly before: string | undefined;
	readonly after: string | undefined;
}

/** A commit as git log prints it. */
export interface LoggedCommit {
	readonly oid: string;
	/** As history simplification rewrites them: those among the commits of the same walk. */
	readonly parents: readonly string[];
	readonly author: string;
	readonly email: string;
	/** Author date, seconds since the epoch. */
	readonly authorDate: number;
	/** Committer date, seconds since the epoch. */
	readonly date: number;
	readonly subject: string;
	readonly changes: FileChange[];
}

/** For `--format`; needs `-z`. */
export const LOG_FORMAT = '%H%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%s';

const FIELDS = 7;
const LINE_FEED = 10;
const COLON = 58;
/** Modes of files: regular, executable, symbolic link. */
const FILE_MODE = /^(100|120)/;

/**
 * The name of a file: UTF-8, and bytes that are not as lone surrogates U+DC80 to U+DCFF, so that two names never
 * become one (PEP 383 does the same).
 */
export function fileName(bytes: Buffer): string {
	const text = bytes.toString();
	if (!text.includes('\ufffd') || Buffer.from(text).equals(bytes)) return text;
	let name = '';
	for (let at = 0; at < bytes.length; ) {
		const length = sequenceLength(bytes, at);
		if (length === 0) {
			name += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
			at++;
		} else {
			name += bytes.toString('utf8', at, at + length);
			at += length;
		}
	}
	return name;
}

/** Bytes of the valid UTF-8 sequence at `at`; 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
	for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
		const part = bytes.subarray(at, at + length);
		if (Buffer.from(part.toString()).equals(part)) return length;
	}
	return 0;
}

/** Cuts a stream into what stands between NULs. */
export class NulFields {
	#rest: Buffer = Buffer.alloc(0);
	readonly #take: (field: Buffer) => void;

	constructor(take: (field: Buffer) => void) {
		this.#take = take;
	}

	add(chunk: Buffer): void {
		const text = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		let start = 0;
		for (let end = text.indexOf(0); end >= 0; end = text.indexOf(0, start)) {
			this.#take(text.subarray(start, end));
			start = end + 1;
		}
		this.#rest = Buffer.from(text.subarray(start));
	}
}

/** One string for each id or name, however often it comes: history repeats them a great deal. */
export class Strings {
	readonly #known = new Map<string, string>();

	one(text: string): string {
		const known = this.#known.get(text);
		if (known !== undefined) return known;
		this.#known.set(text, text);
		return text;
	}
}

/** Reads raw entries: `:mode mode id id status`, then the name. Renames are not asked for, so one name each. */
export class RawEntries {
	readonly #strings: Strings;
	#before: string | undefined;
	#after: string | undefined;
	#open = false;

	constructor(strings: Strings) {
		this.#strings = strings;
	}

	/** Takes a field that belongs to an entry; false when it does not. */
	take(field: Buffer, changes: FileChange[]): boolean {
		if (this.#open) {
			this.#open = false;
			const path = this.#strings.one(fileName(field));
			changes.push({ path, before: this.#before, after: this.#after });
			return true;
		}
		// Between what was said of a commit and its first entry there is a line feed.
		const start = field[0] === LINE_FEED ? 1 : 0;
		if (field[start] !== COLON) return false;
		const words = field.toString('latin1', start + 1).split(' ');
		const [from = '', to = '', before = '', after = ''] = words;
		this.#before = FILE_MODE.test(from) ? this.#strings.one(before) : undefined;
		this.#after = FILE_MODE.test(to) ? this.#strings.one(after) : undefined;
		this.#open = true;
		return true;
	}
}

/** Commits from the output of git log; what is added last ends with {@link LogParser.end}. */
export class LogParser {
	readonly #take: (commit: LoggedCommit) => void;
	readonly #strings: Strings;
	readonly #entries: RawEntries;
	readonly #fields: NulFields;
	#head: string[] = [];
	#commit: LoggedCommit | undefined;

	constructor(take: (commit: LoggedCommit) => void, strings = new Strings()) {
		this.#take = take;
		this.#strings = strings;
		this.#entries = new RawEntries(strings);
		this.#fields = new NulFields((field) => this.#field(field));
	}

	add(chunk: Buffer): void {
		this.#fields.add(chunk);
	}

	end(): void {
		this.#finish();
	}

	#field(field: Buffer): void {
		if (this.#head.length > 0) {
			this.#head.push(field.toString());
			if (this.#head.length === FIELDS) this.#begin();
			return;
		}
		if (this.#commit !== undefined && this.#entries.take(field, this.#commit.changes)) return;
		if (field.length === 0) return;
		this.#finish();
		this.#head = [field.toString('latin1')];
	}

	#begin(): void {
		const [oid = '', parents = '', author = '', email = '', authored, committed, subject = ''] =
			this.#head;
		this.#head = [];
		this.#commit = {
			oid: this.#strings.one(oid),
			parents: parents === '' ? [] : parents.split(' ').map((one) => this.#strings.one(one)),
			author: this.#strings.one(author),
			email: this.#strings.one(email),
			authorDate: Number(authored),
			date: Number(committed),
			subject,
			changes: [],
		};
	}

	#finish(): void {
		if (this.#commit !== undefined) this.#take(this.#commit);
		this.#commit = undefined;
	}
}
