/** What of a clone helps or hurts, each with the command that mends it. Pure: a look in, findings out. */

import { type Release, releasesFromTags } from '../../kernel/releases.ts';
import { compareVersions, MAINLINE } from '../../kernel/version.ts';
import { publicUrl, reachOf } from '../partial/promisor.ts';
import { quoted, unshallow } from '../shallow.ts';
import { counted, type Finding, good, hurts, note } from './finding.ts';
import type { CloneLook } from './look.ts';

/** From so many objects on what speeds git up is missed; below, everything is fast. */
const LARGE = 10_000;
/** As many loose objects and packs as git gc --auto leaves alone (gc.auto, gc.autoPackLimit). */
const MOST_LOOSE = 6700;
const MOST_PACKS = 50;
const STABLE = 'https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git';
/** Missing releases that are named; of folders half as many. */
const MOST_NAMED = 8;

/** All that is to say of a clone, in the order of a talk: git, what is here, what speeds it up. */
export function findingsOf(look: CloneLook): Finding[] {
	return [
		gitVersion(look),
		kind(look),
		...releaseTags(look),
		...shallow(look),
		...partial(look),
		commitGraph(look),
		packs(look),
		...alternates(look),
		...rewritten(look),
		...programs(look),
	];
}

function gitVersion({ git: { version, text } }: CloneLook): Finding {
	const [major, minor] = version;
	const older = (than: number): boolean => major < 2 || (major === 2 && minor < than);
	if (older(36)) {
		return note('git', `${text}: 2.36 and later answer with one process in place of two`);
	}
	if (older(45)) {
		const more =
			'2.45 and later keep other programs from fetching into a partial clone by themselves';
		return good('git', `${text}; ${more}`);
	}
	return good('git', text);
}

function kind({ bare, worktree, format }: CloneLook): Finding {
	const what = worktree
		? 'a linked worktree'
		: bare
			? 'a bare repository'
			: 'a repository with a work tree';
	const ids = format === 'sha256' ? ', its ids are SHA-256' : '';
	return note('kind', `${what}${ids}; only commits are read, no work tree`);
}

function releaseTags(look: CloneLook): Finding[] {
	const at = `git -C ${quoted(look.where)}`;
	const releases = releasesFromTags(look.tags);
	const newest = releases.at(-1);
	if (newest === undefined) {
		return [hurts('tags', 'there are no release tags (v4.14, v4.14.5)', `${at} fetch --tags`)];
	}
	const findings = [
		good(
			'tags',
			`${counted(releases.length, 'release tag')}, the newest is ${newest.name} (${newest.date})`,
		),
	];
	const missing = missingReleases(releases);
	if (missing.length > 0) {
		const named = missing.slice(0, MOST_NAMED).join(', ');
		const more = missing.length - MOST_NAMED;
		const text = `releases between others are not here: ${named}${more > 0 ? `, and ${more} more` : ''}`;
		findings.push(note('missing-tags', text, `${at} fetch --tags`));
	}
	return [...findings, ...stable(look, releases)];
}

/** Releases of a series, and first releases of mainline, that lie between two that are here. */
export function missingReleases(releases: readonly Release[]): string[] {
	const missing: string[] = [];
	const bySeries = new Map<string, Release[]>();
	const minors = new Map<string, Set<number>>();
	for (const release of releases) {
		const { series, version } = release;
		if (version.rc !== undefined || series === MAINLINE) continue;
		bySeries.set(series, [...(bySeries.get(series) ?? []), release]);
		const head = version.base.slice(0, -1).join('.');
		const last = version.base.at(-1);
		if (last !== undefined) minors.set(head, (minors.get(head) ?? new Set()).add(last));
	}
	for (const members of bySeries.values()) {
		const patches = new Set(members.map(({ version }) => version.patch));
		const base = members[0]?.version.baseText ?? '';
		for (const patch of between(patches)) missing.push(`v${base}.${patch}`);
	}
	for (const [head, known] of minors) {
		if (Number(head.split('.')[0]) >= YEARS) continue;
		for (const minor of between(known)) missing.push(`v${head}.${minor}`);
	}
	return missing;
}

/** Versions from here on begin with a year (U-Boot's v2024.10), and their second number is a month. */
const YEARS = 1000;

function between(numbers: ReadonlySet<number>): number[] {
	const sorted = [...numbers].sort((a, b) => a - b);
	const [from = 0, to = 0] = [sorted[0], sorted.at(-1)];
	const gaps: number[] = [];
	for (let number = from + 1; number < to; number++) if (!numbers.has(number)) gaps.push(number);
	return gaps;
}

