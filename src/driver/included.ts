/**
 * C sources that others include: they are compiled with those, and registered by what these enter. A source that
 * no Makefile lists and another one includes is no module of its own.
 */
import { and, conditionAt, parseCondition, printCondition, regions } from '../kernel/condition.ts';
import type { FileFacts } from './facts.ts';
import type { ModuleSources } from './link.ts';
import { includedPaths } from './macros/scope.ts';
import type { SourceFile } from './profile.ts';

type Source = ModuleSources['sources'][number];

/** A C source that a file includes, and the condition of the line that does. */
export interface IncludedSource {
	readonly path: string;
	readonly when: string;
}

/** Of sources that include others, what they include, by path. */
export type Including = ReadonlyMap<string, readonly IncludedSource[]>;

/** More sources than this are not compiled as one. */
const MOST = 200;

/** Whether a file includes a C source, wherever that is. */
export function includesSource({ preprocessor }: FileFacts): boolean {
	return preprocessor?.includes.some(({ path }) => path.endsWith('.c')) ?? false;
}

/**
 * The C sources that a file includes, each once.
 * @param isThere whether the tree has a path
 */
function includedBy(
	{ path: from, facts }: Pick<SourceFile, 'path' | 'facts'>,
	isThere: (path: string) => boolean,
): IncludedSource[] {
	const found = new Map<string, IncludedSource>();
	for (const include of facts.preprocessor?.includes ?? []) {
		if (!include.path.endsWith('.c')) continue;
		const path = includedPaths(include, from).find((one) => one.endsWith('.c') && isThere(one));
		if (path === undefined || path === from || found.has(path)) continue;
		const around = conditionAt(regions(facts.directives, facts.lines), include.line ?? 1);
		found.set(path, { path, when: printCondition(around) });
	}
	return [...found.values()];
}

/** What the sources of a tree include of each other; of none that includes nothing. */
export function including(
	files: Iterable<SourceFile>,
	isThere: (path: string) => boolean,
): Map<string, IncludedSource[]> {
	const all = new Map<string, IncludedSource[]>();
	for (const file of files) {
		if (!file.path.endsWith('.c') || !includesSource(file.facts)) continue;
		const included = includedBy(file, isThere);
		if (included.length > 0) all.set(file.path, included);
	}
	return all;
}

/** Modules with what their sources include among their sources, without those that are nothing but included. */
export function withIncluded(
	modules: readonly ModuleSources[],
	by: Including,
): readonly ModuleSources[] {
	if (by.size === 0) return modules;
	const included = new Set([...by.values()].flat().map(({ path }) => path));
	// Of sources that include each other, and that nothing else includes, each stays a module.
	const compiled = new Set<string>();
	for (const module of modules) {
		if (isUnlisted(module) && included.has(module.at.path)) continue;
		for (const { path } of module.sources.flatMap((one) => withParts(one, by))) compiled.add(path);
	}
	return modules
		.filter(
			(module) =>
				!isUnlisted(module) || !compiled.has(module.at.path) || !included.has(module.at.path),
		)
		.map((module) => {
			const paths = new Set(module.sources.map(({ path }) => path));
			const sources = module.sources.flatMap((source) =>
				withParts(source, by).filter(
					(one) => one === source || (!paths.has(one.path) && paths.add(one.path)),
				),
			);
			return sources.length === module.sources.length ? module : { ...module, sources };
		});
}

/** True for a module that no Makefile lists (see unlisted.ts): its place is its only source. */
export function isUnlisted({ symbol, sources, at }: ModuleSources): boolean {
	return symbol === '' && sources.length === 1 && sources[0]?.path === at.path;
}

/** A source and what it includes, and so on, in order of inclusion. */
function withParts(source: Source, by: Including): Source[] {
	const all: Source[] = [];
	const seen = new Set<string>();
	const add = (one: Source): void => {
		if (seen.has(one.path) || seen.size >= MOST) return;
		seen.add(one.path);
		all.push(one);
		for (const { path, when } of by.get(one.path) ?? []) {
			const both = printCondition(and(parseCondition(one.when), parseCondition(when)));
			add({ ...one, path, when: both, within: source.path });
		}
	};
	add(source);
	return all;
}
