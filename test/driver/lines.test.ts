/** Where lines are after edits. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { LineMap } from '../../src/driver/lines.ts';

describe('the lines of a file after edits', () => {
	it('has an added line behind the context before it, or where a merge is known to put it', () => {
		const hunk = { at: 2, origin: [3, 0, 8], removed: [] };
		const near = new LineMap(10, [hunk]);
		assert.deepEqual([near.ofFragment(0, 2), near.after(4), near.after(7)], [4, 5, 8]);
		const merged = new LineMap(10, [{ ...hunk, anchors: [undefined, 6] }]);
		assert.deepEqual([merged.ofFragment(0, 2), merged.after(4), merged.after(7)], [7, 4, 8]);
		assert.equal(merged.lines, 11);
	});

	it('keeps the order of a hunk, whatever is said of its lines', () => {
		const odd = new LineMap(10, [{ at: 2, origin: [5, 0], anchors: [undefined, 1], removed: [] }]);
		assert.equal(odd.ofFragment(0, 2), 6);
	});
});
