/** The scripts for shells: made of every word that the program has, asked by a real bash, read by zsh and fish. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { bashScript } from '../../cli/completion/bash.ts';
import { fishScript } from '../../cli/completion/fish.ts';
import { wordsOf } from '../../cli/completion/words.ts';
import { zshScript } from '../../cli/completion/zsh.ts';
import { rangefinder } from './rangefinder.ts';
import { commandsOf, programWords } from './scripting/commands.ts';

const program = programWords();
const WORDS = wordsOf(program);
const SCRIPTS = { bash: bashScript(WORDS), zsh: zshScript(WORDS), fish: fishScript(WORDS) };

describe('completion', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-completion-'));
		writeFileSync(join(folder, 'fix it.patch'), '');
		mkdirSync(join(folder, 'linux'));
		for (const [shell, lines] of Object.entries(SCRIPTS)) {
			writeFileSync(join(folder, `script.${shell}`), `${lines.join('\n')}\n`);
		}
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('prints the script of a shell, and refuses to guess which', async () => {
		for (const [shell, lines] of Object.entries(SCRIPTS)) {
			const { code, out } = await rangefinder(['completion', shell]);
			// Its own version of the program has another number, which is in no script.
			assert.deepEqual([code, out], [0, `${lines.join('\n')}\n`]);
		}
		assert.equal((await rangefinder(['completion'])).code, 2);
		assert.match(
			(await rangefinder(['completion', 'tcsh'])).err,
			/Allowed choices are bash, zsh, fish/,
		);
	});

	for (const [shell, lines] of Object.entries(SCRIPTS)) {
		it(`has every command, option and choice for ${shell}`, () => {
			const text = lines.join('\n');
			const has = (word: string) => {
				const plain = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
				assert.match(text, new RegExp(`(?<![\\w-])${plain}(?![\\w-])`), word);
			};
			for (const [name, command] of commandsOf(program)) {
				for (const word of name.split(' ')) has(word);
				for (const { long, argChoices = [] } of command.options) {
					has(shell === 'fish' ? `-l ${long?.slice(2)}` : (long ?? ''));
					argChoices.forEach(has);
				}
				for (const { argChoices = [] } of command.registeredArguments) argChoices.forEach(has);
			}
		});
	}

	it('knows what each command takes, those of the program included', () => {
		for (const [name, command] of commandsOf(program)) {
			const words = WORDS.find((one) => one.name === name);
			const own = command.options.map(({ long }) => long);
			assert.deepEqual(
				words?.options.map(({ long }) => long),
				[...own, '--help', '--quiet'],
			);
		}
	});

	/** What bash is offered for the last of some words; `compopt` is told instead of done. */
	function offered(...words: string[]): string[] {
		const script = [
			'source "$1"; shift',
			'compopt() { COMPREPLY+=("compopt $*"); }',
			'complete -p rangefinder >/dev/null || exit 1',
			'COMP_WORDS=(rangefinder "$@") COMP_CWORD=$#',
			'_rangefinder',
			`printf '%s\\n' "\${COMPREPLY[@]}"`,
		].join('\n');
		const argv = ['--norc', '-c', script, 'bash', join(folder, 'script.bash'), ...words];
		const done = spawnSync('bash', argv, { encoding: 'utf8', cwd: folder });
		assert.deepEqual([done.status, done.stderr], [0, '']);
		return done.stdout.split('\n').filter((word) => word !== '');
	}

	const answers: [string, string[], string[]][] = [
		['a command', ['re'], ['repair', 'reply']],
		['a command behind an option', ['-q', 're'], ['repair', 'reply']],
		['a command of a command', ['index', ''], ['build', 'info', 'verify', 'help']],
		['what help takes', ['help', 'sib'], ['siblings']],
		['an option', ['range', '--st'], ['--store', '--stdin']],
		['an option of the command of a command', ['index', 'build', '--e'], ['--example']],
		['an option behind a value', ['range', '--release', 'v4.14', '--no-h'], ['--no-history']],
		['an option of the program', ['lint', '--qu'], ['--quiet']],
		['no option of another command', ['styles', '--noaut'], []],
		['a choice', ['range', '--store', ''], ['native', 'embedded']],
		['a choice behind =', ['range', '--store', '=', 'e'], ['embedded']],
		['every choice behind =', ['range', '--color', '='], ['auto', 'always', 'never']],
		[
			'a choice where bash does not split at =',
			['range', '--color=a'],
			['--color=auto', '--color=always'],
		],
		['a choice of an argument', ['completion', 'z'], ['zsh']],
		['files for a patch', ['range', ''], ['compopt -o default']],
		['files behind an option that stands alone', ['range', '--color', ''], ['compopt -o default']],
		['files for a file', ['range', '--config', ''], ['compopt -o default']],
		['more files', ['lint', 'a', 'b', ''], ['compopt -o default']],
		['folders for a clone', ['range', '--repo', ''], ['compopt -o dirnames']],
		['nothing for a release', ['range', '--release', ''], []],
		['nothing for a commit', ['contains', ''], []],
		['a file that begins with a dash', ['range', '--', '-'], ['compopt -o default']],
	];
	for (const [what, words, expected] of answers) {
		it(`offers bash ${what}: rangefinder ${words.join(' ')}`, () => {
			assert.deepEqual(offered(...words), expected);
		});
	}

	it('offers bash commands to run', () => {
		assert.ok(offered('bisect', '--run', '--', 'bas').includes('bash'));
		assert.deepEqual(offered('bisect', '--run', '--', 'bash', ''), ['compopt -o default']);
	});

	it('completes files with spaces in a real bash', function () {
		// Readline completes on a terminal only.
		const keys = 'rangefinder range fix\t';
		const script = `exec bash --norc --noprofile -i 2>&1`;
		const done = spawnSync('script', ['-qec', script, '/dev/null'], {
			encoding: 'utf8',
			cwd: folder,
			input: `PS1=; set +o history; source ./script.bash\nrangefinder() { printf '<%s>' "$@"; echo; }\n${keys}\nexit\n`,
			env: { PATH: process.env.PATH, TERM: 'dumb', HOME: folder },
			timeout: 30_000,
		});
		if (done.error !== undefined) this.skip();
		assert.match(done.stdout, /<range><fix it\.patch>/);
	});

	const readers: [string, string[]][] = [
		['zsh', ['-n']],
		['fish', ['--no-execute']],
	];
	for (const [shell, only] of readers) {
		it(`is read by ${shell}`, function () {
			const script = join(folder, `script.${shell}`);
			const done = spawnSync(shell, [...only, script], { encoding: 'utf8' });
			if (done.error !== undefined) this.skip();
			assert.deepEqual([done.status, done.stderr], [0, '']);
		});
	}
});
