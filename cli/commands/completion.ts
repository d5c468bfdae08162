/** The command `completion`. */
import type { Command } from 'commander';
import { safeJson } from '../../src/text.ts';
import type { CompletionReport } from '../completion/report.ts';
import { wordsOf } from '../completion/words.ts';
import { usage } from '../judging.ts';
import type { Session } from '../session.ts';
import type { CompletionWords, Shell } from '../words/completion.ts';

/** Runs `completion`. */
export async function runCompletion(
	session: Session,
	program: Command,
	shell: Shell | undefined,
	words: CompletionWords,
): Promise<void> {
	const commands = wordsOf(program);
	if (words.json === true) {
		const report: CompletionReport = { schema: 'rangefinder.completion/1', commands };
		session.print([safeJson(report, true)]);
		return;
	}
	if (shell === undefined) throw usage('completion: no shell given', 'name bash, zsh or fish');
	const scripts = {
		bash: async () => (await import('../completion/bash.ts')).bashScript,
		zsh: async () => (await import('../completion/zsh.ts')).zshScript,
		fish: async () => (await import('../completion/fish.ts')).fishScript,
	};
	session.print((await scripts[shell]())(commands));
}
