/**
 * A git folder of our own that has nothing but the objects of a clone, as its alternate: no configuration,
 * hook or filter of the clone takes part in what git does there.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DetachedFolder {
	readonly dir: string;
	remove(): Promise<void>;
}

/**
 * Makes the folder in the system's temporary folder. `objects` is the absolute path of the clone's
 * object folder, `objectFormat` its hash (`sha1`, `sha256`).
 */
export async function makeDetachedFolder(
	objects: string,
	objectFormat: string,
): Promise<DetachedFolder> {
	const dir = await mkdtemp(join(tmpdir(), 'rangefinder-objects-'));
	await mkdir(join(dir, 'objects', 'info'), { recursive: true });
	await mkdir(join(dir, 'refs'));
	await writeFile(join(dir, 'HEAD'), 'ref: refs/heads/none\n');
	await writeFile(join(dir, 'objects', 'info', 'alternates'), `${objects}\n`);
	const extension =
		objectFormat === 'sha1' ? '' : `[extensions]\n\tobjectFormat = ${objectFormat}\n`;
	const format = objectFormat === 'sha1' ? 0 : 1;
	await writeFile(
		join(dir, 'config'),
		`[core]\n\trepositoryformatversion = ${format}\n\tbare = true\n${extension}`,
	);
	return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
