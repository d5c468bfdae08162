/** The screen Tags. */
import { shownReport } from '../state/app.ts';
import { tagsView } from '../views/tags.ts';
import { Lines } from './lines.tsx';
import { NoPatch } from './no-patch.tsx';
import type { ScreenProps } from './screen.ts';

export function TagsScreen(props: ScreenProps) {
	const { app, height, ...looks } = props;
	const report = shownReport(app.state);
	if (report === undefined) return <NoPatch {...props} />;
	const shape = { width: looks.width, height, top: app.scroll('tags').top };
	const view = tagsView(report, app.state.tags, shape);
	app.settle('tags', view);
	return <Lines lines={view.lines} {...looks} />;
}
