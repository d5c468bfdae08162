/**
 * Writes the JSON Schemas into the package: node write-schemas.js FOLDER. A step of the build.
 */
import { writeSchemas } from './schemas.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('write-schemas: name the folder to write to');
await writeSchemas(folder);
