/** The words of the commands `bisect` and `probe`. */
import { type Command, Option } from 'commander';
import { BISECT_HELP, PROBE_HELP } from '../help/bisect.ts';
import type { ColorWhen } from '../output/paint.ts';
import { jobs } from './each.ts';
import { colors, json, offline, repeatable } from './shared.ts';

export interface BisectWords {
	readonly good: readonly string[];
	readonly bad?: string;
	readonly old: readonly string[];
	readonly new?: string;
	readonly where?: string;
	readonly run?: boolean;
	readonly repo?: string;
	readonly jobs: number;
	readonly flips?: boolean;
	readonly reset?: boolean;
	readonly offline?: boolean;
	readonly cache: boolean;
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

export interface ProbeWords {
	readonly where: string;
	readonly not?: boolean;
	readonly repo?: string;
	readonly offline?: boolean;
	readonly cache: boolean;
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

const repo = () => new Option('--repo <dir>', 'the clone to read (default: the current folder)');

/** Adds `bisect` to the program. */
export function addBisect(
	program: Command,
	action: (command: readonly string[], words: BisectWords) => Promise<void>,
): void {
	colors(
		program
			.command('bisect')
			.summary('the first commit where a predicate holds, or a command fails')
			.description(
				'Finds the first commit for which a predicate holds (--where), or a command fails (--run -- CMD ARG...), between commits where it does not and one where it does. Only commits that touch what the predicate reads are looked at. What cannot be told is neither; then the commits that remain are the answer. An interrupted search goes on where it was.',
			)
			.argument('[CMD...]', 'with --run: the command and its arguments, after --')
			.addOption(repeatable('--good <rev>', 'it does not hold here, or before'))
			.addOption(new Option('--bad <rev>', 'it holds here'))
			.addOption(repeatable('--old <rev>', 'as --good'))
			.addOption(new Option('--new <rev>', 'as --bad'))
			.addOption(new Option('--where <predicate>', 'what is asked of each commit'))
			.option('--run', 'ask CMD, with the exit codes of git bisect run')
			.addOption(repo())
			.addOption(offline())
			.addOption(
				new Option('-j, --jobs <n>', 'look at so many commits at once').argParser(jobs).default(1),
			)
			.option('--flips', 'every commit where it begins or ceases to hold')
			.option('--reset', 'forget the answers of an interrupted search')
			.option('--no-cache', 'neither read nor keep facts and answers')
			.addOption(json()),
	)
		.addHelpText('after', BISECT_HELP)
		.action(action);
}

/** Adds `probe` to the program. */
export function addProbe(
	program: Command,
	action: (revision: string | undefined, words: ProbeWords) => Promise<void>,
): void {
	colors(
		program
			.command('probe')
			.summary('whether a predicate holds at a commit')
			.description(
				'Says whether a predicate holds at a commit: exit code 0 for yes, 1 for no, 125 where it cannot be told. REV is HEAD when left out.',
			)
			.argument('[REV]', 'a commit of the repository')
			.addOption(
				new Option('--where <predicate>', 'what is asked of the commit').makeOptionMandatory(),
			)
			.option('--not', 'exit with 0 for no and 1 for yes')
			.addOption(repo())
			.addOption(offline())
			.option('--no-cache', 'neither read nor write the facts cache')
			.addOption(json()),
	)
		.addHelpText('after', PROBE_HELP)
		.action(action);
}
