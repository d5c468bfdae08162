/**
 * The prerequisites of a change on a target: a set of commits of its own history which, picked onto the
 * target in history's order, make the change land and meet every check; reduced until nothing can be
 * left out. All of it on trees in memory; what git makes of the answer is asked afterwards (git/proof.ts).
 *
 * Best-first over sets of commits: a set is tried by picking it, and where a pick fails, or a check does,
 * the commits that may settle it are added, the likeliest alone or all of them. Sets that leave less open go
 * first, among those the smaller.
 */
import { type Change, nameOf, type Stretch } from '../history/needs/change.ts';
import type { Copies, TakenBack } from '../history/needs/copies.ts';
import { textualCandidates } from '../history/needs/textual.ts';
import type { ChangedPath, PickConflict } from '../history/pick/model.ts';
import type { Picked, Picker } from '../history/pick/pick.ts';

export type NeedKind = 'textual' | 'symbol' | 'registration';

/** Where in the target something is missing. */
export interface NeedPlace {
	readonly path: string;
	/** From 1; 0 for the whole file. */
	readonly line: number;
}

/** What keeps a set of commits from being enough. */
export interface Need {
	readonly kind: NeedKind;
	/** The change that needs it: the patch, or a commit of the set. */
	readonly change: Change;
	readonly why: string;
	/** The parts of `why`, where it has parts that may be settled one by one. */
	readonly parts?: readonly string[];
	readonly places: readonly NeedPlace[];
	/** How much is open; less is nearer to an answer. */
	readonly weight: number;
	/** Commits that may settle it, the likeliest first. */
	candidates(): Promise<readonly string[]>;
}

/** A change as it landed on the tree of a trial. */
export interface Landed {
	readonly change: Change;
	readonly changed: readonly ChangedPath[];
}

/** A set of commits and the change, all landed. */
export interface Trial {
	/** What was picked, in order, the change last; without what was there already. */
	readonly landed: readonly Landed[];
	/** The tree before the change itself, and the one after. */
	readonly before: string;
	readonly tree: string;
}

/** Something that has to hold when all has landed. The first that is not met is what is settled next. */
export type Check = (trial: Trial) => Promise<Need | undefined>;

export interface Member {
	readonly commit: string;
	/** What fails without it, the first of it first; empty when it is settled by nothing else that was found. */
	readonly needs: readonly Need[];
}

export type Solution =
	/** With these (none: alone) it lands and every check is met. */
	| { readonly result: 'lands'; readonly members: readonly Member[]; readonly trial: Trial }
	/** All that it does is there. */
	| { readonly result: 'contained' }
	/** Nothing in history settles what is open. */
	| { readonly result: 'open'; readonly members: readonly string[]; readonly need: Need }
	/** More commits or more trials would have been needed than allowed, or something could not be read. */
	| {
			readonly result: 'unknown';
			readonly why: string;
			readonly members: readonly string[];
			readonly need?: Need;
	  };

export interface SolverOptions {
	readonly picker: Picker;
	readonly stretch: Stretch;
	readonly copies: Copies;
	readonly takenBack: TakenBack;
	/** Asked in this order. */
	readonly checks: readonly Check[];
	/** The tree of the target. */
	readonly onto: string;
	/** Most commits of a set. */
	readonly max: number;
	/** Most sets that are tried. */
	readonly trials: number;
	/** The change of a commit. */
	changeOf(commit: string): Promise<Change>;
	/** Sets that were the answer on a neighbour of the target: they are tried first. */
	readonly seeds?: readonly (readonly string[])[];
	/** Whether commits may be added for text alone; true when left out. */
	readonly textual?: boolean;
	readonly signal?: AbortSignal;
	/** Seconds after which nothing more is tried; the answer then depends on the machine. */
	readonly seconds?: number;
	/** Told of each set that is tried. */
	progress?(tried: number, members: number): void;
}

/** What came of trying a set. */
type Tried =
	| { readonly result: 'lands'; readonly trial: Trial; readonly useless: readonly string[] }
	| { readonly result: 'contained' }
	| { readonly result: 'needs'; readonly need: Need }
	| { readonly result: 'unknown'; readonly why: string };

/** Candidates of one need that are each tried alone. */
const MOST_ALONE = 12;

interface Node {
	readonly set: readonly string[];
	readonly need: Need;
}

/**
 * Finds the prerequisites of a change.
 * @throws RangefinderError git-failed, object-missing
 */
export function solve(change: Change, options: SolverOptions): Promise<Solution> {
	return new Solver(change, options).solve();
}

