/** The words of `doctor`. */
import type { Command } from 'commander';
import type { ColorWhen } from '../output/paint.ts';
import { colors, json, repo } from './shared.ts';

export interface DoctorWords {
	readonly repo?: string;
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

const HELP = `
Examples:
  rangefinder doctor --repo ~/linux-stable
  rangefinder doctor --json | jq -r '.findings[] | .command // empty'

Each finding is good, a note, or hurts: answers are slow, incomplete or unknown
because of it. Commands are printed and never run; nothing is written.

Exit codes:
  0   nothing hurts
  1   something does
  3   the repository cannot be read`;

/** Adds the command. */
export function addDoctor(program: Command, action: (words: DoctorWords) => Promise<void>): void {
	colors(
		program
			.command('doctor')
			.summary('what of a clone helps or hurts')
			.description(
				'Says what of a clone makes answers slow, incomplete or unknown, and the command that mends it: git itself, release tags and stable branches, shallow and partial clones, commit-graph and packs, and the cache.',
			)
			.addOption(repo())
			.addOption(json()),
	)
		.addHelpText('after', HELP)
		.action(action);
}
