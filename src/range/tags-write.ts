/** The trailers that tags add to a patch: what it does not say already, in however other words. */
import { readStableTag, type StableTag, sameStableTag } from '../kernel/stable-tag.ts';
import { type Insertion, trailerBlock, trailerInsertion } from '../kernel/trailer-block.ts';
import { commitWords } from '../kernel/trailers.ts';
import type { RangeReport } from './report.ts';

/** What is written into a patch. */
export interface WrittenTags {
	/** Undefined where the patch says all of it. */
	readonly insertion: Insertion | undefined;
	/** `Cc: stable` lines of the patch that ask for something else than those that are proposed. */
	readonly others: readonly string[];
}

/**
 * Finds what tags add to a message, and where.
 * @param message the commit message without its subject
 */
export function writtenTags(
	subject: string,
	message: string,
	tags: Pick<RangeReport['tags'], 'fixes' | 'cc'>,
): WrittenTags {
	const lines = [subject, '', ...(message === '' ? [] : message.split('\n'))];
	const fixed = commitWords(subject, message)
		.filter(({ kind }) => kind === 'fixes')
		.map(({ id }) => id);
	const asked = trailerBlock(lines).trailers.flatMap(({ name, value }) => {
		const tag = /^cc$/i.test(name) ? readStableTag(value) : undefined;
		return tag === undefined ? [] : [{ tag, line: `${name}: ${value}` }];
	});
	const proposed = tags.cc.map(trailerOf);
	const tagOf = ({ value }: { value: string }): StableTag | undefined => readStableTag(value);
	const added = [
		...tags.fixes.map(trailerOf).filter(({ value }) => {
			const id = /^[0-9a-f]+/.exec(value)?.[0] ?? '';
			return !fixed.some((one) => one.startsWith(id) || id.startsWith(one));
		}),
		...proposed.filter((one) => {
			const tag = tagOf(one);
			return tag === undefined || !asked.some((other) => sameStableTag(other.tag, tag));
		}),
	];
	const others = asked.filter(
		({ tag }) => !proposed.some((one) => sameStableTag(tagOf(one) ?? tag, tag)),
	);
	return {
		insertion: trailerInsertion(lines, added),
		others: proposed.length === 0 ? [] : others.map(({ line }) => line),
	};
}

function trailerOf(line: string): { name: string; value: string } {
	const colon = line.indexOf(': ');
	return { name: line.slice(0, colon), value: line.slice(colon + 2) };
}
