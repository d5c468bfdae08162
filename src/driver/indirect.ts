/**
 * Calls through members of structs, and what they may lead to in a module: the functions that its own tables, or
 * assignments to such a member, give for the name. Types are not known here, only names.
 */
import type { FunctionFact } from './facts.ts';
import type { ModuleCalls, ModuleFunction } from './module-calls.ts';
import { identifier } from './program.ts';

/** A function that may be called through a member. */
export interface IndirectTarget {
	target: ModuleFunction;
	/** Why it is not certain that it is; absent where nothing else can be meant. */
	doubt?: string;
}

/** Struct types whose members the framework calls, not the driver. */
const OF_FRAMEWORK = /^iommu_(?:domain_)?ops$|driver$/;

/** What the functions of one module call through members. */
export class IndirectCalls {
	readonly #calls: ModuleCalls;
	#byMember: Map<string, ModuleFunction[]> | undefined;
	#loose: ModuleFunction[] | undefined;

	constructor(calls: ModuleCalls) {
		this.#calls = calls;
	}

	/** What some functions may lead to through members, each once, without those functions. */
	below(from: ReadonlySet<FunctionFact>): IndirectTarget[] {
		const seen = new Set(from);
		const found: IndirectTarget[] = [];
		const queue = [...from];
		for (let fn = queue.pop(); fn !== undefined; fn = queue.pop()) {
			const one = this.#calls.holding(fn.name, fn.line);
			if (one === undefined) continue;
			for (const { target, doubt } of this.#ofFunction(one)) {
				for (const next of this.#calls.below([target])) {
					const there = this.#calls.holding(next.name, next.line);
					if (seen.has(next) || there === undefined) continue;
					seen.add(next);
					queue.push(next);
					found.push({ target: there, ...(doubt === undefined ? {} : { doubt }) });
				}
			}
		}
		return found;
	}

	#ofFunction(one: ModuleFunction): IndirectTarget[] {
		const members = new Set(
			this.#calls
				.steps(one)
				.filter(({ code }) => code === 'I')
				.map(({ name }) => name),
		);
		return [...members].flatMap((member): IndirectTarget[] => {
			const named = this.#named(member);
			const [only] = named;
			if (only !== undefined && named.length === 1) return [{ target: only }];
			const by = `${one.fn.name}() calls ->${member}()`;
			return named.length > 0
				? named.map((target) => ({ target, doubt: `${by}, of which there are ${named.length}` }))
				: this.#unplaced().map((target) => ({ target, doubt: `${by}, which may be anything` }));
		});
	}

	/** The functions that tables and assignments give for a member. */
	#named(member: string): readonly ModuleFunction[] {
		if (this.#byMember === undefined) {
			const found = new Map<string, Map<FunctionFact, ModuleFunction>>();
			const add = (path: string, value: string, file: ModuleFunction['file']): void => {
				const name = /\w+$/.exec(path)?.[0] ?? '';
				const known = found.get(name) ?? new Map<FunctionFact, ModuleFunction>();
				found.set(name, known);
				for (const one of this.#calls.named(value, file)) known.set(one.fn, one);
			};
			for (const file of this.#calls.files) {
				for (const { type, fields } of file.facts.structs) {
					if (OF_FRAMEWORK.test(type)) continue;
					for (const { path, value } of fields) add(path, value, file);
				}
				for (const { target, value } of file.facts.hooks) add(target, value, file);
			}
			this.#byMember = new Map([...found].map(([name, all]) => [name, [...all.values()]]));
		}
		return this.#byMember.get(member) ?? [];
	}

	/** Functions that one of the module's own is handed, and may keep. */
	#unplaced(): readonly ModuleFunction[] {
		this.#loose ??= this.#calls.files.flatMap((file) => {
			const { calls, functions } = file.facts;
			const own = new Set(functions.map(({ name }) => name));
			const handed = calls
				.filter(({ callee }) => own.has(callee))
				.flatMap(({ args = [] }) => args.map((argument) => identifier(argument) ?? ''));
			return [...new Set(handed)].flatMap((name) => this.#calls.named(name, file));
		});
		return this.#loose;
	}
}
