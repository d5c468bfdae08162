/** Boards, their nodes and their masters, as dtc would see them; test/real/device-trees.ts asks dtc itself. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { includeCandidates } from '../../src/kernel/device-tree-files.ts';
import { pruneDeviceTrees } from '../../src/kernel/device-tree-prune.ts';
import { cpuTaken } from '../cpu.ts';
import { board, boards, DTS, scanDeviceTree, scanned, summary } from './boards.ts';

/** A SoC whose MMU is off until a board turns it on, with a video block behind it. */
const SOC = `/ {
	soc: soc {
		compatible = "simple-bus";
		#address-cells = <1>;
		mmu_vi: mmu@1000 {
			compatible = "acme,soc-mmu", "acme,mmu";
			reg = <0x1000 0x100>;
			#iommu-cells = <1>;
			status = "disabled";
		};
		video: video@2000 {
			compatible = "acme,video";
			iommus = <&mmu_vi 3>;
		};
	};
};
`;

describe('boards', () => {
	it('count a disabled node apart, and its masters', () => {
		const files = { 'soc.dtsi': SOC, 'board.dts': '/dts-v1/;\n#include "soc.dtsi"\n' };
		assert.equal(board(files), 'acme,mmu 0-1 m0-1');
	});

	it('enable a node by its label, by its path in braces, and by naming it again', () => {
		for (const way of [
			'&mmu_vi { status = "okay"; };',
			'&mmu_vi { status = "ok"; };',
			'&mmu_vi { /delete-property/ status; };',
			'&{/soc/mmu@1000} { status = "okay"; };',
			'/ { soc { mmu@1000 { status = "okay"; }; }; };',
			'&soc { mmu@1000 { status = "okay"; }; };',
		]) {
			const files = { 'soc.dtsi': SOC, 'board.dts': `#include "soc.dtsi"\n${way}\n` };
			assert.equal(board(files), 'acme,mmu 1-0 m1-0', way);
		}
	});

	it('take the last value, whatever the file it comes from', () => {
		const files = {
			'soc.dtsi': SOC,
			'on.dtsi': '&mmu_vi { status = "okay"; };',
			'board.dts': '#include "soc.dtsi"\n#include "on.dtsi"\n&mmu_vi { status = "disabled"; };\n',
		};
		assert.equal(board(files), 'acme,mmu 0-1 m0-1');
		const other = '#include "soc.dtsi"\n&mmu_vi { compatible = "other,mmu"; };\n';
		assert.equal(board({ 'soc.dtsi': SOC, 'board.dts': other }), '');
	});

	it('disable what is below a disabled node', () => {
		const files = {
			'soc.dtsi': SOC,
			'board.dts':
				'#include "soc.dtsi"\n&mmu_vi { status = "okay"; };\n&soc { status = "disabled"; };\n',
		};
		assert.equal(board(files), 'acme,mmu 0-1 m0-1');
	});

	it('forget deleted nodes, by label and by name', () => {
		for (const way of ['/delete-node/ &mmu_vi;', '&soc { /delete-node/ mmu@1000; };']) {
			assert.equal(
				board({ 'soc.dtsi': SOC, 'board.dts': `#include "soc.dtsi"\n${way}\n` }),
				'',
				way,
			);
		}
	});

	it('know masters by iommus, iommu-map and mmu-masters, and those that are disabled', () => {
		assert.equal(
			board(`/ {
				mmu: mmu { compatible = "acme,mmu"; mmu-masters = <&dma 1>, <&off 2>; };
				a { iommus = <&mmu 1>, <&mmu 2>; };
				b { iommu-map = <0x0 &mmu 0x0 0x1>; status = "fail"; };
				c { iommus = <&{/mmu} 1>; };
				dma: dma { };
				off: off { status = "disabled"; };
			};`),
			'acme,mmu 1-0 m3-2',
		);
	});

	it('put an include where it stands, inside a node too', () => {
		const files = {
			'mmu.dtsi': 'mmu { compatible = "acme,mmu"; };\nstatus = "disabled";\n',
			'board.dts': '/ { soc {\n/include/ "mmu.dtsi"\n}; };\n',
		};
		assert.equal(board(files), 'acme,mmu 0-1 m0-0');
	});

	it('look for includes as the kernel build does', () => {
		assert.deepEqual(includeCandidates(`${DTS}/acme/board.dts`, 'soc.dtsi', true, 'arm64'), [
			`${DTS}/acme/soc.dtsi`,
			`${DTS}/soc.dtsi`,
			`${DTS}/include/soc.dtsi`,
		]);
		const [, , other] = includeCandidates(`${DTS}/board.dts`, 'arm/soc.dtsi', false, 'arm64');
		assert.equal(other, 'arch/arm/boot/dts/soc.dtsi');
		const up = includeCandidates(
			`${DTS}/a/b.dts`,
			'../../../../arm/boot/dts/c.dtsi',
			true,
			'arm64',
		);
		assert.equal(up[0], 'arch/arm/boot/dts/c.dtsi');
		for (const path of includeCandidates(`${DTS}/b.dts`, '../../../../../../x', true, 'arm64')) {
			assert.match(path, /^arch\//);
		}
	});

	it('read every branch of a conditional, and no comment, string or define', () => {
		assert.equal(
			board(`
				/* mmu0 { compatible = "acme,mmu"; }; */
				// mmu1 { compatible = "acme,mmu"; }; \\
				mmu2 { compatible = "acme,mmu"; };
				/ {
				#ifdef CONFIG_A
					a { compatible = "acme,mmu"; };
				#else
					b { compatible = "acme,mmu"; };
				#endif
					model = "c { compatible = \\"acme,mmu\\"; };";
					#size-cells = <0>;
				};`),
			'acme,mmu 2-0 m0-0',
		);
	});

	it('group nodes by the strings asked for, and boards that are alike', () => {
		const one =
			'/ { m { compatible = "acme,mmu-2", "x", "acme,mmu"; }; n { compatible = "acme,mmu"; }; };';
		const found = boards(
			{ 'a.dts': one, 'b.dts': one, 'c.dts': '/ { };', 'd.dtso': one },
			'acme,mmu',
			'acme,mmu-2',
		);
		assert.equal(found.boards, 4);
		assert.deepEqual(
			found.kinds.map((kind) => [kind.boards, kind.example, summary(kind.nodes)]),
			[[3, `${DTS}/a.dts`, 'acme,mmu 1-0 m0-0; acme,mmu-2,acme,mmu 1-0 m0-0']],
		);
		assert.deepEqual(found.kinds[0]?.nodes[0]?.at, { path: `${DTS}/a.dts`, line: 1 });
	});
});

describe('what a board keeps to itself is said', () => {
	const undecided = (files: Readonly<Record<string, string>>) => {
		const { undecided } = boards(files, 'acme,mmu');
		return [undecided.boards, undecided.first?.why, undecided.first?.line];
	};

	it('an include that is not there, except for headers from elsewhere', () => {
		const files = { 'board.dts': '\n#include "gone.dtsi"\n' };
		assert.deepEqual(undecided(files), [1, 'gone.dtsi is not there', 2]);
		assert.deepEqual(undecided({ 'board.dts': '#include <dt-bindings/x.h>\n' }), [
			0,
			undefined,
			undefined,
		]);
	});

	it('of every board that includes the file, however far around', () => {
		const files = {
			'a.dtsi': '#include "gone.dtsi"\n',
			'b.dtsi': '#include "a.dtsi"\n',
			'x.dts': '#include "b.dtsi"\n',
			'y.dts': '#include "b.dtsi"\n',
			'z.dts': '/ { };',
		};
		assert.deepEqual(undecided(files), [2, 'gone.dtsi is not there', 1]);
	});

	it('files that include each other', () => {
		const files = {
			'a.dtsi': '#include "b.dtsi"\n/ { m { compatible = "acme,mmu"; }; };',
			'b.dtsi': '#include "a.dtsi"\n',
			'board.dts': '#include "a.dtsi"\n',
		};
		assert.deepEqual(undecided(files), [1, 'it includes itself, or too deep', 1]);
	});

	it('a macro that makes such a node, an include by a macro, braces that do not match', () => {
		const macro = { 'board.dts': '#define MMU m { compatible = "acme,mmu"; };\n/ { MMU };\n' };
		assert.deepEqual(undecided(macro), [1, 'a macro defines such a compatible string', 1]);
		assert.deepEqual(undecided({ 'board.dts': '#include NAME\n' })[0], 1);
		assert.deepEqual(undecided({ 'board.dts': '/ { a {\n' })[1], 'a node is not closed');
		assert.deepEqual(undecided({ 'board.dts': '};\n' })[1], 'a brace too many');
	});

	it('more than can be read: includes that double at every level', () => {
		const files: Record<string, string> = {
			'l0.dtsi': '/ { m { compatible = "acme,mmu"; }; };',
		};
		for (let i = 1; i <= 40; i++) {
			files[`l${i}.dtsi`] = `#include "l${i - 1}.dtsi"\n#include "./l${i - 1}.dtsi"\n`;
		}
		files['board.dts'] = '#include "l40.dtsi"\n';
		assert.equal(undecided(files)[1], 'the device trees are too large');
	});
});

describe('the scanner of device trees', () => {
	it('never throws, and closes no more than it opens', () => {
		const piece = fc.constantFrom(
			...['{', '}', ';', '/ ', '&a', '&{/a/b', 'a: ', 'n@1 ', '"', '\\', '<', '>', '=', '\n'],
			...[
				'#include "a"',
				'#define X "y"',
				'/include/ ',
				'/delete-node/ ',
				'status ',
				'compatible ',
			],
			...['iommus = <&', '/*', '*/', '//', '(', ')', '#address-cells', '/delete-property/ '],
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
				const statements = scanDeviceTree(pieces.join('')).statements();
				let depth = 0;
				for (const [kind] of statements) {
					if (kind === 'node' || kind === 'ref') depth++;
					else if (kind === 'end') depth--;
					assert.ok(depth >= 0);
				}
				boards({ 'board.dts': pieces.join('') }, 'y');
			}),
			{ numRuns: 500 },
		);
	});

	it('takes time in proportion to the text, on one line too', () => {
		const million = 1 << 20;
		for (const text of [
			'"'.repeat(million),
			'<'.repeat(million),
			`#include ${'<'.repeat(million)}`,
			'{'.repeat(million),
			'/ {'.repeat(million / 4),
			'a:'.repeat(million / 2),
			`#define X ${'"'.repeat(million)}`,
			'/*'.repeat(million / 2),
			'\\\n'.repeat(million / 2),
			`x = ${'&a '.repeat(million / 4)};`,
			'(('.repeat(million / 2),
			'a(;'.repeat(million / 4),
			'&{'.repeat(million / 2),
		]) {
			const took = cpuTaken(() => scanDeviceTree(text));
			assert.ok(took < 3000, `${text.slice(0, 12)} took ${took} ms`);
		}
	});

	it('reads 40,000 nodes, side by side and inside each other', () => {
		const wide = Array.from({ length: 40_000 }, (_, i) => `n@${i} { compatible = "acme,mmu"; };`);
		assert.equal(board(`/ { ${wide.join('\n')} };`), 'acme,mmu 40000-0 m0-0');
		const deep = 'n { '.repeat(40_000);
		const closed = '};'.repeat(40_000);
		assert.equal(board(`/ { ${deep} compatible = "acme,mmu"; ${closed} };`), 'acme,mmu 1-0 m0-0');
	});
});

