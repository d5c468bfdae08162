/**
 * Bisection over any graph of commits: asks about as few as it can until one is left. What cannot be
 * told is neither good nor bad; where nothing else is left, the answer is the commits that remain.
 */
import { gitStrategy, type Outlook, outlook, type Strategy } from './strategy.ts';
import { type Dag, Suspects } from './suspects.ts';

/**
 * What is said of a commit: `good`, it has not changed yet; `bad`, it has; `skip`, it cannot be tested;
 * `unknown`, what it takes to tell is not there.
 */
export type Answer = 'good' | 'bad' | 'skip' | 'unknown';

/** A graph whose commits have ids. */
export interface NamedDag extends Dag {
	id(commit: number): string;
}

export interface BisectOptions {
	/**
	 * The commits that are not known to be good, in which every commit is reached by the newest (the last). That
	 * one is known to be bad, or stands for one that is.
	 */
	readonly dag: NamedDag;
	/** Answers for a commit; asked once a commit. Ends early when `signal` aborts. */
	ask(commit: number, signal: AbortSignal): Promise<Answer>;
	/** How many may be asked about at once; those beyond the first are guesses at what comes next. */
	readonly jobs?: number;
	/** As git has it when left out. */
	readonly strategy?: Strategy;
	/** Told before each step what is left to do. */
	onStep?(commit: number, left: Outlook): void;
}

export interface Bisection {
	/** The first bad commit; undefined where it cannot be told which of `suspects` it is. */
	readonly first: number | undefined;
	/** What remains: the first bad commit alone, or those among which it is. They ascend. */
	readonly suspects: readonly number[];
	/** How many answers it took in turn. */
	readonly steps: number;
}

/** Finds the first bad commit. Rejects as `ask` does. */
export async function bisect(options: BisectOptions): Promise<Bisection> {
	const { dag } = options;
	const strategy = options.strategy ?? gitStrategy((commit) => dag.id(commit));
	const questions = new Questions(options);
	const untold = new Set<number>();
	let suspects = Suspects.of(dag);
	let steps = 0;
	try {
		for (;;) {
			const next = strategy(suspects, untold);
			if (next === undefined) break;
			const { place, weight } = next;
			const commit = suspects.commits[place] ?? 0;
			options.onStep?.(commit, outlook(weight, suspects.size));
			if (questions.jobs > 1) {
				for (const one of guesses(suspects, untold, strategy, questions)) questions.begin(one);
			}
			const answer = await questions.answer(commit);
			steps++;
			if (answer === 'bad') suspects = suspects.reaching(place);
			else if (answer === 'good') suspects = suspects.beyond(place);
			else untold.add(commit);
		}
	} finally {
		await questions.end();
	}
	const left = [...suspects.commits];
	return { first: left.length === 1 ? left[0] : undefined, suspects: left, steps };
}

/**
 * The commits that will be asked about next, most likely first: the present one, then those that follow
 * from either answer to each.
 */
function guesses(
	suspects: Suspects,
	untold: ReadonlySet<number>,
	strategy: Strategy,
	questions: Questions,
): number[] {
	const found: number[] = [];
	const states = [suspects];
	for (let state = states.shift(); state !== undefined; state = states.shift()) {
		if (found.length === questions.jobs) break;
		const next = strategy(state, untold);
		if (next === undefined) continue;
		const commit = state.commits[next.place] ?? 0;
		const known = questions.known(commit);
		if (known === undefined) found.push(commit);
		if (known !== 'bad') states.push(state.beyond(next.place));
		if (known !== 'good') states.push(state.reaching(next.place));
	}
	return found;
}

/** Questions that were asked, each once, and no more at a time than there are jobs. */
class Questions {
	readonly jobs: number;
	readonly #options: BisectOptions;
	readonly #asked = new Map<number, Promise<Answer>>();
	readonly #answers = new Map<number, Answer>();
	readonly #controller = new AbortController();
	readonly #running = new Set<Promise<unknown>>();

	constructor(options: BisectOptions) {
		this.#options = options;
		this.jobs = Math.max(1, options.jobs ?? 1);
	}

	/** The answer, where it is there already. */
	known(commit: number): Answer | undefined {
		return this.#answers.get(commit);
	}

	/** Asks about a commit if there is a job free for it. */
	begin(commit: number): void {
		if (!this.#asked.has(commit) && this.#running.size < this.jobs) void this.#ask(commit);
	}

	async answer(commit: number): Promise<Answer> {
		for (;;) {
			const asked = this.#asked.get(commit);
			if (asked !== undefined) return asked;
			if (this.#running.size < this.jobs) return this.#ask(commit);
			await Promise.race(this.#running);
		}
	}

	/** Ends what nobody waits for. */
	async end(): Promise<void> {
		this.#controller.abort();
		await Promise.allSettled(this.#asked.values());
	}

	#ask(commit: number): Promise<Answer> {
		const asked = this.#options.ask(commit, this.#controller.signal);
		this.#asked.set(commit, asked);
		// A guess that fails is nobody's failure; whoever needs it awaits it.
		const ended = asked.then(
			(answer) => void this.#answers.set(commit, answer),
			() => undefined,
		);
		this.#running.add(ended);
		void ended.then(() => this.#running.delete(ended));
		return asked;
	}
}
