/**
 * One line of progress on stderr, drawn only on a terminal, not at once and not too often, and gone
 * without a trace at the end.
 */
import { printableLine } from '../src/text.ts';
import type { Progress } from './engine.ts';
import type { World } from './world.ts';

/** Short work needs no progress. */
const FIRST_AFTER_MS = 300;
const EVERY_MS = 80;

/** Puts the cursor at the start of its line and erases it. */
export const ERASE_LINE = '\r\x1b[K';

/** Progress that draws on the world's stderr, or nowhere when that is no terminal or `quiet` is set. */
export function createProgress(
	world: Pick<World, 'stderr' | 'isTTY' | 'now'>,
	quiet: boolean,
): Progress {
	if (quiet || !world.isTTY.stderr) return { start() {}, step() {}, end() {} };
	let label = '';
	let total = 0;
	let done = 0;
	let next = 0;
	let drawn = false;
	const erase = () => {
		if (drawn) world.stderr.write(ERASE_LINE);
		drawn = false;
	};
	return {
		start(newLabel, newTotal) {
			erase();
			label = printableLine(newLabel);
			total = newTotal;
			done = 0;
			next = world.now() + FIRST_AFTER_MS;
		},
		step() {
			done += 1;
			const now = world.now();
			if (now < next) return;
			next = now + EVERY_MS;
			world.stderr.write(`${ERASE_LINE}${label} ${done}/${total}`);
			drawn = true;
		},
		end: erase,
	};
}
