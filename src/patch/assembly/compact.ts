/** Slides the changes of a diff along equal lines, as git's xdl_change_compact() does. */
import { at } from './memory';
import { Side } from './side';

/** A run of changed lines from `start` to `end`, maybe empty, that ends before an unchanged one. */
@unmanaged
class Group {
	side: Side;
	start: i32;
	end: i32;

	/** Goes to the first group of a side. */
	begin(side: Side): void {
		this.side = side;
		this.start = 0;
		this.end = 0;
		while (side.isChanged(this.end)) this.end++;
	}

	get empty(): bool {
		return this.start === this.end;
	}

	next(): bool {
		const side = this.side;
		let end = this.end;
		if (end === side.length) return false;
		this.start = ++end;
		while (side.isChanged(end)) end++;
		this.end = end;
		return true;
	}

	previous(): bool {
		const side = this.side;
		let start = this.start;
		if (start === 0) return false;
		this.end = --start;
		while (side.isChanged(start - 1)) start--;
		this.start = start;
		return true;
	}

	slideDown(): bool {
		const side = this.side;
		if (this.end >= side.length || at(side.ids, this.start) !== at(side.ids, this.end))
			return false;
		side.mark(this.start++, false);
		side.mark(this.end++, true);
		while (side.isChanged(this.end)) this.end++;
		return true;
	}

	slideUp(): bool {
		const side = this.side;
		if (this.start === 0 || at(side.ids, this.start - 1) !== at(side.ids, this.end - 1))
			return false;
		side.mark(--this.start, true);
		side.mark(--this.end, false);
		while (side.isChanged(this.start - 1)) this.start--;
		return true;
	}
}

const group = changetype<Group>(memory.data(offsetof<Group>(), 8));
const mate = changetype<Group>(memory.data(offsetof<Group>(), 8));

/** Slides changes that can be slid: to join others, else to line up with the other side's, else down. */
export function compact(side: Side, other: Side): void {
	group.begin(side);
	mate.begin(other);
	do {
		if (!group.empty) slide();
	} while (group.next() && mate.next());
}

function slide(): void {
	let size: i32;
	let earliest: i32;
	let aligned: bool;
	do {
		size = group.end - group.start;
		while (group.slideUp()) mate.previous();
		earliest = group.end;
		aligned = !mate.empty;
		while (group.slideDown()) {
			mate.next();
			if (!mate.empty) aligned = true;
		}
	} while (size !== group.end - group.start);
	if (group.end === earliest || !aligned) return;
	while (mate.empty) {
		group.slideUp();
		mate.previous();
	}
}
