/** The words of the command `lint`. */

import type { Command } from 'commander';
import type { StoreKind } from '../../src/git/open-store.ts';
import { withEach } from '../help/each.ts';
import { LINT_HELP } from '../help/lint.ts';
import type { ColorWhen } from '../output/paint.ts';
import { type EachWords, each } from './each.ts';
import { colors, index, json, offline, store } from './shared.ts';

export interface LintWords extends EachWords {
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly offline?: boolean;
	/** False with --no-index. */
	readonly index?: string | boolean;
	readonly cache: boolean;
	/** False with --no-range. */
	readonly range: boolean;
	/** False with --no-follow-ups. */
	readonly followUps: boolean;
	readonly base?: string;
	readonly asOf?: string;
	readonly allSeries?: boolean;
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

export type LintAction = (inputs: readonly string[], words: LintWords) => Promise<void>;

/** Adds `lint` to the program. */
export function addLint(program: Command, action: LintAction): void {
	const command = colors(
		program
			.command('lint')
			.summary('whether Fixes:, Cc: stable and the like are right')
			.description(
				'Checks the lines of commit messages that name other commits or ask for stable series, against the documents of the kernel and the repository, each finding with the line as it should be. An input is a file, folder, -, commit or range of the repository.',
			)
			.argument('[PATCH...]', 'files, folders, -, commits or ranges')
			.option(
				'--repo <dir>',
				'clone in which ids are looked up (default: the one of the current folder, if it is one)',
			)
			.addOption(store())
			.addOption(offline())
			.addOption(index())
			.option('--no-index', 'read everything from the clone')
			.option('--no-cache', 'neither read nor write the cache')
			.option('--no-range', 'do not judge where the patch is safe')
			.option('--no-follow-ups', 'do not look for fixes of a fix')
			.option('--base <rev>', 'the history that ids must be in (default: base-commit, else HEAD)')
			.option('--as-of <date>', 'series that were maintained on this day count (default: today)')
			.option('--all-series', 'any series that is looked at counts, maintained or not')
			.addOption(json()),
	);
	each(command).addHelpText('after', withEach(LINT_HELP, 'lint')).action(action);
}
