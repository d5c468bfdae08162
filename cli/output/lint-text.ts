/** What `lint` prints for people: by line what is wrong, and the line as it should be. */
import type { LintReport } from '../../src/range/lint/report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import type { Paint } from './paint.ts';

type Finding = LintReport['findings'][number];

/** The findings of one patch, by line. Lines of messages are never broken: a broken line is a broken tag. */
export function lintText(report: LintReport, width: number, paint: Paint): string[] {
	const head = `${printableLine(report.where)}: ${printableLine(report.subject)}`;
	const out = [paint('strong', head)];
	for (const group of byLine(report.findings)) {
		const [first] = group;
		if (first === undefined) continue;
		if (first.line !== null) out.push(`  ${first.line}: ${printableLine(first.text ?? '')}`);
		for (const { rule, what, source } of group) {
			const text = printableLine(`${rule}: ${what} (${source})`);
			out.push(
				...(first.line === null
					? wrap(text, width, '  ', '    ')
					: wrap(text, width, '    ', '      ')),
			);
		}
		for (const line of correctionOf(group)) out.push(`  -> ${printableLine(line)}`);
	}
	return [...out, ''];
}

function byLine(findings: readonly Finding[]): Finding[][] {
	const groups: Finding[][] = [];
	for (const one of findings) {
		const last = groups.at(-1);
		if (last?.[0]?.line === one.line && one.line !== null) last.push(one);
		else groups.push([one]);
	}
	return groups;
}

/** What is left of a line once all that is wrong with it is mended: the last that is known. */
function correctionOf(group: readonly Finding[]): string[] {
	const known = group.flatMap(({ correction }) => (correction === null ? [] : [correction]));
	const out = known.find((lines) => lines.length === 0);
	return out === undefined ? (known.at(-1) ?? []) : ['(take it out)'];
}

const WITHOUT: Readonly<Record<string, string>> = {
	repository: 'ids are looked up in a clone',
	history: 'fixes of a fix are looked for in the history of a clone',
	range: 'series are checked where a patch asks for some and can be judged',
};

/** The last lines: how much was found, and what was not looked at. */
export function lintSummary(
	seen: { patches: number; findings: number; unchecked: ReadonlyMap<string, string> },
	width: number,
): string[] {
	const count = (number: number, what: string): string =>
		`${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`;
	const needs = [...new Set(seen.unchecked.values())];
	return [
		`${count(seen.findings, 'finding')} in ${count(seen.patches, 'patch').replace(/patchs$/, 'patches')}`,
		...needs.flatMap((need) => wrap(`not checked: ${WITHOUT[need] ?? need}`, width)),
	];
}
