/** What `--why` says of who uses a driver and its competitors in the tree itself. */
import type { ConfigReport } from '../../src/range/report.ts';
import { printableLine, wrap } from '../../src/text.ts';

type Users = NonNullable<ConfigReport['users']>;
type UsingDriver = Users['drivers'][number];

function counted(number: number, one: string, many: string): string {
	return number === 1 ? `1 ${one}` : `${number} ${many}`;
}

function hardwareText({ hardware }: UsingDriver, isOwn: boolean): string {
	if (hardware === null) return 'hardware not known from device trees';
	const { enabled, disabled, masters, withOwn } = hardware;
	if (enabled + disabled === 0) return 'hardware on no board';
	const parts: string[] = [];
	if (enabled > 0) {
		parts.push(`hardware on ${counted(enabled, 'board', 'boards')}, ${masters} with masters`);
		if (!isOwn)
			parts.push(`${withOwn === 0 ? 'none' : withOwn} with that of the patched driver too`);
	}
	if (disabled > 0) {
		const text = counted(disabled, 'board', 'boards');
		parts.push(`disabled on ${enabled > 0 ? `${text} more` : `all ${text} that have it`}`);
	}
	return parts.join(', ');
}

function defconfigText({ symbol, defconfigs }: UsingDriver): string {
	const { builtIn, module, implied, open } = defconfigs;
	const parts = [
		...(builtIn > 0 ? [`built in by ${counted(builtIn, 'defconfig', 'defconfigs')}`] : []),
		...(module > 0 ? [`a module in ${counted(module, 'defconfig', 'defconfigs')}`] : []),
		...(implied > 0 ? [`implied by ${counted(implied, 'defconfig', 'defconfigs')}`] : []),
		...(open > 0 ? [`perhaps by default in ${counted(open, 'defconfig', 'defconfigs')}`] : []),
	];
	return parts.length === 0 ? `no defconfig builds ${symbol || 'it'}` : parts.join(', ');
}

function places({ hardware, defconfigs }: UsingDriver): string[] {
	const all = [hardware?.node, hardware?.master, defconfigs.example];
	return all.flatMap((one) => (one ? [`${printableLine(one.path)}:${one.line}`] : []));
}

/** The section of one configuration; [] where the tree was not asked. */
export function usersLines(users: Users | undefined, width: number): string[] {
	if (users === undefined) return [];
	const { arch, boards, defconfigs, undecided, undecidedAt, drivers } = users;
	const read = `${counted(boards, 'device tree', 'device trees')} and ${counted(defconfigs, 'defconfig', 'defconfigs')} of ${printableLine(arch)}`;
	const lines = wrap(`in the tree (${read}; what is not in it is not known):`, width, '  ', '    ');
	for (const [i, driver] of drivers.entries()) {
		const text = `${printableLine(driver.driver)}: ${hardwareText(driver, i === 0)}; ${printableLine(defconfigText(driver))}`;
		lines.push(...wrap(text, width, '    ', '      '));
		for (const place of places(driver)) lines.push(...wrap(place, width, '      ', '        '));
	}
	if (undecidedAt !== null) {
		const { path, line, why } = undecidedAt;
		const text = `not understood in ${counted(undecided, 'device tree', 'device trees')}: ${printableLine(why)} (${printableLine(path)}:${line})`;
		lines.push(...wrap(text, width, '    ', '      '));
	}
	return lines;
}
