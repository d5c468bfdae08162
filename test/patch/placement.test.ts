import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { applyEdits, editsOf } from '../../src/patch/edits.ts';
import { FingerprintInterner } from '../../src/patch/lines.ts';
import { merge } from '../../src/patch/merge.ts';
import { applyPlacement, placeFile, worstResult } from '../../src/patch/placement.ts';
import { printFile } from '../../src/patch/print.ts';
import { gitApply, gnuPatch, internHunks, reverseHunk } from '../../src/patch/search.ts';
import { edited, edits, filePatch, hunksBetween, line, textOf } from './cases.ts';

const CASES = 80;

interface Case {
	base: string;
	theirs: string;
	ours: string;
}

function generated(minLength: number, maxLength: number, oursEdits: number): Case[] {
	const one = fc
		.record({
			base: fc.array(line, { minLength, maxLength }),
			theirs: edits(3),
			ours: edits(oursEdits),
			newlines: fc.tuple(fc.nat(9), fc.nat(9)),
		})
		.map(({ base, theirs, ours, newlines }) => ({
			base: textOf(base),
			theirs: textOf(edited(base, theirs), newlines[0] > 0),
			ours: textOf(edited(base, ours), newlines[1] > 0),
		}))
		.filter((c) => c.base !== c.theirs && c.theirs !== '' && c.ours !== '');
	return fc.sample(one, { numRuns: CASES, seed: 20171121 });
}

function parts(c: Case) {
	const interner = new FingerprintInterner();
	const hunks = hunksBetween(c.base, c.theirs);
	const ids = internHunks(interner, hunks);
	const patch = printFile(filePatch('f.c', hunks));
	return {
		interner,
		hunks,
		ids,
		patch,
		target: interner.lines(c.ours),
		base: interner.lines(c.base),
	};
}

describe('placement, compared with the tools it stands for', function () {
	this.timeout(60_000);
	let folder = '';
	const file = (name: string): string => join(folder, name);
	const run = (command: string, ...args: string[]): SpawnSyncReturns<string> =>
		spawnSync(command, args, {
			cwd: folder,
			encoding: 'utf8',
			env: {
				...process.env,
				GIT_CONFIG_GLOBAL: '/dev/null',
				GIT_CONFIG_NOSYSTEM: '1',
				LC_ALL: 'C',
			},
		});
	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-placement-'));
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	it('lands a patch where git apply lands it, and nowhere else', () => {
		const counts = { landed: 0, refused: 0 };
		for (const c of [...generated(0, 40, 2), ...generated(0, 8, 1)]) {
			const { ids, patch, target } = parts(c);
			writeFileSync(file('f.c'), c.ours);
			writeFileSync(file('p'), patch);
			const git = run('git', 'apply', 'p');
			const { found, image } = gitApply(target.exact, ids);
			const lands = !found.includes(undefined);
			assert.equal(lands, git.status === 0, `${git.stderr}\n${patch}\n---\n${c.ours}`);
			if (lands) {
				const text = applyEdits(c.ours, editsOf(image, target.exact.length));
				assert.equal(text, readFileSync(file('f.c'), 'utf8'), patch);
			}
			counts[lands ? 'landed' : 'refused']++;
		}
		assert.ok(counts.landed > 20 && counts.refused > 20, JSON.stringify(counts));
	});

	it('merges what git merge-file merges, to the same text, and conflicts where it does', () => {
		const counts = { clean: 0, conflict: 0 };
		for (const c of [...generated(0, 60, 3), ...generated(2, 12, 2)]) {
			const { base, target, interner, ids } = parts(c);
			writeFileSync(file('ours'), c.ours);
			writeFileSync(file('base'), c.base);
			writeFileSync(file('theirs'), c.theirs);
			const git = run('git', 'merge-file', '-p', 'ours', 'base', 'theirs');
			const chunks = merge(base.exact, target.exact, interner.lines(c.theirs).exact);
			const clean = chunks.every((chunk) => chunk.side !== 'conflict');
			assert.equal(clean, git.status === 0, `${JSON.stringify(chunks)}\n${git.stdout}`);
			const placed = placeFile(target, { hunks: ids }, base);
			if (placed.result === 'merge') assert.equal(applyPlacement(c.ours, placed), git.stdout);
			counts[clean ? 'clean' : 'conflict']++;
		}
		assert.ok(counts.clean > 20 && counts.conflict > 20, JSON.stringify(counts));
	});

	it('takes the fuzz that GNU patch takes, to the same text', function () {
		if (run('patch', '--version').status !== 0) {
			this.skip(); // GNU patch is not installed: nothing to compare with.
		}
		const counts = { landed: 0, fuzzed: 0, refused: 0 };
		for (const c of [...generated(0, 40, 2), ...generated(0, 10, 1)]) {
			const { ids, patch, target } = parts(c);
			writeFileSync(file('f.c'), c.ours);
			writeFileSync(file('p'), patch);
			rmSync(file('out'), { force: true });
			const gnu = run('patch', '-F2', '-f', '-s', '-r', '-', '-i', 'p', '-o', 'out', 'f.c');
			const { found, image } = gnuPatch(target.exact, ids, 2);
			const lands = !found.includes(undefined);
			assert.equal(lands, gnu.status === 0, `${gnu.stdout}\n${patch}\n---\n${c.ours}`);
			if (lands && existsSync(file('out'))) {
				const text = applyEdits(c.ours, editsOf(image, target.exact.length));
				assert.equal(text, readFileSync(file('out'), 'utf8'), patch);
			}
			if (found.some((one) => (one?.fuzz ?? 0) > 0)) counts.fuzzed++;
			counts[lands ? 'landed' : 'refused']++;
		}
		assert.ok(counts.fuzzed > 10 && counts.refused > 10, JSON.stringify(counts));
	});
});

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
		const { image } = gitApply(target.exact, ids.map(reverseHunk));
		assert.equal(applyEdits(patched, editsOf(image, target.exact.length)), base);
	});
});
