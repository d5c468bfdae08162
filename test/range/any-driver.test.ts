/** Patches to drivers of no modelled subsystem, on a clone that is made here: what registers them is all that is known. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'mocha';
import { createEngine } from '../../cli/adapter.ts';
import type { Engine } from '../../cli/engine.ts';
import { type RangeReport, rangeReport, stylesReport } from '../../src/range/report.ts';
import { LINUX } from '../driver/generic-fixtures.ts';
import { asked, progress } from './asked.ts';

const PATH = 'drivers/frob/acme.c';
/** Built by either of two symbols, one for each architecture. */
const BOTH = 'drivers/frob/both.c';

const DRIVER = `#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/frob.h>
#include "acme.h"

static int acme_start(struct platform_device *pdev)
{
	frob_enable(pdev, 1);
	return 0;
}

static int acme_probe(struct platform_device *pdev)
{
	return acme_start(pdev);
}

static struct platform_driver acme_driver = {
	.driver = { .name = "acme" },
	.probe = acme_probe,
};
module_platform_driver(acme_driver);
`;

/** A tree; frob_settle() comes with the second release. */
function tree(settles: boolean): Record<string, string> {
	return {
		...LINUX,
		'include/linux/frob.h': `/* frob_disable() was taken away */\nvoid frob_enable(struct platform_device *, int);\n${settles ? 'void frob_settle(struct platform_device *);\n' : ''}`,
		'drivers/Makefile': 'obj-y += frob/\n',
		'drivers/frob/Makefile':
			'obj-$(CONFIG_FROB_ACME) += acme.o\nobj-$(CONFIG_FROB_ONE) += one.o both.o\nobj-$(CONFIG_FROB_TWO) += two.o both.o\n',
		'drivers/frob/Kconfig':
			'config FROB_ACME\n\ttristate "Acme"\n\tdepends on BLUE\n\nconfig FROB_ONE\n\tbool "One"\n\tdepends on BLUE\n\nconfig FROB_TWO\n\tbool "Two"\n\tdepends on RED\n',
		[BOTH]: DRIVER,
		'drivers/frob/acme.h': '#define ACME_SPEED 1\n',
		[PATH]: DRIVER,
		'arch/blue/Kconfig': 'config BLUE\n\tdef_bool y\n',
		'arch/red/Kconfig': 'config RED\n\tdef_bool y\n',
	};
}

const ENV = {
	...process.env,
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_AUTHOR_NAME: 'A',
	GIT_AUTHOR_EMAIL: 'a@example.org',
	GIT_COMMITTER_NAME: 'A',
	GIT_COMMITTER_EMAIL: 'a@example.org',
};

let folder = '';

function git(...args: string[]): string {
	return execFileSync('git', args, { cwd: folder, env: ENV, encoding: 'utf8' });
}

