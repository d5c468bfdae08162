/**
 * A command line for every command of the program, on the miniature kernel, and the built program that runs it as
 * a process of its own: what the tests of the interface for scripts share.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/options.ts';
import type { Spawn } from '../app/terminal.ts';
import { type FixMail, makeFixMail } from '../fix-mail.ts';

/** The built program. */
export const MAIN = fileURLToPath(new URL('../../../dist/cli/main.cjs', import.meta.url));

const KERNEL = ['--repo', 'miniature.git'];
const ON_KERNEL = [...KERNEL, '--no-index'];
/** What a terminal shows behind the output of a command. */
const LAST = 'end of output';

const PREDICATE = ['--where', "style(acme-mmu) ~ 'probe*'"];
const DAY = ['--as-of', '2016-08-01'];

/** Words for each command, without --json, in an order in which each finds what it reads. */
export const COMMAND_LINES: Readonly<Record<string, readonly string[]>> = {
	range: [
		'range',
		'mail.txt',
		...ON_KERNEL,
		...DAY,
		'--release',
		'v4.4',
		'--release',
		'v4.6',
		'--release',
		'v4.8',
		'--no-history',
	],
	styles: [
		'styles',
		'drivers/iommu/acme-mmu.c',
		'--repo',
		'miniature.git',
		'--release',
		'v4.4',
		'--release',
		'v4.9',
	],
	repair: ['repair', 'mail.txt', '--repo', 'miniature.git'],
	log: ['log', 'drivers/iommu', ...ON_KERNEL, '--transitions', '--rev', 'v4.5..v4.8'],
	contains: ['contains', 'fix', ...KERNEL],
	bisect: ['bisect', '--good', 'v4.1', '--bad', 'v4.8', ...PREDICATE, ...KERNEL, '--no-cache'],
	probe: ['probe', 'v4.8', ...PREDICATE, ...KERNEL],
	doctor: ['doctor', '--repo', 'miniature.git'],
	built: ['built', 'acme-mmu', '--repo', 'miniature.git'],
	tags: ['tags', 'mail.txt', ...ON_KERNEL, ...DAY, '--no-history'],
	lint: ['lint', 'mail.txt', ...ON_KERNEL, ...DAY],
	reply: ['reply', 'mail.txt', ...ON_KERNEL, ...DAY, '--no-history'],
	prereqs: ['prereqs', 'fix', '--onto', 'v4.6', ...ON_KERNEL],
	export: ['export', 'fix', '--onto', 'v4.6', '-o', 'series', ...ON_KERNEL],
	siblings: ['siblings', 'mail.txt', '--repo', 'miniature.git', '--release', 'v4.6'],
	demands: ['demands', '--release', 'v4.9', '--all', ...KERNEL],
	'index build': ['index', 'build', '--repo', 'miniature.git', '-o', 'miniature.rfx'],
	'index info': ['index', 'info', '--index', 'miniature.rfx'],
	'index verify': ['index', 'verify', '--index', 'miniature.rfx', '--repo', 'miniature.git'],
	completion: ['completion', 'bash'],
};

/** The words of the program as it defines them; nothing of it is run. */
export function programWords(): Command {
	const run = async (): Promise<never> => {
		throw new Error('only the words are wanted');
	};
	const actions = new Proxy({} as Parameters<typeof createProgram>[1], { get: () => run });
	return createProgram('0', actions, { writeOut() {}, writeErr() {} });
}

/** Every command that does something, by its words: `range`, `index build`. */
export function commandsOf(program: Command, path: readonly string[] = []): Map<string, Command> {
	const below = program.commands.flatMap((one) => [...commandsOf(one, [...path, one.name()])]);
	return new Map(below.length > 0 ? below : [[path.join(' '), program]]);
}

export interface Ended {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

/** The miniature kernel, a mail with its fix, and the built program in their folder. */
export class Scripts {
	readonly #fix: FixMail;
	readonly folder: string;

	private constructor(fix: FixMail) {
		this.#fix = fix;
		this.folder = fix.folder;
	}

	static async make(): Promise<Scripts> {
		if (!existsSync(MAIN)) throw new Error('the program is not built: npm run build');
		return new Scripts(await makeFixMail());
	}

	/** The environment of the program: nothing of the user's. */
	environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
		return {
			PATH: process.env.PATH ?? '',
			HOME: this.folder,
			GIT_CONFIG_NOSYSTEM: '1',
			...more,
		};
	}

	/** Runs the program to its end. */
	async run(argv: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
		const child = spawn(process.execPath, [MAIN, ...argv], {
			cwd: this.folder,
			env: this.environment(more),
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let out = '';
		let err = '';
		child.stdout.setEncoding('utf8').on('data', (text) => {
			out += text;
		});
		child.stderr.setEncoding('utf8').on('data', (text) => {
			err += text;
		});
		const [code] = await once(child, 'close');
		return { code, out, err };
	}

	/** Runs the program in a narrow terminal; what came out of it, with newlines as they were written. */
	async inTerminal(
		start: Spawn,
		argv: readonly string[],
		more: Readonly<Record<string, string>>,
	): Promise<string> {
		// What a process wrote last can be lost when it was the last one on its terminal: a shell stays behind it.
		const script = `"$@"; printf '${LAST}'; read -r _`;
		const pty = start('/bin/sh', ['-c', script, 'sh', process.execPath, MAIN, ...argv], {
			cols: 40,
			rows: 10,
			cwd: this.folder,
			env: this.environment(more),
		});
		let out = '';
		await new Promise<void>((resolve) => {
			pty.onData((text) => {
				out += text;
				if (out.endsWith(LAST)) resolve();
			});
			pty.onExit(() => resolve());
		});
		pty.kill();
		assert.ok(out.endsWith(LAST), out);
		out = out.slice(0, -LAST.length);
		return out.replaceAll('\r\n', '\n');
	}

	remove(): void {
		this.#fix.remove();
	}
}
