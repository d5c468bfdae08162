/** Unified diffs, from the first line of the input. What was read whole is printed and read again. */
import assert from 'node:assert/strict';
import { type FilePatch, parseDiff } from '../../../src/patch/diff.ts';
import { mendLines } from '../../../src/patch/mend.ts';
import { printFile } from '../../../src/patch/print.ts';
import type { Target } from '../target.ts';

export const DIFFS = [
	'diff --git a/drivers/acme.c b/drivers/acme.c\nindex 1234567..89abcde 100644\n--- a/drivers/acme.c\n+++ b/drivers/acme.c\n@@ -1,4 +1,5 @@ static int acme_probe(void)\n {\n-\tint a;\n+\tint b;\n+\tint c;\n \n }\n',
	'diff --git a/new.c b/new.c\nnew file mode 100644\nindex 0000000..89abcde\n--- /dev/null\n+++ b/new.c\n@@ -0,0 +1,2 @@\n+int a;\n+int b;\n\\ No newline at end of file\n',
	'diff --git a/old.c b/old.c\ndeleted file mode 100755\nindex 1234567..0000000\n--- a/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n',
	'diff --git a/a.c b/b.c\nsimilarity index 90%\nrename from a.c\nrename to b.c\nindex 1234567..89abcde 100644\n--- a/a.c\n+++ b/b.c\n@@ -3 +3 @@ x\n-y\n+z\n',
	'diff --git a/x b/y\nsimilarity index 100%\ncopy from x\ncopy to y\ndiff --git a/m b/m\nold mode 100644\nnew mode 100755\n',
	'diff --git "a/\\303\\244 \\"q\\"" "b/\\303\\244 \\"q\\""\nindex 1..2 100644\n--- "a/\\303\\244 \\"q\\""\n+++ "b/\\303\\244 \\"q\\""\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n',
	'diff --git a/b.bin b/b.bin\nindex 1234567..89abcde 100644\nBinary files a/b.bin and b/b.bin differ\n',
	'diff --git a/b.bin b/b.bin\nindex 1234567..89abcde 100644\nGIT binary patch\nliteral 3\nKcmZ?d00001\n\nliteral 0\nHcmV?d00001\n\n',
	'Index: src/x.c\n===================================================================\n--- src/x.c.orig\t2017-01-01 00:00:00.000000000 +0000\n+++ src/x.c\t2017-01-02 00:00:00.000000000 +0000\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n@@ -10,2 +10,3 @@\n e\n+f\n g\n-- \n2.14.1\n',
	'--- a/x.c\n+++ b/x.c\n@@ -1,9 +1,9 @@\n a\nb\n-c\n+ d\n\n@@ -20,1 +20,1 @@\n-e\n+f\n',
];

export const DIFF_WORDS = [
	...['diff --git a/x b/x\n', '--- a/x\n', '+++ b/x\n', '--- /dev/null\n', '+++ /dev/null\n'],
	...['@@ -1 +1 @@\n', '@@ -1,3 +1,4 @@ f\n', '@@ -0,0 +1 @@\n', '@@ ', ' @@', 'index 1..2\n'],
	...[
		'new file mode 100644\n',
		'deleted file mode 100644\n',
		'old mode 100644\n',
		'new mode 120000\n',
	],
	...['rename from x\n', 'rename to y\n', 'copy from x\n', 'copy to y\n', 'similarity index 9%\n'],
	...['Binary files a/x and b/x differ\n', 'GIT binary patch\n', 'literal 3\n', 'delta 9\n'],
	...[
		'\\ No newline at end of file\n',
		'-- \n',
		' \n',
		'+\n',
		'-\n',
		'\n',
		'"a/\\303"',
		'a/',
		'b/',
		'..',
	],
	...[
		'a/../x',
		'/etc/x',
		'> ',
		'&gt; ',
		'diff --git a/x\n',
		'diff -urN a/x b/x\n',
		'*** a/x\n',
		'\t',
	],
];

export const diff: Target = {
	seeds: [...DIFFS, DIFFS.join('')],
	vocabulary: {
		words: DIFF_WORDS,
		pairs: [
			['> ', ''],
			['+', ''],
			['a/', ''],
			['\\303', ''],
			['"', '"'],
			['diff --git a/x b/x\n', ''],
		],
	},
	run: (input) => {
		const lines = mendLines(Buffer.from(input).toString().split('\n'));
		const { files, damaged } = parseDiff(lines, 'input');
		if (damaged) return;
		const whole = files.filter((file) => file.binary !== true && isWhole(file));
		if (whole.length > 0) assert.deepEqual(printedAndRead(whole), whole.map(plain));
	},
};

/** Whether a printed patch has all that a file patch says; one that contradicts itself has not. */
function isWhole({ hunks, renameFrom, copyFrom, oldPath, newPath, ...file }: FilePatch): boolean {
	if ((renameFrom ?? copyFrom ?? oldPath) !== (copyFrom ?? renameFrom ?? oldPath)) return false;
	if (file.isNew === (oldPath !== undefined) || file.isDeleted === (newPath !== undefined))
		return false;
	return hunks.length > 0 && hunks.every(({ tail }) => tail === undefined);
}

function printedAndRead(files: readonly FilePatch[]): FilePatch[] {
	const text = files.map(printFile).join('');
	return parseDiff(text.split('\n'), 'printed').files.map(plain);
}

/** Without where it stood, and what a plain diff does not say and git's form does. */
function plain(file: FilePatch): FilePatch {
	const { oldMode: _, newMode: __, preimage: ___, postimage: ____, ...rest } = file;
	return { ...rest, hunks: file.hunks.map((hunk) => ({ ...hunk, at: 0 })) };
}
