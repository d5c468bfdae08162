/**
 * The shape of what `completion --json` prints: the words of the command line, as the shells' completions are made
 * from them. The single source of its types and JSON Schema; importing a value from here loads zod.
 */
import { z } from 'zod';

/** What a value is, as far as a shell can complete it: `command` is a program and its arguments. */
const kind = z.enum(['choice', 'file', 'folder', 'command', 'other']);

const value = z.object({
	/** As help shows it: `file` for `--config <file>`. */
	name: z.string(),
	kind,
	/** All that is allowed; empty where `kind` is no choice. */
	choices: z.array(z.string()),
	/** True when it can be left out, and otherwise follows a `=`: `--color[=<when>]`. */
	attached: z.boolean(),
});

const option = z.object({
	/** `-o`; null for none. */
	short: z.string().nullable(),
	/** `--output`. */
	long: z.string(),
	description: z.string(),
	/** Null for an option without value. */
	value: value.nullable(),
	repeatable: z.boolean(),
});

const command = z.object({
	/** The words that name it: `index build`; empty for the program itself. */
	name: z.string(),
	summary: z.string(),
	/** The last words of the names of its commands; empty for what is run. */
	commands: z.array(z.string()),
	options: z.array(option),
	arguments: z.array(
		z.object({
			name: z.string(),
			kind,
			choices: z.array(z.string()),
			/** True when it takes any number of words. */
			variadic: z.boolean(),
		}),
	),
});

export const completionReport = z.object({
	schema: z.literal('rangefinder.completion/1'),
	/** The program, then every command in the order of help, those of a command behind it. */
	commands: z.array(command),
});

export type CompletionReport = z.infer<typeof completionReport>;
export type CommandWords = z.infer<typeof command>;
export type OptionWords = z.infer<typeof option>;
export type ArgumentWords = CommandWords['arguments'][number];
export type ValueKind = z.infer<typeof kind>;
