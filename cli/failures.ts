/**
 * How a failure is said: one line on stderr for people, one line of JSON for scripts, and the exit
 * code of the contract. A stack is shown only to who asked for one.
 */
import { EXIT, exitCode, failureMessage, type RangefinderError } from '../src/errors.ts';
import type { ErrorReport } from '../src/range/report.ts';
import { printable, printableLine, safeJson } from '../src/text.ts';
import type { World } from './world.ts';

/** True when the words ask for JSON, even if the rest of them is wrong. */
export function asksForJson(argv: readonly string[]): boolean {
	const end = argv.indexOf('--');
	return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** By name: where two copies of the module are loaded, one's errors are no instances of the other's. */
function isOurs(error: unknown): error is RangefinderError {
	return error instanceof Error && error.name === 'RangefinderError' && 'failure' in error;
}

/** The report and the exit code of anything that was thrown. */
export function describeFailure(error: unknown): { report: ErrorReport; exitCode: number } {
	if (isOurs(error)) {
		const { message, hint } = failureMessage(error.failure);
		return {
			report: { schema: 'rangefinder.error/1', code: error.failure.code, message, hint },
			exitCode: exitCode(error.failure),
		};
	}
	const what = error instanceof Error ? error.message : String(error);
	return {
		report: {
			schema: 'rangefinder.error/1',
			code: 'internal',
			message: `this should not have happened: ${what}`,
			hint: 'report it with what RANGEFINDER_DEBUG=1 prints',
		},
		exitCode: EXIT.internal,
	};
}

/** The line in which a failure is said. */
export function failureLine(report: ErrorReport, json: boolean): string {
	return json
		? safeJson(report, false)
		: `rangefinder: ${printableLine(report.message)}; ${printableLine(report.hint)}`;
}

/** Says what went wrong on stderr and returns the exit code. */
export function sayFailure(world: Pick<World, 'stderr' | 'env' | 'argv'>, error: unknown): number {
	const { report, exitCode: code } = describeFailure(error);
	world.stderr.write(`${failureLine(report, asksForJson(world.argv))}\n`);
	if ((world.env.RANGEFINDER_DEBUG ?? '') !== '' && error instanceof Error) {
		world.stderr.write(`${printable(error.stack ?? '')}\n`);
	}
	return code;
}
