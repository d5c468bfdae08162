/**
 * What remains when the patch is in: drivers that still lose a bus to a third one that takes it without
 * looking, and drivers that are refused and leave half of their probe behind.
 */
import type { Lifecycle } from '../driver/lifecycle.ts';
import type { DriverFacts, Evidence, TreeFacts } from '../driver/model.ts';
import { type Installation, installations } from '../driver/style.ts';
import type { Assignment } from '../kernel/condition.ts';
import { type Claim, precedence, uncheckedInstallations } from './ownership.ts';
import type { Remains } from './report.ts';
import { installationPlace } from './situation.ts';

/** The drivers of a tree under one configuration. */
export interface Field {
	tree: TreeFacts;
	values: Assignment;
	together(symbols: readonly string[]): boolean;
}

/** A driver that loses a bus although the patch is in. */
export interface StillLoses {
	loser: Claim;
	/** Who takes it before, each with what decides it. */
	winners: { claim: Claim; said: string }[];
}

/**
 * Losers of a bus that somebody else than the patched driver takes before them.
 * @param losers drivers that the patched one takes the bus from
 */
export function stillLose(
	field: Field,
	patched: DriverFacts,
	bus: string,
	losers: readonly string[],
): StillLoses[] {
	const { tree, values, together } = field;
	const thirds = tree.drivers
		.filter((driver) => driver.symbol !== patched.symbol || driver.path !== patched.path)
		.flatMap((driver): Claim[] => {
			const installation = uncheckedInstallations(driver, tree, values).find(
				(one) => one.bus === bus,
			);
			return installation === undefined ? [] : [{ driver, installation }];
		});
	return losers.flatMap((name): StillLoses[] => {
		const loser = claimOf(field, name, bus);
		if (loser === undefined) return [];
		const winners = thirds.flatMap((claim) => {
			if (claim.driver === loser.driver) return [];
			const order = precedence(claim, loser);
			const both = order.sign < 0 && together([claim.driver.symbol, loser.driver.symbol]);
			return both ? [{ claim, said: order.said }] : [];
		});
		return winners.length === 0 ? [] : [{ loser, winners }];
	});
}

function claimOf({ tree, values }: Field, name: string, bus: string): Claim | undefined {
	for (const driver of tree.drivers.filter((one) => one.driver === name)) {
		const installation = installations(driver, tree, values).find((one) => one.bus === bus);
		if (installation !== undefined) return { driver, installation };
	}
	return undefined;
}

/** What a driver whose probe fails because it is refused the bus leaves behind. */
export function halfway(
	{ driver, installation }: Claim,
	life: Lifecycle | undefined,
): Remains['halfway'] {
	const { ops, chain } = installation;
	if (life === undefined || ops === undefined || !failsInProbe(installation)) return [];
	const steps = life.done.flatMap((step) => {
		const left = step.left.find(
			({ failed, failedOn }) =>
				(failed === ops.call && failedOn === ops.bus) || chain.steps.includes(failed),
		);
		return left === undefined ? [] : [{ step, left }];
	});
	const [first] = steps;
	if (first === undefined) return [];
	const calls = [...new Set(steps.map(({ step }) => step.call))];
	const undone = calls.map((call) => `${call}()`).join(', ');
	return [
		{
			driver: driver.driver,
			bus: ops.bus,
			left: calls,
			why: `its probe fails when ${ops.call}() is refused, and nothing takes ${undone} back`,
			evidence: [
				installationPlace(installation),
				...steps.flatMap(({ step, left }) => [place(step), place(left)]),
			],
		},
	];
}

/** True where a driver that is refused fails in probe. */
export function failsInProbe({ ops, chain }: Installation): boolean {
	return chain.installer === 'probe' && ops?.onBusy === 'fails';
}

function place({ path, line }: Evidence): Evidence {
	return { path, line };
}

/** Who still loses, for the report. */
export function losersReport(all: readonly StillLoses[]): Remains['losers'] {
	return all.map(({ loser, winners }) => ({
		driver: loser.driver.driver,
		bus: loser.installation.bus,
		to: winners.map(({ claim }) => claim.driver.driver).sort(),
		why: winners
			.map(({ claim, said }) => `${claim.driver.driver} takes the bus before it by ${said}`)
			.join('; '),
		evidence: [
			...winners.map(({ claim }) => installationPlace(claim.installation)),
			installationPlace(loser.installation),
		],
	}));
}
