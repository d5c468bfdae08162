/** Joins the command `demands` to the engine: opens the clone and the cache, and applies the patch of --with. */
import { createHash } from 'node:crypto';
import { Remembered } from '../../cache/remembered.ts';
import type { ReleaseSource } from '../../cache/source.ts';
import { type FileWays, WAYS_VERSION } from '../../src/driver/ways/facts.ts';
import { type Sweep, sweep } from '../../src/driver/ways/sweep.ts';
import { RangefinderError } from '../../src/errors.ts';
import { demandGit } from '../../src/git/store.ts';
import {
	ChangedTreeText,
	GitTreeText,
	type TextFile,
	type TreeText,
} from '../../src/git/tree-text.ts';
import type { Release } from '../../src/kernel/releases.ts';
import { DEMANDS } from '../../src/range/demands/index.ts';
import {
	capabilitiesThatDemand,
	checkDemands,
	readCapability,
} from '../../src/range/demands/over-tree.ts';
import type { DemandsReport } from '../../src/range/demands/report.ts';
import { Overlay } from '../../src/range/overlay.ts';
import { conflictText, place } from '../../src/range/placements.ts';
import type { EngineWorld, Progress } from '../engine.ts';
import { chooseReleases } from '../releases.ts';
import { type Helpers, type OpenSource, openSource } from '../sources.ts';

export interface DemandsOptions {
	/** The current folder when left out. */
	readonly repo?: string;
	/** A release or a revision; the newest release when left out. */
	readonly release?: string;
	/** A patch, as `range` takes it. */
	readonly with?: string;
	readonly assume: readonly string[];
	readonly all: boolean;
	readonly noCache: boolean;
	readonly offline?: boolean;
	readonly progress: Progress;
}

/** Answers `demands`. */
export type RunDemands = (options: DemandsOptions) => Promise<DemandsReport>;

/**
 * Checks the demands of one release.
 * @throws RangefinderError usage for a capability that demands nothing and a patch that does not land, needs-git
 */
export async function runDemands(
	world: EngineWorld,
	options: DemandsOptions,
): Promise<DemandsReport> {
	const assume = assumed(options);
	const open = await openSource(world, {
		repo: options.repo ?? '.',
		store: 'native',
		noCache: options.noCache,
		...(options.offline === undefined ? {} : { offline: options.offline }),
	});
	try {
		const release = await releaseOf(open, options.release);
		const tree = await treeOf(open, release);
		const patch =
			options.with === undefined ? undefined : await patched(world, open, release, options.with);
		const text = patch === undefined ? tree.text : new ChangedTreeText(tree.text, patch.changed);
		const key = keyOf(tree.id, patch?.changed);
		const { helpers } = open;
		const found = await checkDemands({
			tree: text,
			demands: DEMANDS,
			assume,
			sweep: () => rememberedSweep(text, key, helpers, options.progress),
		});
		const before = patch === undefined ? undefined : (await readCapability(tree.text)).value;
		return {
			schema: 'rangefinder.demands/1',
			release: release.name,
			commit: release.commit,
			with: patch === undefined ? null : { subject: patch.subject },
			...found,
			capabilities: found.capabilities.map((one) =>
				before === undefined ? one : { ...one, before },
			),
		};
	} finally {
		await open.source.close();
	}
}

function assumed({ assume, all }: DemandsOptions): readonly string[] {
	const known = capabilitiesThatDemand(DEMANDS);
	const wrong = assume.find((one) => !known.includes(one));
	if (wrong === undefined) return all ? known : assume;
	const what = `--assume ${wrong}: no capability of this name demands anything`;
	throw new RangefinderError({ code: 'usage', what, hint: `there are: ${known.join(', ')}` });
}

/** The release of that name, else the commit; without a name the newest release. */
async function releaseOf(open: OpenSource, named: string | undefined): Promise<Release> {
	const newest = open.releases.at(-1);
	if (named === undefined && newest !== undefined) return newest;
	const name = named ?? 'HEAD';
	const none = { release: [], series: [], all: false, onto: [] };
	const isRelease = /^v?\d+(?:\.\d+)+/.test(name);
	const choice = isRelease ? { ...none, release: [name] } : { ...none, onto: [name] };
	const [release] = await chooseReleases(open, choice, []);
	if (release !== undefined) return release;
	throw new RangefinderError({ code: 'unknown-release', release: name, near: [] });
}

