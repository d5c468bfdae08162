/** Names that stores are asked for. */

/** Whether a text can be asked for as a revision; what looks like an option never is. */
export function isRevision(text: string): boolean {
	return text !== '' && !text.startsWith('-') && !/[\0\n\r]/.test(text);
}
