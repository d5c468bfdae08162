/**
 * The words of the command line: commands, options and their help, as one commander program. It
 * parses and hands over; what the commands do is in commands/. A further command has its words in words/.
 */

import { Command, Option } from 'commander';
import type { StoreKind } from '../src/git/open-store.ts';
import { withEach } from './help/each.ts';
import {
	INDEX_HELP,
	INDEX_SUBCOMMAND_HELP,
	RANGE_HELP,
	REPAIR_HELP,
	ROOT_HELP,
	STYLES_HELP,
} from './help.ts';
import type { ColorWhen } from './output/paint.ts';
import { addBisect, addProbe, type BisectWords, type ProbeWords } from './words/bisect.ts';
import { addBuilt, type BuiltAction } from './words/built.ts';
import { addCompletion, type CompletionAction } from './words/completion.ts';
import { addContains, type ContainsWords } from './words/contains.ts';
import { addDemands, type DemandsWords } from './words/demands.ts';
import { addDoctor, type DoctorWords } from './words/doctor.ts';
import { type EachWords, each, type ListWords, listed } from './words/each.ts';
import { type JudgingWords, judging } from './words/judging.ts';
import { addLint, type LintAction } from './words/lint.ts';
import { addLog, type LogAction } from './words/log.ts';
import { addExport, addPrereqs, type ExportAction, type PrereqsAction } from './words/prereqs.ts';
import { addReply, type ReplyAction } from './words/reply.ts';
import {
	ATTACHED,
	colors,
	index,
	json,
	offline,
	quiet,
	repeatable,
	repo,
	store,
	which,
} from './words/shared.ts';
import { addSiblings, type SiblingsAction } from './words/siblings.ts';
import { addTags, type TagsAction } from './words/tags.ts';

export interface RangeWords extends JudgingWords, EachWords {
	readonly only?: 'placement';
	readonly why?: string;
	readonly color?: ColorWhen | false;
}

export interface StylesWords {
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly offline?: boolean;
	readonly index?: string;
	readonly release: readonly string[];
	readonly json?: boolean;
	readonly color?: ColorWhen | false;
}

export interface RepairWords extends ListWords {
	readonly patch?: string;
	readonly repo?: string;
	readonly store?: StoreKind;
	readonly offline?: boolean;
	readonly index?: string;
	readonly output?: string;
	readonly json?: boolean;
}

export interface IndexBuildWords {
	readonly repo: readonly string[];
	readonly release: readonly string[];
	readonly out: string;
	readonly offline?: boolean;
	readonly example?: string;
	readonly json?: boolean;
}

export interface IndexWords {
	readonly index?: string;
	readonly repo?: string;
	readonly offline?: boolean;
	readonly json?: boolean;
}

/** What each command runs. */
export interface Actions {
	range(patches: readonly string[], words: RangeWords): Promise<void>;
	styles(paths: readonly string[], words: StylesWords): Promise<void>;
	repair(mail: string | undefined, words: RepairWords): Promise<void>;
	log: LogAction;
	contains(commit: string | undefined, words: ContainsWords): Promise<void>;
	built: BuiltAction;
	prereqs: PrereqsAction;
	export: ExportAction;
	siblings: SiblingsAction;
	demands(words: DemandsWords): Promise<void>;
	indexBuild(words: IndexBuildWords): Promise<void>;
	indexInfo(words: IndexWords): Promise<void>;
	indexVerify(words: IndexWords): Promise<void>;
	bisect(command: readonly string[], words: BisectWords): Promise<void>;
	probe(revision: string | undefined, words: ProbeWords): Promise<void>;
	doctor(words: DoctorWords): Promise<void>;
	tags: TagsAction;
	lint: LintAction;
	reply: ReplyAction;
	completion: CompletionAction;
}

export interface HelpOutput {
	writeOut(text: string): void;
	writeErr(text: string): void;
}

/**
 * `--color` without a value means always, as git has it; with one it is attached. commander would
 * take the next word, which may be the patch, so the value is attached before it looks.
 */
export function withColorValue(argv: readonly string[]): string[] {
	const end = argv.indexOf('--');
	return argv.map((word, i) =>
		word === ATTACHED && (end === -1 || i < end) ? `${ATTACHED}=always` : word,
	);
}

/** What a command takes besides its own options: those of the program but its version. */
function globalOptions(command: Command): Option[] {
	const { parent } = command;
	if (parent === null) return [];
	const above = parent.options.filter(({ long }) => long !== '--version');
	return [...above, ...globalOptions(parent)];
}

