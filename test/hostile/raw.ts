/** What may reach a terminal. */
import assert from 'node:assert/strict';
import { safeJson } from '../../src/text.ts';

/** Anything that acts on a terminal, or on the direction in which text is read. */
const ACTING =
	/[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Asserts that output is UTF-8 in which nothing acts on a terminal. */
export function assertHarmless(bytes: Buffer, what: string): void {
	const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	const found = [...text.matchAll(ACTING)].map(({ 0: character, index }) =>
		safeJson([character, text.slice(Math.max(0, index - 40), index + 40)], false),
	);
	assert.deepEqual(found, [], what);
}
