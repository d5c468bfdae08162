/** What the words of a command say about many patches: checked, and as what answers for each takes it. */
import { resolve } from 'node:path';
import { usage } from '../judging.ts';
import { type EachWords, isListed } from '../words/each.ts';
import type { World } from '../world.ts';
import type { Named } from './messages.ts';
import type { EachWorld } from './model.ts';
import { namesOn } from './names.ts';
import type { EarlierRecords } from './resume.ts';

/** What was named. @throws RangefinderError usage, where nothing was, or it was in two ways */
export function namedBy(
	command: string,
	inputs: readonly string[],
	words: EachWords,
	{ stdin }: Pick<World, 'stdin'>,
): Named {
	if (!isListed(words)) {
		if (inputs.length > 0) return { names: inputs, listed: false };
		throw usage(`${command}: no patch given`, 'give a file, a folder, -, a commit or a range');
	}
	if (inputs.length > 0) {
		throw usage(`${command}: both ${inputs[0]} and a list of names given`, 'leave one of them out');
	}
	return { names: namesOn(stdin, words.null === true), listed: true };
}

/** The records to go on from. @throws RangefinderError usage, input-unreadable */
export async function earlierRecords(
	command: string,
	{ resume, json }: EachWords & { readonly json?: boolean },
	world: World,
): Promise<EarlierRecords | undefined> {
	if (resume === undefined) return undefined;
	if (json !== true)
		throw usage(`${command}: --resume goes on with records`, 'give --json as well');
	const path = resolve(world.cwd, resume);
	if (world.isOutput?.(path) === true) {
		throw usage(`${command}: ${resume} is the output, too`, 'write to another file');
	}
	const { EarlierRecords: Earlier } = await import('./resume.ts');
	return Earlier.open(path, resume);
}

/** The world without what cannot cross to a thread. */
export function worldOf(world: World): EachWorld {
	const { argv, cwd, env, isTTY, columns } = world;
	return { argv, cwd, env: { ...env }, isTTY, columns, today: world.today() };
}
