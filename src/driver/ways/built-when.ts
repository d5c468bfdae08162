/** Under which CONFIG symbols files are linked, by the Makefiles of their folders and of those above. */
import type { TreeText } from '../../git/tree-text.ts';
import { type Condition, or, parseCondition } from '../../kernel/condition.ts';
import { linkOrder, type MakefileFacts, parseMakefile } from '../../kernel/makefile.ts';
import { folderOf } from './program.ts';

/** How a file is linked. */
export interface Linked {
	when: Condition;
	/** The module: its CONFIG symbol, else the object by itself. */
	module: string;
}

/** By path of a C file, how it is linked; those that no Makefile names are absent. */
export async function builtWhen(
	tree: TreeText,
	paths: readonly string[],
): Promise<Map<string, Linked>> {
	const sources = [...new Set(paths)].filter((path) => path.endsWith('.c'));
	const folders = new Set(sources.map(folderOf));
	const above = new Set<string>();
	for (const folder of folders) {
		for (let at = folder; at !== ''; at = folderOf(at)) above.add(at);
	}
	const asked = [...above].flatMap((folder) => [`${folder}/Makefile`, `${folder}/Kbuild`]);
	const makefiles = new Map<string, MakefileFacts>();
	for (const [path, { bytes }] of await tree.read(asked)) {
		makefiles.set(path, parseMakefile(Buffer.from(bytes).toString('latin1')));
	}
	const found = new Map<string, Linked>();
	if (makefiles.size === 0) return found;
	const wanted = new Set(sources);
	for (const { source, when, symbol, object, at } of linkOrder(makefiles, [...folders].sort())) {
		if (!wanted.has(source)) continue;
		const known = found.get(source);
		const own = parseCondition(when);
		const module = symbol === '' ? `${at.path} ${object}` : symbol;
		found.set(
			source,
			known === undefined ? { when: own, module } : { ...known, when: or(known.when, own) },
		);
	}
	return found;
}