describe('pruning', () => {
	/** Trees of a few files that override, label and refer to each other at random. */
	const names = fc.constantFrom('soc', 'bus', 'mmu@1', 'mmu@2', 'dev@1');
	const labels = fc.constantFrom('', 'la: ', 'lb: ', 'lc: ');
	const property = fc.constantFrom(
		'compatible = "acme,mmu";',
		'compatible = "other";',
		'status = "disabled";',
		'status = "okay";',
		'iommus = <&la 1>;',
		'iommus = <&lb 1>;',
		'mmu-masters = <&lc 1>;',
		'/delete-property/ status;',
		'/delete-node/ mmu@1;',
	);
	const { node } = fc.letrec<{ node: string }>((tie) => ({
		node: fc
			.tuple(
				labels,
				names,
				fc.array(fc.oneof({ maxDepth: 3 }, property, tie('node')), { maxLength: 4 }),
			)
			.map(([label, name, inside]) => `${label}${name} { ${inside.join(' ')} };`),
	}));
	const top = fc.oneof(
		node.map((text) => `/ { ${text} };`),
		fc
			.tuple(
				fc.constantFrom('&la', '&lb', '&lc', '&{/soc}'),
				fc.array(fc.oneof(property, node), { maxLength: 3 }),
			)
			.map(([target, inside]) => `${target} { ${inside.join(' ')} };`),
		fc.constantFrom('/delete-node/ &la;', '/delete-node/ &lc;'),
	);
	const file = fc.array(top, { maxLength: 5 }).map((parts) => parts.join('\n'));

	it('changes no answer', () => {
		fc.assert(
			fc.property(file, file, (a, b) => {
				const asked = new Set(['acme,mmu']);
				const files = {
					'soc.dtsi': a,
					'board.dts': `#include "soc.dtsi"\n${b}\n/ { last { compatible = "acme,mmu"; }; };`,
				};
				// Asked for everything there is, nothing can be left out that bears on what is there.
				const whole = boards(files, 'acme,mmu', 'other');
				const some = boards(files, 'acme,mmu');
				const own = (found: typeof whole) =>
					found.kinds.map((kind) =>
						summary(kind.nodes.filter((n) => n.compatible.includes('acme,mmu'))),
					);
				assert.deepEqual(own(some), own(whole));
				for (const [path, statements] of pruneDeviceTrees(scanned(files), asked)) {
					assert.ok(statements.length <= (scanned(files).get(path)?.statements().length ?? 0));
				}
			}),
			{ numRuns: 1000 },
		);
	});
});
