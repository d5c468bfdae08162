/** What mailers and archives do to a patch, done on purpose. Each kind works on the lines of a diff. */
import * as fc from 'fast-check';
import { damaged, type Damage as WhiteSpace } from '../../src/patch/whitespace.ts';

/** How one patch is damaged; absent kinds are not done. They are done in this order. */
export interface Damage {
	/** Host names of addresses, whole addresses, or addresses spelled out. */
	mask?: 'host' | 'all' | 'at';
	tabs?: WhiteSpace['tabs'];
	/** `unindented` takes all of it from context, and all but one space from changed lines. */
	runs?: 'unindented' | 'folded';
	/** Lines longer than the width are broken at a space. */
	wrap?: { width: number; marker: boolean; space: boolean };
	/** RFC 3676. */
	flowed?: { width: number; delSp: boolean };
	blanks?: boolean;
	trim?: boolean;
	entities?: 'named' | 'decimal' | 'hex' | 'nbsp';
	quote?: { mark: '> ' | '>'; depth: number };
}

const HEADER = /^(diff --git |index |--- |\+\+\+ |@@ |(new|deleted) file mode |\\ )/;

/** The lines of a diff after the damage. */
export function damage(lines: readonly string[], how: Damage): string[] {
	let out = [...lines];
	const body = (change: (line: string) => string): void => {
		out = out.map((line) => (HEADER.test(line) ? line : change(line)));
	};
	if (how.mask !== undefined) out = out.map((line) => masked(line, how.mask ?? 'host'));
	const { tabs = 'kept', runs } = how;
	if (tabs !== 'kept') {
		body((line) => line.charAt(0) + damaged(line.slice(1), { tabs, runs: 'kept', trimmed: false }));
	}
	if (runs !== undefined) body((line) => lessSpace(line, runs));
	if (how.wrap !== undefined) {
		const { wrap } = how;
		out = out.flatMap((line) => (isWhole(line) ? [line] : wrapped(line, wrap)));
	}
	if (how.flowed !== undefined) {
		const { flowed } = how;
		out = out.flatMap((line) => (isWhole(line) ? [line] : flow(line, flowed)));
	}
	if (how.blanks === true) out = out.filter((line) => line.trim() !== '');
	if (how.trim === true) out = out.map((line) => line.trimEnd());
	if (how.entities !== undefined) out = out.map((line) => escaped(line, how.entities ?? 'named'));
	if (how.quote !== undefined) {
		const { mark, depth } = how.quote;
		out = out.map((line) => mark.repeat(depth) + line);
	}
	return out;
}

/** Header lines without spaces to break at. */
function isWhole(line: string): boolean {
	return /^(index |--- |\+\+\+ |\\ )/.test(line);
}

function masked(line: string, how: 'host' | 'all' | 'at'): string {
	return line.replace(/([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)/g, (_, user: string, host: string) => {
		if (how === 'all') return '[email protected]';
		return how === 'at' ? `${user} at ${host}` : `${user}@${'x'.repeat(host.length)}`;
	});
}

function lessSpace(line: string, runs: 'unindented' | 'folded'): string {
	const folded = runs === 'folded' ? line.replace(/[ \t]+/g, ' ') : line;
	if (line.startsWith(' ')) return folded.trim();
	return folded.charAt(0) + folded.slice(1).replace(/^[ \t]+/, ' ');
}

/** Breaks at the last space before the width, or the first after it, as mailers do. */
function pieces(line: string, width: number): string[] {
	const out: string[] = [];
	let rest = line;
	for (;;) {
		const indent = /^[-+ ]?[ \t]*/.exec(rest)?.[0].length ?? 0;
		if (rest.length <= width) break;
		let at = rest.lastIndexOf(' ', width);
		if (at <= indent) at = rest.indexOf(' ', Math.max(width, indent + 1));
		if (at < 0 || rest.slice(at).trim() === '' || rest[at + 1] === ' ' || rest[at - 1] === ' ')
			break;
		out.push(rest.slice(0, at));
		rest = rest.slice(at + 1);
	}
	return [...out, rest];
}

function wrapped(line: string, how: { width: number; marker: boolean; space: boolean }): string[] {
	const marked = how.marker && !HEADER.test(line) ? line.charAt(0) : '';
	const all = pieces(line, how.width);
	return all.map(
		(piece, i) => (i > 0 ? marked : '') + piece + (how.space && i < all.length - 1 ? ' ' : ''),
	);
}

function flow(line: string, { width, delSp }: { width: number; delSp: boolean }): string[] {
	const stuffed = (piece: string): string => (/^( |>|From )/.test(piece) ? ` ${piece}` : piece);
	const all = pieces(line.trimEnd(), width);
	return all.map((piece, i) => stuffed(piece) + (i < all.length - 1 ? (delSp ? '  ' : ' ') : ''));
}

function escaped(line: string, how: 'named' | 'decimal' | 'hex' | 'nbsp'): string {
	const names: Record<string, string> = {
		'&': '&amp;',
		'<': '&lt;',
		'>': '&gt;',
		'"': '&quot;',
		"'": '&#39;',
	};
	if (how === 'nbsp') return escaped(line, 'named').replace(/^([+-]?) {2}/, '$1&nbsp;&nbsp;');
	return line.replace(/[&<>"']/g, (char) => {
		if (how === 'named') return names[char] ?? char;
		const code = char.charCodeAt(0);
		return how === 'decimal' ? `&#${code};` : `&#x${code.toString(16)};`;
	});
}

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
	fc.option(arbitrary, { nil: undefined, freq: 3 });

/** Damage of one kind, or of several at once. */
export const anyDamage: fc.Arbitrary<Damage> = fc
	.record({
		mask: some(fc.constantFrom('host' as const, 'all' as const, 'at' as const)),
		tabs: some(
			fc.constantFrom<WhiteSpace['tabs']>({ from: 0 }, { from: 1 }, { spaces: 8 }, { spaces: 4 }),
		),
		runs: some(fc.constantFrom('unindented' as const, 'folded' as const)),
		wrap: some(
			fc.record({
				width: fc.integer({ min: 60, max: 78 }),
				marker: fc.boolean(),
				space: fc.boolean(),
			}),
		),
		flowed: some(fc.record({ width: fc.integer({ min: 66, max: 78 }), delSp: fc.boolean() })),
		blanks: some(fc.constant(true)),
		trim: some(fc.constant(true)),
		entities: some(
			fc.constantFrom('named' as const, 'decimal' as const, 'hex' as const, 'nbsp' as const),
		),
		quote: some(
			fc.record({
				mark: fc.constantFrom('> ' as const, '>' as const),
				depth: fc.integer({ min: 1, max: 4 }),
			}),
		),
	})
	.map((all) => {
		// A mailer either flows or wraps.
		const { wrap, flowed } = all;
		const chosen = { ...all, flowed: wrap === undefined ? flowed : undefined };
		return Object.fromEntries(
			Object.entries(chosen).filter(([, value]) => value !== undefined),
		) as Damage;
	});

/** Damage of one kind alone. */
export const oneDamage: fc.Arbitrary<Damage> = anyDamage
	.filter((how) => Object.keys(how).length > 0)
	.chain((how) =>
		fc.constantFrom(...Object.keys(how)).map((key) => {
			return { [key]: how[key as keyof Damage] } as Damage;
		}),
	);

/** A name for the kinds of a damage. */
export function nameOf(how: Damage): string {
	return Object.keys(how).sort().join('+') || 'nothing';
}
