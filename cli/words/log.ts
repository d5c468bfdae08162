/** The words of `log`. */
import { type Command, Option } from 'commander';
import { LOG_HELP } from '../help/log.ts';
import type { ColorWhen } from '../output/paint.ts';
import { colors, index, json, offline, repeatable } from './shared.ts';

export interface LogWords {
	readonly repo?: string;
	readonly offline?: boolean;
	/** False with --no-index. */
	readonly index?: string | boolean;
	readonly cache: boolean;
	readonly rev: readonly string[];
	readonly transitions?: boolean;
	readonly json?: boolean;
	/** False with --no-color. */
	readonly color?: ColorWhen | false;
}

export type LogAction = (paths: readonly string[], words: LogWords) => Promise<void>;

/** Adds the command `log`. */
export function addLog(program: Command, action: LogAction): void {
	colors(
		program
			.command('log')
			.summary('which commits changed how drivers register')
			.description(
				'Walks history and shows each commit that touches a driver under PATH, oldest first, with the registration style after it. Commits that change the style are marked, with the facts that changed. Without PATH: all that is known.',
			)
			.argument('[PATH...]', 'files or folders of the kernel tree')
			.addOption(new Option('--repo <dir>', 'kernel clone to read (default: the current folder)'))
			.addOption(offline())
			.addOption(
				repeatable(
					'--rev <rev>',
					'walk the history of this revision, or what is new in A..B (default: HEAD and all release tags)',
				),
			)
			.option('--transitions', 'only commits that change a style or what the framework offers')
			.addOption(index())
			.option('--no-index', 'read everything from the clone')
			.option('--no-cache', 'neither read nor write the facts cache')
			.addOption(json()),
	)
		.addHelpText('after', LOG_HELP)
		.action(action);
}
