/** Where we differ from git on purpose, or git differs from itself: each with its reason. */
import type { Disagreement, GitSays, WeSay } from './mails-compare.ts';

interface Case {
	found: Disagreement;
	git: GitSays;
	ours: WeSay;
	/** The mail, a byte a character. */
	mail: string;
}

interface Reason {
	why: string;
	holds(one: Case): boolean;
}

const ascii = (text: string): string => text.replace(/[^\n -~]/g, '').replace(/[ \t]+/g, ' ');

const withoutEmptyLines = (text: string): string => text.replace(/\n+/g, '\n');

/** Every part that is there is named in some header of the mail. */
const hasType = (mail: string, type: string): boolean =>
	new RegExp(`^content-type:\\s*${type}`, 'im').test(mail);

const REASONS: readonly Reason[] = [
	{
		why: 'git takes the address for a name that is under 3 bytes or over 60, or has an @ or < in it',
		holds: ({ found, git, ours }) => {
			if (found.what !== 'author' || git.author !== git.email) return false;
			const author = ours.patches[0]?.author ?? '';
			const name = author.replace(/ ?<[^<>]*>$/, '');
			if (!author.includes(git.email)) return false;
			return Buffer.byteLength(name) < 3 || Buffer.byteLength(name) > 60 || /[@<>]/.test(name);
		},
	},
	{
		why: 'an attached patch file speaks for itself; git takes it for a part of the mail around it',
		holds: ({ ours, mail }) =>
			ours.patches[0]?.commit !== undefined && !/^From [0-9a-f]{40} /.test(mail),
	},
	{
		why: 'the mail is not in the charset it names; git passes its bytes on',
		holds: ({ found }) =>
			(found.what === 'message' || found.what === 'author') &&
			found.git.includes('\ufffd') &&
			ascii(found.git) === ascii(found.ours),
	},
	{
		why: 'git takes an HTML part for text',
		holds: ({ found, mail }) =>
			(found.what === 'message' || found.ours === 'quoted') && hasType(mail, 'text/html'),
	},
	{
		why: 'blanks after a path are damage; git takes them for part of the name',
		holds: ({ found }) =>
			found.what === 'files' &&
			found.git.replace(/ +$/gm, '') === found.ours &&
			found.git !== found.ours,
	},
	{
		why: 'the mail says format=flowed and was sent as it was; git joins its lines',
		holds: ({ found, mail }) =>
			found.what === 'refused' && /format="?flowed/i.test(mail) && /corrupt/.test(found.git),
	},
	{
		why: 'the line break before the boundary of a part belongs to the boundary (RFC 2046); git keeps it',
		holds: ({ found, mail }) =>
			found.what === 'message' &&
			hasType(mail, 'multipart/') &&
			withoutEmptyLines(found.git) === withoutEmptyLines(found.ours),
	},
	{
		why: 'a path from the root is of no tree, and refused; git takes the slash for its first component',
		holds: ({ found }) => found.what === 'files' && / no tree can have: "\//.test(found.ours),
	},
	{
		why: 'the mail names a charset that does not exist; git refuses it whole',
		holds: ({ found }) =>
			found.what === 'refused' && /^error: cannot convert from /.test(found.git),
	},
];

/** Why a disagreement is none of a mistake; undefined where nothing explains it. */
export function explain(
	found: Disagreement,
	git: GitSays,
	ours: WeSay,
	mail: Uint8Array,
): string | undefined {
	const one = { found, git, ours, mail: Buffer.from(mail).toString('latin1') };
	return REASONS.find(({ holds }) => holds(one))?.why;
}
