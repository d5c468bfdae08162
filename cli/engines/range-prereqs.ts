/**
 * What `range` asks of a clone's history besides its own releases: other fixes, and what the patch needs on the
 * releases on which it is not safe as it is.
 */
import { prereqsOn, untilStopped } from '../../src/range/prereqs.ts';
import type { RangeInput } from '../../src/range/range.ts';
import type { RangeHistory } from '../../src/range/range-history.ts';
import type { EngineWorld, RangeOptions } from '../engine.ts';
import type { OpenSource } from '../sources.ts';
import { commitReader } from './commit-reader.ts';
import { type AskedPatch, prereqsInput } from './prereqs.ts';

/** Commits of a list, and lists that are tried, for one release of many. */
const MAX = 12;
const TRIES = 60;

interface Asked {
	readonly open: OpenSource;
	readonly history: RangeHistory;
	/** The patch, where it is a single one. */
	readonly asked?: AskedPatch;
}

/** The history of a clone as the engine asks it. */
export async function askingHistory(
	world: EngineWorld,
	options: RangeOptions,
	{ open, history, asked }: Asked,
): Promise<Pick<RangeInput, 'history' | 'readCommit' | 'prereqs'>> {
	const readCommit = commitReader(open);
	const { store, releases, helpers } = open;
	if (asked === undefined || store?.git === undefined || helpers === undefined) {
		return { history, readCommit };
	}
	// What was picked in memory is enough here: `prereqs` has git prove it, which takes its time.
	const settings = { ...options, max: MAX, tries: TRIES, textual: true, proves: false };
	// Its store and cache are those of `open`, and end with it.
	const solver = once(async () => {
		const made = await prereqsInput(world, { store, releases, helpers }, asked, settings);
		return made.input;
	});
	return {
		history,
		readCommit,
		prereqs: {
			find: async (release, seeds) => {
				// What the rules say is known by now, and may be printed without the rest.
				const signal = options.interruptible?.();
				if (signal?.aborted === true) return undefined;
				const input = { ...(await solver()), targets: [release] };
				const found = await untilStopped(signal, () => prereqsOn(input, release, seeds));
				options.progress.end();
				return found?.target;
			},
			firstRelease: async (commit) => (await history.firstRelease(commit))?.name ?? null,
		},
	};
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
