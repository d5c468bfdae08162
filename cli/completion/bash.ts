/**
 * The completion script for bash. It needs nothing but bash (no bash-completion), and starts no program.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what looks like one is bash's.
import type { ArgumentWords, CommandWords, ValueKind } from './report.ts';
import { grouped } from './words.ts';

/** The script, as lines. */
export function bashScript(commands: readonly CommandWords[]): string[] {
	const taking = grouped(
		commands,
		({ value }) => (value === null || value.attached ? undefined : true),
		String,
	);
	const values = grouped(
		commands,
		({ value }) =>
			value === null ? undefined : { kind: value.kind, words: value.choices.join(' ') },
		({ kind, words }) => `${kind} ${words}`,
	);
	return [
		'# bash completion for rangefinder, made by: rangefinder completion bash',
		'',
		'_rangefinder() {',
		'\tlocal cur=${COMP_WORDS[COMP_CWORD]} command= awaiting= last= before= place=0 dashes= word i',
		'\tlocal options= commands= kind= words=',
		'\tCOMPREPLY=()',
		'\tfor ((i = 1; i < COMP_CWORD; i++)); do',
		'\t\tword=${COMP_WORDS[i]}',
		'\t\tif [[ -n $dashes ]]; then place=$((place + 1))',
		// bash splits words at each =.
		'\t\telif [[ $word == = ]]; then awaiting=$last',
		'\t\telif [[ -n $awaiting ]]; then awaiting=',
		'\t\telif [[ $word == -- ]]; then dashes=1',
		'\t\telif [[ $word == -* ]]; then',
		'\t\t\tlast=$word',
		'\t\t\tcase "$command $word" in',
		...taking.map(({ words }) => `\t\t\t${pattern(words)}) awaiting=$word ;;`),
		'\t\t\tesac',
		'\t\telse',
		'\t\t\tcase "${command:+$command }$word" in',
		`\t\t\t${pattern(commands.map(({ name }) => name).filter((name) => name !== ''))})`,
		'\t\t\t\tcommand="${command:+$command }$word" ;;',
		'\t\t\t*) place=$((place + 1)) ;;',
		'\t\t\tesac',
		'\t\tfi',
		'\tdone',
		'\tif [[ -z $dashes && $cur == = ]]; then',
		'\t\tawaiting=$last cur=',
		'\telif [[ -z $dashes && $cur == --*=* ]]; then',
		'\t\tawaiting=${cur%%=*} before=${cur%%=*}= cur=${cur#*=}',
		'\tfi',
		'\tif [[ -n $awaiting ]]; then',
		'\t\tcase "$command $awaiting" in',
		...values
			.filter(({ picked }) => picked.kind !== 'other')
			.map(
				({ picked, words }) =>
					`\t\t${pattern(words)}) kind=${picked.kind} words=${quoted(picked.words)} ;;`,
			),
		'\t\tesac',
		'\telse',
		'\t\tcase "$command" in',
		...commands.map(
			(one) =>
				`\t\t${quoted(one.name)}) options=${quoted(optionWords(one))} commands=${quoted(one.commands.join(' '))} ;;`,
		),
		'\t\tesac',
		'\t\tif [[ -z $dashes && $cur == -* ]]; then kind=choice words=$options',
		'\t\telif [[ -n $commands ]]; then kind=choice words=$commands',
		'\t\telse',
		'\t\t\tcase "$command $place" in',
		...commands.flatMap((one) => one.arguments.flatMap((argument, i) => at(one, argument, i))),
		'\t\t\tesac',
		'\t\tfi',
		'\tfi',
		'\tcase $kind in',
		'\tchoice)',
		'\t\tfor word in $words; do',
		'\t\t\t[[ $word == "$cur"* ]] && COMPREPLY+=("$before$word")',
		'\t\tdone ;;',
		// With no words of ours, readline completes what is asked for, and quotes it.
		'\tfile) compopt -o default ;;',
		'\tfolder) compopt -o dirnames ;;',
		'\tcommand)',
		'\t\tif ((place > 0)); then compopt -o default',
		'\t\telse while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -c -- "$cur"); fi ;;',
		'\tesac',
		'}',
		'complete -F _rangefinder rangefinder',
	];
}

function at({ name }: CommandWords, argument: ArgumentWords, i: number): string[] {
	const { kind, choices, variadic } = argument;
	if (kind === 'other') return [];
	const place = variadic ? `${quoted(`${name} `)}*` : quoted(`${name} ${i}`);
	return [`\t\t\t${place}) kind=${kind satisfies ValueKind} words=${quoted(choices.join(' '))} ;;`];
}

function optionWords({ options }: CommandWords): string {
	return options.flatMap(({ short, long }) => (short === null ? [long] : [short, long])).join(' ');
}

function pattern(words: readonly string[]): string {
	return words.map(quoted).join(' | ');
}

/** A word of bash or zsh that stands for itself. */
export function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
