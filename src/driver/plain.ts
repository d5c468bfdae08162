/**
 * Statements of plain C read without a parser: expressions, declarations and control flow as the kernel writes them
 * nearly everywhere, without what takes knowing C's types or GNU's extensions. What is found in them is what the
 * parser finds; where that is in any doubt nothing is said, and the parser is asked. test/driver/plain.test.ts and
 * test/real/statements.ts compare the two.
 */
import type { FoundInCode, IfSpan } from './parser.ts';
import { kindOf, PlainWords } from './plain-words.ts';

/** Blocks, parentheses and statements within each other beyond which nothing is said. */
const DEEPEST = 64;

const PREFIX = new Set('++ -- + - * & ~ !'.split(' '));
const BINARY = new Set('+ - * / % & | ^ < > << >> <= >= == != && ||'.split(' '));
const ASSIGNMENT = new Set('= += -= *= /= %= &= |= ^= <<= >>='.split(' '));
/** What the parser may take for the value of a cast to a type that is a macro's. */
const CASTABLE = new Set('+ - * & && ('.split(' '));
/** What goes on with an operand. */
const POSTFIX = new Set('( [ . -> ++ --'.split(' '));

/** A name and the two characters behind it. */
const NAME_AND_BEHIND = /\w+\s*(\S?)\s*(\S?)/y;
/** A parenthesis with what may be a type in it. */
const MAYBE_CAST =
	/\(\s*(?:(?:const|volatile)\s+)*([A-Za-z_]\w*)\s*(?:\w|((?:\*\s*)*)\)\s*(\S?))?/y;
const ONE_NAME = /\(\s*\w+\s*\)/y;

/**
 * What the parser finds in a block.
 * @param code from its brace to its brace; comments, directives and what is in quotes are blanked
 * @returns undefined where it is not plain
 */
export function plainBlock(code: string): FoundInCode | undefined {
	return new PlainReader(code).read();
}

/** Whether something can be assigned to an operand; undefined where it is none. */
type Operand = 'place' | 'value' | undefined;

/** Reads from left to right and never goes back; a method is true where what it is for was there. */
class PlainReader {
	readonly #words: PlainWords;
	readonly #callees: number[] = [];
	readonly #ifs: IfSpan[] = [];
	/** The call that was read last. */
	#call = { start: -1, end: -1 };
	#depth = 0;

	constructor(code: string) {
		this.#words = new PlainWords(code);
	}

	read(): FoundInCode | undefined {
		const whole = this.#block() && this.#words.kind === 'none';
		return whole ? { callees: this.#callees, ifs: this.#ifs } : undefined;
	}

	#is(text: string): boolean {
		return this.#words.text === text;
	}

	#takes(text: string): boolean {
		if (this.#words.text !== text) return false;
		this.#words.next();
		return true;
	}

	#name(): boolean {
		if (this.#words.kind !== 'name') return false;
		this.#words.next();
		return true;
	}

	/** Something within something. */
	#within(read: () => boolean): boolean {
		if (++this.#depth > DEEPEST) return false;
		const is = read();
		this.#depth--;
		return is;
	}

