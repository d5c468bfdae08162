/**
 * A patch that is no commit here as a change: on the newest commit that has the files it was made from, and
 * with what it makes of them.
 */
import type { GitRunner } from '../../git/process.ts';
import type { ObjectStore } from '../../git/store.ts';
import {
	bytePath,
	MODE,
	type TreeChanges,
	type TreePool,
	type Version,
} from '../../git/tree-pool.ts';
import { applyHunks } from '../../patch/apply.ts';
import type { FilePatch } from '../../patch/diff.ts';
import type { Change } from './change.ts';
import { idsIn } from './textual.ts';

/** A file of a patch, with the full id of what it was made from where that is known. */
export interface PatchedFile {
	readonly file: FilePatch;
	readonly preimage: string | null;
}

export interface PatchSearch {
	readonly git: GitRunner;
	readonly store: Pick<ObjectStore, 'blobIds' | 'commitInfo'>;
	readonly pool: TreePool;
	/** The commit in whose history the patch was made, full id. */
	readonly upstream: string;
}

/** Commits that are looked at for the files a patch was made from. */
const MOST_COMMITS = 2000;

/**
 * The change of a patch; undefined where no commit of `upstream` has the files it was made from, or it does
 * not apply to them.
 * @throws RangefinderError git-failed, object-missing
 */
export async function changeOfPatch(
	subject: string,
	files: readonly PatchedFile[],
	search: PatchSearch,
): Promise<Change | undefined> {
	const from = await madeOn(files, search);
	if (from === undefined) return undefined;
	const { tree: base } = await search.store.commitInfo(from);
	const changes = await changesOf(files, base, search.pool);
	if (changes === undefined) return undefined;
	const theirs = await search.pool.withChanges(base, changes);
	return { commit: undefined, subject, base, theirs, from };
}

/** The newest commit that has every file as the patch was made from it. */
async function madeOn(
	files: readonly PatchedFile[],
	{ git, store, upstream }: PatchSearch,
): Promise<string | undefined> {
	const old = files.flatMap(({ file, preimage }) =>
		file.isNew || file.oldPath === undefined ? [] : [{ path: file.oldPath, preimage }],
	);
	if (old.length === 0) return upstream;
	const paths = old.map(({ path }) => path);
	const fits = async (commit: string): Promise<boolean> => {
		const ids = await store.blobIds(commit, paths);
		return old.every(({ preimage }, i) =>
			preimage === null ? ids[i] !== undefined : ids[i] === preimage,
		);
	};
	if (await fits(upstream)) return upstream;
	const known = old.flatMap(({ preimage }) => (preimage === null ? [] : [preimage]));
	if (known.length === 0) return undefined;
	const words = ['log', '--no-color', `--max-count=${MOST_COMMITS}`, '--format=%x00%H'];
	const out = await git.output([...words, '--full-history', upstream, '--', ...paths]);
	for (const commit of idsIn(out)) if (await fits(commit)) return commit;
	return undefined;
}

async function changesOf(
	files: readonly PatchedFile[],
	base: string,
	pool: TreePool,
): Promise<TreeChanges | undefined> {
	const changes = new Map<string, Version | undefined>();
	for (const { file } of files) {
		const { oldPath, newPath, isNew, isDeleted, newMode } = file;
		if (file.binary === true) return undefined;
		const before =
			isNew || oldPath === undefined ? undefined : await pool.at(base, bytePath(oldPath));
		if (before === undefined && !isNew) return undefined;
		if (oldPath !== undefined && file.copyFrom === undefined) {
			if (isDeleted || newPath !== oldPath) changes.set(bytePath(oldPath), undefined);
		}
		if (isDeleted || newPath === undefined) continue;
		const bytes =
			before === undefined ? Buffer.alloc(0) : (await pool.blobs([before.oid])).get(before.oid);
		if (bytes === undefined) return undefined;
		// One character a byte: what is not UTF-8 stays as it is.
		const hunks = file.hunks.map((hunk) => ({
			...hunk,
			lines: hunk.lines.map((line) => ({
				...line,
				text: Buffer.from(line.text).toString('latin1'),
			})),
		}));
		const text = applyHunks(Buffer.from(bytes).toString('latin1'), hunks);
		if (text === undefined) return undefined;
		const oid = pool.addBlob(Buffer.from(text, 'latin1'), base);
		const mode = newMode === undefined ? undefined : Number.parseInt(newMode, 8);
		changes.set(bytePath(newPath), { mode: mode ?? before?.mode ?? MODE.file, oid });
	}
	return changes;
}
