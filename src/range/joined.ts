/**
 * Configurations that give one answer, as one. An ordinary driver is built on every architecture there is,
 * and thirty columns that say the same say less than one.
 */

import { or, parseCondition, printCondition } from '../kernel/condition.ts';
import type { Configuration } from '../kernel/config.ts';
import type { ConfigReport } from './report.ts';

/** Configurations that are left apart however alike they are. */
const FEW = 4;

/** Columns of a table: a configuration with its answer in each release. */
interface Column {
	configuration: Configuration;
	answers: ConfigReport[];
}

/**
 * Joins configurations that agree in every release that builds both; the joint one is built where one
 * of them is. A few are left as they are.
 * @param byRelease for each release an answer for each configuration, in order
 */
export function joined(
	configurations: readonly Configuration[],
	byRelease: readonly (readonly ConfigReport[])[],
): { configurations: Configuration[]; byRelease: ConfigReport[][] } {
	const columns = configurations.map(
		(configuration, j): Column => ({
			configuration,
			answers: byRelease.flatMap((row) => row[j] ?? []),
		}),
	);
	const groups: Column[][] = [];
	for (const column of columns) {
		const like = groups.find((group) => group.every((other) => agree(other, column)));
		if (like === undefined || columns.length <= FEW) groups.push([column]);
		else like.push(column);
	}
	const whole = groups.map((group) => asOne(group, group.length === columns.length));
	return {
		configurations: whole.map(({ configuration }) => configuration),
		byRelease: byRelease.map((_, i) => whole.flatMap(({ answers }) => answers[i] ?? [])),
	};
}

function agree(a: Column, b: Column): boolean {
	return a.answers.every((answer, i) => {
		const other = b.answers[i];
		return !answer.built || other?.built !== true || essence(answer) === essence(other);
	});
}

function essence({ config: _config, ...rest }: ConfigReport): string {
	return JSON.stringify(rest);
}

function asOne(group: readonly Column[], isAll: boolean): Column {
	const built = ({ answers }: Column): number => answers.filter((one) => one.built).length;
	const [first, ...others] = [...group].sort(
		(a, b) => built(b) - built(a) || (a.configuration.name < b.configuration.name ? -1 : 1),
	);
	if (first === undefined) throw new RangeError('no configuration to join');
	if (others.length === 0) return first;
	const { configuration } = first;
	const name = isAll ? 'any' : `${configuration.name} and ${others.length} more`;
	const whens = group.map((one) => parseCondition(one.configuration.when));
	const when = isAll ? '' : printCondition(or(...whens));
	const answers = first.answers.map((answer, i) => {
		const all = [answer, ...others.flatMap((other) => other.answers[i] ?? [])];
		return { ...(all.find((one) => one.built) ?? answer), config: name };
	});
	return { configuration: { ...configuration, name, when }, answers };
}
