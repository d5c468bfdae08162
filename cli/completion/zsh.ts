/**
 * The completion script for zsh, for a folder of its $fpath (as _rangefinder) or to be sourced. Made of
 * `_arguments` specifications, see zshcompsys(1).
 */
import { quoted } from './bash.ts';
import type { ArgumentWords, CommandWords, OptionWords } from './report.ts';

/** The script, as lines. */
export function zshScript(commands: readonly CommandWords[]): string[] {
	return [
		'#compdef rangefinder',
		'# zsh completion for rangefinder, made by: rangefinder completion zsh',
		'',
		...commands.flatMap((one) => ['', ...functionOf(one, commands)]),
		'',
		'# Sourced, it is registered; loaded from $fpath, it completes at once.',
		'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _rangefinder "$@"; else compdef _rangefinder rangefinder; fi',
	];
}

function functionName(name: string): string {
	return `_rangefinder${name === '' ? '' : `_${name.replaceAll(/[ -]/g, '_')}`}`;
}

function functionOf(one: CommandWords, all: readonly CommandWords[]): string[] {
	const name = functionName(one.name);
	const specs = one.options.map(optionSpec);
	if (one.commands.length === 0) {
		return [
			`${name}() {`,
			...call('_arguments -S', [...specs, ...one.arguments.map(argumentSpec)]),
			'}',
		];
	}
	const below = one.commands.map((word) => {
		const path = one.name === '' ? word : `${one.name} ${word}`;
		return { word, path, summary: all.find((other) => other.name === path)?.summary ?? '' };
	});
	return [
		`${name}() {`,
		'\tlocal curcontext="$curcontext" state line',
		'\ttypeset -A opt_args',
		'\tlocal -a commands',
		'\tcommands=(',
		...below.map(
			({ word, summary }) => `\t\t${quoted(`${word}:${summary.replaceAll(':', '\\:')}`)}`,
		),
		'\t)',
		...call('_arguments -C', [...specs, "'1: :->command'", "'*:: :->words'"]),
		'\tcase $state in',
		'\tcommand) _describe -t commands command commands ;;',
		'\twords)',
		'\t\tcase $words[1] in',
		...below.map(({ word, path }) => `\t\t${quoted(word)}) ${functionName(path)} ;;`),
		'\t\tesac ;;',
		'\tesac',
		'}',
	];
}

function call(command: string, specs: readonly string[]): string[] {
	return [
		`\t${command} \\`,
		...specs.map((spec, i) => `\t\t${spec}${i < specs.length - 1 ? ' \\' : ''}`),
	];
}

function optionSpec({ short, long, description, value, repeatable }: OptionWords): string {
	const words = short === null ? [long] : [short, long];
	const others = repeatable ? '*' : words.length > 1 ? `(${words.join(' ')})` : '';
	const named = words.map((word) => {
		if (value === null) return word;
		if (!word.startsWith('--')) return `${word}+`;
		return value.attached ? `${word}=-` : `${word}=`;
	});
	const said = `[${description.replaceAll(/[[\]\\]/g, '\\$&')}]`;
	const taken =
		value === null
			? ''
			: `${value.attached ? '::' : ':'}${value.name}:${action(value.kind, value.choices)}`;
	const rest = quoted(`${said}${taken}`);
	const [only = long] = named;
	if (named.length === 1) return quoted(`${others}${only}${said}${taken}`);
	return `${quoted(others)}{${named.join(',')}}${rest}`;
}

function argumentSpec({ name, kind, choices, variadic }: ArgumentWords): string {
	return quoted(`${variadic ? '*' : ''}:${name}:${action(kind, choices)}`);
}

function action(kind: ArgumentWords['kind'], choices: readonly string[]): string {
	switch (kind) {
		case 'choice':
			return `(${choices.join(' ')})`;
		case 'file':
			return '_files';
		case 'folder':
			return '_files -/';
		case 'command':
			return '_command_names -e';
		case 'other':
			return ' ';
	}
}
