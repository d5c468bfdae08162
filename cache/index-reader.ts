/**
 * Reads the release index. Nothing is decompressed before it is asked for; what is damaged, cut
 * short or of another version is a failure that says so, never a wrong answer.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { FileFacts } from '../src/driver/facts.ts';
import { DEVICE_TREE_VERSION } from '../src/kernel/device-tree-scan.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import { type Release, releasesFromTags } from '../src/kernel/releases.ts';
import type { Fingerprints } from '../src/patch/lines.ts';
import type { StoredAnswers } from './answers.ts';
import {
	blobHomes,
	type IndexAnswers,
	type IndexMeta,
	type IndexUsers,
	SECTION,
} from './index-content.ts';
import {
	Container,
	guarded,
	type IndexVersion,
	OWN_VERSION,
	type Section,
	unreadable,
} from './index-format.ts';
import { restoreKconfig, type StoredKconfig } from './index-kconfig-lines.ts';
import { decodeVersions, fingerprintsOf, LINE_BYTES, type LineSequence } from './index-lines.ts';
import { unpack } from './index-pack.ts';
import { absolute } from './index-positions.ts';
import {
	checkedAnswers,
	checkedFacts,
	checkedMeta,
	checkedTrees,
	checkedUsers,
} from './index-shapes.ts';
import type { ArchitectureUsers, FileId, LinkedTree, ProfiledTree } from './source.ts';

/** An index that is larger is none: the whole file is read at once. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Opens an index file. Throws index-unreadable or index-version. */
export function openIndex(path: string): IndexFile {
	return new IndexFile(readWhole(path), path);
}

