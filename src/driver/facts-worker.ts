/** What a worker thread of facts-pool.ts runs: texts in, their facts as JSON out. */
import { createExtractor } from './extract.ts';
import { interestNamed } from './interests.ts';
import { type Joined, joined, partsOf } from './joined.ts';

const loading = createExtractor();
const encoder = new TextEncoder();

/** Texts, and the id of what is recorded of each. */
export interface Task {
	texts: Joined;
	interests: readonly string[];
}

/** The facts of texts, in order, as bytes of JSON: what a cache keeps, and cheaper to hand over than objects. */
export default async function factsOf({ texts, interests }: Task): Promise<Joined> {
	const extractor = await loading;
	const facts = partsOf(texts).map((text, i) => {
		const want = interestNamed(interests[i] ?? '');
		return encoder.encode(JSON.stringify(extractor.extract(text, want)));
	});
	return joined(facts);
}
