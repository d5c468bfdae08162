/**
 * What one device tree source file says of nodes, as a flat list of statements: a tolerant scanner,
 * not dtc. Kept is what tells which devices a board has and who refers to whom: nodes with their
 * labels, `compatible`, `status`, the references of `iommus` and its kin, deletions and includes.
 *
 * Stated limits: every branch of a preprocessor conditional is read, in order; macros are not
 * expanded (string literals in their definitions are kept, so that nobody mistakes a device that
 * comes out of a macro for one that is not there). Odd input never throws, and time is linear.
 */

/** Raised whenever what is read of device trees or defconfigs changes; part of the cache key. */
export const DEVICE_TREE_VERSION = 1;

/** A statement; lines are 1-based. A tuple, since a kernel has a million of them. */
export type Statement =
	/** A node is opened: its name (`/` for the root), its labels. */
	| readonly ['node', name: string, labels: readonly string[], line: number]
	/** A node is opened by reference: a label, or a path from `&{/soc/foo}`. */
	| readonly ['ref', target: string, labels: readonly string[], line: number]
	| readonly ['end']
	| readonly ['compatible', strings: readonly string[], line: number]
	/** `status`; undefined where it is no string. */
	| readonly ['status', value: string | null, line: number]
	/**
	 * References by label or path: the IOMMUs of the node (`iommus`, `iommu-map`), or its masters
	 * (`mmu-masters`, the old binding of the ARM SMMU).
	 */
	| readonly ['refers', property: string, targets: readonly string[], line: number]
	| readonly ['delete-node', target: string, byLabel: boolean]
	| readonly ['delete-property', name: string]
	/** `local`: written in quotes, so looked for beside the file first. */
	| readonly ['include', path: string, local: boolean, line: number]
	/** String literals in the definition of a macro. */
	| readonly ['macro', strings: readonly string[], line: number]
	/** Something that was not understood: what follows may be wrong. */
	| readonly ['odd', why: string, line: number];

const KEPT: ReadonlySet<string> = new Set([
	'compatible',
	'status',
	'iommus',
	'iommu-map',
	'mmu-masters',
]);

/** Scans a file. The statements of nodes that say nothing of interest are left out. */
export function scanDeviceTree(text: string): Statement[] {
	return new Scanner(text).scan();
}

const NEWLINE = 10;
const QUOTE = 34;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;

