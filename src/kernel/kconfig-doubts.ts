/**
 * What makes the Kconfig of a tree no basis for an answer about a symbol: nobody defines it, files
 * source each other in a circle, or symbols depend on each other in one. kconfig refuses such trees;
 * here the answer is `unknown`, with this as the reason.
 */
import { atoms } from './condition.ts';
import type { KconfigFacts } from './kconfig.ts';
import type { KconfigModel } from './kconfig-model.ts';

/** How many symbols are followed; drivers hang on a few hundred. */
const MAX_SYMBOLS = 20_000;

/** Why nothing can be said of a symbol on an architecture; undefined when something can. */
export function kconfigDoubt(
	files: readonly KconfigFacts[],
	model: KconfigModel,
	symbol: string,
	arch: string,
): string | undefined {
	if (!model.isDefined(symbol)) return `no Kconfig file that was read defines ${symbol}`;
	const places = model.definitions(symbol, arch).map(({ def }) => def.path);
	return sourceCircle(files, places) ?? dependencyCircle(model, symbol, arch);
}

/** A circle of files among those that lead to `paths`. */
function sourceCircle(
	files: readonly KconfigFacts[],
	paths: readonly string[],
): string | undefined {
	const parents = new Map<string, string[]>();
	for (const { path, sources } of files) {
		for (const source of sources) {
			const known = parents.get(source.path);
			if (known === undefined) parents.set(source.path, [path]);
			else known.push(path);
		}
	}
	const found = circle(paths, (path) => parents.get(path) ?? []);
	return found === undefined ? undefined : `Kconfig files source each other: ${said(found)}`;
}

/** A circle of `depends on` above a symbol. */
function dependencyCircle(model: KconfigModel, symbol: string, arch: string): string | undefined {
	const found = circle([symbol], (name) => {
		const definitions = model.definitions(name, arch);
		// What all definitions share has to hold; of several, one may do without the circle.
		return definitions.length === 1 ? definitions.flatMap((one) => atoms(one.depends)) : [];
	});
	return found === undefined ? undefined : `symbols depend on each other: ${said(found)}`;
}

function said(names: readonly string[]): string {
	const shown = names.slice(0, 4).join(' -> ');
	return names.length > 4 ? `${shown} -> …` : shown;
}

/** The first circle that a walk from `roots` runs into, beginning and ending with the same name. */
function circle(
	roots: readonly string[],
	next: (name: string) => readonly string[],
): string[] | undefined {
	const done = new Set<string>();
	for (const root of roots) {
		const way: { name: string; rest: string[] }[] = [];
		const open = new Set<string>();
		const enter = (name: string): void => {
			open.add(name);
			way.push({ name, rest: [...next(name)] });
		};
		if (!done.has(root)) enter(root);
		for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
			const name = top.rest.pop();
			if (name === undefined) {
				done.add(top.name);
				open.delete(top.name);
				way.pop();
			} else if (open.has(name)) {
				const from = way.findIndex((step) => step.name === name);
				return [...way.slice(from).map((step) => step.name), name];
			} else if (!done.has(name) && done.size < MAX_SYMBOLS) enter(name);
		}
	}
	return undefined;
}
