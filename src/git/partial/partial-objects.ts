/**
 * The objects of a partial clone: those it has, those that were fetched before, and, where that is
 * allowed, those that are fetched now, in as few requests as they are asked for together.
 */
import { isAbsolute, resolve } from 'node:path';
import { CatFile, type GitObject, type NoObject, type ObjectHeader } from '../cat-file.ts';
import { quotedPath } from '../own-folder.ts';
import { type Environment, GitRunner, type SpawnGit } from '../process.ts';
import { fetchObjects } from './fetch.ts';
import {
	keepIncoming,
	type OwnFolders,
	openIncoming,
	openOwnFolders,
	remoteName,
} from './folders.ts';
import { Gatherer } from './gather.ts';
import { type PartialSettings, type Promisor, publicUrl, reachOf } from './promisor.ts';

/** Whether and how missing objects are fetched. */
export interface FetchOptions {
	/** Where fetched objects are kept for the next run; they are for this run alone without it. */
	readonly folder?: string;
	/** Fetch nothing; what was fetched before is read. */
	readonly offline?: boolean;
	readonly progress?: FetchProgress;
}

/** Told how many objects are asked for, and of each that comes. */
export interface FetchProgress {
	start(label: string, total: number): void;
	step(): void;
	end(): void;
}

export interface PartialOptions {
	/** The clone. */
	readonly where: string;
	/** Of its objects, absolute. */
	readonly objects: string;
	readonly format: string;
	readonly settings: PartialSettings;
	/** Nothing is fetched when left out. */
	readonly fetch: FetchOptions | undefined;
	readonly env: Environment;
	readonly spawn: SpawnGit;
	readonly patience: number;
	/** Whether this git knows `cat-file --batch-command`. */
	readonly batchCommand: boolean;
}

/** So many objects that a remote has not are found out one by one; each costs a request. */
const MOST_REFUSED = 16;

const NOT_ASKED = 'nothing is fetched here';
const OFFLINE = '--offline forbids to fetch it';

export class PartialObjects {
	readonly #options: PartialOptions;
	readonly #folders: OwnFolders;
	readonly #cat: CatFile;
	readonly #gather: Gatherer;
	/** Why objects are not here, of those that were asked for. */
	readonly #why = new Map<string, string>();
	/** Remotes that do not answer, with what they said; they are not asked again. */
	readonly #down = new Map<number, string>();

	private constructor(options: PartialOptions, folders: OwnFolders) {
		this.#options = options;
		this.#folders = folders;
		const { env, spawn, patience, batchCommand } = options;
		const runner = new GitRunner(folders.view, env, spawn, patience, { GIT_DIR: folders.view });
		this.#cat = new CatFile(runner, batchCommand);
		this.#gather = new Gatherer((oids) => this.#request(oids));
	}

	/** Opens the folders of a partial clone. Throws disk-full. */
	static async open(options: PartialOptions): Promise<PartialObjects> {
		const { objects, format, settings, fetch } = options;
		const urls = settings.promisors.flatMap(({ url }) => (url === undefined ? [] : [url]));
		const folder = fetch?.folder;
		return new PartialObjects(
			options,
			await openOwnFolders({
				folder: folder !== undefined && isAbsolute(folder) ? folder : undefined,
				objects: resolve(objects),
				format,
				urls,
			}),
		);
	}

	/** Where the objects are that were fetched, as GIT_ALTERNATE_OBJECT_DIRECTORIES takes it. */
	get received(): string {
		return quotedPath(`${this.#folders.received}/objects`);
	}

	/** The header of each named object, in order; nothing is fetched. */
	info(names: readonly string[]): Promise<(ObjectHeader | NoObject)[]> {
		return this.#cat.info(names);
	}

