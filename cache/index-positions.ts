/**
 * Line numbers of facts as differences: of an item to the one before it, of `end` and the like to
 * the item's own line. A line added at the top of a file then changes one number instead of all,
 * so that the versions of a file share nearly all of their facts.
 */

/** Members that hold a line of the same file besides `line`. */
const LINES = new Set(['end', 'from', 'to']);

interface Item {
	line?: unknown;
	[name: string]: unknown;
}

/** The same JSON value with line numbers made relative. {@link absolute} takes it back. */
export function relative(value: unknown): unknown {
	return convert(value, 0, -1);
}

/**
 * The value that {@link relative} was made from; shares nothing that could change with it. Throws
 * RangeError for one that is too large: parts that are shared in it are not in what comes out.
 */
export function absolute(value: unknown): unknown {
	countItems(value, { left: MOST_ITEMS });
	return convert(value, 0, 1);
}

/** Objects and lists in the facts of one file; the largest of the shipped index has two thousand. */
const MOST_ITEMS = 200_000;

function countItems(value: unknown, budget: { left: number }): void {
	if (typeof value !== 'object' || value === null) return;
	if (--budget.left < 0) throw new RangeError('a file has too many facts');
	for (const name in value) countItems((value as Item)[name], budget);
}

/** @param base line of the enclosing item; @param sign -1 makes relative, 1 makes absolute. */
function convert(value: unknown, base: number, sign: 1 | -1): unknown {
	if (Array.isArray(value)) return convertList(value, base, sign);
	if (typeof value !== 'object' || value === null) return value;
	return convertItem(value as Item, base, base, sign);
}

function convertList(list: readonly unknown[], base: number, sign: 1 | -1): unknown[] {
	let before = base;
	return list.map((item) => {
		if (typeof item !== 'object' || item === null || Array.isArray(item)) {
			return convert(item, base, sign);
		}
		const made = convertItem(item as Item, before, base, sign);
		const line = (sign === -1 ? item : made) as Item;
		if (typeof line.line === 'number') before = line.line;
		return made;
	});
}

function convertItem(item: Item, before: number, base: number, sign: 1 | -1): Item {
	const given = item.line;
	const line = typeof given === 'number' ? given + sign * before : undefined;
	const own = line === undefined ? base : sign === 1 ? line : (given as number);
	const made: Item = {};
	for (const name in item) {
		const member = item[name];
		if (typeof member === 'number') {
			if (name === 'line') made[name] = line;
			else made[name] = LINES.has(name) ? member + sign * own : member;
		} else made[name] = typeof member === 'object' ? convert(member, own, sign) : member;
	}
	return made;
}
