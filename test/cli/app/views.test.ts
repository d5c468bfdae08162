/** What the screens show, without a terminal. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { paintLine } from '../../../cli/app/screens/paint.ts';
import { bisectStart, withStep } from '../../../cli/app/state/bisect.ts';
import {
	filtered,
	HISTORY_START,
	reduceHistory,
	withRecords,
} from '../../../cli/app/state/history.ts';
import { nextWhere } from '../../../cli/app/state/list.ts';
import {
	RANGE_START,
	type RangeState,
	reduceRange,
	shownReleases,
} from '../../../cli/app/state/range.ts';
import {
	comparedPlaces,
	matrixOf,
	reduceStyles,
	STYLES_START,
	withMatrix,
} from '../../../cli/app/state/styles.ts';
import { bisectView } from '../../../cli/app/views/bisect.ts';
import { historyView } from '../../../cli/app/views/history.ts';
import { diffRows, linesView, sourceRows, untabbed } from '../../../cli/app/views/lines.ts';
import { rangeView } from '../../../cli/app/views/range.ts';
import { releaseRows } from '../../../cli/app/views/release.ts';
import { cellRows, stylesView, transitionRows } from '../../../cli/app/views/styles.ts';
import {
	columnsOf,
	cut,
	inColumns,
	plainText,
	scrolled,
	type View,
} from '../../../cli/app/views/text.ts';
import type { DriverRecord } from '../../../src/history/log-report.ts';
import { cpuTaken } from '../../cpu.ts';
import { rangeReport, stylesReport } from '../report.ts';

const CLONE = { folder: '/clone', releases: 3 };
const SHAPE = { width: 80, height: 20, top: 0 };

function texts({ lines }: Pick<View, 'lines'>): string[] {
	return lines.map((line) => plainText(line).trimEnd());
}

function record(i: number, more: Partial<DriverRecord> = {}): DriverRecord {
	return {
		schema: 'rangefinder.log/1',
		kind: 'driver',
		profile: 'iommu',
		commit: i.toString(16).padStart(40, '0'),
		author: 'Mini Ature',
		email: 'mini@example.org',
		date: '2016-02-17',
		subject: `iommu/acme-mmu: Change ${i}`,
		merge: false,
		firstRelease: 'v4.6',
		driver: 'acme-mmu',
		symbol: 'ACME_MMU',
		path: 'drivers/iommu/acme-mmu.c',
		touched: true,
		before: 'initcall@subsys',
		after: 'initcall@subsys',
		transition: false,
		changes: [],
		...more,
	};
}

describe('text of the app', () => {
	it('is cut to columns, whatever is in it', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (text, width) => {
				assert.ok(columnsOf(cut(text, width)) <= width);
				assert.equal(columnsOf(inColumns(text, width)), width);
			}),
		);
		assert.equal(cut('漢字漢字', 5), '漢字…');
		assert.equal(inColumns('e\u0301t', 3), 'e\u0301t ');
		assert.equal(cut('short', 5), 'short');
		assert.equal(cut('longer', 5), 'long…');
	});

	it('never acts on the terminal', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, color) => {
				const painted = paintLine({ spans: [{ text, tone: 'bad', cursor: true }] }, 40, color);
				const bare = painted.replace(/\x1b\[(?:31|39|7|27)m/g, '');
				assert.doesNotMatch(bare, /[\x00-\x1f\x7f-\x9f]/);
			}),
		);
	});

	it('has no colour without colours, and shows the cursor all the same', () => {
		const line = {
			spans: [{ text: 'unsafe', tone: 'bad', cursor: true }],
			selected: true,
		} as const;
		assert.equal(paintLine(line, 40, false), '\x1b[7munsafe\x1b[27m');
		assert.equal(paintLine(line, 40, true), '\x1b[7m\x1b[31munsafe\x1b[39m\x1b[27m');
	});

	it('scrolls as little as shows the cursor', () => {
		fc.assert(
			fc.property(
				fc.nat(200),
				fc.nat(200),
				fc.integer({ min: 1, max: 50 }),
				fc.integer({ min: 1, max: 200 }),
				(top, at, height, count) => {
					const cursor = at % count;
					const found = scrolled(top, cursor, height, count);
					assert.ok(found <= cursor && cursor < found + height && found >= 0);
					assert.ok(found <= Math.max(0, count - height));
					const kept = top <= cursor && cursor < top + height && top <= Math.max(0, count - height);
					if (kept) assert.equal(found, top);
				},
			),
		);
		assert.equal(
			nextWhere(2, 4, true, (place) => place < 2),
			0,
		);
		assert.equal(
			nextWhere(2, 4, false, () => false),
			undefined,
		);
	});
});

describe('the view of a range', () => {
	const report = rangeReport();

	it('is a bar a configuration with a sentence, and a row a release', () => {
		const shown = texts(rangeView(report, { ...RANGE_START, cursor: 4 }, SHAPE));
		assert.ok(
			shown.some((line) => /^arm64 +-{12}\+{6}s{6}\.+$/.test(line)),
			shown.join('\n'),
		);
		assert.ok(shown.some((line) => /^arm, IOMMU_DMA=n +!{12}p{6}r{6}\.+$/.test(line)));
		assert.ok(shown.some((line) => line.startsWith('Safe on v4.13.9 - v4.14.5 (arm64)')));
		assert.ok(
			shown.some((line) => /^> 4\.13\.y +v4\.13\.9 +merge +\+ safe +exposed +p prereq/.test(line)),
		);
	});

	it('fills its body in every size, and shows the cursor', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 40, max: 250 }),
				fc.integer({ min: 10, max: 70 }),
				fc.nat(11),
				(width, height, cursor) => {
					const view = rangeView(report, { ...RANGE_START, cursor }, { width, height, top: 0 });
					assert.equal(view.lines.length, height);
					const marked = view.lines.filter(({ selected }) => selected);
					if (view.page > 1) assert.ok(marked.length === 1);
				},
			),
		);
	});

	it('shows only what a filter leaves, and keeps the cursor on its release', () => {
		const at = (state: RangeState) => shownReleases(report, state)[state.cursor]?.release;
		const state = { ...RANGE_START, cursor: 5 };
		const only = reduceRange(state, 'longterm', report, 10);
		assert.equal(at(only), 'v4.14.5');
		assert.ok(
			shownReleases(report, only).every(
				({ series }) => !['4.13.y', '4.15.y', '4.18.y'].includes(series),
			),
		);
		assert.deepEqual(
			shownReleases(report, { ...RANGE_START, filter: 'needs-rework 4.18' }).map(
				({ release }) => release,
			),
			['v4.18.0'],
		);
		const config = reduceRange(RANGE_START, 'config', report, 10);
		assert.equal(config.config, 'arm64');
		assert.equal(
			reduceRange(reduceRange(config, 'config', report, 10), 'config', report, 10).config,
			undefined,
		);
		const none = texts(rangeView(report, { ...RANGE_START, filter: 'nothing' }, SHAPE));
		assert.ok(none.includes('no release has that; u shows all again'));
	});

	it('goes to the next release whose answer differs', () => {
		assert.equal(reduceRange(RANGE_START, 'next', report, 10).cursor, 4);
		assert.equal(reduceRange({ ...RANGE_START, cursor: 4 }, 'previous', report, 10).cursor, 3);
	});

	it('shows the verdict of the release where there is no configuration', () => {
		const bare = {
			...report,
			configs: [],
			releases: report.releases.map((one) => ({ ...one, byConfig: [] })),
		};
		const shown = texts(rangeView(bare, RANGE_START, SHAPE));
		assert.ok(
			shown.some((line) => /^> 3\.18\.y +v3\.18\.140 +merge +! unsafe/.test(line)),
			shown.join('\n'),
		);
	});
});

describe('the view of a release', () => {
	it('opens each evidence, hunk and commit that it names', () => {
		const report = rangeReport();
		const release = report.releases[5];
		assert.ok(release);
		const rows = releaseRows(report, release, 77);
		const targets = rows.flatMap(({ target }) => (target === undefined ? [] : [target]));
		for (const one of release.byConfig.flatMap(({ reasons, bug }) => [
			...reasons,
			...bug.competitors,
		])) {
			for (const { path, line } of one.evidence) {
				assert.ok(
					targets.some(
						(target) => target.kind === 'source' && target.path === path && target.line === line,
					),
				);
			}
		}
		assert.ok(
			targets.some(
				(target) => target.kind === 'commit' && target.commit.startsWith('0123456789ab'),
			),
		);
		assert.ok(targets.some((target) => target.kind === 'source' && target.line === 40));
		assert.ok(rows.every(({ line }) => columnsOf(plainText(line)) <= 77));
	});
});

describe('the view of styles', () => {
	const state = withMatrix(STYLES_START, matrixOf(stylesReport()), undefined);

	it('has capabilities above drivers, releases in order, and the cursor on a driver', () => {
		const { matrix } = state;
		assert.ok(matrix);
		const kinds = matrix.rows.map(({ kind }) => kind);
		assert.ok(kinds.lastIndexOf('capability') < kinds.indexOf('driver'));
		assert.equal(matrix.rows[state.cursor.row]?.kind, 'driver');
		const view = stylesView(state, { ...SHAPE, left: 0 });
		assert.equal(view.lines.length, SHAPE.height);
		assert.ok(view.lines.every((line) => columnsOf(plainText(line)) <= SHAPE.width + 1));
		assert.ok(cellRows(matrix, state.cursor, 70).length > 2);
	});

	it('compares a cell with the marked one, else with the last that differs', () => {
		const { matrix } = state;
		assert.ok(matrix);
		const row = matrix.rows.findIndex(
			({ cells }) => new Set(cells.map((cell) => cell?.text)).size > 1,
		);
		const column = matrix.releases.length - 1;
		const places = comparedPlaces({ ...state, cursor: { row, column } });
		assert.ok(places);
		const [from, to] = [places.from, places.to].map(
			(place) => matrix.rows[place.row]?.cells[place.column]?.text,
		);
		assert.notEqual(from, to);
		assert.ok(transitionRows(matrix, places.from, places.to, 70).length >= 3);
		const marked = reduceStyles({ ...state, cursor: { row, column: 0 } }, 'mark', 10);
		assert.deepEqual(comparedPlaces({ ...marked, cursor: { row, column } })?.from, {
			row,
			column: 0,
		});
	});
});

describe('the view of history', () => {
	const records = Array.from({ length: 1000 }, (_, i) =>
		record(i, i % 100 === 7 ? { transition: true, after: 'probe@device' } : {}),
	);
	const state = withRecords(
		withRecords({ ...HISTORY_START, paths: ['drivers/iommu'] }, records.slice(0, 400)),
		records.slice(400),
	);

	it('takes records in parts, and shows those that a search leaves', () => {
		assert.equal(state.shown.length, 1000);
		assert.equal(filtered(state, { onlyTransitions: true }).shown.length, 10);
		const one = filtered(state, { filter: 'Change 99' });
		assert.equal(one.shown.length, 11);
		assert.equal(filtered(one, { filter: 'change 999' }).shown.length, 1);
		assert.deepEqual(filtered(one, { filter: '' }).shown, state.shown);
		const later = withRecords(filtered(state, { filter: 'change 1001' }), [
			record(1001),
			record(1002),
		]);
		assert.equal(later.shown.length, 1);
	});

	it('marks transitions, goes through them, and shows one page only', () => {
		const view = historyView(state, CLONE, SHAPE);
		assert.equal(view.lines.length, SHAPE.height);
		const shown = texts(view);
		assert.ok(
			shown.some((line) => / \* 000000000000 2016-02 .* initcall@subsys -> probe@/.test(line)),
			shown.join('\n'),
		);
		assert.equal(reduceHistory(state, 'next', 10).cursor, 7);
		assert.equal(reduceHistory({ ...state, cursor: 7 }, 'previous', 10).cursor, 907);
	});

	it('says what is missing without a clone, and without a path', () => {
		assert.match(texts(historyView(state, undefined, SHAPE))[0] ?? '', /none is open/);
		assert.match(texts(historyView(HISTORY_START, CLONE, SHAPE))[0] ?? '', /no path/);
	});

	it('keeps a search of 100,000 records fast', function () {
		this.timeout(20_000);
		const many = withRecords(
			{ ...HISTORY_START, paths: ['drivers'] },
			Array.from({ length: 100_000 }, (_, i) => record(i)),
		);
		let shown = 0;
		const took = cpuTaken(() => {
			shown = filtered(many, { filter: 'change 9999' }).shown.length;
		});
		assert.equal(shown, 11);
		assert.ok(took < 500, `${took.toFixed(0)} ms`);
	});
});

describe('the view of a bisection', () => {
	it('shows what is left and what each step answered', () => {
		let state = bisectStart('v4.1', 'v4.8', "style(acme-mmu) ~ 'probe*'");
		state = withStep(state, { commit: 'a'.repeat(40), left: 11, steps: 3 });
		assert.ok(
			texts(bisectView(state, () => 'a subject', SHAPE)).some((line) =>
				line.startsWith('11 commits left'),
			),
		);
		state = withStep(state, { commit: 'a'.repeat(40), left: 11, steps: 3, answer: 'good' });
		state = withStep(state, { commit: 'b'.repeat(40), left: 5, steps: 2 });
		assert.equal(state.steps.length, 2);
		const shown = texts(bisectView(state, () => 'a subject', SHAPE));
		assert.ok(shown.includes('> 11     good    aaaaaaaaaaaa a subject'), shown.join('\n'));
		assert.ok(shown.includes('  5      asking  bbbbbbbbbbbb a subject'));
	});
});

describe('the view of a text', () => {
	it('shows tabs as a terminal does, and numbers lines', () => {
		assert.equal(untabbed('\tint\ta;'), '        int     a;');
		const rows = sourceRows(['int a;', '\tint b;'], 2);
		const shown = texts(linesView('a.c', rows, { cursor: 1, left: 0, search: '' }, SHAPE));
		assert.deepEqual(shown.slice(0, 3), ['a.c', '  1 int a;', '> 2         int b;']);
	});

	it('tells what came and went in a diff', () => {
		const rows = diffRows([
			'- no diff yet',
			'diff --git a/a b/a',
			'--- a/a',
			'-old',
			'+new',
			'@@ -1 +1 @@',
		]);
		assert.deepEqual(
			rows.map(({ line }) => line.spans[0]?.tone ?? 'plain'),
			['plain', 'strong', 'strong', 'bad', 'good', 'warn'],
		);
	});

	it('draws a page of a long text at once', () => {
		const rows = sourceRows(
			Array.from({ length: 200_000 }, (_, i) => `line ${i}`),
			0,
		);
		const taken = cpuTaken(() => {
			linesView('', rows, { cursor: 150_000, left: 0, search: '' }, SHAPE);
		});
		assert.ok(taken < 50, `${taken} ms`);
	});
});
