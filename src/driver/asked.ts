/** What conditional lines ask for. The same few stand in all versions of a file, so what was read is remembered. */
import { preprocessorCondition, printCondition } from '../kernel/condition.ts';

const ASKED = new Map<string, string>();
/** Lines, and characters of one, up to which they are remembered. */
const MOST_ASKED = 1024;
const LONGEST_ASKED = 256;

/** What `#name rest` asks for, as a `when`. */
export function askedBy(name: string, rest: string): string {
	const line = `#${name} ${rest}`;
	const known = ASKED.get(line);
	if (known !== undefined) return known;
	const when = printCondition(preprocessorCondition(line));
	if (ASKED.size >= MOST_ASKED) ASKED.clear();
	if (line.length <= LONGEST_ASKED) ASKED.set(line, when);
	return when;
}
