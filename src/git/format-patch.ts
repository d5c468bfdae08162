/**
 * A commit as a mail, made by git format-patch through simple-git. Options that a user's or a
 * repository's configuration could change are all said, so that the text is the same everywhere.
 */
import { PassThrough } from 'node:stream';
import { RangefinderError } from '../errors.ts';
import {
	type Environment,
	GLOBAL_OPTIONS,
	gitEnvironment,
	gitFailure,
	HARDENING,
	PATIENCE,
	PLAIN_DIFF,
	startFailure,
} from './process.ts';

const FORMAT_PATCH: readonly string[] = [
	'format-patch',
	'-1',
	'--stdout',
	'--no-ext-diff',
	'--no-textconv',
	'--no-signature',
	'--no-attach',
	'--no-thread',
	'--no-cover-letter',
	'--no-notes',
	'--no-to',
	'--no-cc',
	'--no-add-header',
	'--no-base',
	'--no-from',
	'--no-signoff',
	'--no-numbered',
	'--no-color',
	'--no-relative',
	'--subject-prefix=PATCH',
	'--pretty=email',
	'--src-prefix=a/',
	'--dst-prefix=b/',
	'--unified=3',
	'--inter-hunk-context=0',
	'--diff-algorithm=myers',
	'--full-index',
	'-O/dev/null',
	'--end-of-options',
];

/**
 * The commit as a mail, bytes as git wrote them. `dir` is the repository, `oid` the full id of
 * one commit, `env` the environment of the caller, `extra` variables of ours for this repository.
 * Throws no-patch for a merge, git-failed, git-missing, object-missing.
 */
export async function formatPatch(
	dir: string,
	oid: string,
	env: Environment,
	extra: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
	const variables = { ...gitEnvironment(env), ...extra };
	const { simpleGit } = await import('simple-git');
	const chunks: Buffer[] = [];
	const complaints = new PassThrough();
	let stderr = '';
	complaints.on('data', (chunk: Buffer) => {
		stderr += chunk.toString();
	});
	const git = simpleGit({
		baseDir: dir,
		config: [...HARDENING, ...PLAIN_DIFF],
		timeout: { block: PATIENCE },
		allowEnvironment: Object.keys(variables),
		// simple-git refuses such settings from its callers; ours turn programs off, never on.
		unsafe: {
			allowUnsafeFsMonitor: true,
			allowUnsafeHooksPath: true,
			allowUnsafePager: true,
			allowUnsafeSshCommand: true,
			allowUnsafeDiffExternal: true,
			allowUnsafeProtocolOverride: true,
			allowUnsafeConfigPaths: true,
			allowUnsafeExec: true,
		},
	})
		.env(variables)
		.outputHandler((_command, out, err) => {
			// simple-git decodes to strings; a mail may hold bytes of any encoding.
			out.on('data', (chunk: Buffer) => chunks.push(chunk));
			err.on('data', (chunk: Buffer) => complaints.write(chunk));
		});
	try {
		// Of a merge alone format-patch would go on to the commits that it merged.
		await git.raw([...GLOBAL_OPTIONS, ...FORMAT_PATCH, `${oid}^!`]);
	} catch (error) {
		const said = stderr !== '' ? stderr : error instanceof Error ? error.message : String(error);
		if (/ENOENT/.test(said))
			throw startFailure(dir, Object.assign(new Error(said), { code: 'ENOENT' }));
		throw gitFailure(dir, said, null);
	}
	const mail = Buffer.concat(chunks);
	if (mail.length === 0) {
		throw new RangefinderError({
			code: 'no-patch',
			where: dir,
			what: `${oid.slice(0, 12)} is a merge or changes nothing`,
		});
	}
	return mail;
}
