/** Lines of Kconfig files as text: what is indented, quoted, continued or a comment. */

/** A line without the backslash that it ends with; undefined where it ends with none. */
export function continued(line: string): string | undefined {
	if (!line.includes('\\')) return undefined;
	const text = line.trimEnd();
	return text.endsWith('\\') ? text.slice(0, -1) : undefined;
}

/** A line up to a # that is in no quotes. */
export function withoutComment(line: string): string {
	if (!line.includes('#')) return line;
	let quote = '';
	for (let i = 0; i < line.length; i++) {
		const c = line[i] ?? '';
		if (quote !== '') {
			if (c === '\\') i++;
			else if (c === quote) quote = '';
		} else if (c === '"' || c === "'") quote = c;
		else if (c === '#') return line.slice(0, i);
	}
	return line;
}

/** `"prompt" if X`, `TARGET if X`: what stands before `if`, and the expression after it. */
export function splitIf(text: string): { subject: string; when: string } {
	if (!text.includes('if')) return { subject: text.trim(), when: '' };
	let quote = '';
	for (let i = 0; i < text.length; i++) {
		const c = text[i] ?? '';
		if (quote !== '') {
			if (c === '\\') i++;
			else if (c === quote) quote = '';
		} else if (c === '"' || c === "'") quote = c;
		else if (
			c === 'i' &&
			/^if[\s(!"]/.test(text.slice(i, i + 3)) &&
			/[\s")]/.test(text[i - 1] ?? '')
		) {
			return { subject: text.slice(0, i).trim(), when: text.slice(i + 2) };
		}
	}
	return { subject: text.trim(), when: '' };
}

/** A text without the quotes around it. */
export function unquoted(text: string): string {
	return text.replace(/^(["'])(.*)\1$/, '$2').trim();
}
