/** The checks themselves: each returns a sentence for everything that is not as it should be. */
import type { ConfigReport, RangeReport, StylesReport } from '../../src/range/report.ts';
import { type Difference, judgementDifference } from './compare.ts';
import type { GeneratedPatch } from './generate.ts';
import { applied, git, measuredPlacement, run } from './git.ts';
import type { Judge } from './judge.ts';
import { type Allowed, KEY } from './key.ts';
import { STYLES } from './styles-key.ts';

/** The answer for the mail against the key. */
export function checkKey(report: RangeReport): string[] {
	const problems: string[] = [];
	const seen = new Set<string>();
	for (const { releases, placement, arm64, arm } of KEY) {
		for (const name of releases) {
			seen.add(name);
			const release = report.releases.find((one) => one.release === name);
			if (release === undefined) {
				problems.push(`${name}: not looked at`);
				continue;
			}
			if (!placement.includes(release.placement.result)) {
				problems.push(`${name}: lands as ${release.placement.result}, not ${placement}`);
			}
			for (const [config, allowed] of Object.entries({ arm64, arm })) {
				const answer = release.byConfig.find((one) => one.config === config);
				const wrong = answer === undefined ? 'no answer' : against(answer, allowed);
				if (wrong !== undefined) problems.push(`${name}, ${config}: ${wrong}`);
			}
		}
	}
	for (const { release } of report.releases) {
		if (!seen.has(release)) problems.push(`${release}: not in the key`);
	}
	return problems;
}

function against(answer: ConfigReport, allowed: Allowed): string | undefined {
	if (answer.built !== allowed.built) return `built: ${answer.built}`;
	if (!allowed.verdict.includes(answer.verdict)) {
		return `verdict ${answer.verdict}, not ${allowed.verdict.join(' or ')}`;
	}
	if (!allowed.bug.includes(answer.bug.state)) {
		return `bug ${answer.bug.state}, not ${allowed.bug.join(' or ')}`;
	}
	const codes = answer.reasons.map(({ code }) => code);
	if (allowed.reasons !== undefined && !allowed.reasons.some((code) => codes.includes(code))) {
		return `reasons ${codes.join(', ')}, none of ${allowed.reasons.join(', ')}`;
	}
	for (const [driver, state] of Object.entries(allowed.competitors ?? {})) {
		const found = answer.bug.competitors.find((one) => one.driver === driver);
		if (found?.state !== state)
			return `${driver}: ${found?.state ?? 'no competitor'}, not ${state}`;
	}
	return undefined;
}

/** The path, pre-image and post-image that a patch of one file names. */
function named(patch: string): { path: string; pre: string; post: string } {
	const index = /^index ([0-9a-f]+)\.\.([0-9a-f]+)/m.exec(patch);
	const path = /^\+\+\+ b\/(\S+)/m.exec(patch)?.[1];
	if (index?.[1] === undefined || index[2] === undefined || path === undefined) {
		throw new Error('the patch has no index line');
	}
	return { path, pre: index[1], post: index[2] };
}

/** The repaired patch, applied to the pre-image that the mail names, gives the post-image it names. */
export function checkRepair(repo: string, mail: string, patch: string): string[] {
	const { path, pre, post } = named(mail);
	const { blob } = applied(path, patch, git(repo, 'cat-file', 'blob', pre));
	return blob.startsWith(post) ? [] : [`${path}: ${blob}, the mail says ${post}`];
}

/** Placement of a patch of one file on every release against git and GNU patch. */
export function checkPlacements(repo: string, patch: string, report: RangeReport): string[] {
	const { path, pre } = named(patch);
	const before = git(repo, 'cat-file', 'blob', pre);
	const after = applied(path, patch, before).text;
	return report.releases.flatMap(({ release, placement }) => {
		const target = run('git', ['-C', repo, 'show', `${release}:${path}`]);
		const text = target.ok ? target.out : undefined;
		const measured = measuredPlacement(path, patch, text, before, after);
		return measured === placement.result
			? []
			: [`${release}: ${placement.result}, measured ${measured}`];
	});
}

/** Styles against those read by eye. */
export function checkStyles(report: StylesReport): { problems: string[]; pairs: number } {
	const problems: string[] = [];
	let pairs = 0;
	for (const { driver, releases, style, why } of STYLES) {
		const known = report.drivers.find((one) => one.driver === driver);
		for (const release of releases) {
			pairs++;
			const found = known?.releases.find((one) => one.release === release)?.style;
			if (found !== style) {
				problems.push(`${driver} ${release}: ${found ?? 'not there'}; read: ${style} (${why})`);
			}
		}
	}
	return { problems, pairs };
}

/** What came of judging patches twice. */
export interface Agreement {
	problems: string[];
	/** Where the index cannot tell and the repository can: a loss, no error. */
	notes: string[];
	summary: string;
}

/** One patch on one release, as the clone judges it, and how the index differs. */
export interface JudgedTwice {
	name: string;
	counterpart: RangeReport['releases'][number];
	difference: Difference | undefined;
}

/** Judges patches on every release by index and by clone. */
export async function* judgedTwice(
	patches: readonly GeneratedPatch[],
	byIndex: Judge,
	byClone: Judge,
): AsyncGenerator<JudgedTwice> {
	for (const { name, text } of patches) {
		const bytes = Buffer.from(text, 'latin1');
		const one = await byIndex.range(bytes, name);
		const other = await byClone.range(bytes, name);
		for (const [i, release] of one.releases.entries()) {
			const counterpart = other.releases[i];
			if (counterpart === undefined) continue;
			yield { name, counterpart, difference: judgementDifference(release, counterpart) };
		}
	}
}

/** Every patch by index (facts from the patch's own lines) and by repository (from patched text). */
export async function agreeOnPatches(
	patches: readonly GeneratedPatch[],
	byIndex: Judge,
	byClone: Judge,
): Promise<Agreement> {
	const problems: string[] = [];
	const notes: string[] = [];
	const verdicts = new Map<string, number>();
	let cells = 0;
	for await (const { name, counterpart, difference } of judgedTwice(patches, byIndex, byClone)) {
		cells++;
		verdicts.set(counterpart.verdict, (verdicts.get(counterpart.verdict) ?? 0) + 1);
		if (difference === undefined) continue;
		const line = `${name} on ${counterpart.release}: ${difference.text}`;
		(difference.loss ? notes : problems).push(line);
	}
	const counted = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
	return {
		problems,
		notes: notes.map((note) => `   index cannot tell: ${note}`),
		summary: `${patches.length} patches on ${cells} trees (${counted})`,
	};
}
