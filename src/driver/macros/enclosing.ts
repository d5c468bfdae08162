/**
 * What encloses a line of a file: the branches of the conditionals that are open there. Files have mostly the same
 * few, so the condition of each is worked out once, as `regions` of kernel/condition.ts does for all of a file.
 */
import {
	ALWAYS,
	and,
	type Condition,
	type Directive,
	not,
	parseCondition,
	printCondition,
} from '../../kernel/condition.ts';

/** A place within the same branches, in any file. */
export class Enclosing {
	/** Characters that ask for it. */
	readonly size: number;
	/** What the innermost conditional stands in; absent outside of all. */
	readonly #outer: Enclosing | undefined;
	/** The branch before this one, where it is not the first. */
	readonly #before: Enclosing | undefined;
	readonly #asked: Condition;
	readonly #condition: Condition;
	#when: string | undefined;
	/** The places behind conditional lines here that were looked for before. */
	readonly #behind = new Map<string, Enclosing>();

	constructor(when = '', outer?: Enclosing, before?: Enclosing) {
		this.#outer = outer;
		this.#before = before;
		this.size = (before ?? outer)?.size ?? 0;
		this.size += when.length + 1;
		this.#asked = parseCondition(when);
		const others: Condition[] = [];
		for (let one = before; one !== undefined; one = one.#before) others.push(not(one.#asked));
		const around = outer === undefined ? ALWAYS : outer.#condition;
		this.#condition = and(around, ...others.reverse(), this.#asked);
	}

	/** The condition of its lines. */
	get when(): string {
		this.#when ??= printCondition(this.#condition);
		return this.#when;
	}

	/** The place behind a conditional line; a line without an `#if` changes nothing. */
	behind({ kind, when }: Pick<Directive, 'kind' | 'when'>): Enclosing {
		if (kind === 'endif') return this.#outer ?? this;
		const isFirst = kind === 'if';
		if (!isFirst && this.#outer === undefined) return this;
		const key = `${isFirst} ${when}`;
		const known = this.#behind.get(key);
		if (known !== undefined) return known;
		const made = isFirst ? new Enclosing(when, this) : new Enclosing(when, this.#outer, this);
		this.#behind.set(key, made);
		return made;
	}
}
