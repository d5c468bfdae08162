/** The completion script for fish, for ~/.config/fish/completions/rangefinder.fish. See complete(1) of fish. */
import type { ArgumentWords, CommandWords, OptionWords } from './report.ts';

/** The script, as lines. */
export function fishScript(commands: readonly CommandWords[]): string[] {
	return [
		'# fish completion for rangefinder, made by: rangefinder completion fish',
		'',
		'# Whether the words so far name this command; a command of other commands is named by all of them.',
		'function __rangefinder_at',
		'\tset -l words',
		'\tset -l given (commandline -opc)',
		'\tfor word in $given[2..-1]',
		"\t\tstring match -q -- '-*' $word; or set -a words $word",
		'\tend',
		'\tset -l whole $argv[1]',
		'\tset -l path $argv[2..-1]',
		'\tset -l most (count $path)',
		'\tif test $whole = whole; and test (count $words) -ne $most',
		'\t\treturn 1',
		'\tend',
		'\tif test (count $words) -lt $most',
		'\t\treturn 1',
		'\tend',
		'\ttest $most -eq 0; or test "$words[1..$most]" = "$path"',
		'end',
		'',
		'complete -c rangefinder -f',
		...commands.flatMap((one) => ['', ...linesOf(one, commands)]),
	];
}

function linesOf(one: CommandWords, all: readonly CommandWords[]): string[] {
	const whole = one.commands.length > 0;
	const test = `__rangefinder_at ${whole ? 'whole' : 'start'}${one.name === '' ? '' : ` ${one.name}`}`;
	const start = `complete -c rangefinder -n ${quoted(test)}`;
	return [
		...one.commands.map((word) => {
			const path = one.name === '' ? word : `${one.name} ${word}`;
			const summary = all.find(({ name }) => name === path)?.summary ?? '';
			return `${start} -a ${quoted(word)} -d ${quoted(summary)}`;
		}),
		...one.options.map((option) => `${start}${optionWords(option)}`),
		...one.arguments.flatMap((argument) => argumentWords(start, argument)),
	];
}

function optionWords({ short, long, description, value }: OptionWords): string {
	const names = `${short === null ? '' : ` -s ${short.slice(1)}`} -l ${long.slice(2)}`;
	return `${names}${value === null ? '' : taken(value)} -d ${quoted(description)}`;
}

function taken({ kind, choices, attached }: NonNullable<OptionWords['value']>): string {
	const asked = attached ? ' -f' : ' -x';
	switch (kind) {
		case 'choice':
			return `${asked} -a ${quoted(choices.join(' '))}`;
		case 'file':
		case 'command':
			return ' -r -F';
		case 'folder':
			return ` -x -a '(__fish_complete_directories)'`;
		case 'other':
			return asked;
	}
}

function argumentWords(start: string, { kind, choices }: ArgumentWords): string[] {
	switch (kind) {
		case 'choice':
			return [`${start} -a ${quoted(choices.join(' '))}`];
		case 'file':
		case 'folder':
			return [`${start} -F`];
		case 'command':
			return [`${start} -a '(__fish_complete_subcommand)'`];
		case 'other':
			return [];
	}
}

/** A word of fish that stands for itself. */
function quoted(text: string): string {
	return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