	/** Each object whole, in order, by full ids; what is not here is fetched. Throws disk-full. */
	async contents(oids: readonly string[]): Promise<(GitObject | NoObject)[]> {
		const first = await this.#cat.contents(oids);
		const missing = oids.filter((_, i) => first[i] === 'missing');
		if (missing.length === 0) return first;
		await this.#gather.ask(missing);
		const found = new Map<string, GitObject>();
		for (const one of await this.#cat.contents(missing)) {
			if (typeof one === 'object') found.set(one.oid, one);
		}
		return first.map((one, i) => found.get(oids[i] ?? '') ?? one);
	}

	/** Fetches those that are not here, in one request. Throws disk-full. */
	async fetch(oids: readonly string[]): Promise<void> {
		await this.#gather.ask(await this.#missing(oids));
	}

	/** Why an object that was asked for is not here. */
	why(oid: string): string | undefined {
		return this.#why.get(oid);
	}

	async close(): Promise<void> {
		await this.#cat.close();
		await this.#folders.remove();
	}

	async #missing(oids: readonly string[]): Promise<string[]> {
		const wanted = [...new Set(oids)];
		const headers = await this.#cat.info(wanted);
		return wanted.filter((_, i) => headers[i] === 'missing');
	}

	/** Fetches from one promisor after the other what is not here yet. */
	async #request(oids: readonly string[]): Promise<void> {
		const { fetch, settings } = this.#options;
		let left = (await this.#missing(oids)).filter((oid) => !this.#why.has(oid));
		if (fetch === undefined || fetch.offline === true) {
			const why = fetch === undefined ? NOT_ASKED : OFFLINE;
			for (const oid of left) this.#why.set(oid, why);
			return;
		}
		const reasons = new Map<string, string>();
		let remote = 0;
		for (const promisor of settings.promisors) {
			if (left.length === 0) break;
			const why = await this.#requestFrom(promisor, remote, left);
			if (promisor.url !== undefined) remote++;
			left = await this.#missing(left);
			for (const oid of left) reasons.set(oid, why.get(oid) ?? why.get('') ?? 'it was not sent');
		}
		for (const oid of left) this.#why.set(oid, reasons.get(oid) ?? 'it was not sent');
	}

	/** Why what still is not here is not, by id; of all without a reason of their own by ''. */
	async #requestFrom(
		promisor: Promisor,
		index: number,
		oids: readonly string[],
	): Promise<Map<string, string>> {
		const { env, spawn, patience, fetch } = this.#options;
		const reach = reachOf(promisor);
		if (typeof reach === 'string') return new Map([['', reach]]);
		const name = publicUrl(promisor.url ?? '');
		const down = this.#down.get(index);
		if (down !== undefined) return new Map([['', down]]);
		const why = new Map<string, string>();
		const progress = fetch?.progress;
		progress?.start(`fetching from ${name}`, oids.length);
		let shown = 0;
		let left: readonly string[] = oids;
		try {
			while (left.length > 0) {
				const dir = this.#folders.received;
				const into = await openIncoming(dir);
				const result = await fetchObjects({
					dir,
					remote: remoteName(index),
					into,
					oids: left,
					reach,
					env,
					spawn,
					patience,
					received: (count) => {
						for (; shown < count; shown++) progress?.step();
					},
				}).finally(() => keepIncoming(dir, into));
				if (result.outcome === 'not-there' && left.includes(result.oid)) {
					const { oid } = result;
					why.set(oid, `${name} has it not`);
					left = left.filter((one) => one !== oid);
					if (why.size <= MOST_REFUSED) continue;
					why.set('', `${name} lacks ${why.size} objects of those asked for together`);
					break;
				}
				// What another one leads to is left out, as the filter says; it comes when it is asked for alone.
				const still = await this.#missing(left);
				const came = still.length < left.length;
				left = still;
				if (came) continue;
				if (result.outcome === 'fetched') break;
				const said = result.outcome === 'failed' ? result.why : `it has not ${result.oid}`;
				this.#down.set(index, `${name}: ${said}`);
				why.set('', `${name}: ${said}`);
				break;
			}
		} finally {
			progress?.end();
		}
		return why;
	}
}
