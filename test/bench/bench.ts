/**
 * The benchmark: ratios of one run, beside their limits.
 *
 *   npm run bench -- --repo DIR [--mail FILE] [--rounds N] [--check]
 *
 * Uses the built program in dist/. Without --repo only the program of `npm start` is measured.
 */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { factsAgainstParse } from './facts.ts';
import { bestOf, peakMemory, runProgram, withFolder } from './measure.ts';
import { placementTimes } from './placement.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.cjs');

/** A figure with its limit; `atLeast` says on which side of it the figure has to be. */
interface Figure {
	what: string;
	value: number;
	unit: string;
	limit: number;
	atLeast: boolean;
	/** The times it was made from. */
	from: string;
}

function meets({ value, limit, atLeast }: Figure): boolean {
	return atLeast ? value >= limit : value <= limit;
}

function ms(value: number): string {
	return `${value.toFixed(0)} ms`;
}

function startFigures(rounds: number, cache: string): Figure[] {
	const env = { RANGEFINDER_CACHE: cache };
	const best = bestOf(rounds * 2, [
		{ name: 'node', run: () => runProgram(process.execPath, ['-e', '0']) },
		{
			name: 'start',
			run: () => runProgram(process.execPath, [MAIN, 'range', '--example'], { env }),
		},
	]);
	const node = best.get('node') ?? Number.NaN;
	const start = best.get('start') ?? Number.NaN;
	return [
		{
			what: 'npm start against node -e 0',
			value: start / node,
			unit: 'x',
			limit: 4,
			atLeast: false,
			from: `${ms(start)} : ${ms(node)}`,
		},
		{
			what: 'npm start, peak memory',
			value: peakMemory([MAIN, 'range', '--example'], env),
			unit: 'MiB',
			limit: 150,
			atLeast: false,
			from: '',
		},
	];
}

/** The loop that maintainers write: every tag into a scratch index, and does the patch apply there? */
function maintainersLoop(repo: string, tags: readonly string[], patch: Uint8Array, index: string) {
	const env = { GIT_INDEX_FILE: index, GIT_DIR: repo };
	for (const tag of tags) {
		runProgram('git', ['read-tree', tag], { env });
		runProgram('git', ['apply', '--cached', '--check', '-'], { env, input: patch });
	}
}

function loopFigures(repo: string, mail: string, rounds: number, folder: string): Figure[] {
	const git = (...args: string[]): string =>
		execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8' });
	const gitDir = resolve(repo, git('rev-parse', '--git-dir').trim());
	const tags = git('tag').split('\n').filter(Boolean);
	const patch = execFileSync(process.execPath, [MAIN, 'repair', mail, '--repo', repo], {
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	let fresh = 0;
	const range = (cache: () => string, ...words: string[]): void =>
		runProgram(process.execPath, [MAIN, 'range', mail, '--repo', repo, ...words], {
			env: { RANGEFINDER_CACHE: cache() },
		});
	const emptyCache = (): string => join(folder, `empty-${fresh++}`);
	const warmCache = (): string => join(folder, 'warm');
	range(warmCache, '--no-index');
	const best = bestOf(rounds, [
		{ name: 'loop', run: () => maintainersLoop(gitDir, tags, patch, join(folder, 'scratch')) },
		{ name: 'placement', run: () => range(emptyCache, '--only', 'placement') },
		{ name: 'index', run: () => range(emptyCache) },
		{ name: 'no-index, empty', run: () => range(emptyCache, '--no-index') },
		{ name: 'no-index, warm', run: () => range(warmCache, '--no-index') },
	]);
	const loop = best.get('loop') ?? Number.NaN;
	const figure = (what: string, name: string, limit: number): Figure => {
		const took = best.get(name) ?? Number.NaN;
		const from = `${ms(loop)} : ${ms(took)}`;
		return { what, value: loop / took, unit: 'x', limit, atLeast: true, from };
	};
	return [
		figure(`loop of ${tags.length} tags against --only placement`, 'placement', 12),
		figure('… against the verdict, shipped index, empty cache', 'index', 8),
		figure('… against --no-index, empty cache', 'no-index, empty', 1),
		figure('… against --no-index, warm cache', 'no-index, warm', 10),
	];
}

/** The slowest way of landing counts. */
function placementFigure(rounds: number): Figure {
	const times = [...placementTimes(rounds)].sort(([, a], [, b]) => b - a);
	return {
		what: 'placement of one hunk in 10,000 lines',
		value: times[0]?.[1] ?? Number.NaN,
		unit: 'ms',
		limit: 1,
		atLeast: false,
		from: times.map(([result, took]) => `${result} ${took.toFixed(3)}`).join(', '),
	};
}

async function factsFigure(repo: string, release: string, rounds: number): Promise<Figure> {
	const { files, bytes, facts, parse } = await factsAgainstParse(repo, release, rounds);
	return {
		what: `facts of ${files} files of ${release} against a parse`,
		value: facts / parse,
		unit: 'x',
		limit: 2,
		atLeast: false,
		from: `${ms(facts)} : ${ms(parse)}, ${(bytes / 1024).toFixed(0)} KiB`,
	};
}

function table(figures: readonly Figure[]): string {
	const rows = figures.map((figure) => [
		figure.what,
		`${figure.value.toFixed(figure.unit === 'MiB' ? 0 : 2)} ${figure.unit}`,
		`${figure.atLeast ? '>=' : '<='} ${figure.limit} ${figure.unit}`,
		meets(figure) ? 'ok' : 'MISSED',
		figure.from,
	]);
	const all = [['what', 'result', 'limit', '', 'from'], ...rows];
	const widths = [0, 1, 2, 3].map((i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
	return all
		.map((row) =>
			row
				.map((cell, i) => cell.padEnd(widths[i] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			repo: { type: 'string' },
			mail: { type: 'string' },
			release: { type: 'string', default: 'v4.12.4' },
			rounds: { type: 'string', default: '5' },
			check: { type: 'boolean', default: false },
		},
	});
	const rounds = Math.max(1, Number(values.rounds) || 1);
	const figures = withFolder((folder) => [
		...startFigures(rounds, join(folder, 'start')),
		...(values.repo === undefined || values.mail === undefined
			? []
			: loopFigures(resolve(values.repo), resolve(values.mail), rounds, folder)),
	]);
	figures.push(placementFigure(rounds));
	if (values.repo !== undefined) {
		figures.push(await factsFigure(resolve(values.repo), values.release, rounds));
	}
	console.log(`node ${process.version}, best of ${rounds} interleaved rounds (start: twice that)`);
	console.log(table(figures));
	if (values.check && !figures.every(meets)) process.exitCode = 1;
}

await main();
