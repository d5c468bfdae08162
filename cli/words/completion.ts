/** The words of the command `completion`. */
import { Argument, type Command } from 'commander';
import { COMPLETION_HELP } from '../help/completion.ts';
import { json } from './shared.ts';

/** The shells that a script can be made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface CompletionWords {
	readonly json?: boolean;
}

/** `program` is what the words are read from. */
export type CompletionAction = (
	program: Command,
	shell: Shell | undefined,
	words: CompletionWords,
) => Promise<void>;

/** Adds `completion` to the program. */
export function addCompletion(program: Command, action: CompletionAction): void {
	program
		.command('completion')
		.summary('the script that lets a shell complete the words of this program')
		.description(
			'Prints the script with which a shell completes commands, options, their choices and files, made from the definitions that this help is printed from; with --json those definitions.',
		)
		.addArgument(new Argument('[SHELL]', 'the shell').choices(SHELLS))
		.addOption(json())
		.addHelpText('after', COMPLETION_HELP)
		.action((shell: Shell | undefined, words: CompletionWords) => action(program, shell, words));
}
