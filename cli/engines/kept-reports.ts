/**
 * Reports of patches that were judged on the release index before, kept in the cache folder: one file a question,
 * so that asking again costs little more than starting. The key has all that an answer hangs on: the bytes of the
 * patch, the words, the index, and the program with what ships beside it.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../cache/facts-cache.ts';
import type { RangeReport } from '../../src/range/report.ts';
import type { EngineWorld, RangeOptions } from '../engine.ts';
import { packageFile } from '../package-file.ts';
import { makeFolder, writeWhole } from '../write-whole.ts';

/** Files that are kept; the ones that were used longest ago go. */
const MOST_KEPT = 256;
/** Bytes of a patch beyond which nothing is kept. */
const LARGEST_INPUT = 4 << 20;

export class KeptReports {
	readonly #folder: string;
	readonly #path: string;

	private constructor(folder: string, key: string) {
		this.#folder = folder;
		this.#path = join(folder, `${key}.json`);
	}

	/**
	 * Where the reports of a question are kept; undefined where they are not: without cache, for what is no file, and
	 * where this does not run as the built program, of which one file tells whether it is the same.
	 * @param index what tells one index from another; undefined for a clone
	 */
	static async of(
		world: EngineWorld,
		{ progress: _, ...asked }: RangeOptions,
		index: string | undefined,
	): Promise<KeptReports | undefined> {
		const { input, noCache, config, read } = asked;
		if (index === undefined || noCache || config !== undefined || read !== undefined) return;
		const program = programStamp();
		if (program === undefined || input === undefined || input === '-') return;
		const path = resolve(world.cwd, input);
		const found = await stat(path).catch(() => undefined);
		if (found?.isFile() !== true || found.size > LARGEST_INPUT) return;
		const bytes = await readFile(path).catch(() => undefined);
		if (bytes === undefined) return;
		const words = JSON.stringify([program, index, { ...asked, index: null }]);
		const key = createHash('sha256').update(`${words.length} ${words}`).update(bytes);
		const folder = join(cacheFolder(world.env, homedir()), 'reports');
		return new KeptReports(folder, key.digest('hex').slice(0, 40));
	}

	/** What was kept; undefined where it was not, or cannot be read. */
	async recall(): Promise<RangeReport[] | undefined> {
		try {
			const reports: unknown = JSON.parse(await readFile(this.#path, 'utf8'));
			if (!Array.isArray(reports) || reports.length === 0) return undefined;
			const now = new Date();
			await utimes(this.#path, now, now).catch(() => undefined);
			return reports;
		} catch {
			return undefined;
		}
	}

	/** Keeps reports. What cannot be written is not kept. */
	async keep(reports: readonly RangeReport[]): Promise<void> {
		try {
			await makeFolder(this.#folder);
			await writeWhole(this.#path, Buffer.from(JSON.stringify(reports)));
			await this.#prune();
		} catch {
			// The answer stands without it.
		}
	}

	async #prune(): Promise<void> {
		const names = await readdir(this.#folder);
		if (names.length <= MOST_KEPT) return;
		const used = await Promise.all(
			names.map(async (name) => {
				const path = join(this.#folder, name);
				const { mtimeMs = 0 } = (await stat(path).catch(() => undefined)) ?? {};
				return { path, mtimeMs };
			}),
		);
		used.sort((a, b) => a.mtimeMs - b.mtimeMs);
		const gone = used.slice(0, names.length - MOST_KEPT);
		await Promise.all(gone.map(({ path }) => rm(path, { force: true })));
	}
}

/** What tells one build of the program from another; undefined for its sources. */
function programStamp(): string | undefined {
	const own = fileURLToPath(import.meta.url);
	if (!own.endsWith('program.cjs')) return undefined;
	const parts = [own, packageFile('cache/landmarks.json'), packageFile('cache/series.json')];
	try {
		return parts.map((path) => stampOf(path)).join(' ');
	} catch {
		return undefined;
	}
}

function stampOf(path: string): string {
	const { size, mtimeMs, ino } = statSync(path);
	return `${size}.${mtimeMs}.${ino}`;
}
