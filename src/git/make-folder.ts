/** Making a folder of our own with those above it. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Not with `recursive`: where the file system answers ENOENT
 * although the parent is there (/proc), Node tries for ever.
 * @param mode permissions of those that are made; as the process makes them when left out
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
	const options = mode === undefined ? {} : { mode };
	try {
		await mkdir(folder, options);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'EEXIST') return;
		if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
		await makeFolder(dirname(folder), mode);
		await mkdir(folder, options).catch((again: unknown) => {
			if (!(again instanceof Error && 'code' in again && again.code === 'EEXIST')) throw again;
		});
	}
}
