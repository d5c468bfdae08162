/** A text that lies over a screen: a source, a diff, facts. */
import { pagerList } from '../actions/pager.ts';
import { linesView } from '../views/lines.ts';
import { Lines } from './lines.tsx';
import type { ScreenProps } from './screen.ts';

export function PagerScreen({ app, height, ...looks }: ScreenProps) {
	const { pagers } = app.state;
	const pager = pagers.at(-1);
	if (pager === undefined) return null;
	const list = pagerList(pagers.length - 1);
	const shape = { width: looks.width, height, top: app.scroll(list).top };
	const view = linesView(pager.title, pager.rows, pager.lines, shape);
	app.settle(list, view);
	return <Lines lines={view.lines} {...looks} />;
}
