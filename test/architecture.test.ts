/** The house: rooms import in one direction, modules are small, and only the program touches its process. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';

const HERE = fileURLToPath(new URL('..', import.meta.url));

/** In the order of the design; the cache is used by the range room through its interface, and fills it. */
const ROOMS = [
	'src/kernel',
	'src/git',
	'src/patch',
	'src/driver',
	'src/history',
	'cache',
	'src/range',
	'cli',
];
/** Words that every room may use, and the door of the package. */
const COMMON = new Set(['src/errors.ts', 'src/text.ts']);
/** Modules that may touch the process. */
const PROGRAMS = new Set([
	'cli/main.cts',
	'cli/program.ts',
	'cli/write-schemas.ts',
	'cli/app.ts',
	'cli/app-worker.ts',
	'cli/library.ts',
]);

interface Import {
	to: string;
	typeOnly: boolean;
}

interface Module {
	path: string;
	text: string;
	/** The text without comments and strings. */
	code: string;
	imports: Import[];
}

function modules(...folders: string[]): Module[] {
	return folders.flatMap((folder) =>
		readdirSync(join(HERE, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => /\.c?tsx?$/.test(name))
			.map((name) => {
				const path = `${folder}/${name}`;
				const text = readFileSync(join(HERE, path), 'utf8');
				return { path, text, code: withoutWords(text), imports: importsOf(path, text) };
			}),
	);
}

function importsOf(path: string, text: string): Import[] {
	const found: Import[] = [];
	const add = (to: string | undefined, typeOnly: boolean): void => {
		if (to?.startsWith('.')) found.push({ to: normalize(join(dirname(path), to)), typeOnly });
	};
	for (const [, type, to] of text.matchAll(/^(?:im|ex)port (type )?[^;]*?from '([^']+)';/gm)) {
		add(to, type !== undefined);
	}
	for (const [, to] of text.matchAll(/\bimport\('([^']+)'\)/g)) add(to, false);
	return found;
}

function withoutWords(text: string): string {
	return text
		.replace(/\/\*[\s\S]*?\*\//g, '')
		.replace(/(^|\s)\/\/.*$/gm, '')
		.replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

function room(path: string): number {
	return ROOMS.findIndex((name) => path.startsWith(`${name}/`));
}

const CODE = modules('src', 'cache', 'cli');

describe('architecture', () => {
	it('finds the modules and what they import', () => {
		assert.ok(CODE.length > 80);
		const link = CODE.find(({ path }) => path === 'src/driver/link.ts');
		assert.ok(link?.imports.some(({ to }) => to === 'src/kernel/condition.ts'));
		const lazy = CODE.find(({ path }) => path === 'cli/adapter.ts');
		assert.ok(lazy?.imports.some(({ to }) => to === 'src/range/prepare.ts'));
	});

	it('has no module that belongs to no room', () => {
		const homeless = CODE.filter(
			({ path }) => room(path) < 0 && !COMMON.has(path) && path !== 'src/index.ts',
		);
		assert.deepEqual(
			homeless.map(({ path }) => path),
			[],
		);
	});

	it('imports in one direction: no room uses a later one', () => {
		const wrong = CODE.flatMap(({ path, imports }) =>
			imports
				.filter(
					({ to, typeOnly }) => room(to) > room(path) && room(path) >= 0 && !isType(typeOnly, to),
				)
				.map(({ to }) => `${path} uses ${to}`),
		);
		assert.deepEqual(wrong, []);
	});

	it('has words in common that use no room', () => {
		for (const { path, imports } of CODE.filter((one) => COMMON.has(one.path))) {
			assert.deepEqual(
				imports.filter(({ to, typeOnly }) => room(to) >= 0 && !typeOnly),
				[],
				path,
			);
		}
	});

	it('has no module that imports itself by way of others', () => {
		const byPath = new Map(CODE.map((one) => [one.path, one]));
		const done = new Set<string>();
		const visit = (path: string, trail: readonly string[]): void => {
			assert.ok(!trail.includes(path), [...trail, path].join(' -> '));
			if (done.has(path)) return;
			for (const { to, typeOnly } of byPath.get(path)?.imports ?? []) {
				if (!typeOnly) visit(to, [...trail, path]);
			}
			done.add(path);
		};
		for (const { path } of CODE) visit(path, []);
	});

	it('keeps modules under 400 lines, each with a head comment', () => {
		const long = CODE.map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`).filter(
			(line) => Number(line.split(': ')[1]) > 400,
		);
		assert.deepEqual(long, []);
		const bare = CODE.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text));
		assert.deepEqual(
			bare.map(({ path }) => path),
			[],
		);
	});

	it('touches the process in the programs only', () => {
		const touching = CODE.filter(
			({ path, text, code }) => touchesProcess(text, code) && !PROGRAMS.has(path),
		);
		assert.deepEqual(
			touching.map(({ path }) => path),
			[],
		);
	});

	it('prints nothing and ends nothing in the library', () => {
		const loud = CODE.filter(
			({ path, code }) =>
				!path.startsWith('cli/') && /\bconsole\s*\.|process\s*\.\s*exit/.test(code),
		);
		assert.deepEqual(
			loud.map(({ path }) => path),
			[],
		);
	});

	it('loads ink only in the terminal app', () => {
		const loading = CODE.filter(({ text }) => /from '(?:ink|react)'/.test(text));
		assert.ok(loading.length > 0);
		assert.deepEqual(
			loading.filter(({ path }) => !path.startsWith('cli/app/')).map(({ path }) => path),
			[],
		);
		const asking = CODE.filter(({ path, imports }) => {
			const outside = !path.startsWith('cli/app/') && path !== 'cli/app.ts';
			return outside && imports.some(({ to }) => to === 'cli/app.ts' || to.startsWith('cli/app/'));
		});
		assert.deepEqual(
			asking.map(({ path }) => path),
			['cli/app-worker.ts', 'cli/main.cts'],
		);
	});

	it('knows no driver by name', () => {
		const named = CODE.filter(
			({ path, text }) => path.startsWith('src/') && /ipmmu|195d6e93|31912997/i.test(text),
		);
		assert.deepEqual(
			named.map(({ path }) => path),
			[],
		);
	});
});

/** Types of a later room may be named within the library, never those of the terminal: they cost nothing at run time. */
function isType(typeOnly: boolean, to: string): boolean {
	return typeOnly && !to.startsWith('cli/');
}

/** True when code uses the global of that name, and not a variable of its own. */
function touchesProcess(text: string, code: string): boolean {
	if (/'(?:node:)?process'/.test(text)) return true;
	return /(?<![\w.#])process\s*[.[]/.test(code) && !/\b(?:const|let) process\b/.test(code);
}
