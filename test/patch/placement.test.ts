import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Hunk } from '../../src/patch/diff.ts';
import { applyEdits, editsOf, splitLines } from '../../src/patch/edits.ts';
import { FingerprintInterner } from '../../src/patch/lines.ts';
import {
	applyPlacement,
	type FilePlacement,
	type HunkPlacement,
	placeFile,
	worstResult,
} from '../../src/patch/placement.ts';
import { gitApply, internHunks, reverseHunk } from '../../src/patch/search.ts';
import { edited, edits, hunksBetween, line, textOf } from './cases.ts';

describe('placement of a patch on a release', () => {
	const base = textOf([
		...Array.from({ length: 30 }, (_, n) => `\tsetup_${n}(dev);`),
		'\tprobe(dev);',
		...Array.from({ length: 30 }, (_, n) => `\tfinish_${n}(dev);`),
	]);
	const patched = base.replace('\tprobe(dev);\n', '\tif (dev)\n\t\tprobe(dev);\n');
	const interner = new FingerprintInterner();
	const ids = internHunks(interner, hunksBetween(base, patched));
	const pre = interner.lines(base);
	const place = (target: string, withBase = true) =>
		placeFile(interner.lines(target), { hunks: ids }, withBase ? pre : undefined);

	it('is exact on the file it was made from', () => {
		const placed = place(base);
		assert.equal(placed.result, 'exact');
		assert.equal(placed.hunks[0]?.at, 28);
		assert.equal(applyPlacement(base, placed), patched);
	});

	it('is already there on the patched file, with nothing to do', () => {
		const placed = place(patched);
		assert.equal(placed.result, 'already');
		assert.deepEqual(placed.edits, []);
	});

	it('says by how many lines it is off', () => {
		const placed = place(`one\ntwo\n${base}`);
		assert.deepEqual(
			[placed.result, placed.hunks[0]?.offset, placed.hunks[0]?.at],
			['offset', 2, 30],
		);
	});

	it('merges past a change beside it when the pre-image is known, else takes fuzz', () => {
		const target = base.replace('setup_27(', 'setup_27x(');
		assert.equal(place(target).result, 'merge');
		assert.deepEqual(
			[place(target, false).result, place(target, false).hunks[0]?.fuzz],
			['fuzz', 1],
		);
		const expected = patched.replace('setup_27(', 'setup_27x(');
		assert.equal(applyPlacement(target, place(target)), expected);
		assert.equal(applyPlacement(target, place(target, false)), expected);
	});

	it('names the first line that differs in a conflict', () => {
		const placed = place(base.replace('\tprobe(dev);', '\tprobe(dev, NULL);'));
		assert.equal(placed.result, 'conflict');
		assert.equal(placed.edits, undefined);
		assert.deepEqual(placed.hunks[0]?.differ, [31]);
		assert.equal(placed.hunks[0]?.why, '1 of 7 lines differs, at line 31 of the pre-image');
	});

	it('says that lines came between when every line is still there', () => {
		const placed = place(base.replace('\tprobe(dev);\n', '\tlock();\n\tprobe(dev);\n'));
		assert.equal(placed.result, 'conflict');
		assert.match(placed.hunks[0]?.why ?? '', /^all 7 lines are there, .* line 31 of the target$/);
	});

	it('is missing where the file is not there, and new files are exact there', () => {
		assert.equal(placeFile(undefined, { hunks: ids }).result, 'missing');
		const created = internHunks(interner, hunksBetween('', 'a\nb\n'));
		const file = { isNew: true, hunks: created };
		const placed = placeFile(undefined, file);
		assert.deepEqual([placed.result, applyPlacement('', placed)], ['exact', 'a\nb\n']);
		assert.equal(placeFile(interner.lines('a\nb\n'), file).result, 'already');
		assert.equal(placeFile(interner.lines('other\n'), file).result, 'conflict');
	});

	it('deletes only a file that it knows whole', () => {
		const file = { isDeleted: true, hunks: internHunks(interner, hunksBetween('a\nb\n', '')) };
		assert.equal(placeFile(interner.lines('a\nb\n'), file).result, 'exact');
		assert.equal(placeFile(interner.lines('a\nb\nc\n'), file).result, 'conflict');
		assert.equal(placeFile(undefined, file).result, 'already');
	});

	it('is as bad as its worst hunk', () => {
		assert.equal(worstResult(['already', 'exact', 'offset']), 'offset');
		assert.equal(worstResult(['already', 'already']), 'already');
		assert.equal(worstResult(['merge', 'conflict', 'exact']), 'conflict');
	});

	it('undoes a patch by its reverse', () => {
		const target = interner.lines(patched);
		const reversed = ids.map(reverseHunk);
		const { found } = gitApply(target.exact, reversed);
		assert.equal(applyEdits(patched, editsOf(reversed, found, target.exact.length)), base);
	});

	it('says so where a part is there already, and calls the rest no landing', () => {
		const both = internHunks(interner, hunksBetween(base, patched.replace('finish_29', 'end')));
		const placed = placeFile(pre, { hunks: both });
		assert.deepEqual([both.length, placed.result], [2, 'exact']);
		const partly = placeFile(interner.lines(patched), { hunks: both });
		assert.equal(partly.result, 'conflict');
		assert.deepEqual(
			partly.hunks.map(({ result }) => result),
			['already', 'exact'],
		);
		assert.equal(placeFile(interner.lines(patched), { hunks: both }, pre).result, 'merge');
	});

	it('does not put a hunk in a second time by dropping context', () => {
		const far = Array.from({ length: 20 }, (_, n) => `\tfar_${n}(dev);`);
		const file = (first: string[], last: string) => {
			return textOf(['a', 'b', 'x', ...first, 'n', 'o', 'q', ...far, 'p();', last, 'r();', 's();']);
		};
		const hunks = internHunks(interner, hunksBetween(file([], 'old();'), file(['x'], 'new();')));
		// The first hunk is there; behind the second x, its context without two lines is there again.
		const target = file(['x'], 'old();').replace('s();', 'changed();');
		const placed = placeFile(interner.lines(target), { hunks });
		assert.deepEqual(
			[placed.result, placed.edits, placed.hunks.map(({ result }) => result)],
			['conflict', undefined, ['already', 'fuzz']],
		);
	});

	it('leaves a patch that changes no line to its mode or name', () => {
		assert.deepEqual(placeFile(pre, { hunks: [] }), { result: 'exact', hunks: [], edits: [] });
	});
});

