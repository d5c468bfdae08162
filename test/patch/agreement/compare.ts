/** Compares placements with the tools they stand for, and tells why where they differ. */
import { FingerprintInterner, type Interner, TextInterner } from '../../../src/patch/lines.ts';
import { applyPlacement, type FilePlacement, placeFile } from '../../../src/patch/placement.ts';
import { internHunks } from '../../../src/patch/search.ts';
import type { PlacementCase } from './cases.ts';
import type { Reason } from './reasons.ts';
import { askTools, FUZZ_LEVELS, type Taken, takenBack, type Verdicts } from './tools.ts';

/** Where a placement is not what a tool says. */
export interface Disagreement {
	name: string;
	/** Whether the pre-image was given. */
	preimage: boolean;
	what: string;
	/** Why this is right; undefined where it is a mistake of ours. */
	reason: Reason | undefined;
}

/** The result of comparing a number of cases. */
export interface Comparison {
	/** Placements by result. */
	results: Map<string, number>;
	disagreements: Disagreement[];
}

/** Places all cases, asks the tools about them, and compares. */
export function compareCases(cases: readonly PlacementCase[]): Comparison {
	const verdicts = askTools(cases);
	const results = new Map<string, number>();
	const disagreements: Disagreement[] = [];
	const forced: { one: PlacementCase; said: Verdicts; disagreement: Disagreement }[] = [];
	for (const [i, one] of cases.entries()) {
		const said = verdicts[i];
		if (said === undefined) continue;
		const interner = i % 2 === 0 ? new TextInterner() : new FingerprintInterner();
		for (const preimage of one.base === undefined ? [false] : [true, false]) {
			const placed = placedCase(one, interner, preimage);
			const key = `${placed.result}${preimage ? '' : ', pre-image unknown'}`;
			results.set(key, (results.get(key) ?? 0) + 1);
			for (const { what, text } of differences(one, placed, said, preimage)) {
				const reason =
					text === undefined ? whyRefused(one, said, preimage) : whyOtherText(one, placed, text);
				const disagreement = { name: one.name, preimage, what, reason };
				disagreements.push(disagreement);
				if (placed.result === 'conflict' && / patch -F/.test(what))
					forced.push({ one, said, disagreement });
			}
		}
	}
	const twice = secondTimes(forced.map(({ one, said }) => ({ one, said })));
	for (const { one, disagreement } of forced) {
		if (twice.has(one.name)) disagreement.reason = 'second-time';
		else if (one.file.isNew && one.file.hunks.length === 0) disagreement.reason = 'empty-creation';
	}
	return { results, disagreements };
}

function placedCase(one: PlacementCase, interner: Interner, preimage: boolean): FilePlacement {
	const hunks = internHunks(interner, one.file.hunks);
	const { isNew, isDeleted } = one.file;
	const target = one.ours === undefined ? undefined : interner.lines(one.ours);
	const base = preimage && one.base !== undefined ? interner.lines(one.base) : undefined;
	return placeFile(target, { isNew, isDeleted, hunks }, base);
}

/** The cases of which GNU patch takes a hunk with fuzz and, given that hunk alone, takes it back without. */
function secondTimes(cases: readonly { one: PlacementCase; said: Verdicts }[]): Set<string> {
	const alone = cases.flatMap(({ one, said }) => {
		const taken = said.patch.find((level) => level !== undefined);
		return one.file.hunks.flatMap((hunk, i) => {
			if ((taken?.hunks.get(i)?.fuzz ?? 0) === 0) return [];
			const name = `h${i}-${one.name}`;
			const file = { ...one.file, oldPath: name, newPath: name, hunks: [hunk] };
			return [{ of: one.name, single: { ...one, name, file } }];
		});
	});
	const unique = [...new Map(alone.map((entry) => [entry.single.name, entry])).values()];
	if (unique.length === 0) return new Set();
	const found = takenBack(unique.map(({ single }) => single));
	return new Set(unique.filter(({ single }) => found.has(single.name)).map(({ of }) => of));
}

/** Where git takes a patch that ends with a context line without newline, and we do without its white space. */
function whyRefused(one: PlacementCase, said: Verdicts, preimage: boolean): Reason | undefined {
	const last = one.file.hunks.at(-1)?.lines.at(-1);
	if (said.apply === undefined || last?.kind !== ' ' || last.noNewline !== true) return undefined;
	const bare = (one.ours ?? '').replace(/[ \t]+$/gm, '');
	const { result } = placedCase({ ...one, ours: bare }, new TextInterner(), preimage);
	return result === 'exact' || result === 'offset' ? 'trailing-space' : undefined;
}

