/** Inputs that were findings of `npm run fuzz` once, and a short run of each parser's own seeds. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { failureOf } from '../../src/errors.ts';
import { LARGE } from './large.ts';
import { mutated } from './mutate.ts';
import { allowedSeconds } from './protocol.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';

const CORPUS = join(import.meta.dirname, 'corpus');
/** Inputs made of the seeds of a parser. */
const MADE = 60;

function kept(parser: string): string[] {
	try {
		return readdirSync(join(CORPUS, parser)).map((name) => join(CORPUS, parser, name));
	} catch {
		return [];
	}
}

function seconds(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

/** The seconds of CPU that an input takes. Fails for what is thrown and is no failure of ours. */
async function run(target: Target, input: Uint8Array): Promise<number> {
	const start = seconds();
	try {
		await target.run(input);
	} catch (error) {
		if (failureOf(error) === undefined) throw error;
	}
	return seconds() - start;
}

/**
 * An input may be measured while something is loaded or collected: that happens once, and not again. A
 * loaded machine is slower by half, what these were found for took many times as long.
 */
async function inTime(target: Target, input: Uint8Array): Promise<void> {
	const allowed = 2 * allowedSeconds(input.length);
	const first = await run(target, input);
	if (first <= allowed) return;
	const second = await run(target, input);
	assert.ok(second <= allowed, `${second.toFixed(2)} s for ${input.length} bytes`);
}

describe('the fuzzer', () => {
	it('makes the same inputs of the same seed, and others of another', async () => {
		const target = await TARGETS.predicate?.();
		assert.ok(target);
		const seeds = target.seeds.map((seed) => Buffer.from(seed as string));
		const inputs = (seed: number): string[] => {
			const random = new Random(seed);
			return Array.from({ length: 20 }, () =>
				mutated(seeds, random, target.vocabulary).toString('hex'),
			);
		};
		assert.deepEqual(inputs(1), inputs(1));
		assert.notDeepEqual(inputs(1), inputs(2));
	});
});

for (const [parser, load] of Object.entries(TARGETS)) {
	describe(`the parser of fuzz target ${parser}`, () => {
		for (const file of kept(parser)) {
			it(`withstands ${file.slice(CORPUS.length + 1)}`, async () =>
				inTime(await load(), readFileSync(file)));
		}
		for (const [name, text] of Object.entries(LARGE[parser] ?? {})) {
			it(`takes time in proportion to ${name}`, async () =>
				inTime(await load(), Buffer.from(text())));
		}
		it(`withstands ${MADE} inputs made of its seeds`, async () => {
			const target = await load();
			const seeds = target.seeds.map((seed) => Buffer.from(seed as string));
			const random = new Random(7);
			for (let i = 0; i < MADE; i++) {
				const own = target.mutate?.(random.pick(seeds), random);
				await inTime(target, own ?? mutated(seeds, random, target.vocabulary));
			}
		});
	});
}
