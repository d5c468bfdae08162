/**
 * Texts that act on a terminal, wherever a repository or a mail can have them: subjects, authors, tags, branches,
 * paths, what sources say. Of the sequences in them the program itself writes none.
 */
import {
	FIX_SUBJECT,
	MINIATURE_STEPS,
	MINIATURE_TAGS,
	type MiniatureKernel,
	makeKernelOf,
	runGit,
} from '../kernel/miniature.ts';

/**
 * A window title, a colour, a cleared scrollback and a reset; colour and title with 8-bit controls, too; and text
 * that reads backwards.
 */
export const EVIL =
	'\x1b]0;owned\x07\x1b[35m\x1b[3J\x1bc\u009b35m\u009d0;owned\u009c\u202eevil\u2066\u2069\u200f';
/** What of it names of refs can have: git refuses C0 in them. */
export const EVIL_REF = 'x\u009b35m\u202eevil\u2066';

/** The name of an evil driver: Makefiles and trees name a file alike in ASCII only. */
const EVIL_DRIVER = 'evil\x1b]0;owned\x07\x1b[35m';

const ACME = 'drivers/iommu/acme-mmu.c';
const MAKEFILE = 'drivers/iommu/Makefile';

/**
 * The miniature kernel with evil in the subject of every commit (but not in the keys of `commits`) and in the
 * mail of its fix; and two releases with evil in everything else that a commit has: v4.8.2, where drivers declare
 * themselves, and v4.11, the newest, whose commit is `evil`.
 */
export async function makeEvilKernel(
	folder: string,
): Promise<MiniatureKernel & { readonly evil: string }> {
	const steps = MINIATURE_STEPS.map((step) =>
		step.subject === FIX_SUBJECT ? step : { ...step, subject: `${step.subject} ${EVIL}` },
	);
	const { dir, commits, fix } = await makeKernelOf(folder, steps);
	const shown = (release: string, path: string) =>
		runGit(['-C', dir, 'show', `${release}:${path}`]);
	const sources = async (release: string) => ({
		acme: (await shown(release, ACME))
			.replaceAll('"acme,', `"acme${EVIL},`)
			.replace('static', `/* ${EVIL} */\nstatic`),
		makefile: `${await shown(release, MAKEFILE)}obj-y += ${EVIL_DRIVER}.o\n`,
	});
	const commitOf = async (revision: string) =>
		(await runGit(['-C', dir, 'rev-parse', `${revision}^{commit}`])).trim();
	const input = [
		evilCommit('linux-4.8.y', 'v4.8.2', await commitOf('v4.8.1'), await sources('v4.8.1')),
		evilCommit('evil', 'v4.11', await commitOf('v4.10'), await sources('v4.10')),
		...[`heads/${EVIL_REF}`, `tags/${EVIL_REF}`, `tags/v4.12-${EVIL_REF}`].map(
			(name) => `reset refs/${name}\nfrom refs/heads/evil\n\n`,
		),
	];
	await runGit(['-C', dir, 'fast-import', '--quiet', '--date-format=raw'], input.join(''));
	const mail = fix.mail
		.replace(/^Subject: .*$/m, `Subject: [PATCH] iommu: ${EVIL}`)
		.replace(/^From: .*$/m, `From: ${EVIL} <evil@example.org>`)
		.replace(/^Signed-off-by/m, `${EVIL}\nFixes: 123456789012 ("${EVIL}")\nSigned-off-by`);
	return {
		dir,
		tags: MINIATURE_TAGS,
		commits: new Map([...commits].map(([subject, id]) => [subject.replace(` ${EVIL}`, ''), id])),
		fix: { ...fix, mail },
		evil: await commitOf('evil'),
	};
}

/** A commit on top of another for git fast-import, and its tag, with evil in every text of it. */
function evilCommit(
	branch: string,
	tag: string,
	parent: string,
	{ acme, makefile }: { acme: string; makefile: string },
): string {
	const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
	const who = `Evil ${EVIL} <evil\u009b35m@example.org> 1700000000 +0000`;
	const message = `iommu/acme-mmu: ${EVIL} subject\n\nbody ${EVIL}\n\nFixes: ${parent.slice(0, 12)} ("${EVIL}")\nCc: ${EVIL} <x@example.org>\n`;
	const quoted = (path: string) =>
		`"${[...Buffer.from(path)].map((byte) => (byte < 32 || byte > 126 || byte === 34 || byte === 92 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte))).join('')}"`;
	const names = [`${EVIL}.c`, `${EVIL_DRIVER}.c`, `${EVIL_REF}.c`, 'two\nlines.c', '-x'];
	return [
		`commit refs/heads/${branch}\nauthor ${who}\ncommitter ${who}\n`,
		data(message),
		`from ${parent}\n`,
		`M 100644 inline ${ACME}\n${data(acme)}`,
		`M 100644 inline ${MAKEFILE}\n${data(makefile)}`,
		...names.map((name) => `M 100644 inline ${quoted(`drivers/iommu/${name}`)}\n${data(acme)}`),
		`tag ${tag}\nfrom refs/heads/${branch}\ntagger ${who}\n`,
		data(message),
	].join('');
}
