/**
 * Myers' diff on line ids, as git's xdiff does it, for WebAssembly: its machine code is there at once, where a
 * run of the program is over before the engine has compiled the same in JavaScript. The host calls
 * {@link begin}, writes the ids of both sides to where they belong, and asks for what it wants.
 *
 * The language is AssemblyScript; `npm run assembly` compiles it to xdiff-wasm.ts.
 */
import { compact } from './compact';
import { prepare } from './discard';
import { giveUp, giveUpTo, put, take, taken } from './memory';
import { search } from './search';
import { left, right } from './side';

/** Behind what belongs to the sides. */
let behindSides: u64 = 0;

/** Takes memory for two sides of so many lines each; what was there before is gone. */
export function begin(leftLength: i32, rightLength: i32): void {
	giveUp();
	left.begin(leftLength);
	right.begin(rightLength);
	behindSides = taken();
}

/** Where the 32-bit ids of the left side's lines belong. */
export function leftIds(): usize {
	return left.ids;
}

/** Where the ids of the right side's lines belong. */
export function rightIds(): usize {
	return right.ids;
}

/** Where a byte for each line of the left side says whether it changed. */
export function leftMarks(): usize {
	return left.changed;
}

/** Where a byte for each line of the right side says whether it changed. */
export function rightMarks(): usize {
	return right.changed;
}

/** Marks the lines of both sides that changed, where the search finds them. */
export function mark(): void {
	prepare();
	search();
	giveUpTo(behindSides);
}

/** Slides the marked changes to where git shows them. */
export function slide(): void {
	compact(left, right);
	compact(right, left);
}

/** Numbers that {@link script} writes of each change. */
const NUMBERS: i32 = 4;
let changes: usize = 0;

/**
 * Writes the changes that the marks stand for, in order: of each the first line and the line after the last,
 * of the left and of the right side. Returns how many there are.
 */
export function script(): i32 {
	giveUpTo(behindSides);
	changes = take(((countChanges(0) as u64) * NUMBERS) << 2);
	return countChanges(changes);
}

/** Where {@link script} wrote the changes. */
export function scriptAt(): usize {
	return changes;
}

/** Counts the changes, and writes them where an address is given. */
function countChanges(to: usize): i32 {
	let count = 0;
	let i1 = 0;
	let i2 = 0;
	while (i1 < left.length || i2 < right.length) {
		if (!left.isChanged(i1) && !right.isChanged(i2)) {
			i1++;
			i2++;
			continue;
		}
		const start1 = i1;
		const start2 = i2;
		while (left.isChanged(i1)) i1++;
		while (right.isChanged(i2)) i2++;
		if (to !== 0) {
			const change = count * NUMBERS;
			put(to, change, start1);
			put(to, change + 1, i1);
			put(to, change + 2, start2);
			put(to, change + 3, i2);
		}
		count++;
	}
	return count;
}
