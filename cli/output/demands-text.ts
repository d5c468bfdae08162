/** What `demands` prints for people: the capabilities, then each violation with its way down to the call. */
import type { DemandsReport } from '../../src/range/demands/report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import type { Paint } from './paint.ts';

type Demand = DemandsReport['demands'][number];
type Finding = Demand['violations'][number];
type Capability = DemandsReport['capabilities'][number];

const ANSWER = { true: 'yes', false: 'no', null: 'cannot be told' } as const;

function capabilityText(one: Capability): string {
	const { capability, value, assumed, why, before, evidence } = one;
	const [at] = evidence;
	const where = at === undefined ? '' : ` (${at.path}:${at.line})`;
	const was =
		before === undefined || before === value ? '' : `, without the patch ${ANSWER[`${before}`]}`;
	const said = why === null ? '' : `, ${why}`;
	return printableLine(
		`${capability}: ${ANSWER[`${value}`]}${where}${said}${was}${assumed && value !== true ? '; assumed' : ''}`,
	);
}

/** The functions of a way, each deeper than the one above it. */
function wayLines({ steps, call }: Finding, width: number): string[] {
	const lines = steps.map((step) => {
		const through = step.through === null ? '' : ` through ${step.through}`;
		return `${step.function}() ${step.path}:${step.line}${through}`;
	});
	const given = call.argument === '' ? '…' : `&${call.argument}`;
	const all = [...lines, `${call.name}(${given})`].map(printableLine);
	return all.flatMap((line, i) => {
		const indent = ' '.repeat(2 + 2 * Math.min(i, 8));
		return wrap(line, width, indent, `${indent}    `);
	});
}

function headOf({ driver, when }: Finding): string {
	return printableLine(when === '' ? driver : `${driver}, when ${when}`);
}

function findingLines(one: Finding, width: number, paint: Paint): string[] {
	const head = wrap(headOf(one), width, '', '  ').map((line) => paint('strong', line));
	return ['', ...head, ...wayLines(one, width)];
}

function counted(count: number, one: string, several: string): string {
	return `${count} ${count === 1 ? one : several}`;
}

function demandLines(one: Demand, width: number, paint: Paint): string[] {
	const head = wrap(`${one.capability} demands that ${one.demand}`, width, '', '  ');
	const why = wrap(`${one.reason}; ${one.source}`, width, '  ', '  ');
	const found = one.violations.flatMap((violation) => findingLines(violation, width, paint));
	const untold = one.unknown.flatMap((unknown) => [
		...findingLines(unknown, width, paint),
		...wrap(printableLine(`? ${unknown.why}`), width, '  ', '    '),
	]);
	const open =
		one.unknown.length === 0
			? []
			: [
					'',
					...wrap(
						`${counted(one.unknown.length, 'way', 'ways')} of which it cannot be told:`,
						width,
					),
					...untold,
				];
	const sum = counted(one.violations.length, 'violation', 'violations');
	return ['', ...head, ...why, ...found, ...open, '', `${sum}, ${one.unknown.length} unknown`];
}

/** The text of `demands`; `width` columns. */
export function demandsText(report: DemandsReport, width: number, paint: Paint): string[] {
	const { release, commit, demands, unread } = report;
	const patched = report.with === null ? '' : ` with "${report.with.subject}"`;
	const lines = [
		...wrap(printableLine(`${release} (${commit.slice(0, 12)})${patched}`), width, '', '  '),
		...report.capabilities.flatMap((one) => wrap(capabilityText(one), width, '', '  ')),
		...demands.flatMap((one) => demandLines(one, width, paint)),
	];
	if (demands.length === 0) lines.push('', 'Nothing that the release has demands anything.');
	if (unread.length > 0) {
		const named = unread.slice(0, 3).map(printableLine).join(', ');
		const more = unread.length > 3 ? ', …' : '';
		lines.push(
			...wrap(
				`${counted(unread.length, 'file', 'files')} could not be read: ${named}${more}`,
				width,
				'',
				'  ',
			),
		);
	}
	return lines;
}
