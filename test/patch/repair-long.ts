/**
 * The long run of the property test of repair, by hand:
 *
 *   npm run test:repair -- [CASES] [SEED] [--show KIND]
 *
 * prints what became of generated patches by the kind of their damage, and fails on a false claim.
 */
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { anyDamage, nameOf, oneDamage } from './damage.ts';
import { goodPatch, mailOf, outcome, Tally } from './damage-cases.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { show: { type: 'string' } },
});
const cases = Number(positionals[0] ?? 20_000);
const seed = Number(positionals[1] ?? 1);
const tally = new Tally();
const total = new Tally();
let wrong = 0;
const started = performance.now();
const arbitrary = fc.tuple(goodPatch, fc.oneof(oneDamage, anyDamage));
for (let done = 0; done < cases; ) {
	const some = fc.sample(arbitrary, { numRuns: Math.min(500, cases - done), seed: seed + done });
	for (const [good, how] of some) {
		const kinds = Object.keys(how).length;
		const name = kinds > 1 ? `${kinds} kinds` : nameOf(how);
		const mail = mailOf(good.diff, how);
		for (const known of ['text', 'fingerprints'] as const) {
			const one = outcome(good, mail, known);
			const row = known === 'text' ? name : `(fingerprints) ${name}`;
			tally.add(row, one);
			total.add(known, one);
			if (one.result === 'false') wrong++;
			if (one.result === 'false' || (values.show === row && one.result !== 'whole')) {
				console.log(`${JSON.stringify(how)}\n${mail}${JSON.stringify(one, null, 1)}\n${good.diff}`);
			}
		}
	}
	done += some.length;
}
console.log(`${tally}\n\n${total}\n`);
const seconds = (performance.now() - started) / 1000;
console.log(`${cases} damaged patches in ${seconds.toFixed(0)} s, ${wrong} false claims`);
if (wrong > 0) process.exitCode = 1;