/** The text of a release's tree and its id. A partial clone fetches what is searched, in one request. */
export async function treeOf(
	open: OpenSource,
	{ commit }: Release,
): Promise<{ text: TreeText; id: string }> {
	const { store } = open;
	if (store === undefined) {
		const what = 'demands: the release index has no trees to search';
		throw new RangefinderError({ code: 'usage', what, hint: 'give a clone with --repo' });
	}
	const git = demandGit(store, 'searching a whole tree');
	if (store.partial !== undefined) {
		const entries = await store.list(commit, '', true);
		const sources = entries.filter(({ type, path }) => type === 'blob' && /\.[ch]$/.test(path));
		await store.partial.fetch(sources.map(({ oid }) => oid));
	}
	return { text: new GitTreeText(git, store, commit), id: (await store.commitInfo(commit)).tree };
}

interface Patched {
	subject: string;
	changed: Map<string, TextFile | undefined>;
}

/** The files of a release as the patches of an input leave them. */
async function patched(
	world: EngineWorld,
	{ source, interner, extractor, store }: OpenSource,
	release: Release,
	input: string,
): Promise<Patched> {
	const { readInput } = await import('../input.ts');
	const { prepare } = await import('../../src/range/prepare.ts');
	const { patches, where } = await readInput(input, world, store);
	const overlay = new Overlay(source);
	const paths = new Set<string>();
	let subject = '';
	for (const one of patches) {
		const patch = await prepare(one, { source: overlay, interner, extractor, where });
		const placed = await place(patch, overlay, [release]);
		for (const here of placed) {
			if (here.files.some(({ placement }) => placement.edits === undefined)) {
				const what = `--with ${where}: it does not land on ${release.name}: ${conflictText(here)}`;
				throw new RangefinderError({
					code: 'usage',
					what,
					hint: 'give a patch that applies there',
				});
			}
			for (const { path, file } of here.files) {
				paths.add(path);
				if (file.renamesTo !== undefined) paths.add(file.renamesTo);
			}
		}
		await overlay.add(placed);
		subject = patch.subject;
	}
	return { subject, changed: await changedFiles(overlay, release, [...paths]) };
}

/** Files of a release as a source has them; undefined where it has none of that name. */
export async function changedFiles(
	overlay: ReleaseSource,
	release: Release,
	paths: readonly string[],
): Promise<Patched['changed']> {
	const [ids = []] = await overlay.blobIds([release], paths);
	const texts = await overlay.text(ids.filter((id) => id !== undefined));
	return new Map(
		paths.map((path, i) => {
			const blob = ids[i];
			const bytes = blob === undefined ? undefined : texts.get(blob);
			return [path, blob === undefined || bytes === undefined ? undefined : { blob, bytes }];
		}),
	);
}

/** Under which a tree's registrations are kept. */
export function keyOf(tree: string, changed: Patched['changed'] | undefined): string {
	const files = [...(changed ?? [])].map(([path, file]) => `${path}=${file?.blob ?? ''}`).sort();
	const of = files.length === 0 ? '' : createHash('sha256').update(files.join('\0')).digest('hex');
	return `${WAYS_VERSION} ${tree} ${of}`;
}

/** The registrations of a tree: as they are remembered, else found, with facts of files that are. */
export async function rememberedSweep(
	tree: TreeText,
	key: string,
	helpers: Helpers | undefined,
	progress: Progress,
): Promise<Sweep> {
	if (helpers === undefined) return sweep(tree, { progress });
	const memory = new Remembered(() => helpers.cache());
	const known = (await memory.recall<Sweep>('sweep:', [key])).get(key);
	if (known !== undefined) return known;
	const version = (one: string) => `${WAYS_VERSION} ${one}`;
	const found = await sweep(tree, {
		progress,
		cache: {
			recall: async (keys) => {
				const kept = await memory.recall<FileWays>('ways:', keys.map(version));
				return new Map([...kept].map(([one, ways]) => [one.slice(version('').length), ways]));
			},
			keep: (values) =>
				memory.keep('ways:', new Map([...values].map(([one, ways]) => [version(one), ways]))),
		},
	});
	await memory.keep('sweep:', new Map([[key, found]]));
	return found;
}
