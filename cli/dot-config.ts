/** Reads the .config that `--config` names. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RangefinderError } from '../src/errors.ts';
import type { EngineWorld } from './engine.ts';

/**
 * The file's text, with its name as the user gave it.
 * @throws RangefinderError config-unreadable
 */
export async function readDotConfig(
	world: Pick<EngineWorld, 'cwd'>,
	where: string,
): Promise<{ text: string; where: string }> {
	try {
		return { text: await readFile(resolve(world.cwd, where), 'utf8'), where };
	} catch (error) {
		const what =
			error instanceof Error && 'code' in error && error.code === 'ENOENT'
				? 'no such file'
				: 'cannot be read';
		throw new RangefinderError({ code: 'config-unreadable', where, what }, { cause: error });
	}
}
