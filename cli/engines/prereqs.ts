/** Joins `prereqs` to the library: opens the clone, reads the patch, and makes it a change on its own tree. */
import { resolve } from 'node:path';
import { profilesFor } from '../../src/driver/profiles/index.ts';
import { RangefinderError } from '../../src/errors.ts';
import { OverlayStore } from '../../src/git/overlay-store.ts';
import type { GitRunner } from '../../src/git/process.ts';
import type { SeriesMail } from '../../src/git/series-mails.ts';
import { demandGit, type ObjectStore } from '../../src/git/store.ts';
import { hasHistory } from '../../src/history/has-history.ts';
import type { Change } from '../../src/history/needs/change.ts';
import { changeOfPatch } from '../../src/history/needs/patch-change.ts';
import { Picker } from '../../src/history/pick/pick.ts';
import type { Release } from '../../src/kernel/releases.ts';
import { compareVersions } from '../../src/kernel/version.ts';
import type { ReadPatch } from '../../src/patch/mail.ts';
import { exportOn } from '../../src/range/export.ts';
import type { Instead } from '../../src/range/instead.ts';
import { type PrepareContext, prepare, repair } from '../../src/range/prepare.ts';
import { changeOf, type PrereqsInput, prereqs, reportOf } from '../../src/range/prereqs.ts';
import type { PrereqsReport } from '../../src/range/prereqs-report.ts';
import { range } from '../../src/range/range.ts';
import { rules } from '../../src/range/rules/index.ts';
import { readDotConfig } from '../dot-config.ts';
import type { EngineWorld, Progress } from '../engine.ts';
import { readInput, several } from '../input.ts';
import { readLandmarks } from '../landmarks.ts';
import { chooseReleases } from '../releases.ts';
import { cloneSource, Helpers, type OpenSource, openClone } from '../sources.ts';
import { commitReader } from './commit-reader.ts';
import { rangeHistory } from './range-history.ts';

export interface PrereqsOptions {
	/** A file, `-`, or a commit. */
	readonly input: string;
	readonly patch?: string;
	readonly repo?: string;
	readonly offline?: boolean;
	readonly noIndex: boolean;
	readonly noCache: boolean;
	/** Releases, branches or commits. */
	readonly onto: readonly string[];
	readonly upstream?: string;
	readonly config?: string;
	readonly arch: readonly string[];
	readonly max: number;
	readonly tries: number;
	readonly seconds?: number | undefined;
	readonly textual: boolean;
	/** False to be content with what was picked in memory; true when left out. */
	readonly proves?: boolean;
	/** Called once there is something to end with; the signal asks for that. */
	readonly interruptible?: () => AbortSignal;
	readonly progress: Progress;
}

/** Answers `prereqs`. */
export type RunPrereqs = (options: PrereqsOptions) => Promise<PrereqsReport>;

/** Opens the clone and answers from it. */
export function runPrereqs(world: EngineWorld, options: PrereqsOptions): Promise<PrereqsReport> {
	return withTargets(world, options, prereqs);
}

/** A series for one target, with the answer that it rests on. */
export interface ExportedSeries {
	readonly report: PrereqsReport;
	readonly mails: readonly SeriesMail[];
	/** Why there are none. */
	readonly why: string | undefined;
}

/** Makes the series for one target. */
export type RunExport = (options: PrereqsOptions) => Promise<ExportedSeries>;

/** Opens the clone and makes the series. Throws usage for several targets. */
export function runExport(world: EngineWorld, options: PrereqsOptions): Promise<ExportedSeries> {
	return withTargets(world, options, async (input) => {
		const [release, ...others] = input.targets;
		if (release === undefined || others.length > 0) {
			throw new RangefinderError({
				code: 'usage',
				what: 'export: a series is for one target',
				hint: 'name one with --onto',
			});
		}
		const { target, mails, why } = await exportOn(input, release);
		return { report: reportOf(input, [target]), mails, why };
	});
}

async function withTargets<T>(
	world: EngineWorld,
	options: PrereqsOptions,
	answer: (input: PrereqsInput) => Promise<T>,
): Promise<T> {
	if (options.onto.length === 0) {
		throw new RangefinderError({
			code: 'usage',
			what: 'no target given',
			hint: 'name a release, branch or commit with --onto',
		});
	}
	const folder = resolve(world.cwd, options.repo ?? '.');
	const clone = await openClone(folder, world, { ...options, store: 'native' });
	const helpers = new Helpers(world, options);
	try {
		const read = await readInput(options.input, world, clone.store, options.patch);
		const [patch] = read.patches;
		if (patch === undefined || read.patches.length > 1) throw several(read.patches, read.where);
		const asked = { patch, where: read.where, commit: read.commit };
		const { open, input } = await prereqsInput(world, { ...clone, helpers }, asked, options);
		try {
			const choice = { release: [], series: [], all: false, onto: options.onto };
			const paths = input.patch.files.map(({ path }) => path);
			const targets = await chooseReleases(open, choice, paths);
			const instead = better(open, input, targets);
			return await answer({ ...input, targets, ...(instead === undefined ? {} : { instead }) });
		} finally {
			options.progress.end();
			await open.source.close();
		}
	} finally {
		await clone.store.close();
	}
}

