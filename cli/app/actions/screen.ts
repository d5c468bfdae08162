/** What every screen offers the app. */
import type { App } from '../app.ts';
import type { CommandId } from '../keys.ts';

export interface Actions {
	/** Does what a command says on this screen. */
	command(app: App, command: CommandId): void;
	/** When the screen is gone to. */
	enter?(app: App): void;
	/** Before esc leaves the screen; true where it did something else. */
	back?(app: App): boolean;
}
