/**
 * Where control goes in a function, from the steps of its trace: what can follow a step without a test
 * having sent control elsewhere. Loops are taken to be left, branches to be joined; a jump holds only for what is in
 * its own block.
 */
import { isControl, type Step } from './trace.ts';

/** Control in steps `from`..`at` goes, at `at`, to step `to`; nowhere when it leaves the function. */
interface Jump {
	from: number;
	at: number;
	to: number | undefined;
	line: number;
}

interface Frame {
	kind: 'block' | 'if' | 'else' | 'loop' | 'switch';
	/** First step inside. */
	from: number;
	/** Of an `else`, where its `if` began. */
	since: number;
	breaks: Jump[];
}

/** A stretch of steps, both ends inclusive. */
export interface Stretch {
	from: number;
	to: number;
	/** Lines of jumps that would have ended it, had they been taken; see `ignored` of {@link reached}. */
	past: readonly number[];
}

/** The control flow of one function. */
export class Flow {
	readonly #steps: readonly Step[];
	readonly #jumps: readonly Jump[];

	constructor(steps: readonly Step[]) {
		this.#steps = steps;
		this.#jumps = jumpsOf(steps);
	}

	/** The step at which the statement, or its head, that holds a call on a line is done. */
	endOf(line: number): number {
		let low = 0;
		let high = this.#steps.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#steps[middle]?.line ?? 0) < line) low = middle + 1;
			else high = middle;
		}
		while (low < this.#steps.length && !ENDS.has(this.#steps[low]?.code ?? '')) low++;
		return low;
	}

	/** The first step of the statement that a step ends. */
	startOf(end: number): number {
		let at = end;
		for (let step = this.#steps[at - 1]; step !== undefined; step = this.#steps[at - 1]) {
			if (isControl(step)) break;
			at--;
		}
		return at;
	}

	/**
	 * The stretches of steps that follow a step on the way that no test leaves.
	 * @param ignored tells of the line of a jump that it may not be compiled
	 */
	reached(from: number, ignored: (line: number) => boolean): Stretch[] {
		const found: Stretch[] = [];
		const past: number[] = [];
		let at = from;
		for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
			let next: Jump | undefined;
			for (const jump of this.#jumps) {
				if (jump.from > at || jump.at < at) continue;
				if (ignored(jump.line)) past.push(jump.line);
				else if (next === undefined || jump.at < next.at) next = jump;
			}
			found.push({ from: at, to: next?.at ?? this.#steps.length, past: [...past] });
			if (next?.to === undefined || next.to <= next.at) break;
			at = next.to;
		}
		return found;
	}
}

/** More jumps in a row than this are not followed. */
const MAX_ROUNDS = 64;
const ENDS = new Set<string>([';', 'i', 'l', 's', 'q', 'x', 'v']);

function jumpsOf(steps: readonly Step[]): Jump[] {
	const jumps: Jump[] = [];
	const labels = new Map<string, number>();
	const gotos: { jump: Jump; label: string }[] = [];
	const frames: Frame[] = [];
	const push = (kind: Frame['kind'], from: number, since = from) =>
		frames.push({ kind, from, since, breaks: [] });
	const nextControl = (at: number): Step | undefined => {
		let next = at + 1;
		for (; next < steps.length; next++) {
			const step = steps[next];
			if (step !== undefined && isControl(step)) return step;
		}
		return undefined;
	};
	/** A statement ended: so do the heads that waited for it. */
	const ended = (at: number): void => {
		for (let top = frames.at(-1); top !== undefined && top.kind !== 'block'; top = frames.at(-1)) {
			frames.pop();
			for (const one of top.breaks) one.to = at + 1;
			if (top.kind === 'else') {
				// The branch before it goes on behind this one.
				jumps.push({
					from: top.since,
					at: top.from - 1,
					to: at + 1,
					line: steps[top.from - 1]?.line ?? 0,
				});
			} else if (top.kind === 'if' && nextControl(at)?.code === 'e') {
				push('if', top.from);
				return;
			}
		}
	};
	for (const [at, { code, name, line }] of steps.entries()) {
		const from = frames.at(-1)?.from ?? 0;
		switch (code) {
			case '{':
				push('block', at + 1);
				break;
			case '}':
				while (frames.length > 0 && frames.pop()?.kind !== 'block');
				ended(at);
				break;
			case ';':
				ended(at);
				break;
			case 'i':
				push('if', at + 1);
				break;
			case 'e': {
				const before = frames.at(-1);
				if (before?.kind === 'if') frames.pop();
				push('else', at + 1, before?.kind === 'if' ? before.from : at);
				break;
			}
			case 'l':
			case 'd':
				push('loop', at + 1);
				break;
			case 's':
				push('switch', at + 1);
				break;
			case 'n':
				labels.set(name, at);
				break;
			case 'q':
			case 'x':
			case 'v':
				jumps.push({ from, at, to: undefined, line });
				break;
			case 'g': {
				const jump: Jump = { from, at, to: undefined, line };
				gotos.push({ jump, label: name });
				break;
			}
			case 'b':
			case 'c': {
				const around = frames.findLast(
					({ kind }) => kind === 'loop' || (code === 'b' && kind === 'switch'),
				);
				if (around === undefined) break;
				const jump: Jump = { from, at, to: undefined, line };
				around.breaks.push(jump);
				jumps.push(jump);
				break;
			}
		}
	}
	for (const { jump, label } of gotos) {
		const to = labels.get(label);
		if (to !== undefined) jumps.push({ ...jump, to });
		else jumps.push(jump);
	}
	return jumps;
}
