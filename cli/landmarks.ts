/** The landmark commits that ship with the program. */
import { readFile } from 'node:fs/promises';
import type { Landmark } from '../src/range/landmarks.ts';
import { packageFile } from './package-file.ts';

export async function readLandmarks(): Promise<Landmark[]> {
	return JSON.parse(await readFile(packageFile('cache/landmarks.json'), 'utf8'));
}
