/**
 * Joins `lint` to the library: gathers what rules need of the repository, of history and of the releases for a
 * patch, and puts the rules to it.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { failureOf, RangefinderError } from '../../src/errors.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import type { History } from '../../src/history/history.ts';
import { type Release, releasesFromTags } from '../../src/kernel/releases.ts';
import { maintainedSeries, type SeriesTable } from '../../src/kernel/series-table.ts';
import { MAINLINE } from '../../src/kernel/version.ts';
import type { ReadPatch } from '../../src/patch/mail.ts';
import { readTag } from '../../src/patch/series.ts';
import { lint } from '../../src/range/lint/index.ts';
import { idsNamed, type LintedLines, lintedLines } from '../../src/range/lint/lines.ts';
import type { CommitFact, LintFacts, MissingFix } from '../../src/range/lint/model.ts';
import type { LintReport } from '../../src/range/lint/report.ts';
import type { EngineWorld, Progress } from '../engine.ts';
import { packageFile } from '../package-file.ts';
import { cacheVersion, fetchOptions, Helpers } from '../sources.ts';
import { historyMemory } from './history-memory.ts';
import type { Judge } from './judge.ts';

export interface LintOptions {
	readonly repo?: string;
	readonly store?: 'native' | 'embedded';
	readonly offline?: boolean;
	readonly index?: string;
	readonly noIndex: boolean;
	readonly noCache: boolean;
	readonly noRange: boolean;
	readonly followUps: boolean;
	readonly base?: string;
	/** YYYY-MM-DD. */
	readonly asOf: string;
	readonly allSeries: boolean;
	readonly progress: Progress;
}

/** The clone that is named, or that the current folder is in; undefined where it is none. */
export async function storeFor(
	world: EngineWorld,
	options: Pick<LintOptions, 'repo' | 'store' | 'noCache' | 'offline' | 'progress'>,
): Promise<ObjectStore | undefined> {
	const { openStore } = await import('../../src/git/open-store.ts');
	const fetch = await fetchOptions(world, options);
	const kind = options.store === undefined ? {} : { kind: options.store };
	try {
		return await openStore(resolve(world.cwd, options.repo ?? '.'), {
			env: world.env,
			fetch,
			...kind,
		});
	} catch (error) {
		if (options.repo === undefined && failureOf(error) !== undefined) return undefined;
		throw error;
	}
}

/** Lints patches, one after the other; what does not hang on the patch is read once. */
export class Linter {
	readonly #world: EngineWorld;
	readonly #options: LintOptions;
	readonly #store: ObjectStore | undefined;
	readonly #helpers: Helpers;
	#history: Promise<History> | undefined;
	#releases: Promise<Release[]> | undefined;
	#maintained: Promise<string[]> | undefined;
	#judge: Promise<Judge> | undefined;

	private constructor(world: EngineWorld, options: LintOptions, store: ObjectStore | undefined) {
		this.#world = world;
		this.#options = options;
		this.#store = store;
		this.#helpers = new Helpers(world, { noCache: options.noCache });
	}

	/** @throws RangefinderError not-a-repository where one is named, git-missing, needs-git */
	static async open(world: EngineWorld, options: LintOptions): Promise<Linter> {
		return new Linter(world, options, await storeFor(world, options));
	}

