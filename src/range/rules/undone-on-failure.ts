/** When a later step of probe fails, the ops and the registration with the core are taken back. */
import type { Done, LeftBehind, Lifecycle } from '../../driver/lifecycle.ts';
import { evaluate, parseCondition } from '../../kernel/condition.ts';
import type { Rule, Situation, Violation } from '../situation.ts';

export const undoneOnFailure: Rule = {
	id: 'undone-on-failure',
	demand:
		'A probe function that can fail after it has installed ops or registered with the core takes that back when it fails.',
	reason:
		'What a failed probe leaves behind points at memory that is freed when it returns, and keeps the bus from others.',
	source:
		'really_probe() in drivers/base/dd.c frees what devm_ gave when probe fails; nothing there takes ops back',
	check(situation) {
		const lives = situation.lives();
		if (lives === undefined) return [];
		const { before, after } = lives;
		return stepsOf(after, situation).flatMap((step): Violation[] => {
			// What was left behind before, or what nothing took back at all, is not the patch's doing.
			if (leaves(before, step, situation).length > 0) return [];
			const [left] = leavesOf(step, situation);
			if (left !== undefined) return [violation(step, left)];
			if (!step.unread || isDone(before, step, situation)) return [];
			return [
				{
					missing: 'knowledge',
					code: 'failure-unknown',
					text: `with the patch ${step.function}() calls ${step.call}(); what its errors take back was not read`,
					evidence: [{ path: step.path, line: step.line }],
				},
			];
		});
	},
};

/** What counts: installations of ops, and registrations with the core; in probe, under the configuration. */
function stepsOf({ done }: Lifecycle, { profile, values }: Situation): Done[] {
	return done.filter(
		({ call, inProbe, when }) =>
			inProbe &&
			(profile.installCalls.has(call) || profile.registerCalls.has(call)) &&
			evaluate(parseCondition(when), values) === true,
	);
}

function isSame(a: Done, b: Done): boolean {
	return a.call === b.call && a.what === b.what;
}

function isDone(life: Lifecycle, step: Done, situation: Situation): boolean {
	return stepsOf(life, situation).some((one) => isSame(one, step));
}

function leaves(life: Lifecycle, step: Done, situation: Situation): LeftBehind[] {
	return stepsOf(life, situation)
		.filter((one) => isSame(one, step))
		.flatMap((one) => leavesOf(one, situation));
}

function leavesOf({ left }: Done, { values }: Situation): LeftBehind[] {
	return left.filter(({ when }) => evaluate(parseCondition(when), values) === true);
}

function violation(step: Done, left: LeftBehind): Violation {
	const what = step.what === '' ? '' : ` of ${step.what}`;
	const why = left.failed === '' ? '' : ` when ${left.failed}() fails`;
	const undo = step.undo === step.call ? `${step.undo}(…, NULL)` : `${step.undo}()`;
	return {
		missing: 'framework',
		code: 'left-on-failure',
		text: `with the patch ${left.function}() returns an error${why} after ${step.call}()${what}, without ${undo}`,
		evidence: [
			{ path: step.path, line: step.line },
			{ path: left.path, line: left.line },
		],
	};
}
