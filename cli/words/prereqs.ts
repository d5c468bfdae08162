/** The words of the command `prereqs`. */

import { type Command, Option } from 'commander';
import { RangefinderError } from '../../src/errors.ts';
import { EXPORT_HELP, PREREQS_HELP } from '../help/prereqs.ts';
import type { ColorWhen } from '../output/paint.ts';
import { type ListWords, listed } from './each.ts';
import { colors, json, offline, repeatable, repo, which } from './shared.ts';

export interface PrereqsWords extends ListWords {
	readonly patch?: string;
	readonly repo?: string;
	readonly offline?: boolean;
	/** False with --no-index. */
	readonly index?: boolean;
	readonly cache: boolean;
	readonly onto: readonly string[];
	readonly release?: readonly string[];
	readonly upstream?: string;
	readonly max: number;
	readonly tries: number;
	readonly seconds?: number;
	/** False with --rework. */
	readonly rework?: boolean;
	readonly explain?: string;
	readonly config?: string;
	readonly arch: readonly string[];
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

export type PrereqsAction = (patch: string | undefined, words: PrereqsWords) => Promise<void>;

/** A count from 0 on. Throws usage. */
function count(text: string): number {
	if (/^\d{1,6}$/.test(text)) return Number(text);
	throw new RangefinderError({
		code: 'usage',
		what: `${text} is no number`,
		hint: 'give a count, as in --max 30',
	});
}

export interface ExportWords extends PrereqsWords {
	readonly output: string;
}

export type ExportAction = (patch: string, words: ExportWords) => Promise<void>;

/** What both commands take besides the targets. */
function solving(command: Command): Command {
	return colors(
		command
			.addOption(repo())
			.addOption(which())
			.option(
				'--upstream <rev>',
				'history in which commits are looked for (default: what the patch was made on, then HEAD)',
			)
			.addOption(
				new Option('--max <n>', 'most commits of a list (default: 20)')
					.argParser(count)
					.default(20),
			)
			.addOption(
				new Option('--tries <n>', 'most lists that are tried (default: 300)')
					.argParser(count)
					.default(300),
			)
			.addOption(
				new Option(
					'--seconds <n>',
					'try no more lists after that, for each target (default: no limit)',
				).argParser(count),
			)
			.option(
				'--rework',
				'no commit for text alone: the patch adapted by merge, where that is clean',
			)
			.option('--config <file>', 'judge for this kernel configuration (a .config file)')
			.addOption(repeatable('--arch <arch>', 'judge for this architecture: arm64, arm, x86'))
			.addOption(offline())
			.option('--no-index', 'read everything from the clone')
			.option('--no-cache', 'neither read nor write the facts cache'),
	);
}

/** Adds `prereqs` to the program. */
export function addPrereqs(program: Command, action: PrereqsAction): void {
	listed(
		solving(
			program
				.command('prereqs')
				.summary('the commits that a patch needs on a release')
				.description(
					'Finds, for each target, the smallest ordered list of commits that have to go in before PATCH so that it lands and is safe, says what fails without each, and lets git prove it. PATCH is a file (a mail or .patch), - for standard input, or a commit.',
				)
				.argument('[PATCH]', 'file, -, or commit')
				.addOption(repeatable('--onto <rev>', 'a release, branch or commit to bring it to'))
				.addOption(repeatable('--release <version>', 'the same, for a release'))
				.option('--explain <commit>', 'everything about one commit of the list')
				.addOption(json()),
		),
	)
		.addHelpText('after', PREREQS_HELP)
		.action(action);
}

/** Adds `export` to the program. */
export function addExport(program: Command, action: ExportAction): void {
	solving(
		program
			.command('export')
			.summary('a patch and what it needs as mails for git am')
			.description(
				'Writes PATCH and its prerequisites for one target into a folder, as mails that git am applies there to the tree that was proved: a cover letter with the reasons, and each commit with the line that says what it is upstream.',
			)
			.argument('<PATCH>', 'file, -, or commit')
			.addOption(repeatable('--onto <rev>', 'the release, branch or commit to bring it to'))
			.addOption(
				new Option(
					'-o, --output <dir>',
					'the folder to write to; it is made',
				).makeOptionMandatory(),
			)
			.addOption(json()),
	)
		.addHelpText('after', EXPORT_HELP)
		.action(action);
}
