/** The options of commands that judge a patch: what is read, and which releases and configurations count. */
import type { Command } from 'commander';
import type { StoreKind } from '../../src/git/open-store.ts';
import { index, offline, repeatable, repo, store, which } from './shared.ts';

export interface JudgingWords {
	readonly patch?: string;
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly offline?: boolean;
	/** False with --no-index. */
	readonly index?: string | boolean;
	readonly cache: boolean;
	/** False with --no-history. */
	readonly history: boolean;
	readonly release: readonly string[];
	readonly series: readonly string[];
	readonly all?: boolean;
	readonly onto: readonly string[];
	readonly config?: string;
	readonly arch: readonly string[];
	readonly example?: boolean;
	readonly asOf?: string;
	readonly json?: boolean;
}

/** Adds them to a command. */
export function judging(command: Command): Command {
	return command
		.addOption(which())
		.addOption(repo())
		.addOption(store())
		.addOption(offline())
		.addOption(index())
		.option('--no-index', 'read everything from the clone')
		.option('--no-cache', 'neither read nor write the facts cache')
		.option('--no-history', 'judge by the releases alone, not by the commits between them')
		.addOption(repeatable('--release <version>', 'judge this release'))
		.addOption(repeatable('--series <series>', 'judge the releases of this series, 4.14.y'))
		.option('--all', 'judge every release')
		.addOption(repeatable('--onto <rev>', 'judge this branch or commit of the repository'))
		.option('--config <file>', 'judge for this kernel configuration (a .config file)')
		.addOption(repeatable('--arch <arch>', 'judge for this architecture: arm64, arm, x86'))
		.option('--example', 'judge the patch that ships with the index')
		.option('--as-of <date>', 'tags ask for series maintained on this day (default: today)');
}
