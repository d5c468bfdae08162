/** One character for each verdict, so that a cell is read without colour, and the words beside it. */
import type { BugState, Verdict } from '../../../src/range/report.ts';
import { bugTone, verdictTone } from '../../output/paint.ts';
import { type Span, span } from './text.ts';

const SYMBOLS: Readonly<Record<Verdict, string>> = {
	safe: '+',
	'needs-prerequisites': 'p',
	'needs-rework': 'r',
	unsafe: '!',
	unknown: '?',
	superseded: 's',
	'not-needed': '.',
	'not-built': '-',
};

/** What a verdict is called where there is little room. */
const SHORT: Readonly<Record<Verdict, string>> = {
	safe: 'safe',
	'needs-prerequisites': 'prerequisites',
	'needs-rework': 'rework',
	unsafe: 'unsafe',
	unknown: 'unknown',
	superseded: 'superseded',
	'not-needed': 'not needed',
	'not-built': 'not built',
};

export function verdictSymbol(verdict: Verdict): string {
	return SYMBOLS[verdict];
}

export function shortVerdict(verdict: Verdict): string {
	return SHORT[verdict];
}

export function verdictSpan(verdict: Verdict, text: string): Span {
	return span(text, verdictTone(verdict));
}

export function bugSpan(state: BugState, text: string): Span {
	return span(text, bugTone(state));
}

/** `+ safe  p prerequisites ...` of the verdicts that occur, closer together where they would not fit. */
export function legend(verdicts: ReadonlySet<Verdict>, width: number): Span[] {
	const all = (Object.keys(SYMBOLS) as Verdict[]).filter((verdict) => verdicts.has(verdict));
	const text = (verdict: Verdict) => `${SYMBOLS[verdict]} ${SHORT[verdict]}`;
	const wide = all.reduce((sum, verdict) => sum + text(verdict).length + 2, 0);
	const gap = wide <= width ? '  ' : ' ';
	return all.map((verdict) => verdictSpan(verdict, text(verdict) + gap));
}
