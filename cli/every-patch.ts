/** Every patch of an input, one after the other, whether they are a series or not. */
import type { RangefinderError } from '../src/errors.ts';
import type { ObjectStore } from '../src/git/store.ts';
import { readMessages } from '../src/patch/intake.ts';
import type { ReadPatch } from '../src/patch/mail.ts';
import type { EngineWorld } from './engine.ts';
import { isSilent, sourceOf } from './input.ts';

/** A patch as it comes, or why a message gave none. */
export type EveryPatch =
	| { readonly where: string; readonly patch: ReadPatch; readonly mail: Uint8Array }
	| { readonly where: string; readonly problem: RangefinderError };

/**
 * Reads an input. Messages that are no patches (cover letters, answers) are passed over, unless there is
 * nothing else.
 * @throws RangefinderError input-unreadable, unknown-revision
 */
export async function* everyPatch(
	input: string,
	world: EngineWorld,
	store: ObjectStore | undefined,
): AsyncGenerator<EveryPatch> {
	const { messages, commit } = await sourceOf(input, world, store);
	let silent: EveryPatch | undefined;
	let any = false;
	for await (const one of readMessages(messages)) {
		if ('problem' in one) {
			if (!isSilent(one.problem)) {
				any = true;
				yield { where: one.where, problem: one.problem };
			} else silent ??= { where: one.where, problem: one.problem };
			continue;
		}
		any = true;
		for (const patch of one.patches) {
			const own = commit === undefined ? patch : { ...patch, commit };
			yield { where: one.where, patch: own, mail: one.bytes };
		}
	}
	if (!any && silent !== undefined) yield silent;
}
