/** What a worker thread of facts-pool.ts runs: texts in, their facts as JSON out. */
import { createExtractor } from './extract.ts';

const loading = createExtractor();
const encoder = new TextEncoder();

/** The facts of texts, in order, as bytes of JSON: what a cache keeps, and cheaper to hand over than objects. */
export default async function factsOf(texts: readonly Uint8Array[]): Promise<Uint8Array[]> {
	const extractor = await loading;
	return texts.map((text) => encoder.encode(JSON.stringify(extractor.extract(text))));
}
