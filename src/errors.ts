/**
 * Everything that can go wrong and be said to a user, as one discriminated union.
 * Each case has an exit code (the contract's) and one sentence that says what is wrong, where,
 * and what to do. Nothing here prints.
 */

/** Exit codes of the contract that scripts rely on. */
export const EXIT = {
	answered: 0,
	no: 1,
	usage: 2,
	repository: 3,
	internal: 70,
	cannotTell: 125,
} as const;

export type Failure =
	| { code: 'usage'; what: string; hint: string }
	| { code: 'input-unreadable'; where: string; what: string }
	| { code: 'input-empty'; where: string }
	| { code: 'input-binary'; where: string }
	| { code: 'no-patch'; where: string; what: string }
	| { code: 'several-patches'; where: string; subjects: readonly string[] }
	| { code: 'bad-patch'; where: string; line: number; what: string }
	| { code: 'unsafe-path'; where: string; path: string }
	| { code: 'unknown-release'; release: string; near: readonly string[] }
	| { code: 'unknown-series'; series: string; known: readonly string[] }
	/** `orFile` where a file could have been named as well. */
	| { code: 'unknown-revision'; revision: string; where: string; orFile?: true }
	| { code: 'ambiguous-commit'; revision: string; where: string; candidates: readonly string[] }
	| { code: 'bad-predicate'; column: number; what: string }
	| { code: 'bad-range'; what: string; hint: string }
	| { code: 'run-failed'; what: string }
	| { code: 'config-unreadable'; where: string; what: string }
	| { code: 'bad-config'; where: string; line: number; what: string }
	| { code: 'not-a-repository'; where: string; what: string }
	| { code: 'no-releases'; where: string }
	| { code: 'git-missing'; what: string }
	| { code: 'needs-git'; where: string; what: string }
	| { code: 'git-failed'; where: string; what: string }
	| { code: 'object-missing'; where: string; what: string; hint?: string }
	| { code: 'disk-full'; where: string }
	| { code: 'index-unreadable'; where: string; what: string }
	| { code: 'index-version'; where: string; found: string; wanted: string }
	| { code: 'index-mismatch'; where: string; what: string }
	| { code: 'cannot-repair'; where: string; what: string }
	| { code: 'output-unwritable'; where: string; what: string };

export type FailureCode = Failure['code'];

/** The one error class of the program; carries a {@link Failure}. */
export class RangefinderError extends Error {
	readonly failure: Failure;

	constructor(failure: Failure, options?: { cause?: unknown }) {
		super(failureMessage(failure).message, options);
		this.name = 'RangefinderError';
		this.failure = failure;
	}
}

/**
 * What a thrown value says if it is an error of ours. By its form: where two copies of this module
 * are loaded, one's errors are no instances of the other's.
 */
export function failureOf(error: unknown): Failure | undefined {
	const ours = error instanceof Error && error.name === 'RangefinderError' && 'failure' in error;
	return ours ? (error.failure as Failure) : undefined;
}

/** The exit code of a failure. */
export function exitCode(failure: Failure): number {
	switch (failure.code) {
		case 'usage':
		case 'input-unreadable':
		case 'input-empty':
		case 'input-binary':
		case 'no-patch':
		case 'several-patches':
		case 'bad-patch':
		case 'unsafe-path':
		case 'unknown-release':
		case 'unknown-series':
		case 'unknown-revision':
		case 'ambiguous-commit':
		case 'bad-predicate':
		case 'bad-range':
		case 'run-failed':
		case 'config-unreadable':
		case 'bad-config':
		case 'cannot-repair':
		case 'output-unwritable':
		case 'index-unreadable':
		case 'index-version':
		case 'index-mismatch':
			return EXIT.usage;
		case 'not-a-repository':
		case 'no-releases':
		case 'git-missing':
		case 'needs-git':
		case 'git-failed':
		case 'object-missing':
		case 'disk-full':
			return EXIT.repository;
	}
}