class Solver {
	readonly #change: Change;
	readonly #options: SolverOptions;
	readonly #picks = new Map<string, Promise<Picked>>();
	readonly #tried = new Map<string, Promise<Tried>>();
	/** What sets were found to need, with the commits that were taken for it. */
	readonly #asked: { set: readonly string[]; need: Need; commits: readonly string[] }[] = [];

	readonly #start = performance.now();

	/** Why some set could not be tried. */
	#unread: string | undefined;

	constructor(change: Change, options: SolverOptions) {
		this.#change = change;
		this.#options = options;
	}

	async solve(): Promise<Solution> {
		const open: Node[] = [];
		let nearest: Node | undefined;
		let bound: string | undefined;
		const first = await this.#step([], open);
		if (first !== undefined) return first;
		for (const seed of this.#options.seeds ?? []) {
			const set = await this.#options.stretch.sorted(seed);
			const done = set.length === seed.length ? await this.#step(set, open) : undefined;
			if (done !== undefined) return done;
		}
		for (let node = open.shift(); node !== undefined; node = open.shift()) {
			if (nearest === undefined || isFurther(node, nearest)) nearest = node;
			const spent = this.#spent();
			if (spent !== undefined) {
				bound = spent;
				break;
			}
			for (const set of await this.#grown(node)) {
				if (set.length > this.#options.max) {
					bound = `it takes more than ${this.#options.max} commits`;
					continue;
				}
				const known = this.#tried.has(keyOf(set));
				const done = known ? undefined : await this.#step(set, open);
				if (done !== undefined) return done;
			}
			open.sort((a, b) => (isNearer(a, b) ? -1 : isNearer(b, a) ? 1 : 0));
		}
		const { set = [], need } = nearest ?? {};
		// A set that could not be tried may be the answer.
		bound ??= this.#unread;
		if (bound !== undefined || need === undefined) {
			const why = bound ?? 'nothing could be tried';
			return { result: 'unknown', why, members: set, ...(need === undefined ? {} : { need }) };
		}
		return { result: 'open', members: set, need };
	}

	/** Why nothing more is tried; undefined while there is something left of each bound. */
	#spent(): string | undefined {
		const { signal, trials, seconds } = this.#options;
		if (signal?.aborted === true) return 'it was stopped';
		if (this.#tried.size >= trials) return `${this.#tried.size} sets of commits were tried`;
		if (seconds !== undefined && performance.now() - this.#start >= seconds * 1000) {
			return `it takes longer than ${seconds} s`;
		}
		return undefined;
	}

