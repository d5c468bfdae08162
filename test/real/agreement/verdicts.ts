/** Verdicts by the release index against those by a clone that is read without it, for patches made from real diffs. */
import { join, resolve } from 'node:path';
import type { EngineWorld } from '../../../cli/engine.ts';
import { judgedTwice } from '../checks.ts';
import { type GeneratedPatch, generatePatches } from '../generate.ts';
import { type Judge, judgeByClone, judgeByIndex } from '../judge.ts';
import { releasesOf } from '../placement-cases.ts';
import { type Inputs, type Part, Tally } from './part.ts';

/** Patches judged in a slice. */
const SLICE = 2;

/** Where the two may differ, and why. */
const REASONS = {
	loss: 'by index unknown: it keeps no text, so what the patch makes of the driver cannot be read',
	flag: 'by index the gate `+flag` is missed: the variable is defined in lines that the patch does not show',
} as const;

interface Judges {
	byIndex: Judge;
	byClone: Judge;
}

export function verdictsPart(ladder: string, { patches, keep }: Inputs): Part {
	const repo = resolve(ladder);
	const env = { ...process.env, RANGEFINDER_CACHE: join(keep, 'cache') };
	const world: EngineWorld = { cwd: process.cwd(), env, stdin: process.stdin };
	let opened: Promise<Judges> | undefined;
	const open = async (): Promise<Judges> => ({
		byIndex: await judgeByIndex(world),
		byClone: await judgeByClone(repo, world),
	});
	const judges = () => {
		opened ??= open();
		return opened;
	};
	return {
		name: 'verdicts',
		what: `${patches} patches made from real diffs, on every release: placement, verdict, bug, styles and reasons of each configuration`,
		oracle: 'the release index and the clone, each against the other',
		async *slices() {
			const made = generatePatches(repo, releasesOf(repo), patches);
			for (let at = 0; at < made.length; at += SLICE) {
				const some = made.slice(at, at + SLICE);
				const id = `of ${patches}, ${at} to ${at + some.length - 1}`;
				yield { id, run: async () => judgeTwice(some, await judges()) };
			}
		},
		close: async () => {
			const both = await opened;
			await both?.byIndex.close();
			await both?.byClone.close();
		},
	};
}

async function judgeTwice(
	patches: readonly GeneratedPatch[],
	{ byIndex, byClone }: Judges,
): Promise<Tally> {
	const tally = new Tally();
	const judged = judgedTwice(patches, byIndex, byClone);
	for await (const { name, counterpart, difference } of judged) {
		const { release, verdict } = counterpart;
		if (difference === undefined) {
			tally.agreed(verdict);
			continue;
		}
		const { loss, text } = difference;
		const reason = loss ? REASONS.loss : missesFlag(text) ? REASONS.flag : undefined;
		tally.differs(reason, `${name} on ${release}: index / clone: ${text}`, verdict);
	}
	return tally;
}

/** Whether two judgements are the same but for `+flag` in the styles of the second. */
function missesFlag(text: string): boolean {
	const [one, other] = text.split(' / ');
	if (one === undefined || other === undefined || !other.includes('+flag')) return false;
	return one.replace(/^.*?: /, '').replaceAll('+flag', '') === other.replaceAll('+flag', '');
}
