/** Options that several commands share. */
import { type Command, Option } from 'commander';
import { STORE_KINDS } from '../../src/git/open-store.ts';

const collect = (value: string, before: readonly string[]) => [...before, value];

/** An option that may be given several times; its value is the list. */
export function repeatable(flags: string, description: string): Option {
	return new Option(flags, `${description} (repeatable)`)
		.argParser<readonly string[]>(collect)
		.default([]);
}

/** `--repo`: the clone. */
export const repo = () =>
	new Option(
		'--repo <dir>',
		'kernel clone to read (default: the current folder if it has kernel release tags, else the index)',
	);
/** `--store`: what reads the clone. */
export const store = () =>
	new Option(
		'--store <kind>',
		'how a clone is read: native, by git, or embedded, which takes no git (default: native if there is a git)',
	).choices(STORE_KINDS);
/** `--offline`: nothing is fetched. */
export const offline = () =>
	new Option('--offline', 'of a partial clone read what is here, and fetch nothing');
/** `--index`: the release index. */
export const index = () =>
	new Option('--index <file>', 'release index to use (default: the one that ships with this)');
/** `--patch`: one patch of several. */
export const which = () =>
	new Option('--patch <which>', 'which of several patches: its number or its Message-ID');
/** `--json`. */
export const json = () =>
	new Option('--json', 'print JSON; its schema is in the package under schema/');

/** `--quiet`, of the program: taken before and behind the name of a command. */
export const quiet = () =>
	new Option(
		'-q, --quiet',
		'print nothing on standard error but errors: no progress, notes or warnings',
	);

/** The option whose value can be left out, and otherwise follows a `=`. */
export const ATTACHED = '--color';

/** Adds `--color` and `--no-color`. */
export function colors(command: Command): Command {
	return command
		.addOption(
			new Option('--color <when>', 'colour: auto, always or never').choices([
				'auto',
				'always',
				'never',
			]),
		)
		.option('--no-color', 'no colour, as --color=never');
}
