/** The words of plain C, one after the other: names, words of the language, numbers, what is in quotes, operators. */
import { isWord } from './identifiers.ts';

/**
 * What a word is. `other` are words of C that plain.ts does not read by themselves, and what no word of plain C is
 * like; `none` is the end.
 */
export type Kind =
	| 'name'
	| 'type'
	| 'size'
	| 'tag'
	| 'qualifier'
	| 'storage'
	| 'value'
	| 'number'
	| 'string'
	| 'character'
	| 'operator'
	| 'other'
	| 'none';

/** Words that are no names: all that the grammar knows, and GNU's. */
const WORDS: ReadonlyMap<string, Kind> = new Map([
	...each('bool char double float int void', 'type'),
	...each('size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t nullptr_t max_align_t', 'type'),
	...each('int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t', 'type'),
	...each('char8_t char16_t char32_t char64_t', 'type'),
	...each('long short signed unsigned', 'size'),
	...each('struct union enum', 'tag'),
	...each('const volatile', 'qualifier'),
	...each('static register', 'storage'),
	...each('NULL TRUE FALSE true false', 'value'),
	...each('if while do for switch case default return break continue goto else sizeof', 'other'),
	...each('typeof __typeof __typeof__ __auto_type __label__ __real__ __imag__', 'other'),
	...each('typedef extern auto inline restrict noreturn constexpr thread_local', 'other'),
	...each('asm alignas alignof defined offsetof nullptr _Alignas _Alignof _Atomic', 'other'),
	...each('_Generic _Nonnull _Noreturn __alignof __alignof__ _alignof __asm __asm__', 'other'),
	...each('__attribute __attribute__ __based __cdecl __clrcall __declspec __except', 'other'),
	...each('__extension__ __fastcall __finally __forceinline __inline __inline__', 'other'),
	...each('__leave __restrict__ __stdcall __thiscall __thread __try __unaligned', 'other'),
	...each('_unaligned __vectorcall __volatile__', 'other'),
]);

const OPERATORS: ReadonlySet<string> = new Set(
	'( ) [ ] { } ; , : ? . -> ++ -- + - * / % & | ^ ~ ! < > << >> <= >= == != && || = += -= *= /= %= &= |= ^= <<= >>='.split(
		' ',
	),
);
/** Characters of the longest of them. */
const LONGEST = 3;
/** What is second in those of several characters. */
const GOES_ON: ReadonlySet<string> = new Set('+-&|<>='.split(''));

const NUMBER = /^(?:0[xX][\da-fA-F]+|\d+)[uUlL]{0,3}$/;
const DOT = 46;
const SPACE = 32;

/** What a word that is no number is. */
export function kindOf(word: string): Kind {
	return WORDS.get(word) ?? 'name';
}

function each(words: string, kind: Kind): (readonly [string, Kind])[] {
	return words.split(' ').map((word) => [word, kind] as const);
}

/** Stands at one word of a text. */
export class PlainWords {
	/** What the word is. */
	kind: Kind = 'none';
	text = '';
	/** The offset at which it begins. */
	start = 0;
	/** The end of the word before. */
	before = 0;
	readonly #code: string;
	#end = 0;

	/** @param code comments, directives and what is in quotes are blanked */
	constructor(code: string) {
		this.#code = code;
		this.next();
	}

	/** The text from the beginning of the word on is looked at, without going there. */
	ahead(what: RegExp): RegExpExecArray | null {
		what.lastIndex = this.start;
		return what.exec(this.#code);
	}

	/** Goes on to the next word. */
	next(): void {
		const code = this.#code;
		let at = this.#end;
		this.before = at;
		while (code.charCodeAt(at) <= SPACE) at++;
		this.start = at;
		const first = code.charCodeAt(at);
		if (Number.isNaN(first)) this.#set(at, 'none');
		else if (isWord(first)) this.#word(at);
		else if (first === 34 || first === 39) this.#quoted(at, first);
		else this.#operator(at);
	}

	#set(end: number, kind: Kind): void {
		this.#end = end;
		this.text = this.#code.slice(this.start, end);
		this.kind = kind;
	}

	#word(start: number): void {
		const isNumber = this.#code.charCodeAt(start) < 58;
		let end = start + 1;
		for (let code = this.#code.charCodeAt(end); isWord(code) || (isNumber && code === DOT); ) {
			code = this.#code.charCodeAt(++end);
		}
		this.#set(end, 'name');
		if (!isNumber) this.kind = kindOf(this.text);
		else this.kind = NUMBER.test(this.text) ? 'number' : 'other';
	}

	#quoted(start: number, quote: number): void {
		let end = start + 1;
		while (this.#code.charCodeAt(end) === SPACE) end++;
		const closed = this.#code.charCodeAt(end) === quote;
		const kind = quote === 34 ? 'string' : 'character';
		this.#set(end + 1, closed && (kind === 'string' || end > start + 1) ? kind : 'other');
	}

	#operator(start: number): void {
		const second = this.#code.charAt(start + 1);
		const longest = GOES_ON.has(second) ? LONGEST : 1;
		for (let length = longest; length > 0; length--) {
			this.#set(start + length, 'operator');
			if (OPERATORS.has(this.text)) return;
		}
		this.kind = 'other';
	}
}
