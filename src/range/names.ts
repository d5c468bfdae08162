/**
 * Whether what the added lines of a patch call is there, in trees of which only a few files are parsed: in
 * the file itself, in what the patch adds, in the headers that the file includes; and before a name is called
 * missing, in any header at all.
 */
import type { FileId, ReleaseSource } from '../../cache/source.ts';
import { indexOfWord } from '../driver/identifiers.ts';
import { includedPaths } from '../driver/macros/scope.ts';
import type { Evidence } from '../driver/model.ts';
import type { Release } from '../kernel/releases.ts';
import type { PlacedFile, PlacedRelease } from './placements.ts';
import type { PreparedFile } from './prepare.ts';
import type { NamesInTree } from './situation.ts';
import type { PatchedContext, Subject } from './subjects.ts';

/** Includes of includes that are searched, and headers of one release. */
const DEEPEST = 6;
const MOST_HEADERS = 1500;
/** Headers of a whole tree are searched in parts of this many. */
const PART = 500;
/** Names of one patch that are looked for; a patch with more is not judged by them. */
const MOST_NAMES = 200;

const KEYWORDS = new Set(
	`if for while switch return sizeof typeof __typeof__ defined do else case goto __attribute__ asm
	volatile alignof _Alignof __alignof__ offsetof __builtin_expect va_arg va_start va_end`.split(
		/\s+/,
	),
);

/** Names that the added lines of a file call or invoke; members of structs are not names of their own. */
export function calledNames({ hunks }: Pick<PreparedFile, 'hunks'>): string[] {
	const names = new Set<string>();
	for (const { lines } of hunks) {
		const added = lines.filter(({ kind }) => kind === '+').map(({ text }) => text);
		const code = added
			.join('\n')
			.replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' ');
		for (const line of code.split('\n')) {
			// The middle of a comment that began before.
			if (/^\s*\*(?:\s|$)/.test(line)) continue;
			for (const { 1: before = '', 2: name = '' } of line.matchAll(
				/(->|\.|#\s*)?\s*\b([A-Za-z_]\w*)\s*\(/g,
			)) {
				if (before === '' && !KEYWORDS.has(name)) names.add(name);
			}
		}
	}
	return [...names].sort();
}

/** Where names were found in texts, by blob: what is read of one release serves the others. */
class Found {
	readonly #names: readonly string[];
	readonly #byBlob = new Map<string, ReadonlyMap<string, number>>();

	constructor(names: readonly string[]) {
		this.#names = names;
	}

	knows(blob: string): boolean {
		return this.#byBlob.has(blob);
	}

