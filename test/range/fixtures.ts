/** Situations for the tests of rules and verdicts: a driver before and after a patch, in a tree of some era. */

import assert from 'node:assert/strict';
import type { Lifecycle } from '../../src/driver/lifecycle.ts';
import { lifecycleOf } from '../../src/driver/link.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { parseVersion } from '../../src/kernel/version.ts';
import type { Case } from '../../src/range/judge.ts';
import { rules } from '../../src/range/rules/index.ts';
import type { Rule, Situation, Violation } from '../../src/range/situation.ts';
import {
	assign,
	driverIn,
	driverSource,
	initcall,
	type Linked,
	linked,
	REGISTER,
	TAKE_IF_FREE,
} from '../driver/fixtures.ts';
import { type FrameworkEra, framework } from '../driver/fixtures-framework.ts';

export const PATH = 'drivers/iommu/acme-mmu.c';
export const PLAIN = 'module_platform_driver(NAME_driver);\n';
export const DECLARE_3 = 'IOMMU_OF_DECLARE(NAME, "maker,NAME", NULL);\n';

/** The driver of the tests with a probe function and what follows its driver struct. */
export const acme = (tail: string, probe = ''): string => driverSource('acme-mmu', { tail, probe });

/** Takes the bus unchecked, whether registered with the core or not. */
export const UNCHECKED = acme(initcall('subsys_initcall', TAKE_IF_FREE));
/** As a patch would have it: the bus is taken in probe. */
export const IN_PROBE = acme(PLAIN, TAKE_IF_FREE);
export const REGISTERED_UNCHECKED = acme(initcall('subsys_initcall', TAKE_IF_FREE), REGISTER);
export const REGISTERED_IN_PROBE = acme(PLAIN, `${REGISTER}${TAKE_IF_FREE}`);
export const DECLARED_IN_PROBE = acme(`${PLAIN}${DECLARE_3}`, `${REGISTER}${TAKE_IF_FREE}`);

export interface Setting {
	era: FrameworkEra;
	before: string;
	after?: string;
	/** Other sources of the tree. */
	more?: Record<string, string>;
	values?: Readonly<Record<string, 'y' | 'n'>>;
	uses?: readonly string[];
	/** False for a driver that is built in or not at all. */
	modular?: boolean;
	/** Pairs and triples that Kconfig does not build together, as sorted symbols. */
	apart?: readonly string[];
}

/** A situation, linked from source. */
export async function situation(setting: Setting): Promise<Situation> {
	const { era, before, after, more = {}, values = {}, uses = [], apart = [] } = setting;
	const { modular = true } = setting;
	const sources = { ...more, ...framework(era) };
	const tree = await linked({ ...sources, [PATH]: before });
	const patched = after === undefined ? undefined : await linked({ ...sources, [PATH]: after });
	const lives =
		patched === undefined ? undefined : { before: lifeIn(tree), after: lifeIn(patched) };
	return {
		profile: iommu,
		values: assign(values),
		tree: tree.facts,
		before: driverIn(tree, 'acme-mmu'),
		after: patched === undefined ? undefined : driverIn(patched, 'acme-mmu'),
		uses,
		lives: () => lives,
		modular: () => modular,
		names: { missing: [], untold: [] },
		together: (symbols) => !apart.includes([...new Set(symbols)].sort().join(' ')),
	};
}

function lifeIn({ facts, files, modules }: Linked): Lifecycle {
	const module = modules.find(({ sources }) => sources.some(({ path }) => path === PATH));
	if (module === undefined) throw new Error(`no module has ${PATH}`);
	return lifecycleOf(iommu, files, module, facts.capabilities);
}

/** What a rule finds. */
export async function violations(rule: Rule, setting: Setting): Promise<Violation[]> {
	return rule.check(await situation(setting));
}

/** Codes of what a rule finds. */
export async function codes(rule: Rule, setting: Setting): Promise<string[]> {
	return (await violations(rule, setting)).map(({ code }) => code);
}

/** A case for the judge: a patch that moves the platform bus into probe and lands exactly. */
export async function caseOf(setting: Setting, change: Partial<Case> = {}): Promise<Case> {
	return {
		version: parseVersion(setting.era) ?? assert.fail(setting.era),
		situation: await situation(setting),
		placement: 'exact',
		conflict: '',
		effect: { buses: new Set(['platform_bus_type']), installer: 'probe' },
		hadBug: false,
		rules,
		landmarks: [],
		supersededBy: undefined,
		firstWith: () => null,
		...change,
	};
}
