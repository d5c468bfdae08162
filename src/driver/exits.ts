/**
 * How a function is left after a call: the ways that end in an error for certain, and what runs on
 * them. A way on which it cannot be told whether it is an error is no answer of this module.
 */
import { Flow, type Stretch } from './flow.ts';
import { isControl, type Step } from './trace.ts';

/** A way out of a function that is an error whatever happens. */
export interface ErrorExit {
	/** Line of the return, or of the goto that leads to it. */
	line: number;
	/** Step that leaves. */
	at: number;
	/** The stretches of steps that are run between the call and the end of the function. */
	runs: readonly Pick<Stretch, 'from' | 'to'>[];
}

/** The statements that belong to an `if`, an `else` or a loop, both ends inclusive. */
interface Block {
	from: number;
	to: number;
	/** The variable that its head asks for an error; '' for any other head. */
	tests: string;
}

/** The ways out of one function. */
export class Exits {
	readonly #steps: readonly Step[];
	readonly #flow: Flow;
	readonly #blocks: readonly Block[];
	readonly #labels = new Map<string, number>();

	/** @param steps of the function's trace */
	constructor(steps: readonly Step[], flow = new Flow(steps)) {
		this.#steps = steps;
		this.#flow = flow;
		this.#blocks = blocksOf(steps);
		for (const [at, { code, name }] of steps.entries())
			if (code === 'n') this.#labels.set(name, at);
	}

	/** The step at which the statement, or its head, that holds a call on a line is done. */
	endOf(line: number): number {
		return this.#flow.endOf(line);
	}

	/** True where nothing tests on the way from the beginning of the function to a step. */
	isUntested(at: number): boolean {
		return !this.#steps.slice(0, at).some(({ code }) => TESTS.has(code));
	}

	/** The block that is run when the call whose statement ends at a step failed, as the next test tells. */
	failureOf(end: number): { from: number; to: number } | undefined {
		const head =
			this.#steps[end]?.code === 'i'
				? end
				: this.#steps.findIndex((step, at) => at > end && isControl(step));
		if (this.#steps[head]?.code !== 'i') return undefined;
		return this.#blocks.find(({ from }) => from === head + 1);
	}

	/**
	 * The errors with which the function may be left after a step, without those of the call that ends there.
	 * @param failure the block in which that call has failed
	 */
	errorsAfter(end: number, failure?: { from: number; to: number }): ErrorExit[] {
		const main = this.#flow.reached(end, () => false);
		const found: ErrorExit[] = [];
		for (const [i, stretch] of main.entries()) {
			for (let at = Math.max(end + 1, stretch.from); at <= stretch.to; at++) {
				if (!LEAVES.has(this.#steps[at]?.code ?? '')) continue;
				if (failure !== undefined && failure.from <= at && at <= failure.to) continue;
				const before = [...main.slice(0, i), { from: stretch.from, to: at }];
				const way = this.#wayFrom(at, main);
				if (way === undefined || found.length >= MOST_EXITS) continue;
				const runs = [...before.flatMap((one) => this.#without(one, at)), ...way];
				found.push({ line: this.#steps[at]?.line ?? 0, at, runs });
			}
		}
		return found;
	}

	/** What runs from a jump to the end of the function; undefined when that is no error for certain. */
	#wayFrom(at: number, main: readonly Stretch[]): Stretch[] | undefined {
		const step = this.#steps[at];
		const tested = this.#testsAround(at);
		if (step === undefined) return undefined;
		if (step.code === 'x') return [];
		if (step.code === 'v') return tested.has(step.name) ? [] : undefined;
		const to = this.#labels.get(step.name);
		if (step.code !== 'g' || to === undefined || to < at) return undefined;
		const way = this.#flow.reached(to, () => false);
		const last = this.#steps[way.at(-1)?.to ?? -1];
		if (last?.code === 'x' || (last?.code === 'v' && tested.has(last.name))) return way;
		// Who gets there by this jump only, and returns something, returns what went wrong.
		const shared = main.some(({ from, to: end }) => from <= to && to <= end);
		return last?.code === 'v' && !shared && this.#isInside(at) ? way : undefined;
	}

	/** The variables that are errors at a step, by the heads around it. */
	#testsAround(at: number): Set<string> {
		const around = this.#blocks.filter(({ from, to }) => from <= at && at <= to);
		return new Set(around.map(({ tests }) => tests).filter((name) => name !== ''));
	}

	#isInside(at: number): boolean {
		return this.#blocks.some(({ from, to }) => from <= at && at <= to);
	}

	/** A stretch without the blocks in it that leave the function by themselves, those around a step excepted. */
	#without({ from, to }: Pick<Stretch, 'from' | 'to'>, at: number): Pick<Stretch, 'from' | 'to'>[] {
		const others = this.#blocks.filter(
			(block) =>
				block.from > from &&
				block.to <= to &&
				!(block.from <= at && at <= block.to) &&
				this.#steps.slice(block.from, block.to + 1).some(({ code }) => LEAVES.has(code)),
		);
		const found: Pick<Stretch, 'from' | 'to'>[] = [];
		let next = from;
		for (const block of others) {
			if (block.from > next) found.push({ from: next, to: block.from - 1 });
			next = Math.max(next, block.to + 1);
		}
		if (next <= to) found.push({ from: next, to });
		return found;
	}
}

/** Ways out of one function that are looked at: the first few tell as much as all. */
const MOST_EXITS = 64;
const LEAVES = new Set<string>(['q', 'x', 'v', 'g']);
const TESTS = new Set<string>(['i', 's', 'l', 'd', 'k', 'n']);
const HEADS = new Set<string>(['i', 'e', 'l', 'd', 's']);

/** The blocks of a function, in the order of their beginnings. */
function blocksOf(steps: readonly Step[]): Block[] {
	const found: Block[] = [];
	/** Heads that wait for the end of their statement; null for braces. */
	const open: (Block | null)[] = [];
	const nextControl = (at: number): string => {
		let next = at + 1;
		for (let step = steps[next]; step !== undefined && !isControl(step); step = steps[next]) next++;
		return steps[next]?.code ?? '';
	};
	const ended = (at: number): void => {
		for (let top = open.at(-1); top !== undefined && top !== null; top = open.at(-1)) {
			open.pop();
			top.to = at;
			// An outer head without braces waits for the `else` as well.
			if (nextControl(at) === 'e' && steps[top.from - 1]?.code === 'i') return;
		}
	};
	for (const [at, { code, name }] of steps.entries()) {
		if (HEADS.has(code)) {
			const block = { from: at + 1, to: steps.length - 1, tests: code === 'i' ? name : '' };
			found.push(block);
			open.push(block);
		} else if (code === '{') open.push(null);
		else if (code === '}') {
			while (open.length > 0 && open.pop() !== null);
			ended(at);
		} else if (code === ';') ended(at);
	}
	return found;
}
