/** Every command that reads a repository, with words that make it read the miniature kernel. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Actions, createProgram } from '../../cli/options.ts';
import type { MiniatureKernel } from '../kernel/miniature.ts';

export interface ReadingCommand {
	readonly name: string;
	/** Words before `--repo DIR`. */
	readonly words: readonly string[];
	/** The file or folder that it is told to write, in the folder that it runs in. */
	readonly output?: string;
}

/** Commands that read no repository. */
const OTHERS: ReadonlySet<string> = new Set(['help', 'index info', 'completion']);

/**
 * The commands. `folder` gets the fix as a mail.
 * @throws Error for a command of the program that is not among them: it has to be
 */
export function readingCommands(
	{ fix, commits }: Pick<MiniatureKernel, 'fix' | 'commits'>,
	folder: string,
): ReadingCommand[] {
	const mail = join(folder, 'fix.eml');
	writeFileSync(mail, fix.mail);
	const where = ['--where', "style(acme-mmu) ~ 'probe@*'"];
	const registered = commits.get('iommu/acme-mmu: Register with the IOMMU core') ?? '';
	const commands: ReadingCommand[] = [
		{ name: 'range', words: [mail, '--json', '--no-index'] },
		{ name: 'range', words: ['fix', '--json', '--no-index'] },
		{ name: 'range', words: [mail, '--json', '--no-index', '--store', 'embedded'] },
		{ name: 'range', words: [mail, '--only', 'placement', '--no-cache'] },
		{ name: 'styles', words: ['drivers/iommu'] },
		{ name: 'repair', words: [mail, '-o', 'repaired'], output: 'repaired' },
		{ name: 'log', words: ['--json', '--no-index'] },
		{ name: 'contains', words: [registered] },
		{ name: 'bisect', words: ['--good', 'v4.6', '--bad', 'v4.9', ...where] },
		{ name: 'bisect', words: ['--good', 'v4.6', '--bad', 'v4.9', '--run'] },
		{ name: 'probe', words: ['v4.9', ...where] },
		{ name: 'doctor', words: [] },
		{ name: 'built', words: ['acme-mmu'] },
		{ name: 'tags', words: [mail, '--no-index', '--as-of', '2016-01-01'] },
		{ name: 'lint', words: [mail, '--no-index', '--as-of', '2016-01-01'] },
		{ name: 'reply', words: [mail, '--no-index', '--as-of', '2016-01-01'] },
		{ name: 'prereqs', words: ['fix', '--onto', 'v4.7', '--no-index'] },
		{
			...{ name: 'export', output: 'series' },
			words: ['fix', '--onto', 'v4.7', '--no-index', '-o', 'series'],
		},
		{ name: 'siblings', words: [mail] },
		{ name: 'demands', words: ['--release', 'v4.9'] },
		{ name: 'index build', words: ['-o', 'new.rfx'], output: 'new.rfx' },
		{ name: 'index verify', words: ['--index', 'new.rfx'] },
	];
	const named = new Set(commands.map(({ name }) => name));
	const missing = commandNames().filter((name) => !named.has(name) && !OTHERS.has(name));
	if (missing.length > 0) throw new Error(`not among the reading commands: ${missing.join(', ')}`);
	return commands;
}

/** The words of a whole command line; what follows `--` stays last. */
export function wordsOn({ name, words }: ReadingCommand, repo: string): string[] {
	const run = words.includes('--run') ? ['--', 'test', '-e', 'Makefile'] : [];
	return [...name.split(' '), ...words, '--repo', repo, ...run];
}

/** The names of all commands that the program has. */
function commandNames(): string[] {
	const nothing = { writeOut: () => undefined, writeErr: () => undefined };
	const program = createProgram(
		'0',
		new Proxy({} as Actions, { get: () => async () => {} }),
		nothing,
	);
	const names = (command: Command): string[] =>
		command.commands.length === 0
			? [command.name()]
			: command.commands.flatMap((one) => names(one).map((name) => `${command.name()} ${name}`));
	return program.commands.flatMap(names);
}
