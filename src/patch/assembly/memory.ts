/**
 * Takes memory for one diff: piece after piece behind what the module itself needs, all given up at once when
 * the next diff starts.
 */

/** What is taken starts at multiples of this, so that 32-bit numbers may stand anywhere. */
const ALIGNED: u64 = 8;
const PAGE_BITS: u64 = 16;
/** What 32-bit addresses reach. */
const MOST: u64 = 0xffff0000;

let next: u64 = __heap_base;

/** Gives everything up. */
export function giveUp(): void {
	next = __heap_base;
}

/** Gives up what was taken since the memory ended here, as {@link taken} said. */
export function giveUpTo(end: u64): void {
	next = end;
}

/** Where the next piece will start. */
export function taken(): u64 {
	return next;
}

/** The address of so many bytes, which hold anything. Traps when there is not so much memory. */
export function take(bytes: u64): usize {
	const at = next;
	next = (at + bytes + ALIGNED - 1) & ~(ALIGNED - 1);
	if (next > MOST) unreachable();
	const pages = (((next - 1) >> PAGE_BITS) + 1) as i32;
	const more = pages - memory.size();
	if (more > 0 && memory.grow(more) < 0) unreachable();
	return at as usize;
}

/** The 32-bit number at an index from an address. */
export function at(numbers: usize, index: i32): i32 {
	return load<i32>(numbers + ((index as usize) << 2));
}

/** Sets the 32-bit number at an index from an address. */
export function put(numbers: usize, index: i32, value: i32): void {
	store<i32>(numbers + ((index as usize) << 2), value);
}
