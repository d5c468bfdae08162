/** The state of the screen Styles: a matrix of capabilities and drivers by releases, and a cursor in it. */
import { compareVersions, parseVersion } from '../../../src/kernel/version.ts';
import type { StylesReport } from '../../../src/range/report.ts';
import type { CommandId } from '../keys.ts';
import { moved, nextWhere, within } from './list.ts';

export type DriverRelease = StylesReport['drivers'][number]['releases'][number];
export type Capability = StylesReport['capabilities'][number];

export interface Place {
	readonly row: number;
	readonly column: number;
}

export interface StylesState {
	/** All rows. */
	readonly whole: Matrix | undefined;
	/** Those that are shown. */
	readonly matrix: Matrix | undefined;
	readonly cursor: Place;
	/** The cell that another is compared with. */
	readonly mark: Place | undefined;
	readonly search: string;
	readonly isLoading: boolean;
	/** Rows of single symbols are shown, too. */
	readonly symbols: boolean;
}

export const STYLES_START: StylesState = {
	whole: undefined,
	matrix: undefined,
	cursor: { row: 0, column: 0 },
	mark: undefined,
	search: '',
	isLoading: false,
	symbols: false,
};

export interface Cell {
	readonly text: string;
	/** Of a driver. */
	readonly driver?: DriverRelease;
	/** Of a capability. */
	readonly capability?: Capability;
}

export interface MatrixRow {
	readonly name: string;
	readonly kind: 'capability' | 'driver';
	/** One a release; undefined where the driver is not there. */
	readonly cells: readonly (Cell | undefined)[];
}

/** Capabilities first, then drivers; releases in kernel order. */
export interface Matrix {
	readonly releases: readonly string[];
	readonly rows: readonly MatrixRow[];
}

/** The report as a matrix. */
export function matrixOf(report: StylesReport): Matrix {
	const names = new Set([
		...report.capabilities.map(({ release }) => release),
		...report.drivers.flatMap(({ releases }) => releases.map(({ release }) => release)),
	]);
	const releases = [...names]
		.map((name) => ({ name, version: parseVersion(name) }))
		.sort((a, b) =>
			a.version === undefined || b.version === undefined
				? a.name.localeCompare(b.name)
				: compareVersions(a.version, b.version),
		)
		.map(({ name }) => name);
	const capabilities = [...new Set(report.capabilities.map(({ capability }) => capability))];
	const rowOf = (
		name: string,
		kind: MatrixRow['kind'],
		cells: ReadonlyMap<string, Cell>,
	): MatrixRow => ({ name, kind, cells: releases.map((release) => cells.get(release)) });
	return {
		releases,
		rows: [
			...capabilities.map((name) => {
				const of = report.capabilities.filter(({ capability }) => capability === name);
				const cells = of.map(
					(one) => [one.release, { text: String(one.value), capability: one }] as const,
				);
				return rowOf(name, 'capability', new Map(cells));
			}),
			...report.drivers.map(({ driver, releases: of }) => {
				const cells = of.map((one) => [one.release, { text: one.style, driver: one }] as const);
				return rowOf(driver, 'driver', new Map(cells));
			}),
		],
	};
}

/** Capabilities that say of one symbol whether the tree has it. */
function isSymbol({ kind, name }: MatrixRow): boolean {
	return kind === 'capability' && name.startsWith('symbol:');
}

function withRows(whole: Matrix, symbols: boolean): Matrix {
	return symbols ? whole : { ...whole, rows: whole.rows.filter((row) => !isSymbol(row)) };
}

/** The state with a matrix that was read; the cursor is on the newest cell of a driver, the named one's if it is there. */
export function withMatrix(
	state: StylesState,
	whole: Matrix,
	driver: string | undefined,
): StylesState {
	const matrix = withRows(whole, state.symbols);
	const named = matrix.rows.findIndex(({ kind, name }) => kind === 'driver' && name === driver);
	const first = matrix.rows.findIndex(({ kind }) => kind === 'driver');
	const row = Math.max(0, named === -1 ? first : named);
	const cells = matrix.rows[row]?.cells ?? [];
	const last = cells.findLastIndex((cell) => cell !== undefined);
	return { ...state, whole, matrix, cursor: { row, column: Math.max(0, last) }, isLoading: false };
}

/** The state with the rows of symbols shown or left out; the cursor stays on its row where that is shown. */
function turnSymbols(state: StylesState): StylesState {
	const { whole, matrix, cursor, symbols } = state;
	if (whole === undefined) return state;
	const next = withRows(whole, !symbols);
	const at = matrix?.rows[cursor.row];
	const row = Math.max(0, at === undefined ? 0 : next.rows.indexOf(at));
	return { ...state, symbols: !symbols, matrix: next, cursor: { ...cursor, row }, mark: undefined };
}

export function cellAt(matrix: Matrix, { row, column }: Place): Cell | undefined {
	return matrix.rows[row]?.cells[column];
}

/** The two cells of a row that are compared: the marked one, else the last that differs before the cursor. */
export function comparedPlaces(state: StylesState): { from: Place; to: Place } | undefined {
	const { matrix, cursor, mark } = state;
	if (matrix === undefined) return undefined;
	if (mark !== undefined && mark.row === cursor.row && mark.column !== cursor.column) {
		return mark.column < cursor.column ? { from: mark, to: cursor } : { from: cursor, to: mark };
	}
	const text = cellAt(matrix, cursor)?.text;
	for (let column = cursor.column - 1; column >= 0; column--) {
		const from = { row: cursor.row, column };
		if (cellAt(matrix, from)?.text !== text)
			return { from, to: { row: cursor.row, column: column + 1 } };
	}
	return undefined;
}

/** The state after a command; the same for one that is none of this screen's. */
export function reduceStyles(state: StylesState, command: CommandId, page: number): StylesState {
	const { matrix, cursor } = state;
	if (matrix === undefined) return state;
	const row = moved(cursor.row, command, matrix.rows.length, page);
	if (row !== undefined) return { ...state, cursor: { ...cursor, row } };
	switch (command) {
		case 'left':
			return { ...state, cursor: { ...cursor, column: Math.max(0, cursor.column - 1) } };
		case 'right':
			return {
				...state,
				cursor: { ...cursor, column: within(cursor.column + 1, matrix.releases.length) },
			};
		case 'symbols':
			return turnSymbols(state);
		case 'mark':
			return { ...state, mark: cursor };
		case 'next':
		case 'previous':
			return onMatch(state, command === 'next', cursor.row);
		default:
			return state;
	}
}

function onMatch(state: StylesState, forward: boolean, from: number): StylesState {
	const rows = state.matrix?.rows ?? [];
	const wanted = state.search.toLowerCase();
	const found = nextWhere(
		from,
		rows.length,
		forward,
		(place) => wanted !== '' && rows[place]?.name.toLowerCase().includes(wanted) === true,
	);
	return found === undefined ? state : { ...state, cursor: { ...state.cursor, row: found } };
}

/** The state while a search is typed: at the first row from the top whose name has it. */
export function searchedStyles(state: StylesState, search: string): StylesState {
	return onMatch({ ...state, search }, true, -1);
}
