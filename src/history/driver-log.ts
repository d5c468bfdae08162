/**
 * The log of drivers: walks the history of what a profile reads, and says of every commit that touches a driver,
 * or changes the style of one, what it did. Reads in windows, the next ones while the present one is linked, so
 * that memory does not grow with history.
 */
import { setImmediate } from 'node:timers/promises';
import type { DriverFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import { pathsRead } from '../driver/profile-reads.ts';
import type { GitRunner } from '../git/process.ts';
import type { Release } from '../kernel/releases.ts';
import { type CapabilityChange, changedCapabilities } from './capabilities.ts';
import { type DriverState, DriverTree } from './driver-tree.ts';
import { factChanges } from './fact-changes.ts';
import type { CommitGraph } from './graph.ts';
import { type BlobSource, type FileVersion, KnownBlobs, type WantedFile } from './known-blobs.ts';
import type { LeftHeaders } from './left-headers.ts';
import { capabilityRecord, type Head, keyOf, type LogEntry, valueIn } from './log-entries.ts';
import type { DriverRecord } from './log-report.ts';
import { ReadAhead } from './read-ahead.ts';
import { exactRenames, SimilarRenames } from './renames.ts';
import { spread } from './spread.ts';
import { NOWHERE, StateWalk } from './state.ts';
import {
	type DriverChange,
	driverChanges,
	type FindOld,
	type OtherParent,
	sameDriver,
} from './transitions.ts';
import type { ModuleList } from './tree-files.ts';
import type { WalkedCommit } from './walk.ts';
import { type FileHooks, LOOKED_AT, type WalkedHeaders, walkFiles } from './walked-files.ts';

/** New blobs that are read together: versions of one path among them are read as one. */
const WINDOW = 384;

/** Windows that are read ahead of the one that is linked: with fewer, linking and the threads wait for each other. */
const AHEAD = 5;

/** Milliseconds of linking after which what git and the threads have sent is taken. */
const TURN = 8;

export interface DriverLogOptions extends FileHooks {
	readonly git: GitRunner;
	readonly profile: Profile;
	/** Commits, tags or branches whose history is walked. */
	readonly revisions: readonly string[];
	readonly blobs: BlobSource;
	/** Files and folders, without trailing slash: only drivers with a source in one of them; all when empty. */
	readonly paths: readonly string[];
	/** The files below a folder of each commit; sources are read while git walks only where it is there. */
	readonly filesBelow?: (commits: readonly string[], folder: string) => Promise<FileVersion[][]>;
	/** Tells the first release that contains a commit. */
	readonly firstRelease: (commit: string) => Promise<string | null>;
	/** Whether to tell of a commit; all when left out. */
	readonly shows?: (commit: string) => Promise<boolean>;
	/** Told how many commits there are, and of each one that is done. */
	readonly progress?: { start(label: string, total: number): void; step(): void };
}

export interface DriverLogSummary {
	commits: number;
	drivers: Set<string>;
	transitions: number;
	unread: number;
	/** Nothing that was looked for is missing in the clone. */
	complete: boolean;
}

/**
 * Tells of every commit in the order of the walk, oldest first.
 * @param take is given each record as it is found; what it returns is waited for
 * @throws RangefinderError git-failed, object-missing, git-missing
 */
export async function logDrivers(
	given: DriverLogOptions,
	take: (record: LogEntry) => void | Promise<void>,
): Promise<DriverLogSummary> {
	const { profile: plain, profileFor } = given;
	const walked = (await profileFor?.(given.revisions)) ?? { profile: plain };
	const summary = {
		commits: 0,
		drivers: new Set<string>(),
		transitions: 0,
		unread: 0,
		complete: true,
	};
	const told = new Set<string>();
	const tell = async (record: LogEntry): Promise<void> => {
		if (walked.left !== undefined) {
			const key = keyOf(record);
			if (told.has(key)) return;
			told.add(key);
		}
		if (record.kind === 'driver') {
			summary.drivers.add(record.driver);
			if (record.transition) summary.transitions++;
		}
		await take(record);
	};
	const whole = await logWith(given, walked, summary, tell);
	// What was told until then holds: nothing that it was told by needs what had been left out.
	if (!whole && walked.left !== undefined) {
		await logWith(given, { profile: walked.left.whole }, summary, tell);
	}
	return summary;
}

/**
 * Tells of every commit of a walk.
 * @param summary what is known at the end is noted there
 * @returns false where it ended as something needs what the walk left out
 */
async function logWith(
	given: DriverLogOptions,
	{ profile, left }: WalkedHeaders,
	summary: DriverLogSummary,
	tell: (record: LogEntry) => Promise<void>,
): Promise<boolean> {
	const options = { ...given, profile };
	const { progress, revisions, filesBelow } = options;
	const blobs = new KnownBlobs(options.blobs, profile, left && ((file) => left.see(file)));
	const ahead = filesBelow && new ReadAhead(profile, revisions, filesBelow, blobs);
	const commits = await walkFiles(options).finally(() => ahead?.stop());
	await left?.look(spread(commits, LOOKED_AT).map(({ oid }) => oid));
	const log = new DriverLog(options, commits, blobs, left);
	progress?.start('commits', commits.length);
	for await (const records of log.records()) {
		progress?.step();
		for (const record of records) await tell(record);
	}
	summary.commits = commits.length;
	summary.unread = log.unread;
	summary.complete = log.unread === 0 && log.compared;
	return !log.lacks;
}

class DriverLog {
	readonly #options: DriverLogOptions;
	readonly #commits: readonly WalkedCommit[];
	readonly #blobs: KnownBlobs;
	readonly #tree: DriverTree;
	readonly #walk: StateWalk;
	readonly #left: LeftHeaders | undefined;
	readonly #renames: SimilarRenames;
	/** Every file that might be a renamed one could be compared. */
	compared = true;

	/** @param left what the walk leaves out */
	constructor(
		options: DriverLogOptions,
		commits: readonly WalkedCommit[],
		blobs: KnownBlobs,
		left: LeftHeaders | undefined,
	) {
		this.#left = left;
		this.#options = options;
		this.#commits = commits;
		this.#blobs = blobs;
		this.#tree = new DriverTree(options.profile, commits, this.#blobs);
		this.#walk = new StateWalk(commits, this.#tree);
		this.#renames = new SimilarRenames(options.git, commits, pathsRead(options.profile));
	}

	get unread(): number {
		return this.#blobs.unread;
	}

	/** Something that was read needs what the walk leaves out. */
	get lacks(): boolean {
		return this.#left?.lacks === true;
	}

	/** The records of each commit, up to where something is lacking. */
	async *records(): AsyncGenerator<LogEntry[]> {
		const windows = this.#windows();
		const loads = Array.from({ length: AHEAD }, () => this.#load(windows.next().value));
		let end = 0;
		let turn = performance.now();
		for (let commit = 0; commit < this.#commits.length; commit++) {
			if (commit >= end) {
				end = (await loads.shift()) ?? end;
				loads.push(this.#load(windows.next().value));
				await this.#lookAround();
			}
			const records = await this.#recordsOf(commit);
			if (this.lacks) break;
			yield records;
			if (performance.now() - turn < TURN) continue;
			await setImmediate();
			turn = performance.now();
		}
		await Promise.all(loads);
		await this.#renames.end();
	}

	/** Looks at what is left out where a source comes that uses what nothing is known to define. */
	async #lookAround(): Promise<void> {
		const strange = new Set(this.#left?.takeStrange());
		if (strange.size === 0) return;
		const commits = this.#commits.filter(({ changes }) =>
			changes.some(({ after }) => after !== undefined && strange.delete(after)),
		);
		await this.#left?.look(commits.map(({ oid }) => oid));
	}

	/** Commits up to a number, and the blobs that are new in them. */
	*#windows(): Generator<{ end: number; files: WantedFile[] }, undefined> {
		const seen = new Set<string>();
		let files: WantedFile[] = [];
		for (const [number, { changes }] of this.#commits.entries()) {
			for (const { path, after } of changes) {
				const as = this.#tree.files.readAs(path);
				if (as === undefined || after === undefined || seen.has(after)) continue;
				seen.add(after);
				files.push({ path, blob: after, as });
			}
			if (files.length < WINDOW) continue;
			yield { end: number + 1, files };
			files = [];
		}
		yield { end: this.#commits.length, files };
		return undefined;
	}

	/** Reads a window; who waits for it gets its end. */
	#load(window: { end: number; files: WantedFile[] } | undefined): Promise<number> {
		const { end, files } = window ?? { end: this.#commits.length, files: [] };
		const loading = this.#blobs.load(files).then(() => end);
		// It is waited for when its first commit is reached; until then nobody hears it fail.
		loading.catch(() => undefined);
		return loading;
	}

	async #moveTo(commit: number): Promise<void> {
		this.#walk.moveTo(commit);
		if (this.#tree.files.waits) await this.#tree.files.settle();
	}

	async #recordsOf(number: number): Promise<LogEntry[]> {
		const tree = this.#tree;
		const commit = this.#commits[number];
		if (commit === undefined) return [];
		const paths = commit.changes.map(({ path }) => path);
		const others: OtherParent[] = [];
		const offers: (readonly CapabilityChange[])[] = [];
		for (const parent of commit.parents.slice(1)) {
			await this.#moveTo(parent);
			others.push(this.#otherParent(paths));
			offers.push(changedCapabilities([], tree.capabilities));
		}
		await this.#moveTo(commit.parents[0] ?? NOWHERE);
		const before = tree.before(paths);
		await this.#moveTo(number);
		this.#left?.seeTree(tree.files.headers);
		const step = tree.step(number, before);
		const changes = await driverChanges(step, commit.changes, others, this.#finder(commit));
		const shown = changes.filter((one) => this.#isWanted(one));
		const capabilities =
			step.capabilities === undefined
				? []
				: changedCapabilities(step.capabilities.before, step.capabilities.after).filter((one) =>
						offers.every((all) => valueIn(all, one.capability) !== one.after),
					);
		if (shown.length + capabilities.length === 0) return [];
		if ((await this.#options.shows?.(commit.oid)) === false) return [];
		const head = await this.#head(commit);
		const facts = await this.#factsBefore(number, shown, before.modules);
		const drivers = shown.map((one) => this.#driverRecord(head, one, step.capabilities, facts));
		return [...capabilities.map((one) => capabilityRecord(head, one, shown)), ...drivers];
	}

	#otherParent(paths: readonly string[]): OtherParent {
		const styles = new Map<string, string>();
		for (const [key, { style }] of this.#tree.drivers()) styles.set(key, style);
		const { files } = this.#tree;
		const blobs = new Map(paths.map((path) => [path, files.blobAt(path)]));
		return { styles, blobs };
	}

	/** Looks for the old name of a driver: by files of the same content first, then as git does. */
	#finder(commit: WalkedCommit): FindOld {
		const exact = exactRenames(commit.changes);
		return async (came, gone) => {
			const same = sameDriver(came, gone, exact);
			if (same !== undefined) return same;
			const similar = await this.#renames.of(commit);
			if (similar === undefined) this.compared = false;
			return sameDriver(came, gone, similar ?? new Map());
		};
	}

	#isWanted({ before, after }: DriverChange): boolean {
		const { paths } = this.#options;
		if (paths.length === 0) return true;
		const files = [...(before?.files ?? []), ...(after?.files ?? [])];
		return files.some((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)));
	}

	async #head({ oid, author, email, authorDate, subject, parents }: WalkedCommit) {
		return {
			schema: 'rangefinder.log/1' as const,
			profile: this.#options.profile.id,
			commit: oid,
			author,
			email,
			date: new Date(authorDate * 1000).toISOString().slice(0, 10),
			subject,
			merge: parents.length > 1,
			firstRelease: await this.#options.firstRelease(oid),
		};
	}

	/** The facts of drivers before a commit, of those whose style it changes; goes back where they are not held. */
	async #factsBefore(
		commit: number,
		changes: readonly DriverChange[],
		modules: ModuleList,
	): Promise<Map<DriverState, DriverFacts | undefined>> {
		const found = new Map<DriverState, DriverFacts | undefined>();
		const lost: DriverState[] = [];
		for (const { before, transition } of changes) {
			if (!transition || before === undefined) continue;
			const held = this.#tree.heldFacts(before, modules);
			if (held === undefined) lost.push(before);
			else found.set(before, held);
		}
		if (lost.length === 0) return found;
		await this.#moveTo(this.#walk.parent(commit));
		for (const state of lost) found.set(state, this.#tree.factsOf(state));
		await this.#moveTo(commit);
		return found;
	}

	#driverRecord(
		head: Head,
		{ before, after, touched, transition }: DriverChange,
		capabilities: Step['capabilities'],
		facts: ReadonlyMap<DriverState, DriverFacts | undefined>,
	): DriverRecord {
		const tree = this.#tree;
		const one = after ?? before;
		if (one === undefined) throw new RangeError('a change of no driver');
		const was = {
			facts: before === undefined ? undefined : facts.get(before),
			capabilities: capabilities?.before ?? tree.capabilities,
		};
		const is = {
			facts: after === undefined ? undefined : tree.factsOf(after),
			capabilities: tree.capabilities,
		};
		const { driver, symbol, path } = one;
		const renamed =
			before !== undefined &&
			after !== undefined &&
			(before.driver !== driver || before.symbol !== symbol || before.path !== path);
		return {
			...head,
			kind: 'driver',
			driver,
			symbol,
			path,
			touched,
			...(renamed
				? { renamedFrom: { driver: before.driver, symbol: before.symbol, path: before.path } }
				: {}),
			before: before?.style ?? null,
			after: after?.style ?? null,
			transition,
			changes: transition
				? factChanges(was, is).map((change) => ({ ...change, evidence: [...change.evidence] }))
				: [],
		};
	}
}

type Step = ReturnType<DriverTree['step']>;

/**
 * The first of some releases that contains each commit.
 * @param releases in kernel order
 * @returns for a commit id the release's name; null where none contains it
 */
export function firstReleases(
	graph: CommitGraph,
	releases: readonly Release[],
): (commit: string) => string | null {
	const labels = new Uint16Array(graph.size);
	for (const [i, { commit }] of releases.entries()) {
		graph.markAncestors([graph.find(commit)], labels, i + 1);
	}
	return (commit) => {
		const number = graph.find(commit);
		return number < 0 ? null : (releases[(labels[number] ?? 0) - 1]?.name ?? null);
	};
}
