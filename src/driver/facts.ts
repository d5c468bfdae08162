/**
 * The shapes of registration facts: what source says, before anything is judged.
 * `FileFacts` is what one blob says by itself (keyed by blob id, cached and shipped);
 * `DriverFacts` is what the objects of one module say together in one tree.
 * No parsing and no verdict lives here.
 */

import type { MacroFacts } from './macros/definitions.ts';

/** Raised whenever extraction changes its output; part of every cache key. */
export const EXTRACTOR_VERSION = 10;

/** A function definition; lines are 1-based and inclusive, `line` is that of its first token. */
export interface FunctionFact {
	name: string;
	line: number;
	end: number;
	/** Parameter names in order ('' where unnamed); of one that was not read perhaps none, see linked-only.ts. */
	params: string[];
	/** True for `static`. */
	local: boolean;
	/** True when its body was not read, since no path of registration can go through it: it has no calls and gates here. */
	unread?: boolean;
}

/** A preprocessor conditional line. `when` is normalised (see kernel/condition.ts); '' for else and endif. */
export interface DirectiveFact {
	line: number;
	kind: 'if' | 'elif' | 'else' | 'endif';
	when: string;
}

/** A file-scope macro invocation that enters or declares something: `subsys_initcall(fn)`, `IOMMU_OF_DECLARE(a, "b", c)`. */
export interface EntryFact {
	macro: string;
	line: number;
	end: number;
	/** Arguments, white space folded, string quotes kept. */
	args: string[];
}

/** A file-scope initialiser of a struct, as far as its members name functions, objects or strings. */
export interface StructFact {
	/** `platform_driver`, `iommu_ops`, … without `struct`. */
	type: string;
	name: string;
	/** True when `type` is the macro that declares the object and `name` its first argument; only where an Interest asks for it. */
	macro?: true;
	line: number;
	end: number;
	/** Dotted member path without the leading dot, and the identifier it names (`&`, casts and `of_match_ptr()` removed; strings keep their quotes). */
	fields: { path: string; value: string; line: number }[];
}

/** A file-scope device id table with string members (`of_device_id`). */
export interface MatchTableFact {
	name: string;
	line: number;
	end: number;
	compatible: { value: string; line: number }[];
}

/** What is done with the value a call returns. */
export type CallUse = 'ignored' | 'returned' | 'tested' | 'assigned' | 'argument';

export interface CallFact {
	callee: string;
	line: number;
	use: CallUse;
	/** Arguments with white space folded; only for callees that profiles ask for (see extract.ts), else absent. */
	args?: string[];
}

/**
 * A condition on the run-time path: what must have held for control to be on lines `from`..`to`.
 * Only conditions that dominate: the body of an `if`, or everything after an `if (…) return/goto` up
 * to the end of the enclosing block.
 */
export interface GateFact {
	/** The line of the test itself. */
	line: number;
	from: number;
	/** Last line, inclusive. */
	to: number;
	/** True when the region runs to the end of the enclosing block of a patch fragment, whose end is not in the fragment. */
	open?: boolean;
	/** Line of the brace that ends the region, where one does; tells a splice where the region grows. */
	closes?: number;
	kind:
		| 'devicetree' // of_find_matching_node and relatives found the hardware
		| 'acpi' // an ACPI table was found
		| 'present' // iommu_present() answered; says whether somebody was first, nothing about hardware
		| 'config' // IS_ENABLED(CONFIG_…) and relatives; `what` is a condition
		| 'flag'; // any other run-time expression
	/** True when the path runs when the answer was no (`if (!iommu_present(bus)) …` gives present, negated). */
	negated: boolean;
	/** What was asked for: the match table or compatible string, the ACPI signature, the bus, the condition, the expression. */
	what: string;
}

/** `target = value` where value is a function of the same file and target a member path or pointer: a platform hook. */
export interface HookFact {
	target: string;
	value: string;
	line: number;
}

/** A name that a header or source defines at file scope: functions declared or defined, macros. */
export interface SymbolFact {
	name: string;
	line: number;
	kind: 'function' | 'declaration' | 'macro';
	/** Number of parameters; -1 for an object-like macro or a variadic one. */
	arity: number;
}

/** A file-scope variable definition: `static bool setup_done;` */
export interface VariableFact {
	name: string;
	line: number;
}

/**
 * Where code (no comment, no string) names an identifier that the Interest asks for (`Interest.mentions`, a
 * set of names such as EPROBE_DEFER, EBUSY, __iommu_of_table), once per line.
 */
export interface MentionFact {
	name: string;
	line: number;
}

/**
 * What a function, or a macro, does with the variables of its file, and how control goes through it, in
 * order; see trace.ts for the words. Of a function whose body was not read (`unread`), and of a macro, there are
 * only the accesses.
 */
export interface TraceFact {
	/** First line of the function, or the line of the macro's `#define`. */
	line: number;
	steps: string;
}

export interface FileFacts {
	/** Number of lines. */
	lines: number;
	functions: FunctionFact[];
	directives: DirectiveFact[];
	entries: EntryFact[];
	structs: StructFact[];
	matchTables: MatchTableFact[];
	calls: CallFact[];
	gates: GateFact[];
	hooks: HookFact[];
	symbols: SymbolFact[];
	variables: VariableFact[];
	mentions: MentionFact[];
	/** Only where the file has ops of a kind that can be called back when they are installed (`Interest.calledBack`); absent elsewhere. */
	traces?: TraceFact[];
	/** Lines at which the parser had to recover; the calls around them are found all the same. Usually empty. */
	doubtful: number[];
	/**
	 * First lines of functions that were not read whole: no C (broken.ts), or with more tests than are looked at
	 * (gates.ts). No verdict rests on their file. Absent where there are none.
	 */
	incomplete?: number[];
	/** What it says to the preprocessor; only where an Interest asks for it. */
	preprocessor?: MacroFacts;
}
