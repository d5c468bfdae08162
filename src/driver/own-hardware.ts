/** By which names a module asks for hardware of its own: what a gate asks for is its own, or somebody else's. */
import type { Program } from './program.ts';

/** Stands for every compatible string, where a module matches no nodes itself: it makes a device of the node it finds. */
const ANY_STRING = ',';

/** Whether what a gate asks for is hardware that {@link ownHardware} names. */
export function isOwn(what: string, own: ReadonlySet<string>): boolean {
	return own.has(what) || (own.has(ANY_STRING) && what.includes(','));
}

/** Of each program, by module; see {@link ownHardware}. */
const knownHardware = new WeakMap<Program, Map<string, ReadonlySet<string>>>();

/** Names by which a module can ask for its own hardware: its match tables and the strings in them. */
export function ownHardware(program: Program, module: string): ReadonlySet<string> {
	const ofProgram = knownHardware.get(program) ?? new Map<string, ReadonlySet<string>>();
	knownHardware.set(program, ofProgram);
	const known = ofProgram.get(module) ?? findOwnHardware(program, module);
	ofProgram.set(module, known);
	return known;
}

function findOwnHardware(program: Program, module: string): ReadonlySet<string> {
	const own = new Set<string>();
	let matches = false;
	for (const file of program.files) {
		if (file.module !== module) continue;
		matches ||= file.facts.structs.some(({ fields }) =>
			fields.some(({ path }) => /(?:^|\.)of_match(?:_table)?$/.test(path)),
		);
		for (const table of file.facts.matchTables) {
			own.add(table.name);
			for (const { value } of table.compatible) {
				own.add(value);
				own.add(`"${value}"`);
			}
		}
	}
	if (!matches) own.add(ANY_STRING);
	return own;
}
