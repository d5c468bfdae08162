/**
 * Placement against git and GNU patch, at length; run by hand:
 *
 *   npm run test:placement -- [--seed N] [--count N] [LADDER_DIR]
 *
 * Generated cases (100,000 of seed 1 unless told otherwise), and with LADDER_DIR, a repository with
 * kernel releases as tags, every file of drivers/iommu: its real diff between two neighbouring
 * releases on every other release that has the file. Prints how many cases landed in which way, every
 * class of disagreement with its reason, and each disagreement that has none.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedCase, type PlacementCase } from '../patch/agreement/cases.ts';
import { type Comparison, compareCases } from '../patch/agreement/compare.ts';
import { REASONS } from '../patch/agreement/reasons.ts';
import { ladderCases } from './placement-cases.ts';

/** Cases a batch: the tools take many files at once. */
const BATCH = 1000;
const EXAMPLES = 3;

/** Sums of the comparisons of many batches. */
class Tally {
	#cases = 0;
	readonly #results = new Map<string, number>();
	readonly #explained = new Map<string, { count: number; names: string[] }>();
	readonly #unexplained: string[] = [];

	add(cases: number, { results, disagreements }: Comparison): void {
		this.#cases += cases;
		for (const [result, count] of results) {
			this.#results.set(result, (this.#results.get(result) ?? 0) + count);
		}
		for (const { name, preimage, what, reason } of disagreements) {
			const given = preimage ? '' : ', pre-image unknown';
			if (reason === undefined) {
				this.#unexplained.push(`${name}${given}: ${what}`);
				continue;
			}
			const key = `${reason}${given}`;
			const known = this.#explained.get(key) ?? { count: 0, names: [] };
			known.count++;
			if (known.names.length < EXAMPLES) known.names.push(name);
			this.#explained.set(key, known);
		}
	}

	/** Prints the sums; returns how many disagreements have no reason. */
	print(title: string): number {
		console.log(`\n== ${title}: ${this.#cases} cases, ${this.#unexplained.length} unexplained`);
		for (const [result, count] of [...this.#results].sort()) console.log(`   ${count} ${result}`);
		for (const [key, { count, names }] of [...this.#explained].sort()) {
			console.log(`   disagreements, ${key}: ${count}, such as ${names.join(', ')}`);
		}
		for (const line of this.#unexplained) console.log(`   UNEXPLAINED ${line}`);
		return this.#unexplained.length;
	}
}

function compareAll(title: string, cases: Iterable<PlacementCase>): number {
	const tally = new Tally();
	let batch: PlacementCase[] = [];
	const flush = (): void => {
		tally.add(batch.length, compareCases(batch));
		batch = [];
	};
	for (const one of cases) {
		if (batch.push(one) === BATCH) flush();
	}
	if (batch.length > 0) flush();
	return tally.print(title);
}

function* generated(seed: number, count: number): Generator<PlacementCase> {
	for (let number = 0; number < count; number++) yield generatedCase(seed, number);
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		seed: { type: 'string', default: '1' },
		count: { type: 'string', default: '100000' },
	},
});
const [seed, count] = [Number(values.seed), Number(values.count)];
let unexplained = compareAll(`generated, seed ${seed}`, generated(seed, count));
for (const ladder of positionals) {
	unexplained += compareAll(`drivers/iommu in ${ladder}`, ladderCases(resolve(ladder)));
}
console.log('\nreasons');
for (const [word, reason] of Object.entries(REASONS)) console.log(`   ${word}: ${reason}`);
console.log(`\n${unexplained === 0 ? 'all explained' : `${unexplained} unexplained`}`);
if (unexplained > 0) process.exitCode = 1;
