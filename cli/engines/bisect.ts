/** Joins `bisect` and `probe` to the library: opens the clone, asks, and puts the report together. */
import { realpath } from 'node:fs/promises';
import { EXTRACTOR_VERSION } from '../../src/driver/facts.ts';
import { LINKER_VERSION } from '../../src/driver/link.ts';
import { RangefinderError } from '../../src/errors.ts';
import { belowBoundary } from '../../src/git/shallow.ts';
import { type Answer, bisect } from '../../src/history/bisect.ts';
import {
	badOf,
	demandAnswers,
	demandGoodBases,
	demandOrder,
	goodsOf,
} from '../../src/history/bisect-ends.ts';
import type { BisectReport, ProbeReport } from '../../src/history/bisect-report.ts';
import { cutsOfRange } from '../../src/history/boundary.ts';
import { findFlips } from '../../src/history/flips.ts';
import { type CommitGraph, readGraph } from '../../src/history/graph.ts';
import { type End, Journal } from '../../src/history/journal.ts';
import { PredicateJudge } from '../../src/history/judge-predicate.ts';
import { printPredicate } from '../../src/history/predicate.ts';
import { parsePredicate } from '../../src/history/predicate-parse.ts';
import type { EngineWorld } from '../engine.ts';
import { type Answerer, commandAnswerer, predicateAnswerer, withJournal } from './answerers.ts';
import { askersOf } from './askers.ts';
import type { BisectOptions, BisectStep, ProbeOptions } from './bisect-types.ts';
import { CommitReports, toldReport } from './commit-reports.ts';
import { commitOf, type HistorySource, openHistory, ownFolder } from './history-source.ts';

/** Finds the first commit, or every flip. */
export async function runBisect(world: EngineWorld, options: BisectOptions): Promise<BisectReport> {
	const where = 'where' in options.asks ? printPredicate(parsePredicate(options.asks.where)) : null;
	const history = await openHistory(world, options, 'bisecting');
	try {
		const ends = await endsOf(history, options);
		await demandOrder(history.git, ends, options.terms);
		const bare = await answererOf(world, history, options, ends);
		try {
			const journal = await journalOf(world, history, options, ends, where, bare);
			for (const { was, is } of journal.moved) {
				const short = [was.commit, is.commit].map((one) => one.slice(0, 12));
				options.note(`${is.revision} was ${short[0]} when this began, and is ${short[1]} now`);
			}
			if (journal.resumed > 0) {
				options.note(`going on with ${journal.resumed} answers of an earlier run`);
			}
			const search = new Search(history, options, ends, withJournal(bare, journal));
			const found = options.flips ? await search.flips() : await search.first();
			if (journal.lost !== undefined) {
				search.notes.push(`answers could not be kept: ${journal.lost}`);
			}
			const { result, first, before, after, suspects, flips, untold } = found;
			const { cannotTell, candidates, steps } = found;
			return {
				schema: 'rangefinder.bisect/1',
				repository: history.store.where,
				where,
				run: 'run' in options.asks ? [...options.asks.run] : null,
				ends,
				result,
				first,
				before,
				after,
				suspects,
				flips,
				untold,
				...(cannotTell === undefined ? {} : { cannotTell }),
				candidates,
				steps,
				asked: journal.asked,
				evaluations: bare.evaluations(),
				resumed: {
					answers: journal.resumed,
					moved: journal.moved.map(({ was, is }) => ({
						revision: is.revision,
						was: was.commit,
						is: is.commit,
					})),
				},
				notes: search.notes,
			};
		} finally {
			await bare.close();
		}
	} finally {
		options.progress.end();
		await history.close();
	}
}

/** Whether a predicate holds at one commit. */
export async function runProbe(world: EngineWorld, options: ProbeOptions): Promise<ProbeReport> {
	const predicate = parsePredicate(options.where);
	const history = await openHistory(world, options, 'probing a commit');
	try {
		const { open, store } = history;
		const commit = await commitOf(store, options.revision);
		const askers = await askersOf(predicate, { world, open, ends: [commit], strict: false });
		const { holds, sights } = await new PredicateJudge(predicate, askers).at(commit);
		return {
			schema: 'rangefinder.probe/1',
			repository: store.where,
			revision: options.revision,
			commit,
			where: printPredicate(predicate),
			holds: holds ?? null,
			evidence: [...sights],
		};
	} finally {
		options.progress.end();
		await history.close();
	}
}

