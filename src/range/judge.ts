/**
 * From facts and violations to a verdict, for one release under one configuration. Pure.
 */
import type { ArchitectureUsers } from '../../cache/source.ts';
import type { DriverFacts, Evidence } from '../driver/model.ts';
import { capability, type Installation, installations, isChecked } from '../driver/style.ts';
import type { Version } from '../kernel/version.ts';
import { broughtBy, citation, type Landmark } from './landmarks.ts';
import { type Ownership, ownership, uncheckedInstallations } from './ownership.ts';
import type {
	BugState,
	ConfigReport,
	PlacementResult,
	Prerequisite,
	Reason,
	Verdict,
} from './report.ts';
import { installationPlace, type Rule, type Situation, type Violation } from './situation.ts';
import { hasNoHardware, noHardwareText } from './users.ts';

/** What the patch does to the model where it lands: buses that it stops a driver from taking unchecked. */
export interface Effect {
	buses: ReadonlySet<string>;
	/** The installer that the patch leaves behind on those buses. */
	installer: string | undefined;
}

/** One release under one configuration, as far as facts go. */
export interface Case {
	/** Of the release. */
	version: Version;
	situation: Situation;
	placement: PlacementResult;
	/** For a conflict, what the placement says of it. */
	conflict: string;
	effect: Effect;
	/** True when an earlier release that was looked at had the bug under this configuration. */
	hadBug: boolean;
	rules: readonly Rule[];
	landmarks: readonly Landmark[];
	/** The commit that has the patch's effect in another form, if one is known for this release. */
	supersededBy: Landmark | undefined;
	/** Who uses drivers in the tree itself, on the configuration's architecture; undefined when not known. */
	users?(): ArchitectureUsers | undefined;
	/** The first release looked at whose driver meets a demand; null when none does. */
	firstWith(has: (driver: DriverFacts) => boolean): string | null;
}

export type Judgement = Pick<ConfigReport, 'verdict' | 'bug' | 'prerequisites' | 'reasons'>;

/** The bug that the patch removes, in this tree: every bus still taken unchecked, with who loses. */
export function bugOf(situation: Situation, effect: Effect): Ownership[] {
	const { before, tree, values, together } = situation;
	return uncheckedInstallations(before, tree, values)
		.filter(({ bus }) => effect.buses.has(bus))
		.map((hazard) => ownership(before, hazard, tree, values, together));
}

/** Judges one case. */
export function judge(one: Case): Judgement {
	const owned = bugOf(one.situation, one.effect);
	const bug = bugReport(one, owned);
	const verdict = (
		value: Verdict,
		reasons: Reason[],
		prerequisites: Prerequisite[] = [],
	): Judgement => ({ bug, verdict: value, prerequisites, reasons });

	if (one.placement === 'already') {
		return verdict('not-needed', [
			reason('already-applied', 'the patch is in this release already'),
		]);
	}
	const unread = notRead(one);
	if (unread.length > 0) return verdict('unknown', unread);
	if (one.effect.buses.size > 0 && owned.length === 0) return withoutBug(one, verdict);
	if (one.placement === 'conflict' || one.placement === 'missing') {
		const lands = reason('does-not-land', `the patch does not land: ${one.conflict}`);
		return owned.length > 0
			? verdict('needs-rework', [...owned.map(hazardReason), lands])
			: verdict('unknown', [
					lands,
					reason('bug-unknown', 'no rule can tell whether what the patch changes is wrong here'),
				]);
	}
	return landing(one, owned, verdict);
}

/** Drivers that bear on the answer and were not read whole: no verdict rests on what is not there. */
function notRead({ situation, effect }: Case): Reason[] {
	const { before, after, tree } = situation;
	const others = tree.drivers.filter(({ busOps }) =>
		busOps.some(({ bus }) => effect.buses.has(bus)),
	);
	const found = new Map<string, readonly Evidence[]>();
	for (const { driver, incomplete } of [...others, before, after ?? before]) {
		if (incomplete !== undefined) found.set(driver, incomplete);
	}
	return [...found].map(([driver, at]) =>
		reason('not-read', `functions of ${driver} are no C, or too long to be read whole`, at),
	);
}

type MakeJudgement = (
	value: Verdict,
	reasons: Reason[],
	prerequisites?: Prerequisite[],
) => Judgement;

