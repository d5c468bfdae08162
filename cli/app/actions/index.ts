/** What the commands do, screen by screen. */
import type { ScreenName } from '../keys.ts';
import { bisectActions } from './bisect.ts';
import { historyActions } from './history.ts';
import { openActions } from './open.ts';
import { pagerActions } from './pager.ts';
import { rangeActions } from './range.ts';
import { releaseActions } from './release.ts';
import type { Actions } from './screen.ts';
import { stylesActions } from './styles.ts';
import { tagsActions } from './tags.ts';

export const actions = {
	open: openActions,
	range: rangeActions,
	release: releaseActions,
	styles: stylesActions,
	history: historyActions,
	bisect: bisectActions,
	tags: tagsActions,
	pager: pagerActions,
} satisfies Record<ScreenName, Actions> as Record<ScreenName, Actions> & {
	open: typeof openActions;
};
