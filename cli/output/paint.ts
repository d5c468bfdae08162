/**
 * Colour: what each verdict and state looks like, and when there is colour at all. chalk is loaded
 * only when there is, since loading it costs a quarter of starting Node.
 */
import type { BugState, Verdict } from '../../src/range/report.ts';

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'dim' | 'strong';

/** Gives a text its tone; text without colour comes back as it was. */
export type Paint = (tone: Tone, text: string) => string;

/** Without colour. */
export const noPaint: Paint = (_tone, text) => text;

const VERDICT_TONES: Record<Verdict, Tone> = {
	safe: 'good',
	'needs-prerequisites': 'warn',
	'needs-rework': 'warn',
	unsafe: 'bad',
	unknown: 'strong',
	superseded: 'dim',
	'not-needed': 'dim',
	'not-built': 'dim',
};

const BUG_TONES: Record<BugState, Tone> = {
	absent: 'dim',
	fixed: 'dim',
	latent: 'plain',
	masked: 'plain',
	exposed: 'bad',
	unknown: 'strong',
};

export function verdictTone(verdict: Verdict): Tone {
	return VERDICT_TONES[verdict];
}

export function bugTone(state: BugState): Tone {
	return BUG_TONES[state];
}

export type ColorWhen = 'auto' | 'always' | 'never';

/**
 * Whether to colour: what was asked for, else only on a terminal that is not dumb and where
 * NO_COLOR (no-color.org) is not set.
 */
export function wantsColor(
	asked: ColorWhen,
	isTTY: boolean,
	env: Readonly<Record<string, string | undefined>>,
): boolean {
	if (asked !== 'auto') return asked === 'always';
	return isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** The painter for colour on or off. */
export async function createPaint(color: boolean): Promise<Paint> {
	if (!color) return noPaint;
	const { Chalk } = await import('chalk');
	const chalk = new Chalk({ level: 1 });
	const tones: Record<Tone, (text: string) => string> = {
		plain: (text) => text,
		good: chalk.green,
		warn: chalk.yellow,
		bad: chalk.red,
		dim: chalk.dim,
		strong: chalk.bold,
	};
	return (tone, text) => tones[tone](text);
}
