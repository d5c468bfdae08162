/**
 * Kbuild Makefiles as facts: which objects each line names and under which CONFIG symbol. One file
 * at a time; link-order.ts descends through the folders. Facts are plain JSON, with conditions as
 * `when` text. What make functions would compute is left out, never an error.
 */

import type { Condition } from './condition-algebra.ts';
import { ALWAYS, and, atom, not, or, printCondition } from './condition-algebra.ts';

/** One assignment that names objects. */
export interface MakefileEntry {
	/** Left side as written: `obj-$(CONFIG_ARM_SMMU)`, `arm_smmu-objs`. */
	var: string;
	/** Its CONFIG symbol without prefix; '' for `obj-y` and `foo-objs`. */
	symbol: string;
	/** `obj`: built by itself, or a folder to descend into; `composite`: parts of `target`. */
	kind: 'obj' | 'composite';
	/** Of a composite: the object they are linked into, without `.o`. */
	target?: string;
	/** True for `obj-m`: never part of the kernel image. */
	moduleOnly?: boolean;
	/** `arm-smmu.o`, and `arm/` for a folder, in order. */
	objects: string[];
	line: number;
	/** All it takes: its own symbol, and the conditionals around it. */
	when: string;
}

/** What one Makefile or Kbuild file says. */
export interface MakefileFacts {
	entries: MakefileEntry[];
}

interface Conditional {
	outer: Condition;
	before: Condition[];
}

/** Conditionals within each other, and branches of one, that are told apart; no Makefile has more. */
const MOST_CONDITIONALS = 64;
/** What is longer is no condition of a Makefile. */
const LONGEST_CONDITION = 512;

/** Lists that look like composites and hold no part of the kernel. */
const NOT_LINKED =
	/^(always|asflags|ccflags|cppflags|clean|dtb|extra|header|hostprogs|hostlibs|ldflags|lib|no-clean|subdir|targets|test|userprogs)$/;

/** A variable that is longer is not put in: one that names itself twice doubles with every line. */
const LONGEST_VALUE = 64 * 1024;

/** Parses one Kbuild Makefile; never throws. */
export function parseMakefile(text: string): MakefileFacts {
	const entries: MakefileEntry[] = [];
	const variables = new Map<string, string>();
	const open: Conditional[] = [];
	let current: Condition = ALWAYS;
	for (const { line, content } of logicalLines(text)) {
		const directive = /^\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b\s*(.*)$/.exec(content);
		if (directive) {
			const [, word = '', rest = ''] = directive;
			current = conditional(word, rest, current, open);
			continue;
		}
		const assignment = /^\s*(\S[^:=+?]*)(?:\+|::?|\?)?=\s*(.*)$/.exec(content);
		if (!assignment || content.startsWith('\t')) continue;
		const left = (assignment[1] ?? '').trimEnd();
		const right = assignment[2] ?? '';
		const value = expand(right, variables);
		const entry = readEntry(left, value, line, current);
		if (entry) entries.push(entry);
		else if (/^[\w-]+$/.test(left)) {
			const before = /^\s*\S+\s*\+=/.test(content) ? (variables.get(left) ?? '') : '';
			const whole = before === '' ? value : `${before} ${value}`;
			if (whole.length <= LONGEST_VALUE) variables.set(left, whole);
			else variables.delete(left);
		}
	}
	return { entries };
}

/** Lines with continuations joined and comments removed; `line` is the first of each. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
	const lines = text.split(/\r?\n/);
	for (let i = 0; i < lines.length; i++) {
		const line = i + 1;
		const first = lines[i] ?? '';
		const parts = [first];
		for (let last = first; last.endsWith('\\') && i + 1 < lines.length; ) {
			last = (lines[++i] ?? '').trim();
			parts.push(`${(parts.pop() ?? '').slice(0, -1)} `, last);
		}
		let content = parts.join('');
		const comment = content.search(/(?<!\\)#/);
		if (comment >= 0) content = content.slice(0, comment);
		if (content.trim() !== '') yield { line, content: content.trimEnd() };
	}
}

const CONFIG = /\$[({]CONFIG_(\w+)[)}]/g;
const OBJ = /^obj-(.+)$/;
const PART = /^(.+?)-(y|m|objs|objs-y|\$.*|objs-\$.*)$/;

function readEntry(
	left: string,
	value: string,
	line: number,
	around: Condition,
): MakefileEntry | undefined {
	const selector = OBJ.exec(left)?.[1];
	const part = PART.exec(left);
	const kind = selector !== undefined ? 'obj' : 'composite';
	const suffix = selector ?? part?.[2];
	if (suffix === undefined || (kind === 'composite' && NOT_LINKED.test(part?.[1] ?? ''))) {
		return undefined;
	}
	if (!/^(y|m|objs|objs-y)$/.test(suffix) && !suffix.includes('CONFIG_')) return undefined;
	const objects = value
		.split(/\s+/)
		.filter((word) => (kind === 'obj' ? /^[^$]+(\.o|\/)$/ : /^[^$]+\.o$/).test(word));
	if (objects.length === 0) return undefined;
	const symbols = [...suffix.matchAll(CONFIG)].map((match) => match[1] ?? '');
	return {
		var: left,
		symbol: symbols[0] ?? '',
		kind,
		...(kind === 'composite' ? { target: part?.[1] ?? '' } : {}),
		...(suffix === 'm' && kind === 'obj' ? { moduleOnly: true } : {}),
		objects,
		line,
		when: printCondition(and(around, ...symbols.map(atom))),
	};
}

/**
 * Puts in the variables assigned so far, and the prefix function; other functions stay as they are,
 * and so does what would make the value longer than LONGEST_VALUE.
 */
