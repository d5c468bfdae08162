/**
 * A patch with what it needs, as a series for a stable branch: mails for `git am` on the target, which give
 * the proved tree. Messages are as stable-kernel-rules.rst asks for ("Option 3": `commit <id> upstream.` at the
 * head of the message); prerequisites say `Stable-dep-of:`, which the stable team's own backports do.
 */
import type { SeriesMail } from '../git/series-mails.ts';
import { seriesMails } from '../git/series-mails.ts';
import type { Release } from '../kernel/releases.ts';
import { trailerBlock } from '../kernel/trailer-block.ts';
import { readTag } from '../patch/series.ts';
import { wrap } from '../text.ts';
import { type PrereqsInput, prereqsOn } from './prereqs.ts';
import { proofOf, unproved } from './prereqs-proof.ts';
import type { PrereqTarget } from './prereqs-report.ts';

export interface Exported {
	readonly target: PrereqTarget;
	/** The cover letter first; none where the patch does not land, or is not proved to. */
	readonly mails: readonly SeriesMail[];
	/** Why there are none. */
	readonly why: string | undefined;
}

/** Columns of what is written into mails. */
const WIDTH = 72;

/** Results of which there is a series. */
const LANDING: readonly string[] = ['lands', 'lands-with', 'adaptation'];

/**
 * Makes the series for one target.
 * @throws RangefinderError git-failed, object-missing, git-missing
 */
export async function exportOn(input: PrereqsInput, release: Release): Promise<Exported> {
	const { target, steps } = await prereqsOn(input, release);
	if (!LANDING.includes(target.result) || target.tree === null) {
		const why = target.open?.why ?? target.notes[0] ?? `the patch is ${target.result}`;
		return { target, mails: [], why };
	}
	let mails: SeriesMail[] = [];
	const title = readTag(input.patch.subject).title;
	const ids = [
		...target.prerequisites.map(({ commit }) => commit),
		input.patch.commit ?? undefined,
	];
	const proof = await proofOf(input, release, steps, async (git) => {
		mails = await seriesMails(git, {
			target: release.commit,
			prefix: prefixOf(release),
			origins: ids,
			message: (place, before, adapted) =>
				messageOf(before, {
					upstream: ids[place],
					note: adapted ? `adapted to ${release.name} by merge` : undefined,
					dependency:
						place < target.prerequisites.length && input.patch.commit !== null
							? `Stable-dep-of: ${input.patch.commit.slice(0, 12)} ("${title}")`
							: undefined,
				}),
			cover: { subject: title, text: coverText(target, input) },
		});
	});
	const proved = proof.result === 'applied' && proof.tree === target.tree;
	return proved ? { target, mails, why: undefined } : { target, mails: [], why: unproved(proof) };
}

function prefixOf({ series }: Release): string {
	const name = /^\d[\w.]*\.y$/.test(series) ? ` ${series.replace(/\.y$/, '')}` : '';
	return `PATCH${name}`;
}

interface Backport {
	readonly upstream: string | undefined;
	readonly note: string | undefined;
	readonly dependency: string | undefined;
}

/** The message of a backport, of the message it has upstream. */
export function messageOf(before: string, { upstream, note, dependency }: Backport): string {
	const [subject = '', ...rest] = before.replace(/\s+$/, '').split('\n');
	const said = upstream === undefined ? [] : ['', `commit ${upstream} upstream.`];
	const body = rest.join('\n').replace(/^\n+/, '');
	const lines = [subject, ...said, ...(body === '' ? [] : ['', ...body.split('\n')])];
	const more = [
		...(dependency === undefined ? [] : [dependency]),
		...(note === undefined ? [] : [`[ ${note} ]`]),
	];
	if (more.length === 0) return `${lines.join('\n')}\n`;
	const { trailers } = trailerBlock(lines);
	return `${[...lines, ...(trailers.length > 0 ? [] : ['']), ...more].join('\n')}\n`;
}

/** The words of the cover letter: what is brought where, and why each commit is in it. */
function coverText(target: PrereqTarget, { patch }: PrereqsInput): string {
	const title = readTag(patch.subject).title;
	const what = patch.commit === null ? `"${title}"` : `${patch.commit.slice(0, 12)} ("${title}")`;
	const count = target.prerequisites.length;
	const first = `This brings ${what} to ${target.onto}${count === 0 ? '; it lands alone.' : `, after ${count} ${count === 1 ? 'commit' : 'commits'} that it needs there.`}`;
	const members = target.prerequisites.flatMap(({ commit, subject, kind, why }, i) => [
		'',
		...wrap(`${i + 1}. ${commit.slice(0, 12)} ("${subject}")`, WIDTH, '', '   '),
		...wrap(`${kind}: without it ${why}`, WIDTH, '   '),
	]);
	const rest = target.adaptations.flatMap(({ text, why }) => [
		'',
		...wrap(`Still to be done: ${text} (${why})`, WIDTH),
	]);
	const proof = `git cherry-pick of these commits onto ${target.onto} (${target.commit.slice(0, 12)}) gives the tree ${target.tree}.`;
	return [...wrap(first, WIDTH), ...members, ...rest, '', ...wrap(proof, WIDTH)].join('\n');
}