/** Where the texts differ in newlines only, at a line that the target or the patch has without one. */
function whyOtherText(one: PlacementCase, placed: FilePlacement, text: string): Reason | undefined {
	const ours = applyPlacement(one.ours ?? '', placed) ?? '';
	const bare = (full: string): string => full.replaceAll('\n', '');
	const open = one.ours !== '' && one.ours?.endsWith('\n') === false;
	const opens = one.file.hunks.some(({ lines }) => lines.some(({ noNewline }) => noNewline));
	return bare(ours) === bare(text) && (open || opens) ? 'joined-lines' : undefined;
}

/** What a placement says otherwise than a tool. */
interface Difference {
	what: string;
	/** The text of the tool, where it is another than ours. */
	text?: string;
}

/** What a placement of a case says otherwise than the tools, in sentences. */
function differences(
	one: PlacementCase,
	placed: FilePlacement,
	said: Verdicts,
	preimage: boolean,
): Difference[] {
	const { result } = placed;
	if (one.ours === undefined) return withoutTarget(one, result);
	if (said.reverse !== (result === 'already')) {
		const git = said.reverse ? 'accepts' : 'refuses';
		return [{ what: `${result}, and git apply -R --check ${git}` }];
	}
	if (result === 'already') return [];
	const direct = result === 'exact' || result === 'offset';
	if (said.apply !== undefined) {
		if (!direct) return [{ what: `${result}, and git apply accepts` }];
		const problems = sameHunks('git apply', placed, said.apply);
		const moved = placed.hunks.some(({ offset }) => offset !== 0);
		if (moved !== (result === 'offset')) problems.push({ what: `${result} with offsets` });
		return [...problems, ...sameText('git apply', one.ours, placed, said.apply.text)];
	}
	if (direct) return [{ what: `${result}, and git apply refuses` }];
	const mergeable = preimage && one.theirs !== undefined;
	if (mergeable && (said.merged !== undefined) !== (result === 'merge')) {
		const git = said.merged === undefined ? 'has conflicts' : 'is clean';
		return [{ what: `${result}, and git merge-file ${git}` }];
	}
	if (result === 'merge') {
		if (!mergeable) return [{ what: 'merge without a pre-image' }];
		return sameText('git merge-file', one.ours, placed, said.merged);
	}
	const level = FUZZ_LEVELS.find((fuzz) => said.patch[fuzz] !== undefined);
	const taken = level === undefined ? undefined : said.patch[level];
	if (level === undefined || taken === undefined) {
		return result === 'fuzz' ? [{ what: 'fuzz, and patch -F2 refuses' }] : [];
	}
	const name = `patch -F${level}`;
	if (result !== 'fuzz') return [{ what: `${result}, and ${name} accepts` }];
	const most = Math.max(...placed.hunks.map(({ fuzz }) => fuzz));
	if (most !== level) return [{ what: `fuzz ${most}, and ${name} accepts` }];
	return [...sameHunks(name, placed, taken), ...sameText(name, one.ours, placed, taken.text)];
}

function withoutTarget(one: PlacementCase, result: string): Difference[] {
	const expected = one.file.isNew ? 'exact' : one.file.isDeleted ? 'already' : 'missing';
	return result === expected ? [] : [{ what: `${result} where there is no file` }];
}

function sameHunks(tool: string, placed: FilePlacement, taken: Taken): Difference[] {
	return placed.hunks.flatMap(({ offset, fuzz }, i) => {
		const other = taken.hunks.get(i) ?? { offset: 0, fuzz: 0 };
		if (offset === other.offset && fuzz === other.fuzz) return [];
		const theirs = `offset ${other.offset}, fuzz ${other.fuzz}`;
		return [{ what: `a hunk at offset ${offset}, fuzz ${fuzz}, and ${tool} at ${theirs}` }];
	});
}

function sameText(
	tool: string,
	ours: string,
	placed: FilePlacement,
	text: string | undefined,
): Difference[] {
	if (text === undefined || applyPlacement(ours, placed) === text) return [];
	return [{ what: `another text than that of ${tool}`, text }];
}
