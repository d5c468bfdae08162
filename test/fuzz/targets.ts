/** The parsers that are fuzzed, by the names of `npm run fuzz`. */
import type { Load } from './target.ts';

export const TARGETS: Readonly<Record<string, Load>> = {
	mail: async () => (await import('./targets/mail.ts')).mail,
	diff: async () => (await import('./targets/diff.ts')).diff,
	c: async () => (await import('./targets/c.ts')).loadC(),
	kconfig: async () => (await import('./targets/kconfig.ts')).kconfig,
	makefile: async () => (await import('./targets/makefile.ts')).makefile,
	index: async () => (await import('./targets/index-file.ts')).loadIndex(),
	predicate: async () => (await import('./targets/predicate.ts')).predicate,
};
