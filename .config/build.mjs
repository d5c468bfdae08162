/**
 * Builds dist/: the library module by module, the JSON Schemas, the program as one script with V8's code
 * cache, the workers of its threads, and the terminal app with the processes that work for it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { exercise } from './exercise.mjs';

const root = join(import.meta.dirname, '..');
const node = (args, env = {}) => {
	const done = spawnSync(process.execPath, args, {
		cwd: root,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	// 1 is an answer, too: that no release is safe.
	if (done.status !== 0 && done.status !== 1) process.exit(1);
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
try {
	execFileSync(
		process.execPath,
		['node_modules/typescript/bin/tsc', '-p', '.config/tsconfig.build.json'],
		{
			cwd: root,
			stdio: 'inherit',
		},
	);
} catch {
	process.exit(1);
}
node(['dist/cli/write-schemas.js', 'dist/schema']);

/** What is loaded from node_modules: it is large, rarely needed, or has files of its own. */
const external = [
	'chalk',
	'isomorphic-git',
	'lmdb',
	'simple-git',
	'tinypool',
	'tree-sitter-c',
	'web-tree-sitter',
	'zod',
];
const common = {
	absWorkingDir: root,
	bundle: true,
	platform: 'node',
	target: 'node20',
	external,
	minify: true,
	// main.cts reads the program byte by byte.
	charset: 'ascii',
	logLevel: 'warning',
};
/** lmdb comes out of the code cache, too, as the parser does; its machine code stays where it is, which it tells by its own place. */
const lmdb = {
	name: 'lmdb',
	setup({ onLoad }) {
		onLoad({ filter: /node_modules\/lmdb\/[\w-]+\.js$/ }, ({ path }) => ({
			contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', '__lmdb()'),
		}));
	},
};
await build({
	...common,
	entryPoints: ['cli/program.ts'],
	outfile: 'dist/cli/program.cjs',
	format: 'cjs',
	external: external.filter((name) => name !== 'lmdb' && name !== 'web-tree-sitter'),
	plugins: [lmdb],
	// As a module it has a `require` of its own, which is not there yet when the bundle needs one.
	alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
	define: { 'import.meta.url': '__url' },
	// A function that comes out of a code cache has lost what import() needs; Node requires ESM too.
	supported: { 'dynamic-import': false },
	banner: {
		js: "const{pathToFileURL:__to}=require('node:url'),__url=__to(__filename).href,__lmdb=()=>__to(require.resolve('lmdb')).href;",
	},
});
const esm = {
	...common,
	format: 'esm',
	banner: {
		js: "import{createRequire as _rq}from'node:module';const require=_rq(import.meta.url);",
	},
};
await build({
	...esm,
	entryPoints: ['src/driver/facts-worker.ts'],
	outfile: 'dist/cli/facts-worker.js',
});
await build({
	...esm,
	entryPoints: ['cache/board-worker.ts'],
	outfile: 'dist/cli/board-worker.js',
});
await build({ ...esm, entryPoints: ['cli/each-worker.ts'], outfile: 'dist/cli/each-worker.js' });
await build({ ...esm, entryPoints: ['cli/app-worker.ts'], outfile: 'dist/cli/app-worker.js' });
await build({
	...esm,
	entryPoints: ['cli/app.ts'],
	outfile: 'dist/cli/app.js',
	external: external.filter((name) => name !== 'chalk'),
	define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
	alias: { 'react-devtools-core': './.config/absent.mjs' },
});
const cache = join(root, 'dist/cli/program.cjs.cache');
exercise((words, env = {}) =>
	node(['dist/cli/main.cjs', ...words], { ...env, RANGEFINDER_WRITE_CODE_CACHE: cache }),
);
