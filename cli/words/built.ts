/** The words of `built`. */
import type { Command } from 'commander';
import type { StoreKind } from '../../src/git/open-store.ts';
import { BUILT_HELP } from '../help/built.ts';
import type { ColorWhen } from '../output/paint.ts';
import { colors, index, json, repeatable, repo, store } from './shared.ts';

export interface BuiltWords {
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly index?: string;
	readonly release: readonly string[];
	readonly arch: readonly string[];
	readonly config?: string;
	readonly json?: boolean;
	/** False with --no-color. */
	readonly color?: ColorWhen | false;
}

export type BuiltAction = (what: string, words: BuiltWords) => Promise<void>;

/** Adds the command `built`. */
export function addBuilt(program: Command, action: BuiltAction): void {
	colors(
		program
			.command('built')
			.summary('in which releases a driver can be built, and with whom')
			.description(
				'Shows for each architecture the releases whose Kconfig can build a driver, and which drivers of the same bus can be built into one kernel with it. DRIVER is its name, one of its files, or a CONFIG symbol.',
			)
			.argument('<DRIVER>', 'driver, file or CONFIG symbol')
			.addOption(repo())
			.addOption(store())
			.addOption(index())
			.addOption(repeatable('--release <version>', 'look at this release'))
			.addOption(repeatable('--arch <arch>', 'look at this architecture: arm64, arm, x86'))
			.option('--config <file>', 'ask for this kernel configuration (a .config file)')
			.addOption(json()),
	)
		.addHelpText('after', BUILT_HELP)
		.action(action);
}
