/** What the thread that runs the parser and the one that watches it tell each other. */
import { LARGEST_INPUT } from './mutate.ts';

/** Numbers at the head of the shared memory. */
export const SLOT = {
	/** Inputs begun. */
	begun: 0,
	/** Bytes of the input that is being run. */
	length: 1,
	/** 1 while an input is run. */
	running: 2,
	/** 1 when the thread shall stop. */
	stop: 3,
} as const;

const SLOTS = 8;

/** Memory with the input that is being run: it is still there when the thread is not. */
export class Shared {
	readonly buffer: SharedArrayBuffer;
	readonly slots: Int32Array;
	readonly #input: Uint8Array;

	constructor(buffer = new SharedArrayBuffer(4 * SLOTS + LARGEST_INPUT)) {
		this.buffer = buffer;
		this.slots = new Int32Array(buffer, 0, SLOTS);
		this.#input = new Uint8Array(buffer, 4 * SLOTS);
	}

	begin(input: Uint8Array): void {
		this.#input.set(input);
		this.slots[SLOT.length] = input.length;
		Atomics.add(this.slots, SLOT.begun, 1);
		Atomics.store(this.slots, SLOT.running, 1);
	}

	end(): void {
		Atomics.store(this.slots, SLOT.running, 0);
	}

	/** The input that was run last. */
	input(): Buffer {
		return Buffer.from(this.#input.slice(0, this.slots[SLOT.length]));
	}
}

/** What a thread is to do: run inputs made with a seed, or one input. */
export interface Task {
	parser: string;
	shared: SharedArrayBuffer;
	seed: number;
	/** Given to run only this. */
	only?: Uint8Array;
}

/** Something that must not be. */
export interface Finding {
	kind: 'threw' | 'slow' | 'memory' | 'crashed';
	what: string;
	/** Findings with the same sign are one. */
	sign: string;
	input: Uint8Array;
}

/** What a thread says. `ready`: its parser is loaded. */
export type Message = { ready: true } | { finding: Finding } | { done: true };

/** Seconds that an input may take. */
export function allowedSeconds(bytes: number): number {
	return Math.max(1, bytes / 100_000);
}
