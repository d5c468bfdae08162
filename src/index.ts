/** The engine: what `rangefinder/engine` gives. The library above it, which opens what it reads, is cli/library.ts. */
export { EXIT, exitCode, type Failure, failureMessage, RangefinderError } from './errors.ts';
export { type Proof, type ProofStep, prove } from './git/proof.ts';
export type { ProofWorld } from './git/proof-folder.ts';
export { inboxMails } from './git/public-inbox.ts';
export { TreePool } from './git/tree-pool.ts';
export type { ChangedPath, ConflictKind, PickConflict } from './history/pick/model.ts';
export { type Picked, Picker, type PickOptions } from './history/pick/pick.ts';
export {
	type Intake,
	messagesOf,
	messagesOfFile,
	messagesOfFolder,
	readMessages,
} from './patch/intake.ts';
export { type ReadPatch, readMessage, readPatch } from './patch/mail.ts';
export type { RawMessage } from './patch/mbox.ts';
export { type Grouped, groupSeries, type PatchTag, readTag, type Series } from './patch/series.ts';
export { type PreparedPatch, prepare } from './range/prepare.ts';
export { type RangeInput, range } from './range/range.ts';
export type { RangeReport, StylesReport } from './range/report.ts';
export { rules } from './range/rules/index.ts';
export type { Rule, Situation, Violation } from './range/situation.ts';
