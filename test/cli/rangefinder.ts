/** The command line run in this process, with an engine that answers what a test says. */

import type { Engine } from '../../cli/engine.ts';
import { run } from '../../cli/run.ts';
import type { World } from '../../cli/world.ts';

async function refused(): Promise<never> {
	throw new Error('this test does not expect the engine to be asked for this');
}

const NOTHING: Engine = {
	range: refused,
	ranges: refused,
	styles: refused,
	repair: refused,
	log: refused,
	contains: refused,
	doctor: refused,
	demands: refused,
	built: refused,
	judge: refused,
	linter: refused,
	prereqs: refused,
	exportSeries: refused,
	siblings: refused,
	indexBuild: refused,
	indexInfo: refused,
	indexVerify: refused,
	bisect: refused,
	probe: refused,
};

/** Runs a command line with an engine that has the given answers. */
export async function rangefinder(
	argv: readonly string[],
	engine: Partial<Engine> = {},
	more: Partial<World> = {},
) {
	const decoder = new TextDecoder();
	const out: string[] = [];
	const err: string[] = [];
	const sink = (into: string[]) => ({
		write: (chunk: string | Uint8Array) =>
			into.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk)),
	});
	const world: World = {
		argv,
		stdout: sink(out),
		stderr: sink(err),
		stdin: (async function* () {})(),
		env: {},
		isTTY: { stdout: false, stderr: false },
		columns: undefined,
		cwd: '/',
		now: () => 0,
		today: () => '2026-11-22',
		...more,
	};
	const { range } = engine;
	const ranges: Partial<Engine> =
		range === undefined ? {} : { ranges: async (options) => [await range(options)] };
	const code = await run(world, async () => ({ ...NOTHING, ...ranges, ...engine }));
	return { code, out: out.join(''), err: err.join('') };
}
