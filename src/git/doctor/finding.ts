/** What the doctor says of one thing. */

/** `good` helps, `note` is good to know, `hurts` makes answers slow, incomplete or unknown. */
export const SEVERITIES = ['good', 'note', 'hurts'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
	id: string;
	severity: Severity;
	/** A sentence without a full stop. */
	text: string;
	command: string | null;
}

export function good(id: string, text: string): Finding {
	return { id, severity: 'good', text, command: null };
}

export function note(id: string, text: string, command: string | null = null): Finding {
	return { id, severity: 'note', text, command };
}

export function hurts(id: string, text: string, command: string | null = null): Finding {
	return { id, severity: 'hurts', text, command };
}

/** `1 pack`, `3 packs`. */
export function counted(count: number, what: string, several = `${what}s`): string {
	return `${count} ${count === 1 ? what : several}`;
}
