/** A repository whose commits a test writes one by one: messages may name the ids of those before. */
import { execFileSync } from 'node:child_process';
import type { File } from './pick/threesomes.ts';

export interface WrittenCommit {
	/** The first parent; a root when left out. */
	readonly on?: string;
	/** Further parents. */
	readonly merges?: readonly string[];
	readonly subject: string;
	readonly body?: string;
	readonly author?: string;
	/** Author date, seconds since 2020. */
	readonly at?: number;
	/** Files that it sets; undefined takes one away. */
	readonly files?: Readonly<Record<string, File | undefined>>;
}

const START = 1_577_836_800;

export class WrittenHistory {
	readonly dir: string;
	#made = 0;

	private constructor(dir: string) {
		this.dir = dir;
	}

	/** A repository that is there. */
	static at(dir: string): WrittenHistory {
		return new WrittenHistory(dir);
	}

	/** Makes a bare repository at `dir`. */
	static make(dir: string): WrittenHistory {
		const made = new WrittenHistory(dir);
		const { env } = made;
		execFileSync('git', ['init', '-q', '--bare', '--initial-branch=master', dir], { env });
		return made;
	}

	get env(): Record<string, string> {
		return { PATH: process.env.PATH ?? '', HOME: this.dir, GIT_CONFIG_NOSYSTEM: '1' };
	}

	git(args: readonly string[], input = ''): string {
		const options = { env: this.env, input, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
		return execFileSync('git', ['-C', this.dir, ...args], options).trim();
	}

	/** Writes a commit and returns its id; every one is a minute later than the one before. */
	commit(one: WrittenCommit): string {
		const now = ++this.#made * 60;
		const author = one.author ?? 'A U Thor';
		const message = `${one.subject}\n${one.body === undefined ? '' : `\n${one.body}\n`}`;
		const parts = [
			`commit refs/written/last\nmark :1\nauthor ${author} <a@example.org> ${START + (one.at ?? now)} +0000\n`,
			`committer C Ommitter <c@example.org> ${START + now} +0000\n`,
			`data ${Buffer.byteLength(message)}\n${message}\n`,
			one.on === undefined ? '' : `from ${one.on}\n`,
			...(one.merges ?? []).map((parent) => `merge ${parent}\n`),
		];
		for (const [path, text] of Object.entries(one.files ?? {})) {
			parts.push(text === undefined ? `D ${path}\n` : setting(path, text));
		}
		parts.push('\nget-mark :1\n');
		if (one.on === undefined) parts.unshift('reset refs/written/last\n');
		const out = this.git(['fast-import', '--quiet', '--force', '--cat-blob-fd=1'], parts.join(''));
		this.git(['update-ref', '-d', 'refs/written/last']);
		return out;
	}

	tag(name: string, commit: string): void {
		this.git(['update-ref', `refs/tags/${name}`, commit]);
	}

	branch(name: string, commit: string): void {
		this.git(['update-ref', `refs/heads/${name}`, commit]);
	}
}

/** What sets a file, as fast-import takes it. */
function setting(path: string, file: File): string {
	const { mode, text } = typeof file === 'string' ? { mode: '100644', text: file } : file;
	if (mode === '160000') return `M ${mode} ${text} ${path}\n`;
	return `M ${mode} inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
}
