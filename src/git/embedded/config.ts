/**
 * What a repository's own config says of its format: gitrepository-layout's version, extensions and
 * promisor remotes. Includes are not followed, as git does not for the format.
 */

export interface RepositoryConfig {
	/** core.repositoryFormatVersion; 0 when it is not there, NaN for what is no number. */
	readonly version: number;
	/** Names in lower case and their values. */
	readonly extensions: ReadonlyMap<string, string>;
	/** Whether objects may be missing here because a remote has them. */
	readonly partial: boolean;
}

/** Reads a config file. Lines that are not understood are left out. */
export function parseRepositoryConfig(text: string): RepositoryConfig {
	const extensions = new Map<string, string>();
	let version = 0;
	let partial = false;
	let section = '';
	for (const raw of text.split('\n')) {
		let line = raw.trim();
		if (line.startsWith('[')) {
			const end = line.indexOf(']');
			if (end < 0) continue;
			section = (
				line
					.slice(1, end)
					.trim()
					.split(/[ \t"]/, 1)[0] ?? ''
			).toLowerCase();
			line = line.slice(end + 1).trim();
		}
		const equals = line.indexOf('=');
		const name = (equals < 0 ? line : line.slice(0, equals)).trim().toLowerCase();
		if (name === '' || name.startsWith('#') || name.startsWith(';')) continue;
		// A name alone means true.
		const value = equals < 0 ? 'true' : plainValue(line.slice(equals + 1));
		if (section === 'extensions') extensions.set(name, value);
		else if (section === 'core' && name === 'repositoryformatversion') version = Number(value);
		else if (section === 'remote' && name === 'promisor' && isTrue(value)) partial = true;
	}
	return { version, extensions, partial: partial || extensions.has('partialclone') };
}

/** A value without quotes and the comment after it. */
function plainValue(text: string): string {
	return (text.split(/[#;]/, 1)[0] ?? '').replaceAll('"', '').trim();
}

function isTrue(value: string): boolean {
	return !['false', 'no', 'off', '0', ''].includes(value.toLowerCase());
}
