/**
 * Object folders of our own in which git finds what is in another's, and through which it leaves no trace there.
 *
 * Of an object that git makes and has already, it renews the time of the file that has it, in alternates too
 * and through links (freshen_file in git's object-file.c): gc shall keep it for a while longer. No setting turns
 * that off, but two kinds of file are left alone: packs that are marked as cruft (since git 2.37; a `.mtimes`
 * file beside a pack marks it, and nothing here reads what is in it), and what is not there. So packs are
 * links here, marked as cruft, and loose objects are copies.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RangefinderError } from '../errors.ts';
import { objectFolders } from './alternates.ts';

/** Loose objects that are copied at most; git packs them where there are 6,700. */
const MOST_LOOSE = 100_000;
/** Files that are copied at a time. */
const AT_ONCE = 32;
const PACK = /\.(?:pack|idx)$/;

/**
 * Makes such folders for an object folder and its alternates, and says their paths.
 * @param objects the absolute path of an object folder
 * @param into a folder of our own, which is made
 * @param where the repository in messages
 * @param mostLoose how many loose objects a folder may have
 * @throws RangefinderError git-failed for an object folder with too many loose objects; what the file system says
 */
export async function viewObjects(
	objects: string,
	into: string,
	where: string,
	mostLoose = MOST_LOOSE,
): Promise<string[]> {
	const views: string[] = [];
	for (const folder of await objectFolders(objects, where)) {
		const view = join(into, `${views.length}`);
		views.push(view);
		await mkdir(join(view, 'pack'), { recursive: true });
		// Loose objects first: one that is packed meanwhile is then in a pack.
		await copyLoose(folder, view, { where, mostLoose });
		await linkPacks(resolve(folder, 'pack'), join(view, 'pack'));
	}
	return views;
}

/** Whether a pack has been removed since the views were made: the repository was packed anew. */
export async function isOutdated(views: readonly string[]): Promise<boolean> {
	for (const view of views) {
		const folder = join(view, 'pack');
		for (const name of await readdir(folder)) {
			if ((await stat(join(folder, name)).catch(() => undefined)) === undefined) return true;
		}
	}
	return false;
}

async function linkPacks(from: string, to: string): Promise<void> {
	for (const name of await readdir(from).catch(() => [])) {
		if (!PACK.test(name) && name !== 'multi-pack-index') continue;
		await symlink(join(from, name), join(to, name));
		if (name.endsWith('.pack')) await writeFile(join(to, name.replace(/pack$/, 'mtimes')), '');
	}
}

async function copyLoose(
	from: string,
	to: string,
	{ where, mostLoose }: { where: string; mostLoose: number },
): Promise<void> {
	const loose: string[] = [];
	for (const folder of await readdir(from)) {
		if (!/^[0-9a-f]{2}$/.test(folder)) continue;
		const names = await readdir(join(from, folder)).catch(() => []);
		const objects = names.filter((name) => /^[0-9a-f]{38,62}$/.test(name));
		if (objects.length > 0) await mkdir(join(to, folder));
		for (const name of objects) loose.push(join(folder, name));
		if (loose.length <= mostLoose) continue;
		const what = `it has more than ${mostLoose} loose objects, which git gc packs`;
		throw new RangefinderError({ code: 'git-failed', where, what });
	}
	const copy = async (): Promise<void> => {
		for (let name = loose.pop(); name !== undefined; name = loose.pop()) {
			await copyFile(join(from, name), join(to, name), constants.COPYFILE_FICLONE).catch(isGone);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, copy));
}

/** An object that was packed since it was listed is in a pack; anything else is thrown. */
function isGone(error: NodeJS.ErrnoException): void {
	if (error.code !== 'ENOENT') throw error;
}