function expand(value: string, variables: ReadonlyMap<string, string>): string {
	let room = LONGEST_VALUE;
	const fitting = (whole: string, length: number, make: () => string): string => {
		if (length > room) return whole;
		room -= length;
		return make();
	};
	return value
		.replace(/\$[({]([\w-]+)[)}]/g, (whole, name: string) => {
			const put = variables.get(name) ?? whole;
			return fitting(whole, put.length, () => put);
		})
		.replace(/\$\(addprefix\s+([^$,()\s]+),([^$()]*)\)/g, (whole, prefix: string, list: string) => {
			const words = list.split(/\s+/).filter((word) => word !== '');
			const length = list.length + prefix.length * words.length;
			return fitting(whole, length, () => words.map((word) => prefix + word).join(' '));
		});
}

function conditional(
	word: string,
	rest: string,
	current: Condition,
	open: Conditional[],
): Condition {
	if (word === 'endif') return open.pop()?.outer ?? current;
	if (word === 'else') {
		const block = open.at(-1);
		if (!block) return current;
		const next = /^(ifeq|ifneq|ifdef|ifndef)\b\s*(.*)$/.exec(rest);
		const own = next ? test(next[1] ?? '', next[2] ?? '') : ALWAYS;
		const others = block.before.map(not);
		if (block.before.length < MOST_CONDITIONALS) block.before.push(own);
		return and(block.outer, ...others, own);
	}
	const own = test(word, rest);
	open.push({ outer: current, before: [own] });
	return open.length > MOST_CONDITIONALS ? current : and(current, own);
}

/** The condition of `ifeq (…)` and its kin. */
function test(word: string, rest: string): Condition {
	const text = rest.slice(0, LONGEST_CONDITION).trim();
	const negated = word === 'ifneq' || word === 'ifndef';
	const held = word.endsWith('def') ? defined(text) : equal(text);
	return negated ? not(held) : held;
}

function defined(name: string): Condition {
	const config = /^CONFIG_(\w+)$/.exec(name)?.[1];
	return atom(config ?? `defined(${name})`);
}

function equal(text: string): Condition {
	const [, a = '', b = ''] =
		/^\((.*),\s*([^,]*)\)$/.exec(text) ?? /^["'](.*)["']\s+["'](.*)["']$/.exec(text) ?? [];
	const [left, right] = [a.trim(), b.trim()].map((side) => side.replace(/^(["'])(.*)\1$/, '$2'));
	const [asked = '', value = ''] = left?.includes('CONFIG_') ? [left, right] : [right, left];
	const symbols = [...asked.matchAll(CONFIG)].map((match) => atom(match[1] ?? ''));
	const nothingElse = asked.replace(CONFIG, '').replace(/\$\(subst m,y,\)|\$\(strip\s*\)/g, '');
	if (symbols.length > 0 && nothingElse.trim() === '') {
		// Symbols side by side ask whether any of them is set: ifneq ($(CONFIG_A)$(CONFIG_B),)
		if (/^[ym]*$/.test(value) && value.length > 1) return and(...symbols);
		if (value === 'y' || value === 'm') return or(...symbols);
		if (value === '' || value === 'n') return not(or(...symbols));
	}
	return atom(
		`${left ?? ''} == ${right ?? ''}`
			.replace(/&&|\|\|/g, ' ')
			.replace(/\s+/g, ' ')
			.trim(),
	);
}
