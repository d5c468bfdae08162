/** What `prereqs` prints for people: target by target, the list in the order in which it is picked. */
import type { PrereqMember, PrereqsReport, PrereqTarget } from '../../src/range/prereqs-report.ts';
import { printableLine, wrap } from '../../src/text.ts';
import type { Paint } from './paint.ts';

export interface PrereqsTextOptions {
	/** A commit of the list (its first digits) about which everything is said. */
	readonly explain?: string;
}

/** Places that are listed of one commit; of more the number is said. */
const MOST_PLACES = 6;

/** The text of `prereqs`; `width` columns. */
export function prereqsText(
	report: PrereqsReport,
	width: number,
	paint: Paint,
	{ explain }: PrereqsTextOptions = {},
): string[] {
	const head = wrap(printableLine(report.patch.subject), width).map((line) =>
		paint('strong', line),
	);
	return [
		...head,
		...report.targets.flatMap((target) => [
			'',
			...targetLines(target, width, paint),
			...(explain === undefined ? [] : explained(target, explain, width)),
		]),
	];
}

const RESULT: Readonly<Record<PrereqTarget['result'], string>> = {
	lands: 'lands alone',
	'lands-with': 'lands after',
	contained: 'is there already',
	rework: 'needs a rework: no commits were found with which it merges',
	adaptation: 'needs an adaptation',
	unknown: 'cannot be told',
};

function targetLines(target: PrereqTarget, width: number, paint: Paint): string[] {
	const { prerequisites: list } = target;
	const count =
		list.length === 0 ? '' : ` ${list.length} ${list.length === 1 ? 'commit' : 'commits'}`;
	const asked = verdictText(target.verdict);
	const proof = target.tree === null ? '' : target.proved ? '; proved by git' : '; not proved';
	const told =
		target.result === 'adaptation' && list.length > 0
			? `${RESULT.adaptation}, after`
			: RESULT[target.result];
	const good =
		target.verdict !== 'unsafe' && ['lands', 'lands-with', 'contained'].includes(target.result);
	return [
		...wrap(`${printableLine(target.onto)}: ${told}${count}${asked}${proof}`, width, '', '  ').map(
			(line) => paint(good ? 'good' : 'warn', line),
		),
		...list.flatMap((one, i) => memberLines(one, i + 1, width)),
		...(target.open === null
			? []
			: wrap(`open: ${printableLine(target.open.why)}`, width, '  ', '    ')),
		...target.adaptations.flatMap(({ text, why }) =>
			wrap(`adaptation: ${printableLine(text)} (${printableLine(why)})`, width, '  ', '    '),
		),
		...(target.instead === null
			? []
			: wrap(
					`INSTEAD: ${better(target.instead)}${printableLine(target.instead.why)}`,
					width,
					'  ',
					'    ',
				)),
		...(target.partial.length === 0
			? []
			: [
					'  got furthest with',
					...target.partial.flatMap((one) => wrap(named(one), width, '    ', '      ')),
				]),
		...target.already.flatMap(({ commit, as }) =>
			wrap(`${commit.slice(0, 12)} is there as ${as.slice(0, 12)}`, width, '  ', '    '),
		),
		...(target.rangeDiff === null
			? []
			: target.rangeDiff
					.trimEnd()
					.split('\n')
					.map((line) => `  ${printableLine(line)}`)),
		...target.notes.flatMap((note) => wrap(printableLine(note), width, '  ', '    ')),
	];
}

/** What the rules say, behind what the text says. */
function verdictText(verdict: PrereqTarget['verdict']): string {
	if (verdict === null) return '';
	return verdict === 'unknown' ? '; no rule knows whether it is safe' : `; ${verdict}`;
}

function named({ commit, subject }: { commit: string; subject: string }): string {
	return `${commit.slice(0, 12)} ("${printableLine(subject)}")`;
}

/** The commit of a better fix, where it is known. */
function better({ commit, subject }: NonNullable<PrereqTarget['instead']>): string {
	return commit === null ? '' : `${named({ commit, subject: subject ?? '' })}; `;
}

function memberLines(one: PrereqMember, number: number, width: number): string[] {
	const others = one.kinds.filter((kind) => kind !== one.kind);
	const kinds = [one.kind, ...others].join(', ');
	return [
		...wrap(`${number}. ${named(one)}`, width, '  ', '     '),
		...wrap(`${kinds}: without it ${printableLine(one.why)}`, width, '     ', '     '),
	];
}

/** Where everything fails without one commit. */
function explained(target: PrereqTarget, asked: string, width: number): string[] {
	const one = target.prerequisites.find(({ commit }) => commit.startsWith(asked.toLowerCase()));
	if (one === undefined) {
		const what = `${printableLine(asked)} is not in the list of ${printableLine(target.onto)}`;
		return wrap(what, width, '  ', '    ');
	}
	const places = one.evidence
		.slice(0, MOST_PLACES)
		.map(({ path, line }) => printableLine(line === 0 ? path : `${path}:${line}`));
	const more = one.evidence.length - places.length;
	return [
		...wrap(`${named(one)} is in the list of ${printableLine(target.onto)}:`, width, '  ', '    '),
		...places.map((place) => `    ${place}`),
		...(more > 0 ? [`    and ${more} more places`] : []),
	];
}
