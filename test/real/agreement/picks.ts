/** Picks of commits in memory against `git cherry-pick`. */
import { resolve } from 'node:path';
import { openNativeStore } from '../../../src/git/native-store.ts';
import type { ObjectStore } from '../../../src/git/store.ts';
import { type Case, draw, PickComparer, said } from '../picks-compare.ts';
import { type Inputs, type Part, Tally } from './part.ts';

/** Commits picked in a slice. */
const SLICE = 25;

export function picksPart(history: string, { commits, seed }: Inputs): Part {
	let store: ObjectStore | undefined;
	return {
		name: 'picks',
		what: `commits drawn from a history, each picked onto a release: trees where clean, paths where not`,
		oracle: '`git cherry-pick`',
		async *slices() {
			const opened = await openNativeStore(resolve(history), { env: process.env });
			store = opened;
			const drawn = await draw(opened, commits, seed);
			for (let at = 0; at < drawn.length; at += SLICE) {
				const cases = drawn.slice(at, at + SLICE);
				const id = `seed ${seed}, ${at} to ${at + cases.length - 1}`;
				yield { id, run: () => comparePicks(opened, cases) };
			}
		},
		close: async () => store?.close(),
	};
}

async function comparePicks(store: ObjectStore, cases: readonly Case[]): Promise<Tally> {
	const tally = new Tally();
	const comparer = new PickComparer(store);
	for (const one of cases) {
		const { ours, git, what, reason } = await comparer.compare(one);
		if (what === undefined) tally.agreed(ours.result);
		else {
			const where = `${one.commit} onto ${one.target.name}`;
			tally.differs(reason, `${where}: ours ${said(ours)}; git ${said(git)}`, ours.result);
		}
	}
	return tally;
}
