/** A thread that answers for messages of many. It opens what it reads with the first, and keeps it open. */
import { Tinypool } from 'tinypool';
import type { EachAnswer, EachSetup } from './each/model.ts';
import { Performer } from './each/perform.ts';
import type { ThreadTask } from './each/threads.ts';
import { loadEngine } from './engine.ts';

const setup: EachSetup = Tinypool.workerData;
const performer = new Performer(setup, loadEngine);

/** What a task asks. */
export default function answer({ message, key }: ThreadTask): Promise<EachAnswer> {
	return performer.perform(message, key);
}