/** Characters of names of nodes and properties, after the Devicetree Specification, and `#` and `?`. */
const NAME = /[\w,.+*#?@-]+/y;
const DIRECTIVE =
	/#[ \t]*(include|define|undef|ifdef|ifndef|if|elif|else|endif|error|warning|pragma|line)\b(?!-)/y;
const WORD = /\/(include|delete-node|delete-property|[a-z][\w-]*)\//y;

class Scanner {
	readonly #text: string;
	readonly #found: Statement[] = [];
	#at = 0;
	#line = 1;
	/** True when nothing but white space came since the last newline. */
	#fresh = true;
	#depth = 0;

	constructor(text: string) {
		this.#text = text;
	}

	scan(): Statement[] {
		let labels: string[] = [];
		while (this.#skip()) {
			const line = this.#line;
			const c = this.#text[this.#at] ?? '';
			if (c === '{' || c === '}') {
				this.#at++;
				if (c === '{') this.#open(['node', '', labels, line]);
				else this.#close(line);
				labels = [];
			} else if (c === '/') {
				this.#slash(labels, line);
				labels = [];
			} else if (c === '&') {
				const target = this.#reference();
				if (this.#next() === '{') {
					this.#at++;
					this.#open(['ref', target, labels, line]);
				}
				labels = [];
			} else {
				const name = this.#match(NAME);
				if (name === '') {
					// White space, `;`, and what belongs to no statement.
					this.#character();
					if (c === ';') labels = [];
				} else if (this.#next() === ':') {
					this.#at++;
					labels.push(name);
				} else {
					this.#named(name, labels, line);
					labels = [];
				}
			}
		}
		if (this.#depth > 0) this.#found.push(['odd', 'a node is not closed', this.#line]);
		return this.#found;
	}

	/** What begins with a name: a node, a property, or the use of a macro. */
	#named(name: string, labels: string[], line: number): void {
		const c = this.#next();
		if (c === '{') {
			this.#at++;
			this.#open(['node', name, labels, line]);
		} else if (c === '=') {
			this.#at++;
			this.#value(name, line);
		} else if (c === '(') {
			this.#parentheses();
		}
	}

	#slash(labels: string[], line: number): void {
		const word = this.#match(WORD);
		if (word === '') {
			this.#at++;
			if (this.#next() !== '{') return;
			this.#at++;
			this.#open(['node', '/', labels, line]);
			return;
		}
		if (word === '/include/') {
			this.#next();
			const path = this.#text[this.#at] === '"' ? this.#string() : '';
			if (path === '') this.#found.push(['odd', 'an include without a name', line]);
			else this.#found.push(['include', path, true, line]);
		} else if (word === '/delete-node/') {
			const byLabel = this.#next() === '&';
			const target = byLabel ? this.#reference() : this.#match(NAME);
			if (target !== '') this.#found.push(['delete-node', target, byLabel]);
		} else if (word === '/delete-property/') {
			this.#next();
			const name = this.#match(NAME);
			if (KEPT.has(name)) this.#found.push(['delete-property', name]);
		}
		// /dts-v1/, /plugin/, /omit-if-no-ref/, /bits/ and /memreserve/ change nothing that is asked.
	}

	#open(statement: Statement): void {
		this.#depth++;
		this.#found.push(statement);
	}

	#close(line: number): void {
		if (this.#depth === 0) {
			this.#found.push(['odd', 'a brace too many', line]);
			return;
		}
		this.#depth--;
		const last = this.#found.at(-1);
		// A node that says nothing is kept for its labels: somebody may add to it.
		if (last?.[0] === 'node' && last[2].length === 0 && last[1] !== '/') this.#found.pop();
		else if (last?.[0] === 'ref' && last[2].length === 0) this.#found.pop();
		else this.#found.push(['end']);
	}

	/** The value of a property, to its semicolon. */
	#value(name: string, line: number): void {
		const kept = KEPT.has(name);
		const strings: string[] = [];
		const targets: string[] = [];
		while (this.#skip()) {
			const c = this.#text[this.#at];
			if (c === ';') {
				this.#at++;
				break;
			}
			if (c === '{' || c === '}') {
				this.#found.push(['odd', `the value of ${name.slice(0, 40)} does not end`, line]);
				break;
			}
			if (c === '"') {
				const string = this.#string();
				if (kept) strings.push(string);
			} else if (c === '&') {
				const target = this.#reference();
				if (kept) targets.push(target);
			} else this.#character();
		}
		if (!kept) return;
		if (name === 'compatible') this.#found.push(['compatible', strings, line]);
		else if (name === 'status') this.#found.push(['status', strings[0] ?? null, line]);
		else this.#found.push(['refers', name, targets, line]);
	}

	/** At `&`: the label, or the path in braces. */
	#reference(): string {
		this.#at++;
		if (this.#text[this.#at] !== '{') return this.#match(NAME);
		const from = ++this.#at;
		while (this.#at < this.#text.length && !/[}\n;]/.test(this.#text[this.#at] ?? '')) this.#at++;
		const path = this.#text.slice(from, this.#at);
		if (this.#text[this.#at] === '}') this.#at++;
		return path;
	}

	/** At a quote: the string, as dtc reads it, newlines included. */
	#string(): string {
		const from = ++this.#at;
		for (; this.#at < this.#text.length; this.#at++) {
			const c = this.#text.charCodeAt(this.#at);
			if (c === QUOTE) return this.#text.slice(from, this.#at++);
			if (c === BACKSLASH) this.#at++;
			if (this.#text.charCodeAt(this.#at) === NEWLINE) this.#line++;
		}
		this.#found.push(['odd', 'a string does not end', this.#line]);
		return this.#text.slice(from);
	}

	#parentheses(): void {
		let depth = 0;
		while (this.#skip()) {
			const c = this.#text[this.#at];
			if (c === '"') this.#string();
			else this.#at++;
			if (c === '(') depth++;
			else if (c === ')' && --depth === 0) return;
			else if (c === '{' || c === '}' || c === ';') return;
		}
	}

	/** Passes what belongs to no token, a string as a whole. */
	#character(): void {
		if (this.#text[this.#at] === '"') this.#string();
		else this.#at++;
	}

	#match(pattern: RegExp): string {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0] ?? '';
		this.#at += found.length;
		if (found !== '') this.#fresh = false;
		return found;
	}

	/** The next character of a token. */
	#next(): string {
		return this.#skip() ? (this.#text[this.#at] ?? '') : '';
	}

	/** Passes white space, comments and preprocessor lines; false at the end. */
	#skip(): boolean {
		const text = this.#text;
		while (this.#at < text.length) {
			const c = text.charCodeAt(this.#at);
			if (c === NEWLINE) {
				this.#line++;
				this.#fresh = true;
				this.#at++;
			} else if (c <= 32) this.#at++;
			else if (c === SLASH && text.charCodeAt(this.#at + 1) === SLASH) this.#toEndOfLine();
			else if (c === SLASH && text.charCodeAt(this.#at + 1) === STAR) this.#comment();
			else if (c === 35 && this.#fresh && this.#directive()) continue;
			else {
				this.#fresh = false;
				return true;
			}
		}
		return false;
	}

	#comment(): void {
		const end = this.#text.indexOf('*/', this.#at + 2);
		const to = end < 0 ? this.#text.length : end + 2;
		for (; this.#at < to; this.#at++) {
			if (this.#text.charCodeAt(this.#at) === NEWLINE) this.#line++;
		}
	}

	/** The rest of the line with those that a backslash joins to it. */
	#toEndOfLine(): string {
		const from = this.#at;
		for (;;) {
			const end = this.#text.indexOf('\n', this.#at);
			this.#at = end < 0 ? this.#text.length : end;
			const joined = end > 0 && this.#text.charCodeAt(end - 1) === BACKSLASH;
			if (!joined) return this.#text.slice(from, this.#at);
			this.#line++;
			this.#at++;
		}
	}

	#directive(): boolean {
		DIRECTIVE.lastIndex = this.#at;
		const word = DIRECTIVE.exec(this.#text)?.[1];
		if (word === undefined) return false;
		const line = this.#line;
		const rest = this.#toEndOfLine();
		if (word === 'include') {
			const [, quote, named] = /^#[ \t]*include[ \t]*(["<])([^">]+)[">]/.exec(rest) ?? [];
			if (named === undefined) this.#found.push(['odd', 'an include by a macro', line]);
			else this.#found.push(['include', named, quote === '"', line]);
		} else if (word === 'define' && rest.includes('"')) {
			const strings = [...rest.matchAll(/"([^"\\]*)"/g)].map((match) => match[1] ?? '');
			this.#found.push(['macro', strings, line]);
		}
		return true;
	}
}
