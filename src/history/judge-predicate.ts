/**
 * Says whether a predicate holds at a commit: yes, no, or cannot tell. What a test reads is read once for
 * all commits that have the same of it.
 */
import { type Predicate, type Test, testsOf } from './predicate.ts';

/** A place that shows something. */
export interface Sight {
	/** One line. */
	readonly text: string;
	readonly path?: string;
	readonly line?: number;
	readonly blob?: string;
}

/** What a test found at a commit. */
export interface Reading {
	/** What it is, in the words that it is compared in; several in order. undefined: cannot be told. */
	readonly values: readonly string[] | undefined;
	/** Whether it counts as yes where nothing is compared. */
	readonly holds: boolean;
	readonly sights: readonly Sight[];
}

/** What has to be read for a test, anywhere in history. */
export interface Reads {
	/** Files and folders of the tree; a commit that changes none of them changes nothing here. */
	readonly paths: readonly string[];
	/** True when it asks for what a commit descends from: then every commit may change it. */
	readonly ancestry: boolean;
}

/** One test made ready to be asked. */
export interface Asker {
	readonly reads: Reads;
	/** What readings depend on besides the test and the commit: the contents of a patch file, say. */
	readonly dependsOn?: string;
	/**
	 * Finds out what is read at a commit. Two commits with the same `inputs` have the same reading, which is
	 * made by `read` only once.
	 */
	look(commit: string): Promise<{ inputs: string; read(): Promise<Reading> }>;
}

/** The answer for a commit. */
export interface Ruling {
	/** undefined: cannot be told. */
	readonly holds: boolean | undefined;
	readonly sights: readonly Sight[];
}

export class PredicateJudge {
	readonly predicate: Predicate;
	/** How many readings were made. */
	evaluations = 0;
	readonly #askers: ReadonlyMap<Test, Asker>;
	readonly #readings = new Map<string, Promise<Reading>>();

	/** @param askers one for each test of the predicate */
	constructor(predicate: Predicate, askers: ReadonlyMap<Test, Asker>) {
		this.predicate = predicate;
		this.#askers = askers;
	}

	/** What all its tests together read. */
	get reads(): Reads {
		const all = testsOf(this.predicate).map((test) => this.#asker(test).reads);
		return {
			paths: [...new Set(all.flatMap(({ paths }) => paths))].sort(),
			ancestry: all.some(({ ancestry }) => ancestry),
		};
	}

	/** What its answers depend on besides the predicate and the commit. */
	get dependsOn(): string {
		return testsOf(this.predicate)
			.map((test) => this.#asker(test).dependsOn ?? '')
			.join(' ');
	}

	/** Whether the predicate holds at a commit. Rejects when the repository cannot be read. */
	at(commit: string): Promise<Ruling> {
		return this.#judge(this.predicate, commit);
	}

	async #judge(predicate: Predicate, commit: string): Promise<Ruling> {
		if (predicate.kind === 'test') return this.#test(predicate, commit);
		if (predicate.kind === 'not') {
			const { holds, sights } = await this.#judge(predicate.of, commit);
			return { holds: holds === undefined ? undefined : !holds, sights };
		}
		const decides = predicate.kind === 'or';
		const rulings: Ruling[] = [];
		for (const part of predicate.parts) {
			const ruling = await this.#judge(part, commit);
			// One part that decides is enough, whatever cannot be told of the others.
			if (ruling.holds === decides) return ruling;
			rulings.push(ruling);
		}
		const unknown = rulings.filter(({ holds }) => holds === undefined);
		const said = unknown.length > 0 ? unknown : rulings;
		return {
			holds: unknown.length > 0 ? undefined : !decides,
			sights: said.flatMap(({ sights }) => sights),
		};
	}

	async #test(test: Test, commit: string): Promise<Ruling> {
		const { inputs, read } = await this.#asker(test).look(commit);
		const key = `${test.column} ${inputs}`;
		let reading = this.#readings.get(key);
		if (reading === undefined) {
			this.evaluations++;
			reading = read();
			this.#readings.set(key, reading);
		}
		const { values, holds, sights } = await reading;
		return { holds: values === undefined ? undefined : compare(test, values, holds), sights };
	}

	#asker(test: Test): Asker {
		const asker = this.#askers.get(test);
		if (asker === undefined) throw new RangeError(`nobody answers ${test.subject}`);
		return asker;
	}
}

function compare({ relation }: Test, values: readonly string[], holds: boolean): boolean {
	if (relation === undefined || relation.operator === 'in') return holds;
	if (relation.operator === '~') return values.some((value) => fits(value, relation.value));
	return (values.join(', ') === relation.value) === (relation.operator === '==');
}

/** Whether a text fits a pattern in which `*` stands for any text, in time linear in each part. */
export function fits(text: string, pattern: string): boolean {
	const [first = '', ...others] = pattern.split('*');
	if (others.length === 0) return text === pattern;
	const last = others.pop() ?? '';
	if (!text.startsWith(first)) return false;
	let at = first.length;
	for (const part of others) {
		const found = text.indexOf(part, at);
		if (found < 0) return false;
		at = found + part.length;
	}
	return text.length - last.length >= at && text.endsWith(last);
}
