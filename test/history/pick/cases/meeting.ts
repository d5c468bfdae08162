/** How three trees meet in one test of a pick, and what most of them are made of. */
import { type File, lines, type Threesome } from '../threesomes.ts';

export interface Case extends Threesome {
	readonly name: string;
	/** `clean`, `empty`, or the kinds of conflict. */
	readonly expect: string;
}

type Tree = Threesome['base'];

/** One case: the commit takes `base` to `theirs`, and is picked onto `ours`. */
export function meeting(name: string, expect: string, base: Tree, ours: Tree, theirs: Tree): Case {
	return { name, expect, base, ours, theirs };
}

export const TEN = lines(10);
export const FORTY = lines(40);
export const OTHER = lines(40, 'other');

/** A text with one of its lines changed. */
export function change(text: string, line: number, to = 'changed\n'): string {
	return text.replace(new RegExp(`^.* ${line}\\n`, 'm'), to);
}

export const exe = (text: string): File => ({ mode: '100755', text });
export const link = (text: string): File => ({ mode: '120000', text });
export const sub = (digit: string): File => ({ mode: '160000', text: digit.repeat(40) });

/** Files of a folder, some of them alike. */
export function folder(path: string, count: number): Record<string, string> {
	const files = Array.from({ length: count }, (_, i) => [
		`${path}/f${i}.c`,
		lines(30, `${i} text`),
	]);
	return Object.fromEntries(files);
}