	/** Tries a set: the answer if it is one, else it is put among those that are open. */
	async #step(set: readonly string[], open: Node[]): Promise<Solution | undefined> {
		const tried = await this.#try(set);
		this.#options.progress?.(this.#tried.size, set.length);
		switch (tried.result) {
			case 'lands':
				return this.#reduced(set.filter((commit) => !tried.useless.includes(commit)));
			case 'contained':
				// With commits before it that is how they are alike, and no answer.
				return set.length === 0 ? { result: 'contained' } : undefined;
			case 'unknown':
				this.#unread ??= tried.why;
				return set.length === 0 ? { result: 'unknown', why: tried.why, members: [] } : undefined;
			case 'needs':
				open.push({ set, need: tried.need });
				return undefined;
		}
	}

	/** A set with what may settle its need: with the likeliest commits, and with all of them. */
	async #grown({ set, need }: Node): Promise<string[][]> {
		if (need.kind === 'textual' && this.#options.textual === false) return [];
		const all = (await need.candidates()).filter((commit) => !set.includes(commit));
		const copies = await this.#options.copies.of(all);
		const gone = await this.#options.takenBack.of(all);
		const fresh = all.filter((commit) => !copies.has(commit) && !gone.has(commit));
		if (fresh.length === 0) return [];
		this.#asked.push({ set, need, commits: fresh });
		const { stretch } = this.#options;
		// Which of them a rule is content with only its answer tells; text and names are nearly always the first.
		const alone = need.kind === 'registration' ? fresh.slice(0, MOST_ALONE) : fresh.slice(0, 1);
		const grown: string[][] = [];
		for (const commit of alone) grown.push(await stretch.sorted([...set, commit]));
		if (fresh.length > 1) grown.push(await stretch.sorted([...set, ...fresh]));
		return grown;
	}

	/** Leaves out whatever can be left out, the oldest first, and says what fails without each of the rest. */
	async #reduced(set: readonly string[]): Promise<Solution> {
		let kept = [...set];
		for (let again = true; again; ) {
			again = false;
			for (const commit of [...kept]) {
				const without = kept.filter((one) => one !== commit);
				const tried = await this.#try(without);
				if (tried.result !== 'lands') continue;
				kept = without.filter((one) => !tried.useless.includes(one));
				again = true;
			}
		}
		const whole = await this.#try(kept);
		if (whole.result !== 'lands') throw new TypeError('a set that landed does not land');
		const members: Member[] = [];
		for (const commit of kept) {
			const tried = await this.#try(kept.filter((one) => one !== commit));
			const first = tried.result === 'needs' ? [tried.need] : [];
			const kinds = new Set(first.map(({ kind }) => kind));
			// What a part of the answer was found to need before this commit was added to it.
			const others = this.#asked.flatMap(({ set: part, need, commits }) =>
				commits.includes(commit) &&
				!kinds.has(need.kind) &&
				part.every((one) => one !== commit && kept.includes(one))
					? [need]
					: [],
			);
			members.push({ commit, needs: [...first, ...others] });
		}
		return { result: 'lands', members, trial: whole.trial };
	}

	#try(set: readonly string[]): Promise<Tried> {
		const key = keyOf(set);
		let tried = this.#tried.get(key);
		if (tried === undefined) {
			tried = this.#pickAll(set);
			this.#tried.set(key, tried);
		}
		return tried;
	}

	async #pickAll(set: readonly string[]): Promise<Tried> {
		const { onto, changeOf, checks } = this.#options;
		const landed: Landed[] = [];
		const useless: string[] = [];
		let before = onto;
		let tree = onto;
		for (const commit of [...set, undefined]) {
			const change = commit === undefined ? this.#change : await changeOf(commit);
			const picked = await this.#pick(tree, change);
			switch (picked.result) {
				case 'clean':
					landed.push({ change, changed: picked.changed });
					before = tree;
					tree = picked.tree;
					break;
				case 'empty':
					if (commit === undefined) return { result: 'contained' };
					useless.push(commit);
					break;
				case 'conflict':
					return { result: 'needs', need: this.#conflict(change, picked.conflicts) };
				case 'unknown':
				case 'refused':
					return { result: 'unknown', why: picked.why };
			}
		}
		const trial = { landed, before, tree };
		for (const check of checks) {
			const need = await check(trial);
			if (need !== undefined) return { result: 'needs', need };
		}
		return { result: 'lands', trial, useless };
	}

	#pick(onto: string, change: Change): Promise<Picked> {
		const key = `${onto} ${change.base} ${change.theirs}`;
		let picked = this.#picks.get(key);
		if (picked === undefined) {
			picked = this.#options.picker.merge([change.base, onto, change.theirs]);
			this.#picks.set(key, picked);
		}
		return picked;
	}

	#conflict(change: Change, conflicts: readonly PickConflict[]): Need {
		const { stretch, picker } = this.#options;
		const count = conflicts.reduce((sum, { hunks }) => sum + Math.max(1, hunks?.length ?? 0), 0);
		return {
			kind: 'textual',
			change,
			why: conflictText(change, conflicts),
			places: conflicts.flatMap(({ path, hunks }) =>
				hunks === undefined || hunks.length === 0
					? [{ path, line: 0 }]
					: hunks.map(({ ours }) => ({ path, line: ours[0] + 1 })),
			),
			// That a commit of the set does not land is nearer to an answer than that the patch lacks as much.
			weight: count,
			candidates: () => textualCandidates(stretch, picker.pool, change, conflicts),
		};
	}
}

/** Whether a set tells more of what is missing: all of it landed, or it is nearer to that. */
function isFurther(a: Node, b: Node): boolean {
	const [one, other] = [a.need.kind === 'textual', b.need.kind === 'textual'];
	if (one !== other) return other;
	if (a.need.weight !== b.need.weight) return a.need.weight < b.need.weight;
	// What was open is settled, and something of a commit that settles it is open instead.
	return a.need.change !== b.need.change && a.set.length > b.set.length;
}

function isNearer(a: Node, b: Node): boolean {
	const open = a.need.weight + a.set.length - (b.need.weight + b.set.length);
	return open !== 0 ? open < 0 : a.set.length < b.set.length;
}

function keyOf(set: readonly string[]): string {
	return set.join(' ');
}

/** What does not merge, in one sentence. */
export function conflictText(change: Change, conflicts: readonly PickConflict[]): string {
	const parts = conflicts.map(({ kind, path, hunks }) => {
		if (hunks === undefined || hunks.length === 0) return `${path} (${kind})`;
		const lines = hunks.map(({ ours: [start, end] }) =>
			end <= start + 1 ? `${start + 1}` : `${start + 1}-${end}`,
		);
		return `${path}:${lines.join(',')}`;
	});
	return `${nameOf(change)} does not merge at ${parts.join(', ')}`;
}
