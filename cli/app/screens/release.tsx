/** The screen Release. */
import { releaseOf, rowsOfRelease } from '../actions/release.ts';
import { linesView } from '../views/lines.ts';
import { Lines } from './lines.tsx';
import { NoPatch } from './no-patch.tsx';
import type { ScreenProps } from './screen.ts';

export function ReleaseScreen(props: ScreenProps) {
	const { app, height, ...looks } = props;
	if (releaseOf(app.state) === undefined) return <NoPatch {...props} />;
	const shape = { width: looks.width, height, top: app.scroll('release').top };
	const view = linesView('', rowsOfRelease(app.state), app.state.release.lines, shape);
	app.settle('release', view);
	return <Lines lines={view.lines} {...looks} />;
}
