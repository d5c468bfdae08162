/**
 * Reads sources while git walks history: those that the revisions have themselves, which history has in any case.
 * It only saves time; what goes wrong here is said by whoever needs what was not read.
 */
import type { Profile } from '../driver/profile.ts';
import { readerOf } from '../driver/profile-reads.ts';
import type { FileVersion, KnownBlobs, WantedFile } from './known-blobs.ts';

/** Sources that are read together; as many are still waited for when the walk is done. */
const TOGETHER = 64;

export class ReadAhead {
	#over = false;
	readonly #done: Promise<void>;

	/**
	 * @param commits whose sources are read
	 * @param filesBelow gives the files below a folder of each commit
	 */
	constructor(
		profile: Profile,
		commits: readonly string[],
		filesBelow: (commits: readonly string[], folder: string) => Promise<FileVersion[][]>,
		blobs: KnownBlobs,
	) {
		const reading = async (): Promise<void> => {
			const versions = new Map<string, Set<string>>();
			const readAs = readerOf(profile);
			for (const folder of profile.folders) {
				for (const { path, blob } of (await filesBelow(commits, folder)).flat()) {
					if (readAs(path) !== 'source') continue;
					versions.set(path, (versions.get(path) ?? new Set()).add(blob));
				}
			}
			const wanted = [...versions].flatMap(([path, all]) =>
				[...all].map((blob): WantedFile => ({ path, blob, as: 'source' })),
			);
			for (let at = 0; at < wanted.length && !this.#over; at += TOGETHER) {
				await blobs.load(wanted.slice(at, at + TOGETHER));
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
