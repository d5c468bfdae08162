#!/usr/bin/env node
/**
 * Starts the program: as one script with V8's code cache of an earlier run, where the build left both
 * (which halves what loading takes), else module by module. A cache of another V8 is refused by V8
 * itself, and the script compiled as usual. Without words on a terminal it opens the terminal app.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const bundle = fileURLToPath(new URL('./program.cjs', import.meta.url));
const cache = `${bundle}.cache`;

/** Without words on a terminal. Streams are made when they are first looked at, which costs time: words come first. */
const opensApp = (): boolean =>
	process.argv.length === 2 &&
	process.stdin.isTTY &&
	process.stdout.isTTY &&
	process.env.TERM !== 'dumb';

if (opensApp()) {
	// Ink is loaded here and nowhere else.
	await import('./app.ts');
} else if (existsSync(bundle)) {
	const source = readFileSync(bundle, 'utf8');
	const script = new Script(
		`(function(module,exports,require,__filename,__dirname){${source}\n})`,
		{
			filename: bundle,
			...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
		},
	);
	// The build runs the program once to learn what a run compiles.
	if (process.env.RANGEFINDER_WRITE_CODE_CACHE === cache) {
		const { writeFileSync } = await import('node:fs');
		process.once('exit', () => writeFileSync(cache, script.createCachedData()));
	}
	const module = { exports: {} };
	const require = createRequire(bundle);
	script.runInThisContext()(module, module.exports, require, bundle, dirname(bundle));
} else {
	await import('./program.ts');
}
