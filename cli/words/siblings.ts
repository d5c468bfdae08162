/** The words of `siblings`. */
import type { Command } from 'commander';
import type { StoreKind } from '../../src/git/open-store.ts';
import { SIBLINGS_HELP } from '../help/siblings.ts';
import type { ColorWhen } from '../output/paint.ts';
import { type ListWords, listed } from './each.ts';
import { colors, index, json, offline, repeatable, repo, store, which } from './shared.ts';

export interface SiblingsWords extends ListWords {
	readonly patch?: string;
	readonly example?: boolean;
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly offline?: boolean;
	readonly index?: string;
	readonly release: readonly string[];
	readonly arch: readonly string[];
	readonly config?: string;
	readonly json?: boolean;
	/** False with --no-color. */
	readonly color?: ColorWhen | false;
}

export type SiblingsAction = (patch: string | undefined, words: SiblingsWords) => Promise<void>;

/** Adds the command `siblings`. */
export function addSiblings(program: Command, action: SiblingsAction): void {
	listed(
		colors(
			program
				.command('siblings')
				.summary('other drivers that do what a patch stops one from doing')
				.description(
					'Finds out what a patch removes from how its driver is registered (that it takes a bus without looking for its hardware, say), and lists the other drivers of each release that do the same, with the configurations that build them. PATCH is what range takes.',
				)
				.argument('[PATCH]', 'file, folder, -, commit or range')
				.addOption(which())
				.addOption(repo())
				.addOption(store())
				.addOption(offline())
				.addOption(index())
				.addOption(repeatable('--release <version>', 'look at this release'))
				.option('--config <file>', 'ask for this kernel configuration (a .config file)')
				.addOption(repeatable('--arch <arch>', 'look at this architecture: arm64, arm, x86'))
				.option('--example', 'ask about the patch that ships with the index')
				.addOption(json()),
		),
	)
		.addHelpText('after', SIBLINGS_HELP)
		.action(action);
}
