/** The options of commands that take many patches at once. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Names on standard input. */
export interface ListWords {
	readonly stdin?: boolean;
	readonly null?: boolean;
}

export interface EachWords extends ListWords {
	readonly each?: boolean;
	readonly jobs?: number;
	readonly resume?: string;
}

const MOST_JOBS = 64;

/** The number that `--jobs` takes. */
export function jobs(text: string): number {
	const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
	if (count >= 1 && count <= MOST_JOBS) return count;
	throw new InvalidArgumentError(`it takes a number from 1 to ${MOST_JOBS}.`);
}

/** Adds `--stdin` and `-0`. */
export function listed(command: Command): Command {
	return command
		.addOption(
			new Option('--stdin', 'read names of patches and commits on standard input, a line each'),
		)
		.addOption(new Option('-0, --null', 'as --stdin, with NUL behind each name'));
}

/** Adds these and what else goes with many patches. */
export function each(command: Command): Command {
	return listed(command)
		.addOption(
			new Option('--each', 'every patch on its own, however many; several PATCHes imply it'),
		)
		.addOption(
			new Option(
				'-j, --jobs <n>',
				'worker threads for many patches (default: one for each core)',
			).argParser(jobs),
		)
		.addOption(
			new Option('--resume <file>', 'take over what this --json output of a run cut off has'),
		);
}

/** Whether names come on standard input. */
export function isListed({ stdin, null: nul }: ListWords): boolean {
	return stdin === true || nul === true;
}

/** Whether the words ask for every patch on its own. */
export function asksForEach(inputs: readonly string[], words: EachWords): boolean {
	const { each: asked, jobs: threads, resume } = words;
	const implied = threads !== undefined || resume !== undefined;
	return inputs.length > 1 || asked === true || implied || isListed(words);
}
