/** The words of the command `reply`. */
import type { Command } from 'commander';
import { REPLY_HELP } from '../help/reply.ts';
import { type ListWords, listed } from './each.ts';
import { type JudgingWords, judging } from './judging.ts';
import { json } from './shared.ts';

export interface ReplyWords extends JudgingWords, ListWords {
	readonly allSeries?: boolean;
}

export type ReplyAction = (patch: string | undefined, words: ReplyWords) => Promise<void>;

/** Adds `reply` to the program. */
export function addReply(program: Command, action: ReplyAction): void {
	listed(
		judging(
			program
				.command('reply')
				.summary('the answer to a patch, as a mail')
				.description(
					'Prints an answer to the mail of a patch as plain text, ready for git send-email or a mailer: where the patch is safe, why not elsewhere, what it takes, and tags. PATCH is anything that range takes; of several patches one is chosen with --patch.',
				)
				.argument('[PATCH]', 'file, folder, -, commit or range'),
		),
	)
		.option('--all-series', 'tags ask for any series that was looked at, maintained or not')
		.addOption(json())
		.addHelpText('after', REPLY_HELP)
		.action(action);
}