/** The lines of a hunk on one side of it, as they stand in a file. */
function side(hunk: Hunk, other: '+' | '-'): string[] {
	return hunk.lines
		.filter(({ kind }) => kind !== other)
		.map(({ text, noNewline }) => (noNewline === true ? text : `${text}\n`));
}

/**
 * Whether a hunk stands where it was placed: all of its lines but as many at its ends as its fuzz, and
 * those only where they are context.
 */
function standsWhere(target: readonly string[], hunk: Hunk, placed: HunkPlacement): boolean {
	const there = placed.result === 'already';
	const lines = side(hunk, there ? '-' : '+');
	const kinds = hunk.lines.map(({ kind }) => kind).filter((kind) => kind !== (there ? '-' : '+'));
	const first = kinds.findIndex((kind) => kind !== ' ');
	const last = kinds.findLastIndex((kind) => kind !== ' ');
	return lines.every((text, i) => {
		if (target[placed.at - 1 + i] === text) return true;
		const inFront = i < placed.fuzz && (first < 0 || i < first);
		return inFront || (i >= lines.length - placed.fuzz && i > last);
	});
}

/** The lines that go, without those that a merge moves. */
function gone(target: readonly string[], { edits: all = [] }: FilePlacement): string[] {
	const moved = new Set(
		all.flatMap(({ added }) => added.map((one) => ('target' in one ? one.target : -1))),
	);
	return all.flatMap(({ at, removed }) =>
		target.slice(at, at + removed).filter((_, i) => !moved.has(at + i)),
	);
}

describe('where a patch is placed', () => {
	const cases = fc.record({
		base: fc.array(line, { minLength: 1, maxLength: 40 }),
		change: edits(4),
		elsewhere: edits(6),
		known: fc.boolean(),
		/** Whether the target was made from the patched file. */
		there: fc.boolean(),
	});

	it('the target has the text of its hunks, but for the fuzz that is said', () => {
		const seen = new Set<string>();
		fc.assert(
			fc.property(cases, ({ base, change, elsewhere, known, there }) => {
				const before = textOf(base);
				const after = edited(base, change);
				const hunks = hunksBetween(before, textOf(after));
				fc.pre(hunks.length > 0);
				const text = textOf(edited(there ? after : base, elsewhere));
				const target = splitLines(text);
				const interner = new FingerprintInterner();
				const ids = internHunks(interner, hunks);
				const preimage = known ? interner.lines(before) : undefined;
				const placed = placeFile(interner.lines(text), { hunks: ids }, preimage);
				seen.add(placed.result);
				if (placed.edits === undefined) {
					assert.equal(placed.result, 'conflict');
					return;
				}
				for (const [i, hunk] of hunks.entries()) {
					const one = placed.hunks[i];
					assert.ok(one !== undefined && one.fuzz <= 2);
					if (one.result !== 'fuzz') assert.equal(one.fuzz, 0);
					if (one.result !== 'merge')
						assert.ok(standsWhere(target, hunk, one), JSON.stringify(one));
				}
				const removed = hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind === '-'));
				const may = new Set(removed.map(({ text: one }) => `${one}\n`));
				const went = gone(target, placed);
				assert.deepEqual(
					went.filter((one) => !may.has(one)),
					[],
				);
				// Only a merge and what is there already may find some of them gone.
				if (!['merge', 'already'].includes(placed.result))
					assert.equal(went.length, removed.length);
			}),
			{ numRuns: 1000 },
		);
		assert.deepEqual([...seen].sort(), ['already', 'conflict', 'exact', 'fuzz', 'merge', 'offset']);
	});
});