/** The commander program. `actions` run the commands; errors in the words are thrown as CommanderError. */
export function createProgram(version: string, actions: Actions, output: HelpOutput): Command {
	const program = new Command('rangefinder')
		.description(
			'Says on which Linux stable releases a patch is safe to apply, and what has to go in first.',
		)
		.version(version, '-V, --version', 'print the version')
		.addOption(quiet())
		.helpOption('-h, --help', 'print this help')
		.helpCommand('help [command]', 'print the help of a command')
		.configureOutput({
			...output,
			getOutHelpWidth: () => 80,
			getErrHelpWidth: () => 80,
			getOutHasColors: () => false,
			getErrHasColors: () => false,
		})
		.configureHelp({
			// Descriptions name choices and defaults themselves, where there is something to say.
			optionDescription: (option) => option.description,
			optionTerm: (option) => option.flags.replace('--color <when>', '--color[=<when>]'),
			showGlobalOptions: true,
			visibleGlobalOptions: (command) => globalOptions(command),
		})
		.exitOverride()
		.addHelpText('after', ROOT_HELP);

	// Subcommands take over the settings of their parent when they are made.
	const range = colors(
		judging(
			program
				.command('range')
				.summary('where a patch is safe, release by release')
				.description(
					'Judges a patch on every release: where it lands, whether the bug is there, and whether it is safe, per configuration and with the reasons. PATCH is a file (a mail, mbox or .patch), a folder (a maildir, public-inbox, quilt series or patches), - for standard input, or a commit or range A..B of the repository.',
				)
				.argument('[PATCH...]', 'files, folders, -, commits or ranges'),
		)
			.addOption(
				new Option('--only <part>', 'only find where it lands: placement').choices(['placement']),
			)
			.option('--why <release>', 'everything about one release, with evidence')
			.addOption(json()),
	);
	each(range).addHelpText('after', withEach(RANGE_HELP, 'range')).action(actions.range);

	colors(
		program
			.command('styles')
			.summary('how drivers register themselves over the releases')
			.description(
				'Shows how each driver under PATH registers itself, release by release, and what the framework of each release offers. Without PATH: all that is known.',
			)
			.argument('[PATH...]', 'files or folders of the kernel tree')
			.addOption(repo())
			.addOption(store())
			.addOption(offline())
			.addOption(index())
			.addOption(repeatable('--release <version>', 'show this release'))
			.addOption(json()),
	)
		.addHelpText('after', STYLES_HELP)
		.action(actions.styles);

	const repair = program
		.command('repair')
		.summary('restore a patch that a mail archive damaged')
		.description(
			'Prints the patch in MAIL ready for git am. Lost indentation and blank context lines are restored from the blob that its index line names, and the result is proved by its hash. MAIL is anything that range takes.',
		)
		.argument('[MAIL]', 'file, folder, -, commit or range')
		.addOption(which())
		.addOption(repo())
		.addOption(store())
		.addOption(offline())
		.addOption(index())
		.option('-o, --output <file>', 'write to this file instead of standard output')
		.addOption(json());
	listed(repair).addHelpText('after', REPAIR_HELP).action(actions.repair);

	addLog(program, actions.log);
	addContains(program, actions.contains);
	addBisect(program, actions.bisect);
	addProbe(program, actions.probe);
	addDoctor(program, actions.doctor);
	addBuilt(program, actions.built);
	addTags(program, actions.tags);
	addLint(program, actions.lint);
	addReply(program, actions.reply);
	addPrereqs(program, actions.prereqs);
	addExport(program, actions.export);
	addSiblings(program, actions.siblings);
	addDemands(program, actions.demands);

	const indexCommand = program
		.command('index')
		.summary('build, describe or check a release index')
		.description('Builds, describes or checks a release index, for use without a clone.')
		.addHelpText('after', INDEX_HELP);
	indexCommand
		.command('build')
		.description('Builds an index of the releases of one or more repositories.')
		.addOption(repeatable('--repo <dir>', 'kernel clone to read').makeOptionMandatory())
		.addOption(offline())
		.addOption(repeatable('--release <version>', 'index only this release'))
		.addOption(new Option('-o, --out <file>', 'the index to write').makeOptionMandatory())
		.option('--example <mail>', 'carry the patch of this mail as the example, without its text')
		.addOption(json())
		.addHelpText('after', INDEX_SUBCOMMAND_HELP.build)
		.action(actions.indexBuild);
	indexCommand
		.command('info')
		.description('Says what an index holds.')
		.addOption(index())
		.addOption(json())
		.addHelpText('after', INDEX_SUBCOMMAND_HELP.info)
		.action(actions.indexInfo);
	indexCommand
		.command('verify')
		.description('Checks an index: by itself, and against a clone with --repo.')
		.addOption(index())
		.addOption(new Option('--repo <dir>', 'kernel clone to compare with'))
		.addOption(offline())
		.addOption(json())
		.addHelpText('after', INDEX_SUBCOMMAND_HELP.verify)
		.action(actions.indexVerify);
	addCompletion(program, actions.completion);
	return program;
}