async function endsOf({ store }: HistorySource, { good, bad }: BisectOptions): Promise<End[]> {
	const ends: End[] = [];
	for (const revision of good) {
		ends.push({ side: 'good', revision, commit: await commitOf(store, revision) });
	}
	ends.push({ side: 'bad', revision: bad, commit: await commitOf(store, bad) });
	return ends;
}

async function answererOf(
	world: EngineWorld,
	history: HistorySource,
	options: BisectOptions,
	ends: readonly End[],
): Promise<Answerer> {
	const { asks } = options;
	if ('run' in asks) {
		const folder = ownFolder(world, 'work');
		return commandAnswerer(asks.run, history.git, world.env, folder, options.output);
	}
	const predicate = parsePredicate(asks.where);
	const commits = ends.map(({ commit }) => commit);
	const context = { world, open: history.open, ends: commits, strict: true };
	return predicateAnswerer(new PredicateJudge(predicate, await askersOf(predicate, context)));
}

async function journalOf(
	world: EngineWorld,
	history: HistorySource,
	options: BisectOptions,
	ends: readonly End[],
	where: string | null,
	answerer: Answerer,
): Promise<Journal> {
	if (options.noCache) return Journal.unkept();
	const repository = await realpath(history.store.where);
	const revisions = ends.map(({ side, revision }) => ({ side, revision }));
	const asks = JSON.stringify([
		where ?? options.asks,
		answerer.dependsOn,
		`${EXTRACTOR_VERSION}.${LINKER_VERSION}`,
	]);
	const question = { repository, revisions, asks };
	return Journal.open(ownFolder(world, 'bisect'), question, ends, options.reset);
}

type Found = Pick<
	BisectReport,
	| 'result'
	| 'first'
	| 'before'
	| 'after'
	| 'suspects'
	| 'flips'
	| 'untold'
	| 'cannotTell'
	| 'candidates'
	| 'steps'
>;

function nothing(): Omit<Found, 'result' | 'candidates'> {
	return {
		first: null,
		before: [],
		after: null,
		suspects: [],
		flips: [],
		untold: [],
		steps: 0,
	};
}

/** One search in one clone. */
class Search {
	readonly notes: string[] = [];
	readonly #history: HistorySource;
	readonly #options: BisectOptions;
	readonly #ends: readonly End[];
	readonly #answerer: Answerer;
	readonly #commits: CommitReports;

	constructor(
		history: HistorySource,
		options: BisectOptions,
		ends: readonly End[],
		answerer: Answerer,
	) {
		this.#history = history;
		this.#options = options;
		this.#ends = ends;
		this.#answerer = answerer;
		this.#commits = new CommitReports(history);
	}

