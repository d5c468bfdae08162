/** Extraction in threads: what it gives hangs on the text alone, not on threads, order or neighbours. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createExtractor } from '../../src/driver/extract.ts';
import type { openFactsPool } from '../../src/driver/facts-pool.ts';
import { defaultInterest } from '../../src/driver/interest.ts';
import { genericInterest } from '../../src/driver/profiles/generic.ts';
import { packageUrl } from '../bench/measure.ts';
import { CHECKED, UNCHECKED } from './drivers.ts';

const THREADS = [1, 2, 4];

describe('facts from threads', () => {
	const pieces = [UNCHECKED, CHECKED, 'int a;\n', '#ifdef CONFIG_A\n', '#endif\n', '/* a\n', '}\n'];
	const code = fc
		.array(fc.constantFrom(...pieces), { maxLength: 6 })
		.map((parts) => parts.join(''));
	/** A batch of versions of one file. */
	const batch = fc.record({
		file: fc.constantFrom('a.c', 'b.c', 'c.c'),
		texts: fc.array(code, { minLength: 1, maxLength: 3 }),
		interest: fc.constantFrom(defaultInterest, genericInterest),
	});

	it('are those of one thread, however many there are and whatever comes first', async () => {
		const built: { openFactsPool: typeof openFactsPool } = await import(
			packageUrl('dist/src/driver/facts-pool.js')
		);
		const extractor = await createExtractor();
		for (const threads of THREADS) {
			const pool = await built.openFactsPool(threads);
			assert.ok(pool, 'the package is not built');
			try {
				await fc.assert(
					fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 8 }), async (batches) => {
						const found = await Promise.all(
							batches.map(({ texts, interest, file }) =>
								pool.extract(
									texts.map((text) => Buffer.from(text)),
									interest.id,
									file,
								),
							),
						);
						for (const [i, { texts, interest }] of batches.entries()) {
							const alone = texts.map((text) => JSON.stringify(extractor.extract(text, interest)));
							assert.deepEqual(
								found[i]?.map((bytes) => Buffer.from(bytes).toString()),
								alone,
							);
						}
					}),
					{ numRuns: 30 },
				);
			} finally {
				await pool.close();
			}
		}
	});

	it('are read by one thread a core, and one less where the caller works too', async () => {
		const { openFactsPool: open, threadsFor } = await import('../../src/driver/facts-pool.ts');
		assert.deepEqual(
			[1, 2, 3, 8].map((cores) => [threadsFor(cores, false), threadsFor(cores, true)]),
			[
				[0, 0],
				[2, 1],
				[3, 2],
				[4, 4],
			],
		);
		assert.equal(await open(0), undefined);
	});
});
