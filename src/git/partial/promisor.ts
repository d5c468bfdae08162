/**
 * Where a partial clone says that its missing objects are: its promisor remotes, and which of their URLs
 * may be fetched from. The clone's configuration is not trusted: of all it says of a remote, only the URL
 * is taken, and only of a kind that starts no program of its choice.
 */
import { resolve } from 'node:path';

export interface Promisor {
	/** The remote's name in the clone. */
	readonly name: string;
	/** As the clone has it; relative paths are made absolute. Undefined where it has none. */
	readonly url: string | undefined;
}

/** What `git config -z --get-regexp` is asked for to learn of {@link Promisor}s. */
export const PROMISOR_CONFIG =
	'^(extensions\\.partialclone|remote\\..*\\.(promisor|url|partialclonefilter))$';

/** A partial clone's settings. */
export interface PartialSettings {
	readonly promisors: readonly Promisor[];
	/** `blob:none`, `tree:0`; undefined where the configuration does not say. */
	readonly filter: string | undefined;
}

/**
 * Reads the answer to {@link PROMISOR_CONFIG}; undefined where the clone is not partial.
 * @param base absolute; what relative paths are relative to
 */
export function partialSettings(answer: string, base: string): PartialSettings | undefined {
	const urls = new Map<string, string>();
	const filters = new Map<string, string>();
	const names = new Set<string>();
	for (const record of answer.split('\0').filter((one) => one !== '')) {
		const end = record.indexOf('\n');
		const key = end < 0 ? record : record.slice(0, end);
		const value = end < 0 ? undefined : record.slice(end + 1);
		if (key === 'extensions.partialclone') {
			if (value) names.add(value);
			continue;
		}
		const dot = key.lastIndexOf('.');
		const name = key.slice('remote.'.length, dot);
		const field = key.slice(dot + 1);
		if (field === 'promisor') {
			if (value === undefined || isTrue(value)) names.add(name);
		} else if (value !== undefined && field === 'url') {
			if (!urls.has(name)) urls.set(name, value);
		} else if (value !== undefined) filters.set(name, value);
	}
	if (names.size === 0) return undefined;
	const promisors = [...names].map((name) => {
		const url = urls.get(name);
		return { name, url: url === undefined ? undefined : absolute(url, base) };
	});
	const filter = [...names].map((name) => filters.get(name)).find((one) => one !== undefined);
	return { promisors, filter };
}

/** As git reads a boolean. */
function isTrue(value: string): boolean {
	return /^(true|yes|on)$/i.test(value) || (/^-?\d+$/.test(value) && Number(value) !== 0);
}

function absolute(url: string, base: string): string {
	return kindOf(url) === 'path' ? resolve(base, url) : url;
}

type Kind = 'path' | 'file' | 'network' | 'other';

/** The kinds of URL that git-fetch(1) knows. A path is what has no colon before its first slash. */
function kindOf(url: string): Kind {
	if (/^[a-z0-9+.-]+::/i.test(url)) return 'other';
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
	if (scheme === 'file') return 'file';
	if (scheme !== undefined) return ['https', 'ssh', 'git'].includes(scheme) ? 'network' : 'other';
	return /^[^/]*:/.test(url) ? 'network' : 'path';
}

/** How a URL is fetched from. */
export interface Reach {
	/** What GIT_ALLOW_PROTOCOL is set to for the one command. */
	readonly protocols: string;
	/**
	 * What runs on the other side, where that is a repository on this machine. The upload-pack of a git before
	 * 2.45 would itself fetch what such a repository lacks, from where its configuration says and with the
	 * programs that it names (CVE-2024-32004): no protocol is left to it. Undefined for what others serve.
	 */
	readonly uploadPack: string | undefined;
}

/**
 * How a promisor's URL may be fetched from; a sentence where it may not be. Allowed are https, git, ssh
 * (also as host:path) and local folders. Not http, which any host on the way may redirect; not ext:: and
 * other helpers, which run what the URL says. Of ssh the user's own is started, as they set it up.
 */
export function reachOf({ name, url }: Promisor): Reach | string {
	if (url === undefined) return `the promisor remote ${name} has no URL`;
	if (/[\0-\x1f\x7f]/.test(url) || url.startsWith('-')) {
		return `the URL of the promisor remote ${name} is none`;
	}
	switch (kindOf(url)) {
		case 'path':
		case 'file':
			return { protocols: 'file', uploadPack: 'GIT_ALLOW_PROTOCOL=none git upload-pack' };
		case 'network':
			return { protocols: 'git:https:ssh', uploadPack: undefined };
		case 'other':
			return `nothing is fetched from ${publicUrl(url)}: only by https, ssh, git and from folders`;
	}
}

/** A URL without what may be a password in it, for messages. */
export function publicUrl(url: string): string {
	return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}
