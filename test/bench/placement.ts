/** How long the placement of one hunk in a large file takes, its lines being interned. */
import { performance } from 'node:perf_hooks';
import { TextInterner } from '../../src/patch/lines.ts';
import { placeFile } from '../../src/patch/placement.ts';
import { internHunks } from '../../src/patch/search.ts';
import { randomNumbers } from '../patch/agreement/cases.ts';
import { hunksBetween, textOf } from '../patch/cases.ts';

const LINES = 10_000;
/** The line that the hunk changes. */
const AT = 6_000;
const ROUNDS = 30;

/** Best milliseconds of a placement, by its result. */
export function placementTimes(rounds: number): Map<string, number> {
	const random = randomNumbers(20171121);
	const common = ['', '{', '}', '\treturn ret;', '\tif (ret)'];
	const base = Array.from({ length: LINES }, () =>
		random(5) < 2 ? (common[random(common.length)] ?? '') : `\tret = step_${random(3000)}(dev);`,
	);
	const changed = (at: number, line: string): string[] => base.toSpliced(at, 1, line);
	/** Changes of its own all over the file, as another release has them. */
	const grown = (lines: readonly string[]): string[] =>
		lines.map((line, i) => (i % 400 === 7 ? `${line} /* grown */` : line));
	const patched = changed(AT, '\tfixed(dev);');
	const targets: [string[], boolean][] = [
		[patched, true],
		[base, true],
		[['/* one more */', ...base], true],
		[grown(changed(AT - 2, '\tother(dev);')), true],
		[grown(changed(AT - 3, '\tother(dev);')), false],
		[grown(changed(AT, '\tother(dev);')), true],
	];
	const interner = new TextInterner();
	const hunks = internHunks(interner, hunksBetween(textOf(base), textOf(patched)));
	const preimage = interner.lines(textOf(base));
	const times = new Map<string, number>();
	for (const [lines, known] of targets) {
		const target = interner.lines(textOf(lines));
		for (let round = 0; round < rounds * ROUNDS; round++) {
			const start = performance.now();
			const { result } = placeFile(target, { hunks }, known ? preimage : undefined);
			const took = performance.now() - start;
			times.set(result, Math.min(took, times.get(result) ?? Number.POSITIVE_INFINITY));
		}
	}
	return times;
}
