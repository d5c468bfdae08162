/** A driver struct is registered once: the second time it is refused. */
import type { Lifecycle, StructRegistration } from '../../driver/lifecycle.ts';
import type { Chain } from '../../driver/model.ts';
import { and, evaluate, parseCondition, satisfiable } from '../../kernel/condition.ts';
import type { Rule, Situation, Violation } from '../situation.ts';

export const registersOnce: Rule = {
	id: 'registers-once',
	demand:
		'A driver struct that was registered once is not registered a second time with the patch.',
	reason:
		'The second registration is refused with -EBUSY, and what follows it in its initcall is not run.',
	source: 'driver_register() and driver_find() in drivers/base/driver.c',
	check(situation) {
		const lives = situation.lives();
		if (lives === undefined) return [];
		const known = new Set(twice(lives.before, situation).map(({ name }) => name));
		const said = new Set<string>();
		return twice(lives.after, situation).flatMap(({ name, first, second, unsure }): Violation[] => {
			if (known.has(name) || said.has(name)) return [];
			said.add(name);
			const text = `with the patch ${name} is registered twice: ${place(first)} and ${place(second)}`;
			const evidence = [first, second].map(({ path, line }) => ({ path, line }));
			return unsure === undefined
				? [{ missing: 'framework', code: 'registers-twice', text, evidence }]
				: [
						{
							missing: 'knowledge',
							code: 'registers-twice-unknown',
							text: `${text}; not certain: ${unsure}`,
							evidence,
						},
					];
		});
	},
};

interface Pair {
	name: string;
	first: StructRegistration;
	second: StructRegistration;
	/** What keeps it from being certain that both run. */
	unsure: string | undefined;
}

/** Structs that two initcalls register under the configuration; the certain pairs first. */
function twice({ registered }: Lifecycle, { values }: Situation): Pair[] {
	const initcalls = registered.filter(
		({ chain }) =>
			chain.installer === 'initcall' && evaluate(parseCondition(chain.when), values) !== false,
	);
	const found: Pair[] = [];
	for (const [i, first] of initcalls.entries()) {
		for (const second of initcalls.slice(i + 1)) {
			const isOne = first.struct === second.struct && first.home === second.home;
			if (!isOne || isSameWay(first, second)) continue;
			const when = and(parseCondition(first.chain.when), parseCondition(second.chain.when));
			if (!satisfiable(when) || excludes(first.chain, second.chain)) continue;
			const holds = evaluate(when, values);
			if (holds === false) continue;
			const unsure =
				holds === 'maybe' ? 'one of them may not be compiled' : unsureOf(first, second);
			found.push({ name: first.struct, first, second, unsure });
		}
	}
	return found.sort((a, b) => Number(a.unsure !== undefined) - Number(b.unsure !== undefined));
}

function isSameWay(a: StructRegistration, b: StructRegistration): boolean {
	const entry =
		a.chain.entry.path === b.chain.entry.path && a.chain.entry.line === b.chain.entry.line;
	return entry && a.path === b.path && a.line === b.line;
}

/** True where a test that one way has to pass keeps the other from being taken. */
function excludes(a: Chain, b: Chain): boolean {
	return a.gates.some((gate) =>
		b.gates.some(
			(other) =>
				gate.kind === other.kind && gate.what === other.what && gate.negated !== other.negated,
		),
	);
}

function unsureOf(first: StructRegistration, second: StructRegistration): string | undefined {
	const gates = [...first.chain.gates, ...second.chain.gates];
	const flag = gates.find(({ kind }) => kind === 'flag');
	if (flag !== undefined) return `it depends on ${flag.what} at run time`;
	const shared = first.chain.steps.some((step) => second.chain.steps.includes(step));
	// A flag of its own may keep a function from doing twice what it does.
	if (shared && !(first.untested === true && second.untested === true)) {
		return 'a test in the function that both lead through may keep the second one out';
	}
	return undefined;
}

function place({ chain, call, path, line }: StructRegistration): string {
	const file = path.slice(path.lastIndexOf('/') + 1);
	const by = chain.steps.length === 0 ? '' : ` in ${chain.entry.macro}(${chain.entry.function})`;
	return `by ${call}()${by} (${file}:${line})`;
}
