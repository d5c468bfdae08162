/** Where the words of C are in a text, found without splitting it. */

/** Whether a character (its code) may stand in an identifier; what is no character may not. */
export function isWord(code: number): boolean {
	return (
		(code >= 48 && code <= 57) ||
		(code >= 65 && code <= 90) ||
		(code >= 97 && code <= 122) ||
		code === 95
	);
}

/** The offset of the first place at which a word stands as a whole; -1 where it does not. */
export function indexOfWord(text: string, word: string): number {
	for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
		const whole = !isWord(text.charCodeAt(at - 1)) && !isWord(text.charCodeAt(at + word.length));
		if (whole) return at;
	}
	return -1;
}