/** Whether stable releases are here; not asked of a project whose versions are dates. */
function stable({ where, branches }: CloneLook, releases: readonly Release[]): Finding[] {
	if (releases.some(({ version }) => (version.base[0] ?? 0) >= YEARS)) return [];
	const tags = releases.filter(({ version }) => version.patch > 0).length;
	const lines = branches.filter((name) => /(^|\/)linux-\d+\.\d+(\.\d+)?\.y$/.test(name));
	const at = `git -C ${quoted(where)}`;
	const command = `${at} remote add stable ${STABLE} && ${at} fetch --tags stable`;
	if (tags === 0 && lines.length === 0) {
		return [hurts('stable', 'no stable release and no linux-X.Y.y branch is here', command)];
	}
	if (lines.length === 0) {
		const text = `${counted(tags, 'stable release')}, no linux-X.Y.y branch: what is not released yet is not seen`;
		return [note('stable', text, command)];
	}
	const newest = releases
		.filter(({ version }) => version.patch > 0)
		.sort((a, b) => compareVersions(a.version, b.version))
		.at(-1);
	const tip = newest === undefined ? '' : ` (up to ${newest.name})`;
	return [
		good(
			'stable',
			`${counted(lines.length, 'stable branch', 'stable branches')}, ${counted(tags, 'stable release')}${tip}`,
		),
	];
}

function shallow({ where, shallow: ends }: CloneLook): Finding[] {
	if (ends.length === 0) return [];
	const text = `the clone is shallow: history ends at ${counted(ends.length, 'commit')}, and what lies before is unknown`;
	return [hurts('shallow', text, unshallow(where))];
}

function partial({ where, partial: settings }: CloneLook): Finding[] {
	if (settings === undefined) return [];
	const { promisors, filter } = settings;
	const at = `git -C ${quoted(where)}`;
	const from = promisors.map((one) => publicUrl(one.url ?? `the remote ${one.name}`)).join(', ');
	const text = `the clone is partial (${filter ?? 'filter not named'}, from ${from})`;
	const reaches = promisors.map(reachOf);
	const refused = reaches.find((reach) => typeof reach === 'string');
	if (reaches.every((reach) => typeof reach === 'string')) {
		return [
			hurts(
				'partial',
				`${text}; ${refused}`,
				`${at} remote set-url ${quoted(promisors[0]?.name ?? 'origin')} https://...`,
			),
		];
	}
	if (/^(tree:|combine:.*tree)/.test(filter ?? '')) {
		const whole = `${at} fetch --refetch --filter=blob:none`;
		return [hurts('partial', `${text}; without trees history cannot be walked`, whole)];
	}
	const how =
		'what is missing is fetched together when it is read, into the cache folder; --offline forbids it';
	return [note('partial', `${text}; ${how}`)];
}

function commitGraph({ where, graph, packed, loose }: CloneLook): Finding {
	const command = `git -C ${quoted(where)} commit-graph write --reachable --changed-paths`;
	const missed = packed + loose >= LARGE ? hurts : note;
	if (graph === undefined) {
		return missed(
			'commit-graph',
			'there is no commit-graph, every walk unpacks each commit',
			command,
		);
	}
	const has = `the commit-graph has ${counted(graph.commits, 'commit')}`;
	if (graph.changedPaths) return good('commit-graph', `${has}, with changed paths`);
	return missed(
		'commit-graph',
		`${has} without changed paths: the log of a path reads the trees of each`,
		command,
	);
}

function packs({ where, packs: count, loose, multiPackIndex }: CloneLook): Finding {
	const has = `${counted(count, 'pack')}, ${counted(loose, 'loose object')}`;
	const at = `git -C ${quoted(where)}`;
	if (loose > MOST_LOOSE) return hurts('packs', `${has}: loose ones are slow to read`, `${at} gc`);
	if (count > MOST_PACKS && !multiPackIndex) {
		return hurts('packs', `${has}: each is searched for each object`, `${at} gc`);
	}
	const index = multiPackIndex ? ', with a multi-pack-index' : '';
	if (count > MOST_PACKS) {
		return note('packs', `${has}${index}`, `${at} maintenance run --task=incremental-repack`);
	}
	return good('packs', `${has}${index}`);
}

function alternates({ alternates: there, lostAlternates: lost }: CloneLook): Finding[] {
	const findings: Finding[] = [];
	if (there.length > 0) {
		const named = there.slice(0, MOST_NAMED / 2).join(', ');
		const more = there.length - MOST_NAMED / 2;
		const text = `objects are borrowed from ${named}${more > 0 ? `, and ${more} more` : ''}`;
		findings.push(note('alternates', text));
	}
	if (lost.length > 0) {
		const text = `objects are borrowed from what is not there: ${lost.join(', ')}`;
		findings.push(hurts('alternates', text));
	}
	return findings;
}

function rewritten({ where, replaced, grafts }: CloneLook): Finding[] {
	const findings: Finding[] = [];
	if (replaced > 0) {
		const text = `${counted(replaced, 'replace ref')}: history is read as it was committed, without them`;
		findings.push(note('replace', text));
	}
	if (grafts) {
		const text = 'info/grafts changes the parents of commits, and git follows it';
		findings.push(hurts('grafts', text, `git -C ${quoted(where)} replace --convert-graft-file`));
	}
	return findings;
}

function programs({ programs: named }: CloneLook): Finding[] {
	if (named.length === 0) return [];
	return [
		note('programs', `settings and hooks that name programs are ignored: ${named.join(', ')}`),
	];
}
