/**
 * What can be built: whether an architecture has a configuration in which some symbols have given
 * values. Works from the asked symbols outwards, as the whole of Kconfig is far too large to solve:
 * a symbol set to y has to be justified (asked for, by default, or selected) and drags in what it
 * selects; one set to n must not be forced. Symbols nobody asks about are left alone.
 * Tristates are reduced to y and n.
 */

import type { Assignment, Condition } from './condition-algebra.ts';
import { atom, becomesAlways, not, or, residual } from './condition-algebra.ts';
import { isBoolean, type KconfigModel } from './kconfig-model.ts';

export type Buildable = 'yes' | 'no' | 'unknown';

/** Values that are given; a symbol set to m counts as y. */
export type FixedValues = Readonly<Record<string, 'y' | 'm' | 'n'>>;

const COMPILE_TEST = 'COMPILE_TEST';

/** How many guesses a question may take before it is answered 'unknown'. */
const MAX_GUESSES = 4000;

/**
 * Whether a symbol can be y on an architecture.
 * COMPILE_TEST counts as n unless fixed: what only builds under it has no hardware to run on.
 * @param arch folder name below arch/.
 */
export function canBuild(
	model: KconfigModel,
	arch: string,
	symbol: string,
	fixed: FixedValues = {},
): Buildable {
	return canBuildTogether(model, arch, [symbol], fixed);
}

/** Whether several symbols can be y at once on an architecture; see {@link canBuild}. */
export function canBuildTogether(
	model: KconfigModel,
	arch: string,
	symbols: readonly string[],
	fixed: FixedValues = {},
): Buildable {
	if (symbols.some((s) => !model.isDefined(s) && model.mayBeFree(s, arch))) return 'unknown';
	return new Search(model, arch).run(symbols, fixed);
}

/** Something that was selected: when the condition comes true, the target must be y. */
interface Implication {
	when: Condition;
	target: string;
}

