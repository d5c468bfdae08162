/**
 * What one commit did to the drivers of a tree: which it touches, which it renames, whose style it changes and
 * by which facts. What a merge has from one of its parents is not its own.
 */
import type { DriverState, DriverStep } from './driver-tree.ts';
import type { FileChange } from './log-parser.ts';

/** A further parent of a merge. */
export interface OtherParent {
	/** The styles of its drivers by key. */
	readonly styles: ReadonlyMap<string, string>;
	/** Its blobs at the paths that the merge changes against its first parent. */
	readonly blobs: ReadonlyMap<string, string | undefined>;
}

/** What became of one driver. */
export interface DriverChange {
	readonly before: DriverState | undefined;
	readonly after: DriverState | undefined;
	/** The commit changes one of its sources. */
	readonly touched: boolean;
	/** Its style is another than after every parent. */
	readonly transition: boolean;
}

/** Says what a driver was called before, of those that went in the same commit. */
export type FindOld = (
	came: DriverState,
	gone: readonly DriverState[],
) => DriverState | undefined | Promise<DriverState | undefined>;

/**
 * What a commit did to the drivers.
 * @param others the parents but the first
 * @param findOld asked for every driver that came while others went
 */
export async function driverChanges(
	step: DriverStep,
	changes: readonly FileChange[],
	others: readonly OtherParent[],
	findOld: FindOld,
): Promise<DriverChange[]> {
	const own = new Set(
		changes
			.filter(({ path, after }) => others.every(({ blobs }) => blobs.get(path) !== after))
			.map(({ path }) => path),
	);
	const found: DriverChange[] = [];
	const add = (before: DriverState | undefined, after: DriverState | undefined): void => {
		const touched =
			(before?.files.some((path) => own.has(path)) ?? false) ||
			(after?.files.some((path) => own.has(path)) ?? false);
		const transition =
			before?.style !== after?.style &&
			others.every(({ styles }) => styleAt(styles, before, after) !== after?.style);
		if (touched || transition) found.push({ before, after, touched, transition });
	};
	let gone = step.drivers.flatMap(({ before, after }) =>
		before?.state !== undefined && after?.state === undefined ? [before.state] : [],
	);
	for (const { before, after } of step.drivers) {
		const [was, is] = [before?.state, after?.state];
		if (is === undefined) continue;
		if (was !== undefined || gone.length === 0) {
			add(was, is);
			continue;
		}
		const old = await findOld(is, gone);
		gone = gone.filter((one) => one !== old);
		add(old, is);
	}
	for (const old of gone) add(old, undefined);
	return found.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** The style of a driver after another parent, under the key it has now or had. */
function styleAt(
	styles: ReadonlyMap<string, string>,
	before: DriverState | undefined,
	after: DriverState | undefined,
): string | undefined {
	const now = after === undefined ? undefined : styles.get(after.key);
	return now ?? (before === undefined ? undefined : styles.get(before.key));
}

function nameOf({ before, after }: DriverChange): string {
	return (after ?? before)?.driver ?? '';
}

/** The driver that went which a driver that came continues: of the same name, or with its source under a new one. */
export function sameDriver(
	came: DriverState,
	gone: readonly DriverState[],
	renames: ReadonlyMap<string, string>,
): DriverState | undefined {
	const old = new Set(came.files.map((path) => renames.get(path) ?? path));
	return (
		gone.find(({ path }) => old.has(path)) ??
		gone.find(({ files }) => files.some((path) => old.has(path))) ??
		gone.find(({ driver }) => driver === came.driver)
	);
}
