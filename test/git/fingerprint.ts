import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
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

/** Everything in a folder but the times of its object files, which git renews where it makes them again. */
export function contentsOf(dir: string): string[] {
	return readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => {
			const path = join(parentPath, name);
			const time = path.includes('/objects/') ? 0 : statSync(path).mtimeMs;
			return `${path} ${time} ${readFileSync(path).toString('base64')}`;
		})
		.sort();
}
