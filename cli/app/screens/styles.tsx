/** The screen Styles. */
import { stylesView } from '../views/styles.ts';
import { Lines } from './lines.tsx';
import type { ScreenProps } from './screen.ts';

export function StylesScreen({ app, height, ...looks }: ScreenProps) {
	const { top, left } = app.scroll('styles');
	const view = stylesView(app.state.styles, { width: looks.width, height, top, left });
	app.settle('styles', view);
	return <Lines lines={view.lines} {...looks} />;
}
