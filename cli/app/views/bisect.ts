/** The view of a bisection: what is left, what each step answered, and what was found. */
import type { BisectReport } from '../../../src/history/bisect-report.ts';
import { printableLine, wrap } from '../../../src/text.ts';
import type { Tone } from '../../output/paint.ts';
import { type BisectState, bisectCommits } from '../state/bisect.ts';
import { within } from '../state/list.ts';

import {
	cut,
	filled,
	inColumns,
	type Line,
	line,
	type Shape,
	scrolled,
	span,
	type View,
} from './text.ts';

const TONES: Readonly<Record<string, Tone>> = {
	good: 'good',
	bad: 'bad',
	skip: 'warn',
	unknown: 'warn',
};

/** The whole body of the screen. `subject` says what is known of a commit. */
export function bisectView(
	state: BisectState,
	subject: (commit: string) => string,
	shape: Shape,
): View {
	const { width, height } = shape;
	const { report, failure, steps } = state;
	const commits = bisectCommits(state);
	const cursor = within(state.cursor, commits.length);
	const last = steps.at(-1);
	const left =
		report !== undefined || failure !== undefined
			? line(
					report === undefined
						? ''
						: `${report.evaluations} evaluations for ${report.candidates} commits`,
					'dim',
				)
			: line(
					last === undefined
						? 'looking at both ends'
						: `${last.left} commits left, about ${last.steps} steps after this one (x stops)`,
					'warn',
				);
	const head: Line[] = [
		...wrap(`the first commit where ${state.where}`, width).map((text) =>
			line(printableLine(text), 'strong'),
		),
		line(`good ${state.good.slice(0, 40)}, bad ${state.bad.slice(0, 40)}`, 'dim'),
		left,
		line(),
	];
	const stepLines = steps.map((step, i): Line => {
		const answer = step.answer ?? 'asking';
		return {
			selected: i === cursor,
			spans: [
				span(`${i === cursor ? '> ' : '  '}${inColumns(String(step.left), 7)}`, 'plain'),
				span(inColumns(answer, 8), TONES[answer] ?? 'strong'),
				span(`${step.commit.slice(0, 12)} `, 'dim'),
				span(cut(subject(step.commit), width - 32)),
			],
		};
	});
	const found = foundLines(report, steps.length, cursor, width);
	const failed = failure === undefined ? [] : [line(failure.message, 'bad'), line(failure.hint)];
	const body = [...stepLines, ...(found.length === 0 ? [] : [line()]), ...found, ...failed];
	const page = Math.max(1, height - head.length);
	const selected = body.findIndex((one) => one.selected);
	const top = scrolled(shape.top, Math.max(0, selected), page, body.length);
	return { lines: filled([...head, ...body.slice(top, top + page)], height), top, page };
}

function foundLines(
	report: BisectReport | undefined,
	before: number,
	cursor: number,
	width: number,
): Line[] {
	if (report === undefined) return [];
	const { first, suspects } = report;
	const told = (
		texts: readonly { text: string; path?: string | undefined; line?: number | undefined }[],
	) =>
		texts
			.map(
				({ text, path, line: at }) =>
					`${text}${path === undefined ? '' : ` (${path}:${at ?? ''})`}`,
			)
			.join('; ');
	if (first === null) {
		return [
			line(`cannot tell; ${suspects.length} commits remain`, 'warn'),
			...suspects.map(({ commit, subject }, i) =>
				commitLine(commit, subject, before + i === cursor, width),
			),
			...report.notes.flatMap((note) =>
				wrap(printableLine(note), width).map((text) => line(text, 'dim')),
			),
		];
	}
	const release = first.firstRelease === null ? '' : `, first in ${first.firstRelease}`;
	const facts = [
		...report.before.map((one) => `before, at ${one.commit.slice(0, 12)}: ${told(one.evidence)}`),
		...(report.after === null ? [] : [`from here on: ${told(report.after.evidence)}`]),
		...report.notes,
	];
	return [
		line(`first bad commit, ${first.date}${release}`, 'bad'),
		commitLine(first.commit, first.subject, before === cursor, width),
		line(`    ${printableLine(first.author)}`),
		...facts.flatMap((text) =>
			wrap(printableLine(text), width, '    ', '      ').map((one) => line(one)),
		),
	];
}

function commitLine(commit: string, subject: string, selected: boolean, width: number): Line {
	return {
		selected,
		spans: [
			span(`${selected ? '> ' : '  '}${commit.slice(0, 12)} `, 'plain'),
			span(cut(subject, width - 16), 'strong'),
		],
	};
}
