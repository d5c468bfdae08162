/** What every screen is given. */
import type { App } from '../app.ts';
import type { Looks } from './lines.tsx';

export interface ScreenProps extends Looks {
	readonly app: App;
	readonly height: number;
}
