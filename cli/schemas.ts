/**
 * The JSON Schemas of what `--json` prints, made from the schemas in src/range/report.ts and beside it. For the
 * build and tests: the program itself never validates, and never loads zod.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { doctorReport } from '../src/git/doctor/report.ts';
import { bisectReport, probeReport } from '../src/history/bisect-report.ts';
import { containsReport } from '../src/history/contains-report.ts';
import { logRecord } from '../src/history/log-report.ts';
import { builtReport } from '../src/range/built-report.ts';
import { demandsReport } from '../src/range/demands/report.ts';
import { eachRecord } from '../src/range/each-report.ts';
import { lintReport } from '../src/range/lint/report.ts';
import { prereqsReport } from '../src/range/prereqs-report.ts';
import { errorReport, rangeReport, seriesReport, stylesReport } from '../src/range/report.ts';
import { siblingsReport } from '../src/range/siblings-report.ts';
import { tagsReport } from '../src/range/tags-report.ts';

/** The JSON Schemas by name. Fields may be added within a version, so unknown ones are allowed. */
export function jsonSchemas(): Record<
	| 'range'
	| 'series'
	| 'styles'
	| 'log'
	| 'contains'
	| 'bisect'
	| 'probe'
	| 'doctor'
	| 'built'
	| 'tags'
	| 'lint'
	| 'prereqs'
	| 'siblings'
	| 'demands'
	| 'each'
	| 'error',
	object
> {
	const io = { io: 'input' } as const;
	return {
		range: z.toJSONSchema(rangeReport, io),
		series: z.toJSONSchema(seriesReport, io),
		styles: z.toJSONSchema(stylesReport, io),
		log: z.toJSONSchema(logRecord, io),
		contains: z.toJSONSchema(containsReport, io),
		bisect: z.toJSONSchema(bisectReport, io),
		probe: z.toJSONSchema(probeReport, io),
		doctor: z.toJSONSchema(doctorReport, io),
		prereqs: z.toJSONSchema(prereqsReport, io),
		built: z.toJSONSchema(builtReport, io),
		tags: z.toJSONSchema(tagsReport, io),
		lint: z.toJSONSchema(lintReport, io),
		siblings: z.toJSONSchema(siblingsReport, io),
		demands: z.toJSONSchema(demandsReport, io),
		each: z.toJSONSchema(eachRecord, io),
		error: z.toJSONSchema(errorReport, io),
	};
}

/** Writes `range.schema.json` and the others to `folder`. */
export async function writeSchemas(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const [name, schema] of Object.entries(jsonSchemas())) {
		await writeFile(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
	}
}
