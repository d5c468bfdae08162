/**
 * Compiles src/patch/assembly (AssemblyScript) to src/patch/xdiff-wasm.ts, which is committed: the program and
 * its tests run without this step. A test compiles again and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(import.meta.dirname, '..');
const SOURCE = 'src/patch/assembly/xdiff.ts';
const TARGET = join(root, 'src/patch/xdiff-wasm.ts');
const OPTIONS = ['--runtime', 'stub', '--use', 'abort=', '--optimizeLevel', '3', '--noAssert'];
/** As wide as the other modules. */
const COLUMNS = 96;

/** The text of the module with the compiled bytes in it. Throws what the compiler says. */
export async function compiledModule() {
	let bytes;
	const { error, stderr } = await asc.main([SOURCE, '--outFile', 'xdiff.wasm', ...OPTIONS], {
		readFile: (name, folder) => {
			try {
				return readFileSync(join(root, folder, name), 'utf8');
			} catch {
				return null;
			}
		},
		writeFile: (_, content) => {
			bytes = content;
		},
		listFiles: () => [],
	});
	if (error) throw new Error(stderr.toString(), { cause: error });
	const lines = Buffer.from(bytes)
		.toString('base64')
		.match(new RegExp(`.{1,${COLUMNS}}`, 'g'));
	return [
		'/** Compiled from src/patch/assembly by `npm run assembly`; a test compares the two. In base64. */',
		'export const XDIFF_WASM =',
		`${lines.map((line) => `\t'${line}'`).join(' +\n')};`,
		'',
	].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
	writeFileSync(TARGET, await compiledModule());
