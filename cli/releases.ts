/** Which releases a run looks at: those of the options, of a clone or of the index. */
import { RangefinderError } from '../src/errors.ts';
import type { ObjectStore } from '../src/git/store.ts';
import type { Release } from '../src/kernel/releases.ts';
import { selectionCandidates, selectReleases } from '../src/kernel/selection.ts';
import { compareVersions, parseVersion, seriesOf, type Version } from '../src/kernel/version.ts';
import type { OpenSource } from './sources.ts';

export interface ReleaseChoice {
	release: readonly string[];
	series: readonly string[];
	all: boolean;
	/** Branches or commits besides releases; a clone's only. */
	onto: readonly string[];
}

/**
 * The releases to look at. The index is looked at whole, a clone at the first and the tip of each
 * series since `paths` appeared.
 * @throws RangefinderError unknown-release, unknown-revision, usage
 */
export async function chooseReleases(
	open: OpenSource,
	choice: ReleaseChoice,
	paths: readonly string[],
): Promise<Release[]> {
	const { source, releases, store } = open;
	const onto = await revisions(choice.onto, store);
	const options = { release: choice.release, series: choice.series, all: choice.all };
	const nothingNamed = choice.release.length === 0 && choice.series.length === 0;
	if (nothingNamed && !choice.all && onto.length > 0) return onto;
	if (source.kind === 'index') {
		const all = nothingNamed ? true : choice.all || choice.series.length > 0;
		return selectReleases(releases, { ...options, all }, () => true);
	}
	const candidates = selectionCandidates(releases, options);
	const ids = await source.blobIds(candidates, paths);
	const touched = new Set(
		candidates.filter((_, i) => ids[i]?.some((id) => id !== undefined)).map(({ name }) => name),
	);
	return [...selectReleases(releases, options, ({ name }) => touched.has(name)), ...onto];
}

/** Of a tree whose Makefile does not say: before every release. */
const NO_VERSION: Version = { base: [0, 0], baseText: '0.0', patch: 0, rc: undefined };

/** Revisions as releases: named as the user did, with the version of their Makefile. */
async function revisions(
	onto: readonly string[],
	store: ObjectStore | undefined,
): Promise<Release[]> {
	if (onto.length === 0) return [];
	if (store === undefined) {
		throw new RangefinderError({
			code: 'usage',
			what: `--onto ${onto[0]} needs a clone`,
			hint: 'give one with --repo',
		});
	}
	const found: Release[] = [];
	for (const revision of onto) {
		const commit = await store.resolveCommit(revision);
		if (commit === undefined) {
			throw new RangefinderError({ code: 'unknown-revision', revision, where: store.where });
		}
		found.push(await commitAsRelease(store, revision, commit));
	}
	return found.sort((a, b) => compareVersions(a.version, b.version));
}

/** A commit as a release of the name that the user gave it, with the version of its Makefile. */
export async function commitAsRelease(
	store: ObjectStore,
	name: string,
	commit: string,
): Promise<Release> {
	const version = parseVersion(await makefileVersion(store, commit));
	const { authorDate } = await store.commitInfo(commit);
	const date = new Date(authorDate * 1000).toISOString().slice(0, 10);
	const series = version === undefined ? 'mainline' : seriesOf(version);
	return { name, version: version ?? NO_VERSION, series, commit, date, tip: true };
}

/** `v4.14.5`, from the head of the tree's Makefile; '' when it does not say. */
async function makefileVersion(store: ObjectStore, commit: string): Promise<string> {
	const [blob] = await store.blobIds(commit, ['Makefile']);
	const bytes = blob === undefined ? undefined : (await store.blobs([blob])).get(blob);
	const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1').slice(0, 4096);
	const value = (name: string): string =>
		new RegExp(`^${name} *= *(\\S*)`, 'm').exec(text)?.[1] ?? '';
	const sub = value('SUBLEVEL');
	const rc = /^-rc\d+$/.exec(value('EXTRAVERSION'))?.[0] ?? '';
	return `v${value('VERSION')}.${value('PATCHLEVEL')}${sub === '' || sub === '0' ? '' : `.${sub}`}${rc}`;
}
