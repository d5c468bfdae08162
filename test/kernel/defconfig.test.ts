/** Which defconfigs build a symbol: by a line, because Kconfig gives it, or perhaps. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { kconfigModel } from '../../src/kernel/config.ts';
import { defconfigUses, isDefconfig, parseDefconfig } from '../../src/kernel/defconfig.ts';
import { parseKconfig } from '../../src/kernel/kconfig.ts';

const MODEL = kconfigModel([
	parseKconfig('config BLUE\n\tdef_bool y\n', 'arch/blue/Kconfig'),
	parseKconfig(
		[
			'config PLAIN\n\ttristate "Plain"',
			'config SEA\n\tbool "Sea"\n\tselect CHOSEN',
			'config CHOSEN\n\tbool "Chosen"',
			'config USUAL\n\tbool "Usual"\n\tdefault y',
			'config FORCED\n\tdef_bool y\n\tdepends on SEA',
			'config ELSEWHERE\n\tbool "Elsewhere"\n\tdepends on RED',
		].join('\n'),
		'drivers/sea/Kconfig',
	),
	parseKconfig('config RED\n\tdef_bool y\n', 'arch/red/Kconfig'),
]);

function uses(text: string, ...symbols: string[]) {
	const path = 'arch/blue/configs/a_defconfig';
	return defconfigUses([parseDefconfig(text, path)], symbols, MODEL, 'blue').map(
		({ symbol, builtIn, module, implied, open, example }) =>
			`${symbol} ${builtIn}${module}${implied}${open} ${example?.line ?? ''}`,
	);
}

describe('defconfigs', () => {
	it('build what a line says, in or as a module', () => {
		assert.deepEqual(uses('CONFIG_SEA=y\n\nCONFIG_PLAIN=m\r\n', 'PLAIN', 'SEA'), [
			'PLAIN 0100 3',
			'SEA 1000 1',
		]);
		assert.deepEqual(uses('# CONFIG_PLAIN is not set\nCONFIG_SEA=n\n', 'PLAIN', 'SEA'), []);
	});

	it('do not build what this architecture cannot, whatever the line says', () => {
		assert.deepEqual(uses('CONFIG_ELSEWHERE=y\n', 'ELSEWHERE'), []);
	});

	it('leave out what only a user could set', () => {
		assert.deepEqual(uses('', 'PLAIN', 'SEA'), []);
	});

	it('imply what is selected, or has a default that nobody is asked about', () => {
		assert.deepEqual(uses('CONFIG_SEA=y\n', 'CHOSEN', 'FORCED'), [
			'CHOSEN 0010 1',
			'FORCED 0010 1',
		]);
	});

	it('say that a default or a select may give it where the defconfig leaves that open', () => {
		assert.deepEqual(uses('', 'CHOSEN', 'USUAL'), ['CHOSEN 0001 ', 'USUAL 0001 ']);
		assert.deepEqual(uses('# CONFIG_USUAL is not set\n', 'USUAL'), []);
	});

	it('are no fragments, and take any text', () => {
		assert.equal(isDefconfig('arch/arm/configs/multi_v7_defconfig'), true);
		assert.equal(isDefconfig('arch/arm64/configs/defconfig'), true);
		assert.equal(isDefconfig('arch/powerpc/configs/83xx/asp8347_defconfig'), true);
		assert.equal(isDefconfig('arch/x86/configs/xen.config'), false);
		assert.equal(isDefconfig('arch/arm/configs/../x'), false);
		const odd = parseDefconfig('\0CONFIG_A=y\nCONFIG_B=y y\nCONFIG_C="y"\nCONFIG_=y\n', 'x');
		assert.equal(odd.values.size, 0);
		assert.equal(parseDefconfig('CONFIG_A=y'.repeat(100_000), 'x').values.size, 0);
	});
});
