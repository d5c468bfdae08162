/** Work on many things at once whose answers come in the order of the things. */

export interface Window {
	/** Things that are worked on, or wait for their turn to be given, at most. */
	readonly most: number;
	/** What they may weigh together; one alone may weigh more. */
	readonly weight: number;
}

/**
 * Gives the answer to each thing, in order and as soon as it is there. No more things are read than fit into the
 * window, so that what waits is bounded whatever comes. `work` must not reject.
 */
export async function* inOrder<T, R>(
	things: AsyncIterator<T>,
	{ most, weight }: Window,
	weightOf: (thing: T) => number,
	work: (thing: T) => Promise<R>,
): AsyncGenerator<R> {
	const waiting: { answer: Promise<R>; weighs: number }[] = [];
	let next: Promise<IteratorResult<T>> | undefined;
	let weighs = 0;
	let ended = false;
	const take = (result: IteratorResult<T>): void => {
		next = undefined;
		ended = result.done === true;
		if (result.done === true) return;
		const own = weightOf(result.value);
		weighs += own;
		waiting.push({ answer: work(result.value), weighs: own });
	};
	for (;;) {
		const [first] = waiting;
		const room = waiting.length < most && (weighs < weight || first === undefined);
		if (room && !ended) next ??= things.next();
		if (first === undefined) {
			if (next === undefined) return;
			take(await next);
			continue;
		}
		// Who gives the things may be slow: an answer does not wait for the next one.
		const read = next?.then((result) => ({ result }));
		const came = await Promise.race([first.answer.then(() => undefined), ...(read ? [read] : [])]);
		if (came !== undefined) {
			take(came.result);
			continue;
		}
		waiting.shift();
		weighs -= first.weighs;
		yield await first.answer;
	}
}
