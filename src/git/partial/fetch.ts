/**
 * One request for many objects: `git fetch` of ids into the `received` folder, as git's own lazy fetch does
 * it (fetch_objects in promisor-remote.c), but for all of them together.
 */
import { RangefinderError } from '../../errors.ts';
import {
	type Environment,
	GLOBAL_OPTIONS,
	gitEnvironment,
	HARDENING,
	type SpawnGit,
	startFailure,
} from '../process.ts';
import type { Reach } from './promisor.ts';

/**
 * Further variables of the caller that reaching a remote may take: the ssh and proxy the user set up.
 * Nothing of it comes from a repository.
 */
const KEPT: readonly string[] = [
	'SSH_AUTH_SOCK',
	'SSH_AGENT_PID',
	'GIT_SSH',
	'GIT_SSH_COMMAND',
	'GIT_SSH_VARIANT',
	'GIT_SSL_CAINFO',
	'GIT_SSL_CAPATH',
	'SSL_CERT_FILE',
	'SSL_CERT_DIR',
	'http_proxy',
	'https_proxy',
	'HTTPS_PROXY',
	'all_proxy',
	'ALL_PROXY',
	'no_proxy',
	'NO_PROXY',
	'TMPDIR',
	'XDG_RUNTIME_DIR',
	'DBUS_SESSION_BUS_ADDRESS',
];

/** Settings of this one command. Contents are held against their ids when they are read. */
const SETTINGS: readonly string[] = [
	...HARDENING.filter((item) => !/^(core\.sshCommand|protocol\.allow)=/.test(item)),
	'protocol.version=2',
	'fetch.negotiationAlgorithm=noop',
	'fetch.fsckObjects=false',
	'transfer.fsckObjects=false',
	'fetch.writeCommitGraph=false',
	'transfer.bundleURI=false',
];

const FETCH: readonly string[] = [
	'fetch',
	'--no-tags',
	'--no-write-fetch-head',
	'--no-auto-maintenance',
	'--recurse-submodules=no',
	// Of a tree that is asked for by its id, those below it come along and no files.
	'--filter=blob:none',
	'--progress',
	'--stdin',
];

/** What came of a request. */
export type FetchResult =
	| { readonly outcome: 'fetched' }
	/** The remote has not this one, and therefore sends none. */
	| { readonly outcome: 'not-there'; readonly oid: string }
	| { readonly outcome: 'failed'; readonly why: string };

export interface FetchRequest {
	/** A git folder of our own whose configuration has the remote. */
	readonly dir: string;
	readonly remote: string;
	/** The object folder that takes what comes. */
	readonly into: string;
	readonly oids: readonly string[];
	readonly reach: Reach;
	readonly env: Environment;
	readonly spawn: SpawnGit;
	/** How long git may be silent, milliseconds. */
	readonly patience: number;
	/** Told how many objects have come so far. */
	received?(count: number): void;
}

/** How much of git's complaints is kept, in characters. */
const KEPT_STDERR = 8192;

/**
 * Makes one request.
 * @throws RangefinderError disk-full, git-missing
 */
export async function fetchObjects(request: FetchRequest): Promise<FetchResult> {
	const { dir, oids, spawn, patience, received } = request;
	const child = spawn(fetchArguments(request), fetchEnvironment(request));
	let said = '';
	let quiet = false;
	const giveUp = setTimeout(() => {
		quiet = true;
		child.kill();
	}, patience);
	child.stdin.on('error', () => {});
	child.stdin.end(oids.map((oid) => `${oid}\n`).join(''));
	child.stdout.on('data', () => giveUp.refresh());
	child.stderr.on('data', (chunk: Buffer) => {
		giveUp.refresh();
		const text = chunk.toString();
		const counts = [...text.matchAll(/Receiving objects: +\d+% \((\d+)\//g)];
		const count = counts.at(-1)?.[1];
		if (count !== undefined) received?.(Number(count));
		said = (said + text).slice(-KEPT_STDERR);
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', (error) => reject(startFailure(dir, error)));
		child.on('close', resolve);
	}).finally(() => clearTimeout(giveUp));
	if (code === 0) return { outcome: 'fetched' };
	if (/No space left on device|Disk quota exceeded/.test(said)) {
		throw new RangefinderError({ code: 'disk-full', where: dir });
	}
	// The second is what a remote says that is a partial clone itself.
	const oid = /(?:not our ref|could not fetch) ([0-9a-f]{40,64})/.exec(said)?.[1];
	if (oid !== undefined) return { outcome: 'not-there', oid };
	return { outcome: 'failed', why: quiet ? 'the remote does not answer' : complaint(said, code) };
}

function fetchArguments({ dir, remote, reach: { uploadPack } }: FetchRequest): string[] {
	const other = uploadPack === undefined ? [] : [`--upload-pack=${uploadPack}`];
	const settings = SETTINGS.flatMap((item) => ['-c', item]);
	return ['-C', dir, ...GLOBAL_OPTIONS, ...settings, ...FETCH, ...other, remote];
}

/**
 * The environment of the one command that may reach out: the user's and the system's git settings hold
 * (credential helpers, proxies, ssh), a question on the terminal is not asked.
 */
function fetchEnvironment({ env, dir, into, reach }: FetchRequest): NodeJS.ProcessEnv {
	const { GIT_CONFIG_NOSYSTEM: _system, ...fixed } = gitEnvironment(env);
	const kept: NodeJS.ProcessEnv = {};
	for (const name of KEPT) if (env[name] !== undefined) kept[name] = env[name];
	return {
		...kept,
		...fixed,
		GIT_DIR: dir,
		GIT_OBJECT_DIRECTORY: into,
		GIT_ALLOW_PROTOCOL: reach.protocols,
	};
}

/** What git or the remote said went wrong, in one line, without passwords of URLs. */
function complaint(said: string, code: number | null): string {
	const lines = said.split(/[\r\n]+/).map((line) => line.trim());
	const line =
		lines.findLast((one) => /^fatal: (?!the remote end hung up|Could not read from)/.test(one)) ??
		lines.find((one) => /^(error|ssh|Permission|Host key)\b/.test(one)) ??
		lines.findLast((one) => /^fatal: /.test(one));
	const text = line?.replace(/^(fatal|error): /, '') ?? `git fetch ended with ${code}`;
	return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1');
}
