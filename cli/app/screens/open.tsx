/** The screen Open. */
import { openView } from '../views/open.ts';
import { Lines } from './lines.tsx';
import type { ScreenProps } from './screen.ts';

export function OpenScreen({ app, height, ...looks }: ScreenProps) {
	const { open, clone } = app.state;
	const shape = { width: looks.width, height, top: app.scroll('open').top };
	const view = openView(open, clone, shape);
	app.settle('open', view);
	return <Lines lines={view.lines} {...looks} />;
}
