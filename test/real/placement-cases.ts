/** Placement cases from a repository with kernel releases as tags. */
import { spawnSync } from 'node:child_process';
import { parseDiff } from '../../src/patch/diff.ts';
import { numbers } from '../history/random-history.ts';
import type { PlacementCase } from '../patch/agreement/cases.ts';
import { git } from './git.ts';

const FOLDER = 'drivers/iommu/';
/** Larger files are left out of what is drawn: tables of numbers, mostly. */
const LARGEST = 300_000;

/** The release tags of a repository, oldest first. */
export function releasesOf(repo: string): string[] {
	return git(repo, 'tag', '--sort=v:refname').split('\n').filter(Boolean);
}

/**
 * The real diff of every file below drivers/iommu between neighbouring releases, on every other
 * release that has the file; equal blobs once.
 */
export function* ladderCases(repo: string): Generator<PlacementCase> {
	const releases = releasesOf(repo);
	for (const i of releases.slice(1).keys()) {
		yield* casesBetween(repo, releases, i, changedPaths(repo, releases, i, FOLDER));
	}
}

/** Paths that differ between release number `i` and the next, in a folder (with slash) or anywhere. */
export function changedPaths(
	repo: string,
	releases: readonly string[],
	i: number,
	folder: string = '',
): string[] {
	const pair = [releases[i] ?? '', releases[i + 1] ?? ''];
	const words = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', ...pair];
	const out = git(repo, ...words, '--', ...(folder === '' ? [] : [folder]));
	return out.split('\0').filter(Boolean);
}

/** `count` files that differ between the two, the same for the same seed. */
export function drawnPaths(
	repo: string,
	releases: readonly string[],
	i: number,
	{ count, seed }: { count: number; seed: number },
): string[] {
	const paths = changedPaths(repo, releases, i);
	const below = numbers(Math.imul(seed, 7919) + i);
	const found = new Set<string>();
	for (let tries = 0; found.size < count && tries < count * 20; tries++) {
		const path = paths[below(paths.length)];
		if (path !== undefined) found.add(path);
	}
	return [...found];
}

/** The real diffs of files between release number `i` and the next, on every other release; equal blobs once. */
export function* casesBetween(
	repo: string,
	releases: readonly string[],
	i: number,
	paths: readonly string[],
): Generator<PlacementCase> {
	const blobs = blobsOf(repo, releases, paths);
	const texts = textsOf(repo, new Set(blobs.flat().filter((blob) => blob !== undefined)));
	let number = 0;
	for (const [j, path] of paths.entries()) {
		const row = blobs.map((ofRelease) => ofRelease[j]);
		const [from, to] = [row[i], row[i + 1]];
		if (from === to || row.some((blob) => blob !== undefined && !texts.has(blob))) continue;
		const pair = [releases[i] ?? '', releases[i + 1] ?? ''];
		const diff = git(repo, 'diff', '--no-renames', '--full-index', ...pair, '--', path);
		const [file] = parseDiff(lines(diff), path).files;
		if (file === undefined) continue;
		const others = row.filter((_, at) => at !== i && at !== i + 1);
		const text = (blob: string | undefined) => (blob === undefined ? undefined : texts.get(blob));
		for (const target of new Set(others)) {
			const name = `f${i}-${number++}.c`;
			yield {
				name,
				file: {
					...file,
					...(file.oldPath === undefined ? {} : { oldPath: name }),
					...(file.newPath === undefined ? {} : { newPath: name }),
				},
				base: text(from),
				theirs: text(to),
				ours: text(target),
			};
		}
	}
}

function lines(text: string): string[] {
	return text.replace(/\n$/, '').split('\n');
}

/** Blob ids by release and path; undefined where a release has no such file. */
function blobsOf(
	repo: string,
	releases: readonly string[],
	paths: readonly string[],
): (string | undefined)[][] {
	const asked = releases.flatMap((release) => paths.map((path) => `${release}:${path}`));
	const said = catFile(repo, '--batch-check', asked).toString().split('\n');
	return releases.map((_, r) =>
		paths.map((_, p) => {
			const [id, type] = (said[r * paths.length + p] ?? '').split(' ');
			return type === 'blob' ? id : undefined;
		}),
	);
}

/** The texts of blobs; without those that are too large or no text. */
function textsOf(repo: string, blobs: ReadonlySet<string>): Map<string, string> {
	const out = catFile(repo, '--batch', [...blobs]);
	const texts = new Map<string, string>();
	for (let at = 0; at < out.length; ) {
		const end = out.indexOf(10, at);
		const [id = '', , size = ''] = out.toString('latin1', at, end).split(' ');
		const bytes = out.subarray(end + 1, end + 1 + Number(size));
		if (bytes.length <= LARGEST && !bytes.includes(0)) texts.set(id, bytes.toString());
		at = end + 2 + Number(size);
	}
	return texts;
}

function catFile(repo: string, how: string, asked: readonly string[]): Buffer {
	const done = spawnSync('git', ['-C', repo, 'cat-file', how], {
		input: asked.map((one) => `${one}\n`).join(''),
		maxBuffer: 1 << 30,
	});
	if (done.status !== 0) throw new Error(`git cat-file ${how}: ${done.stderr}`);
	return done.stdout;
}
