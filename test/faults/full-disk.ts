/** A small disk of its own, as root on Linux has it; and runs whose folders are on it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Uses a disk of so many KiB; false where none can be mounted. */
export async function withDisk(
	kib: number,
	use: (folder: string) => Promise<void>,
): Promise<boolean> {
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-disk-'));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k,mode=1777`, 'tmpfs', folder], {
			stdio: 'ignore',
		});
	} catch {
		rmSync(folder, { recursive: true });
		return false;
	}
	try {
		await use(folder);
		return true;
	} finally {
		execFileSync('umount', ['-l', folder]);
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Fills a disk and empties it, again and again, until it is told to stop. */
export function fillAndEmpty(folder: string): () => Promise<void> {
	let stopped = false;
	const path = join(folder, 'filler');
	const work = (async () => {
		for (let round = 0; !stopped; round++) {
			try {
				for (let part = 0; part < 64 && !stopped; part++) {
					writeFileSync(path, Buffer.alloc(1 << 20), { flag: 'a' });
				}
			} catch {
				// It is full, which is what it is for.
			}
			await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 37) % 100)));
			rmSync(path, { force: true });
			await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 53) % 100)));
		}
	})();
	return async () => {
		stopped = true;
		await work;
	};
}

/** Makes a folder on it. */
export function folderOn(disk: string, name: string): string {
	const folder = join(disk, name);
	mkdirSync(folder);
	return folder;
}
