/**
 * The package as a program of others uses it: the examples of the documentation are run in a folder where it is
 * linked by its name, its types are read by a compiler, and what it holds is listed by npm.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { SHAPES } from '../../../cli/schemas.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Example {
	readonly from: string;
	readonly code: string;
	/** What it prints, by its comments. */
	readonly prints: string;
}

function example(from: string, code: string): Example {
	const prints = [...code.matchAll(/^\/\/ prints: (.*)$/gm)]
		.map(([, line]) => `${line}\n`)
		.join('');
	return { from, code, prints };
}

/** The examples of docstrings. */
function docstrings(path: string): Example[] {
	return [...read(path).matchAll(/\/\*\*([\s\S]*?)\*\//g)].flatMap(([, comment = '']) =>
		comment
			.replace(/^ \* ?/gm, '')
			.split(/^@example\n/m)
			.slice(1)
			.map((code, i) =>
				example(`${path}, example ${i + 1}: ${/\bimport .*$/m.exec(code)?.[0]}`, code.trim()),
			),
	);
}

/** The blocks of JavaScript in a document. */
function blocks(path: string): Example[] {
	return [...read(path).matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = ''], i) =>
		example(`${path}, block ${i + 1}`, code),
	);
}

const EXAMPLES = [...docstrings('cli/library.ts'), ...blocks('README.md')];

describe('the package', () => {
	let folder = '';
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-package-'));
		mkdirSync(join(folder, 'node_modules'));
		symlinkSync(ROOT, join(folder, 'node_modules', 'rangefinder'));
		writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('has examples in its documentation, all of which say what they print', () => {
		assert.ok(EXAMPLES.length >= 5);
		for (const { from, prints } of EXAMPLES) assert.notEqual(prints, '', from);
	});

	for (const { from, code, prints } of EXAMPLES) {
		it(`does what it says: ${from}`, () => {
			writeFileSync(join(folder, 'example.js'), code);
			const done = spawnSync(process.execPath, ['example.js'], {
				cwd: folder,
				encoding: 'utf8',
				env: { PATH: process.env.PATH, HOME: folder },
			});
			assert.deepEqual([done.status, done.stderr, done.stdout], [0, '', prints]);
		});
	}

	it('has types that a strict compiler takes, and that know the reports', function () {
		this.timeout(180_000);
		const code = [
			"import { type RangeReport, type Verdict, RangefinderError, range, ranges, styles } from 'rangefinder';",
			"import { prepare } from 'rangefinder/engine';",
			"const report: RangeReport = await range('fix.patch', { repo: '/src/linux', archs: ['arm64'] });",
			'const verdicts: Verdict[] = report.releases.map(({ verdict }) => verdict);',
			"const all: RangeReport[] = await ranges(new Uint8Array(), { only: 'placement' });",
			"const { drivers } = await styles(['drivers/iommu']);",
			'console.log(verdicts, all, drivers, RangefinderError, prepare);',
			'// @ts-expect-error a word that is none',
			"await range('fix.patch', { onyl: 'placement' });",
			'// @ts-expect-error a field that no report has',
			'console.log(report.verdicts);',
		].join('\n');
		writeFileSync(join(folder, 'types.mts'), code);
		const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
		const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023'];
		const types = [
			'--module',
			'nodenext',
			'--typeRoots',
			join(ROOT, 'node_modules/@types'),
			'--types',
			'node',
		];
		const argv = [tsc, ...options, ...types, 'types.mts'];
		const done = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' });
		assert.equal(done.stdout, '');
		assert.equal(done.status, 0);
	});

	it('holds the program, the library with its types, every schema and the index', () => {
		const npm = ['pack', '--dry-run', '--json', '--ignore-scripts'];
		const [packed] = JSON.parse(
			execFileSync('npm', npm, {
				cwd: ROOT,
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			}),
		);
		const files = new Set(packed.files.map(({ path }: { path: string }) => path));
		const { bin, exports } = JSON.parse(read('package.json'));
		const wanted = [
			...Object.values<string>(bin),
			...[exports['.'], exports['./engine']].flatMap((one) => Object.values<string>(one)),
			...Object.keys(SHAPES).map((name) => `dist/schema/${name}.schema.json`),
			'dist/src/range/report.d.ts',
			'cache/kernels.rfx',
			'LICENSE',
			'README.md',
		].map((path) => path.replace(/^\.\//, ''));
		assert.deepEqual(
			wanted.filter((path) => !files.has(path)),
			[],
		);
		const sources = [...files].filter(
			(path) => /^(?:src|cli|test)\/|\.tsx?$/.test(String(path)) && !/\.d\.ts$/.test(String(path)),
		);
		assert.deepEqual(sources, []);
	});

	it('lets schemas be imported by name', () => {
		const code =
			"import { createRequire } from 'node:module'; console.log(createRequire(import.meta.url)('rangefinder/schema/range.schema.json').properties.schema.const);";
		writeFileSync(join(folder, 'schema.js'), code);
		const said = execFileSync(process.execPath, ['schema.js'], { cwd: folder, encoding: 'utf8' });
		assert.equal(said, 'rangefinder.range/1\n');
	});
});
