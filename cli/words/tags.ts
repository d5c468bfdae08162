/** The words of the command `tags`. */

import type { Command } from 'commander';
import { withEach } from '../help/each.ts';
import { TAGS_HELP } from '../help/tags.ts';
import { type EachWords, each } from './each.ts';
import { type JudgingWords, judging } from './judging.ts';
import { json } from './shared.ts';

export interface TagsWords extends JudgingWords, EachWords {
	readonly allSeries?: boolean;
	readonly noautosel?: string;
	readonly write?: boolean;
}

export type TagsAction = (patches: readonly string[], words: TagsWords) => Promise<void>;

/** Adds `tags` to the program. */
export function addTags(program: Command, action: TagsAction): void {
	const command = judging(
		program
			.command('tags')
			.summary('the Fixes: and Cc: stable lines that follow')
			.description(
				'Prints the trailers that say which commits a patch fixes and which stable series should take it, ready to paste. Why there are these, or none, is said on standard error. PATCH is anything that range takes.',
			)
			.argument('[PATCH...]', 'files, folders, -, commits or ranges'),
	)
		.option('--all-series', 'ask for any series that was looked at, maintained or not')
		.option('--noautosel <reason>', 'ask the stable tools to leave the patch alone, and say why')
		.option('--write', 'print the patch with the trailers put into its message')
		.addOption(json());
	each(command).addHelpText('after', withEach(TAGS_HELP, 'tags')).action(action);
}
