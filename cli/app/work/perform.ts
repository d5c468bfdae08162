/** Does one task with the engine of the commands. Runs in the process of a worker. */
import { resolve } from 'node:path';
import { RangefinderError } from '../../../src/errors.ts';
import { demandGit, type ObjectStore } from '../../../src/git/store.ts';
import type { LogRecord } from '../../../src/history/log-report.ts';
import type { Engine, EngineWorld, Progress, RangeOptions } from '../../engine.ts';
import type { Answers, CommitLine, PatchInput, Task, TaskKind, Told } from './tasks.ts';

/** How often a long task tells of itself, milliseconds. */
const EVERY_MS = 80;
/** Commits that are listed at most. */
const MOST_COMMITS = 500;
/** Lines of a text that are shown at most. */
const MOST_LINES = 200_000;

type Tell = (told: Told) => void;

/** Progress that is told, not too often. */
export function toldProgress(tell: Tell, now: () => number): Progress {
	let label = '';
	let total = 0;
	let done = 0;
	let next = 0;
	const say = () => tell({ kind: 'progress', label, done, total });
	return {
		start(newLabel, newTotal) {
			label = newLabel;
			total = newTotal;
			done = 0;
			next = now() + EVERY_MS;
			say();
		},
		step() {
			done += 1;
			if (now() < next) return;
			next = now() + EVERY_MS;
			say();
		},
		end() {},
	};
}

/**
 * The answer to a task.
 * @throws RangefinderError as the commands do
 */
export async function perform<K extends TaskKind>(
	task: Task<K>,
	world: EngineWorld,
	engine: Engine,
	tell: Tell,
): Promise<Answers[K]> {
	return (await answer(task as Task, world, engine, tell)) as Answers[K];
}

async function answer(
	task: Task,
	world: EngineWorld,
	engine: Engine,
	tell: Tell,
): Promise<Answers[TaskKind]> {
	const progress = toldProgress(tell, () => performance.now());
	switch (task.kind) {
		case 'range':
			return engine.ranges({ ...rangeOptions(task), progress });
		case 'styles': {
			const { repo } = task;
			return engine.styles({
				paths: [],
				...(repo === undefined ? {} : { repo }),
				release: [],
				progress,
			});
		}
		case 'log':
			return walk(task, engine, progress, tell);
		case 'bisect':
			return engine.bisect({
				good: [task.good],
				bad: task.bad,
				asks: { where: task.where },
				repo: task.repo,
				jobs: 1,
				flips: false,
				reset: false,
				noCache: false,
				terms: { good: 'good', bad: 'bad' },
				progress,
				output: () => undefined,
				note: () => undefined,
				onStep: (step) => tell({ kind: 'step', step }),
			});
		case 'source':
			return withStore(task.repo, world, (store) => sourceLines(store, task));
		case 'diff':
			return withStore(task.repo, world, (store) => diffLines(store, task.commit));
		case 'commits':
			return withStore(task.repo, world, (store) => commitLines(store, task.text));
		case 'clone':
			return withClone(task.folder, world);
		case 'repair': {
			const { text } = await engine.repair({
				input: task.input,
				...(task.patch === undefined ? {} : { patch: task.patch }),
				...(task.repo === undefined ? {} : { repo: task.repo }),
			});
			return Buffer.from(text).toString('latin1');
		}
		case 'series': {
			const { mails, why } = await engine.exportSeries({
				...rangeOptions(task),
				input: task.input,
				onto: [task.onto],
				max: MOST_OF_LIST,
				tries: MOST_TRIES,
				textual: true,
				progress,
			});
			return {
				mails: mails.map(({ name, bytes }) => ({
					name,
					text: Buffer.from(bytes).toString('latin1'),
				})),
				why: why ?? '',
			};
		}
	}
}

/** Bounds of the search for what a patch needs, as the command has them. */
const MOST_OF_LIST = 20;
const MOST_TRIES = 300;

