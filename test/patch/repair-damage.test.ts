/** Repair as a property: good patches, damaged at random, come back whole or with no false claim. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { gitBlobId } from '../../src/patch/apply.ts';
import { cpuTime } from '../cpu.ts';
import { anyDamage, type Damage, oneDamage } from './damage.ts';
import { goodPatch, madeFrom, mailOf, outcome } from './damage-cases.ts';

/** Damage that takes nothing which the pre-image, the counts and the ids do not give back. */
const LOSSLESS: readonly Damage[] = [
	{ blanks: true },
	{ trim: true },
	{ blanks: true, trim: true },
	{ entities: 'named' },
	{ entities: 'decimal' },
	{ entities: 'hex' },
	{ quote: { mark: '> ', depth: 3 } },
	{ quote: { mark: '>', depth: 1 } },
	{ entities: 'named', quote: { mark: '> ', depth: 2 } },
	{ entities: 'hex', trim: true },
];

const SMALL = `int lamp(void)
{
	int ret;

	ret = lamp_register_with_parent(parent, sizeof(*lamp), GFP_KERNEL, "lamp", 1);
	if (ret < 0 && ret != -EINVAL)
		return ret;

	return 0;
}
MODULE_AUTHOR("A Maker <maker@lamp.example.org>");
`;

describe('repair of damaged patches', () => {
	it('makes no false claim, whatever the damage', () => {
		let whole = 0;
		const RUNS = 60;
		fc.assert(
			fc.property(goodPatch, fc.oneof(oneDamage, anyDamage), (good, how) => {
				const mail = mailOf(good.diff, how);
				const one = outcome(good, mail);
				assert.notEqual(one.result, 'false', JSON.stringify(one));
				if (one.result === 'whole' && one.proof === 'postimage') whole++;
				const known = outcome(good, mail, 'fingerprints');
				assert.notEqual(known.result, 'false', JSON.stringify(known));
				assert.ok(!('proof' in known) || known.proof !== 'postimage');
			}),
			{ numRuns: RUNS, seed: 11, endOnFailure: true },
		);
		assert.ok(whole > RUNS / 2, `${whole} of ${RUNS} whole`);
	});

	it('gives back byte for byte what lost nothing that is not known', () => {
		fc.assert(
			fc.property(goodPatch, fc.constantFrom(...LOSSLESS), (good, how) => {
				// An added line of white space only is trimmed, or blank, and then nobody knows.
				fc.pre(!/^\+[ \t]*[ \t]$/m.test(good.diff));
				const one = outcome(good, mailOf(good.diff, how));
				// Which of two blank lines side by side was added is in no file and no id.
				const same = how.blanks === true && one.result === 'equal' && one.proof === 'postimage';
				assert.ok(same || one.result === 'whole', JSON.stringify({ how, one }));
			}),
			{ numRuns: 120, seed: 3, endOnFailure: true },
		);
	});

	it('claims a result that git names alike', () => {
		for (const good of fc.sample(goodPatch, { numRuns: 5, seed: 2 })) {
			const one = outcome(good, mailOf(good.diff, { blanks: true, trim: true }));
			assert.ok(one.result === 'whole' && one.proof === 'postimage', JSON.stringify(one));
			const done = spawnSync('git', ['hash-object', '--stdin'], { input: good.after });
			assert.equal(done.stdout.toString().trim(), gitBlobId(Buffer.from(good.after)));
		}
	});

	it('brings an added line back that was broken, marked and unmarked', () => {
		const after = SMALL.replace(
			'\tif (ret',
			'\tlamp_set_the_shade_of_the_lamp(lamp, LAMP_SHADE_DEFAULT | LAMP_SHADE_GREEN, "shade", &ret);\n\tif (ret',
		);
		const good = madeFrom(SMALL, after);
		for (const marker of [true, false]) {
			for (const space of [true, false]) {
				const how: Damage = { wrap: { width: 72, marker, space } };
				const one = outcome(good, mailOf(good.diff, how));
				assert.deepEqual(one, { result: 'whole', proof: 'postimage' }, JSON.stringify(how));
			}
		}
		for (const delSp of [true, false]) {
			const one = outcome(good, mailOf(good.diff, { flowed: { width: 72, delSp } }));
			assert.deepEqual(one, { result: 'whole', proof: 'postimage' });
		}
	});

	it('does not claim a masked address that an added line brings', () => {
		const good = madeFrom(
			SMALL,
			SMALL.replace('maker@lamp.example.org', 'other@elsewhere.example'),
		);
		for (const mask of ['host', 'all'] as const) {
			const one = outcome(good, mailOf(good.diff, { mask }));
			assert.ok(one.result === 'other' && one.proof === 'preimage', JSON.stringify(one));
		}
		const told = outcome(good, mailOf(good.diff, { mask: 'at' }));
		assert.deepEqual(told, { result: 'whole', proof: 'postimage' });
	});

	it('takes time that grows with the patch', function () {
		this.timeout(120_000);
		const lines = (count: number): string[] =>
			Array.from({ length: count }, (_, i) =>
				i % 10 === 9
					? ''
					: `\tret = lamp_get(dev, ${i}, "of the lamp number ${i % 7}", &lamp->shade);`,
			);
		const time = (count: number): number => {
			const old = lines(count);
			const next = old.map((line, i) => (i % 500 === 2 ? line.replace('get', 'set') : line));
			const good = madeFrom(`${old.join('\n')}\n`, `${next.join('\n')}\n`);
			const mail = mailOf(good.diff, { blanks: true, runs: 'folded', entities: 'named' });
			const started = cpuTime();
			const one = outcome(good, mail);
			assert.deepEqual(one, { result: 'whole', proof: 'postimage' });
			return cpuTime() - started;
		};
		time(2000);
		const small = time(5000);
		// Quadratic work would take 64 times as long.
		assert.ok(time(40_000) < 32 * Math.max(small, 50));
	});
});
