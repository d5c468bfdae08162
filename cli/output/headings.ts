/**
 * Short names for what tables are about: configurations, releases, blobs, buses.
 */
import type { RangeReport } from '../../src/range/report.ts';
import { printableLine } from '../../src/text.ts';
import { BREAK, NBSP } from './table.ts';

type Config = RangeReport['configs'][number];

/** `IOMMU_DMA` gives [IOMMU_DMA, true], `!X` gives [X, false]; undefined for more than a conjunction. */
function atomsOf(when: string): { symbol: string; value: boolean }[] | undefined {
	const atoms = when.split('&&').map((part) => part.trim());
	if (!atoms.every((atom) => /^!?\w+$/.test(atom))) return undefined;
	return atoms.map((atom) => ({ symbol: atom.replace('!', ''), value: !atom.startsWith('!') }));
}

function archOf(name: string): string {
	return /^\w*/.exec(name)?.[0] ?? name;
}

/**
 * The heading of each configuration by name: `arm64`, `arm, IOMMU_DMA=n`. The architecture's own
 * symbol is dropped, and what is set too, unless two configurations of the architecture would look
 * alike without it.
 */
export function configHeadings(configs: readonly Config[]): Map<string, string> {
	const perArch = new Map<string, number>();
	for (const { name } of configs) {
		perArch.set(archOf(name), (perArch.get(archOf(name)) ?? 0) + 1);
	}
	return new Map(
		configs.map(({ name, when }) => {
			const label = printableLine(name);
			// A name that spells its values out already says it all.
			if (/[=,]/.test(name)) return [name, label];
			const atoms = atomsOf(when);
			if (atoms === undefined) {
				return [name, when.trim() === '' ? label : `${label} (${printableLine(when)})`];
			}
			const arch = archOf(name);
			const shared = (perArch.get(arch) ?? 0) > 1;
			const values = atoms
				.filter(({ symbol }) => symbol.toLowerCase() !== arch.toLowerCase())
				.filter(({ value }) => !value || shared)
				.map(({ symbol, value }) => `${symbol}=${value ? 'y' : 'n'}`);
			return [name, [label, ...values].join(', ')];
		}),
	);
}

/** The shortest name of each configuration that tells it from the others: its architecture's, if that does. */
export function shortConfigNames(configs: readonly Config[]): Map<string, string> {
	const headings = configHeadings(configs);
	const archs = configs.map(({ name }) => archOf(name));
	return new Map(
		configs.map(({ name }) => {
			const arch = archOf(name);
			const alone = archs.filter((one) => one === arch).length === 1;
			return [name, alone ? printableLine(arch) : (headings.get(name) ?? printableLine(name))];
		}),
	);
}

/** A name for a table cell: safe, and breakable when it is too long for one (a branch, a revision). */
export function cellName(name: string): string {
	const safe = printableLine(name);
	return safe.length <= 24 ? safe : safe.replace(/.{16}/g, `$&${BREAK}`);
}

/** `v4.12.4`, or `v3.18.140 - v4.11`, which a table may break before the dash. */
export function releaseSpan(from: string, to: string): string {
	return from === to ? cellName(from) : `${cellName(from)} -${NBSP}${cellName(to)}`;
}

/** The same in running text. */
export function releaseSpanText(from: string, to: string): string {
	return from === to ? printableLine(from) : `${printableLine(from)} - ${printableLine(to)}`;
}

/** An object id as git abbreviates it in kernel mails: 12 digits. */
export function abbreviated(oid: string): string {
	return printableLine(oid.slice(0, 12));
}

/** `platform` for `platform_bus_type`. */
export function busName(bus: string): string {
	return printableLine(bus.replace(/^&/, '').replace(/_bus_type$/, ''));
}
