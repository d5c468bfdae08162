/**
 * What one device tree source file says of nodes, as a flat list of statements: a tolerant scanner,
 * not dtc. Kept is what tells which devices a board has and who refers to whom: nodes with their
 * labels, `compatible`, `status`, the references of `iommus` and its kin, deletions and includes.
 *
 * Stated limits: every branch of a preprocessor conditional is read, in order; macros are not
 * expanded (string literals in their definitions are kept, so that nobody mistakes a device that
 * comes out of a macro for one that is not there). Odd input never throws, and time is linear.
 */

import {
	AMPERSAND,
	BEGIN,
	CLOSING,
	COLON,
	DeviceTreeBytes,
	END,
	EQUALS,
	MINUS,
	OPENING,
	QUOTE,
	SEMICOLON,
	SLASH,
} from './device-tree-bytes.ts';
import { CODE, type DeviceTreeFile, StatementWriter } from './device-tree-code.ts';
import type { Words } from './device-tree-words.ts';

/** Raised whenever what is read of device trees or defconfigs changes; part of the cache key. */
export const DEVICE_TREE_VERSION = 1;

/** Properties whose values are kept. */
const KEPT = ['compatible', 'status', 'iommus', 'iommu-map', 'mmu-masters'];
const DIRECTIVES = [
	'include',
	'define',
	'undef',
	'ifdef',
	'ifndef',
	'if',
	'elif',
	'else',
	'endif',
	'error',
	'warning',
	'pragma',
	'line',
];

/** Scans files, one after the other; what they name has the same numbers in all of them. */
export class DeviceTreeScanner {
	readonly #writer: StatementWriter;

	constructor(words: Words) {
		this.#writer = new StatementWriter(words);
	}

	/**
	 * Scans a file. The statements of nodes that say nothing of interest are left out.
	 * @param bytes of the file, read as Latin-1: a kernel has 30 MB of them, and what is kept is a fraction
	 */
	scan(bytes: Uint8Array): DeviceTreeFile {
		new Scan(bytes, this.#writer).run();
		return this.#writer.finish();
	}

	/** A file that is a link stands for the one it leads to. */
	link(target: string): DeviceTreeFile {
		this.#writer.add(CODE.include, 1, this.#writer.words.of(target), true);
		return this.#writer.finish();
	}
}

/** A node that was opened and has said nothing yet. */
interface Opened {
	readonly byName: boolean;
	/** Where its name or what it refers to is. */
	readonly from: number;
	readonly to: number;
	readonly labels: readonly number[];
	readonly line: number;
}

/** No labels; never added to. */
const NONE: number[] = [];

class Scan extends DeviceTreeBytes {
	readonly #writer: StatementWriter;
	readonly #words: Words;
	/** Nodes around this place of which nothing is found yet: most never say anything that is kept. */
	#silent: Opened[] = [];
	#depth = 0;

	constructor(bytes: Uint8Array, writer: StatementWriter) {
		super(bytes);
		this.#writer = writer;
		this.#words = writer.words;
	}

	run(): void {
		const bytes = this.bytes;
		let labels = NONE;
		while (this.skip()) {
			const line = this.line;
			const from = this.at;
			const c = bytes[from] ?? 0;
			if (this.isName()) {
				const to = this.passName();
				if (this.next() === COLON) {
					this.at++;
					const label = this.#word(from, to);
					// One that was given to a node stays as it is.
					if (labels.length === 0) labels = [label];
					else labels.push(label);
				} else {
					this.#named(from, to, labels, line);
					labels = NONE;
				}
			} else if (c === BEGIN || c === END) {
				this.at++;
				if (c === BEGIN) this.#open({ byName: true, from, to: from, labels, line });
				else this.#close(line);
				labels = NONE;
			} else if (c === SLASH) {
				this.#slash(labels, line);
				labels = NONE;
			} else if (c === AMPERSAND) {
				const [start, to] = this.reference();
				if (this.next() === BEGIN) {
					this.at++;
					this.#open({ byName: false, from: start, to, labels, line });
				}
				labels = NONE;
			} else {
				// `;`, and what belongs to no statement.
				this.#character();
				if (c === SEMICOLON) labels = NONE;
			}
		}
		if (this.#depth > 0) this.odd('a node is not closed', this.line);
	}

	/** What begins with a name: a node, a property, or the use of a macro. */
	#named(from: number, to: number, labels: readonly number[], line: number): void {
		const c = this.next();
		if (c === BEGIN) {
			this.at++;
			this.#open({ byName: true, from, to, labels, line });
		} else if (c === EQUALS) {
			this.at++;
			const kept = this.oneOf(KEPT, from, to);
			if (kept === undefined) this.#passValue(from, to, line);
			else this.#value(kept, line);
		} else if (c === OPENING) {
			this.#parentheses();
		}
	}

