/**
 * Reads sources while git walks history: those that the revisions have themselves, which history has in any case.
 * It only saves time; what goes wrong here is said by whoever needs what was not read.
 */
import type { Profile } from '../driver/profile.ts';
import { readerOf } from '../driver/profile-reads.ts';
import type { FileVersion, KnownBlobs, WantedFile } from './known-blobs.ts';

/** Commits whose sources are read together; those of two lots are still waited for when the walk is done. */
const TOGETHER = 8;

export class ReadAhead {
	#over = false;
	readonly #done: Promise<void>;

	/**
	 * @param commits whose sources are read, the first ones first: history is gone through from its beginning
	 * @param filesBelow gives the files below a folder of each commit
	 */
	constructor(
		profile: Profile,
		commits: readonly string[],
		filesBelow: (commits: readonly string[], folder: string) => Promise<FileVersion[][]>,
		blobs: KnownBlobs,
	) {
		const readAs = readerOf(profile);
		const seen = new Set<string>();
		const sourcesOf = async (some: readonly string[]): Promise<WantedFile[]> => {
			const wanted: WantedFile[] = [];
			for (const folder of profile.folders) {
				for (const { path, blob } of (await filesBelow(some, folder)).flat()) {
					if (seen.has(blob) || readAs(path) !== 'source') continue;
					seen.add(blob);
					wanted.push({ path, blob, as: 'source' });
				}
			}
			return wanted;
		};
		const reading = async (): Promise<void> => {
			let loading = Promise.resolve();
			try {
				for (let at = 0; at < commits.length && !this.#over; at += TOGETHER) {
					const before = loading;
					loading = blobs.load(await sourcesOf(commits.slice(at, at + TOGETHER)));
					// It is waited for in the next turn, or at the end.
					loading.catch(() => undefined);
					await before;
				}
			} finally {
				await loading;
			}
		};
		this.#done = reading().catch(() => undefined);
	}

	/** Ends it; resolves when nothing is being read any more. */
	stop(): Promise<void> {
		this.#over = true;
		return this.#done;
	}
}
