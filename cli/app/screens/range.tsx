/** The screen Range. */
import { shownReport } from '../state/app.ts';
import { rangeView } from '../views/range.ts';
import { Lines } from './lines.tsx';
import { NoPatch } from './no-patch.tsx';
import type { ScreenProps } from './screen.ts';

export function RangeScreen(props: ScreenProps) {
	const { app, height, ...looks } = props;
	const report = shownReport(app.state);
	if (report === undefined) return <NoPatch {...props} />;
	const { patch, range } = app.state;
	const count = patch?.reports.length ?? 1;
	const which = count > 1 ? `patch ${(patch?.at ?? 0) + 1} of ${count}` : '';
	const shape = { width: looks.width, height, top: app.scroll('range').top };
	const view = rangeView(report, range, shape, which);
	app.settle('range', view);
	return <Lines lines={view.lines} {...looks} />;
}
