/** Placement cases from a repository with kernel releases as tags. */
import { parseDiff } from '../../src/patch/diff.ts';
import type { PlacementCase } from '../patch/agreement/cases.ts';
import { git, run } from './git.ts';

const FOLDER = 'drivers/iommu/';

/**
 * The real diff of every file below drivers/iommu between neighbouring releases, on every other
 * release that has the file; equal blobs once.
 */
export function* ladderCases(repo: string): Generator<PlacementCase> {
	const releases = git(repo, 'tag', '--sort=v:refname').split('\n').filter(Boolean);
	const trees = releases.map((release) => blobsOf(repo, release));
	const text = blobReader(repo);
	let number = 0;
	for (const [i, before] of trees.slice(0, -1).entries()) {
		const after = trees[i + 1] ?? new Map<string, string>();
		for (const path of new Set([...before.keys(), ...after.keys()])) {
			const [from, to] = [before.get(path), after.get(path)];
			if (from === to) continue;
			const words = [
				'diff',
				'--no-renames',
				'--full-index',
				releases[i] ?? '',
				releases[i + 1] ?? '',
			];
			const diff = git(repo, ...words, '--', path);
			const [file] = parseDiff(lines(diff), path).files;
			if (file === undefined) continue;
			const others = trees.filter((_, j) => j !== i && j !== i + 1).map((tree) => tree.get(path));
			for (const target of new Set(others)) {
				const name = `f${number++}.c`;
				yield {
					name,
					file: {
						...file,
						...(file.oldPath === undefined ? {} : { oldPath: name }),
						...(file.newPath === undefined ? {} : { newPath: name }),
					},
					base: from === undefined ? undefined : text(from),
					theirs: to === undefined ? undefined : text(to),
					ours: target === undefined ? undefined : text(target),
				};
			}
		}
	}
}

function lines(text: string): string[] {
	return text.replace(/\n$/, '').split('\n');
}

/** Blob ids by path below the folder. */
function blobsOf(repo: string, release: string): Map<string, string> {
	const listed = git(repo, 'ls-tree', '-r', release, '--', FOLDER).split('\n').filter(Boolean);
	return new Map(
		listed.map((line) => {
			const [head = '', path = ''] = line.split('\t');
			return [path, head.split(' ')[2] ?? ''];
		}),
	);
}

function blobReader(repo: string): (blob: string) => string {
	const known = new Map<string, string>();
	return (blob) => {
		let text = known.get(blob);
		if (text === undefined) {
			const shown = run('git', ['-C', repo, 'cat-file', 'blob', blob]);
			if (!shown.ok) throw new Error(`git cat-file blob ${blob}: ${shown.err}`);
			text = shown.out;
			known.set(blob, text);
		}
		return text;
	};
}
