/**
 * Ops that are installed as late as masters probe demand that masters wait: that the lookup of an
 * IOMMU defers, for this driver, in this tree.
 */

import { LEVELS } from '../../driver/levels.ts';
import type { DriverFacts } from '../../driver/model.ts';
import { compareChains, MASTERS_PROBE, masterWaits } from '../../driver/style.ts';
import {
	holds,
	installationPlace,
	type Move,
	moves,
	offered,
	type Rule,
	type Situation,
	type Violation,
} from '../situation.ts';

/** True when a move brings the installation to where masters probe, or nobody knows where, later than it was. */
export function movesBehindMasters({ from, to }: Move): boolean {
	const level = to.chain.level;
	return (
		(level === undefined || LEVELS.indexOf(level.name) >= MASTERS_PROBE) &&
		compareChains(from.chain, to.chain) < 0
	);
}

function describe({ from, to }: Move): string {
	const later = to.chain.level === undefined ? 'an unknown' : `the ${to.chain.level.name}`;
	return `ops move from the ${from.chain.level?.name} to ${later} level`;
}

export const lookupDefers: Rule = {
	id: 'lookup-defers',
	demand:
		'Bus ops installed at or after the level at which masters probe demand that the lookup of an IOMMU defers for this driver.',
	reason:
		'A master that probes before its IOMMU looks it up, finds nothing, and goes on without it for good.',
	source:
		'7b07cbefb68d ("iommu: of: Handle IOMMU lookup failure with deferred probing or error"), drivers/iommu/of_iommu.c',
	check(situation: Situation): Violation[] {
		const late = moves(situation).filter(movesBehindMasters);
		return late.flatMap((move) => violation(situation, move));
	},
};

function violation(situation: Situation, move: Move): Violation[] {
	const { after } = situation;
	if (after === undefined || isAwaited(after, situation)) return [];
	const defers = offered(situation, 'lookup-defers');
	const place = installationPlace(move.from);
	if (defers?.value !== 'declared') {
		return [
			{
				missing: 'framework',
				harms: 'own-masters',
				code: 'lookup-does-not-defer',
				capability: 'lookup-defers',
				text: `lookup does not defer; ${describe(move)}, so a master may probe before its IOMMU and never get it`,
				evidence: [...(defers?.evidence ?? []), place],
			},
		];
	}
	const arity = Number(offered(situation, 'declare-arity')?.value ?? 0);
	const text = declarations(after.driver, after.compatible, arity);
	return [
		{
			missing: 'driver',
			harms: 'own-masters',
			code: 'not-declared',
			text: `lookup defers for declared IOMMUs only and the driver declares none; ${describe(move)}`,
			evidence: [...defers.evidence, place],
			prerequisite: {
				kind: 'registration',
				form: 'adaptation',
				text,
				why: 'masters wait only for an IOMMU with an IOMMU_OF_DECLARE() entry',
				has: (driver) => isDeclared(driver, situation),
			},
		},
	];
}

/** Whether masters wait for certain: a declaration that may not be compiled makes nobody wait. */
function isAwaited(driver: DriverFacts, situation: Situation): boolean {
	if (masterWaits(driver, situation.tree, situation.values) === undefined) return false;
	return offered(situation, 'lookup-defers')?.value === 'all' || isDeclared(driver, situation);
}

function isDeclared(driver: DriverFacts, { values }: Situation): boolean {
	return driver.declares.some(({ table, when }) => table === 'of' && holds(when, values));
}

/** The declaration lines for a driver's own match table, in the tree's arity. */
function declarations(driver: string, compatible: readonly string[], arity: number): string {
	const name = driver.replaceAll('-', '_');
	const lines = compatible.map((value, i) => {
		const id = compatible.length === 1 ? name : `${name}_${i}`;
		const rest = arity >= 3 ? ', NULL' : '';
		return `IOMMU_OF_DECLARE(${id}, "${value}"${rest});`;
	});
	return lines.length === 0
		? 'add an IOMMU_OF_DECLARE() for each compatible string of the driver'
		: `add ${lines.join(' ')}`;
}
