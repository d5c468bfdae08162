/** What the driver registers and took back when it went, it takes back with the patch in. */
import type { Done, Lifecycle, StructRegistration, Undone } from '../../driver/lifecycle.ts';
import type { Evidence } from '../../driver/model.ts';
import { evaluate, parseCondition } from '../../kernel/condition.ts';
import type { Rule, Situation, Violation } from '../situation.ts';

export const unregistersAsBefore: Rule = {
	id: 'unregisters-as-before',
	demand:
		'An exit of the module, or a callback for devices that go, still takes back what it took back before, as long as the driver still does it.',
	reason:
		'What stays registered points into a module that was unloaded, or at a device that is gone.',
	source:
		'Documentation/driver-api/driver-model/driver.rst; delete_module() in kernel/module.c, which unloads no module that has an init and no exit',
	check(situation) {
		const lives = situation.lives();
		if (lives === undefined) return [];
		const { before, after } = lives;
		const said = new Set<string>();
		return before.undone.flatMap((was): Violation[] => {
			const name = `${was.by} ${was.call} ${was.what}`;
			if (said.has(name) || certainty(was.when, situation) !== true) return [];
			said.add(name);
			if (!leaves(was.by, after, situation)) return [];
			const left = after.undone.filter((one) => one.by === was.by && isSame(one, was));
			const now = left.map(({ when }) => certainty(when, situation));
			if (now.some((one) => one !== false)) return [];
			return still(was, after)
				.flatMap((one) => violation(was, one, after, situation))
				.slice(0, 1);
		});
	},
};

function certainty(when: string, { values }: Situation): boolean | 'maybe' {
	return evaluate(parseCondition(when), values);
}

/** Whether the driver can go in this way at all. */
function leaves(by: Undone['by'], { exits }: Lifecycle, { modular }: Situation): boolean {
	const unloaded = exits.exit !== undefined && modular();
	// A device can be taken from a driver that is built in, too; without a callback nothing was promised.
	return by === 'exit' ? unloaded : unloaded || exits.remove !== undefined;
}

/** A macro names the struct only, and takes it back whatever the call is called. */
function isSame(a: Pick<Undone, 'call' | 'what'>, b: Pick<Undone, 'call' | 'what'>): boolean {
	if (a.call === '' || b.call === '') return a.what === b.what;
	return a.call === b.call && (a.what === '' || b.what === '' || a.what === b.what);
}

/** What the driver with the patch does of that kind. */
function still(was: Undone, { registered, done }: Lifecycle): (StructRegistration | Done)[] {
	const structs = registered.filter(({ struct }) => struct === was.what && was.what !== '');
	if (was.call === '') return structs;
	const calls = done.filter(({ undo, what }) => isSame({ call: undo, what }, was));
	return [...calls, ...structs.filter(({ call }) => call !== was.call)];
}

function violation(
	was: Undone,
	one: StructRegistration | Done,
	{ exits }: Lifecycle,
	situation: Situation,
): Violation[] {
	const when = 'chain' in one ? one.chain.when : one.when;
	const holds = certainty(when, situation);
	if (holds === false) return [];
	const what = was.what === '' ? '' : ` of ${was.what}`;
	const exit = was.by === 'exit' ? 'the exit of the module' : 'the callback for devices that go';
	const undoes = was.call === '' ? 'takes it back' : `calls ${was.call}()`;
	const text = `the driver still calls ${one.call}()${what}, and ${exit} no longer ${undoes}`;
	const place: Evidence | undefined = was.by === 'exit' ? exits.exit : exits.remove;
	const evidence = [{ path: one.path, line: one.line }, ...(place === undefined ? [] : [place])];
	return holds === true
		? [{ missing: 'framework', code: 'unregisters-no-more', text, evidence }]
		: [
				{
					missing: 'knowledge',
					code: 'unregisters-unknown',
					text: `${text}; not certain: it depends on ${when}`,
					evidence,
				},
			];
}