	add(blob: string, bytes: Uint8Array): void {
		const whole = Buffer.from(bytes).toString('latin1');
		const present = this.#names.filter((name) => indexOfWord(whole, name) >= 0);
		// A comment declares nothing; lines stay where they are.
		const text =
			present.length === 0
				? ''
				: whole.replace(/\/\*[\s\S]*?\*\//g, (one) => one.replace(/[^\n]/g, ' '));
		const found = new Map<string, number>();
		for (const name of present) {
			const at = indexOfWord(text, name);
			if (at >= 0) found.set(name, text.slice(0, at).split('\n').length);
		}
		this.#byBlob.set(blob, found);
	}

	/** The lines on which names are, by name. */
	in(blob: string): ReadonlyMap<string, number> {
		return this.#byBlob.get(blob) ?? new Map();
	}
}

interface Tree {
	release: Release;
	/** Names that were not found yet. */
	open: Set<string>;
	/** Names that a header declares, with where. */
	declared: Map<string, Evidence>;
}

/** Reads about the names in every release, in order; undefined where the patch does not land. */
export async function namesInTrees(
	placed: readonly PlacedRelease[],
	subject: Subject,
	{ source, profile }: PatchedContext,
): Promise<(NamesInTree | undefined)[]> {
	const own = (one: PlacedRelease): PlacedFile[] =>
		one.files.filter(({ file }) => subject.paths.includes(file.path) && /\.[ch]$/.test(file.path));
	const names = [
		...new Set(placed.flatMap((one) => own(one).flatMap(({ file }) => calledNames(file)))),
	];
	if (names.length === 0) return placed.map(() => undefined);
	if (names.length > MOST_NAMES) {
		return placed.map(() => ({ missing: [], untold: [`${names.length} names`] }));
	}
	const defined = await definedByPatch(placed[0]);
	const found = new Found(names);
	const trees: (Tree | undefined)[] = [];
	for (const one of placed) {
		const lands = one.files.every(({ placement }) => placement.edits !== undefined);
		if (!lands) {
			trees.push(undefined);
			continue;
		}
		const open = new Set(names.filter((name) => !defined.has(name)));
		const tree: Tree = { release: one.release, open, declared: new Map() };
		trees.push(tree);
		const files = own(one).flatMap(({ path, blob }) =>
			blob === undefined ? [] : [{ path, blob }],
		);
		await searchFiles(tree, files, found, source);
		await searchIncludes(tree, files, found, { source, profile });
	}
	const elsewhere = new Map(trees.flatMap((tree) => [...(tree?.declared ?? [])]));
	const result: (NamesInTree | undefined)[] = [];
	for (const tree of trees) {
		if (tree === undefined) {
			result.push(undefined);
			continue;
		}
		// What no tree declares under this name is made by a macro, or is no function.
		const doubted = new Set([...tree.open].filter((name) => elsewhere.has(name)));
		const missing = await nowhere(tree, doubted, found, source);
		result.push({
			missing: missing.flatMap((name) => {
				const declaredAt = elsewhere.get(name);
				return declaredAt === undefined ? [] : [{ name, declaredAt }];
			}),
			untold: [...tree.open].filter((name) => !missing.includes(name)),
		});
	}
	return result;
}

/** What the patch itself defines: functions, macros, variables and parameters of its own lines. */
async function definedByPatch(one: PlacedRelease | undefined): Promise<Set<string>> {
	const defined = new Set<string>();
	for (const { file } of one?.files ?? []) {
		for (const { functions, symbols, variables, structs } of await file.fragments()) {
			for (const { name } of [...functions, ...symbols, ...variables, ...structs])
				defined.add(name);
			for (const { params } of functions) for (const name of params) defined.add(name);
		}
	}
	return defined;
}

async function searchFiles(
	tree: Tree,
	files: readonly FileId[],
	found: Found,
	source: Pick<ReleaseSource, 'text'>,
): Promise<void> {
	const unread = [...new Set(files.map(({ blob }) => blob))].filter((blob) => !found.knows(blob));
	for (const [blob, bytes] of await source.text(unread)) found.add(blob, bytes);
	for (const { path, blob } of files) {
		for (const [name, line] of found.in(blob)) {
			if (!tree.open.delete(name)) continue;
			if (path.endsWith('.h')) tree.declared.set(name, { path, line, blob });
		}
	}
}

/** Searches what files include, level by level, until every name was found. */
async function searchIncludes(
	tree: Tree,
	files: readonly FileId[],
	found: Found,
	{ source, profile }: PatchedContext,
): Promise<void> {
	const asked = new Set<string>();
	let next = new Set<string>();
	const facts = await source.fileFacts(files, profile.interest);
	const follow = (path: string, blob: string, of: typeof facts): void => {
		for (const include of of.get(blob)?.preprocessor?.includes ?? []) {
			for (const one of includedPaths(include, path)) if (!asked.has(one)) next.add(one);
		}
	};
	for (const { path, blob } of files) follow(path, blob, facts);
	for (let depth = 0; depth < DEEPEST && tree.open.size > 0 && next.size > 0; depth++) {
		const paths = [...next].slice(0, MOST_HEADERS - asked.size);
		next = new Set();
		for (const path of paths) asked.add(path);
		const [ids = []] = await source.blobIds([tree.release], paths);
		const headers = paths.flatMap((path, i): FileId[] => {
			const blob = ids[i];
			return blob === undefined ? [] : [{ path, blob }];
		});
		await searchFiles(tree, headers, found, source);
		if (tree.open.size === 0) return;
		const includes = await source.headers(headers);
		for (const { path, blob } of headers) follow(path, blob, includes);
	}
}

/** Those of some names that no header of a tree has. */
async function nowhere(
	tree: Tree,
	names: Set<string>,
	found: Found,
	source: ReleaseSource,
): Promise<string[]> {
	if (names.size === 0) return [];
	const general = await source.filesBelow(tree.release, 'include');
	const ofArchs = (await source.filesBelow(tree.release, 'arch')).filter(({ path }) =>
		/^arch\/[^/]+\/include\//.test(path),
	);
	const headers = [...general, ...ofArchs].filter(({ path }) => path.endsWith('.h'));
	const left = new Set(names);
	for (let at = 0; at < headers.length && left.size > 0; at += PART) {
		const part = headers.slice(at, at + PART);
		const unread = part.map(({ blob }) => blob).filter((blob) => !found.knows(blob));
		for (const [blob, bytes] of await source.text(unread)) found.add(blob, bytes);
		for (const { blob } of part) for (const name of found.in(blob).keys()) left.delete(name);
	}
	return [...left];
}
