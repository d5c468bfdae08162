/**
 * Rules for `Cc: stable` lines: stable-kernel-rules.rst, "Option 1", and BAD_STABLE_ADDRESS_STYLE of
 * checkpatch.pl. stable@kernel.org is right for fixes of what is not disclosed yet, so it is let be.
 */
import {
	STABLE,
	type StableTag,
	sameStableTag,
	seriesInTag,
	stableValue,
} from '../../kernel/stable-tag.ts';
import type { StableLine } from './lines.ts';
import { CHECKPATCH, type LintRule, type Said, STABLE_RULES } from './model.ts';

/** The comment as the documents write it. */
function commentOf({ from, upTo, prerequisite, note, comment }: StableTag): string {
	if (from === undefined || upTo !== undefined) return comment;
	const version = seriesInTag(from);
	if (prerequisite !== undefined) {
		return [
			version,
			prerequisite.id,
			...(prerequisite.subject === '' ? [] : [prerequisite.subject]),
		].join(': ');
	}
	const rest = note.replace(/^[\s,;:+)\]-]+/, '');
	return rest === '' ? version : `${version}, ${rest}`;
}

/** A `Cc: stable` line in its form. */
export function stableLine({ stable }: Pick<StableLine, 'stable'>): string[] | null {
	return stable === undefined ? null : [`Cc: ${stableValue(commentOf(stable), stable.address)}`];
}

function tagged(lines: readonly StableLine[]): (StableLine & { stable: StableTag })[] {
	return lines.flatMap((line) =>
		line.stable === undefined ? [] : [{ ...line, stable: line.stable }],
	);
}

/** What a line asks for, to compare: its first series, or all. */
function asksFor({ from }: StableTag): string {
	return from === undefined ? 'every series' : `${seriesInTag(from)} and newer`;
}

const isNote = ({ from, note }: StableTag): boolean => from === undefined && note !== '';
const isOptOut = ({ address }: StableTag): boolean => address.includes('noautosel');

export const stableRules: readonly LintRule[] = [
	{
		id: 'stable-address',
		demand: `the address is ${STABLE}`,
		source: STABLE_RULES,
		check: ({ lines }) =>
			lines.stable
				.filter(({ stable }) => stable === undefined)
				.map(
					(at): Said => ({
						at,
						what: 'this is no address of the stable team',
						correction: [`Cc: <${STABLE}>`],
					}),
				),
	},
	{
		id: 'stable-form',
		demand: 'the address has no name, and # marks what stands behind it',
		source: CHECKPATCH,
		check: ({ lines }) =>
			tagged(lines.stable).flatMap((at): Said[] => {
				const { name, mark } = at.stable;
				const what =
					name !== ''
						? `the address has a name (${name})`
						: mark === 'other'
							? 'what stands behind the address is not marked with #'
							: undefined;
				return what === undefined ? [] : [{ at, what, correction: stableLine(at) }];
			}),
	},
	{
		id: 'stable-case',
		demand: 'Cc has one capital',
		source: CHECKPATCH,
		check: ({ lines }) =>
			tagged(lines.stable)
				.filter(({ tag }) => tag !== 'Cc')
				.map((at): Said => ({ at, what: `it is written ${at.tag}:`, correction: stableLine(at) })),
	},
	{
		id: 'stable-duplicate',
		demand: 'each series is asked for once',
		source: STABLE_RULES,
		check: ({ lines }) =>
			tagged(lines.stable).flatMap((at, i, all): Said[] => {
				const first = all.slice(0, i).find((other) => sameStableTag(other.stable, at.stable));
				if (first === undefined) return [];
				return [{ at, what: `line ${first.line} says the same`, correction: [] }];
			}),
	},
	{
		id: 'stable-disagree',
		demand: 'one first series is asked for, unless prerequisites differ',
		source: STABLE_RULES,
		check: ({ lines }) => {
			const all = tagged(lines.stable);
			const needed = new Set(
				all.flatMap(({ stable }) => (stable.prerequisite === undefined ? [] : [stable.from])),
			);
			const asking = all.filter(
				({ stable }) => stable.prerequisite === undefined && !isNote(stable) && !isOptOut(stable),
			);
			const [first] = asking;
			const optOut = all.find(({ stable }) => isOptOut(stable));
			const said: Said[] = [];
			if (first !== undefined && optOut !== undefined) {
				const what = `line ${first.line} asks for ${asksFor(first.stable)}, and this keeps the patch from stable`;
				said.push({ at: optOut, what, correction: null });
			}
			for (const at of asking.slice(1)) {
				if (first === undefined || at.stable.from === first.stable.from) continue;
				// Behind the prerequisites of a series stands the series, as often as prerequisites differ.
				if (needed.has(at.stable.from) || needed.has(first.stable.from)) continue;
				const what = `it asks for ${asksFor(at.stable)}, and line ${first.line} for ${asksFor(first.stable)}`;
				said.push({ at, what, correction: null });
			}
			return said;
		},
	},
	{
		id: 'stable-prerequisites',
		demand: 'behind the prerequisites of a series a line asks for the series itself',
		source: STABLE_RULES,
		check: ({ lines }) => {
			const all = tagged(lines.stable);
			return all.flatMap((at, i): Said[] => {
				const { prerequisite, from } = at.stable;
				const rest = all.slice(i + 1).filter(({ stable }) => stable.from === from);
				if (prerequisite === undefined || rest.length > 0 || from === undefined) return [];
				return [
					{
						at,
						what: `no line behind it asks for ${seriesInTag(from)}`,
						correction: [...(stableLine(at) ?? []), `Cc: ${stableValue(seriesInTag(from))}`],
					},
				];
			});
		},
	},
	{
		id: 'noautosel-reason',
		demand: 'who keeps a patch from stable says why',
		source: STABLE_RULES,
		check: ({ lines }) =>
			tagged(lines.stable)
				.filter(({ stable }) => isOptOut(stable) && stable.comment === '')
				.map((at): Said => ({ at, what: 'the reason is missing', correction: null })),
	},
	{
		id: 'stable-prerequisite-commit',
		demand: 'a prerequisite is a commit of the repository, with its title',
		source: STABLE_RULES,
		needs: 'repository',
		check: ({ lines, commits }) =>
			tagged(lines.stable).flatMap((at): Said[] => {
				const { prerequisite, from } = at.stable;
				const fact = prerequisite === undefined ? undefined : commits?.get(prerequisite.id);
				if (prerequisite === undefined || fact === undefined || from === undefined) return [];
				const { id, subject } = prerequisite;
				if (fact.state === 'unknown') {
					return [{ at, what: `there is no commit ${id} in this clone`, correction: null }];
				}
				if (fact.state === 'ambiguous') {
					const what = `${id} is the start of ${fact.candidates.length} commits`;
					return [{ at, what, correction: null }];
				}
				if (subject === fact.subject) return [];
				const right = `${seriesInTag(from)}: ${fact.id.slice(0, Math.max(12, id.length))}: ${fact.subject}`;
				const what = `the commit has the title "${fact.subject}"`;
				return [{ at, what, correction: [`Cc: ${stableValue(right)}`] }];
			}),
	},
];