/** The patch lands, and the bug is there or nothing is known of one: ask the rules. */
function landing(one: Case, owned: readonly Ownership[], verdict: MakeJudgement): Judgement {
	const { situation } = one;
	if (situation.after === undefined) {
		return verdict('unknown', [
			reason('facts-unknown', 'the patch lands, and what the driver is like with it is not known'),
		]);
	}
	const left = uncheckedInstallations(situation.after, situation.tree, situation.values).filter(
		({ bus }) => one.effect.buses.has(bus),
	);
	if (left.length > 0) {
		return verdict(
			'needs-rework',
			left.map((installation) =>
				reason(
					'bug-remains',
					`the patch lands, and the driver still takes ${installation.bus} unchecked`,
					[installationPlace(installation)],
				),
			),
		);
	}
	const violations = one.rules.flatMap((rule) => rule.check(situation));
	const reasons = violations.map((violation) => violationReason(one, violation));
	if (violations.length > 0 && violations.every(({ harms }) => harms === 'own-masters')) {
		const users = one.users?.();
		if (hasNoHardware(users, situation.after)) {
			return verdict('safe', [reason('no-in-tree-users', noHardwareText(users)), ...reasons]);
		}
	}
	if (violations.some(({ missing }) => missing === 'framework')) {
		return verdict('unsafe', reasons);
	}
	// What an unanswered question leaves open no prerequisite settles.
	if (violations.some(({ missing }) => missing === 'knowledge')) {
		return verdict('unknown', reasons);
	}
	if (violations.length > 0) {
		return verdict(
			'needs-prerequisites',
			reasons,
			violations.flatMap((violation) => prerequisite(one, violation)),
		);
	}
	const untold = one.rules.flatMap((rule) => {
		const names = rule.untold?.(situation) ?? [];
		return names.length === 0 ? [] : [{ id: rule.id, names }];
	});
	const rest = one.rules.filter(({ id }) => !untold.some((other) => other.id === id));
	const checked = rest.map(({ id }) => id).join(', ');
	const not = untold.map(({ id, names }) => `; not ${id}, for ${names.join(', ')}`).join('');
	const text = `it lands (${one.placement}) and no rule objects (checked: ${checked}${not})`;
	return verdict('safe', [...owned.map(hazardReason), reason('rules-met', text)]);
}

/** The patch removes a bug that this release does not have under this configuration. */
function withoutBug(one: Case, verdict: MakeJudgement): Judgement {
	const { before, tree, values } = one.situation;
	const all = installations(before, tree, values);
	const here = all.filter(({ bus, style }) => style === 'core' || one.effect.buses.has(bus));
	const core = capability(tree, 'core-installs-ops');
	if (core?.value === true) {
		return verdict('not-needed', [
			reason(
				'core-installs',
				'the IOMMU core installs the ops; no driver takes a bus',
				core.evidence,
			),
		]);
	}
	if (here.length === 0) {
		return verdict('not-needed', [
			reason('installs-nothing', 'the driver installs no ops on the bus'),
		]);
	}
	const gates = here.flatMap(({ chain }) =>
		chain.gates.filter(({ own, kind }) => own && kind !== 'bound'),
	);
	if (gates.length > 0) {
		const [gate] = gates;
		return verdict('not-needed', [
			reason(
				'hardware-checked',
				`the driver looks for its hardware first (${gate?.what})`,
				gates.map(({ path, line }) => ({ path, line })),
			),
		]);
	}
	if (here.every(({ chain }) => chain.installer === one.effect.installer && isChecked(chain))) {
		return verdict('superseded', superseded(one, here), instead(one));
	}
	return verdict('not-needed', [
		reason(
			'installs-otherwise',
			`the driver installs its ops as ${here[0]?.style}`,
			here.map(installationPlace),
		),
	]);
}

function superseded(one: Case, here: readonly Installation[]): Reason[] {
	const named = one.supersededBy === undefined ? '' : `: ${citation(one.supersededBy)}`;
	const how = one.effect.installer === 'probe' ? 'in probe' : `as ${here[0]?.style}`;
	return [
		reason(
			'effect-present',
			`the driver installs its ops ${how} already${named}`,
			here.map(installationPlace),
		),
	];
}

function instead(one: Case): Prerequisite[] {
	if (one.supersededBy === undefined) return [];
	const { commit, subject, release } = one.supersededBy;
	return [
		{
			kind: 'registration',
			form: 'instead',
			commit,
			subject,
			text: null,
			why: 'has the effect of the patch in another form',
			firstRelease: release,
		},
	];
}

function bugReport(one: Case, owned: readonly Ownership[]): ConfigReport['bug'] {
	if (one.effect.buses.size === 0) return { state: 'unknown', competitors: [] };
	const order: BugState[] = ['exposed', 'masked', 'latent'];
	const state = order.find((candidate) => owned.some((other) => other.state === candidate));
	return {
		state: state ?? (one.hadBug ? 'fixed' : 'absent'),
		competitors: owned.flatMap(({ competitors }) => competitors),
	};
}

function hazardReason({ hazard, bus }: Ownership): Reason {
	return reason(
		'takes-bus-unchecked',
		`the driver takes ${bus} as ${hazard.style}, without looking for its hardware`,
		[installationPlace(hazard), { path: hazard.chain.entry.path, line: hazard.chain.entry.line }],
	);
}

function violationReason(one: Case, violation: Violation): Reason {
	const { capability } = violation;
	const brought =
		capability === undefined ? undefined : broughtBy(one.landmarks, capability, one.version);
	const named = brought === undefined ? '' : `; brought by ${citation(brought)}`;
	return reason(violation.code, `${violation.text}${named}`, violation.evidence);
}

function prerequisite(one: Case, violation: Violation): Prerequisite[] {
	if (violation.prerequisite === undefined) return [];
	const { kind, form, text, why, has } = violation.prerequisite;
	return [{ kind, form, commit: null, subject: null, text, why, firstRelease: one.firstWith(has) }];
}

/** A reason; evidence blobs are left out where they are not known. */
export function reason(code: string, text: string, evidence: readonly Evidence[] = []): Reason {
	return {
		code,
		text,
		evidence: evidence.map(({ path, line, blob }) =>
			blob === undefined ? { path, line } : { path, line, blob },
		),
	};
}
