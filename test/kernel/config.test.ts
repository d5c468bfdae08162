import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { evaluate, parseCondition } from '../../src/kernel/condition.ts';
import type { KconfigModel, ModelOptions } from '../../src/kernel/config.ts';
import {
	architectures,
	assignmentOf,
	canBuild,
	canBuildTogether,
	configurationFromDotConfig,
	deriveConfigurations,
	kconfigFilesNeeded,
	kconfigModel,
	kconfigRoots,
	ofArchitecture,
} from '../../src/kernel/config.ts';
import { parseKconfig } from '../../src/kernel/kconfig.ts';

const read = (files: Record<string, string>) =>
	Object.entries(files).map(([path, text]) => parseKconfig(text, path));
const model = (files: Record<string, string>, options?: ModelOptions): KconfigModel =>
	kconfigModel(read(files), options);

/** Two architectures; the 64-bit one brings WIDGET_DMA along, on the other a driver may. */
const ARCHS = {
	'arch/blue/Kconfig': [
		'config BLUE',
		'	def_bool y',
		'	select HAS_FOO',
		'source "arch/blue/mach-sea/Kconfig"',
	].join('\n'),
	'arch/blue/mach-sea/Kconfig': 'config ARCH_SEA\n\tbool "Sea"\n',
	'arch/blue64/Kconfig': [
		'config MMU',
		'	def_bool y',
		'config BLUE64',
		'	bool',
		'	default y',
		'	select WIDGET_DMA if WIDGETS',
		'config ARCH_SEA',
		'	bool "Sea"',
	].join('\n'),
	'arch/superred/Kconfig': [
		'config STACK_GROWS',
		'	def_bool y',
		'config SRED',
		'	def_bool y',
		'	select HAS_FOO',
	].join('\n'),
};

const widgets = (...driver: string[]) =>
	[
		'menuconfig WIDGETS',
		'	bool "Widgets"',
		'if WIDGETS',
		'config WIDGET_DMA',
		'	bool',
		'config SEA_WIDGET',
		'	bool "Sea widget"',
		...driver,
		'config OTHER_WIDGET',
		'	bool "Other widget"',
		'	depends on BLUE',
		'	select WIDGET_DMA',
		'endif',
	].join('\n');

const OLD = model({
	...ARCHS,
	'drivers/widget/Kconfig': widgets('	depends on BLUE && ARCH_SEA'),
});
const NEW = model({
	...ARCHS,
	'drivers/widget/Kconfig': widgets('	depends on BLUE || WIDGET_DMA', '	depends on ARCH_SEA'),
});

describe('the architectures of a tree', () => {
	it('are named by the symbol their Kconfig makes y without asking', () => {
		assert.deepEqual(architectures(OLD), [
			{ name: 'blue', symbol: 'BLUE' },
			{ name: 'blue64', symbol: 'BLUE64' },
			{ name: 'superred', symbol: 'SRED' },
		]);
	});
});

