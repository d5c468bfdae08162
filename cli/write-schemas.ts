/**
 * Writes the JSON Schemas of what `--json` prints, for the package: node write-schemas.js FOLDER.
 * Part of the build; the program itself never validates, and never loads zod.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { errorReport, rangeReport, stylesReport } from '../src/range/report.ts';

const SCHEMAS = { range: rangeReport, styles: stylesReport, error: errorReport } as const;

/** The JSON Schemas by name. Fields may be added within a version, so unknown ones are allowed. */
export function jsonSchemas(): Record<keyof typeof SCHEMAS, object> {
	const schemaOf = (name: keyof typeof SCHEMAS) => z.toJSONSchema(SCHEMAS[name], { io: 'input' });
	return { range: schemaOf('range'), styles: schemaOf('styles'), error: schemaOf('error') };
}

/** Writes `range.schema.json`, `styles.schema.json` and `error.schema.json` to `folder`. */
export async function writeSchemas(folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const [name, schema] of Object.entries(jsonSchemas())) {
		await writeFile(join(folder, `${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
	}
}

const [, script, folder] = process.argv;
if (
	script !== undefined &&
	folder !== undefined &&
	import.meta.url === pathToFileURL(script).href
) {
	await writeSchemas(folder);
}
