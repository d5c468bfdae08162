/**
 * What encloses a line of a file: the branches of the conditionals that are open there. Files have mostly the same
 * few, so the condition of each is worked out once, as `regions` of kernel/condition.ts does for all of a file.
 */
import {
	ALWAYS,
	branchCondition,
	type Condition,
	type Directive,
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
	/** How many it hangs on, itself among them. */
	readonly #branches: number;
	readonly #condition: Condition;
	#when: string | undefined;
	/** The places behind conditional lines here that were looked for before. */
	readonly #behind = new Map<string, Enclosing>();

	constructor(when = '', outer?: Enclosing, before?: Enclosing) {
		this.#outer = outer;
		this.#before = before;
		this.#asked = parseCondition(when);
		const last = before ?? outer;
		this.size = (last?.size ?? 0) + when.length + 1;
		this.#branches = last === undefined ? 0 : last.#branches + 1;
		const around = outer === undefined ? ALWAYS : outer.#condition;
		const elder = () => this.#elder();
		this.#condition = branchCondition(around, elder, this.#asked, this.#branches);
	}

	/** The condition of its lines. */
	get when(): string {
		this.#when ??= printCondition(this.#condition);
		return this.#when;
	}

	#elder(): Condition[] {
		const found: Condition[] = [];
		for (let one = this.#before; one !== undefined; one = one.#before) found.push(one.#asked);
		return found.reverse();
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
