/** One side of a diff: its lines, which of them changed, and those that take part in the search. */
import { take } from './memory';

@unmanaged
export class Side {
	/** Number of lines. */
	length: i32;
	/** The id of each line. */
	ids: usize;
	/** A byte a line, 1 for a changed one; an unchanged one stands before the first and after the last. */
	changed: usize;
	/** How many lines are left after discarding. */
	keptLength: i32;
	/** Their ids. */
	kept: usize;
	/** Their line numbers. */
	index: usize;

	/** Takes memory for lines whose ids are still to come; none of them is changed, none kept. */
	begin(length: i32): void {
		this.length = length;
		this.ids = take((length as u64) << 2);
		this.changed = take((length as u64) + 2) + 1;
		memory.fill(this.changed - 1, 0, (length as usize) + 2);
		this.keptLength = 0;
	}

	/** Whether a line changed; it may be the one before the first or after the last. */
	isChanged(line: i32): bool {
		return load<u8>(this.changed + (line as usize)) !== 0;
	}

	/** Marks a line as changed or not. */
	mark(line: i32, changed: bool): void {
		store<u8>(this.changed + (line as usize), changed ? 1 : 0);
	}

	/** Marks the lines from `start` to `end`, without the latter, as changed. */
	markAll(start: i32, end: i32): void {
		memory.fill(this.changed + (start as usize), 1, (end - start) as usize);
	}
}

export const left = changetype<Side>(memory.data(offsetof<Side>(), 8));
export const right = changetype<Side>(memory.data(offsetof<Side>(), 8));
