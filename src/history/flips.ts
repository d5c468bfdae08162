/**
 * Every change of a property along a history, for properties that come and go: where bisection finds
 * one change, this finds all. Every commit of the graph is asked about; whoever answers knows which of
 * them are the same question.
 */
import type { Answer, NamedDag } from './bisect.ts';

export interface FlipOptions {
	/** The commits that may change the property. */
	readonly dag: NamedDag;
	/** Ids of the parents of a commit, those outside the graph too. */
	parentIds(id: string): Promise<readonly string[]>;
	/** Answers for a commit by id. */
	ask(id: string, signal: AbortSignal): Promise<Answer>;
	readonly jobs?: number;
	onStep?(done: number, all: number): void;
}

/** A commit that has the property where its parents have not, or the other way round. */
export interface Flip {
	readonly commit: number;
	readonly from: 'good' | 'bad';
	readonly to: 'good' | 'bad';
	/** False where commits just before it could not be told: one of them may be where it changed. */
	readonly certain: boolean;
}

export interface Flips {
	/** In the order of the graph. */
	readonly flips: readonly Flip[];
	/** Commits that could not be told, in order. */
	readonly untold: readonly number[];
}

const GOOD = 1;
const BAD = 2;
/** Something before could not be told. */
const DOUBT = 4;

/** Finds every flip. A merge that agrees with one of its parents is none. Rejects as `ask` does. */
export async function findFlips(options: FlipOptions): Promise<Flips> {
	const { dag } = options;
	const answers = await askAll(options);
	/** What is known to have held in or before each commit, as bits; one told commit hides what is before it. */
	const held = new Uint8Array(dag.size);
	const flips: Flip[] = [];
	const untold: number[] = [];
	for (let commit = 0; commit < dag.size; commit++) {
		const before = await heldBefore(options, commit, held);
		const answer = answers[commit];
		if (answer !== 'good' && answer !== 'bad') {
			untold.push(commit);
			held[commit] = before | DOUBT;
			continue;
		}
		const own = answer === 'good' ? GOOD : BAD;
		held[commit] = own;
		if ((before & own) !== 0 || (before & (GOOD | BAD)) === 0) continue;
		const from = answer === 'good' ? 'bad' : 'good';
		flips.push({ commit, from, to: answer, certain: (before & DOUBT) === 0 });
	}
	return { flips, untold };
}

/** What held in the parents of a commit. Those outside the graph are asked about themselves. */
async function heldBefore(
	{ dag, ask, parentIds }: FlipOptions,
	commit: number,
	held: Uint8Array,
): Promise<number> {
	const parents = dag.parents(commit);
	let before = 0;
	for (const parent of parents) before |= held[parent] ?? 0;
	const ids = await parentIds(dag.id(commit));
	if (ids.length === parents.length) return before;
	// What is between a parent and the nearest commit of the graph changes nothing.
	let exact = 0;
	for (const id of ids) {
		const answer = await ask(id, new AbortController().signal);
		exact |= answer === 'good' ? GOOD : answer === 'bad' ? BAD : DOUBT;
	}
	return (exact & DOUBT) === 0 ? exact : exact | before;
}

async function askAll(options: FlipOptions): Promise<Answer[]> {
	const { dag, ask, onStep } = options;
	const answers: Answer[] = new Array(dag.size);
	const controller = new AbortController();
	let next = 0;
	let done = 0;
	const work = async (): Promise<void> => {
		while (next < dag.size && !controller.signal.aborted) {
			const commit = next++;
			answers[commit] = await ask(dag.id(commit), controller.signal);
			onStep?.(++done, dag.size);
		}
	};
	const jobs = Array.from({ length: Math.max(1, options.jobs ?? 1) }, () => work());
	try {
		await Promise.all(jobs);
	} finally {
		controller.abort();
		await Promise.allSettled(jobs);
	}
	return answers;
}
