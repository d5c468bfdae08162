/** The state of the screen Open: four lists of what can be opened, and what is in them. */
import type { CommitLine, PatchInput } from '../work/tasks.ts';

export type OpenTab = 'recent' | 'files' | 'commits' | 'paste';

export const OPEN_TABS: readonly OpenTab[] = ['recent', 'files', 'commits', 'paste'];

/** A patch that was opened before. */
export interface Recent extends PatchInput {
	/** Its subject. */
	readonly subject: string;
	/** When it was opened last, YYYY-MM-DD. */
	readonly date: string;
}

export interface FileEntry {
	readonly name: string;
	readonly path: string;
	readonly folder: boolean;
	/** The folder is a git repository. */
	readonly repository: boolean;
}

export interface OpenState {
	readonly tab: OpenTab;
	readonly cursors: Readonly<Record<OpenTab, number>>;
	readonly filter: string;
	readonly recent: readonly Recent[];
	readonly folder: string;
	readonly files: readonly FileEntry[];
	readonly commits: readonly CommitLine[] | undefined;
	/** What was pasted so far; undefined while nothing is. */
	readonly pasted: string | undefined;
}

export function openStart(folder: string): OpenState {
	return {
		tab: 'recent',
		cursors: { recent: 0, files: 0, commits: 0, paste: 0 },
		filter: '',
		recent: [],
		folder,
		files: [],
		commits: undefined,
		pasted: undefined,
	};
}

/** A row of the list that is shown. */
export type OpenRow =
	| { readonly kind: 'example' }
	| { readonly kind: 'recent'; readonly recent: Recent }
	| { readonly kind: 'file'; readonly file: FileEntry }
	| { readonly kind: 'commit'; readonly commit: CommitLine }
	| { readonly kind: 'paste' };

/** The rows of the list that is shown, those that the filter leaves. */
export function openRows(state: OpenState): OpenRow[] {
	const has = (text: string) => text.toLowerCase().includes(state.filter.toLowerCase());
	switch (state.tab) {
		case 'recent':
			return [
				...state.recent
					.filter(({ subject, input }) => has(`${subject} ${input}`))
					.map((recent): OpenRow => ({ kind: 'recent', recent })),
				...(has('example') ? [{ kind: 'example' } as const] : []),
			];
		case 'files':
			return state.files.filter(({ name }) => has(name)).map((file) => ({ kind: 'file', file }));
		case 'commits':
			return (state.commits ?? [])
				.filter(({ commit, subject }) => has(`${commit} ${subject}`))
				.map((commit) => ({ kind: 'commit', commit }));
		case 'paste':
			return [{ kind: 'paste' }];
	}
}

/** The state with another list shown. */
export function onTab(state: OpenState, tab: OpenTab): OpenState {
	return { ...state, tab, filter: '' };
}

/** The list after (or before) the one that is shown. */
export function neighbourTab(tab: OpenTab, forward: boolean): OpenTab {
	const place = OPEN_TABS.indexOf(tab) + (forward ? 1 : OPEN_TABS.length - 1);
	return OPEN_TABS[place % OPEN_TABS.length] ?? tab;
}

/** The state with the cursor of the shown list elsewhere. */
export function onRow(state: OpenState, cursor: number): OpenState {
	return { ...state, cursors: { ...state.cursors, [state.tab]: cursor } };
}

/** How many patches are remembered. */
const MOST_RECENT = 50;

/** The list with a patch that was just opened at its head, once. */
export function remembered(recent: readonly Recent[], opened: Recent): Recent[] {
	const same = (one: Recent) =>
		one.input === opened.input && one.repo === opened.repo && one.patch === opened.patch;
	return [opened, ...recent.filter((one) => !same(one))].slice(0, MOST_RECENT);
}
