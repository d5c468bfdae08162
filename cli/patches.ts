/** What the user named of patches and configurations, opened and made ready: shared by the commands that judge a patch. */
import type { ReleaseSource } from '../cache/source.ts';
import { RangefinderError } from '../src/errors.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { FingerprintInterner } from '../src/patch/lines.ts';
import type { ConfigChoice } from '../src/range/configurations.ts';
import { restorePatch, type StoredPatch } from '../src/range/example.ts';
import type { PreparedPatch } from '../src/range/prepare.ts';
import { readDotConfig } from './dot-config.ts';
import type { EngineWorld, RangeOptions } from './engine.ts';
import type { AskedPatch } from './engines/prereqs.ts';
import type { InputPatches } from './input.ts';
import { indexSource, type OpenSource, openNamedIndex, openSource } from './sources.ts';

/** The example is judged on the index it is in, unless a clone is named. */
export async function openForExample(
	world: EngineWorld,
	options: { repo?: string; index?: string },
): Promise<OpenSource> {
	if (options.repo !== undefined) return openSource(world, { ...options, fingerprints: true });
	return indexSource(world, options.index);
}

/**
 * The patches of a run: the paths they touch with what each was made from, and each made ready for a source. They are
 * read from the input of the options, unless they are given.
 */
export async function patchesOf(
	world: EngineWorld,
	options: Pick<RangeOptions, 'example' | 'index' | 'input' | 'patch' | 'read'>,
	open: OpenSource,
	given?: InputPatches,
): Promise<{
	paths: string[];
	preimages: (string | undefined)[];
	patches: ((source: ReleaseSource) => Promise<PreparedPatch>)[];
	/** Their subjects, without [PATCH]. */
	together: string[];
	/** Of a single patch, what was read. */
	asked?: AskedPatch;
}> {
	const { interner, extractor, store } = open;
	if (options.example) {
		const index = open.index ?? (await openNamedIndex(world, options.index));
		const stored = index.example();
		if (isStoredPatch(stored) && interner instanceof FingerprintInterner) {
			const patch = restorePatch(stored, interner);
			options.read?.(0, patch, undefined);
			return {
				together: [],
				paths: patch.files.map(({ path }) => path),
				preimages: patch.files.map(({ preimage }) => preimage ?? undefined),
				patches: [async () => patch],
			};
		}
		throw new RangefinderError({
			code: 'index-unreadable',
			where: index.where,
			what: 'it carries no example',
		});
	}
	const { prepare } = await import('../src/range/prepare.ts');
	const { readTag } = await import('../src/patch/series.ts');
	const read = given ?? (await readNamed(world, options, store));
	const { where, commit } = read;
	const [single, ...more] = read.patches;
	return {
		together: read.patches.map(({ subject }) => readTag(subject).title),
		...(single === undefined || more.length > 0 ? {} : { asked: { patch: single, where, commit } }),
		paths: read.patches.flatMap(({ files }) =>
			files.map(({ oldPath, newPath }) => oldPath ?? newPath ?? ''),
		),
		preimages: read.patches.flatMap(({ files }) => files.map(({ preimage }) => preimage)),
		patches: read.patches.map((one, i) => async (source) => {
			const prepared = await prepare(one, { source, interner, extractor, where });
			const patch = commit === undefined ? prepared : { ...prepared, commit };
			options.read?.(i, patch, read.mails?.get(one));
			return patch;
		}),
	};
}

async function readNamed(
	world: EngineWorld,
	options: Pick<RangeOptions, 'input' | 'patch' | 'read'>,
	store: ObjectStore | undefined,
): Promise<InputPatches> {
	const { readInput } = await import('./input.ts');
	const keep = options.read !== undefined;
	return readInput(options.input ?? '', world, store, options.patch, keep);
}

/** Whether a value of the index is a stored patch; its sections are checksummed, so the outline says enough. */
function isStoredPatch(value: unknown): value is StoredPatch {
	return typeof value === 'object' && value !== null && 'subject' in value && 'files' in value;
}

/** The configurations that the user asked for. */
export async function configChoice(
	world: EngineWorld,
	options: Pick<RangeOptions, 'arch' | 'config'>,
): Promise<ConfigChoice> {
	if (options.config === undefined) return { archs: options.arch };
	return { archs: options.arch, dotConfig: await readDotConfig(world, options.config) };
}
