/**
 * The commands of the terminal app with their keys: the one table that the keyboard, the help of a screen,
 * the hints below it and the key list of the README come from.
 */

export type ScreenName =
	| 'open'
	| 'range'
	| 'release'
	| 'styles'
	| 'history'
	| 'bisect'
	| 'tags'
	| 'pager';

/** The screens with a number of their own, in order; the others are gone to from one of these. */
export const NUMBERED: readonly ScreenName[] = [
	'range',
	'release',
	'styles',
	'history',
	'tags',
	'open',
];

export const TITLES: Readonly<Record<ScreenName, string>> = {
	open: 'Open',
	range: 'Range',
	release: 'Release',
	styles: 'Styles',
	history: 'History',
	bisect: 'Bisection',
	tags: 'Tags',
	pager: 'Text',
};

export interface Command {
	readonly id: string;
	/** Names of keys: a character, or a word such as `enter`, `ctrl-d`, `pagedown`. */
	readonly keys: readonly string[];
	/** What it does, for the help. */
	readonly what: string;
	readonly screens: 'all' | readonly ScreenName[];
	/** A word for the line of hints; those without are in the help only. */
	readonly hint?: string;
}

export const COMMANDS = [
	{
		id: 'activate',
		keys: ['enter'],
		what: 'open what the cursor is on',
		screens: ['open'],
		hint: 'open',
	},
	{
		id: 'activate',
		keys: ['enter'],
		what: 'everything about the release',
		screens: ['range'],
		hint: 'release',
	},
	{
		id: 'activate',
		keys: ['enter'],
		what: 'the source at the line, or the commit',
		screens: ['release'],
		hint: 'source',
	},
	{
		id: 'activate',
		keys: ['enter'],
		what: 'the facts of the cell',
		screens: ['styles'],
		hint: 'facts',
	},
	{
		id: 'activate',
		keys: ['enter'],
		what: 'the diff of the commit',
		screens: ['history', 'bisect'],
		hint: 'diff',
	},
	{
		id: 'activate',
		keys: ['enter'],
		what: 'open the place that the line names',
		screens: ['pager'],
	},
	{ id: 'next-tab', keys: ['tab'], what: 'the next list', screens: ['open'], hint: 'next list' },
	{ id: 'previous-tab', keys: ['shift-tab'], what: 'the list before', screens: ['open'] },
	{ id: 'parent', keys: ['-', 'backspace'], what: 'the folder above', screens: ['open'] },
	{
		id: 'clone',
		keys: ['c'],
		what: 'take the folder as the clone',
		screens: ['open'],
		hint: 'clone',
	},
	{ id: 'paste', keys: ['p'], what: 'paste a mail', screens: ['open'], hint: 'paste' },
	{ id: 'forget', keys: ['D'], what: 'forget a recent patch', screens: ['open'] },
	{
		id: 'next-target',
		keys: ['tab'],
		what: 'the next line that opens something',
		screens: ['release', 'pager'],
		hint: 'next place',
	},
	{
		id: 'previous-target',
		keys: ['shift-tab'],
		what: 'the line before that opens something',
		screens: ['release', 'pager'],
	},
	{ id: 'next-release', keys: [']'], what: 'the next release', screens: ['release'], hint: 'next' },
	{ id: 'previous-release', keys: ['['], what: 'the release before', screens: ['release'] },
	{ id: 'next-patch', keys: [']'], what: 'the next patch of a series', screens: ['range', 'tags'] },
	{ id: 'previous-patch', keys: ['['], what: 'the patch before', screens: ['range', 'tags'] },
	{
		id: 'verdict',
		keys: ['v'],
		what: 'show one verdict only, the next at each press',
		screens: ['range'],
		hint: 'verdict',
	},
	{
		id: 'config',
		keys: ['c'],
		what: 'show one configuration only, the next at each press',
		screens: ['range'],
		hint: 'config',
	},
	{
		id: 'longterm',
		keys: ['L'],
		what: 'show longterm series only',
		screens: ['range'],
		hint: 'longterm',
	},
	{
		id: 'clear',
		keys: ['u'],
		what: 'show everything again',
		screens: ['range', 'history'],
		hint: 'unfilter',
	},
	{ id: 'next', keys: ['n'], what: 'the next release whose answer differs', screens: ['range'] },
	{
		id: 'previous',
		keys: ['N'],
		what: 'the release before whose answer differs',
		screens: ['range'],
	},
	{
		id: 'next',
		keys: ['n'],
		what: 'the next transition',
		screens: ['history'],
		hint: 'transition',
	},
	{ id: 'previous', keys: ['N'], what: 'the transition before', screens: ['history'] },
	{ id: 'next', keys: ['n'], what: 'the next match', screens: ['release', 'styles', 'pager'] },
	{
		id: 'previous',
		keys: ['N'],
		what: 'the match before',
		screens: ['release', 'styles', 'pager'],
	},
	{
		id: 'mark',
		keys: ['m'],
		what: 'mark the cell, to compare with another',
		screens: ['styles'],
		hint: 'mark',
	},
	{
		id: 'transition',
		keys: ['t'],
		what: 'what changed since the marked cell, else the one before',
		screens: ['styles'],
		hint: 'transition',
	},
	{
		id: 'bisect',
		keys: ['b'],
		what: 'find the commit of that transition (in a clone)',
		screens: ['styles'],
		hint: 'find commit',
	},
	{
		id: 'symbols',
		keys: ['s'],
		what: 'show the rows of single symbols, too',
		screens: ['styles'],
		hint: 'symbols',
	},
	{
		id: 'history',
		keys: ['H'],
		what: 'the history of the driver (in a clone)',
		screens: ['styles'],
		hint: 'history',
	},
	{
		id: 'path',
		keys: ['p'],
		what: 'choose the path whose history is shown',
		screens: ['history'],
		hint: 'path',
	},
	{
		id: 'transitions',
		keys: ['t'],
		what: 'show transitions only',
		screens: ['history'],
		hint: 'only them',
	},
	{ id: 'good', keys: ['g'], what: 'mark the commit as good', screens: ['history'], hint: 'good' },
	{
		id: 'bad',
		keys: ['b'],
		what: 'mark the commit as bad; with both marked, bisect',
		screens: ['history'],
		hint: 'bad',
	},
	{
		id: 'copy',
		keys: ['y'],
		what: 'copy the lines to the clipboard (OSC 52)',
		screens: ['tags'],
		hint: 'copy',
	},
	{
		id: 'copy-all',
		keys: ['Y'],
		what: 'copy the lines and the notes',
		screens: ['tags'],
		hint: 'with notes',
	},
	{
		id: 'write',
		keys: ['w'],
		what: 'write the lines and the notes to a file',
		screens: ['tags'],
		hint: 'write',
	},
	{
		id: 'export',
		keys: ['e'],
		what: 'write the patch, repaired, for git am',
		screens: ['tags'],
		hint: 'export',
	},
	{
		id: 'series',
		keys: ['E'],
		what: 'write the patch and what it needs on a release, as mails for git am',
		screens: ['tags'],
		hint: 'series',
	},
	{
		id: 'search',
		keys: ['/'],
		what: 'search as you type',
		screens: ['open', 'range', 'release', 'styles', 'history', 'pager'],
		hint: 'search',
	},
	{ id: 'down', keys: ['j', 'down'], what: 'down', screens: 'all' },
	{ id: 'up', keys: ['k', 'up'], what: 'up', screens: 'all' },
	{ id: 'left', keys: ['h', 'left'], what: 'left', screens: 'all' },
	{ id: 'right', keys: ['l', 'right'], what: 'right', screens: 'all' },
	{
		id: 'page-down',
		keys: ['ctrl-d', 'ctrl-f', 'pagedown', 'space'],
		what: 'a page down',
		screens: 'all',
	},
	{ id: 'page-up', keys: ['ctrl-u', 'ctrl-b', 'pageup'], what: 'a page up', screens: 'all' },
	{ id: 'top', keys: ['home', '<'], what: 'to the top', screens: 'all' },
	{ id: 'bottom', keys: ['G', 'end', '>'], what: 'to the bottom', screens: 'all' },
	...NUMBERED.map((screen, i) => ({
		id: `go-${screen}`,
		keys: [`${i + 1}`],
		what: `the screen ${TITLES[screen]}`,
		screens: 'all' as const,
	})),
	{ id: 'stop', keys: ['x'], what: 'stop the work that is going on', screens: 'all' },
	{ id: 'back', keys: ['esc'], what: 'back', screens: 'all', hint: 'back' },
	{ id: 'help', keys: ['?'], what: 'this help', screens: 'all', hint: 'help' },
	{ id: 'redraw', keys: ['ctrl-l'], what: 'draw the screen again', screens: 'all' },
	{ id: 'suspend', keys: ['ctrl-z'], what: 'suspend; fg brings it back', screens: 'all' },
	{ id: 'quit', keys: ['q', 'ctrl-c'], what: 'quit', screens: 'all', hint: 'quit' },
] as const satisfies readonly Command[];

