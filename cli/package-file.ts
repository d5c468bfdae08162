/** Files that ship with the program, found from where this module is: in dist/cli/ or in cli/. */
import { fileURLToPath } from 'node:url';

/** The path of a file of the package, given from its root. */
export function packageFile(path: string): string {
	const built = import.meta.url.endsWith('/dist/cli/package-file.js');
	return fileURLToPath(new URL(`${built ? '../../' : '../'}${path}`, import.meta.url));
}