	/** The first bad commit, or those among which it is. */
	async first(): Promise<Found> {
		const { terms, progress, jobs, onStep } = this.#options;
		let step: BisectStep | undefined;
		const { git } = this.#history;
		const never = new AbortController().signal;
		const ask = (commit: string) => this.#answerer.ask(commit, never);
		if (this.#answerer.isCheap) await demandAnswers(this.#ends, ask, terms, this.notes);
		await demandGoodBases(git, this.#ends, ask, terms, this.notes);
		const [graph, cuts] = await Promise.all([this.#graph(), this.#cuts()]);
		if (graph.size === 0 && cuts.length > 0) {
			return { ...nothing(), result: 'cannot-tell', candidates: 0, ...this.#cutOff(cuts) };
		}
		if (graph.size === 0) {
			throw new RangefinderError({
				code: 'bad-range',
				what: 'no commit between the two ends touches what the predicate reads',
				hint: 'choose ends that differ in it',
			});
		}
		const { first, suspects, steps } = await bisect({
			dag: graph,
			jobs,
			ask: async (commit, signal) => {
				const answer = await this.#answer(graph.id(commit), signal);
				if (step?.commit === graph.id(commit)) onStep?.({ ...step, answer });
				return answer;
			},
			onStep: (commit, left) => {
				step = { commit: graph.id(commit), left: left.all, steps: left.steps };
				onStep?.(step);
				progress.start(`bisecting, ${left.all} commits left; steps`, left.steps + 1);
				progress.step();
			},
		});
		const common = { ...nothing(), candidates: graph.size, steps };
		const ends = new Set(cuts);
		const below = suspects.map((suspect) => graph.id(suspect)).filter((id) => ends.has(id));
		if (first === undefined || below.length > 0) {
			return {
				...common,
				...(await this.#suspects(graph, suspects)),
				...(below.length > 0 ? this.#cutOff(below) : {}),
			};
		}
		const id = graph.id(first);
		const bad = badOf(this.#ends);
		if (id === bad.commit && this.#answerer.known(id) === undefined && !this.#answerer.isCheap) {
			this.notes.push(`${bad.revision} itself was not run: it is ${terms.bad} because you say so`);
		}
		const { parents } = await this.#history.store.commitInfo(id);
		const before = await this.#toldOf(parents);
		// Where history ends in a commit that has none of the paths, no candidate stands for it.
		if (cuts.length > 0 && before.some(({ answer }) => answer === 'bad')) {
			return { ...common, result: 'cannot-tell', ...this.#cutOff(cuts) };
		}
		return {
			...common,
			result: 'found',
			first: {
				...(await this.#commits.of(id)),
				firstRelease: await this.#commits.firstRelease(id),
			},
			before,
			after: (await this.#toldOf([id]))[0] ?? null,
		};
	}

	/** Every commit where it changes. */
	async flips(): Promise<Found> {
		const { jobs, progress } = this.#options;
		const [graph, cuts] = await Promise.all([this.#graph(), this.#cuts()]);
		progress.start('looking at commits', graph.size);
		const found = await findFlips({
			dag: graph,
			jobs,
			parentIds: async (id) => (await this.#history.store.commitInfo(id)).parents,
			ask: (id, signal) => this.#answer(id, signal),
			onStep: () => progress.step(),
		});
		const flips: Found['flips'] = [];
		for (const { commit, to, certain } of found.flips) {
			const id = graph.id(commit);
			flips.push({
				...(await this.#commits.of(id)),
				firstRelease: await this.#commits.firstRelease(id),
				holds: to === 'bad',
				certain,
				evidence: [...(this.#answerer.known(id)?.sights ?? [])],
			});
		}
		const untold = await this.#toldOf(found.untold.map((commit) => graph.id(commit)));
		const open = cuts.length > 0 ? this.#cutOff(cuts) : {};
		return { ...nothing(), result: 'flips', flips, untold, candidates: graph.size, ...open };
	}

	async #answer(commit: string, signal: AbortSignal): Promise<Answer> {
		return (await this.#answerer.ask(commit, signal)).answer;
	}

	#graph(): Promise<CommitGraph> {
		const goods = goodsOf(this.#ends).map(({ commit }) => `^${commit}`);
		const { paths, ancestry } = this.#answerer.reads;
		const revisions = [badOf(this.#ends).commit, ...goods];
		return readGraph(this.#history.git, revisions, ancestry ? [] : paths);
	}

	/** The commits in the range at which a shallow clone ends. */
	#cuts(): Promise<string[]> {
		const goods = goodsOf(this.#ends).map(({ commit }) => commit);
		return cutsOfRange(this.#history.git, [badOf(this.#ends).commit], goods);
	}

	#cutOff(cuts: readonly string[]): Pick<Found, 'cannotTell'> {
		const shown = cuts.slice(0, 3).map((cut) => cut.slice(0, 12));
		const more = cuts.length - shown.length;
		const places = `${shown.join(', ')}${more > 0 ? ` and ${more} more commits` : ''}`;
		const why = `the history of this shallow clone ends at ${places}; it may have changed there or before`;
		return { cannotTell: belowBoundary(this.#history.store.where, why) };
	}

	async #suspects(
		graph: CommitGraph,
		suspects: readonly number[],
	): Promise<Pick<Found, 'result' | 'suspects'>> {
		const reports: Found['suspects'] = [];
		for (const suspect of suspects) {
			const id = graph.id(suspect);
			const told = this.#answerer.known(id);
			const evidence = [...(told?.sights ?? [])];
			reports.push({ ...(await this.#commits.of(id)), answer: told?.answer ?? null, evidence });
		}
		return { result: 'cannot-tell', suspects: reports };
	}

	/** What was, or can cheaply be, told of commits. */
	async #toldOf(ids: readonly string[]): Promise<Found['before']> {
		const never = new AbortController().signal;
		const found: Found['before'] = [];
		for (const id of ids) {
			const told = this.#answerer.isCheap
				? await this.#answerer.ask(id, never)
				: this.#answerer.known(id);
			if (told !== undefined) found.push(toldReport(id, told));
		}
		return found;
	}
}