export type CommandId = (typeof COMMANDS)[number]['id'];

/** What a key does on a screen: the screen's own commands go before those of all. */
export function commandOf(screen: ScreenName, key: string): CommandId | undefined {
	let general: CommandId | undefined;
	for (const command of COMMANDS as readonly (Command & { id: CommandId })[]) {
		if (!command.keys.includes(key)) continue;
		if (command.screens === 'all') general ??= command.id;
		else if (command.screens.includes(screen)) return command.id;
	}
	return general;
}

/** The commands of a screen, its own first. Keys that its own commands take are not those of all. */
export function commandsOf(screen: ScreenName): Command[] {
	const all: readonly Command[] = COMMANDS;
	const own = all.filter(({ screens }) => screens !== 'all' && screens.includes(screen));
	const taken = new Set(own.flatMap(({ keys }) => keys));
	const general = all
		.filter(({ screens }) => screens === 'all')
		.map((command) => ({ ...command, keys: command.keys.filter((key) => !taken.has(key)) }))
		.filter(({ keys }) => keys.length > 0);
	return [...own, ...general];
}

/** The key list of the README: one row a command. */
export function keyTable(): string[] {
	const rows = COMMANDS.map((command: Command) => {
		const where =
			command.screens === 'all'
				? 'everywhere'
				: command.screens.map((name) => TITLES[name]).join(', ');
		const keys = command.keys.map((key) => `\`${key}\``).join(' ');
		return `| ${keys} | ${where} | ${command.what} |`;
	});
	return ['| keys | where | what |', '| --- | --- | --- |', ...rows];
}
