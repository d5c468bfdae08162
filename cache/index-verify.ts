/**
 * Says what is in a release index, and whether it is right: in itself, and against a clone.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../src/driver/profile.ts';
import { RangefinderError } from '../src/errors.ts';
import { fingerprints } from '../src/patch/lines.ts';
import { profiledTree } from './index-build.ts';
import type { IndexVersion } from './index-format.ts';
import type { IndexFile } from './index-reader.ts';
import type { ProfiledTree, ReleaseSource } from './source.ts';

export interface IndexInfo {
	version: IndexVersion;
	/** Size of the file. */
	bytes: number;
	/** In kernel order. */
	releases: { release: string; commit: string; date: string; files: number }[];
	paths: number;
	blobs: number;
	/** Distinct lines. */
	lines: number;
	profiles: readonly string[];
	/** Bytes in the file and decompressed, by kind of section. */
	sections: { kind: string; stored: number; size: number }[];
	example: boolean;
}

/** What an index holds. */
export function indexInfo(index: IndexFile): IndexInfo {
	const kinds = new Map<string, { kind: string; stored: number; size: number }>();
	for (const { name, stored, size } of index.sections) {
		const kind = name.replace(/:.*/, '');
		const sum = kinds.get(kind) ?? { kind, stored: 0, size: 0 };
		sum.stored += stored;
		sum.size += size;
		kinds.set(kind, sum);
	}
	return {
		version: index.version,
		bytes: index.size,
		releases: index.releases.map(({ name, commit, date }) => ({
			release: name,
			commit,
			date,
			files: index.files(name).length,
		})),
		paths: index.paths.length,
		blobs: index.blobs.length,
		lines: index.lineCount,
		profiles: index.profiles,
		sections: [...kinds.values()],
		example: kinds.has('example'),
	};
}

export interface IndexCheck {
	/** How many things were compared. */
	checked: number;
	/** Sentences, one for each thing that is not as it should be. */
	differences: string[];
}

/** A clone to compare with. It must not itself take facts from the index. */
export interface VerifyAgainst {
	source: ReleaseSource;
	profiles: readonly Profile[];
}

const BATCH = 200;

/**
 * Checks an index in itself: every section is whole, every blob of a release has lines, every
 * source has facts, every profile has a tree for each release. With a clone, what the clone has of
 * the releases of the index is read anew and compared. Throws only what the clone throws.
 */
export async function verifyIndex(index: IndexFile, against?: VerifyAgainst): Promise<IndexCheck> {
	const check = new Check();
	for (const blob of index.blobs) checkBlob(index, blob, check);
	for (const profile of index.profiles) {
		check.that(`trees of profile ${profile}`, () =>
			[index.trees(profile), index.kconfig(profile)].every(
				(list) => list?.length === index.releases.length,
			)
				? undefined
				: `profile ${profile} has not one tree for each release`,
		);
	}
	check.that('the example', () => void index.example());
	if (against !== undefined) await compare(index, against, check);
	return { checked: check.checked, differences: check.differences };
}

class Check {
	checked = 0;
	readonly differences: string[] = [];

	/** Runs a check that returns what is wrong; a failure of the index is what is wrong, too. */
	that(what: string, run: () => string | undefined): void {
		this.checked++;
		let wrong: string | undefined;
		try {
			wrong = run();
		} catch (error) {
			if (!(error instanceof RangefinderError)) throw error;
			wrong = `${what}: ${error.message}`;
		}
		if (wrong !== undefined) this.differences.push(wrong);
	}
}

function checkBlob(index: IndexFile, blob: string, check: Check): void {
	const path = index.pathOf(blob) ?? blob;
	const name = `${path} (${blob.slice(0, 12)})`;
	check.that(`lines of ${name}`, () => {
		const sequence = index.sequences([blob]).get(blob);
		if (sequence === undefined) return `${name} has no lines`;
		index.fingerprints(sequence.ids);
		return undefined;
	});
	if (!/\.[ch]$/.test(path)) return;
	check.that(`facts of ${name}`, () =>
		index.facts(blob) === undefined ? `${name} has no facts` : undefined,
	);
}

async function compare(
	index: IndexFile,
	{ source, profiles }: VerifyAgainst,
	check: Check,
): Promise<void> {
	const both = source.releases.filter(({ name }) =>
		index.releases.some((release) => release.name === name),
	);
	const ids = await source.blobIds(both, index.paths);
	const present = new Map<string, string>();
	both.forEach(({ name }, row) => {
		index.paths.forEach((path, column) => {
			const there = ids[row]?.[column];
			const here = index.blobAt(name, path);
			if (there !== undefined && there === here) present.set(there, path);
			check.that(path, () =>
				there === here
					? undefined
					: `${name}: ${path} is ${there ?? 'not there'} in the clone and ${here ?? 'not there'} in the index`,
			);
		});
	});
	const files = [...present].map(([blob, path]) => ({ path, blob }));
	for (let at = 0; at < files.length; at += BATCH) {
		const batch = files.slice(at, at + BATCH);
		const texts = await source.text(batch.map(({ blob }) => blob));
		const facts = await source.fileFacts(batch.filter(({ path }) => /\.[ch]$/.test(path)));
		for (const { path, blob } of batch) {
			const text = texts.get(blob);
			check.that(`lines of ${path}`, () =>
				text !== undefined && sameLines(index, blob, text)
					? undefined
					: `the lines of ${path} (${blob.slice(0, 12)}) are not those of the clone`,
			);
			check.that(`facts of ${path}`, () =>
				isDeepStrictEqual(facts.get(blob), index.facts(blob))
					? undefined
					: `the facts of ${path} (${blob.slice(0, 12)}) are not those of the clone`,
			);
		}
	}
	for (const profile of profiles) {
		for (const release of both) {
			const tree = await profiledTree(source, release, profile);
			const at = index.releases.findIndex(({ name }) => name === release.name);
			check.that(`trees of profile ${profile.id}`, () =>
				sameJson(tree, recorded(index, profile, at))
					? undefined
					: `${release.name}: what the profile ${profile.id} reads is not what the clone gives`,
			);
			const users = index.users(profile.id)?.[at];
			if (users === undefined || source.users === undefined) continue;
			const archs = users.map(({ boards }) => boards.arch);
			const [found] = await source.users([release], profile, archs);
			check.that(`users of profile ${profile.id}`, () =>
				sameJson([...(found?.values() ?? [])], users)
					? undefined
					: `${release.name}: device trees or defconfigs are not those of the clone`,
			);
		}
	}
}

/** What the index says that the profile reads off its n-th release. */
function recorded(index: IndexFile, profile: Profile, n: number): Partial<ProfiledTree> {
	const { key: _, ...tree } = index.trees(profile.id)?.[n] ?? { key: '' };
	return { ...tree, kconfig: index.kconfig(profile.id)?.[n] ?? [] };
}

/** Equal as JSON: a member that is undefined is as good as none. */
function sameJson(a: unknown, b: unknown): boolean {
	return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}

function sameLines(index: IndexFile, blob: string, text: Uint8Array): boolean {
	const wanted = fingerprints(text);
	const sequence = index.sequences([blob]).get(blob);
	if (sequence === undefined) return false;
	const found = index.fingerprints(sequence.ids);
	return (
		sequence.finalNewline === wanted.finalNewline &&
		isDeepStrictEqual(found.loose, wanted.loose) &&
		isDeepStrictEqual(found.shape, wanted.shape)
	);
}
