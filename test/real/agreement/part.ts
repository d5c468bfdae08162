/**
 * A part of the agreement: something that is compared with an oracle, in slices that are kept one by one,
 * so that a run can be ended between two and taken up again.
 */

/** What comparing some cases came to. */
export interface Outcome {
	compared: number;
	agree: number;
	/** How many differ for a reason that is known, by reason. */
	explained: Record<string, number>;
	/** Those that differ and nothing explains it, a line each. */
	open: string[];
	/** How many cases there are of each kind, where that says something: placements by result, verdicts. */
	kinds: Record<string, number>;
}

/** Some cases. */
export interface Slice {
	/** Names them from run to run. */
	id: string;
	run(): Promise<Outcome>;
}

export interface Part {
	name: string;
	/** What is compared, in the words of the table. */
	what: string;
	oracle: string;
	/** The slices in order; making one must cost little, since those that are known are not run. */
	slices(): AsyncIterable<Slice>;
	/** Gives back what the slices held open. */
	close?(): Promise<void>;
}

/** Folders and bounds, as given on the command line. */
export interface Inputs {
	mails: readonly string[];
	/** One mail of so many is compared. */
	every: number;
	ladder: string | undefined;
	history: string | undefined;
	/** Files a pair of neighbouring releases, drawn from the whole tree. */
	files: number;
	commits: number;
	patches: number;
	seed: number;
	/** Where caches may be kept from run to run. */
	keep: string;
}

/** Outcomes are made in this. */
export class Tally implements Outcome {
	compared = 0;
	agree = 0;
	explained: Record<string, number> = {};
	open: string[] = [];
	kinds: Record<string, number> = {};

	/** Counts a case of a kind that agrees. */
	agreed(kind?: string): void {
		this.agree++;
		this.#case(kind);
	}

	/** Counts a case that differs: `reason` says why that is no mistake, `line` is for where nothing does. */
	differs(reason: string | undefined, line: string, kind?: string): void {
		if (reason === undefined) this.open.push(line);
		else this.explained[reason] = (this.explained[reason] ?? 0) + 1;
		this.#case(kind);
	}

	/** Adds what another counted. */
	add(other: Outcome): void {
		this.compared += other.compared;
		this.agree += other.agree;
		this.open.push(...other.open);
		for (const counts of ['explained', 'kinds'] as const) {
			for (const [key, count] of Object.entries(other[counts])) {
				this[counts][key] = (this[counts][key] ?? 0) + count;
			}
		}
	}

	#case(kind: string | undefined): void {
		this.compared++;
		if (kind !== undefined) this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
	}
}
