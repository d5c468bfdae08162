/**
 * A repository that names programs wherever git would run one, and settings that change what git prints: every
 * command is run in it; nothing of it runs, nothing is written, and the answers are those of a plain clone.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
	appendFileSync,
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../kernel/miniature.ts';
import { type Ran, Sandbox } from './program.ts';
import { type ReadingCommand, readingCommands, wordsOn } from './reading-commands.ts';

/** Settings that name a program; each has a canary of its own. */
const PROGRAMS = [
	'core.fsmonitor',
	'core.sshCommand',
	'core.pager',
	'core.editor',
	'core.askPass',
	'core.gitProxy',
	'core.alternateRefsCommand',
	'sequence.editor',
	'pager.log',
	'pager.show',
	'pager.config',
	'interactive.diffFilter',
	'diff.external',
	'diff.evil.command',
	'diff.evil.textconv',
	'filter.evil.clean',
	'filter.evil.smudge',
	'filter.evil.process',
	'merge.evil.driver',
	'trailer.evil.command',
	'trailer.evil.cmd',
	'gpg.program',
	'gpg.ssh.program',
	'gpg.x509.program',
	'credential.helper',
	'remote.origin.uploadpack',
	'remote.origin.vcs',
	'uploadpack.packObjectsHook',
	'submodule.evil.update',
] as const;

/** Commands of git that an alias could stand for; built-in ones, for which git heeds none. */
const ALIASES = ['cat-file', 'log', 'rev-list', 'rev-parse', 'for-each-ref', 'blame', 'diff-tree'];

const HOOKS = [
	...['post-checkout', 'post-index-change', 'reference-transaction', 'pre-commit', 'post-commit'],
	...['prepare-commit-msg', 'applypatch-msg', 'post-rewrite', 'pre-auto-gc', 'fsmonitor-watchman'],
];

/** Settings that change what git prints, or make it fail where they are heeded. */
const PRINTING: readonly (readonly [string, string])[] = [
	['color.ui', 'always'],
	['color.diff', 'always'],
	['column.ui', 'always'],
	['core.abbrev', '4'],
	['core.quotePath', 'true'],
	['core.commentChar', 'v'],
	['core.precomposeUnicode', 'true'],
	['diff.noprefix', 'true'],
	['diff.mnemonicPrefix', 'true'],
	['diff.algorithm', 'histogram'],
	['diff.context', '0'],
	['diff.interHunkContext', '9'],
	['diff.orderFile', '/nonexistent'],
	['diff.renames', 'false'],
	['diff.relative', 'true'],
	['diff.submodule', 'log'],
	['diff.colorMoved', 'zebra'],
	['diff.wsErrorHighlight', 'all'],
	['format.pretty', 'oneline'],
	['format.headers', 'X-Evil: 1'],
	['format.attach', 'true'],
	['format.signature', 'evil'],
	['format.subjectPrefix', 'EVIL'],
	['format.outputDirectory', '/nonexistent/evil'],
	['i18n.logOutputEncoding', 'UTF-16'],
	['i18n.commitEncoding', 'ISO-8859-1'],
	['log.date', 'relative'],
	['log.decorate', 'full'],
	['log.follow', 'true'],
	['log.showRoot', 'false'],
	['log.showSignature', 'true'],
	['log.mailmap', 'true'],
	['log.excludeDecoration', 'refs/tags/*'],
	['log.diffMerges', 'first-parent'],
	['mailmap.file', 'mailmap'],
	['blame.ignoreRevsFile', '/nonexistent'],
	['blame.coloring', 'highlightRecent'],
	['notes.displayRef', 'refs/notes/*'],
	['tag.sort', '-version:refname'],
	['versionsort.suffix', '-rc'],
	['merge.renames', 'false'],
	['merge.conflictStyle', 'diff3'],
	['gc.auto', '1'],
	['maintenance.auto', 'true'],
	['fetch.writeCommitGraph', 'true'],
	['core.logAllRefUpdates', 'always'],
	['core.splitIndex', 'true'],
	['transfer.hideRefs', 'refs/tags'],
	['uploadpack.hideRefs', 'refs/tags'],
];

