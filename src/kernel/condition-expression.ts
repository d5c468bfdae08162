/**
 * Reading boolean expressions in C spelling: the one parser behind the `when` language, `#if` lines
 * and Kconfig. It knows `&&`, `||`, `!` and parentheses; every other stretch of text is an operand,
 * handed to the caller to make sense of. It never throws.
 */

/** What an expression is made into. */
export interface ExpressionBuilder<T> {
	readonly always: T;
	and(...terms: readonly T[]): T;
	or(...terms: readonly T[]): T;
	not(term: T): T;
	/** The value of an operand: text without `&&` and `||`, except inside parentheses of its own. */
	operand(text: string): T;
}

/** How deep parentheses and negations may nest before the rest is taken as one operand. */
const MAX_DEPTH = 200;

/** Reads an expression; white space is folded, and an empty text is `always`. */
export function readExpression<T>(text: string, build: ExpressionBuilder<T>): T {
	const folded = text.replace(/\s+/g, ' ').trim();
	if (folded === '') return build.always;
	const reader = new Reader(folded, build);
	const value = reader.disjunction();
	// Something was left over, such as a stray parenthesis: no expression, but still a condition.
	return reader.atEnd() ? value : build.operand(folded);
}

class Reader<T> {
	readonly #text: string;
	readonly #build: ExpressionBuilder<T>;
	#at = 0;
	#depth = 0;

	constructor(text: string, build: ExpressionBuilder<T>) {
		this.#text = text;
		this.#build = build;
	}

	atEnd(): boolean {
		this.#skip();
		return this.#at >= this.#text.length;
	}

	disjunction(): T {
		const first = this.#conjunction();
		const terms = [first];
		while (this.#take('||')) terms.push(this.#conjunction());
		return terms.length === 1 ? first : this.#build.or(...terms);
	}

	#conjunction(): T {
		const first = this.#term();
		const terms = [first];
		while (this.#take('&&')) terms.push(this.#term());
		return terms.length === 1 ? first : this.#build.and(...terms);
	}

	#term(): T {
		this.#skip();
		if (this.#depth >= MAX_DEPTH) return this.#operand(this.#at, this.#text.length);
		this.#depth++;
		try {
			const start = this.#at;
			if (this.#text[start] === '!' && this.#text[start + 1] !== '=') {
				this.#at++;
				return this.#build.not(this.#term());
			}
			if (this.#text[start] !== '(') return this.#operand(start, this.#operandEnd(start));
			this.#at++;
			const inner = this.disjunction();
			if (this.#take(')') && this.#termEnds()) return inner;
			// `(A + B) > 3`: the parentheses were arithmetic, and the whole is one operand.
			return this.#operand(start, this.#operandEnd(start));
		} finally {
			this.#depth--;
		}
	}

	/** Whether what comes after a closing parenthesis may follow a whole term. */
	#termEnds(): boolean {
		this.#skip();
		return /^(&&|\|\||\)|$)/.test(this.#text.slice(this.#at, this.#at + 2));
	}

	#operand(start: number, end: number): T {
		this.#at = end;
		const operand = this.#text.slice(start, end).trim();
		return operand === '' ? this.#build.always : this.#build.operand(operand);
	}

	/** Where an operand that starts here ends: before the next `&&`, `||` or unopened `)`. */
	#operandEnd(start: number): number {
		let open = 0;
		let quote = '';
		for (let i = start; i < this.#text.length; i++) {
			const c = this.#text[i] ?? '';
			if (quote !== '') {
				if (c === quote) quote = '';
			} else if (c === '"' || c === "'") quote = c;
			else if (c === '(') open++;
			else if (c === ')' && open-- === 0) return i;
			else if (open === 0 && (c === '&' || c === '|') && this.#text[i + 1] === c) return i;
		}
		return this.#text.length;
	}

	#take(token: string): boolean {
		this.#skip();
		if (!this.#text.startsWith(token, this.#at)) return false;
		this.#at += token.length;
		return true;
	}

	#skip(): void {
		while (this.#text[this.#at] === ' ') this.#at++;
	}
}
