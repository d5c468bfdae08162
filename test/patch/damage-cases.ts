/** Damaged patches whose truth is known: how they are made, repaired and judged. */
import * as fc from 'fast-check';
import { RangefinderError } from '../../src/errors.ts';
import { applyHunks, gitBlobId } from '../../src/patch/apply.ts';
import type { FilePatch } from '../../src/patch/diff.ts';
import { FingerprintInterner, fingerprints, TextInterner } from '../../src/patch/lines.ts';
import { readPatch } from '../../src/patch/mail.ts';
import { printFile } from '../../src/patch/print.ts';
import { type Repaired, repairPatch } from '../../src/patch/repair.ts';
import { filePatch, hunksBetween, textOf } from './cases.ts';
import { type Damage, damage } from './damage.ts';
import { change, source } from './sources.ts';

/** A good patch, with what it was made from and what it gives. */
export interface Good {
	before: string;
	after: string;
	diff: string;
}

export const PATH = 'drivers/lamp/lamp.c';

/** A patch of one file from its two texts, as git writes it, with sections. */
export function madeFrom(before: string, after: string): Good {
	const text = before.split('\n');
	const hunks = hunksBetween(before, after).map((hunk) => {
		const first = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
		const head = text.slice(0, first).findLast((line) => /^[A-Za-z_$]/.test(line)) ?? '';
		return { ...hunk, section: head.slice(0, 80).trimEnd() };
	});
	const file: FilePatch = {
		...filePatch(PATH, hunks),
		oldMode: '100644',
		newMode: '100644',
		preimage: gitBlobId(Buffer.from(before)).slice(0, 12),
		postimage: gitBlobId(Buffer.from(after)).slice(0, 12),
	};
	return { before, after, diff: printFile(file) };
}

/** Good patches of generated sources. */
export const goodPatch: fc.Arbitrary<Good> = fc
	.tuple(source, change, fc.boolean(), fc.boolean())
	.map(([lines, changes, newlineBefore, newlineAfter]) => {
		const next = [...lines];
		for (const { at, remove, add } of changes) next.splice(at % (next.length + 1), remove, ...add);
		// One file in four has no newline at its end.
		const before = textOf(lines, newlineBefore || newlineAfter);
		const after = textOf(next, newlineBefore || !newlineAfter);
		return madeFrom(before, after);
	})
	.filter(({ before, after, diff }) => before !== after && diff.includes('\n@@ ') && after !== '');

/** The mail that a damaged patch comes in. */
export function mailOf(diff: string, how: Damage): string {
	const lines = damage(diff.split('\n').slice(0, -1), how);
	const subject =
		how.quote === undefined ? '[PATCH] lamp: Change it' : 'Re: [PATCH] lamp: Change it';
	return `From: A Maker <maker@example.org>\nSubject: ${subject}\n\nBecause.\n\n${lines.join('\n')}\n`;
}

/** What came of a damaged patch. */
export type Outcome =
	/** The good patch, byte for byte. */
	| { result: 'whole'; proof: Repaired['proof'] }
	/** Another patch that gives the same file. */
	| { result: 'equal'; proof: Repaired['proof'] }
	| { result: 'other'; proof: Repaired['proof']; text: string }
	| { result: 'refused'; why: string }
	/** A claim that is not true. */
	| { result: 'false'; why: string };

/** Repairs a damaged patch and judges the result by what is known of it. */
export function outcome(
	good: Good,
	mail: string,
	known: 'text' | 'fingerprints' = 'text',
): Outcome {
	let done: Repaired;
	try {
		const file = readPatch(Buffer.from(mail), 'mail').files[0];
		if (file === undefined) return { result: 'false', why: 'no file and no failure' };
		done = repaired(good, file, known);
	} catch (error) {
		if (error instanceof RangefinderError) return { result: 'refused', why: error.message };
		throw error;
	}
	return judged(good, done, known);
}

function repaired(good: Good, file: FilePatch, known: 'text' | 'fingerprints'): Repaired {
	const bytes = Buffer.from(good.before);
	if (known === 'text') {
		const interner = new TextInterner();
		return repairPatch(file, { lines: interner.lines(bytes), text: good.before }, interner, {
			where: 'mail',
		});
	}
	const interner = new FingerprintInterner();
	const lines = interner.ofFingerprints(fingerprints(bytes));
	return repairPatch(file, { lines, id: gitBlobId(bytes) }, interner, { where: 'mail' });
}

function judged(good: Good, done: Repaired, known: 'text' | 'fingerprints'): Outcome {
	const { proof } = done;
	const text = printFile(done.file);
	const after = applyHunks(good.before, done.file.hunks);
	const same = after === good.after;
	if (proof === 'postimage' && (!same || known === 'fingerprints')) {
		return { result: 'false', why: `postimage is not true:\n${text}` };
	}
	const readBack = done.lost.length === 0;
	if (proof === 'preimage' && after === undefined && (known === 'text' || readBack)) {
		return { result: 'false', why: `preimage is not true:\n${text}` };
	}
	if (known === 'text' && same && proof !== 'postimage') {
		return { result: 'false', why: `the result is right, and called ${proof}` };
	}
	if (text === good.diff) return { result: 'whole', proof };
	if (same) return { result: 'equal', proof };
	return { result: 'other', proof, text };
}

/** Counts of outcomes, by the kind of damage. */
export class Tally {
	readonly rows = new Map<string, Record<string, number>>();

	/** Adds one. */
	add(kind: string, one: Outcome): void {
		const row = this.rows.get(kind) ?? {};
		const name = 'proof' in one ? `${one.result} ${one.proof}` : one.result;
		row[name] = (row[name] ?? 0) + 1;
		this.rows.set(kind, row);
	}

	/** The counts as a table. */
	toString(): string {
		const names = [...new Set([...this.rows.values()].flatMap(Object.keys))].sort();
		const head = ['damage'.padEnd(28), ...names.map((name) => name.padStart(17))].join('');
		const rows = [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1));
		const lines = rows.map(([kind, row]) =>
			[kind.padEnd(28), ...names.map((name) => String(row[name] ?? 0).padStart(17))].join(''),
		);
		return [head, ...lines].join('\n');
	}
}
