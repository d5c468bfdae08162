/** Lines of a view as text with the escape sequences of a terminal: its own 16 colours, or none of them. */
import type { Tone } from '../../output/paint.ts';
import { columnsOf, cut, type Line, type Span } from '../views/text.ts';

/** SGR parameters (ECMA-48) of a tone, and what ends them; colours are the terminal's own, light or dark. */
const SGR: Readonly<Record<Tone, readonly [string, string] | undefined>> = {
	plain: undefined,
	good: ['32', '39'],
	warn: ['33', '39'],
	bad: ['31', '39'],
	dim: ['2', '22'],
	strong: ['1', '22'],
};

const REVERSE = ['7', '27'] as const;

function styled(text: string, [on, off]: readonly [string, string]): string {
	return `\x1b[${on}m${text}\x1b[${off}m`;
}

function paintSpan({ text, tone = 'plain', cursor }: Span, color: boolean): string {
	const sgr = color || tone === 'dim' || tone === 'strong' ? SGR[tone] : undefined;
	const painted = sgr === undefined ? text : styled(text, sgr);
	return cursor === true ? styled(painted, REVERSE) : painted;
}

/**
 * A line in at most `width` columns. Nothing of its text acts on the terminal. The row of the cursor is
 * strong, so that it is seen beside its mark.
 */
export function paintLine({ spans, selected }: Line, width: number, color: boolean): string {
	let room = width;
	let out = '';
	for (const one of spans) {
		if (room <= 0) break;
		const text = cut(one.text, room);
		if (text === '') continue;
		room -= columnsOf(text);
		const tone = selected === true && (one.tone ?? 'plain') === 'plain' ? 'strong' : one.tone;
		out += paintSpan({ ...one, text, ...(tone === undefined ? {} : { tone }) }, color);
	}
	return out;
}
