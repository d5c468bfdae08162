/** A thread that answers for messages of many. It opens what it reads with the first, and keeps it open. */

import type { EachAnswer } from './each/model.ts';
import { Performer } from './each/perform.ts';
import type { ThreadTask } from './each/threads.ts';
import { loadEngine } from './engine.ts';

let performer: Performer | undefined;

/** What a task asks. */
export default function answer({ setup, message, key }: ThreadTask): Promise<EachAnswer> {
	performer ??= new Performer(setup, loadEngine);
	return performer.perform(message, key);
}
