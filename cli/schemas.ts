/**
 * The JSON Schemas of what `--json` prints, made from the schemas in src/range/report.ts and beside it. For the
 * build and tests: the program itself never validates, and never loads zod.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { indexBuildReport, indexInfoReport, indexVerifyReport } from '../cache/index-report.ts';
import { doctorReport } from '../src/git/doctor/report.ts';
import { bisectReport, probeReport } from '../src/history/bisect-report.ts';
import { containsReport } from '../src/history/contains-report.ts';
import { logRecord } from '../src/history/log-report.ts';
import { builtReport } from '../src/range/built-report.ts';
import { demandsReport } from '../src/range/demands/report.ts';
import { eachRecord } from '../src/range/each-report.ts';
import { exportReport } from '../src/range/export-report.ts';
import { lintReport } from '../src/range/lint/report.ts';
import { prereqsReport } from '../src/range/prereqs-report.ts';
import { repairReport } from '../src/range/repair-report.ts';
import { replyReport } from '../src/range/reply-report.ts';
import { errorReport, rangeReport, seriesReport, stylesReport } from '../src/range/report.ts';
import { siblingsReport } from '../src/range/siblings-report.ts';
import { tagsReport } from '../src/range/tags-report.ts';
import { completionReport } from './completion/report.ts';

/** The shapes of all that `--json` prints, by the name of the schema in the package. */
export const SHAPES = {
	range: rangeReport,
	series: seriesReport,
	styles: stylesReport,
	log: logRecord,
	contains: containsReport,
	bisect: bisectReport,
	probe: probeReport,
	doctor: doctorReport,
	prereqs: prereqsReport,
	export: exportReport,
	built: builtReport,
	tags: tagsReport,
	lint: lintReport,
	reply: replyReport,
	repair: repairReport,
	siblings: siblingsReport,
	demands: demandsReport,
	'index-build': indexBuildReport,
	'index-info': indexInfoReport,
	'index-verify': indexVerifyReport,
	completion: completionReport,
	each: eachRecord,
	error: errorReport,
} as const;

export type SchemaName = keyof typeof SHAPES;

/** What each command prints with `--json`: one document, or one record a line. */
export const PRINTED: Readonly<
	Record<string, { readonly shapes: readonly SchemaName[]; readonly streams: boolean }>
> = {
	range: { shapes: ['range', 'series'], streams: false },
	styles: { shapes: ['styles'], streams: false },
	repair: { shapes: ['repair'], streams: false },
	log: { shapes: ['log'], streams: true },
	contains: { shapes: ['contains'], streams: false },
	bisect: { shapes: ['bisect'], streams: false },
	probe: { shapes: ['probe'], streams: false },
	doctor: { shapes: ['doctor'], streams: false },
	built: { shapes: ['built'], streams: false },
	tags: { shapes: ['tags'], streams: false },
	lint: { shapes: ['lint'], streams: true },
	reply: { shapes: ['reply'], streams: false },
	prereqs: { shapes: ['prereqs'], streams: false },
	export: { shapes: ['export'], streams: false },
	siblings: { shapes: ['siblings'], streams: false },
	demands: { shapes: ['demands'], streams: false },
	'index build': { shapes: ['index-build'], streams: false },
	'index info': { shapes: ['index-info'], streams: false },
	'index verify': { shapes: ['index-verify'], streams: false },
	completion: { shapes: ['completion'], streams: false },
};

/** The JSON Schemas by name. Fields may be added within a version, so unknown ones are allowed. */
export function jsonSchemas(): Record<SchemaName, object> {
	const made = Object.entries(SHAPES).map(([name, shape]) => [
		name,
		z.toJSONSchema(shape, { io: 'input' }),
	]);
	return Object.fromEntries(made);
}

/** Writes `range.schema.json` and the others to `folder`. */
export async function writeSchemas(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const [name, schema] of Object.entries(jsonSchemas())) {
		await writeFile(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
	}
}
