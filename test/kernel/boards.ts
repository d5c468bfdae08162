/** Device trees of our own for the tests, as a map of files, and their evaluation. */
import { boardsOf, boardUses, type NodeUse } from '../../src/kernel/device-tree.ts';
import type { DeviceTreeFile } from '../../src/kernel/device-tree-code.ts';
import { DeviceTreeScanner } from '../../src/kernel/device-tree-scan.ts';
import { Words } from '../../src/kernel/device-tree-words.ts';

export const DTS = 'arch/arm64/boot/dts';

/** Scans files; names are below {@link DTS} unless they begin with `arch/`. */
export function scanned(files: Readonly<Record<string, string>>) {
	const scanner = new DeviceTreeScanner(new Words());
	return new Map(
		Object.entries(files).map(([name, text]) => [
			name.startsWith('arch/') ? name : `${DTS}/${name}`,
			scanner.scan(Buffer.from(text, 'latin1')),
		]),
	);
}

/** A single file, scanned. */
export function scanDeviceTree(text: string): DeviceTreeFile {
	return new DeviceTreeScanner(new Words()).scan(Buffer.from(text, 'latin1'));
}

export function boards(files: Readonly<Record<string, string>>, ...asked: string[]) {
	return boardsOf('arm64', scanned(files), new Set(asked));
}

/** `enabled-disabled m masters-mastersDisabled` of each group of nodes of one board. */
export function summary(nodes: readonly NodeUse[]): string {
	return nodes
		.map(
			(n) => `${n.compatible.join()} ${n.enabled}-${n.disabled} m${n.masters}-${n.mastersDisabled}`,
		)
		.join('; ');
}

/** What the board `board.dts` has of `acme,mmu`. */
export function board(files: Readonly<Record<string, string>> | string): string {
	const all = typeof files === 'string' ? { 'board.dts': files } : files;
	const uses = boardUses('arm64', scanned(all), new Set(['acme,mmu', 'acme,mmu-2']));
	return summary(uses.find(({ path }) => path === `${DTS}/board.dts`)?.nodes ?? []);
}