	#slash(labels: readonly number[], line: number): void {
		const from = this.at;
		const word = this.keyword();
		if (word === '') {
			this.at++;
			if (this.next() !== BEGIN) return;
			this.at++;
			this.#open({ byName: true, from, to: from + 1, labels, line });
			return;
		}
		if (word === 'include') {
			const path = this.next() === QUOTE ? this.#string() : this.#words.of('');
			if (this.#words.text(path) === '') this.odd('an include without a name', line);
			else this.#add(CODE.include, line, path, true);
		} else if (word === 'delete-node') {
			const byLabel = this.next() === AMPERSAND;
			const [start, to] = byLabel ? this.reference() : [this.at, this.passName()];
			if (to > start) this.#add(CODE.deleteNode, 0, this.#word(start, to), byLabel);
		} else if (word === 'delete-property') {
			this.next();
			const name = this.oneOf(KEPT, this.at, this.passName());
			if (name !== undefined) this.#add(CODE.deleteProperty, 0, this.#words.of(name));
		}
		// /dts-v1/, /plugin/, /omit-if-no-ref/, /bits/ and /memreserve/ change nothing that is asked.
	}

	#open(node: Opened): void {
		this.#depth++;
		this.#silent.push(node);
	}

	#close(line: number): void {
		if (this.#depth === 0) {
			this.odd('a brace too many', line);
			return;
		}
		this.#depth--;
		const silent = this.#silent.at(-1);
		// A node that says nothing is kept for its labels: somebody may add to it.
		if (silent !== undefined && silent.labels.length === 0 && !this.#isRoot(silent)) {
			this.#silent.pop();
		} else this.#add(CODE.end, 0);
	}

	#isRoot({ byName, from, to }: Opened): boolean {
		return byName && to - from === 1 && this.bytes[from] === SLASH;
	}

	/** Adds a statement, behind the nodes that it is in. */
	#add(kind: number, line: number, subject = 0, flag = false, words: readonly number[] = []): void {
		for (const { byName, from, to, labels, line: opened } of this.#silent) {
			const code = byName ? CODE.node : CODE.ref;
			this.#writer.add(code, opened, this.#word(from, to), false, labels);
		}
		if (this.#silent.length > 0) this.#silent = [];
		this.#writer.add(kind, line, subject, flag, words);
	}

	protected override odd(why: string, line: number): void {
		this.#add(CODE.odd, line, this.#words.of(why));
	}

	/** The value of a property that is kept, to its semicolon. */
	#value(name: string, line: number): void {
		const strings: number[] = [];
		const targets: number[] = [];
		while (this.skip()) {
			const c = this.bytes[this.at];
			if (c === SEMICOLON) {
				this.at++;
				break;
			}
			if (c === BEGIN || c === END) {
				this.#endless(name, line);
				break;
			}
			if (c === QUOTE) strings.push(this.#string());
			else if (c === AMPERSAND) {
				const [from, to] = this.reference();
				targets.push(this.#word(from, to));
			} else this.at++;
		}
		if (name === 'compatible') this.#add(CODE.compatible, line, 0, false, strings);
		else if (name === 'status') this.#add(CODE.status, line, strings[0], strings.length > 0);
		else this.#add(CODE.refers, line, this.#words.of(name), false, targets);
	}

	/** Passes the value of a property that is not kept: most of what is in these files. */
	#passValue(from: number, to: number, line: number): void {
		for (;;) {
			this.passToMark();
			if (!this.skip()) return;
			// A comment or a directive may have been passed.
			const c = this.bytes[this.at];
			if (c === SEMICOLON) {
				this.at++;
				return;
			}
			if (c === BEGIN || c === END) {
				this.#endless(this.text(from, to), line);
				return;
			}
			if (c === AMPERSAND) this.reference();
			else this.#character();
		}
	}

	#endless(name: string, line: number): void {
		this.odd(`the value of ${name.slice(0, 40)} does not end`, line);
	}

	/** At a quote: the string, as dtc reads it, newlines included. */
	#string(): number {
		const from = this.at + 1;
		return this.#word(from, this.passString());
	}

	#parentheses(): void {
		let depth = 0;
		while (this.skip()) {
			const c = this.bytes[this.at];
			this.#character();
			if (c === OPENING) depth++;
			else if (c === CLOSING && --depth === 0) return;
			else if (c === BEGIN || c === END || c === SEMICOLON) return;
		}
	}

	/** Passes what belongs to no token, a string as a whole. */
	#character(): void {
		if (this.bytes[this.at] === QUOTE) this.passString();
		else this.at++;
	}

	protected override directive(): boolean {
		const bytes = this.bytes;
		const start = this.at;
		let from = start + 1;
		while (bytes[from] === 32 || bytes[from] === 9) from++;
		const to = this.endOfWord(from);
		const word = bytes[to] === MINUS ? undefined : this.oneOf(DIRECTIVES, from, to);
		if (word === undefined) return false;
		const line = this.line;
		const quoted = this.toEndOfLine();
		if (word === 'include') {
			const rest = this.text(start, this.at);
			const [, quote, named] = /^#[ \t]*include[ \t]*(["<])([^">]+)[">]/.exec(rest) ?? [];
			if (named === undefined) this.odd('an include by a macro', line);
			else this.#add(CODE.include, line, this.#words.of(named), quote === '"');
		} else if (word === 'define' && quoted) {
			const rest = this.text(start, this.at);
			const strings = [...rest.matchAll(/"([^"\\]*)"/g)].map((match) =>
				this.#words.of(match[1] ?? ''),
			);
			this.#add(CODE.macro, line, 0, false, strings);
		}
		return true;
	}

	#word(from: number, to: number): number {
		return this.#words.at(this.bytes, from, to);
	}
}
