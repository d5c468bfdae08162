/** Finds what remains in every cell of the table: who still loses, and reads the files of those whose probe then fails. */
import type { LinkedTree } from '../../cache/source.ts';
import type { Lifecycle } from '../driver/lifecycle.ts';
import { lifecycleOf } from '../driver/link.ts';
import type { DriverFacts } from '../driver/model.ts';
import { installations } from '../driver/style.ts';
import type { Cell } from './cells.ts';
import type { Claim } from './ownership.ts';
import { failsInProbe, halfway, losersReport, type StillLoses, stillLose } from './remains.ts';
import type { ConfigReport, Remains } from './report.ts';
import type { Situation } from './situation.ts';
import { moduleOf, type PatchedContext, sourcesOf } from './subjects.ts';

/** What remains in one cell, before the files of the losers were read. */
export interface Remaining {
	losers: StillLoses[];
	/** The patched driver where it may be refused itself now, with its life. */
	patched: { claim: Claim; life: Lifecycle | undefined }[];
}

/**
 * Who still loses in the cells of one release; undefined where the patch does not land or there is no bug.
 * @param judged what was said of the cells, in order
 */
export function stillLosing(
	cells: readonly Cell[],
	judged: readonly ConfigReport[],
): (Remaining | undefined)[] {
	return cells.map(({ situation, built }, i) => {
		const competitors = judged[i]?.bug.competitors ?? [];
		if (!built || situation?.after === undefined || competitors.length === 0) return undefined;
		const buses = [...new Set(competitors.map(({ bus }) => bus))];
		const losers = buses.flatMap((bus) => {
			const losing = competitors.filter((one) => one.bus === bus && one.state !== 'latent');
			return stillLose(
				situation,
				situation.before,
				bus,
				losing.map(({ driver }) => driver),
			);
		});
		return { losers, patched: refused(situation, buses) };
	});
}

/** The patched driver where it now installs in probe and fails when it is refused. */
function refused(situation: Situation, buses: readonly string[]): Remaining['patched'] {
	const { after, tree, values } = situation;
	if (after === undefined) return [];
	const life = (): Lifecycle | undefined => situation.lives()?.after;
	return installations(after, tree, values)
		.filter((one) => buses.includes(one.bus) && failsInProbe(one))
		.map((installation) => ({ claim: { driver: after, installation }, life: life() }));
}

/** What remains in every release and configuration, for the report; undefined where nothing does. */
export async function remainsOf(
	remaining: readonly (readonly (Remaining | undefined)[])[],
	trees: readonly LinkedTree[],
	context: PatchedContext,
): Promise<(Remains | undefined)[][]> {
	const lives = await livesOf(remaining, trees, context);
	return remaining.map((row) =>
		row.map((one): Remains | undefined => {
			if (one === undefined) return undefined;
			const half = [
				...one.losers.flatMap(({ loser }) => halfway(loser, lives.get(loser.driver))),
				...one.patched.flatMap(({ claim, life }) => halfway(claim, life)),
			];
			if (one.losers.length + half.length === 0) return undefined;
			return { losers: losersReport(one.losers), halfway: half };
		}),
	);
}

/** The lives of drivers whose probe fails when they lose. */
async function livesOf(
	remaining: readonly (readonly (Remaining | undefined)[])[],
	trees: readonly LinkedTree[],
	{ source, profile }: PatchedContext,
): Promise<Map<DriverFacts, Lifecycle>> {
	const found = new Map<DriverFacts, Lifecycle>();
	for (const [i, row] of remaining.entries()) {
		const tree = trees[i];
		for (const { loser } of row.flatMap((one) => one?.losers ?? [])) {
			const { driver, installation } = loser;
			const module = tree === undefined ? undefined : moduleOf(tree, driver);
			if (tree === undefined || module === undefined) continue;
			if (found.has(driver) || !failsInProbe(installation)) continue;
			const facts = await source.fileFacts(driver.files, profile.interest);
			const files = sourcesOf(new Map(driver.files.map((file) => [file.path, file])), facts);
			found.set(driver, lifecycleOf(profile, files, module, tree.facts.capabilities));
		}
	}
	return found;
}
