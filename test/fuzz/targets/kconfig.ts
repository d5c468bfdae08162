/** Kconfig files, the model made of them and questions to it, and the .config of a build. */
import { configurationFromDotConfig } from '../../../src/kernel/config.ts';
import { parseKconfig } from '../../../src/kernel/kconfig.ts';
import { kconfigExpression } from '../../../src/kernel/kconfig-expression.ts';
import { kconfigModel } from '../../../src/kernel/kconfig-model.ts';
import { canBuild } from '../../../src/kernel/kconfig-solver.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** Symbols of an input about which the model is asked. */
const ASKED = 3;

export const kconfig: Target = {
	seeds: [
		'config ACME\n\tbool "Acme"\n\tdepends on ARM64 || COMPILE_TEST\n\tselect IOMMU_API\n\thelp\n\t  Say Y.\n\n\t  Or N.\n',
		'menuconfig ACME_SUPPORT\n\tbool "Support"\n\tdefault y if ARM\n\nif ACME_SUPPORT\nconfig ACME_LEVEL\n\tint "Level"\n\trange 1 9\n\tdefault 3\nendif\n',
		'choice\n\tprompt "Which"\n\tdefault ACME_A\nconfig ACME_A\n\tbool "A"\nconfig ACME_B\n\tbool "B"\n\timply ACME_C\nendchoice\n',
		'menu "Acme"\n\tdepends on HAS_IOMEM && (PCI || !MMU)\nsource "drivers/acme/Kconfig"\nrsource "x/Kconfig"\nendmenu\ncomment "none"\n\tdepends on n\n',
		'config A\n\ttristate\n\tdef_tristate m if B = y && C != "x"\n\tdefault "$(shell,echo y)"\n\tvisible if D\n\tmodules\n',
		'config ARM64\n\tdef_bool y\n\tselect HAS_MUCH if !LESS\nconfig HAS_MUCH\n\tbool\nconfig LESS\n\tbool\n\tdefault HAS_MUCH < 4\n',
		'# Linux/arm64 4.14.0 Kernel Configuration\nCONFIG_ARM64=y\nCONFIG_ACME=m\n# CONFIG_PCI is not set\nCONFIG_NAME="x y"\nCONFIG_N=0x10\n',
	],
	vocabulary: {
		words: [
			...[
				'config ',
				'menuconfig ',
				'bool',
				'tristate',
				'int',
				'hex',
				'string',
				'prompt ',
				'def_bool ',
			],
			...[
				'depends on ',
				'select ',
				'imply ',
				'default ',
				'range ',
				'visible if ',
				'help\n',
				'---help---\n',
			],
			...['if ', 'endif\n', 'menu "m"\n', 'endmenu\n', 'choice\n', 'endchoice\n', 'comment "c"\n'],
			...[
				'source "a/Kconfig"\n',
				'osource ',
				'mainmenu ',
				'&&',
				'||',
				'!',
				'(',
				')',
				'=',
				'!=',
				'<',
				'>=',
			],
			...['y', 'm', 'n', '"', '$(X)', '\\\n', '\t', 'A', 'B', 'ARM64', 'COMPILE_TEST', '__proto__'],
			...['config A\n\tbool\n\tselect B\n', 'config B\n\tbool\n\tselect A\n\tdepends on !A\n'],
			...['constructor', 'CONFIG_A=y\n', '# CONFIG_B is not set\n'],
		],
		pairs: [
			['(', ')'],
			['!', ''],
			['!(', ')'],
			['A && (B || ', ')'],
			['if A\n', 'endif\n'],
			['menu "x"\n', 'endmenu\n'],
			['choice\n', 'endchoice\n'],
			['$(', ')'],
		],
	},
	generate: (random) => {
		const configs = Array.from({ length: 1 + random.below(8) }, () => config(random));
		return configs.join('');
	},
	run: (input) => {
		const text = Buffer.from(input).toString();
		const facts = parseKconfig(text, 'arch/arm64/Kconfig');
		JSON.stringify(facts);
		const model = kconfigModel([facts]);
		for (const { name } of facts.symbols.slice(0, ASKED)) canBuild(model, 'arm64', name);
		kconfigExpression(text.slice(0, 4096));
		configurationFromDotConfig(text, '.config', model.architectures);
	},
};

const NAMES = ['A', 'B', 'C', 'D', 'ARM64', 'y', 'n', 'E'];

function config(random: Random): string {
	const name = random.pick(NAMES.slice(0, 5));
	const out = [
		`config ${name}`,
		`\t${random.pick(['bool', 'tristate', 'bool "x"', 'def_bool y'])}`,
	];
	for (let more = random.below(4); more > 0; more--) {
		const word = random.pick(['depends on', 'select', 'imply', 'default y if', 'select B if']);
		const target = word === 'select' || word === 'imply';
		out.push(`\t${word} ${target ? random.pick(NAMES.slice(0, 4)) : expression(random, 0)}`);
	}
	return `${out.join('\n')}\n`;
}

function expression(random: Random, depth: number): string {
	if (depth > 4 || random.chance(0.4)) return random.pick(NAMES);
	const inner = (): string => expression(random, depth + 1);
	if (random.chance(0.2)) return `!${inner()}`;
	if (random.chance(0.3)) return `(${inner()})`;
	return `${inner()} ${random.pick(['&&', '||', '=', '!='])} ${inner()}`;
}
