/** What a worker thread of facts-pool.ts runs: texts in, their facts as JSON out. */
import { createExtractor } from './extract.ts';
import { interestNamed } from './interests.ts';

const loading = createExtractor();
const encoder = new TextEncoder();

/** Texts, and the id of what is recorded of them. */
export interface Task {
	texts: readonly Uint8Array[];
	interest: string;
}

/** The facts of texts, in order, as bytes of JSON: what a cache keeps, and cheaper to hand over than objects. */
export default async function factsOf({ texts, interest }: Task): Promise<Uint8Array[]> {
	const extractor = await loading;
	const want = interestNamed(interest);
	return texts.map((text) => encoder.encode(JSON.stringify(extractor.extract(text, want))));
}
