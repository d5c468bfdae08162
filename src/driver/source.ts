/**
 * Kernel C made ready for a parser: comments, strings, directives and attributes are blanked at equal
 * length, so that every offset holds, and brackets are paired. Nothing is expanded.
 *
 * All directive lines are blanked and all branches of a conditional stay in the text one after
 * the other. Only where two branches open (or close) the same brackets (two headers of one function) does
 * the later branch lose those brackets. In drivers/iommu of v3.18, v4.12
 * and v6.12 the grammar alone loses 73, 67 and 63 functions; with attributes blanked and directives kept
 * 0, 1 and 0; this way none.
 */

/** One preprocessor line, continuation lines joined. */
export interface Directive {
	/** Offset of the line. */
	index: number;
	/** Offset of the end of its last line. */
	end: number;
	/** `ifdef`, `define`, … */
	name: string;
	/** What follows the name, white space folded, comments removed. */
	rest: string;
}

export interface Source {
	/** The source, one character a byte, with spaces for NUL and carriage return. */
	readonly text: string;
	/** The same length, blanked. String literals keep their quotes, their contents are spaces. */
	readonly code: string;
	/** Offset of the first character of each line. */
	readonly starts: readonly number[];
	/** For the offset of a bracket that of its partner, elsewhere and for odd ones -1. */
	readonly match: Int32Array;
	readonly directives: readonly Directive[];
	/** Of a fragment: offsets at which a block ends that began before it (blanked in `code`). */
	readonly closed: readonly number[];
	/** How many brackets are open at the end. */
	readonly unclosed: number;
	/** How many brackets have no partner. */
	readonly odd: number;
	/** Where the source ends; behind it a fragment has the brackets that close what it leaves open. */
	readonly limit: number;
}

const ATTRIBUTES =
	`init exit initdata initconst exitdata exitconst iomem user kernel devinit devexit devinitdata
	devinitconst cpuinit cpuinitdata meminit init_refok init_or_module initdata_or_module
	always_unused maybe_unused must_check weak ref refdata refconst cold hot percpu rcu force packed used
	deprecated pure attribute_const__ always_inline inline__ noreturn naked malloc read_mostly
	ro_after_init cacheline_aligned cacheline_aligned_in_smp sched kprobes visible private
	net_init net_exit latent_entropy nocast bitwise randomize_layout nonstring no_sanitize_address
	flatten noclone no_kcsan noendbr designated_init`
		.split(/\s+/)
		.join('|');

const ATTRIBUTES_WITH_ARGUMENTS =
	`acquires releases must_hold printf scanf aligned section attribute__ attribute
	counted_by counted_by_le counted_by_be cleanup free alias assume_aligned alloc_size diagnose_as guarded_by error warning
	cond_acquires cond_lock`
		.split(/\s+/)
		.join('|');

const ATTRIBUTE = new RegExp(
	`\\b(?:asmlinkage|noinline|notrace|noinline_for_stack|__visible|____cacheline_aligned(?:_in_smp)?|__(?:${ATTRIBUTES})|(__(?:${ATTRIBUTES_WITH_ARGUMENTS}))(?=\\s*\\())(?!\\w)`,
	'g',
);

const COMMENT_OR_LITERAL =
	/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n\\]*(?:\\[\s\S][^\n\\]*)*|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/g;

const DIRECTIVE = /^[ \t]*#[^\n\\]*(?:\\(?:[ \t]*\n)?[^\n\\]*)*/gm;

/** Spaces of the same length, line ends kept. */
function blank(text: string): string {
	const line = text.indexOf('\n');
	if (line === -1) return ' '.repeat(text.length);
	let blanked = ' '.repeat(line);
	for (let from = line + 1, to = 0; from <= text.length; from = to + 1) {
		to = text.indexOf('\n', from);
		if (to === -1) to = text.length;
		blanked += `\n${' '.repeat(to - from)}`;
	}
	return blanked;
}

/** Bytes as text with one character a byte, so that offsets and columns are those of the file. */
export function decode(source: Uint8Array | string): string {
	const text =
		typeof source === 'string'
			? source
			: Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString('latin1');
	return text.includes('\0') || text.includes('\r') ? text.replace(/[\0\r]/g, ' ') : text;
}

/** Offsets of the first character of each line; a line feed at the very end starts no line. */
function lineStarts(text: string): number[] {
	const starts = text.length > 0 ? [0] : [];
	for (let at = text.indexOf('\n'); at !== -1 && at + 1 < text.length; ) {
		starts.push(at + 1);
		at = text.indexOf('\n', at + 1);
	}
	return starts;
}

/** The 1-based line of an offset. */
export function lineAt(source: Source, index: number): number {
	const { starts } = source;
	let low = 0;
	let high = starts.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((starts[middle] ?? 0) <= index) low = middle + 1;
		else high = middle;
	}
	return Math.max(1, low);
}