/** What is wrong and where (`message`), and what to do (`hint`); neither ends in a full stop. */
export function failureMessage(failure: Failure): { message: string; hint: string } {
	switch (failure.code) {
		case 'usage':
			return { message: failure.what, hint: failure.hint };
		case 'input-unreadable':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: 'give a file, - for standard input, or a commit with --repo',
			};
		case 'input-empty':
			return { message: `${failure.where}: the input is empty`, hint: 'give a mail or a patch' };
		case 'input-binary':
			return {
				message: `${failure.where}: the input is binary, not a mail or a patch`,
				hint: 'give the mail as plain text, or a .patch file',
			};
		case 'no-patch':
			return {
				message: `${failure.where}: no patch in it (${failure.what})`,
				hint: 'give a mail that contains a unified diff',
			};
		case 'several-patches':
			return {
				message: `${failure.where}: ${failure.subjects.length} patches: ${listed(failure.subjects)}`,
				hint: 'choose one with --patch N or --patch MESSAGE-ID; range, tags and lint take all with --each',
			};
		case 'bad-patch':
			return {
				message: `${failure.where}:${failure.line}: ${failure.what}`,
				hint: 'get the mail again, or the patch from its author',
			};
		case 'unsafe-path':
			return {
				message: `${failure.where}: the patch names a path that no tree can have: ${failure.path}`,
				hint: 'paths of a patch are relative, without .. and control bytes',
			};
		case 'unknown-release':
			return {
				message: `no release ${failure.release} here`,
				hint:
					failure.near.length > 0
						? `known in its series: ${failure.near.join(' ')}`
						: 'rangefinder index info lists the releases of the index, git tag those of a clone',
			};
		case 'unknown-series':
			return {
				message: `no series ${failure.series} here`,
				hint: `known: ${failure.known.join(' ')}`,
			};
		case 'unknown-revision':
			return failure.orFile === true
				? {
						message: `${failure.where}: no commit or file ${named(failure.revision)}`,
						hint: 'give a file that exists, or a revision that git rev-parse knows',
					}
				: {
						message: `${failure.where}: no commit ${named(failure.revision)}`,
						hint: 'give a commit, tag or branch that git rev-parse knows',
					};
		case 'ambiguous-commit':
			return {
				message: `${failure.where}: ${failure.revision} is the start of ${failure.candidates.length} commits`,
				hint: `give more digits: ${failure.candidates.slice(0, 4).join(' ')}`,
			};
		case 'bad-predicate':
			return {
				message: `the predicate, column ${failure.column}: ${failure.what}`,
				hint: 'rangefinder probe --help shows what can be asked',
			};
		case 'bad-range':
			return { message: failure.what, hint: failure.hint };
		case 'run-failed':
			return {
				message: failure.what,
				hint: 'answers so far are kept; mend the command and run the same words again',
			};
		case 'config-unreadable':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: 'give the .config file of a kernel build with --config',
			};
		case 'bad-config':
			return {
				message: `${failure.where}:${failure.line}: ${failure.what}`,
				hint: 'a configuration file has lines like CONFIG_ARM64=y and # CONFIG_PCI is not set',
			};
		case 'not-a-repository':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: 'give the folder of a git clone with --repo',
			};
		case 'no-releases':
			return {
				message: `${failure.where}: no kernel release tags (v4.14, v4.14.5, ...)`,
				hint: 'fetch the tags (git fetch --tags), or leave --repo out to use the index',
			};
		case 'git-missing':
			return { message: failure.what, hint: 'install git 2.30 or later' };
		case 'needs-git':
			return {
				message: `${failure.where}: ${failure.what} (this needs git)`,
				hint: 'install git 2.30 or later, and leave out --store embedded',
			};
		case 'git-failed':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: 'git fsck says what is damaged',
			};
		case 'object-missing':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: failure.hint ?? 'fetch the missing objects, or use a full clone',
			};
		case 'disk-full':
			return {
				message: `${failure.where}: there is no room left on this disk`,
				hint: 'free some, or name a folder elsewhere with RANGEFINDER_CACHE or TMPDIR',
			};
		case 'index-unreadable':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: 'rebuild it with rangefinder index build, or reinstall the package',
			};
		case 'index-version':
			return {
				message: `${failure.where}: index format ${failure.found}, this program reads ${failure.wanted}`,
				hint: 'rebuild it with rangefinder index build',
			};
		case 'index-mismatch':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: 'the tree is not the one the index was built from',
			};
		case 'cannot-repair':
			return {
				message: `${failure.where}: ${failure.what}`,
				hint: 'give --repo with a clone that has the blob named in the index line',
			};
		case 'output-unwritable':
			return { message: `${failure.where}: ${failure.what}`, hint: 'choose another output file' };
	}
}

/** Subjects that are said in one line; the rest is counted. */
const MOST_LISTED = 20;

function listed(subjects: readonly string[]): string {
	const shown = subjects
		.slice(0, MOST_LISTED)
		.map((subject, i) => `(${i + 1}) ${subject === '' ? 'without a subject' : subject}`);
	const more = subjects.length - shown.length;
	return `${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

/** A name in a sentence: in quotes where it would not be seen to be one word. */
function named(name: string): string {
	return name === '' || /\s/.test(name) ? JSON.stringify(name) : name;
}