/** Other fixes of the bug, by the answers of all releases; undefined where no rules know of a bug. */
function better(
	open: OpenSource,
	input: Omit<PrereqsInput, 'targets'>,
	targets: readonly Release[],
): (() => Promise<readonly Instead[]>) | undefined {
	const { patch, source, profiles, rules: all, landmarks, choice } = input;
	if (profiles.every(({ anyDriver }) => anyDriver !== undefined)) return undefined;
	let asked: Promise<readonly Instead[]> | undefined;
	const ask = async (): Promise<readonly Instead[]> => {
		const everywhere = { release: [], series: [], all: false, onto: [] };
		const paths = patch.files.map(({ path }) => path);
		const known = await chooseReleases(open, everywhere, paths);
		const names = new Set(known.map(({ name }) => name));
		const releases = [...known, ...targets.filter(({ name }) => !names.has(name))].sort((a, b) =>
			compareVersions(a.version, b.version),
		);
		const history = await rangeHistory(open, {});
		const asking = { patch, source, releases, profiles, rules: all, landmarks, choice };
		const report = await range({
			...asking,
			...(history === undefined ? {} : { history, readCommit: commitReader(open) }),
		});
		return report.instead ?? [];
	};
	return () => {
		asked ??= ask();
		return asked;
	};
}

/** A clone that is open. */
interface OpenedClone {
	readonly store: ObjectStore;
	readonly releases: readonly Release[];
	readonly helpers: Helpers;
}

/** A patch as it was read. */
export interface AskedPatch {
	readonly patch: ReadPatch;
	readonly where: string;
	/** The full id, where it is a commit. */
	readonly commit: string | undefined;
}

/** What the solver is asked with, without targets; `open` is to be closed. */
export async function prereqsInput(
	world: EngineWorld,
	{ store, releases, helpers }: OpenedClone,
	{ patch, where, commit }: AskedPatch,
	options: Omit<PrereqsOptions, 'input' | 'onto' | 'repo'>,
): Promise<{ open: OpenSource; input: Omit<PrereqsInput, 'targets'> }> {
	const git = demandGit(store, 'looking for prerequisites');
	const picker = new Picker(store);
	const overlay = new OverlayStore(store, picker.pool);
	const open = await cloneSource({ store: overlay, releases: [...releases] }, helpers, options);
	const { source, interner, extractor } = open;
	const context = { source, interner, extractor, where };
	const ready = await prepare(patch, context);
	const change =
		commit === undefined
			? await patchAsChange(patch, context, { store, git, picker, upstream: options.upstream })
			: await commitAsChange(store, picker, commit);
	const dotConfig =
		options.config === undefined ? undefined : await readDotConfig(world, options.config);
	const input = {
		// The id that a mail names may be of a commit that nobody else has.
		patch: { ...ready, commit: commit ?? null },
		change,
		hasHistory: await hasHistory(store, releases),
		store,
		git,
		picker,
		source,
		profiles: profilesFor(ready.files.map(({ path }) => path)),
		rules,
		landmarks: await readLandmarks(),
		choice: { archs: options.arch, ...(dotConfig === undefined ? {} : { dotConfig }) },
		upstream: await upstreamOf(store, git, change, options.upstream),
		max: options.max,
		trials: options.tries,
		seconds: options.seconds,
		textual: options.textual,
		proves: options.proves !== false,
		world: { env: world.env, ...(world.processes ?? { pid: 0, isRunning: () => true }) },
		progress: progressOf(options.progress),
		...(options.interruptible === undefined ? {} : { interruptible: options.interruptible }),
	};
	return { open, input };
}

/** Progress by targets: each set that is tried is a step. */
function progressOf(progress: Progress) {
	let last = '';
	return ({ name }: { name: string }): void => {
		if (name !== last) progress.start(`${name}: lists tried`, 0);
		last = name;
		progress.step();
	};
}

async function commitAsChange(store: ObjectStore, picker: Picker, commit: string): Promise<Change> {
	const { parents } = await store.commitInfo(commit);
	if (parents.length === 1) return changeOf(store, picker, commit);
	throw new RangefinderError({
		code: 'usage',
		what: `${commit.slice(0, 12)} ${parents.length === 0 ? 'has no parent' : 'is a merge'}: it is no patch`,
		hint: 'name a commit with one parent',
	});
}

interface PatchPlace {
	readonly store: ObjectStore;
	readonly git: GitRunner;
	readonly picker: Picker;
	readonly upstream: string | undefined;
}

/** A patch of a mail, on a commit that has the files it was made from. */
async function patchAsChange(
	patch: ReadPatch,
	context: PrepareContext,
	{ store, git, picker, upstream }: PatchPlace,
): Promise<Change | undefined> {
	const { files, patch: repaired } = await repair(patch, context);
	const tip = await tipOf(store, git, upstream);
	if (tip === undefined) return undefined;
	const all = files.map(({ file, preimage }) => ({ file, preimage }));
	return changeOfPatch(repaired.subject, all, { git, store, pool: picker.pool, upstream: tip });
}

/** The commit that was named, or HEAD; of a repository without it, the newest tag. */
async function tipOf(
	store: ObjectStore,
	git: GitRunner,
	named: string | undefined,
): Promise<string | undefined> {
	const found = await store.resolveCommit(named ?? 'HEAD');
	if (found !== undefined) return found;
	if (named !== undefined) {
		throw new RangefinderError({ code: 'unknown-revision', revision: named, where: git.where });
	}
	const tags = await store.tags();
	return tags.reduce((a, b) => (a === undefined || b.date > a.date ? b : a), tags[0])?.commit;
}

/** How far commits are looked for that change how a driver registers: to a tip that has the change's base. */
async function upstreamOf(
	store: ObjectStore,
	git: GitRunner,
	change: Change | undefined,
	named: string | undefined,
): Promise<string | undefined> {
	if (change === undefined) return undefined;
	const tip = await tipOf(store, git, named);
	if (tip === undefined) return undefined;
	const has = await git.run(['merge-base', '--is-ancestor', change.from, tip]);
	return has.code === 0 ? tip : undefined;
}
