/** Files that ship with the program, found from where this module is: in dist/cli/ or in cli/. */
import { fileURLToPath } from 'node:url';

/** The path of a file of the package, given from its root. */
export function packageFile(path: string): string {
	const built = /\/dist\/cli\/[^/]*$/.test(import.meta.url);
	return fileURLToPath(new URL(`${built ? '../../' : '../'}${path}`, import.meta.url));
}
