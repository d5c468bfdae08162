/**
 * Whether what a commit changes is there in a release at all: the place of its patch there, and where
 * that does not land, the lines that it takes away or stands between.
 */
import type { ObjectStore } from '../git/store.ts';
import type { FilePatch } from '../patch/diff.ts';
import { type Interner, type Lines, TextInterner } from '../patch/lines.ts';
import { placeFile } from '../patch/placement.ts';
import { type HunkIds, internHunks } from '../patch/search.ts';

/** `there`: it is in; `concerns`: it is not, and the code is; `elsewhere`: that code is not there. */
export type Concern = 'there' | 'concerns' | 'elsewhere' | 'unknown';

export interface ConcernAnswer {
	readonly state: Concern;
	/** One sentence; '' where the state says all. */
	readonly why: string;
}

/** A tree that is asked about. */
export interface ConcernTarget {
	readonly commit: string;
	/** Texts of files that are not as the tree has them: with a patch in them. */
	readonly changed?: ReadonlyMap<string, Uint8Array>;
}

/** What is read of the trees. */
export type CodeReader = Pick<ObjectStore, 'blobIdsAt' | 'blobs'>;

/** Characters besides white space of a line that says something. */
const TELLING = 4;
/** The part of the telling lines that has to be there. */
const ENOUGH = 0.5;

/** The files of a patch, with line ids, and their pre-images where these are here. */
interface Prepared {
	readonly file: FilePatch;
	readonly path: string;
	readonly hunks: HunkIds[];
	readonly preimage: Lines | undefined;
}

/**
 * Asks for each patch and each target whether the code is there.
 * @returns by patch (in their order), by target (in their order)
 * @throws RangefinderError git-failed
 */
export async function concernsOf(
	reader: CodeReader,
	patches: readonly (readonly FilePatch[] | undefined)[],
	targets: readonly ConcernTarget[],
): Promise<ConcernAnswer[][]> {
	const interner = new TextInterner();
	const wanted = new Set(patches.flatMap((files) => (files ?? []).map(pathBefore)));
	const paths = [...wanted];
	const ids = await reader.blobIdsAt(
		targets.map(({ commit }) => commit),
		paths,
	);
	const preimages = patches.flatMap((files) => (files ?? []).flatMap(preimageOf));
	const blobs = [...new Set([...ids.flat(), ...preimages])].filter((id) => id !== undefined);
	const texts = await reader.blobs(blobs);
	const lines = new Map<string, Lines>();
	for (const [id, bytes] of texts) lines.set(id, interner.lines(bytes));
	const changed = targets.map((target) => {
		const own = [...(target.changed ?? [])].map(([path, text]) => [path, interner.lines(text)]);
		return new Map(own as [string, Lines][]);
	});
	return patches.map((files) => {
		const prepared = (files ?? []).map((file) => prepare(file, interner, lines));
		const known = new Map<string, ConcernAnswer>();
		return targets.map((_, i) => {
			if (prepared.length === 0) return { state: 'unknown', why: 'its diff cannot be read' };
			const own = ids[i] ?? [];
			const at = prepared.map(({ path }) => own[paths.indexOf(path)]);
			const key = prepared.map(({ path }, j) => (changed[i]?.has(path) ? `${i}` : (at[j] ?? '')));
			const before = known.get(key.join());
			if (before !== undefined) return before;
			const answer = together(
				prepared.map((one, j) => {
					const blob = at[j];
					const there = blob === undefined ? undefined : lines.get(blob);
					if (blob !== undefined && there === undefined) {
						return { state: 'unknown', why: `${one.path} is not in this clone` };
					}
					return answerFor(one, changed[i]?.get(one.path) ?? there, interner);
				}),
			);
			known.set(key.join(), answer);
			return answer;
		});
	});
}

function pathBefore(file: FilePatch): string {
	return file.oldPath ?? file.newPath ?? '';
}

function preimageOf({ preimage }: FilePatch): string[] {
	return preimage === undefined || /^0+$/.test(preimage) ? [] : [preimage];
}

function prepare(file: FilePatch, interner: Interner, lines: ReadonlyMap<string, Lines>): Prepared {
	const [preimage] = preimageOf(file);
	return {
		file,
		path: pathBefore(file),
		hunks: internHunks(interner, file.hunks),
		preimage: preimage === undefined ? undefined : lines.get(preimage),
	};
}

/** One file of a patch in one tree. */
function answerFor(
	{ file, path, hunks, preimage }: Prepared,
	target: Lines | undefined,
	interner: Interner,
): ConcernAnswer {
	const { result } = placeFile(target, { ...file, hunks }, preimage);
	if (result === 'already') return { state: 'there', why: `${path} has it already` };
	if (result === 'missing') return { state: 'elsewhere', why: `${path} is not there` };
	if (result !== 'conflict' || target === undefined) return { state: 'concerns', why: '' };
	const here = new Set(target.loose);
	const touched = hunks.filter((hunk) => isHere(hunk, here, interner));
	return touched.length > 0
		? { state: 'concerns', why: `its lines are in ${path}, and it does not land as it is` }
		: { state: 'elsewhere', why: `the lines it changes are not in ${path}` };
}

/** Whether the lines a hunk takes away, or for want of such those it stands between, are in a file. */
function isHere(hunk: HunkIds, here: ReadonlySet<number>, interner: Interner): boolean {
	const telling = (kind: string): number[] =>
		[...hunk.loose].filter((id, i) => {
			const line = hunk.lines[i];
			if (line?.kind !== kind || id === interner.blank) return false;
			return line.text.replace(/[\t-\r ]+/g, '').length >= TELLING;
		});
	const removed = telling('-');
	const lines = removed.length > 0 ? removed : telling(' ');
	const found = lines.filter((id) => here.has(id));
	return lines.length > 0 && found.length >= lines.length * ENOUGH;
}

/** What files say together: any that concerns the tree makes the patch do so. */
function together(answers: readonly ConcernAnswer[]): ConcernAnswer {
	const first = (state: Concern): ConcernAnswer | undefined =>
		answers.find((answer) => answer.state === state);
	if (answers.every(({ state }) => state === 'there')) return answers[0] ?? UNKNOWN;
	return first('concerns') ?? first('unknown') ?? first('elsewhere') ?? UNKNOWN;
}

const UNKNOWN: ConcernAnswer = { state: 'unknown', why: 'its diff is empty' };
