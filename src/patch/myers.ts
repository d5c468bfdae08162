/**
 * Myers' diff on line ids, as git's xdiff does it: the same trimming, the same discarding of lines
 * without a match, the same split heuristics, the same sliding of changes. A three-way merge is
 * clean or not depending on these, so they follow xdiff step by step.
 *
 * The steps are in assembly/, compiled to WebAssembly; here ids go in and changes come out. A run of the
 * program makes a few dozen diffs, which are over before the engine has compiled the same in JavaScript.
 */
import { XDIFF_WASM } from './xdiff-wasm.ts';

/** Lines `[aStart, aEnd)` of the one become lines `[bStart, bEnd)` of the other; 0-based. */
export interface Change {
	aStart: number;
	aEnd: number;
	bStart: number;
	bEnd: number;
}

/** One side of a diff: the ids of its lines, and per line 1 where it changed. */
export interface Side {
	readonly ids: Int32Array;
	readonly changed: Uint8Array;
}

/**
 * The changes that turn `a` into `b`, in order. Ids count from 0, as an interner gives them.
 * @throws RangeError when memory does not suffice: some 30 bytes a line that differs, of 4 GiB at most
 */
export function diff(a: Int32Array, b: Int32Array): Change[] {
	return working(a, b, (xdiff) => {
		xdiff.mark();
		xdiff.slide();
		return changesIn(xdiff);
	});
}

/** The two sides with their changes marked where the search found them, not slid yet. Throws as {@link diff}. */
export function searched(a: Int32Array, b: Int32Array): [Side, Side] {
	return working(a, b, (xdiff) => {
		xdiff.mark();
		const marks = (from: number, { length }: Int32Array): Uint8Array =>
			new Uint8Array(xdiff.memory.buffer, from, length).slice();
		return [
			{ ids: a, changed: marks(xdiff.leftMarks(), a) },
			{ ids: b, changed: marks(xdiff.rightMarks(), b) },
		];
	});
}

/** The changes that marks on two sides stand for, slid to where git shows them. Throws as {@link diff}. */
export function slid(left: Side, right: Side): Change[] {
	return working(left.ids, right.ids, (xdiff) => {
		const { buffer } = xdiff.memory;
		new Uint8Array(buffer, xdiff.leftMarks(), left.ids.length).set(left.changed);
		new Uint8Array(buffer, xdiff.rightMarks(), right.ids.length).set(right.changed);
		xdiff.slide();
		return changesIn(xdiff);
	});
}

/** What assembly/xdiff.ts exports. Addresses are in bytes; those of the sides hold until the next `begin`. */
interface Xdiff {
	readonly memory: { readonly buffer: ArrayBuffer };
	begin(leftLength: number, rightLength: number): void;
	leftIds(): number;
	rightIds(): number;
	leftMarks(): number;
	rightMarks(): number;
	mark(): void;
	slide(): void;
	script(): number;
	scriptAt(): number;
}

/** What is used here of the engine's WebAssembly, of which Node's types say little. */
const { Module, Instance, RuntimeError } = (
	globalThis as unknown as {
		readonly WebAssembly: {
			readonly Module: new (bytes: Uint8Array) => object;
			readonly Instance: new (module: object) => { readonly exports: unknown };
			readonly RuntimeError: ErrorConstructor;
		};
	}
).WebAssembly;

/** A memory that had to grow beyond this, in bytes, is not kept for the next diff: it would never shrink. */
const MOST_KEPT = 1 << 24;
/** So many numbers are written of each change. */
const NUMBERS = 4;

let compiled: object | undefined;
/** Absent while it works, and after it failed. */
let kept: Xdiff | undefined;

function working<T>(a: Int32Array, b: Int32Array, work: (xdiff: Xdiff) => T): T {
	const xdiff = kept ?? instance();
	kept = undefined;
	try {
		xdiff.begin(a.length, b.length);
		const { buffer } = xdiff.memory;
		new Int32Array(buffer, xdiff.leftIds(), a.length).set(a);
		new Int32Array(buffer, xdiff.rightIds(), b.length).set(b);
		const done = work(xdiff);
		if (xdiff.memory.buffer.byteLength <= MOST_KEPT) kept = xdiff;
		return done;
	} catch (cause) {
		if (!(cause instanceof RuntimeError)) throw cause;
		throw new RangeError(`no memory for a diff of ${a.length} and ${b.length} lines`, { cause });
	}
}

function instance(): Xdiff {
	compiled ??= new Module(Buffer.from(XDIFF_WASM, 'base64'));
	return new Instance(compiled).exports as Xdiff;
}

function changesIn(xdiff: Xdiff): Change[] {
	const count = xdiff.script();
	const numbers = new Int32Array(xdiff.memory.buffer, xdiff.scriptAt(), count * NUMBERS);
	const changes: Change[] = [];
	for (let i = 0; i < numbers.length; i += NUMBERS) {
		changes.push({
			aStart: numbers[i] ?? 0,
			aEnd: numbers[i + 1] ?? 0,
			bStart: numbers[i + 2] ?? 0,
			bEnd: numbers[i + 3] ?? 0,
		});
	}
	return changes;
}