	/** Lints a patch. `where` names it in the report, `mail` is the message it was read from. */
	async lint(where: string, patch: ReadPatch, mail: Uint8Array): Promise<LintReport> {
		const lines = lintedLines(readTag(patch.subject).title, patch.message);
		const commit = patch.commit ?? null;
		const base = await this.#base(patch, mail);
		const commits = await this.#commits(lines, base?.commit);
		const facts: LintFacts = {
			lines,
			...(commits === undefined ? {} : { commits }),
			...(base === undefined ? {} : { base: base.name }),
			...(await this.#missing(patch, lines, base, commits)),
			...(await this.#range(lines, patch)),
		};
		return {
			schema: 'rangefinder.lint/1',
			where,
			subject: patch.subject,
			commit,
			messageId: patch.messageId ?? null,
			...lint(facts),
		};
	}

	/**
	 * What answers hang on besides the patch, as a text.
	 * @throws RangefinderError unknown-revision
	 */
	async dependsOn(): Promise<string> {
		const store = this.#store;
		const { base } = this.#options;
		const head = await store?.resolveCommit(base ?? 'HEAD');
		if (store !== undefined && base !== undefined && head === undefined) {
			throw new RangefinderError({ code: 'unknown-revision', revision: base, where: store.where });
		}
		const releases = (await this.#known()).map(({ name, commit }) => [name, commit]);
		return JSON.stringify([cacheVersion(), releases, head]);
	}

	/** The history that what is named has to be in. */
	async #base(
		patch: ReadPatch,
		mail: Uint8Array,
	): Promise<{ name: string; commit: string; own: boolean } | undefined> {
		const store = this.#store;
		if (store === undefined) return undefined;
		const { base } = this.#options;
		if (base !== undefined) {
			const commit = await store.resolveCommit(base);
			if (commit !== undefined) return { name: base, commit, own: false };
			throw new RangefinderError({ code: 'unknown-revision', revision: base, where: store.where });
		}
		for (const [name, own] of [
			[patch.commit, true],
			[baseCommitOf(mail), false],
			['HEAD', false],
		] as const) {
			const commit = name === undefined ? undefined : await store.resolveCommit(name);
			if (commit !== undefined) {
				return { name: name === 'HEAD' ? name : commit.slice(0, 12), commit, own };
			}
		}
		return undefined;
	}

	/** A copy says what its original says: that is looked for in the original's history. */
	async #commits(
		lines: LintedLines,
		base: string | undefined,
	): Promise<Map<string, CommitFact> | undefined> {
		const git = this.#store?.git;
		if (git === undefined || base === undefined) return undefined;
		const { lookUpCommits } = await import('../../src/range/lint/commits.ts');
		const [upstream] = lines.upstream;
		const original = upstream && (await this.#store?.resolveCommit(upstream.id.toLowerCase()));
		return lookUpCommits(git, idsNamed(lines), original ?? base);
	}

	/** Only a commit, or a copy of one, can have been fixed since. */
	async #missing(
		patch: ReadPatch,
		lines: LintedLines,
		base: { name: string; commit: string; own: boolean } | undefined,
		commits: ReadonlyMap<string, CommitFact> | undefined,
	): Promise<{ missing?: readonly MissingFix[] }> {
		const git = this.#store?.git;
		if (git === undefined || base === undefined || !this.#options.followUps) return {};
		const [upstream] = lines.upstream;
		const copied = upstream && commits?.get(upstream.id.toLowerCase());
		const original = copied?.state === 'known' ? copied.id : undefined;
		const id = base.own ? base.commit : original;
		if (id === undefined || id === null) return patch.commit === undefined ? { missing: [] } : {};
		const { missingFixes } = await import('../../src/range/lint/missing.ts');
		const targets = base.own ? await this.#tips() : [base];
		try {
			return { missing: await missingFixes(await this.#open(), id, targets, !base.own) };
		} catch (error) {
			// A clone that lacks objects leaves the rule unchecked.
			const code = failureOf(error)?.code;
			if (code !== 'object-missing' && code !== 'git-failed') throw error;
			return {};
		}
	}

	/** The tips of series, and HEAD. */
	async #tips(): Promise<{ name: string; commit: string }[]> {
		const releases = await this.#known();
		const last = new Map<string, Release>();
		for (const one of releases) if (one.series !== MAINLINE) last.set(one.series, one);
		const head = await this.#store?.resolveCommit('HEAD');
		return [
			...[...last.values()].map(({ name, commit }) => ({ name, commit })),
			...(head === undefined ? [] : [{ name: 'HEAD', commit: head }]),
		];
	}

	#known(): Promise<Release[]> {
		this.#releases ??= (this.#store?.tags() ?? Promise.resolve([])).then(releasesFromTags);
		return this.#releases;
	}

	async #open(): Promise<History> {
		const git = this.#store?.git;
		if (git === undefined) throw new RangeError('history is asked without git');
		const { openHistory } = await import('../../src/history/history.ts');
		this.#history ??= openHistory(git, { memory: historyMemory(this.#helpers) });
		return this.#history;
	}

	/** The patch over its releases, where it asks for stable series at all; of a series this one alone. */
	async #range(
		lines: LintedLines,
		patch: ReadPatch,
	): Promise<Pick<LintFacts, 'report' | 'maintained'>> {
		const { noRange, allSeries } = this.#options;
		const asks = lines.stable.some(({ stable }) => stable?.address.includes('noautosel') === false);
		if (!asks || noRange) return {};
		try {
			const judge = await this.#judging();
			const [report] = await judge.reports({ where: 'the patch', patches: [patch] });
			if (report === undefined) return {};
			return { report, ...(allSeries ? {} : { maintained: await this.#series() }) };
		} catch (error) {
			// A patch that cannot be judged can still be linted.
			if (failureOf(error) === undefined) throw error;
			return {};
		}
	}

	#judging(): Promise<Judge> {
		this.#judge ??= this.#openJudge();
		return this.#judge;
	}

	async #openJudge(): Promise<Judge> {
		const {
			repo,
			noRange: _noRange,
			followUps: _followUps,
			base: _base,
			...options
		} = this.#options;
		const tagged = (await this.#known()).length > 0;
		const { Judge: Opened } = await import('./judge.ts');
		return Opened.open(this.#world, {
			...options,
			input: undefined,
			example: false,
			...(repo === undefined || !tagged ? {} : { repo }),
			noHistory: true,
			release: [],
			series: [],
			all: false,
			onto: [],
			arch: [],
		});
	}

	#series(): Promise<string[]> {
		this.#maintained ??= readFile(packageFile('cache/series.json'), 'utf8').then((text) => {
			const table: SeriesTable = JSON.parse(text);
			return maintainedSeries(table, this.#options.asOf).map(({ series }) => series);
		});
		return this.#maintained;
	}

	async close(): Promise<void> {
		await this.#judge?.then(
			(judge) => judge.close(),
			() => undefined,
		);
		await this.#store?.close();
		await this.#helpers.cache().then((cache) => cache.close());
	}
}

/** The commit that `git format-patch --base` names at the end of a mail. */
function baseCommitOf(mail: Uint8Array): string | undefined {
	const end = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength)
		.subarray(-4096)
		.toString('latin1');
	return /^base-commit: ([0-9a-f]{40,64})\s*$/m.exec(end)?.[1];
}
