import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { generatedCase } from './agreement/cases.ts';
import { compareCases } from './agreement/compare.ts';
import { hasGnuPatch } from './agreement/tools.ts';

const CASES = 600;
const SEED = 20171121;

describe('placement, compared with git and GNU patch', function () {
	this.timeout(120_000);

	// A sample of what `npm run test:placement` does at length.
	it('differs from them only where a reason is known', function () {
		if (!hasGnuPatch()) this.skip(); // Nothing to compare with.
		const cases = Array.from({ length: CASES }, (_, i) => generatedCase(SEED, i));
		const { results, disagreements } = compareCases(cases);
		const unexplained = disagreements.filter(({ reason }) => reason === undefined);
		assert.deepEqual(unexplained, []);
		for (const result of ['already', 'exact', 'offset', 'merge', 'fuzz', 'conflict', 'missing']) {
			assert.ok((results.get(result) ?? 0) > 0, `no case is ${result}`);
		}
	});
});
