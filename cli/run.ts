/**
 * Runs the program in a given world and returns its exit code. Nothing here, nor below, reads the
 * process.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import { EXIT, RangefinderError } from '../src/errors.ts';
import type { OverNames } from './each/over-names.ts';
import { type LoadEngine, loadEngine } from './engine.ts';
import { sayFailure } from './failures.ts';
import { type Actions, createProgram, withColorValue } from './options.ts';
import { Session } from './session.ts';
import type { World } from './world.ts';

function packageVersion(): string {
	const path = createRequire(import.meta.url).resolve('rangefinder/package.json');
	const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
	return version;
}

type Over = (
	list: OverNames,
	once: (session: Session, name: string | undefined) => Promise<void>,
) => Promise<void>;

function noneGiven(what: string, wanted: string): RangefinderError {
	return new RangefinderError({ code: 'usage', what: `${what} given`, hint: `give a ${wanted}` });
}

function oneFile(): RangefinderError {
	const what = 'repair: --output is one file, and there are several mails';
	return new RangefinderError({ code: 'usage', what, hint: 'leave it out' });
}

/** Each command is imported when it runs. */
function actionsOf(session: Session): Actions {
	const over: Over = async (list, once) =>
		(await import('./each/over-names.ts')).overNames(session, list, once);
	return {
		range: async (patches, words) =>
			(await import('./commands/range.ts')).runRange(session, patches, words),
		styles: async (paths, words) =>
			(await import('./commands/styles.ts')).runStyles(session, paths, words),
		repair: (given, words) =>
			over({ command: 'repair', given, words, headings: false }, async (one, mail) => {
				if (words.output !== undefined && one !== session) throw oneFile();
				if (mail === undefined) throw noneGiven('repair: no mail', 'file, a folder or -');
				await (await import('./commands/repair.ts')).runRepair(one, mail, words);
			}),
		log: async (paths, words) => (await import('./commands/log.ts')).runLog(session, paths, words),
		contains: (given, words) =>
			over({ command: 'contains', given, words, headings: true }, async (one, commit) => {
				if (commit === undefined) throw noneGiven('contains: no commit', 'commit');
				await (await import('./commands/contains.ts')).runContains(one, commit, words);
			}),
		doctor: async (words) => (await import('./commands/doctor.ts')).runDoctor(session, words),
		built: async (what, words) =>
			(await import('./commands/built.ts')).runBuilt(session, what, words),
		tags: async (patches, words) =>
			(await import('./commands/tags.ts')).runTags(session, patches, words),
		lint: async (inputs, words) =>
			(await import('./commands/lint.ts')).runLint(session, inputs, words),
		reply: (given, words) =>
			over({ command: 'reply', given, words, headings: false }, async (one, patch) =>
				(await import('./commands/reply.ts')).runReply(one, patch, words),
			),
		completion: async (program, shell, words) =>
			(await import('./commands/completion.ts')).runCompletion(session, program, shell, words),
		export: async (patch, words) =>
			(await import('./commands/prereqs.ts')).runExport(session, patch, words),
		prereqs: (given, words) =>
			over({ command: 'prereqs', given, words, headings: true }, async (one, patch) => {
				if (patch === undefined) throw noneGiven('prereqs: no patch', 'file, - or a commit');
				await (await import('./commands/prereqs.ts')).runPrereqs(one, patch, words);
			}),
		siblings: (given, words) =>
			over({ command: 'siblings', given, words, headings: true }, async (one, patch) =>
				(await import('./commands/siblings.ts')).runSiblings(one, patch, words),
			),
		demands: async (words) => (await import('./commands/demands.ts')).runDemands(session, words),
		indexBuild: async (words) =>
			(await import('./commands/index.ts')).runIndexBuild(session, words),
		indexInfo: async (words) => (await import('./commands/index.ts')).runIndexInfo(session, words),
		indexVerify: async (words) =>
			(await import('./commands/index.ts')).runIndexVerify(session, words),
		bisect: async (command, words) =>
			(await import('./commands/bisect.ts')).runBisect(session, command, words),
		probe: async (revision, words) =>
			(await import('./commands/probe.ts')).runProbe(session, revision, words),
	};
}

/**
 * commander's words as a failure of ours: `unknown option '--jsn'; did you mean --json?`.
 * @param commands those whose own help shows their words
 */
function usageFailure(
	error: CommanderError,
	argv: readonly string[],
	commands: readonly string[],
): RangefinderError {
	const command = argv.find((word) => !word.startsWith('-')) ?? '';
	const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
	if (error.code === 'commander.help') {
		return new RangefinderError({
			code: 'usage',
			what: `${command === '' ? '' : `${command}: `}no command given`,
			hint: `rangefinder ${command === '' ? '' : `${command} `}--help lists them`,
		});
	}
	const known = commands.includes(command);
	const sub =
		command === 'index' ? /\bindex (build|info|verify)\b/.exec(argv.join(' '))?.[1] : undefined;
	const words = known ? `${[command, ...(sub === undefined ? [] : [sub])].join(' ')} ` : '';
	return new RangefinderError({
		code: 'usage',
		what: what.replace(/\.$/, ''),
		hint:
			suggestion === undefined
				? `rangefinder ${words}--help shows the words`
				: suggestion.replace(/^\(Did/, 'did').replace(/\)$/, ''),
	});
}

/**
 * Runs one command line to its end. `load` gives the engine, which tests replace. Returns the exit
 * code; never throws.
 */
export async function run(world: World, load: LoadEngine = loadEngine): Promise<number> {
	const session = new Session(world, load);
	const program = createProgram(packageVersion(), actionsOf(session), {
		writeOut: (text) => world.stdout.write(text),
		// Errors are said once, by sayFailure.
		writeErr: () => undefined,
	});
	program.hook('preAction', () => {
		session.quiet = program.opts<{ quiet?: boolean }>().quiet === true;
	});
	try {
		if (world.argv.length === 0) {
			program.outputHelp();
			return EXIT.answered;
		}
		await program.parseAsync(withColorValue(world.argv), { from: 'user' });
		return session.exitCode;
	} catch (error) {
		if (!(error instanceof CommanderError)) return sayFailure(world, error);
		if (error.exitCode === 0) return EXIT.answered;
		const commands = program.commands.map((one) => one.name());
		return sayFailure(world, usageFailure(error, world.argv, commands));
	}
}
