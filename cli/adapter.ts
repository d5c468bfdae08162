/**
 * Joins the commands to the engine in src/: resolves what the user named and hands it on.
 */
import { RangefinderError } from '../src/errors.ts';
import type { Engine, EngineWorld } from './engine.ts';

function absent(command: string): () => Promise<never> {
	return async () => {
		throw new RangefinderError({
			code: 'usage',
			what: `${command} is not in this build`,
			hint: 'rangefinder --help lists the commands',
		});
	};
}

/** The engine for one run of the program. */
export function createEngine(_world: EngineWorld): Engine {
	return {
		range: absent('range'),
		styles: absent('styles'),
		repair: absent('repair'),
		indexBuild: absent('index build'),
		indexInfo: absent('index info'),
		indexVerify: absent('index verify'),
	};
}
