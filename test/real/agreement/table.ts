/** The agreement as a table in Markdown, or as JSON lines. */
import type { Outcome, Part } from './part.ts';

export interface Row {
	part: Pick<Part, 'name' | 'what' | 'oracle'>;
	sum: Outcome;
}

/** The lines of the table, with the reasons numbered below it; one JSON object a row with `json`. */
export function printTable(rows: readonly Row[], json: boolean): string[] {
	if (json) return rows.map(({ part, sum }) => JSON.stringify({ ...partOf(part), ...sum }));
	const reasons: string[] = [];
	const lines = rows.map(({ part, sum }) => {
		const known = Object.entries(sum.explained).map(([reason, count]) => {
			if (!reasons.includes(reason)) reasons.push(reason);
			return `${count} [${reasons.indexOf(reason) + 1}]`;
		});
		const share = sum.compared === 0 ? '' : ` (${percent(sum.agree, sum.compared)} %)`;
		const differ = [...known, ...(sum.open.length === 0 ? [] : [`${sum.open.length} open`])];
		const cells = [
			part.what,
			part.oracle,
			String(sum.compared),
			`${sum.agree}${share}`,
			differ.join(', ') || '0',
		];
		return `| ${cells.join(' | ')} |`;
	});
	return [
		'| what | oracle | compared | agree | differ |',
		'| --- | --- | --- | --- | --- |',
		...lines,
		'',
		...reasons.map((reason, i) => `${i + 1}. ${reason}`),
		'',
		...rows.flatMap(({ part, sum }) => kindsOf(part.name, sum)),
		...rows.flatMap(({ part, sum }) => sum.open.map((line) => `open: ${part.name}: ${line}`)),
	];
}

/** Rounded down: 100 % is said of nothing that differs anywhere. */
function percent(agree: number, compared: number): string {
	return (Math.floor((10_000 * agree) / compared) / 100).toFixed(2);
}

function kindsOf(name: string, { kinds }: Outcome): string[] {
	const counts = Object.entries(kinds).sort(([, a], [, b]) => b - a);
	if (counts.length === 0) return [];
	return [`${name}: ${counts.map(([kind, count]) => `${count} ${kind}`).join(', ')}`];
}

function partOf({ name, what, oracle }: Row['part']): Row['part'] {
	return { name, what, oracle };
}