function rangeOptions(task: PatchInput): Omit<RangeOptions, 'progress'> {
	return {
		input: task.example ? undefined : task.input,
		example: task.example,
		...(task.patch === undefined ? {} : { patch: task.patch }),
		...(task.repo === undefined ? {} : { repo: task.repo }),
		noIndex: false,
		noCache: false,
		release: [],
		series: [],
		all: false,
		onto: [],
		arch: [],
	};
}

async function walk(
	task: Task<'log'>,
	engine: Engine,
	progress: Progress,
	tell: Tell,
): Promise<Answers['log']> {
	let waiting: LogRecord[] = [];
	let next = 0;
	let commits = 0;
	const flush = () => {
		if (waiting.length > 0) tell({ kind: 'records', records: waiting });
		waiting = [];
		next = performance.now() + EVERY_MS;
	};
	await engine.log(
		{ paths: task.paths, repo: task.repo, noIndex: false, noCache: false, rev: [], progress },
		(record) => {
			if (record.kind === 'summary') commits = record.commits;
			else waiting.push(record);
			if (performance.now() >= next) flush();
		},
	);
	flush();
	return { commits };
}

async function withStore<T>(
	repo: string,
	world: EngineWorld,
	use: (store: ObjectStore) => Promise<T>,
): Promise<T> {
	const { openStore } = await import('../../../src/git/open-store.ts');
	const { fetchOptions } = await import('../../sources.ts');
	const fetch = await fetchOptions(world, {});
	const store = await openStore(resolve(world.cwd, repo), { env: world.env, fetch });
	try {
		return await use(store);
	} finally {
		await store.close();
	}
}

async function withClone(folder: string, world: EngineWorld): Promise<Answers['clone']> {
	const { openClone } = await import('../../sources.ts');
	const { store, releases } = await openClone(resolve(world.cwd, folder), world, {});
	await store.close();
	return { folder: store.where, releases: releases.length };
}

function linesOf(bytes: Uint8Array): string[] {
	const lines = Buffer.from(bytes).toString('utf8').split('\n', MOST_LINES);
	if (lines.at(-1) === '') lines.pop();
	return lines;
}

async function sourceLines(store: ObjectStore, task: Task<'source'>): Promise<string[]> {
	let blob = task.blob;
	for (const revision of task.revisions) {
		if (blob !== undefined) break;
		const commit = await store.resolveCommit(revision);
		if (commit !== undefined) [blob] = await store.blobIds(commit, [task.path]);
	}
	const bytes = blob === undefined ? undefined : (await store.blobs([blob])).get(blob);
	if (bytes !== undefined) return linesOf(bytes);
	throw new RangefinderError({
		code: 'object-missing',
		where: store.where,
		what: `${task.path} of ${task.revisions[0] ?? 'that release'} is not in it`,
		hint: 'fetch the release there (git fetch --tags), or open another clone',
	});
}

async function diffLines(store: ObjectStore, commit: string): Promise<string[]> {
	const { parents } = await store.commitInfo(commit);
	if (parents.length < 2) return linesOf(await store.patchOf(commit));
	// A merge has no mail; what it changed to each of its parents is shown.
	const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--cc', '--end-of-options'];
	return linesOf(await demandGit(store, 'the diff of a merge').output(['show', ...plain, commit]));
}

/** The commits of HEAD and of every tag, the newest first. */
async function commitLines(store: ObjectStore, text: string): Promise<CommitLine[]> {
	const asked = text === '' ? [] : ['--regexp-ignore-case', '--fixed-strings', `--grep=${text}`];
	const out = await demandGit(store, 'looking for commits').output([
		'log',
		'--no-color',
		'--no-merges',
		`--max-count=${MOST_COMMITS}`,
		'--date=short',
		'--format=%H %ad %s',
		...asked,
		...((await store.resolveCommit('HEAD')) === undefined ? [] : ['HEAD']),
		'--branches',
		'--tags',
		'--',
	]);
	return linesOf(out)
		.map((line) => ({
			commit: line.slice(0, 40),
			date: line.slice(41, 51),
			subject: line.slice(52),
		}))
		.filter(({ subject }) => subject.toLowerCase().includes(text.toLowerCase()));
}
