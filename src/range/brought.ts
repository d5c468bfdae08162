/**
 * What a patch to the framework demands of every driver of a release: where it brings a capability that the release
 * has not, that capability's demands are checked over the whole patched tree.
 */
import type { ReleaseSource } from '../../cache/source.ts';
import { DRIVER_CORE } from '../driver/ways/match-lock.ts';
import type { Judged } from './assemble.ts';
import type { DemandsReport } from './demands/report.ts';
import { reason } from './judge.ts';
import type { PlacedRelease } from './placements.ts';
import type { ConfigReport, ReleaseReport } from './report.ts';
import { worstVerdict } from './summary.ts';

type Demanded = DemandsReport['demands'][number];
type Reason = ConfigReport['reasons'][number];

/** Checks the demands of what a placed patch brings; the caller knows the trees. */
export interface FrameworkDemands {
	/** The demands of capabilities that the release has with the patch, and not without. */
	brought(placed: PlacedRelease, source: ReleaseSource): Promise<readonly Demanded[]>;
}

/** Violations that are told of one by one; the command `demands` lists all. */
const MOST_REASONS = 12;

/** With what the capabilities demand that the patch brings to a release. */
export async function withDemands(
	judged: Judged,
	placed: readonly PlacedRelease[],
	source: ReleaseSource,
	demands: FrameworkDemands | undefined,
): Promise<Judged> {
	const core: ReadonlySet<string> = new Set(DRIVER_CORE);
	const touching = new Map(
		placed
			.filter(({ files }) => files.some(({ path }) => core.has(path)))
			.filter(
				({ files }) =>
					// Without trees a file of the core that is not known may be there.
					demands === undefined || files.every(({ placement }) => placement.edits !== undefined),
			)
			.map((one) => [one.release.name, one]),
	);
	if (touching.size === 0) return judged;
	const releases: ReleaseReport[] = [];
	const rules = new Set(judged.rules);
	for (const one of judged.releases) {
		const there = touching.get(one.release);
		if (there === undefined) releases.push(one);
		else if (demands === undefined) releases.push(withReasons(one, [UNSEEN], false));
		else {
			const found = await demands.brought(there, source);
			for (const { id } of found) rules.add(id);
			const violated = found.some(({ violations }) => violations.length > 0);
			releases.push(withReasons(one, found.flatMap(reasonsOf), violated));
		}
	}
	return { ...judged, releases, rules: [...rules] };
}

const UNSEEN: Reason = reason(
	'demands-unseen',
	'the patch changes the driver core; whether it brings a capability that demands something of other drivers takes their trees: give a clone with --repo',
);

function reasonsOf({ id, capability, demand, violations, unknown }: Demanded): Reason[] {
	const brings = `the patch brings ${capability}, which demands that ${demand}`;
	if (violations.length + unknown.length === 0) return [reason(id, `${brings}; no driver does`)];
	const told = violations.slice(0, MOST_REASONS).map(({ driver, text, steps, when }) => {
		const under = when === '' ? '' : `, when ${when}`;
		const evidence = steps.map(({ path, line }) => ({ path, line }));
		return reason(id, `${brings}; ${driver}: ${text}${under}`, evidence);
	});
	const more = violations.length - told.length;
	return [
		...told,
		...(more > 0
			? [reason(id, `${more} more drivers violate it; rangefinder demands lists them`)]
			: []),
		...(unknown.length > 0
			? [
					reason(
						`${id}-unknown`,
						`of ${unknown.length} ways that register a driver it cannot be told whether they violate it`,
					),
				]
			: []),
	];
}

/** What is violated makes a release unsafe, also where nothing else is known of it. */
function withReasons(
	release: ReleaseReport,
	reasons: readonly Reason[],
	violated: boolean,
): ReleaseReport {
	if (reasons.length === 0) return release;
	const byConfig = release.byConfig.map((one): ConfigReport => {
		if (!one.built) return one;
		const verdict = violated ? 'unsafe' : one.verdict;
		return { ...one, verdict, reasons: [...one.reasons, ...reasons] };
	});
	const built = byConfig.filter((one) => one.built).map(({ verdict }) => verdict);
	return {
		...release,
		verdict: built.length === 0 ? release.verdict : worstVerdict(built),
		byConfig,
	};
}
