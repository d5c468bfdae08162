import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { applyHunks, gitBlobId } from '../../src/patch/apply.ts';
import type { FilePatch } from '../../src/patch/diff.ts';
import { indentGuesses } from '../../src/patch/indent.ts';
import { FingerprintInterner, fingerprints } from '../../src/patch/lines.ts';
import { readPatch } from '../../src/patch/mail.ts';
import { unmasks } from '../../src/patch/masks.ts';
import { placeFile } from '../../src/patch/placement.ts';
import { printFile } from '../../src/patch/print.ts';
import { repairPatch } from '../../src/patch/repair.ts';
import { filePatch, hunksBetween, textOf } from './cases.ts';

const DRIVER = `// A driver that no kernel has.
#include <linux/module.h>

static int lamp_probe(struct platform_device *pdev)
{
	struct lamp *lamp;
	int ret;

	lamp = devm_kzalloc(&pdev->dev, sizeof(*lamp), GFP_KERNEL);
	if (!lamp)
		return -ENOMEM;

	ret = lamp_register(lamp);
	if (ret)
		return ret;

	/*
	 * The shade cannot be set here,
	 * see lamp_init().
	 */

	platform_set_drvdata(pdev, lamp);

	return 0;
}

static struct platform_driver lamp_driver = {
	.driver = {
		.name = "lamp",
	},
	.probe	= lamp_probe,
};

static int __init lamp_init(void)
{
	int ret;

	ret = platform_driver_register(&lamp_driver);
	if (ret < 0)
		return ret;

	lamp_set_shade(&lamp_driver);

	return 0;
}

subsys_initcall(lamp_init);

MODULE_DESCRIPTION("Lamp");
MODULE_AUTHOR("A Author <author@example.org>");
`;

const PATCHED = DRIVER.replace(
	`	 * The shade cannot be set here,
	 * see lamp_init().
	 */
`,
	`	 * Now that there is a lamp,
	 * set its shade.
	 */
	if (!lamp_shaded(lamp))
		lamp_set_shade(&lamp_driver);
`,
).replace(/static int __init[\s\S]*lamp_init\);\n/, 'module_platform_driver(lamp_driver);\n');

/** What list archives do: fold white space, drop blank context lines and mask hosts. */
function eaten(text: string): string {
	return text
		.split('\n')
		.map((line) =>
			/^[+-](?![+-]{2} )/.test(line)
				? line.replace(/\s+/g, ' ').trimEnd()
				: line.replace(/\s+/g, ' ').trim(),
		)
		.filter((line) => line !== '')
		.map((line) => line.replace(/@example\.org/, '@xxxxxxxxxxx'))
		.join('\n');
}

function madeFrom(before: string, after: string): FilePatch {
	return {
		...filePatch('drivers/lamp/lamp.c', hunksBetween(before, after)),
		preimage: gitBlobId(Buffer.from(before)).slice(0, 13),
		postimage: gitBlobId(Buffer.from(after)).slice(0, 13),
	};
}

function archived(before: string, after: string): FilePatch {
	const page = `Re: [PATCH v2] lamp: Set the shade in probe

From: R Reviewer
Date: Tue Nov 21 2017 - 07:59:44 EST

On 20/09/17 15:13, A Author wrote:
Set the shade where the lamp is known.

I like it.

Signed-off-by: A Author <author@xxxxxxxxxxx>
---
drivers/lamp/lamp.c | 9 +++------

${eaten(printFile(madeFrom(before, after)))}
`;
	const patch = readPatch(Buffer.from(page), 'archive');
	assert.equal(patch.damaged, true);
	assert.equal(patch.subject, '[PATCH v2] lamp: Set the shade in probe');
	assert.equal(patch.author, 'A Author <author@xxxxxxxxxxx>');
	const file = patch.files[0];
	assert.ok(file !== undefined);
	return file;
}

const WHERE = { where: 'archive' };

