/**
 * What a mailer or an archive did to white space, learned from the context and removed lines, of
 * which the truth is known. The added lines went through the same: a guess at one of them is good if
 * the same damage makes of it what the mail has.
 */
import { TAB } from './indent.ts';

/** One kind of damage: what became of tabs, then of runs, then of the ends of lines. */
export interface Damage {
	/** What became of a tab: kept, or spaces up to the next stop counted from `from`, or this many. */
	tabs: 'kept' | { from: 0 | 1 } | { spaces: number };
	/** What became of white space: kept; the leading one lost, or one space; every run one space. */
	runs: 'kept' | 'unindented' | 'indented-by-one' | 'folded' | 'unindented-folded';
	/** True when white space at the end of lines was cut. */
	trimmed: boolean;
}

const TABS: readonly Damage['tabs'][] = [
	'kept',
	{ from: 0 },
	{ from: 1 },
	{ spaces: 8 },
	{ spaces: 4 },
	{ spaces: 2 },
];
/** One space for a tab is rarer than one for a run. */
const RARE_TABS: readonly Damage['tabs'][] = [{ spaces: 1 }];
const RUNS: readonly Damage['runs'][] = [
	'kept',
	'unindented',
	'indented-by-one',
	'folded',
	'unindented-folded',
];

/** Every kind of damage, the mildest first. */
const DAMAGES: readonly Damage[] = [TABS, RARE_TABS].flatMap((some) =>
	RUNS.flatMap((runs) =>
		some.flatMap((tabs) => [false, true].map((trimmed) => ({ tabs, runs, trimmed }))),
	),
);

/** Lines that are looked at to learn the damage. */
const SAMPLE = 400;
/** Kinds of damage that are kept where several explain the lines. */
const MAX_KEPT = 8;

/** A line of which the truth is known. */
export interface Sample {
	kind: ' ' | '-';
	/** Without marker, as the mail has it. */
	seen: string;
	truth: string;
}

/** What the damage makes of a line (without its marker). */
export function damaged(text: string, damage: Damage): string {
	let out = text;
	if (damage.tabs !== 'kept' && out.includes('\t')) out = withoutTabs(out, damage.tabs);
	if (damage.runs === 'unindented' || damage.runs === 'unindented-folded') {
		out = out.replace(/^[ \t]+/, '');
	} else if (damage.runs === 'indented-by-one') out = out.replace(/^[ \t]+/, ' ');
	if (damage.runs === 'folded' || damage.runs === 'unindented-folded') {
		out = out.replace(/[ \t]+/g, ' ');
	}
	return damage.trimmed ? out.trimEnd() : out;
}

/** Tabs as spaces, up to stops of eight columns or a fixed number of them. */
export function withoutTabs(text: string, tabs: { from: 0 | 1 } | { spaces: number }): string {
	if ('spaces' in tabs) return text.replaceAll('\t', ' '.repeat(tabs.spaces));
	let out = '';
	let at = 0;
	for (let tab = text.indexOf('\t'); tab >= 0; tab = text.indexOf('\t', at)) {
		out += text.slice(at, tab);
		out += ' '.repeat(TAB - ((out.length + tabs.from) % TAB));
		at = tab + 1;
	}
	return out + text.slice(at);
}

/** What is known of the damage to a file of a patch. */
export interface Learned {
	/** The kinds of damage that explain most of the lines, the mildest first. */
	kinds: Damage[];
	/** True when they explain every line, and lines with white space to lose were among them. */
	certain: boolean;
	/** True when no white space was lost, for certain. */
	intact: boolean;
}

/** Learns the damage from lines whose truth is known, and rules out what the added lines contradict. */
export function learn(samples: readonly Sample[], added: readonly string[]): Learned {
	const telling = samples.filter(({ truth }) => /\t| {2}|^ /.test(truth));
	const removed = telling.filter(({ kind }) => kind === '-').slice(0, SAMPLE);
	const context = telling.filter(({ kind }) => kind === ' ').slice(0, SAMPLE);
	const shown = added.slice(0, SAMPLE);
	const scored = DAMAGES.map((damage, order) => {
		// What happened to removed lines happened to added ones; context also lost its marker.
		const score =
			4 * removed.filter((one) => damaged(one.truth, damage) === one.seen).length +
			context.filter((one) => fitsContext(one, damage)).length;
		return { damage, order, score, possible: shown.every((text) => canResult(text, damage)) };
	});
	const possible = scored.filter((one) => one.possible);
	const best = Math.max(0, ...possible.map(({ score }) => score));
	const kept = possible.filter(({ score }) => score === best);
	const full = 4 * removed.length + context.length;
	const certain = full > 0 && best === full && (removed.length > 0 || context.length > 1);
	// Cut ends explain nothing where damage that leaves them explains the same.
	const needed = kept.filter(
		({ order, damage }) => !damage.trimmed || !kept.some((other) => other.order === order - 1),
	);
	const kinds = needed.slice(0, MAX_KEPT).map(({ damage }) => damage);
	const first = kinds[0];
	const mild = first?.tabs === 'kept' && first.runs === 'kept';
	return { kinds, certain, intact: mild && certain && tellsIndentation(removed, context) };
}

/** Whether the lines would show it if indentation, or tabs, had been lost. */
function tellsIndentation(removed: readonly Sample[], context: readonly Sample[]): boolean {
	return [...removed, ...context].some(({ truth }) => /^[ \t]*\t/.test(truth));
}

/** Archives strip context lines whole, marker and all, where they fold the others. */
function fitsContext({ seen, truth }: Sample, damage: Damage): boolean {
	if (damaged(truth, damage) === seen) return true;
	if (damage.runs === 'kept') return false;
	// The marker is white space, too, and folds with the indentation.
	const line = damaged(` ${truth}`, damage);
	return line.replace(/^ /, '') === seen || line.trim() === seen;
}

/** Whether the damage can leave a line like this. */
function canResult(seen: string, damage: Damage): boolean {
	if (damage.trimmed && /[ \t]$/.test(seen)) return false;
	if (damage.tabs !== 'kept' && seen.includes('\t')) return false;
	switch (damage.runs) {
		case 'kept':
			return true;
		case 'unindented':
			return !/^[ \t]/.test(seen);
		case 'indented-by-one':
			return !/^(?:\t| [ \t])/.test(seen);
		case 'folded':
			return !/\t| {2}/.test(seen);
		case 'unindented-folded':
			return !/^ |\t| {2}/.test(seen);
	}
}
