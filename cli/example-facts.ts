/** What is known of the example besides its patch: the day it states, and the mail it is from. */
import { readFile } from 'node:fs/promises';
import { packageFile } from './package-file.ts';

export interface ExampleFacts {
	/** YYYY-MM-DD. */
	readonly asOf: string;
	readonly mail: {
		readonly from: string;
		/** ISO 8601, UTC. */
		readonly date: string;
		readonly subject: string;
	};
	readonly source: string;
}

/** Reads cache/example.json. */
export async function readExampleFacts(): Promise<ExampleFacts> {
	return JSON.parse(await readFile(packageFile('cache/example.json'), 'utf8'));
}
