/** The whole app on the terminal: the bar of screens, the shown one, what is said, the hints. */
import { Box, useInput } from 'ink';
import { useRef, useSyncExternalStore } from 'react';
import type { App } from '../app.ts';
import type { ScreenName } from '../keys.ts';
import { shownScreen } from '../state/app.ts';
import { helpView, hints, statusLines, titleBar } from '../views/frame.ts';
import { BisectScreen, HistoryScreen } from './history.tsx';
import { keysOf, pastedText } from './input.ts';
import { Lines } from './lines.tsx';
import { OpenScreen } from './open.tsx';
import { PagerScreen } from './pager.tsx';
import { RangeScreen } from './range.tsx';
import { ReleaseScreen } from './release.tsx';
import type { ScreenProps } from './screen.ts';
import { StylesScreen } from './styles.tsx';
import { TagsScreen } from './tags.tsx';

const SCREENS: Readonly<Record<ScreenName, (props: ScreenProps) => React.ReactNode>> = {
	open: OpenScreen,
	range: RangeScreen,
	release: ReleaseScreen,
	styles: StylesScreen,
	history: HistoryScreen,
	bisect: BisectScreen,
	tags: TagsScreen,
	pager: PagerScreen,
};

/** A pasted text that is longer is cut: it is no mail. */
const LONGEST_PASTE = 8_000_000;

export function AppScreen({ app, color }: { readonly app: App; readonly color: boolean }) {
	const state = useSyncExternalStore(app.subscribe, () => app.state);
	const pasted = useRef('');
	useInput((input, key) => {
		const keys = keysOf(input, key);
		if (app.isPasting && keys[0] !== 'paste-end') {
			if (pasted.current.length < LONGEST_PASTE) pasted.current += pastedText(input, key);
			return;
		}
		for (const one of keys) app.press(one);
		if (keys[0] === 'paste-end') {
			const text = pasted.current;
			pasted.current = '';
			app.paste(text);
		}
	});
	const looks = { width: Math.max(20, state.columns), color };
	const rows = Math.max(6, state.rows);
	const status = statusLines(state, looks.width);
	const height = Math.max(1, rows - 3 - status.length);
	const name = shownScreen(state);
	const Screen = SCREENS[name];
	return (
		<Box flexDirection="column" width={looks.width} height={rows} overflow="hidden">
			<Lines lines={[titleBar(state, looks.width), { spans: [] }]} {...looks} />
			{state.help === undefined ? (
				<Screen app={app} height={height} {...looks} />
			) : (
				<Lines lines={helpView(name, state.help, looks.width, height)} {...looks} />
			)}
			<Lines lines={[...status, hints(name, looks.width)]} {...looks} />
		</Box>
	);
}
