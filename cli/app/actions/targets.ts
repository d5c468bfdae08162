/** Opens what a line names: a place in the source, or a commit; in a clone its text, else where it can be read. */
import { wrap } from '../../../src/text.ts';
import type { App } from '../app.ts';
import { type PagerState, withPager } from '../state/app.ts';
import { LINES_START } from '../state/lines.ts';
import { diffRows, sourceRows } from '../views/lines.ts';
import type { Row, Target } from '../views/release.ts';
import { line } from '../views/text.ts';

const WEB = 'https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git';

/** Shows a text over the screen. */
export function showPager(
	app: App,
	title: string,
	rows: readonly Row[],
	more: { cursor?: number; revisions?: readonly string[] } = {},
): void {
	const pager: PagerState = {
		title,
		rows,
		lines: { ...LINES_START, cursor: more.cursor ?? 0 },
		revisions: more.revisions ?? [],
	};
	app.settle(`pager-${app.state.pagers.length}`, { top: Math.max(0, (more.cursor ?? 0) - 8) });
	app.update(withPager(app.state, pager));
}

/** Opens a target. `revisions` name the tree a source is of, the best first. */
export function openTarget(app: App, target: Target, revisions: readonly string[]) {
	if (target.kind === 'commit') return openCommit(app, target.commit);
	const { path, line: at, blob } = target;
	const release = revisions.at(-1) ?? '';
	const { clone } = app.state;
	const place = [
		{ line: line(`${path}, line ${at}${release === '' ? '' : `, in ${release}`}`) },
		...(blob === undefined ? [] : [{ line: line(`blob ${blob}`) }]),
		{ line: line() },
	];
	const web = `${WEB}/tree/${encodeURI(path)}?h=${encodeURIComponent(release)}#n${at}`;
	if (clone === undefined)
		return showPlace(app, place, 'the index has facts and no source text', web);
	app.run(
		`reading ${path}`,
		{
			kind: 'source',
			repo: clone.folder,
			revisions,
			path,
			...(blob === undefined ? {} : { blob }),
		},
		(texts) =>
			showPager(app, `${path} in ${release}`, sourceRows(texts, at), { cursor: at - 1, revisions }),
		{
			failed: ({ message, hint }) => {
				showPlace(app, place, `${message}; ${hint}`, web);
				return true;
			},
		},
	);
}

/** Shows the diff of a commit. */
export function openCommit(app: App, commit: string) {
	const { clone } = app.state;
	const place = [{ line: line(`commit ${commit}`) }, { line: line() }];
	const web = `${WEB}/commit/?id=${encodeURIComponent(commit)}`;
	if (clone === undefined) return showPlace(app, place, 'the index has no history', web);
	app.run(
		`reading ${commit.slice(0, 12)}`,
		{ kind: 'diff', repo: clone.folder, commit },
		(texts) => showPager(app, `commit ${commit.slice(0, 12)}`, diffRows(texts)),
		{
			failed: ({ message, hint }) => {
				showPlace(app, place, `${message}; ${hint}`, web);
				return true;
			},
		},
	);
}

function showPlace(app: App, place: readonly Row[], why: string, web: string): void {
	showPager(app, 'The place', [
		...place,
		{ line: line(why, 'warn') },
		{ line: line('to read it here, open a clone: 6, Files, c on its folder') },
		{ line: line('on the web:') },
		...wrap(web, app.state.columns - 3).map((text) => ({ line: line(text) })),
	]);
}
