/** The words of the command `demands`. */
import type { Command } from 'commander';
import { DEMANDS_HELP } from '../help/demands.ts';
import type { ColorWhen } from '../output/paint.ts';
import { colors, json, offline, repeatable } from './shared.ts';

export interface DemandsWords {
	readonly repo?: string;
	readonly offline?: boolean;
	readonly cache: boolean;
	readonly release?: string;
	readonly with?: string;
	readonly assume: readonly string[];
	readonly all?: boolean;
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

/** Adds `demands` to the program. */
export function addDemands(program: Command, action: (words: DemandsWords) => Promise<void>): void {
	colors(
		program
			.command('demands')
			.summary('what the framework of a release demands of its drivers, and who violates it')
			.description(
				'Reads what the framework of a release offers, and checks in the whole tree what that demands of every driver. Violations are listed with their call path.',
			)
			.option('--repo <dir>', 'kernel clone to read (default: the one of the current folder)')
			.option('--release <version>', 'the release, or a commit (default: the newest release)')
			.option('--with <patch>', 'judge the tree with this patch: a file, - or a commit')
			.addOption(repeatable('--assume <capability>', 'what if the tree had it'))
			.option('--all', 'assume every capability that demands something')
			.addOption(offline())
			.option('--no-cache', 'neither read nor write the cache')
			.addOption(json()),
	)
		.addHelpText('after', DEMANDS_HELP)
		.action(action);
}
