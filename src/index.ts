/** The library: what other programs may rely on. */
export { EXIT, exitCode, type Failure, failureMessage, RangefinderError } from './errors.ts';
export { type ReadPatch, readPatch } from './patch/mail.ts';
export { type PreparedPatch, prepare } from './range/prepare.ts';
export { type RangeInput, range } from './range/range.ts';
export type { RangeReport, StylesReport } from './range/report.ts';
export { rules } from './range/rules/index.ts';
export type { Rule, Situation, Violation } from './range/situation.ts';
