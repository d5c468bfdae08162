/**
 * The `Cc: stable` line of a commit message: which series it asks for, and what it says besides. The forms
 * are those of Documentation/process/stable-kernel-rules.rst, "Option 1"; forms that are met besides are
 * read too, and told apart. Pure.
 */
import { parseVersion, seriesOf } from './version.ts';

/** What tools of the stable team leave alone; the reason must be there (stable-kernel-rules.rst). */
export const NOAUTOSEL = 'stable+noautosel@kernel.org';
/** The list of the stable team. */
export const STABLE = 'stable@vger.kernel.org';

/** What the value of a `Cc:` line says to the stable team. */
export interface StableTag {
	/** As written, lower case: stable@vger.kernel.org, stable@kernel.org, stable+noautosel@kernel.org. */
	readonly address: string;
	/** A name before the address; '' for none. */
	readonly name: string;
	/** What stands behind the address, without its mark; '' for nothing. */
	readonly comment: string;
	/** How the comment is marked: the documents ask for `#`. Undefined without a comment. */
	readonly mark: '#' | 'other' | undefined;
	/** The first series it asks for, `4.14.y`; undefined where it names none. Newer ones are meant too. */
	readonly from: string | undefined;
	/** Where it names an end as well (`4.14.x - 4.18.x`), the last series; the documents have no such form. */
	readonly upTo: string | undefined;
	/** A commit to apply first: `4.14.x: 0123456789ab: subject`. */
	readonly prerequisite: { readonly id: string; readonly subject: string } | undefined;
	/** `see patch description, needs adjustments for ...`, and other notes. */
	readonly note: string;
}

/** Of a longer line only this much is read. */
const LONGEST = 2048;
const ADDRESS = /stable(?:\+noautosel)?@(?:vger\.)?kernel\.org/i;
/** `4.14.x`, `v4.14`, `4.14+`, `>= 4.14`, `4.14.y`. */
const VERSION =
	/^(?:>=|since|from)?\s*v?(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)(?:\.[xy])?(\+?)(?![\w.])/i;
const UP_TO = /^\s*(?:-|\.\.|to|through)\s*v?(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)(?:\.[xy])?(?![\w.])/i;
const PREREQUISITE = /^\s*:\s*([0-9a-f]{6,64})\s*(?::\s*|\s|$)/i;

/** Reads the value of a `Cc:` line; undefined where it is for somebody else. */
export function readStableTag(value: string): StableTag | undefined {
	const text = value.slice(0, LONGEST);
	const found = ADDRESS.exec(text);
	if (found === null || /[\w.+-]/.test(text.charAt(found.index - 1))) return undefined;
	const before = text.slice(0, found.index).replace(/</g, '').replace(/"/g, '').trim();
	// A list of addresses is no stable tag with a name.
	if (before.includes('@') || before.includes('#')) return undefined;
	const rest = text
		.slice(found.index + found[0].length)
		.trim()
		.replace(/^>/, '')
		.trim();
	const hash = rest.startsWith('#');
	let end = rest.length;
	while (end > 0 && ' \t)]'.includes(rest.charAt(end - 1))) end--;
	const comment = rest.slice(0, end).replace(/^[#\s([]+/, '');
	const version = VERSION.exec(comment);
	const behind = version === null ? '' : comment.slice(version[0].length);
	const upTo = UP_TO.exec(behind);
	const prerequisite = PREREQUISITE.exec(behind);
	return {
		address: found[0].toLowerCase(),
		name: before,
		comment,
		mark: comment === '' ? undefined : hash ? '#' : 'other',
		from: version === null ? undefined : seriesNamed(version[1] ?? ''),
		upTo: upTo === null ? undefined : seriesNamed(upTo[1] ?? ''),
		prerequisite:
			prerequisite === null
				? undefined
				: {
						id: (prerequisite[1] ?? '').toLowerCase(),
						subject: behind.slice(prerequisite[0].length).trim(),
					},
		note: version === null ? comment : behind.slice((upTo ?? prerequisite)?.[0].length ?? 0).trim(),
	};
}

function seriesNamed(text: string): string | undefined {
	const version = parseVersion(text);
	return version === undefined ? undefined : seriesOf(version);
}

/** `4.14.x`: how the documents write the series `4.14.y`. */
export function seriesInTag(series: string): string {
	return series.replace(/\.y$/, '.x');
}

/** The value of a `Cc:` line to the stable team with a comment, as the documents write it. */
export function stableValue(comment: string, address = STABLE): string {
	return comment === '' ? `<${address}>` : `<${address}> # ${comment}`;
}

/**
 * What makes two stable tags say the same: series, prerequisite and note, not how they are written. The id of a
 * prerequisite counts with its first seven digits.
 */
export function sameStableTag(one: StableTag, other: StableTag): boolean {
	const key = ({ address, from, upTo, prerequisite, note }: StableTag): string =>
		[
			address.includes('noautosel'),
			from,
			upTo,
			prerequisite?.id.slice(0, 7),
			prerequisite === undefined ? note.toLowerCase() : '',
		].join('\0');
	return key(one) === key(other);
}
