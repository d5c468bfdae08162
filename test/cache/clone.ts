/** A clone as a source of facts, of which nothing is known or kept. */
import { CloneSource } from '../../cache/clone-source.ts';
import { NULL_CACHE } from '../../cache/facts-cache.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import type { Release } from '../../src/kernel/releases.ts';
import { TextInterner } from '../../src/patch/lines.ts';
import { sharedExtractor } from '../driver/fixtures.ts';

export function cloneOf(store: ObjectStore, releases: readonly Release[] = []): CloneSource {
	return new CloneSource({
		store,
		releases,
		interner: new TextInterner(),
		cache: async () => NULL_CACHE,
		known: async () => undefined,
		// One for all: each has memory of its own, which is not given back.
		extractor: sharedExtractor,
	});
}