describe('what can be built', () => {
	it('hangs on the architecture, and on what only other architectures define', () => {
		assert.equal(canBuild(OLD, 'blue', 'SEA_WIDGET'), 'yes');
		assert.equal(canBuild(OLD, 'blue64', 'SEA_WIDGET'), 'no');
		assert.equal(canBuild(NEW, 'blue64', 'SEA_WIDGET'), 'yes');
		assert.equal(canBuild(NEW, 'superred', 'SEA_WIDGET'), 'no');
	});

	it('takes a symbol without prompt only where something selects it', () => {
		assert.equal(canBuild(NEW, 'blue64', 'SEA_WIDGET', { WIDGET_DMA: 'n' }), 'no');
		assert.equal(canBuild(NEW, 'blue', 'SEA_WIDGET', { WIDGET_DMA: 'y' }), 'yes');
		assert.equal(canBuild(NEW, 'blue', 'SEA_WIDGET', { WIDGET_DMA: 'y', OTHER_WIDGET: 'n' }), 'no');
		assert.equal(canBuildTogether(NEW, 'blue', ['SEA_WIDGET', 'OTHER_WIDGET']), 'yes');
		assert.equal(canBuild(NEW, 'blue', 'OTHER_WIDGET', { WIDGET_DMA: 'n' }), 'no');
	});

	it('does not count what builds only for a compile test, unless it is asked for', () => {
		const tree = model({
			...ARCHS,
			'drivers/widget/Kconfig': 'config W\n\tbool "W"\n\tdepends on BLUE || COMPILE_TEST\n',
		});
		assert.equal(canBuild(tree, 'superred', 'W'), 'no');
		assert.equal(canBuild(tree, 'superred', 'W', { COMPILE_TEST: 'y' }), 'yes');
	});

	it('does not let a driver select what its architecture may not build', () => {
		const tree = model({
			...ARCHS,
			'drivers/widget/Kconfig': [
				'config W',
				'	bool "W"',
				'	select TABLES',
				'	select ARCH_SEA',
				'config TABLES',
				'	bool "Tables"',
				'	depends on BLUE || BLUE64',
			].join('\n'),
		});
		assert.equal(canBuild(tree, 'blue64', 'W'), 'yes');
		assert.equal(canBuild(tree, 'superred', 'W'), 'no');
	});

	it('follows the conditions of the files that source a file', () => {
		const tree = model({
			...ARCHS,
			'drivers/Kconfig': 'if BLUE64\nsource "drivers/widget/Kconfig"\nendif\n',
			'drivers/widget/Kconfig': 'config W\n\tbool "W"\n',
		});
		assert.equal(canBuild(tree, 'blue', 'W'), 'no');
		assert.equal(canBuild(tree, 'blue64', 'W'), 'yes');
	});

	it('takes one member of a choice', () => {
		const tree = model({
			...ARCHS,
			'drivers/widget/Kconfig': [
				'choice',
				'	prompt "Size"',
				'config SMALL',
				'	bool "small"',
				'config LARGE',
				'	bool "large"',
				'endchoice',
			].join('\n'),
		});
		assert.equal(canBuild(tree, 'blue', 'SMALL'), 'yes');
		assert.equal(canBuildTogether(tree, 'blue', ['SMALL', 'LARGE']), 'no');
	});

	it('leaves symbols of other files free, unless they are known to be nowhere', () => {
		const files = { ...ARCHS, 'drivers/w/Kconfig': 'config W\n\tbool "W"\n\tdepends on GONE\n' };
		assert.equal(canBuild(model(files), 'blue', 'W'), 'yes');
		assert.equal(canBuild(model(files, { knownElsewhere: () => false }), 'blue', 'W'), 'no');
		assert.equal(canBuild(model(files), 'blue', 'NO_SUCH_DRIVER'), 'unknown');
	});

	it('ends on symbols and files that go round in circles', () => {
		const tree = model({
			...ARCHS,
			'drivers/Kconfig': 'source "drivers/Kconfig"\nsource "drivers/w/Kconfig"\n',
			'drivers/w/Kconfig': [
				'source "drivers/Kconfig"',
				'config A',
				'	bool "A"',
				'	depends on B',
				'	select C',
				'config B',
				'	bool "B"',
				'	depends on A',
				'config C',
				'	bool',
				'	select A',
				'config D',
				'	bool "D"',
				'	depends on A && !A',
			].join('\n'),
		});
		assert.equal(canBuild(tree, 'blue', 'A'), 'yes');
		assert.equal(canBuild(tree, 'blue', 'D'), 'no');
	});
});