describe('a repository that names programs', () => {
	const sandbox = new Sandbox();
	/** Where the plain clone is asked. */
	const beside = new Sandbox();
	const dir = join(sandbox.folder, 'hostile');
	const plain = join(sandbox.folder, 'plain');
	const bin = join(sandbox.folder, 'bin');
	const ran = join(sandbox.folder, 'ran');
	let kernel: MiniatureKernel;
	let commands: ReadingCommand[] = [];
	const answers: { command: ReadingCommand; hostile: Ran; plain: Ran }[] = [];
	let sang: string[] = [];
	let was: { repo: string; home: string };
	let is: { repo: string; home: string };

	/** A program that says that it ran, by its name. */
	function canary(name: string): string {
		const path = join(bin, name);
		writeFileSync(path, `#!/bin/sh\n: > '${join(ran, name)}'\ncat 2>/dev/null\nexit 0\n`);
		chmodSync(path, 0o755);
		return path;
	}

	before(async function () {
		this.timeout(240_000);
		kernel = await makeMiniatureKernel(sandbox.folder);
		commands = readingCommands(kernel, sandbox.folder);
		mkdirSync(bin);
		mkdirSync(ran);
		for (const one of [dir, plain]) {
			await runGit(['clone', '-q', '-b', 'fix', kernel.dir, one]);
			await runGit(['-C', one, 'fetch', '-q', 'origin', 'master:master']);
		}
		const set = (key: string, value: string) => runGit(['-C', dir, 'config', '--add', key, value]);
		for (const key of PROGRAMS) await set(key, canary(key));
		for (const name of ALIASES) await set(`alias.${name}`, `!${canary(`alias-${name}`)}`);
		for (const [key, value] of PRINTING) await set(key, value);
		await set('remote.origin.url', `ext::${canary('ext')}`);
		// Further files of settings.
		const further = (name: string): string => {
			const path = join(sandbox.folder, name);
			const program = canary(name);
			writeFileSync(
				path,
				`[core]\n\tfsmonitor = ${program}\n\tpager = ${program}\n[diff]\n\texternal = ${program}\n`,
			);
			return path;
		};
		await set('include.path', further('included'));
		await set(`includeIf.gitdir:${dir}/.path`, further('included-if'));
		await set('core.repositoryFormatVersion', '1');
		await set('extensions.worktreeConfig', 'true');
		appendFileSync(
			join(dir, '.git/config.worktree'),
			`[include]\n\tpath = ${further('worktree')}\n`,
		);
		const attributes = '* diff=evil filter=evil merge=evil text working-tree-encoding=UTF-16\n';
		writeFileSync(join(dir, '.gitattributes'), attributes);
		writeFileSync(join(dir, '.git/info/attributes'), attributes);
		await set('core.attributesFile', join(dir, '.gitattributes'));
		writeFileSync(join(dir, '.mailmap'), 'Evil <evil@example.org> <mini@example.org>\n');
		writeFileSync(
			join(dir, '.gitmodules'),
			`[submodule "evil"]\n\tpath = sub\n\turl = ext::${canary('submodule')}\n\tupdate = !${canary('update')}\n`,
		);
		for (const name of HOOKS) {
			const program = canary(`hook-${name}`);
			writeFileSync(join(dir, '.git/hooks', name), `#!/bin/sh\n'${program}'\n`, { mode: 0o755 });
		}
		mkdirSync(join(sandbox.folder, 'hooks'));
		for (const name of HOOKS) {
			const program = canary(`hooks-path-${name}`);
			writeFileSync(join(sandbox.folder, 'hooks', name), `#!/bin/sh\n'${program}'\n`, {
				mode: 0o755,
			});
		}
		await set('core.hooksPath', join(sandbox.folder, 'hooks'));
		// Variables of the caller that name a program are not for us either.
		const variables = Object.fromEntries(
			[
				'GIT_EXTERNAL_DIFF',
				'GIT_PAGER',
				'PAGER',
				'EDITOR',
				'GIT_EDITOR',
				'GIT_SSH_COMMAND',
				'GIT_ASKPASS',
			].map((name) => [name, canary(name)]),
		);
		const state = () => ({ repo: fingerprint(dir), home: fingerprint(sandbox.home) });
		was = state();
		for (const command of commands) {
			const both = [
				sandbox.run(wordsOn(command, dir), { env: variables }),
				beside.run(wordsOn(command, plain)),
			] as const;
			const [hostile, clean] = await Promise.all(both);
			answers.push({ command, hostile, plain: clean });
		}
		is = state();
		sang = readdirSync(ran);
	});
	after(() => {
		sandbox.remove();
		beside.remove();
	});

	const all = [
		...PROGRAMS,
		...ALIASES.map((name) => `alias-${name}`),
		...HOOKS.flatMap((name) => [`hook-${name}`, `hooks-path-${name}`]),
		...['ext', 'included', 'included-if', 'worktree', 'submodule', 'update'],
	];
	for (const name of all) {
		it(`does not get to run ${name}`, () => {
			assert.ok(existsSync(join(bin, name)), 'there is a program that could have run');
			assert.equal(sang.includes(name), false);
		});
	}

	it('has canaries that sing for git itself', () => {
		const words = ['-C', dir, '-c', 'diff.orderFile=/dev/null', '-c', 'safe.directory=*'];
		for (const word of ['status', 'diff', 'log'])
			spawnSync('git', [...words, word], { env: sandbox.env });
		assert.notDeepEqual(readdirSync(ran), []);
	});

	it('does not get any other program run', () => assert.deepEqual(sang, []));

	it('is answered as a plain clone is, by every command', () => {
		const words = (text: string) =>
			text
				.replaceAll(plain, dir)
				.replaceAll(beside.folder, sandbox.folder)
				.replaceAll(/ \d+ ms\b/g, '');
		for (const { command, hostile, plain } of answers) {
			const what = [command.name, ...command.words].join(' ');
			assert.ok(
				[0, 1, 125].includes(hostile.code ?? -1),
				`${what}: ${hostile.code} ${hostile.err}`,
			);
			assert.equal(hostile.code, plain.code, `${what}: ${plain.err}`);
			if (command.name === 'doctor') continue;
			assert.equal(words(hostile.out), words(plain.out), what);
		}
	});

	it('stays as it was, and so does the home', () => {
		assert.deepEqual(is, was);
	});

	it('has nothing written but the cache and the outputs that were named', () => {
		assert.deepEqual(sandbox.leftovers(), []);
		const named = commands.flatMap(({ output }) => output ?? []);
		assert.deepEqual(readdirSync(sandbox.cwd).sort(), [...new Set(named)].sort());
	});
});
