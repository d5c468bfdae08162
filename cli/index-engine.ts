/** The commands of the release index: building it from clones, describing it, checking it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CloneSource } from '../cache/clone-source.ts';
import { indexContent, indexedFiles } from '../cache/index-build.ts';
import type { IndexContent } from '../cache/index-content.ts';
import { IndexFile, openIndex } from '../cache/index-reader.ts';
import { IndexSource } from '../cache/index-source.ts';
import { indexInfo, verifyIndex } from '../cache/index-verify.ts';
import { writeIndex } from '../cache/index-writer.ts';
import type { Profile } from '../src/driver/profile.ts';
import { RangefinderError } from '../src/errors.ts';
import { FingerprintInterner } from '../src/patch/lines.ts';
import { readPatch } from '../src/patch/mail.ts';
import { storePatch } from '../src/range/example.ts';
import { exercise } from '../src/range/exercise.ts';
import { prepare } from '../src/range/prepare.ts';
import type { EngineWorld, IndexBuildOptions, IndexInfo } from './engine.ts';
import { cloneSource, Helpers, openClone, openNamedIndex } from './sources.ts';
import { writeWhole } from './write-whole.ts';

/** A clone without help, as an index is made from it or checked against it. */
const ALONE = { noIndex: true, noCache: true } as const;

/** Builds an index file from clones; of a release that several have, the first one's is taken. */
export async function buildShippedIndex(
	world: EngineWorld,
	options: IndexBuildOptions,
	profiles: readonly Profile[],
): Promise<{ releases: number; bytes: number }> {
	const opened = [];
	const online = {
		...(options.offline === true ? { offline: true } : {}),
		progress: options.progress,
	};
	try {
		for (const { repo, releases } of options.sources) {
			const clone = await openClone(resolve(world.cwd, repo), world, online);
			const wanted = releases === undefined ? undefined : new Set(releases);
			const chosen = clone.releases.filter(({ name }) => wanted === undefined || wanted.has(name));
			const narrowed = { ...clone, releases: chosen };
			opened.push(
				await cloneSource(narrowed, new Helpers(world, ALONE), {
					...ALONE,
					progress: options.progress,
				}),
			);
		}
		const parts = opened.map(({ source, store }) => {
			if (!(source instanceof CloneSource) || store === undefined) {
				throw new RangeError('an index is built from clones');
			}
			return {
				source,
				files: ({ commit }: { commit: string }) => indexedFiles(store, commit, profiles),
				treeKeys: source.treeKeys.bind(source),
				users: source.allUsers.bind(source),
			};
		});
		const [first] = opened;
		let example: unknown;
		if (options.example !== undefined && first !== undefined) {
			const where = options.example;
			const read = readPatch(await readFile(resolve(world.cwd, where)), where);
			const { source, interner, extractor } = first;
			example = await storePatch(await prepare(read, { source, interner, extractor, where }));
		}
		const { progress } = options;
		const content = await indexContent({
			parts,
			profiles,
			progress,
			...(example === undefined ? {} : { example }),
		});
		const bytes = await withAnswers(content, profiles);
		await writeWhole(options.out, bytes);
		return { releases: openIndex(options.out).releases.length, bytes: bytes.length };
	} finally {
		for (const { source } of opened) await source.close();
	}
}

/** The index as bytes, with the answers that a run over its drivers needs. */
async function withAnswers(
	content: IndexContent,
	profiles: readonly Profile[],
): Promise<Uint8Array> {
	const source = new IndexSource(
		new IndexFile(writeIndex(content), 'the new index'),
		new FingerprintInterner(),
	);
	const answered = [];
	for (const one of content.profiles) {
		const profile = profiles.find(({ id }) => id === one.profile);
		if (profile === undefined) throw new RangeError(`no profile ${one.profile}`);
		await exercise(source, profile);
		answered.push({ ...one, answers: source.storedAnswers(profile) });
	}
	return writeIndex({ ...content, profiles: answered });
}

/** What an index holds. */
export async function describeIndex(
	world: EngineWorld,
	options: { index?: string },
): Promise<IndexInfo> {
	const index = await openNamedIndex(world, options.index);
	const info = indexInfo(index);
	const example = index.example();
	const subject =
		typeof example === 'object' && example !== null && 'subject' in example
			? String(example.subject)
			: null;
	return {
		path: index.where,
		bytes: info.bytes,
		formatVersion: info.version.format,
		extractorVersion: info.version.extractor,
		releases: info.releases.map(({ release, date, files }) => ({ release, date, files })),
		example: subject,
	};
}

/** Checks an index in itself, and against a clone when one is named. */
export async function checkIndex(
	world: EngineWorld,
	options: { index?: string; repo?: string; offline?: boolean },
	profiles: readonly Profile[],
): Promise<{ checked: number; differences: string[] }> {
	const index = await openNamedIndex(world, options.index);
	if (options.repo === undefined) return verifyIndex(index);
	const clone = await openClone(
		resolve(world.cwd, options.repo),
		world,
		options.offline === true ? { offline: true } : {},
	);
	const both = clone.releases.filter(({ name }) => index.releases.some((one) => one.name === name));
	if (both.length === 0) {
		throw new RangefinderError({
			code: 'index-mismatch',
			where: options.repo,
			what: 'it has none of the releases of the index',
		});
	}
	const narrowed = { ...clone, releases: both };
	const open = await cloneSource(narrowed, new Helpers(world, ALONE), ALONE);
	try {
		return await verifyIndex(index, { source: open.source, profiles });
	} finally {
		await open.source.close();
	}
}
