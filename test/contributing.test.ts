/**
 * The worked examples of CONTRIBUTING.md, done in a copy of the sources: its files are written, its
 * diffs applied, its commands run.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { parseDiff } from '../src/patch/diff.ts';
import { TextInterner } from '../src/patch/lines.ts';
import { applyPlacement, placeFile } from '../src/patch/placement.ts';
import { internHunks } from '../src/patch/search.ts';
import { repositoryOf } from './git/tree-repository.ts';
import { makeMiniatureKernel } from './kernel/miniature.ts';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const TEXT = readFileSync(join(HERE, 'CONTRIBUTING.md'), 'utf8');
const TSX = import.meta.resolve('tsx');

/** A driver that takes the place of cpufreq in probe, and one that does so late. */
const DRIVER = `#include <linux/cpufreq.h>

static struct cpufreq_driver acme_cpufreq_driver = {
	.name = "acme",
};

static int acme_probe(struct platform_device *pdev)
{
	return cpufreq_register_driver(&acme_cpufreq_driver);
}

static struct platform_driver acme_platform_driver = {
	.probe = acme_probe,
};
module_platform_driver(acme_platform_driver);
`;

const LATE = `static int __init late_init(void)
{
	return cpufreq_register_driver(&late_driver);
}
late_initcall(late_init);
`;

const TREE = {
	Makefile: 'VERSION = 4\n\ndrivers-y := drivers/\n',
	Kconfig: 'source "drivers/cpufreq/Kconfig"\n',
	'arch/arm/Kconfig': 'config ARM\n\tdef_bool y\n\nsource "drivers/cpufreq/Kconfig"\n',
	'drivers/Makefile': 'obj-y += cpufreq/\n',
	'drivers/cpufreq/Kconfig':
		'config ACME_CPUFREQ\n\tbool "Acme"\n\nconfig LATE_CPUFREQ\n\tbool "Late"\n',
	'drivers/cpufreq/Makefile':
		'obj-$(CONFIG_ACME_CPUFREQ) += acme-cpufreq.o\nobj-$(CONFIG_LATE_CPUFREQ) += late-cpufreq.o\n',
	'drivers/cpufreq/acme-cpufreq.c': DRIVER,
	'drivers/cpufreq/late-cpufreq.c': LATE,
};

/** The code blocks of a language, in order. */
function blocks(language: string): string[] {
	const fence = '`'.repeat(3);
	return [...TEXT.matchAll(new RegExp(`^${fence}${language}\\n([\\s\\S]*?)^${fence}$`, 'gm'))].map(
		([, text = '']) => text,
	);
}

/** The files that the text names before their blocks: path and contents. */
function files(): [string, string][] {
	return [...TEXT.matchAll(/^`([\w./-]+\.ts)`\n\n```ts\n([\s\S]*?)^```$/gm)].map(
		([, path = '', text = '']) => [path, text],
	);
}

