/**
 * Parsing Kconfig files into facts: which symbols a file defines, what they depend on, what they
 * select, and which files it sources. One file at a time; config.ts puts files together.
 * Facts are plain JSON, with conditions as `when` text. Odd input never throws.
 */

import type { Condition } from './condition-algebra.ts';
import { and, NEVER, not, or, parseCondition } from './condition-algebra.ts';
import { outlineKconfig } from './kconfig-outline.ts';

/** Raised whenever parsing changes its output; part of the cache key. */
export const KCONFIG_VERSION = 2;

export type SymbolType = 'bool' | 'tristate' | 'int' | 'hex' | 'string' | 'unknown';

/** A reverse dependency: `select target if when`. */
export interface SelectFact {
	target: string;
	when: string;
}

/** `default value if when`; of a bool or tristate: 'y', 'm', 'n' or a condition; else the text. */
export interface DefaultFact {
	value: string;
	when: string;
}

/** One definition of a symbol; a symbol may have several, here or in other files. */
export interface SymbolDef {
	name: string;
	type: SymbolType;
	/** Where the user can see it; absent for a symbol that only others can set. */
	prompt?: { when: string };
	/** `depends on` with every enclosing `if` and `menu`. */
	depends: string;
	selects: SelectFact[];
	/** `imply`: a default that the user may overrule. */
	implies: SelectFact[];
	defaults: DefaultFact[];
	/** Number of the bool `choice` of this file it is a member of: at most one member is y. */
	choice?: number;
	line: number;
	path: string;
}

/** `source "path"` under the conditions around it; `$(SRCARCH)` is kept, `rsource` is resolved. */
export interface SourceFact {
	path: string;
	when: string;
}

/** What one Kconfig file says. */
export interface KconfigFacts {
	path: string;
	symbols: SymbolDef[];
	sources: SourceFact[];
}

/** Parses one Kconfig file; see {@link outlineKconfig}. */
export function parseKconfig(text: string, path: string): KconfigFacts {
	const { sources, entries } = outlineKconfig(text, path);
	return { path, symbols: entries.map((entry) => entry.def()), sources: [...sources] };
}

/**
 * When the default of a bool or tristate definition gives y: the first that applies decides. Read from the
 * last one, so that defaults of y, of which some symbols have dozens, are no more than said one beside the other.
 */
export function defaultCondition(def: SymbolDef): Condition {
	let rest: Condition = NEVER;
	let given: Condition[] = [];
	for (const { value, when } of def.defaults.toReversed()) {
		const applies = parseCondition(when);
		if (value === 'y' || value === 'm') {
			given.unshift(applies);
			continue;
		}
		rest = and(not(applies), or(...given, rest));
		given = [];
		if (value !== 'n') rest = or(and(applies, parseCondition(value)), rest);
	}
	return or(...given, rest);
}
