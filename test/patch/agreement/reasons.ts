/**
 * In which ways a placement may differ from the tool it stands for, and why. Everything else is a
 * mistake of ours. Comparisons name the reasons of what they find by these words.
 */
export const REASONS = {
	'second-time':
		'GNU patch is forced (-f) and puts a hunk in with fuzz that is there already: given that hunk alone, patch -R takes it out without fuzz. Not forced, GNU patch asks this of the first hunk of a file only ("Reversed (or previously applied) patch detected"). We ask it of every hunk, and call such a file a conflict.',
	'joined-lines':
		'Same lines, another newline: where a line without newline is the last of the target or of the patch, git apply joins it with the next one, or drops the newline of the target, because it compares bytes as far as the hunk goes. We keep lines apart, and the newline the target has.',
	'trailing-space':
		'The patch ends with a context line that has no newline, and the target has that line with white space behind it. git apply hashes lines without white space and compares bytes as far as the hunk goes, so it takes the one for the other, and drops the white space. We compare whole lines.',
	'empty-creation':
		'A patch that creates an empty file, where there is a file with lines: it has no hunk, so GNU patch has nothing to do and says nothing. git refuses, and so do we.',
} as const;

export type Reason = keyof typeof REASONS;
