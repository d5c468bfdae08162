/**
 * The words of the command line as data, read from the commander program that help is printed from. The scripts
 * for the shells are made from nothing else.
 */
import type { Argument, Command, Option } from 'commander';
import { ATTACHED } from '../words/shared.ts';
import type { ArgumentWords, CommandWords, OptionWords, ValueKind } from './report.ts';

/** What values of options and arguments are, by the names that help gives them. */
const KINDS: Readonly<Record<string, ValueKind>> = {
	file: 'file',
	mail: 'file',
	dir: 'folder',
	PATCH: 'file',
	MAIL: 'file',
	PATH: 'file',
	CMD: 'command',
};

/** The words of a program and of all its commands. */
export function wordsOf(program: Command): CommandWords[] {
	return wordsBelow(program, []);
}

function wordsBelow(command: Command, path: readonly string[]): CommandWords[] {
	const help = command.createHelp();
	const below = help.visibleCommands(command);
	const names = below.map((one) => one.name());
	const own: CommandWords = {
		name: path.join(' '),
		summary: command.summary() === '' ? command.description() : command.summary(),
		commands: names,
		options: [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].map(
			optionWords,
		),
		arguments: command.registeredArguments.map((one) => argumentWords(one)),
	};
	return [
		own,
		...below.flatMap((one) => {
			const words = wordsBelow(one, [...path, one.name()]);
			return one.name() === 'help' ? words.map((first) => helpWords(first, names)) : words;
		}),
	];
}

/** The command `help` is commander's own: it takes the name of one of the others. */
function helpWords(words: CommandWords, names: readonly string[]): CommandWords {
	const choices = names.filter((name) => name !== 'help');
	return { ...words, arguments: [{ name: 'command', kind: 'choice', choices, variadic: false }] };
}

function optionWords(option: Option): OptionWords {
	const name = /[<[]([^>\].]+)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1];
	const choices = option.argChoices ?? [];
	const long = option.long ?? option.short ?? option.flags;
	return {
		short: option.short ?? null,
		long,
		description: option.description,
		value:
			name === undefined
				? null
				: { name, kind: kindOf(name, choices), choices: [...choices], attached: long === ATTACHED },
		repeatable: Array.isArray(option.defaultValue),
	};
}

function argumentWords(argument: Argument): ArgumentWords {
	const choices = argument.argChoices ?? [];
	const name = argument.name();
	return {
		name,
		kind: kindOf(name, choices),
		choices: [...choices],
		variadic: argument.variadic,
	};
}

function kindOf(name: string, choices: readonly string[]): ValueKind {
	return choices.length > 0 ? 'choice' : (KINDS[name] ?? 'other');
}

/** What words ask for: the same options of several commands are written once. */
export function grouped<T>(
	commands: readonly CommandWords[],
	pick: (option: OptionWords) => T | undefined,
	key: (picked: T) => string,
): { picked: T; words: string[] }[] {
	const groups = new Map<string, { picked: T; words: string[] }>();
	for (const { name, options } of commands) {
		for (const option of options) {
			const picked = pick(option);
			if (picked === undefined) continue;
			const group = groups.get(key(picked)) ?? { picked, words: [] };
			groups.set(key(picked), group);
			for (const word of [option.short, option.long]) {
				if (word !== null) group.words.push(`${name} ${word}`);
			}
		}
	}
	return [...groups.values()];
}