/** A text that keeps nothing else in memory, as a slice of a text keeps all of it. */
export function ownCopy(text: string): string {
	return ` ${text}`.slice(1);
}

/** White space folded to single spaces and trimmed. */
export function fold(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

/** The text between two offsets without comments, white space folded; strings are whole. */
export function textOf(source: Source, from: number, to: number): string {
	const text = source.text.slice(from, to);
	const plain = text.includes('/') || text.includes('#') ? withoutComments(text) : text;
	return fold(plain.includes('#') ? plain.replace(DIRECTIVE, ' ') : plain);
}

function withoutComments(text: string): string {
	return text.replace(COMMENT_OR_LITERAL, (found) => (found.startsWith('/') ? ' ' : found));
}

function blankCommentsAndLiterals(text: string): string {
	return text.replace(COMMENT_OR_LITERAL, (found) => {
		if (found.startsWith('/')) return blank(found);
		const quote = found.charAt(0);
		return quote + ' '.repeat(found.length - 2) + quote;
	});
}

/** The offsets of brackets without partner between two offsets, by kind of bracket, in order. */
function oddBrackets(code: string, from: number, to: number, gone: ReadonlySet<number>): number[] {
	const stack: number[] = [];
	for (let at = from; at < to; at++) {
		const kind = code.charCodeAt(at);
		if ((kind !== 40 && kind !== 41 && kind !== 123 && kind !== 125) || gone.has(at)) continue;
		const top = stack.at(-1);
		const opener = kind === 41 ? 40 : 123;
		if ((kind === 41 || kind === 125) && top !== undefined && code.charCodeAt(top) === opener)
			stack.pop();
		else stack.push(at);
	}
	return stack;
}

/** Takes the brackets out of later branches that repeat those of an earlier branch. */
function unrepeatBranches(code: string, directives: readonly Directive[]): string {
	const gone = new Set<number>();
	const open: { start: number; shapes: string[] }[] = [];
	const endBranch = (group: { start: number; shapes: string[] }, end: number) => {
		const odd = oddBrackets(code, group.start, end, gone);
		const shape = odd.map((at) => code.charAt(at)).join('');
		if (shape !== '' && group.shapes.includes(shape)) for (const at of odd) gone.add(at);
		group.shapes.push(shape);
	};
	for (const directive of directives) {
		const group = open.at(-1);
		if (directive.name.startsWith('if')) open.push({ start: directive.end, shapes: [] });
		else if (group === undefined) continue;
		else if (directive.name === 'else' || directive.name.startsWith('elif')) {
			endBranch(group, directive.index);
			group.start = directive.end;
		} else if (directive.name === 'endif') {
			if (group.shapes.length > 0) endBranch(group, directive.index);
			open.pop();
		}
	}
	if (gone.size === 0) return code;
	const pieces: string[] = [];
	let done = 0;
	for (const at of [...gone].sort((a, b) => a - b)) {
		const brace = code.charAt(at) === '{' || code.charAt(at) === '}';
		pieces.push(code.slice(done, at), brace ? ';' : ' ');
		done = at + 1;
	}
	return pieces.join('') + code.slice(done);
}

/** Blanks attributes, those with arguments up to the closing parenthesis. */
function blankAttributes(code: string): string {
	const pieces: string[] = [];
	let done = 0;
	ATTRIBUTE.lastIndex = 0;
	for (let found = ATTRIBUTE.exec(code); found !== null; found = ATTRIBUTE.exec(code)) {
		let end = found.index + found[0].length;
		if (found[1] !== undefined) {
			let depth = 0;
			const limit = Math.min(code.length, end + 2000);
			for (let at = end; at < limit; at++) {
				const char = code.charCodeAt(at);
				if (char === 40) depth++;
				else if (char === 41 && --depth === 0) {
					end = at + 1;
					break;
				}
			}
		}
		pieces.push(code.slice(done, found.index), blank(code.slice(found.index, end)));
		done = end;
		ATTRIBUTE.lastIndex = end;
	}
	return done === 0 ? code : pieces.join('') + code.slice(done);
}

/** By the code of a character, whether it is a bracket. */
const IS_BRACKET = Uint8Array.from({ length: 126 }, (_, char) =>
	'()[]{}'.includes(String.fromCharCode(char)) ? 1 : 0,
);

/** Pairs brackets; a closing brace closes whatever parentheses are open inside its block. */
function pairBrackets(code: string): Pick<Source, 'match' | 'unclosed' | 'odd'> {
	const match = new Int32Array(code.length).fill(-1);
	const stack: number[] = [];
	let braces = 0;
	let odd = 0;
	for (let at = 0; at < code.length; at++) {
		const char = code.charCodeAt(at);
		if (IS_BRACKET[char] !== 1) continue;
		odd++;
		if (char === 40 || char === 91) stack.push(at);
		else if (char === 123) {
			stack.push(at);
			braces++;
		} else if (char === 41 || char === 93) {
			const top = stack.at(-1);
			if (top === undefined || code.charCodeAt(top) !== (char === 41 ? 40 : 91)) continue;
			stack.pop();
			match[at] = top;
			match[top] = at;
			odd -= 2;
		} else if (char === 125 && braces > 0) {
			let top = stack.pop();
			while (top !== undefined && code.charCodeAt(top) !== 123) top = stack.pop();
			if (top === undefined) continue;
			braces--;
			match[at] = top;
			match[top] = at;
			odd -= 2;
		}
	}
	return { match, unclosed: stack.length, odd };
}

/** Text that was decoded already, made ready; `blanked` has lost what cannot be read in a fragment. */
export function prepareText(text: string, blanked: string = text): Source {
	const literals = blankCommentsAndLiterals(blanked);
	const directives: Directive[] = [];
	const code = literals.includes('#')
		? literals.replace(DIRECTIVE, (found, index: number) => {
				const end = index + found.length;
				const plain = withoutComments(text.slice(index, end)).replace(/\\\s*\n/g, ' ');
				const words = /^\s*#\s*(\w*)([\s\S]*)$/.exec(plain);
				const rest = words?.[2] ?? '';
				const name = words?.[1] ?? '';
				// The parameter list of a macro touches its name: keep the difference.
				directives.push({ index, end, name, rest: fold(rest) });
				return blank(found);
			})
		: literals;
	const plain = blankAttributes(unrepeatBranches(code, directives));
	const starts = lineStarts(text);
	const { match, unclosed, odd } = pairBrackets(plain);
	const limit = text.length;
	return { text, code: plain, starts, match, unclosed, odd, directives, closed: [], limit };
}

/** A whole source file, made ready. */
export function prepare(source: Uint8Array | string): Source {
	return prepareText(decode(source));
}

/** Blanks what a fragment has of a comment or macro that began before it. */
function blankBeginning(text: string): string {
	const close = text.indexOf('*/');
	const open = text.indexOf('/*');
	let end = close !== -1 && (open === -1 || close < open) ? close + 2 : 0;
	if (end === 0) {
		const run = /^(?:[ \t]*\*(?:[ \t][^\n]*)?(?:\n|$))+/.exec(text);
		end = run === null ? 0 : run[0].length;
	}
	// Lines that end in a backslash before any directive belong to a macro whose first line is not here.
	const macro = /^(?:(?![ \t]*#)[^\n]*\\[ \t]*\n)+[^\n]*/.exec(text.slice(end));
	if (macro !== null) end += macro[0].length;
	return end === 0 ? text : blank(text.slice(0, end)) + text.slice(end);
}

/** Brackets without partner that the edges of a hunk may cut off; what has more is no code. */
const MOST_ODD = 128;

/**
 * A fragment of a file, such as the new side of a patch hunk, made ready. Blocks that began before
 * it lose their closing brackets; blocks that end after it are closed at its end.
 */
export function prepareFragment(lines: readonly string[]): Source {
	const text = decode(lines.map((line) => `${line}\n`).join(''));
	const source = prepareText(text, blankBeginning(text));
	const { code, match } = source;
	const odd: number[] = [];
	for (let at = 0; at < code.length; at++) {
		const char = code.charAt(at);
		if ('(){}[]'.includes(char) && match[at] === -1) odd.push(at);
	}
	if (odd.length === 0) return source;
	// Each is put right with a look at all of the text, and the parser spends itself on deep nests.
	if (odd.length > MOST_ODD) return { ...source, code: without(code, odd) };
	let balanced = code;
	let closers = '';
	let statement = true;
	const closed: number[] = [];
	for (const at of odd) {
		const char = code.charAt(at);
		if (char === '(') closers = `)${closers}`;
		else if (char === '[') closers = `]${closers}`;
		else if (char === '{') {
			closers = `}${closers}`;
			statement = !/[=,{(]\s*$/.test(balanced.slice(0, at));
		} else if (char === ')' || char === ']') {
			// The head of this statement is not here: what is left of it cannot be read.
			balanced = blank(balanced.slice(0, at + 1)) + balanced.slice(at + 1);
		} else {
			closed.push(at);
			const tail = balanced.slice(at + 1);
			const branch = /^\s*else\b/.exec(tail)?.[0] ?? '';
			balanced = `${balanced.slice(0, at)};${blank(branch)}${tail.slice(branch.length)}`;
		}
	}
	const end = `${statement ? closers.replace(/^[)\]]*/, '$&;') : closers};`;
	const whole = balanced + end;
	return {
		...source,
		text: text + ' '.repeat(end.length),
		code: whole,
		...pairBrackets(whole),
		closed,
	};
}

/** Code with blanks at some offsets, which ascend. */
function without(code: string, offsets: readonly number[]): string {
	const parts: string[] = [];
	let from = 0;
	for (const at of offsets) {
		parts.push(code.slice(from, at), ' ');
		from = at + 1;
	}
	return parts.join('') + code.slice(from);
}
