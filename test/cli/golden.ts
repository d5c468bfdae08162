/** Outputs that are kept as files beside the tests. RANGEFINDER_GOLDEN=write writes them anew, to be read in the diff. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

/** Compares an output with the file of that name. */
export function golden(name: string, text: string): void {
	const file = new URL(`./golden/${name}`, import.meta.url);
	if (process.env.RANGEFINDER_GOLDEN === 'write') writeFileSync(file, text);
	assert.equal(text, readFileSync(file, 'utf8'), name);
}
