#!/usr/bin/env node
/**
 * Starts the program: as one script with V8's code cache of an earlier run, where the build left both
 * (which halves what loading takes), else module by module. A cache of another V8 is refused by V8
 * itself, and the script compiled as usual. Without words on a terminal it opens the terminal app.
 *
 * The only CommonJS module, and it imports nothing: to load Node's loader of ES modules takes some milliseconds.
 */
const { existsSync, readFileSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { join } = process.getBuiltinModule('node:path');
const { Script } = process.getBuiltinModule('node:vm');

const bundle = join(__dirname, 'program.cjs');
const cache = `${bundle}.cache`;

/** Without words on a terminal. Streams are made when they are first looked at, which costs time: words come first. */
const opensApp = (): boolean =>
	process.argv.length === 2 &&
	process.stdin.isTTY &&
	process.stdout.isTTY &&
	process.env.TERM !== 'dumb';

function runBundle(): void {
	// It is ASCII, as esbuild writes it, which is read faster as what has no multibyte characters.
	const source = readFileSync(bundle, 'latin1');
	const script = new Script(
		`(function(module,exports,require,__filename,__dirname){${source}\n})`,
		{
			filename: bundle,
			...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
		},
	);
	// The build runs the program once to learn what a run compiles.
	if (process.env.RANGEFINDER_WRITE_CODE_CACHE === cache) {
		process.once('exit', () => writeFileSync(cache, script.createCachedData()));
	}
	const module = { exports: {} };
	script.runInThisContext()(module, module.exports, require, bundle, __dirname);
}

// Ink is loaded here and nowhere else.
if (opensApp()) void import('./app.ts');
else if (existsSync(bundle)) runBundle();
else void import('./program.ts');
