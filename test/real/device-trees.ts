/**
 * Boards as we read them against dtc, on the device trees of real releases:
 *
 *     node --import tsx test/real/device-trees.ts LADDER_DIR [RELEASE ARCH [EVERY]]
 *
 * Every EVERY-th board of a release goes through `cpp` and `dtc` (of the package
 * device-tree-compiler); nodes, their `status` and their masters have to agree. Boards that dtc
 * refuses are counted. Compatible strings are those of the drivers of the shipped index.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DeviceTrees } from '../../cache/device-trees.ts';
import { openIndex } from '../../cache/index-reader.ts';
import { compatibleStrings } from '../../cache/tree-users.ts';
import { openStore } from '../../src/git/open-store.ts';
import { boardUses } from '../../src/kernel/device-tree.ts';

const MAX = 1 << 28;
/** What cpp and dtc read. */
const PARTS = [
	'arch/arm/boot/dts',
	'arch/arm64/boot/dts',
	'include/dt-bindings',
	'include/uapi/linux',
	'scripts/dtc/include-prefixes',
];
const CASES: readonly [release: string, arch: string, every: number][] = [
	['v4.4.121', 'arm', 10],
	['v4.13.9', 'arm', 10],
	['v4.13.9', 'arm64', 1],
	['v4.14.5', 'arm64', 1],
	['v5.10.7', 'arm64', 4],
	['v6.6.87', 'arm', 15],
	['v6.12', 'arm64', 10],
];

/** A node of dtc's output. */
interface Compiled {
	compatible: string[];
	available: boolean;
	phandle: number;
	cells: number;
	streamCells: number;
	/** By property: its cells. */
	refers: Map<string, number[]>;
}

/** What dtc makes of a board; undefined when it makes nothing. */
function compiled(root: string, path: string, arch: string): Compiled[] | undefined {
	const own = join(root, 'arch', arch, 'boot/dts');
	const prefixes = join(root, 'scripts/dtc/include-prefixes');
	const folders = [own, join(own, 'include'), prefixes, join(root, 'include')];
	const source = join(root, path);
	const cpp = spawnSync(
		'cpp',
		[
			'-nostdinc',
			...folders.flatMap((one) => ['-I', one]),
			'-undef',
			'-D__DTS__',
			'-x',
			'assembler-with-cpp',
			source,
		],
		{ maxBuffer: MAX },
	);
	if (cpp.status !== 0) return undefined;
	const include = ['-i', dirname(source), '-i', own, '-i', prefixes];
	const dtb = spawnSync('dtc', ['-f', '-q', '-q', '-I', 'dts', '-O', 'dtb', ...include, '-'], {
		input: cpp.stdout,
		maxBuffer: MAX,
	});
	if (dtb.status !== 0) return undefined;
	const dts = spawnSync('dtc', ['-f', '-q', '-q', '-I', 'dtb', '-O', 'dts', '-'], {
		input: dtb.stdout,
		maxBuffer: MAX,
	});
	return dts.status === 0 ? nodesOf(dts.stdout.toString('latin1')) : undefined;
}

