/**
 * What the app has others do: the tasks, their answers, and what is told of them meanwhile. They cross to a
 * process of their own, so all of it is plain data.
 */
import type { BisectReport } from '../../../src/history/bisect-report.ts';
import type { LogRecord } from '../../../src/history/log-report.ts';
import type { RangeReport, StylesReport } from '../../../src/range/report.ts';
import type { BisectStep } from '../../engines/bisect-types.ts';

/** A patch to judge. */
export interface PatchInput {
	/** What `range` takes; '' for the example. */
	readonly input: string;
	readonly example: boolean;
	/** Which patch of the input. */
	readonly patch?: string;
	readonly repo?: string;
}

/** A clone that can be asked for text and history. */
export interface CloneInfo {
	readonly folder: string;
	readonly releases: number;
}

export interface CommitLine {
	readonly commit: string;
	/** YYYY-MM-DD. */
	readonly date: string;
	readonly subject: string;
}

/** Mails for git am, one character a byte; none where the patch does not land, and why. */
export interface ExportedMails {
	readonly mails: readonly { readonly name: string; readonly text: string }[];
	readonly why: string;
}

export interface Asked {
	range: PatchInput;
	styles: { repo?: string };
	log: { repo: string; paths: readonly string[] };
	bisect: { repo: string; good: string; bad: string; where: string };
	/** The text of a file: by blob where it is known, else at the first revision that is there. */
	source: { repo: string; revisions: readonly string[]; path: string; blob?: string };
	diff: { repo: string; commit: string };
	/** The newest commits, or those whose subject has the text. */
	commits: { repo: string; text: string };
	/** Whether the folder is a clone. */
	clone: { folder: string };
	repair: PatchInput;
	/** The patch with what it needs on one target, as mails. */
	series: PatchInput & { readonly onto: string };
}

export interface Answers {
	range: readonly RangeReport[];
	styles: StylesReport;
	log: { commits: number };
	bisect: BisectReport;
	source: readonly string[];
	diff: readonly string[];
	commits: readonly CommitLine[];
	clone: CloneInfo;
	repair: string;
	series: ExportedMails;
}

export type TaskKind = keyof Asked;
export type Task<K extends TaskKind = TaskKind> = { [Kind in K]: { kind: Kind } & Asked[Kind] }[K];

/** What is told before the answer. */
export type Told =
	| {
			readonly kind: 'progress';
			readonly label: string;
			readonly done: number;
			readonly total: number;
	  }
	| { readonly kind: 'records'; readonly records: readonly LogRecord[] }
	| { readonly kind: 'step'; readonly step: BisectStep };

/** Why a task has no answer, in the words of the commands. */
export interface TaskFailure {
	readonly code: string;
	readonly message: string;
	readonly hint: string;
}

export type Outcome<K extends TaskKind> =
	| { readonly kind: 'answer'; readonly answer: Answers[K] }
	| { readonly kind: 'failure'; readonly failure: TaskFailure }
	| { readonly kind: 'stopped' };

export interface Job<K extends TaskKind> {
	/** Never rejects. */
	readonly outcome: Promise<Outcome<K>>;
	/** Ends the work; its outcome is then `stopped`. */
	stop(): void;
}

/** Who does the work. */
export interface Work {
	run<K extends TaskKind>(task: Task<K>, hear: (told: Told) => void): Job<K>;
	/** Makes ready, so that the first task starts at once. */
	prepare(): void;
	close(): void;
}

/** Messages between the app and a worker. */
export type ToWorker = { readonly id: number; readonly task: Task };
export type FromWorker =
	| { readonly id: number; readonly kind: 'told'; readonly told: Told }
	| { readonly id: number; readonly kind: 'answer'; readonly answer: unknown }
	| { readonly id: number; readonly kind: 'failure'; readonly failure: TaskFailure };