describe('CONTRIBUTING.md', function () {
	// Programs are started, and types are checked: minutes, on a machine that has other work.
	this.timeout(600_000);
	const work = mkdtempSync(join(tmpdir(), 'rangefinder-contributing-'));
	const copy = join(work, 'copy');
	const run = (command: string, args: readonly string[], more: Record<string, string> = {}) => {
		const env = { ...process.env, RANGEFINDER_CACHE: join(work, 'cache'), ...more };
		const done = spawnSync(command, args, { cwd: copy, env, encoding: 'utf8' });
		assert.equal(done.status, 0, `${command} ${args.join(' ')}\n${done.stdout}${done.stderr}`);
		return done.stdout;
	};
	const rangefinder = (...args: string[]) =>
		run(process.execPath, ['--import', TSX, join(copy, 'cli/main.cts'), ...args]);

	before(() => {
		for (const name of [
			'src',
			'cli',
			'cache',
			'test',
			'package.json',
			'tsconfig.json',
			'.biome.json',
		]) {
			cpSync(join(HERE, name), join(copy, name), { recursive: true });
		}
		symlinkSync(join(HERE, 'node_modules'), join(copy, 'node_modules'));
		for (const [path, text] of files()) {
			mkdirSync(dirname(join(copy, path)), { recursive: true });
			writeFileSync(join(copy, path), text);
		}
	});
	after(() => rmSync(work, { recursive: true, force: true }));

	it('has diffs that apply to the sources', () => {
		const diffs = blocks('diff');
		assert.equal(diffs.length, 4);
		for (const diff of diffs) {
			const [file] = parseDiff(diff.trimEnd().split('\n'), 'CONTRIBUTING.md').files;
			assert.ok(file?.newPath !== undefined);
			const path = join(copy, file.newPath);
			const interner = new TextInterner();
			const text = readFileSync(path, 'utf8');
			const hunks = internHunks(interner, file.hunks);
			const { isNew, isDeleted } = file;
			const placed = placeFile(interner.lines(text), { isNew, isDeleted, hunks }, undefined);
			assert.match(placed.result, /^(?:exact|offset|fuzz)$/, `${file.newPath}: ${placed.result}`);
			writeFileSync(path, applyPlacement(text, placed) ?? assert.fail(file.newPath));
		}
	});

	it('has code that lint and types accept', () => {
		const paths = files().map(([path]) => path);
		assert.ok(paths.length >= 5);
		const bin = join(HERE, 'node_modules/.bin');
		run(join(bin, 'biome'), ['check', '--vcs-enabled=false', ...paths]);
		// Only these and what they use: the whole is what npm run types checks.
		const config = { extends: './tsconfig.json', files: paths, include: [] };
		writeFileSync(join(copy, 'tsconfig.examples.json'), JSON.stringify(config));
		run(join(bin, 'tsc'), ['--noEmit', '-p', 'tsconfig.examples.json']);
	});

	it('adds a subsystem whose drivers have a style', async () => {
		const repository = await repositoryOf(TREE, 'v4.14');
		try {
			const words = ['styles', 'drivers/cpufreq', '--repo', repository.dir, '--json'];
			const report = JSON.parse(rangefinder(...words));
			const styles = report.drivers.map(
				(one: { driver: string; releases: { style: string }[] }) => [
					one.driver,
					one.releases[0]?.style,
				],
			);
			assert.deepEqual(styles, [
				['acme-cpufreq', 'probe@device'],
				['late-cpufreq', 'initcall@late'],
			]);
		} finally {
			await repository.remove();
		}
	});

	it('adds a rule that finds what violates it', () => {
		const path = files().find(([name]) => name.endsWith('.test.ts'))?.[0] ?? '';
		const mocha = join(HERE, 'node_modules/mocha/bin/mocha.js');
		const out = run(process.execPath, [
			mocha,
			'--no-package',
			'--require',
			'tsx',
			'--timeout',
			'60000',
			path,
		]);
		assert.match(out, /2 passing/);
	});

	it('adds a release to an index, and a command that names it', async () => {
		const { dir } = await makeMiniatureKernel(work);
		const bin = join(work, 'bin');
		mkdirSync(bin);
		const start = `#!/bin/sh\nexec '${process.execPath}' --import '${TSX}' '${join(copy, 'cli/main.cts')}' "$@"\n`;
		writeFileSync(join(bin, 'rangefinder'), start, { mode: 0o755 });
		const [shell = '', ...more] = blocks('sh');
		assert.deepEqual(more, []);
		const PATH = `${bin}${delimiter}${process.env.PATH ?? ''}`;
		const out = run('sh', ['-e', '-c', shell], { PATH, LADDER: dir, COMMIT: 'v4.10' });
		assert.match(out, /, 0 differences$/m);
		assert.match(out, /^v4\.11 /m);
		const named = rangefinder('releases', '--index', 'releases.rfx').trim().split('\n');
		assert.deepEqual(named.slice(-2), ['v4.10', 'v4.11']);
		assert.match(rangefinder('--help'), /^ {2}releases .*the releases that the index knows$/m);
	});
});