/** The nodes in what dtc prints: one property or brace a line. */
function nodesOf(text: string): Compiled[] {
	const all: Compiled[] = [];
	const stack: Compiled[] = [];
	for (const raw of text.split('\n')) {
		const line = raw.trim();
		const [, name = '', value = ''] = /^([\w,.+*#?@-]+) = (.*);$/.exec(line) ?? [];
		const top = stack.at(-1);
		if (line.endsWith('{')) {
			const node = {
				compatible: [],
				available: top?.available ?? true,
				phandle: 0,
				cells: 0,
				streamCells: 0,
				refers: new Map(),
			};
			all.push(node);
			stack.push(node);
		} else if (line === '};') stack.pop();
		else if (top === undefined) continue;
		else if (name === 'compatible') {
			top.compatible = [...value.matchAll(/"([^"]*)"/g)].flatMap((m) => (m[1] ?? '').split('\\0'));
		} else if (name === 'status') {
			top.available &&= value === '"okay"' || value === '"ok"';
		} else if (/^<[^>]*>$/.test(value)) {
			const cells = value.slice(1, -1).trim().split(/\s+/).map(Number);
			if (name === 'phandle') top.phandle = cells[0] ?? 0;
			else if (name === '#iommu-cells') top.cells = cells[0] ?? 0;
			else if (name === '#stream-id-cells') top.streamCells = cells[0] ?? 0;
			else if (['iommus', 'iommu-map', 'mmu-masters'].includes(name)) top.refers.set(name, cells);
		}
	}
	return all;
}

/** The same counts as ours, from dtc's nodes. */
function counts(nodes: readonly Compiled[], asked: ReadonlySet<string>): string {
	const byPhandle = new Map(
		nodes.filter(({ phandle }) => phandle !== 0).map((node) => [node.phandle, node]),
	);
	const uses = new Map<string, [number, number, number, number]>();
	const useOf = (node: Compiled) => {
		const key = node.compatible.filter((one) => asked.has(one)).join(' ');
		if (key === '') return undefined;
		const use = uses.get(key) ?? [0, 0, 0, 0];
		uses.set(key, use);
		return use;
	};
	for (const node of nodes) {
		const use = useOf(node);
		if (use !== undefined) use[node.available ? 0 : 1]++;
	}
	for (const node of nodes) {
		for (const [name, cells] of node.refers) {
			const targets = new Set<Compiled | undefined>();
			for (let i = name === 'iommu-map' ? 1 : 0; i < cells.length; ) {
				const target = byPhandle.get(cells[i] ?? 0);
				targets.add(target);
				if (name === 'iommu-map') i += 4;
				else i += 1 + (name === 'iommus' ? (target?.cells ?? 0) : (target?.streamCells ?? 0));
			}
			for (const target of targets) {
				if (target === undefined) continue;
				const [master, iommu] = name === 'mmu-masters' ? [target, node] : [node, target];
				const use = useOf(iommu);
				if (use !== undefined) use[master.available && iommu.available ? 2 : 3]++;
			}
		}
	}
	return JSON.stringify([...uses].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const [ladder, release, arch, every] = process.argv.slice(2);
if (ladder === undefined) throw new Error('device-trees: name the repository');
const cases =
	release === undefined || arch === undefined
		? CASES
		: [[release, arch, Number(every ?? 1)] as const];
const index = openIndex('cache/kernels.rfx');
const trees = index.trees('iommu') ?? [];
const store = await openStore(ladder, { env: process.env });
let failed = false;
for (const [name, onArch, step] of cases) {
	const at = index.releases.findIndex((one) => one.name === name);
	const tree = trees[at];
	if (tree === undefined) throw new Error(`${name} is not in the index`);
	const root = mkdtempSync(join(tmpdir(), 'rangefinder-dtc-'));
	try {
		const paths = PARTS.filter(
			(path) => spawnSync('git', ['-C', ladder, 'cat-file', '-e', `${name}:${path}`]).status === 0,
		);
		const archive = ['-C', ladder, 'archive', name, ...paths];
		execFileSync('tar', ['-x', '-C', root], {
			// git complains of blobs that a ladder lacks, of other folders too.
			input: execFileSync('git', archive, { maxBuffer: MAX, stdio: ['ignore', 'pipe', 'ignore'] }),
			maxBuffer: MAX,
		});
		const asked = compatibleStrings(tree);
		const files = await new DeviceTrees(store).sources(name, onArch);
		let [same, refused, different] = [0, 0, 0];
		for (const [i, board] of boardUses(onArch, files, asked).entries()) {
			if (i % step !== 0 || board.path.endsWith('.dtso')) continue;
			const theirs = compiled(root, board.path, onArch);
			if (theirs === undefined) refused++;
			else {
				const ours = JSON.stringify(
					board.nodes.map((n) => [
						n.compatible.join(' '),
						[n.enabled, n.disabled, n.masters, n.mastersDisabled],
					]),
				);
				const expected = counts(theirs, asked);
				if (ours === expected) same++;
				else {
					different++;
					console.log(`${name} ${board.path}\n  ours ${ours}\n  dtc  ${expected}`);
				}
			}
		}
		failed ||= different > 0;
		console.log(
			`${name} ${onArch}: ${same} the same, ${different} different, ${refused} refused by cpp or dtc`,
		);
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
}
await store.close();
process.exitCode = failed ? 1 : 0;