describe('repair of a patch that an archive damaged', () => {
	it('gives back the post-image that the index line names', () => {
		const interner = new FingerprintInterner();
		const file = archived(DRIVER, PATCHED);
		const pre = { lines: interner.lines(DRIVER), text: DRIVER };
		const repaired = repairPatch(file, pre, interner, WHERE);
		assert.equal(repaired.proof, 'postimage');
		assert.equal(repaired.changed, true);
		assert.equal(applyHunks(DRIVER, repaired.file.hunks), PATCHED);
		assert.equal(printFile(repaired.file), printFile(madeFrom(DRIVER, PATCHED)));
	});

	it('finds the side of added lines on which a blank line was', () => {
		const after = DRIVER.replace(
			'\tint ret;\n\n\tlamp =',
			'\tint ret;\n\n\tlamp_lock();\n\tlamp =',
		);
		const file = archived(DRIVER, after);
		const interner = new FingerprintInterner();
		const pre = { lines: interner.lines(DRIVER), text: DRIVER };
		const repaired = repairPatch(file, pre, interner, WHERE);
		assert.equal(repaired.proof, 'postimage');
		assert.equal(applyHunks(DRIVER, repaired.file.hunks), after);
	});

	it('works from fingerprints alone, proved as far as the pre-image', () => {
		const interner = new FingerprintInterner();
		const file = archived(DRIVER, PATCHED);
		const lines = interner.ofFingerprints(fingerprints(Buffer.from(DRIVER)));
		const id = gitBlobId(Buffer.from(DRIVER));
		const repaired = repairPatch(file, { lines, id }, interner, WHERE);
		assert.equal(repaired.proof, 'preimage');
		const texts = repaired.file.hunks.flatMap((hunk) => hunk.lines.map((line) => line.text));
		assert.ok(texts.includes('\t.probe\t= lamp_probe,'));
		assert.ok(texts.includes('\t\tlamp_set_shade(&lamp_driver);'));
		const { hunks } = repaired;
		assert.equal(placeFile(lines, { hunks }).result, 'exact');
		assert.equal(placeFile(interner.lines(PATCHED), { hunks }).result, 'already');
	});

	it('leaves a sound patch alone and proves it', () => {
		const interner = new FingerprintInterner();
		const file = madeFrom(DRIVER, PATCHED);
		const pre = { lines: interner.lines(DRIVER), text: DRIVER };
		const repaired = repairPatch(file, pre, interner, WHERE);
		assert.deepEqual([repaired.proof, repaired.changed], ['postimage', false]);
		assert.equal(repaired.file, file);
	});

	it('proves nothing with another pre-image, and refuses one that lacks the lines', () => {
		const interner = new FingerprintInterner();
		const file = archived(DRIVER, PATCHED);
		const other = `/* more */\n${DRIVER}`;
		const pre = { lines: interner.lines(other), text: other };
		assert.equal(repairPatch(file, pre, interner, WHERE).proof, 'none');
		const wrong = textOf(['int main(void)', '{', '}']);
		assert.throws(
			() => repairPatch(file, { lines: interner.lines(wrong), text: wrong }, interner, WHERE),
			(error: unknown) =>
				error instanceof RangefinderError && error.failure.code === 'cannot-repair',
		);
	});

	it('says that a damaged patch is also cut short', () => {
		const interner = new FingerprintInterner();
		const file = archived(DRIVER, PATCHED);
		const last = file.hunks.at(-1);
		assert.ok(last !== undefined);
		last.lines.splice(-2);
		const pre = { lines: interner.lines(DRIVER), text: DRIVER };
		assert.throws(
			() => repairPatch(file, pre, interner, WHERE),
			(error: unknown) => error instanceof RangefinderError && /cut short/.test(error.message),
		);
	});

	it('never claims a proof that hashing refutes', () => {
		const statements = [
			'lamp_on();',
			'if (lamp)',
			'return ret;',
			'/* x */',
			'foo(a,',
			'}',
			'',
			'u8 a;',
		];
		const added = fc.array(
			fc.tuple(fc.constantFrom('', '\t', '\t\t', '\t\t  ', ' '), fc.constantFrom(...statements)),
			{ minLength: 1, maxLength: 3 },
		);
		const lines = DRIVER.split('\n').slice(0, -1);
		let proved = 0;
		fc.assert(
			fc.property(fc.nat(lines.length - 2), fc.nat(2), added, (at, remove, more) => {
				const after = [...lines];
				after.splice(
					at,
					remove,
					...more.map(([indent, text]) => (text === '' ? '' : indent + text)),
				);
				const text = textOf(after);
				fc.pre(text !== DRIVER);
				const whole = printFile(madeFrom(DRIVER, text));
				const file = readPatch(Buffer.from(eaten(whole)), 'archive').files[0];
				assert.ok(file !== undefined);
				const interner = new FingerprintInterner();
				const pre = { lines: interner.lines(DRIVER), text: DRIVER };
				const repaired = repairPatch(file, pre, interner, WHERE);
				const result = applyHunks(DRIVER, repaired.file.hunks);
				assert.ok(result !== undefined);
				assert.equal(repaired.proof === 'postimage', result === text);
				assert.ok(repaired.proof !== 'none');
				if (repaired.proof === 'postimage') proved++;
			}),
			{ numRuns: 60, seed: 5 },
		);
		assert.ok(proved > 30, `proved ${proved}`);
	});
});

describe('indentation of added lines', () => {
	const guess = (text: string, ...before: string[]): string | undefined =>
		indentGuesses(text, { before, known: [], next: undefined, collapsed: false }).map(
			(indent) => indent + text,
		)[0];

	it('follows the style of the kernel', () => {
		assert.equal(guess('foo();', '\tif (x)'), '\t\tfoo();');
		assert.equal(guess('bar();', '\tif (x)', '\t\tfoo();'), '\tbar();');
		assert.equal(guess('foo();', '\tfor (;;) {'), '\t\tfoo();');
		assert.equal(guess('}', '\tfor (;;) {', '\t\tfoo();'), '\t}');
		assert.equal(guess('* more', '\t/*'), '\t * more');
		assert.equal(guess('*/', '\t * more'), '\t */');
		assert.equal(guess('foo();', '\t/*', '\t * more', '\t */'), '\tfoo();');
		assert.equal(guess('b);', '\tret = foo(a,'), '\t\t  b);');
		assert.equal(guess('out:', '\tfoo();'), 'out:');
		assert.equal(guess('#ifdef X', '\tfoo();'), '#ifdef X');
		assert.equal(guess('foo();', '\tcase 1:'), '\t\tfoo();');
	});

	it('takes no indentation last where the archive left one space', () => {
		const context = { before: ['x;'], known: [], next: undefined, collapsed: true };
		assert.notEqual(indentGuesses('y;', context)[0], '');
		assert.equal(indentGuesses('y;', context).at(-1), '');
	});
});

describe('masked mail addresses', () => {
	it('stand for the address in the source', () => {
		assert.ok(unmasks('AUTHOR("A <a@xxxxxxxxx>");', 'AUTHOR("A <a@example.org>");'));
		assert.ok(!unmasks('AUTHOR("A <a@xxxxxxxxx>");', 'AUTHOR("B <b@example.org>");'));
	});
});
