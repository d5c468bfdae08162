/** Where we differ from git on purpose, or git differs from itself: each with its reason. */
import type { Disagreement, GitSays, WeSay } from './mails.ts';

/** Why a disagreement is none of a mistake; undefined where nothing explains it. */
export function explain(
	_found: Disagreement,
	_git: GitSays,
	_ours: WeSay,
	_mail: Uint8Array,
): string | undefined {
	return undefined;
}
