/** A patch made ready for the engine, and carried as the example without its text. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { gitBlobId } from '../../src/patch/apply.ts';
import { FingerprintInterner } from '../../src/patch/lines.ts';
import { readPatch } from '../../src/patch/mail.ts';
import { placeFile } from '../../src/patch/placement.ts';
import { restorePatch, storePatch } from '../../src/range/example.ts';
import { type PreparedPatch, prepare } from '../../src/range/prepare.ts';
import { sharedExtractor } from '../driver/fixtures.ts';
import { hunksBetween } from '../patch/cases.ts';
import { IN_PROBE, PATH, UNCHECKED } from './fixtures.ts';

const OLD = gitBlobId(Buffer.from(UNCHECKED));
const NEW = gitBlobId(Buffer.from(IN_PROBE));

/** The fix of the tests as a mail. */
function mail(index = `index ${OLD.slice(0, 12)}..${NEW.slice(0, 12)} 100644\n`): string {
	const hunks = hunksBetween(UNCHECKED, IN_PROBE).map(
		({ oldStart, oldCount, newStart, newCount, lines }) =>
			`@@ -${oldStart},${oldCount} +${newStart},${newCount} @@\n${lines.map(({ kind, text }) => `${kind}${text}\n`).join('')}`,
	);
	return `From: A Maker <maker@example.org>
Subject: [PATCH] iommu/acme-mmu: Take the bus in probe
Message-ID: <1@example.org>

Signed-off-by: A Maker <maker@example.org>
---
diff --git a/${PATH} b/${PATH}
${index}--- a/${PATH}
+++ b/${PATH}
${hunks.join('')}`;
}

/** Prepares a mail where the file it was made from is known, as text, as fingerprints, or not at all. */
async function prepared(
	text: string,
	known: 'text' | 'lines' | 'no',
	interner = new FingerprintInterner(),
): Promise<PreparedPatch> {
	const where = 'fix.patch';
	return prepare(readPatch(Buffer.from(text), where), {
		interner,
		where,
		extractor: sharedExtractor,
		source: {
			expandBlob: async (short) => (known !== 'no' && OLD.startsWith(short) ? OLD : undefined),
			lines: async (blobs) =>
				new Map(blobs.filter((id) => id === OLD).map((id) => [id, interner.lines(UNCHECKED)])),
			text: async (blobs) =>
				new Map(
					blobs
						.filter((id) => known === 'text' && id === OLD)
						.map((id) => [id, Buffer.from(UNCHECKED)] as const),
				),
		},
	});
}

/** The mail as an archive leaves it: no indentation of lines, no blank context. */
const DAMAGED = mail()
	.split('\n')
	.filter((line) => line !== ' ')
	.map((line) => line.replace(/^( )\t+/, '$1'))
	.join('\n');

describe('a prepared patch', () => {
	it('knows what it was made from, in full, and proves it as far as there is text', async () => {
		const whole = await prepared(mail(), 'text');
		assert.deepEqual(
			[whole.repaired, whole.proof, whole.files[0]?.preimage],
			[false, 'postimage', OLD],
		);
		assert.equal((await prepared(mail(), 'lines')).proof, 'preimage');
		const none = await prepared(mail(), 'no');
		assert.deepEqual([none.proof, none.files[0]?.preimage], ['none', OLD.slice(0, 12)]);
	});

	it('is repaired with the file it was made from, and is then the same patch', async () => {
		const whole = await prepared(mail(), 'text');
		const repaired = await prepared(DAMAGED, 'text');
		assert.deepEqual([repaired.repaired, repaired.proof], [true, 'postimage']);
		const texts = ({ files }: PreparedPatch) =>
			files.flatMap(({ hunks }) => hunks.map(({ lines }) => lines));
		assert.deepEqual(texts(repaired), texts(whole));
	});

	it('is refused when it is damaged and the file is not known', async () => {
		await assert.rejects(prepared(DAMAGED, 'no'), /damaged/);
	});

	it('names what its added lines use, not what it removes', async () => {
		const [file] = (await prepared(mail(), 'text')).files;
		assert.ok(file?.uses.includes('bus_set_iommu'));
		assert.ok(!file?.uses.includes('subsys_initcall'));
	});

	it('survives being stored without its text: it lands and says the same', async () => {
		const patch = await prepared(mail(), 'text');
		const stored = JSON.stringify(await storePatch(patch));
		for (const word of ['devm_kzalloc(&pdev', 'return 0;', 'sizeof']) {
			assert.ok(!stored.includes(word), `carries text: ${word}`);
		}
		const interner = new FingerprintInterner();
		const again = restorePatch(JSON.parse(stored), interner);
		assert.deepEqual([again.subject, again.proof], [patch.subject, patch.proof]);
		const [file] = again.files;
		const [original] = patch.files;
		assert.ok(file && original);
		assert.deepEqual(file.uses, original.uses);
		assert.deepEqual(await file.fragments(), await original.fragments());
		for (const target of [UNCHECKED, `// one more\n${UNCHECKED}`, IN_PROBE]) {
			const placed = placeFile(interner.lines(target), file, interner.lines(UNCHECKED));
			const fresh = new FingerprintInterner();
			const [same] = (await prepared(mail(), 'text', fresh)).files;
			assert.ok(same);
			const expected = placeFile(fresh.lines(target), same, fresh.lines(UNCHECKED));
			assert.equal(placed.result, expected.result);
			assert.deepEqual(
				placed.hunks.map(({ result, at, offset }) => [result, at, offset]),
				expected.hunks.map(({ result, at, offset }) => [result, at, offset]),
			);
		}
	});
});
