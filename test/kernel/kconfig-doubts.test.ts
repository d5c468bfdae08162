/** Trees whose Kconfig kconfig itself would refuse get no answer, and the reason. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { kconfigModel } from '../../src/kernel/config.ts';
import { parseKconfig } from '../../src/kernel/kconfig.ts';
import { kconfigDoubt } from '../../src/kernel/kconfig-doubts.ts';

function doubt(files: Record<string, string>, symbol = 'SEA'): string | undefined {
	const all = { 'arch/blue/Kconfig': 'config BLUE\n\tdef_bool y\n', ...files };
	const parsed = Object.entries(all).map(([path, text]) => parseKconfig(text, path));
	return kconfigDoubt(parsed, kconfigModel(parsed), symbol, 'blue');
}

const PATH = 'drivers/sea/Kconfig';

describe('doubts about Kconfig', () => {
	it('are none where symbols and files form no circle', () => {
		const text =
			'config SEA\n\tbool "Sea"\n\tdepends on A && B\nconfig A\n\tbool\n\tdepends on B\nconfig B\n\tbool\n';
		assert.equal(doubt({ [PATH]: text, 'drivers/Kconfig': `source "${PATH}"\n` }), undefined);
	});

	it('are there where nobody defines the symbol', () => {
		assert.equal(doubt({}), 'no Kconfig file that was read defines SEA');
	});

	it('are there where files source each other on the way to it', () => {
		const files = {
			[PATH]: 'source "drivers/Kconfig"\nconfig SEA\n\tbool "Sea"\n',
			'drivers/Kconfig': `source "${PATH}"\n`,
		};
		assert.equal(
			doubt(files),
			`Kconfig files source each other: ${PATH} -> drivers/Kconfig -> ${PATH}`,
		);
		const self = { [PATH]: `source "${PATH}"\nconfig SEA\n\tbool "Sea"\n` };
		assert.match(doubt(self) ?? '', /source each other/);
	});

	it('are there where symbols depend on each other', () => {
		const text =
			'config SEA\n\tbool "Sea"\n\tdepends on A\nconfig A\n\tbool "A"\n\tdepends on SEA\n';
		assert.equal(doubt({ [PATH]: text }), 'symbols depend on each other: SEA -> A -> SEA');
	});

	it('take time in proportion to the chain', () => {
		const lines: string[] = [];
		for (let i = 0; i < 20_000; i++)
			lines.push(`config S${i}\n\tbool "S"\n\tdepends on S${i + 1}\n`);
		assert.equal(doubt({ [PATH]: lines.join('') }, 'S0'), undefined);
	});
});