describe('the configurations that matter', () => {
	const derive = (models: readonly KconfigModel[], ...atoms: string[]) =>
		deriveConfigurations(models, { symbol: 'SEA_WIDGET', atoms });

	it('are one for each architecture that builds the driver in some release', () => {
		assert.deepEqual(
			derive([OLD, NEW], 'BLUE', 'WIDGET_DMA').map(({ name, when, arch }) => [name, when, arch]),
			[
				['blue', 'BLUE && !WIDGET_DMA', 'blue'],
				['blue64', 'BLUE64 && WIDGET_DMA', 'blue64'],
			],
		);
		assert.deepEqual(
			derive([OLD], 'WIDGET_DMA').map(({ name }) => name),
			['blue'],
		);
	});

	it('carry values that decide the conditions of the facts', () => {
		const [blue, blue64] = derive([OLD, NEW], 'BLUE', 'WIDGET_DMA').map(assignmentOf);
		assert.ok(blue && blue64);
		const condition = parseCondition('BLUE && !WIDGET_DMA && !SRED');
		assert.equal(evaluate(condition, blue), true);
		assert.equal(evaluate(condition, blue64), false);
	});

	it('say when another driver could give a symbol its other value', () => {
		const [blue, blue64] = derive([OLD, NEW], 'WIDGET_DMA');
		assert.deepEqual(blue?.alternatives, [
			{ when: 'BLUE && WIDGET_DMA', because: 'OTHER_WIDGET selects it' },
		]);
		assert.deepEqual(blue64?.alternatives, []);
	});

	it('say when a default that hangs on other options could give it', () => {
		const tree = model({
			...ARCHS,
			'drivers/w/Kconfig': [
				'config SEA_WIDGET',
				'	bool "W"',
				'	depends on BLUE',
				'config SLEEP',
				'	def_bool y',
				'	depends on SUSPEND',
				'config SUSPEND',
				'	bool "Suspend"',
			].join('\n'),
		});
		const [blue] = derive([tree], 'SLEEP');
		assert.equal(blue?.when, 'BLUE && !SLEEP');
		assert.deepEqual(blue?.alternatives, [
			{ when: 'BLUE && SLEEP', because: 'its default may give it' },
		]);
	});

	it('split where the user is free to choose', () => {
		assert.deepEqual(
			derive([OLD], 'OTHER_WIDGET', 'ARCH_SEA').map(({ name, when }) => [name, when]),
			[
				['blue+other_widget', 'BLUE && ARCH_SEA && OTHER_WIDGET'],
				['blue+no-other_widget', 'BLUE && ARCH_SEA && !OTHER_WIDGET'],
			],
		);
	});

	it('are chosen by architecture, and say which there are', () => {
		const all = derive([NEW]);
		assert.deepEqual(
			ofArchitecture(all, 'blue64').map(({ name }) => name),
			['blue64'],
		);
		assert.throws(
			() => ofArchitecture(all, 'superred'),
			(error: unknown) =>
				error instanceof RangefinderError &&
				error.failure.code === 'usage' &&
				error.failure.hint.includes('blue, blue64'),
		);
	});
});

describe('reading Kconfig files of a tree', () => {
	it('begins with the architectures and the folders of the patch', () => {
		const roots = kconfigRoots(['blue'], ['drivers/widget/sea']);
		for (const path of [
			'arch/blue/Kconfig',
			'drivers/Kconfig',
			'drivers/widget/Kconfig',
			'drivers/widget/sea/Kconfig',
		]) {
			assert.ok(roots.includes(path), path);
		}
	});

	it('goes on below arch/ and in the folders of the drivers, until nothing is left', () => {
		const files = read({
			'arch/blue/Kconfig': ARCHS['arch/blue/Kconfig'],
			'arch/superred/Kconfig': `${ARCHS['arch/superred/Kconfig']}\nsource "arch/superred/x/Kconfig"\n`,
			'drivers/Kconfig': 'source "drivers/widget/Kconfig"\nsource "drivers/other/Kconfig"\n',
			'drivers/widget/Kconfig': 'config W\n\tbool "W"\n\tdepends on BLUE && ARCH_SEA\n',
		});
		const wanted = { folders: ['drivers/widget'] };
		const next = ['arch/blue/mach-sea/Kconfig', 'arch/superred/x/Kconfig'];
		assert.deepEqual(kconfigFilesNeeded(files, wanted), next);
		const missing = new Set(next);
		assert.deepEqual(kconfigFilesNeeded(files, { ...wanted, missing }), []);
	});
});

describe('a .config of the user', () => {
	const TEXT = [
		'#',
		'# Linux/blue 4.14.5 Kernel Configuration',
		'#',
		'CONFIG_BLUE=y',
		'CONFIG_WIDGET_DMA=m',
		'# CONFIG_SEA_WIDGET is not set',
		'CONFIG_CMDLINE="a=b # c"',
		'CONFIG_NR=4',
		'',
	];

	it('gives its values, and n to what it does not name', () => {
		const configuration = configurationFromDotConfig(
			TEXT.join('\r\n'),
			'work/.config',
			architectures(OLD),
		);
		assert.equal(configuration.arch, 'blue');
		assert.equal(configuration.when, 'BLUE');
		const values = assignmentOf(configuration);
		assert.equal(evaluate(parseCondition('BLUE && WIDGET_DMA && !SEA_WIDGET'), values), true);
		assert.equal(evaluate(parseCondition('NOT_NAMED'), values), false);
		assert.equal(evaluate(parseCondition('PAGE_SIZE == 4096'), values), 'maybe');
	});

	it('names the line that is none of a .config', () => {
		for (const [line, text] of [
			[5, [...TEXT.slice(0, 4), 'int main(void)'].join('\n')],
			[1, ''],
		] as const) {
			assert.throws(
				() => configurationFromDotConfig(text, 'x.config'),
				(error: unknown) =>
					error instanceof RangefinderError &&
					error.failure.code === 'bad-config' &&
					error.failure.line === line,
			);
		}
	});
});
