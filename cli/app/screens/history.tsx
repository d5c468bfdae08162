/** The screen History, and the bisection that is begun from it. */

import { isTransition, recordOf } from '../state/history.ts';
import { bisectView } from '../views/bisect.ts';
import { changeText, historyView } from '../views/history.ts';
import { Lines } from './lines.tsx';
import type { ScreenProps } from './screen.ts';

export function HistoryScreen({ app, height, ...looks }: ScreenProps) {
	const { history, clone } = app.state;
	const shape = { width: looks.width, height, top: app.scroll('history').top };
	const view = historyView(history, clone, shape);
	app.settle('history', view);
	return <Lines lines={view.lines} {...looks} />;
}

export function BisectScreen({ app, height, ...looks }: ScreenProps) {
	const { bisect, history } = app.state;
	if (bisect === undefined) return null;
	const subject = (commit: string) => {
		const record = recordOf(history, commit);
		if (record === undefined) return '';
		return isTransition(record) ? `${changeText(record)}: ${record.subject}` : record.subject;
	};
	const shape = { width: looks.width, height, top: app.scroll('bisect').top };
	const view = bisectView(bisect, subject, shape);
	app.settle('bisect', view);
	return <Lines lines={view.lines} {...looks} />;
}
