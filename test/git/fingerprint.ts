import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything in a folder: names, modes, times of change and contents. */
export function fingerprint(folder: string): string {
	const hash = createHash('sha256');
	for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
		const stat = lstatSync(join(folder, name));
		hash.update(`${name}\0${stat.mode}\0${stat.mtimeMs}\0`);
		if (stat.isFile()) hash.update(readFileSync(join(folder, name)));
	}
	return hash.digest('hex');
}
