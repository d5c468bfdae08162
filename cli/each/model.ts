/** What passes between who reads many patches, who judges them and who prints: plain data, which crosses to threads. */
import type { LintReport } from '../../src/range/lint/report.ts';
import type { ErrorReport } from '../../src/range/report.ts';
import type { ColorWhen } from '../output/paint.ts';
import type { LintAsk, RangeAsk } from './asks.ts';

/** A message of the input, or why there is none. */
export interface EachMessage {
	/** Place in the whole input, from 1. */
	readonly index: number;
	/** Which of the names that were given it is from, from 0. */
	readonly input: number;
	readonly where: string;
	/** The commit, when it is one of the repository. */
	readonly commit?: string;
	readonly content: Uint8Array | Broken;
}

/** Why there is no message. */
export interface Broken {
	readonly report: ErrorReport;
	readonly exit: number;
}

/** How the answer to one patch is printed. */
export interface EachShow {
	readonly json: boolean;
	readonly color?: ColorWhen | false;
	readonly only?: 'placement';
	/** tags --write. */
	readonly write?: boolean;
	/** Lines of JSON say where they belong, and failures are lines among them. */
	readonly records: boolean;
	/** --quiet. */
	readonly quiet: boolean;
}

/** Everything that one who judges has to know. */
export type EachSetup = {
	readonly show: EachShow;
	/** See ItemReport. */
	readonly asOf: string | null;
	readonly world: EachWorld;
} & (
	| { readonly command: 'range' | 'tags'; readonly ask: RangeAsk }
	| { readonly command: 'lint'; readonly ask: LintAsk }
);

export interface EachWorld {
	readonly argv: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly isTTY: { readonly stdout: boolean; readonly stderr: boolean };
	readonly columns: number | undefined;
	readonly today: string;
}

/** What came of one patch, or of a message that cannot be read: what is to be printed. */
export interface EachRecord {
	readonly out: Uint8Array;
	readonly err: string;
	readonly exit: number;
	readonly failed: boolean;
	/** Of lint: what its last lines count. */
	readonly lint?: Pick<LintReport, 'unchecked'> & { readonly findings: number };
}

export interface EachAnswer {
	readonly records: readonly EachRecord[];
	/** Of a message that is no patch, as a cover letter is none: what to print where the input has nothing else. */
	readonly silent?: EachRecord;
}
