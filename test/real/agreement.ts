/**
 * How often we are right, and by whose word: every part of the program that has an oracle is compared with
 * it on real inputs, and the sums are printed as a table.
 *
 *   npm run test:agreement -- --mails DIR… --ladder DIR --history DIR [--only PART…] [--keep DIR]
 *
 * PART is mails, placement, picks, styles or verdicts; those without their folder are left out. With --keep
 * the outcome of every slice is written to DIR/agreement.ndjson as it is known, and slices that are there
 * are not compared again; --seconds N ends after the slice in which they are over, with exit code 75, to be
 * taken up by the same words. --json prints the sums as NDJSON. Exit code 1 where something differs without a reason.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mailsPart } from './agreement/mails.ts';
import { type Inputs, type Part, Tally } from './agreement/part.ts';
import { picksPart } from './agreement/picks.ts';
import { placementPart } from './agreement/placement.ts';
import { Records } from './agreement/records.ts';
import { stylesPart } from './agreement/styles.ts';
import { printTable, type Row } from './agreement/table.ts';
import { verdictsPart } from './agreement/verdicts.ts';

/** As sysexits.h has it: a temporary failure, try again. */
const TRY_AGAIN = 75;

function partsOf(inputs: Inputs): Part[] {
	const { mails, ladder, history } = inputs;
	return [
		...(mails.length === 0 ? [] : [mailsPart(inputs)]),
		...(ladder === undefined ? [] : [placementPart(ladder, inputs)]),
		...(history === undefined ? [] : [picksPart(history, inputs)]),
		...(ladder === undefined ? [] : [stylesPart(ladder), verdictsPart(ladder, inputs)]),
	];
}

async function main(): Promise<number> {
	const number = (value: string) => ({ type: 'string', default: value }) as const;
	const { values } = parseArgs({
		options: {
			mails: { type: 'string', multiple: true, default: [] },
			ladder: { type: 'string' },
			history: { type: 'string' },
			only: { type: 'string', multiple: true, default: [] },
			keep: { type: 'string' },
			seconds: number('Infinity'),
			every: number('8'),
			files: number('60'),
			commits: number('1000'),
			patches: number('200'),
			seed: number('1'),
			json: { type: 'boolean', default: false },
		},
	});
	const keep = values.keep === undefined ? temporary() : resolve(values.keep);
	mkdirSync(keep, { recursive: true });
	const parts = partsOf({
		mails: values.mails,
		ladder: values.ladder,
		history: values.history,
		every: Number(values.every),
		files: Number(values.files),
		commits: Number(values.commits),
		patches: Number(values.patches),
		seed: Number(values.seed),
		keep,
	}).filter(({ name }) => values.only.length === 0 || values.only.includes(name));
	const end = performance.now() + Number(values.seconds) * 1000;
	const records = new Records(join(keep, 'agreement.ndjson'));
	try {
		const sums: Row[] = [];
		for (const part of parts) {
			const sum = await compareAll(part, records, end);
			if (sum === undefined) return TRY_AGAIN;
			sums.push({ part, sum });
		}
		for (const line of printTable(sums, values.json)) console.log(line);
		return sums.some(({ sum }) => sum.open.length > 0) ? 1 : 0;
	} finally {
		if (values.keep === undefined) rmSync(keep, { recursive: true, force: true });
	}
}

/** Compares what is not known yet of a part, and sums all of it up; undefined where the time is over first. */
async function compareAll(part: Part, records: Records, end: number): Promise<Tally | undefined> {
	const sum = new Tally();
	let fresh = 0;
	try {
		for await (const { id, run } of part.slices()) {
			const known = records.get(part.name, id);
			// One at least, however long it took to get there: else a run would never get on.
			if (known === undefined && fresh > 0 && performance.now() >= end) return undefined;
			const outcome = known ?? (await run());
			sum.add(outcome);
			if (known !== undefined) continue;
			fresh++;
			records.add(part.name, id, outcome);
			console.error(`${part.name}: ${id}: ${outcome.agree} of ${outcome.compared} agree`);
			for (const line of outcome.open) console.error(`  ${line}`);
		}
		return sum;
	} finally {
		await part.close?.();
	}
}

function temporary(): string {
	return mkdtempSync(join(tmpdir(), 'rangefinder-agreement-'));
}

process.exitCode = await main();
