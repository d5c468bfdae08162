/**
 * What a line of a damaged mail may have been before it was shown or stored: HTML entities decoded,
 * no-break spaces plain, spelled-out mail addresses put back. Which reading holds is decided by the
 * file that the patch was made from, line by line; added lines follow what most lines say.
 */

/** How a reading was come by, in the order in which they are tried. */
export const WAYS_OF_READING = ['raw', 'spaces', 'entities', 'twice', 'address', 'all'] as const;
export type WayOfReading = (typeof WAYS_OF_READING)[number];

export interface Reading {
	way: WayOfReading;
	text: string;
}

const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,6}));/g;
const NAMED: Readonly<Record<string, string>> = {
	lt: '<',
	gt: '>',
	amp: '&',
	quot: '"',
	apos: "'",
	nbsp: ' ',
};
const NO_BREAK = /\u00a0/g;

/** Decodes the entities that archives make of C: the five of XML, no-break space, numbers. */
export function decodeEntities(text: string): string {
	return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
		if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
		const code = Number.parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10);
		if (code === 0xa0) return ' ';
		// Control characters would start new lines or fool a terminal.
		const plain =
			code === 9 || (code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000));
		return plain ? String.fromCodePoint(code) : whole;
	});
}

/** Puts back addresses that pipermail (`user at host`) and MARC (`user () host ! org`) spell out. */
export function spellBack(text: string): string {
	return text
		.replace(/([\w.+-]) at ([\w-]+(?:\.[\w-]+)+)/g, '$1@$2')
		.replace(/([\w.+-]) \(\) ([\w.-]+(?: ! [\w.-]+)+)/g, (_, user: string, host: string) => {
			return `${user}@${host.replaceAll(' ! ', '.')}`;
		});
}

/** The readings of a text, as it is first, no two alike. */
export function readingsOf(text: string): Reading[] {
	const found: Reading[] = [{ way: 'raw', text }];
	// Nearly every line has only one reading; the tests keep it cheap.
	const entity = text.includes('&') && text.includes(';');
	const broken = text.includes('\u00a0');
	const spelled = text.includes(' at ') || text.includes(' () ');
	if (!entity && !broken && !spelled) return found;
	const add = (way: WayOfReading, reading: string): void => {
		if (!found.some((one) => one.text === reading)) found.push({ way, text: reading });
	};
	const spaces = text.replace(NO_BREAK, ' ');
	const once = decodeEntities(spaces);
	const twice = decodeEntities(once);
	add('spaces', spaces);
	add('entities', once);
	add('twice', twice);
	add('address', spellBack(text));
	add('all', spellBack(once));
	return found;
}

/** Counts which way of reading the lines of a file confirm, where there was a choice. */
export class ReadingVotes {
	readonly #votes = new Map<WayOfReading, number>();

	/** Notes that a line with a choice was read this way. */
	count(way: WayOfReading): void {
		this.#votes.set(way, (this.#votes.get(way) ?? 0) + 1);
	}

	/** The readings of an added line, likeliest first. */
	of(text: string): Reading[] {
		const readings = readingsOf(text);
		if (readings.length === 1) return readings;
		const weight = (one: Reading): number => this.#votes.get(one.way) ?? 0;
		return readings
			.map((one, index) => ({ one, index }))
			.sort((a, b) => weight(b.one) - weight(a.one) || a.index - b.index)
			.map(({ one }) => one);
	}
}
