/** The words of the command `contains`. */
import type { Command } from 'commander';
import { CONTAINS_HELP } from '../help/contains.ts';
import type { ColorWhen } from '../output/paint.ts';
import { type ListWords, listed } from './each.ts';
import { colors, json, offline } from './shared.ts';

export interface ContainsWords extends ListWords {
	readonly repo?: string;
	readonly offline?: boolean;
	readonly cache: boolean;
	readonly followUps: boolean;
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

/** Adds `contains` to the program. */
export function addContains(
	program: Command,
	action: (commit: string | undefined, words: ContainsWords) => Promise<void>,
): void {
	listed(
		colors(
			program
				.command('contains')
				.summary('which releases have a commit or a copy of it')
				.description(
					'Shows for every series the first release that contains COMMIT, by ancestry or as a copy, what took it back, and what followed it up. COMMIT is a revision, or an id that the clone has not any more.',
				)
				.argument('[COMMIT]', 'commit, or digits of its id')
				.option('--repo <dir>', 'kernel clone to read (default: the one of the current folder)')
				.addOption(offline())
				.option('--no-cache', 'neither read nor write the cache')
				.option('--no-follow-ups', 'leave out what followed the commit up')
				.addOption(json()),
		),
	)
		.addHelpText('after', CONTAINS_HELP)
		.action(action);
}