function write(files: Record<string, string>): void {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(join(folder, dirname(path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
}

function release(tag: string, files: Record<string, string>): void {
	write(files);
	git('add', '-A');
	git('commit', '-q', '-m', tag);
	git('tag', tag);
}

/** A mail that changes files of the newest release. */
function mail(subject: string, changed: Record<string, string>): string {
	write(changed);
	const diff = git('diff');
	git('checkout', '-q', '.');
	return `From: A User <a@example.org>\nSubject: [PATCH] ${subject}\n\n---\n${diff}`;
}

describe('a patch to any driver', () => {
	let engine: Engine;
	const judged = async (text: string, change = {}): Promise<RangeReport> => {
		const world = { cwd: folder, env: process.env, stdin: Readable.from([text]) };
		engine = createEngine(world);
		const report = await engine.range(asked({ input: '-', repo: folder, ...change }));
		return rangeReport.parse(report);
	};
	const verdicts = (report: RangeReport): string[] =>
		report.releases.map(({ release, placement, verdict, bug, byConfig }) => {
			const codes = byConfig.flatMap(({ built, reasons }) => (built ? reasons : []));
			const code = codes.map((one) => one.code).join(' ');
			return `${release} ${placement.result} ${verdict} ${bug} ${code}`;
		});
	const changed = (from: string, to: string): Record<string, string> => {
		assert.ok(DRIVER.includes(from));
		return { [PATH]: DRIVER.replace(from, to) };
	};

	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-any-'));
		git('init', '-q');
		release('v4.1', tree(false));
		release('v4.2', tree(true));
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('is safe where it lands and no rule objects, and the bug it mends is not known', async () => {
		const report = await judged(mail('a', changed('enable(pdev, 1)', 'enable(pdev, ACME_SPEED)')));
		assert.deepEqual(verdicts(report), [
			'v4.1 exact safe unknown rules-met',
			'v4.2 exact safe unknown rules-met',
		]);
		assert.deepEqual(report.rules, [
			'names-exist',
			'keeps-registering',
			'registers-as-before',
			'registers-once',
			'unregisters-as-before',
		]);
		assert.deepEqual(
			report.configs.map(({ name }) => name),
			['blue'],
		);
		assert.deepEqual(report.releases[0]?.byConfig[0]?.style, {
			before: ['initcall@device'],
			after: ['initcall@device'],
		});
	});

	it('is built by any of the symbols that a Makefile has its file under', async () => {
		const patch = mail('a', { [BOTH]: DRIVER.replace('1);', 'ACME_SPEED);') });
		const report = await judged(patch);
		assert.deepEqual(
			report.configs.map(({ name }) => name),
			['red', 'blue'],
		);
		assert.deepEqual(verdicts(report), [
			'v4.1 exact safe unknown rules-met rules-met',
			'v4.2 exact safe unknown rules-met rules-met',
		]);
		const under = async (config: string): Promise<string[]> => {
			const path = join(folder, '.git', 'a.config');
			writeFileSync(path, config);
			return verdicts(await judged(patch, { config: path }));
		};
		const built = ['v4.1 exact safe unknown rules-met', 'v4.2 exact safe unknown rules-met'];
		assert.deepEqual(await under('CONFIG_BLUE=y\nCONFIG_FROB_ONE=y\n'), built);
		assert.deepEqual(await under('CONFIG_RED=y\nCONFIG_FROB_TWO=y\n'), built);
		assert.deepEqual(await under('CONFIG_RED=y\n'), [
			'v4.1 exact not-built absent ',
			'v4.2 exact not-built absent ',
		]);
	});

	it('is unsafe where what it calls is in no header, and unknown names are not judged', async () => {
		const settle = mail('b', changed('1);\n', '1);\n\tfrob_settle(pdev);\n'));
		const report = await judged(settle);
		assert.deepEqual(verdicts(report), [
			'v4.1 exact unsafe unknown symbol-missing',
			'v4.2 exact safe unknown rules-met',
		]);
		assert.match(
			report.releases[0]?.byConfig[0]?.reasons[0]?.text ?? '',
			/frob_settle\(\) .*include\/linux\/frob\.h:3/,
		);
		// In a comment only: nobody can say where it is made.
		const gone = mail('c', changed('1);\n', '1);\n\tfrob_disable(pdev);\n'));
		const [first] = (await judged(gone)).releases;
		assert.equal(first?.verdict, 'safe');
		assert.match(
			first?.byConfig[0]?.reasons[0]?.text ?? '',
			/checked: keeps-registering, registers-as-before, registers-once, unregisters-as-before; not names-exist, for frob_disable/,
		);
	});

	it('is unsafe when nothing registers the driver any more', async () => {
		const report = await judged(mail('d', changed('module_platform_driver(acme_driver);\n', '')));
		assert.ok(verdicts(report).every((one) => one.endsWith('unsafe unknown registers-no-more')));
	});

	it('is unknown when it moves the registration, or hands it to a macro that nobody defines', async () => {
		const by = 'module_platform_driver(acme_driver);';
		const init =
			'static int __init go(void)\n{\n\treturn platform_driver_register(&acme_driver);\n}\nsubsys_initcall(go);';
		const moved = await judged(mail('e', changed(by, init)));
		assert.ok(verdicts(moved).every((one) => one.endsWith('unknown unknown registration-moves')));
		assert.deepEqual(
			moved.effect.map(({ bus, before, after }) => [bus, before, after]),
			[['platform', 'initcall@device', 'initcall@subsys']],
		);
		const handed = await judged(mail('f', changed(by, 'frob_module(acme_driver);')));
		assert.ok(verdicts(handed).every((one) => one.endsWith('unknown unknown registers-fewer')));
	});

	it('says that it cannot tell what becomes of a registration that it cannot read', async () => {
		const text = DRIVER.replace('module_platform_driver', 'frob_module');
		release('v4.3', { [PATH]: text });
		const patch = mail('k', { [PATH]: text.replace(', 1)', ', 2)') });
		const last = (await judged(patch)).releases.at(-1)?.byConfig[0];
		assert.deepEqual(last?.style.before, ['unknown']);
		assert.match(last?.reasons[0]?.text ?? '', /not keeps-registering, for frob_module/);
		git('tag', '-d', 'v4.3');
		git('reset', '-q', '--hard', 'v4.2');
	});

	it('may change a header of the driver; one of the framework is not judged', async () => {
		const own = await judged(mail('g', { 'drivers/frob/acme.h': '#define ACME_SPEED 2\n' }));
		assert.deepEqual(
			own.releases.map(({ verdict }) => verdict),
			['safe', 'safe'],
		);
		const framework = { 'include/linux/frob.h': `${tree(true)['include/linux/frob.h']}int x;\n` };
		const both = await judged(mail('h', { ...framework, ...changed(', 1)', ', 2)') }));
		assert.ok(verdicts(both).every((one) => one.endsWith('unknown unknown no-driver')));
	});

	it('is judged on top of the patches before it in a series', async () => {
		const first = mail('[1/2] i', changed('enable(pdev, 1)', 'enable(pdev, 2)'));
		const second = mail(
			'[2/2] j',
			changed('return acme_start(pdev)', 'return acme_start(pdev) ? 1 : 0'),
		);
		const mbox = [first, second].map((one, i) => {
			const numbered = one.replace('[PATCH] [', `[PATCH `).replace(/\/2\] /, '/2] ');
			return `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\nMessage-ID: <${i}@example.org>\n${numbered}\n`;
		});
		const world = { cwd: folder, env: process.env, stdin: Readable.from([mbox.join('')]) };
		const reports = await createEngine(world).ranges(asked({ input: '-', repo: folder }));
		assert.deepEqual(
			reports.map(({ releases }) => releases.map(({ verdict }) => verdict)),
			[
				['safe', 'safe'],
				['safe', 'safe'],
			],
		);
	});

	it('is of every driver that includes the source it changes', async () => {
		const part = 'drivers/frob/part.c';
		release('v4.3', {
			'drivers/frob/Makefile':
				'obj-$(CONFIG_FROB_ACME) += acme.o\nobj-$(CONFIG_FROB_ONE) += one.o\nobj-$(CONFIG_FROB_TWO) += two.o\n',
			'drivers/frob/one.c': '#include "part.c"\n',
			'drivers/frob/two.c': '#include "part.c"\n',
			[part]: DRIVER,
		});
		try {
			const late = DRIVER.replace('module_platform_driver(acme_driver);\n', '');
			const report = await judged(mail('a', { [part]: late }), { releases: ['v4.3'] });
			assert.deepEqual(verdicts(report), [
				'v4.3 exact unsafe unknown registers-no-more registers-no-more',
			]);
			assert.deepEqual(
				report.configs.map(({ name }) => name),
				['blue', 'red'],
			);
			assert.equal(report.releases[0]?.siblings, undefined);
			const options = { paths: [part], repo: folder, release: ['v4.3'], progress };
			const found = await engine.styles(options);
			assert.deepEqual(
				found.drivers.map(({ driver, releases }) => [
					driver,
					...releases.map(({ style }) => style),
				]),
				[
					['one', 'initcall@device'],
					['two', 'initcall@device'],
				],
			);
		} finally {
			git('tag', '-d', 'v4.3');
			git('reset', '-q', '--hard', 'v4.2');
		}
	});

	it('has styles, with what the tree offers', async () => {
		const env = { ...process.env, RANGEFINDER_CACHE: join(folder, '.git', 'cache') };
		const world = { cwd: folder, env, stdin: Readable.from([]) };
		const options = { paths: ['./drivers/frob/'], repo: folder, release: [], progress };
		const report = await createEngine(world).styles(options);
		const again = await createEngine(world).styles(options);
		assert.deepEqual(again, report);
		stylesReport.parse(report);
		assert.deepEqual(
			report.drivers.map(({ driver, releases }) => [driver, ...releases.map(({ style }) => style)]),
			[
				['acme', 'initcall@device', 'initcall@device'],
				['both', 'initcall@device', 'initcall@device'],
			],
		);
		assert.equal(
			report.capabilities.find(({ capability }) => capability === 'initcalls')?.value,
			true,
		);
	});
});