function readWhole(path: string): Uint8Array {
	let file: number | undefined;
	try {
		file = openSync(path, 'r');
		const stat = fstatSync(file);
		if (!stat.isFile()) throw unreadable(path, 'not a file');
		if (stat.size > MAX_BYTES) throw unreadable(path, 'not a release index');
		return readFileSync(file);
	} catch (error) {
		if (!(error instanceof Error && 'code' in error)) throw error;
		throw unreadable(path, error.code === 'ENOENT' ? 'no such file' : error.message, error);
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

/** A linked tree with the key by which a clone asks for it. */
export interface KeyedTree extends LinkedTree {
	key: string;
}

/** An opened index. Everything it returns is shared and not to be changed. */
export class IndexFile {
	readonly where: string;
	/** Bytes of the file. */
	readonly size: number;
	readonly version: IndexVersion = OWN_VERSION;
	/** In kernel order; `tip` says newest of its series among these. */
	readonly releases: readonly Release[];
	readonly profiles: readonly string[];
	readonly #container: Container;
	readonly #meta: IndexMeta;
	readonly #homes: Int32Array;
	/** Number of the first blob that has its home at a path. */
	readonly #first: Int32Array;
	/** Blob ids by number, less one. */
	readonly blobs: readonly string[];
	readonly #answers = new Map<string, IndexAnswers>();
	readonly #users = new Map<string, IndexUsers>();
	readonly #paths: ReadonlyMap<string, number>;
	#numbers: ReadonlyMap<string, number> | undefined;
	#table: Uint8Array | undefined;
	/** The versions of the path that was asked for last: blobs are mostly asked for path by path. */
	#recent: { path: number; versions: LineSequence[] } | undefined;
	readonly #facts = new Map<number, readonly (object | null)[]>();
	readonly #decoded = new Map<number, FileFacts>();
	readonly #trees = new Map<string, readonly KeyedTree[]>();
	readonly #kconfig = new Map<string, readonly (readonly KconfigFacts[])[]>();

	/** Tells this index from others: the sizes and checksums of its sections. */
	get digest(): string {
		const { sections } = this.#container;
		return [...sections.values()].map(({ size, crc }) => `${size}.${crc}`).join(' ');
	}

	/** @param where names the file in failures. Throws index-unreadable or index-version. */
	constructor(bytes: Uint8Array, where: string) {
		this.where = where;
		this.size = bytes.length;
		this.#container = new Container(bytes, where, OWN_VERSION);
		[this.#meta, this.#homes] = this.#container.decode(SECTION.meta, (bytes) => {
			const meta = checkedMeta(unpack(bytes));
			return [meta, blobHomes(meta.blobs)] as const;
		});
		const { releases, blobs, idBytes } = this.#meta;
		this.profiles = this.#meta.profiles;
		this.releases = releasesFromTags(
			releases.map(({ date, ...release }) => ({ ...release, date: Date.parse(date) / 1000 })),
		);
		if (this.releases.some(({ name }, i) => name !== releases[i]?.name)) {
			throw unreadable(where, 'its releases are not in kernel order');
		}
		this.#first = new Int32Array(blobs.length).fill(-1);
		this.#homes.forEach((path, blob) => {
			if ((this.#first[path] ?? 0) < 0) this.#first[path] = blob;
		});
		this.#paths = new Map(this.#meta.paths.map((path, i) => [path, i]));
		this.blobs = this.#container.decode(SECTION.blobs, (bytes) =>
			blobIds(bytes, idBytes, this.#homes.length),
		);
	}

	get paths(): readonly string[] {
		return this.#meta.paths;
	}

	/** Every section, in the order of the file. */
	get sections(): readonly Section[] {
		return [...this.#container.sections.values()];
	}

	/** Whether a blob is in the index. */
	has(blob: string): boolean {
		return this.#number(blob) !== undefined;
	}

	/** Of what the tree keys of a profile were made; see tree-keys.ts. */
	readsOf(profile: string): string | undefined {
		return this.#meta.reads?.[this.profiles.indexOf(profile)];
	}

	/** Whether any release has a file at a path; then the index knows of every release whether it has. */
	hasPath(path: string): boolean {
		return this.#paths.has(path);
	}

	/** The blob at a path of a release; undefined where there is no such file. */
	blobAt(release: string, path: string): string | undefined {
		const row = this.#meta.blobs[this.#paths.get(path) ?? -1];
		const column = this.releases.findIndex(({ name }) => name === release);
		return this.blobs[(row?.[column] ?? 0) - 1];
	}

	/** The files of a release that the index holds, by path. */
	files(release: string): FileId[] {
		const column = this.releases.findIndex(({ name }) => name === release);
		return this.paths.flatMap((path, i) => {
			const blob = this.blobs[(this.#meta.blobs[i]?.[column] ?? 0) - 1];
			return blob === undefined ? [] : [{ path, blob }];
		});
	}

	/** A path that a blob has in some release; undefined for a blob that is not in the index. */
	pathOf(blob: string): string | undefined {
		const number = this.#number(blob);
		return number === undefined ? undefined : this.paths[this.#homes[number] ?? -1];
	}

	/** The line numbers of some blobs; those that are not in the index are left out. */
	sequences(blobs: readonly string[]): Map<string, LineSequence> {
		const wanted = new Map<number, { blob: string; version: number }[]>();
		for (const blob of blobs) {
			const number = this.#number(blob);
			if (number === undefined) continue;
			const path = this.#homes[number] ?? -1;
			const version = number - (this.#first[path] ?? 0);
			const list = wanted.get(path);
			if (list === undefined) wanted.set(path, [{ blob, version }]);
			else list.push({ blob, version });
		}
		const found = new Map<string, LineSequence>();
		for (const [path, list] of wanted) {
			if (this.#recent?.path !== path) {
				const versions = this.#container.decode(SECTION.lines(path), decodeVersions);
				this.#recent = { path, versions };
			}
			for (const { blob, version } of list) {
				const sequence = this.#recent.versions[version];
				if (sequence === undefined) throw unreadable(this.where, `${blob} has no lines`);
				found.set(blob, sequence);
			}
		}
		return found;
	}

	/** The fingerprints of lines by their numbers. Throws index-unreadable for a number out of range. */
	fingerprints(ids: Int32Array): Pick<Fingerprints, 'loose' | 'shape'> {
		this.#table ??= this.#container.decode(SECTION.table, wholeLines);
		const table = this.#table;
		const count = table.length / LINE_BYTES;
		if (ids.some((id) => id < 0 || id >= count)) {
			throw unreadable(this.where, 'a line is not in its table');
		}
		return fingerprintsOf(table, ids);
	}

	/** How many distinct lines there are. */
	get lineCount(): number {
		return (this.#container.sections.get(SECTION.table)?.size ?? 0) / LINE_BYTES;
	}

	/** What a blob says; undefined when the index has no facts of it. */
	facts(blob: string): FileFacts | undefined {
		const number = this.#number(blob);
		if (number === undefined) return undefined;
		const known = this.#decoded.get(number);
		if (known !== undefined) return known;
		const path = this.#homes[number] ?? -1;
		const packed = this.#factsAt(path)[number - (this.#first[path] ?? 0)];
		if (packed === undefined || packed === null) return undefined;
		const facts = guarded(this.where, `the facts of ${blob}`, () => absolute(packed) as FileFacts);
		this.#decoded.set(number, facts);
		return facts;
	}

	/** What a profile reads off each release, in order; undefined for a profile that is not in it. */
	trees(profile: string): readonly KeyedTree[] | undefined {
		if (!this.profiles.includes(profile)) return undefined;
		let trees = this.#trees.get(profile);
		if (trees === undefined) {
			const check = checkedTrees<KeyedTree>(this.releases.length);
			trees = this.#container.decode(SECTION.trees(profile), (bytes) =>
				check(unpack(bytes, [...this.blobs, ...this.paths])),
			);
			this.#trees.set(profile, trees);
		}
		return trees;
	}

	/** The Kconfig facts of each release, in order; equal ones are one array. */
	kconfig(profile: string): readonly (readonly KconfigFacts[])[] | undefined {
		if (!this.profiles.includes(profile)) return undefined;
		let kconfig = this.#kconfig.get(profile);
		if (kconfig === undefined) {
			kconfig = this.#container.decode(SECTION.kconfig(profile), (bytes) =>
				restoreKconfig(unpack(bytes) as StoredKconfig[][]),
			);
			this.#kconfig.set(profile, kconfig);
		}
		return kconfig;
	}

	/**
	 * What a profile reads off any tree with this key; see ProfiledReleases. The Kconfig facts are
	 * decoded when they are first asked for.
	 */
	profiledByKey(key: string): ProfiledTree | undefined {
		for (const profile of this.profiles) {
			const at = this.trees(profile)?.findIndex((one) => one.key === key) ?? -1;
			const tree = this.trees(profile)?.[at];
			if (tree === undefined) continue;
			const kconfig = () => this.kconfig(profile)?.[at] ?? [];
			return {
				facts: tree.facts,
				modules: tree.modules,
				get kconfig() {
					return kconfig();
				},
			};
		}
		return undefined;
	}

	/** Answers about what can be built; undefined when the index was built without. */
	answers(profile: string): IndexAnswers | undefined {
		const name = SECTION.answers(profile);
		if (!this.#container.sections.has(name)) return undefined;
		let answers = this.#answers.get(profile);
		if (answers === undefined) {
			answers = this.#container.decode(name, (bytes) => checkedAnswers(unpack(bytes)));
			this.#answers.set(profile, answers);
		}
		return answers;
	}

	/** Users in the tree of each release; undefined when the index was built without, or by another version. */
	users(profile: string): readonly (readonly ArchitectureUsers[])[] | undefined {
		const name = SECTION.users(profile);
		if (!this.#container.sections.has(name)) return undefined;
		let users = this.#users.get(profile);
		if (users === undefined) {
			const check = checkedUsers(this.releases.length);
			users = this.#container.decode(name, (bytes) => check(unpack(bytes)));
			this.#users.set(profile, users);
		}
		return users.version === DEVICE_TREE_VERSION ? users.releases : undefined;
	}

	/** The prepared example; undefined when there is none. */
	example(): unknown {
		if (!this.#container.sections.has(SECTION.example)) return undefined;
		return this.#container.decode(SECTION.example, (bytes) => unpack(bytes));
	}

	#factsAt(path: number): readonly (object | null)[] {
		let list = this.#facts.get(path);
		if (list === undefined) {
			const name = SECTION.facts(path);
			list = this.#container.sections.has(name)
				? this.#container.decode(name, (bytes) => checkedFacts(unpack(bytes)))
				: [];
			this.#facts.set(path, list);
		}
		return list;
	}

	#number(blob: string): number | undefined {
		this.#numbers ??= new Map(this.blobs.map((id, i) => [id, i]));
		return this.#numbers.get(blob);
	}
}

/**
 * What an index can tell a clone: facts of blobs, which then need not be parsed again, and of whole
 * trees, which need not be linked again.
 */
export function indexFacts(index: IndexFile): {
	keyOf(profile: string, reads: string, root: string): string | undefined;
	blobAt(root: string, path: string): string | null | undefined;
	byBlob(file: { blob: string }): FileFacts | undefined;
	byTree(key: string): ProfiledTree | undefined;
	answersOf(profile: string, key: string): StoredAnswers | undefined;
	jointAnswers(profile: string, keys: readonly string[]): StoredAnswers | undefined;
	usersOf(profile: string, key: string): readonly ArchitectureUsers[] | undefined;
} {
	return {
		keyOf: (profile, reads, root) => {
			if (index.readsOf(profile) !== reads) return undefined;
			const at = index.releases.findIndex(({ tree }) => tree === root);
			return at === -1 ? undefined : index.trees(profile)?.[at]?.key;
		},
		blobAt: (root, path) => {
			const release = index.releases.find(({ tree }) => tree === root);
			if (release === undefined || !index.hasPath(path)) return undefined;
			return index.blobAt(release.name, path) ?? null;
		},
		byBlob: ({ blob }) => index.facts(blob),
		byTree: (key) => index.profiledByKey(key),
		answersOf: (profile, key) => {
			const at = index.trees(profile)?.findIndex((one) => one.key === key) ?? -1;
			return index.answers(profile)?.trees[at];
		},
		usersOf: (profile, key) => {
			const at = index.trees(profile)?.findIndex((one) => one.key === key) ?? -1;
			return index.users(profile)?.[at];
		},
		jointAnswers: (profile, keys) => {
			const own = index.trees(profile)?.map(({ key }) => key) ?? [];
			const same = own.length === keys.length && own.every((key, i) => key === keys[i]);
			return same ? index.answers(profile)?.joint : undefined;
		},
	};
}

function wholeLines(bytes: Uint8Array): Uint8Array {
	if (bytes.length % LINE_BYTES !== 0) throw new RangeError('a line is cut off');
	return bytes;
}

function blobIds(bytes: Uint8Array, idBytes: number, count: number): string[] {
	if (bytes.length !== idBytes * count) throw new RangeError('it has another number of blobs');
	const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
	return Array.from({ length: count }, (_, i) => all.slice(i * idBytes * 2, (i + 1) * idBytes * 2));
}
