/** What the screens about a patch show while there is none. */
import { filled, line } from '../views/text.ts';
import { Lines } from './lines.tsx';
import type { ScreenProps } from './screen.ts';

export function NoPatch({ app, height, ...looks }: ScreenProps) {
	const text =
		app.state.patch === undefined
			? line('no patch is open; 6 goes to Open, where one is chosen', 'warn')
			: line('judging the patch; x stops', 'warn');
	return <Lines lines={filled([text], height)} {...looks} />;
}