	#block(): boolean {
		return this.#takes('{') && this.#within(() => this.#statements()) && this.#takes('}');
	}

	#statements(): boolean {
		while (!this.#is('}')) if (!this.#statement(true)) return false;
		return true;
	}

	/** @param declares whether a declaration may stand there */
	#statement(declares: boolean): boolean {
		const { text } = this.#words;
		switch (text) {
			case '{':
				return this.#block();
			case 'if':
				return this.#within(() => this.#if());
			case 'while':
			case 'switch':
				this.#words.next();
				return this.#inParentheses() && this.#body(text === 'switch');
			case 'do':
				this.#words.next();
				return (
					this.#body(false) && this.#takes('while') && this.#inParentheses() && this.#takes(';')
				);
			case 'for':
				this.#words.next();
				return this.#for();
			case 'case':
				this.#words.next();
				return this.#conditional() && this.#takes(':') && this.#labeled();
			case 'default':
				this.#words.next();
				return this.#takes(':') && this.#labeled();
			case ';':
			case 'break':
			case 'continue':
				this.#words.next();
				return text === ';' || this.#takes(';');
			case 'return':
				this.#words.next();
				return this.#takes(';') || (this.#list() && this.#takes(';'));
			case 'goto':
				this.#words.next();
				return this.#name() && this.#takes(';');
			default:
				return this.#declarationOrExpression(declares);
		}
	}

	/** What is behind a label: a statement, or another label. */
	#labeled(): boolean {
		return !this.#is('}') && this.#within(() => this.#statement(false));
	}

	/** The statement of another one; not a label, in whose statement the parser sees those behind it as well. */
	#body(isBlock: boolean): boolean {
		if (this.#is('case') || this.#is('default') || (isBlock && !this.#is('{'))) return false;
		return this.#within(() => this.#statement(false));
	}

	#if(): boolean {
		const { start } = this.#words;
		this.#words.next();
		const condition = this.#span(() => this.#inParentheses());
		if (condition === undefined) return false;
		const place = this.#ifs.length;
		const consequence = this.#span(() => this.#body(false));
		if (consequence === undefined) return false;
		const found: IfSpan = { start, condition, consequence };
		// Ascending: those in it come behind it.
		this.#ifs.splice(place, 0, found);
		if (!this.#takes('else')) return true;
		const alternative = this.#span(() => this.#body(false));
		if (alternative !== undefined) found.alternative = alternative;
		return alternative !== undefined;
	}

	/** From the beginning to the end of what is read. */
	#span(read: () => boolean): { from: number; to: number } | undefined {
		const from = this.#words.start;
		return read() ? { from, to: this.#words.before } : undefined;
	}

	#for(): boolean {
		if (!this.#takes('(')) return false;
		const first = this.#isOfType() ? this.#declaration() : this.#upTo(';');
		return first && this.#upTo(';') && this.#upTo(')') && this.#body(false);
	}

	/** Expressions, or none, and what ends them. */
	#upTo(end: string): boolean {
		return this.#takes(end) || (this.#list() && this.#takes(end));
	}

	#declarationOrExpression(declares: boolean): boolean {
		if (this.#isOfType()) return declares && this.#declaration();
		if (this.#words.kind !== 'name') return this.#list() && this.#takes(';');
		const [, first = '', second = ''] = this.#words.ahead(NAME_AND_BEHIND) ?? [];
		// The parser may take a name before an asterisk for a type, and so what is called for a macro's.
		const isType = /\w/.test(first) || (first === '*' && second !== '=');
		if (isType) return declares && this.#declaration();
		if (first === ':') return this.#name() && this.#takes(':') && this.#labeled();
		if (first !== '(') return this.#list() && this.#takes(';');
		this.#callees.push(this.#words.start);
		return this.#name() && this.#arguments() && this.#takes(';');
	}

	#isOfType(): boolean {
		const { kind } = this.#words;
		return (
			kind === 'type' ||
			kind === 'size' ||
			kind === 'tag' ||
			kind === 'qualifier' ||
			kind === 'storage'
		);
	}

	#declaration(): boolean {
		if (!this.#type(true)) return false;
		do {
			if (!this.#declarator()) return false;
			if (this.#takes('=') && !this.#assignment()) return false;
		} while (this.#takes(','));
		return this.#takes(';');
	}

	#declarator(): boolean {
		this.#asterisks();
		if (!this.#name()) return false;
		while (this.#takes('[')) {
			if (!this.#takes(']') && !(this.#conditional() && this.#takes(']'))) return false;
		}
		return true;
	}

	#asterisks(): void {
		while (this.#takes('*')) this.#takes('const');
	}

	/**
	 * Qualifiers and the type that they qualify, without asterisks.
	 * @param stored whether it may say where its values are
	 */
	#type(stored: boolean): boolean {
		let found = false;
		for (;;) {
			const { kind } = this.#words;
			if (kind === 'qualifier' || (kind === 'storage' && stored)) this.#words.next();
			else if (found || !this.#oneType()) return found;
			else found = true;
		}
	}

	#oneType(): boolean {
		const { kind } = this.#words;
		if (kind !== 'type' && kind !== 'name' && kind !== 'tag' && kind !== 'size') return false;
		this.#words.next();
		if (kind === 'tag') return this.#name();
		if (kind !== 'size') return true;
		while (this.#words.kind === 'size') this.#words.next();
		if (/^(?:int|char|double)$/.test(this.#words.text)) this.#words.next();
		return true;
	}

	#inParentheses(): boolean {
		return this.#takes('(') && this.#within(() => this.#list()) && this.#takes(')');
	}

	/** Expressions with commas between them. */
	#list(): boolean {
		do if (!this.#assignment()) return false;
		while (this.#takes(','));
		return true;
	}

	/** An expression without a comma. */
	#assignment(): boolean {
		const operand = this.#operands();
		if (operand === undefined) return false;
		if (this.#is('?')) return this.#choice() && !ASSIGNMENT.has(this.#words.text);
		if (!ASSIGNMENT.has(this.#words.text)) return true;
		this.#words.next();
		return operand === 'place' && this.#within(() => this.#assignment());
	}

	/** An expression that assigns nothing. */
	#conditional(): boolean {
		return this.#operands() !== undefined && (!this.#is('?') || this.#choice());
	}

	#choice(): boolean {
		this.#words.next();
		if (!this.#takes(':') && !(this.#within(() => this.#list()) && this.#takes(':'))) return false;
		return this.#within(() => this.#conditional());
	}

	/** Operands with operators between them. */
	#operands(): Operand {
		let operand = this.#operand();
		while (operand !== undefined && BINARY.has(this.#words.text)) {
			this.#words.next();
			operand = this.#operand() && 'value';
		}
		return operand;
	}

	#operand(): Operand {
		let prefix = '';
		for (;;) {
			const { text } = this.#words;
			if (PREFIX.has(text)) this.#words.next();
			else if (text !== '(' || !this.#isCast()) break;
			else if (!this.#cast() || this.#is('{')) return undefined;
			prefix ||= text;
		}
		const operand = this.#is('sizeof') ? this.#sizeof() : this.#primary();
		if (operand === undefined || prefix === '') return operand;
		return prefix === '*' ? 'place' : 'value';
	}

	#primary(): Operand {
		const { kind, text, start } = this.#words;
		this.#words.next();
		switch (kind) {
			case 'name':
				if (this.#is('(')) return this.#called(start);
				return this.#words.kind === 'string' ? undefined : this.#postfix();
			case 'string':
				while (this.#words.kind === 'string') this.#words.next();
				return this.#words.kind === 'name' ? undefined : this.#literal();
			case 'number':
			case 'character':
			case 'value':
				return this.#literal();
			default:
				return text === '(' ? this.#parenthesis() : undefined;
		}
	}

	#literal(): Operand {
		return POSTFIX.has(this.#words.text) ? undefined : 'value';
	}

	#called(start: number): Operand {
		this.#callees.push(start);
		if (!this.#arguments()) return undefined;
		this.#call = { start, end: this.#words.before };
		return this.#postfix();
	}

	/** What is in a parenthesis, which is open. */
	#parenthesis(): Operand {
		const { start } = this.#words;
		if (!this.#within(() => this.#list())) return undefined;
		const end = this.#words.before;
		if (!this.#takes(')')) return undefined;
		// The parser may take a call and nothing else for a macro's type, and what is behind it for what is cast.
		const isCall = this.#call.start === start && this.#call.end === end;
		return isCall && CASTABLE.has(this.#words.text) ? undefined : this.#postfix();
	}

	#postfix(): Operand {
		let found: Operand = 'place';
		for (;;) {
			const { text } = this.#words;
			if (!POSTFIX.has(text)) return found;
			if (text === '(') {
				if (!this.#arguments()) return undefined;
				continue;
			}
			this.#words.next();
			if (text === '++' || text === '--') found = 'value';
			else if (text !== '[') {
				if (!this.#name()) return undefined;
			} else if (!this.#within(() => this.#assignment()) || !this.#takes(']')) return undefined;
		}
	}

	#arguments(): boolean {
		this.#words.next();
		return this.#within(() => this.#upTo(')'));
	}

	/** Whether a parenthesis opens a cast: a type, which a name is with an asterisk or a word behind it. */
	#isCast(): boolean {
		const found = this.#words.ahead(MAYBE_CAST);
		if (found === null) return false;
		const [, word = '', asterisks, behind = ''] = found;
		const kind = kindOf(word);
		if (kind === 'type' || kind === 'size' || kind === 'tag') return true;
		if (kind !== 'name' || asterisks === undefined) return false;
		return asterisks !== '' || /["'\w~!]/.test(behind);
	}

	#cast(): boolean {
		this.#words.next();
		if (!this.#type(false)) return false;
		this.#asterisks();
		return this.#takes(')');
	}

	/** Of a type, or of an expression without calls, which might be taken for types of functions. */
	#sizeof(): Operand {
		this.#words.next();
		if (!this.#is('(')) return undefined;
		const calls = this.#callees.length;
		const isType = this.#isCast() || this.#words.ahead(ONE_NAME) !== null;
		if (!(isType ? this.#cast() : this.#inParentheses())) return undefined;
		if (calls < this.#callees.length || this.#words.kind === 'name') return undefined;
		return this.#literal();
	}
}