class Search {
	readonly #model: KconfigModel;
	readonly #arch: string;
	readonly #values = new Map<string, boolean>();
	/** Names in the order in which they got a value, to take guesses back. */
	readonly #trail: string[] = [];
	readonly #selected: Implication[] = [];
	#guesses = 0;
	readonly #assigned: Assignment = (name) => {
		const value = this.#value(name);
		return value === undefined ? undefined : value ? 'y' : 'n';
	};

	constructor(model: KconfigModel, arch: string) {
		this.#model = model;
		this.#arch = arch;
	}

	run(symbols: readonly string[], fixed: FixedValues): Buildable {
		const goals: Condition[] = [];
		for (const { name, symbol } of this.#model.architectures) {
			if (name === this.#arch) goals.push(atom(symbol));
			else this.#values.set(symbol, false);
		}
		if (!Object.hasOwn(fixed, COMPILE_TEST)) this.#values.set(COMPILE_TEST, false);
		for (const [name, value] of Object.entries(fixed)) {
			goals.push(value === 'n' ? not(atom(name)) : atom(name));
		}
		// What cannot be y by its own dependencies needs no search; most architectures are told by that.
		if (symbols.some((symbol) => this.#isHopeless(symbol))) return 'no';
		const seen = new Set<string>();
		for (const symbol of symbols) goals.push(atom(symbol), ...this.#sound(symbol, seen));
		const solved = this.#solve(goals, []);
		return solved ? 'yes' : this.#guesses > MAX_GUESSES ? 'unknown' : 'no';
	}

	/** Whether nothing can give a symbol y, whatever has no value yet. */
	#isHopeless(symbol: string): boolean {
		if (!this.#model.definitions(symbol, this.#arch).some(isBoolean)) return false;
		return this.#rest(this.#model.givers(symbol, this.#arch)).kind === 'never';
	}

	/**
	 * The asked symbols may select only what may be built: kconfig would select a symbol against
	 * its own dependencies, but warns, and nobody ships such a configuration.
	 */
	#sound(symbol: string, seen: Set<string>): Condition[] {
		if (seen.has(symbol)) return [];
		seen.add(symbol);
		return this.#model.definitions(symbol, this.#arch).flatMap(({ selects }) =>
			selects.flatMap(({ target, when }) => {
				if (this.#model.definitions(target, this.#arch).length === 0) return [];
				const met = this.#model.mayBeBuilt(target, this.#arch);
				return [or(not(when), not(atom(symbol)), met), ...this.#sound(target, seen)];
			}),
		);
	}

	#solve(goals: Condition[], alternatives: readonly Condition[]): boolean {
		let open = [...alternatives];
		do {
			if (!this.#settle(goals, open)) return false;
			const still: Condition[] = [];
			for (const goal of open) {
				const rest = this.#rest(goal);
				if (rest.kind === 'never') return false;
				if (rest.kind === 'or') still.push(rest);
				else if (rest.kind !== 'always') goals.push(rest);
			}
			open = still;
			if (goals.length === 0 && !this.#follow(goals)) return false;
		} while (goals.length > 0);
		const [first, ...others] = open;
		if (first?.kind !== 'or') return true;
		for (const guess of first.of) {
			if (++this.#guesses > MAX_GUESSES) return false;
			const values = this.#trail.length;
			const selected = this.#selected.length;
			if (this.#solve([guess], others)) return true;
			for (const name of this.#trail.splice(values)) this.#values.delete(name);
			this.#selected.length = selected;
		}
		return false;
	}

	/** Works off the goals that leave no choice; those that do are added to `open`. */
	#settle(goals: Condition[], open: Condition[]): boolean {
		for (let goal = goals.pop(); goal; goal = goals.pop()) {
			const rest = this.#rest(goal);
			switch (rest.kind) {
				case 'never':
					return false;
				case 'always':
					break;
				case 'and':
					for (const term of rest.of) goals.push(term);
					break;
				case 'or':
					open.push(rest);
					break;
				case 'atom':
					this.#set(rest.name, true);
					for (const goal of this.#justify(rest.name)) goals.push(goal);
					break;
				case 'not':
					this.#set(rest.of.name, false);
					for (const goal of this.#unforced(rest.of.name)) goals.push(goal);
			}
		}
		return true;
	}

	/** Selects whose condition has come true by now; false when one hits a symbol that is n. */
	#follow(goals: Condition[]): boolean {
		for (const { when, target } of this.#selected) {
			const value = this.#value(target);
			if (value === true) continue;
			if (!becomesAlways(when, this.#assigned)) continue;
			if (value === false) return false;
			goals.push(atom(target));
		}
		return true;
	}

	#rest(goal: Condition): Condition {
		return residual(goal, this.#assigned);
	}

	#value(name: string): boolean | undefined {
		const value = this.#values.get(name);
		if (value !== undefined) return value;
		return this.#model.mayBeYes(name, this.#arch) ? undefined : false;
	}

	#set(name: string, value: boolean): void {
		this.#values.set(name, value);
		this.#trail.push(name);
	}

	/** What must hold for a symbol to be y, and what follows from it. */
	#justify(name: string): Condition[] {
		const definitions = this.#model.definitions(name, this.#arch);
		if (definitions.length === 0 || !definitions.some(isBoolean)) return [];
		const goals: Condition[] = [];
		const { selects, rivals } = this.#model.consequences(name, this.#arch);
		for (const select of selects) {
			this.#selected.push(select);
			if (this.#value(select.target) === false) goals.push(select.unless);
		}
		goals.push(...rivals);
		goals.push(this.#model.givers(name, this.#arch));
		return goals;
	}

	/** What must hold for a symbol to be n: nothing selects it, and no default the user cannot see. */
	#unforced(name: string): Condition[] {
		const goals: Condition[] = [this.#model.unforced(name, this.#arch)];
		for (const { by, unless, off, automatic } of this.#model.selections(name, this.#arch)) {
			const value = this.#value(by);
			if (value === true) goals.push(unless);
			// A selector that the user can switch off is assumed to be off, until something needs it.
			else if (value === undefined && automatic) goals.push(off);
		}
		return goals;
	}
}
