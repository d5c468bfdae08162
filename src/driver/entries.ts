/**
 * What an entry at file scope does for a function or a driver struct that it names: by the macros of
 * the tree where a profile reads these, else by the names that the kernel gives them.
 */
import type { EntryFact, StructFact } from './facts.ts';
import { driverMacro, initcallLevel, type Level } from './levels.ts';
import type { EntryMeaning } from './macros/meaning.ts';
import type { Profile, SourceFile } from './profile.ts';
import { identifier } from './program.ts';

/** What an entry does for a function. */
export type EntryRole =
	| { kind: 'initcall'; level: Level }
	| { kind: 'probe'; level: Level }
	| { kind: 'declared'; table: 'of' | 'acpi' | undefined }
	| { kind: 'boot' };

type WithMeanings = Pick<SourceFile, 'meanings'>;

/** What an entry does for a function; undefined when it does nothing for it. */
export function roleOf(
	profile: Profile,
	file: WithMeanings,
	entry: EntryFact,
	fn: string,
): EntryRole | undefined {
	if (!entry.args.some((argument) => identifier(argument) === fn)) return undefined;
	if (file.meanings !== undefined) {
		const meaning = file.meanings.get(entry);
		return meaning && meantFor(profile, meaning, fn);
	}
	const level = initcallLevel(entry.macro);
	if (level !== undefined) return { kind: 'initcall', level };
	const table = profile.declareMacros.get(entry.macro);
	if (table !== undefined) return { kind: 'declared', table };
	if (profile.bootMacros.has(entry.macro)) return { kind: 'boot' };
	const macro = driverMacro(entry.macro);
	const argument = entry.args[macro?.probeArgument ?? -1];
	return macro === undefined || argument === undefined || identifier(argument) !== fn
		? undefined
		: { kind: 'probe', level: macro.level };
}

function meantFor(profile: Profile, meaning: EntryMeaning, fn: string): EntryRole | undefined {
	const { level, boots, runs, calls, table } = meaning;
	if (boots && runs.includes(fn)) return { kind: 'boot' };
	if (level !== undefined && runs.includes(fn)) return { kind: 'initcall', level };
	const binds = calls.some(
		({ callee, args }) => profile.registersDriver(callee) && args.slice(1).includes(fn),
	);
	if (level !== undefined && binds) return { kind: 'probe', level };
	return table === undefined ? undefined : { kind: 'declared', table: undefined };
}

/** When a macro registers a driver struct: at an initcall level, when the driver model binds, or before either. */
export type RegisteredAt = { level: Level } | { stage: 'bind' } | { boots: true };

/** When an entry registers a driver struct; undefined when it does not. */
export function registersAt(
	profile: Profile,
	file: WithMeanings,
	entry: EntryFact,
	struct: StructFact,
): RegisteredAt | undefined {
	if (file.meanings === undefined) {
		const macro = driverMacro(entry.macro);
		const named = identifier(entry.args[0] ?? '') === struct.name;
		return macro === undefined || !named ? undefined : { level: macro.level };
	}
	const meaning = file.meanings.get(entry);
	if (meaning === undefined) return undefined;
	if (meaning.list !== undefined) {
		return struct.macro === true && entry.args[0] === struct.name ? { stage: 'bind' } : undefined;
	}
	const registers = meaning.calls.some(
		({ callee, args }) => profile.registersDriver(callee) && args.includes(struct.name),
	);
	if (!registers) return undefined;
	if (meaning.boots) return { boots: true };
	return meaning.level === undefined ? undefined : { level: meaning.level };
}
