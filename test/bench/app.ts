/**
 * When the first frame of the app is on the screen of a pseudo-terminal, against a program, bundled as
 * the app is, that only draws one word with ink, both started by turns:
 *   npm run build && npm run bench:app -- [--rounds N]
 * Medians count; the app may take 300 ms more.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { pseudoTerminal, Session } from '../cli/app/terminal.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Milliseconds. */
const LIMIT = 300;

/** Ink alone, bundled as the app is (.config/build.mjs). */
async function bareInk(folder: string): Promise<string> {
	const outfile = join(folder, 'bare.mjs');
	await build({
		stdin: {
			contents:
				"import { createElement } from 'react';\nimport { render, Text } from 'ink';\n" +
				"render(createElement(Text, null, 'bare ink'));\nsetTimeout(() => {}, 60_000);\n",
			resolveDir: ROOT,
		},
		absWorkingDir: ROOT,
		outfile,
		bundle: true,
		minify: true,
		platform: 'node',
		target: 'node20',
		format: 'esm',
		banner: {
			js: "import{createRequire as _rq}from'node:module';const require=_rq(import.meta.url);",
		},
		define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
		alias: { 'react-devtools-core': './.config/absent.mjs' },
		logLevel: 'error',
	});
	return outfile;
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { rounds: { type: 'string', default: '11' } } });
	const terminal = await pseudoTerminal();
	if ('why' in terminal) throw new Error(terminal.why);
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-bench-'));
	try {
		const env = { RANGEFINDER_CACHE: join(folder, 'cache'), NODE_ENV: 'production' };
		const cwd = join(folder, 'work');
		mkdirSync(cwd);
		const bare = await bareInk(folder);
		const firstFrame = async (shell: string, word: string): Promise<number> => {
			const start = performance.now();
			const session = new Session(terminal.spawn, { columns: 80, rows: 24, cwd, env, shell });
			try {
				await session.see(word);
				return performance.now() - start;
			} finally {
				session.close();
			}
		};
		const took: { ink: number[]; app: number[] } = { ink: [], app: [] };
		for (let round = 0; round < Math.max(1, Number(values.rounds)); round++) {
			took.ink.push(await firstFrame(`exec "$NODE" ${bare}`, 'bare ink'));
			took.app.push(await firstFrame('exec "$NODE" "$MAIN"', 'the example'));
		}
		const [ink, app] = [median(took.ink), median(took.app)];
		const more = app - ink;
		console.log(`bare ink: ${ink.toFixed(0)} ms; the app: ${app.toFixed(0)} ms, medians`);
		console.log(`${more.toFixed(0)} ms more (limit ${LIMIT}): ${more <= LIMIT ? 'ok' : 'MISSED'}`);
		if (more > LIMIT) process.exitCode = 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function median(all: readonly number[]): number {
	return [...all].sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
}

await main();
