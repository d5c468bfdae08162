/**
 * Names that a change uses and its target lacks: functions, macros, types, fields, enumerators, headers,
 * and functions with another number of parameters. A name counts as missing only where the file sees it
 * in the tree the change comes from, and neither the file nor any header of the target has the word at all:
 * what a name is, is not asked, so that nothing is called missing that may be there.
 */
import { indexOfWord } from '../../driver/identifiers.ts';
import { includedPaths } from '../../driver/macros/scope.ts';
import type { GitRunner } from '../../git/process.ts';
import { bytePath, isRegular, type TreePool } from '../../git/tree-pool.ts';
import type { ChangedPath } from '../pick/model.ts';
import { arityOf, callsOf } from './arity.ts';
import { type Change, nameOf, type Stretch } from './change.ts';
import { Includes, includesOf } from './includes.ts';
import { idsIn } from './textual.ts';

/** A name that a change uses, and that is not there as it uses it. */
export interface MissingSymbol {
	readonly name: string;
	readonly what: 'name' | 'header' | 'parameters';
	/** The file that uses it, and its line in the target with the change, from 1. */
	readonly path: string;
	readonly line: number;
	/** Where the tree the change comes from has it. */
	readonly from: string;
	readonly why: string;
}

/** Names of one file that are looked for; one with more is not asked about, and that is said. */
const MOST_NAMES = 400;
/** Commits that are taken for candidates. */
const MOST_CANDIDATES = 12;

const KEYWORDS = new Set(
	`auto break case char const continue default do double else enum extern float for goto if inline int long
	register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
	bool true false NULL defined include ifdef ifndef endif elif define undef pragma error line asm typeof
	__attribute__ __asm__ __typeof__ __func__ __FILE__ __LINE__ __VA_ARGS__`.split(/\s+/),
);

/** Asks about the names of changes on one target. */
export class Symbols {
	readonly #pool: TreePool;
	readonly #git: GitRunner;
	/** The target without anything picked, in which headers that nothing includes are searched. */
	readonly #target: string;
	readonly #includes: Includes;
	readonly #inHeaders = new Map<string, Promise<boolean>>();
	readonly #untold = new Set<string>();

	constructor(pool: TreePool, { git, target }: Stretch) {
		this.#pool = pool;
		this.#git = git;
		this.#target = target;
		this.#includes = new Includes(pool);
	}

	/**
	 * What a change uses and a tree that has it lacks.
	 * @param tree the target with the change, and with what was picked besides
	 * @throws RangefinderError git-failed, object-missing
	 */
	async missing(
		change: Change,
		changed: readonly ChangedPath[],
		tree: string,
	): Promise<MissingSymbol[]> {
		const found: MissingSymbol[] = [];
		for (const { path, after, theirPath } of changed) {
			if (!/\.[ch]$/.test(path) || !isRegular(after)) continue;
			const own = theirPath ?? path;
			const file = { path, own, tree, ...(await this.#added(change, own, tree, path)) };
			if (file.added.length === 0) continue;
			found.push(...(await this.#headers(change, file)));
			found.push(...(await this.#names(change, file)));
		}
		return found;
	}

	/** What was not asked about, one sentence each. */
	untold(): string[] {
		return [...this.#untold];
	}

	/** The lines that a change adds to a file, and those that the tree still has: a later pick may take them out. */
	async #added(
		{ base, theirs }: Change,
		own: string,
		tree: string,
		path: string,
	): Promise<Pick<ChangedFile, 'added' | 'brought'>> {
		const [[old = ''], [now = ''], [there = '']] = await Promise.all([
			this.#includes.code(base, [own]),
			this.#includes.code(theirs, [own]),
			this.#includes.code(tree, [path]),
		]);
		const known = linesOf(old);
		const kept = linesOf(there);
		const brought = now.split('\n').filter((line) => !known.has(line.trim()));
		return { brought, added: brought.filter((line) => kept.has(line.trim())) };
	}

	async #headers(change: Change, at: ChangedFile): Promise<MissingSymbol[]> {
		const text = await this.#text(change.theirs, at.own);
		const before = new Set(
			includesOf(await this.#text(change.base, at.own)).map(({ path }) => path),
		);
		const found: MissingSymbol[] = [];
		for (const { path: name, beside } of includesOf(text)) {
			if (before.has(name)) continue;
			const fact = { path: name, beside };
			if ((await this.#includes.firstThere(at.tree, includedPaths(fact, at.path))) !== undefined) {
				continue;
			}
			const from = await this.#includes.firstThere(change.theirs, includedPaths(fact, at.own));
			if (from === undefined) continue;
			const line = await this.#lineOf(at, name);
			const why = `includes ${name}, which is not there`;
			found.push({ name, what: 'header', path: at.path, line, from, why });
		}
		return found;
	}

	async #names(change: Change, at: ChangedFile): Promise<MissingSymbol[]> {
		const names = namesIn(at.added);
		if (names.length > MOST_NAMES) {
			const what = `${nameOf(change)} uses ${names.length} names in ${at.own}`;
			this.#untold.add(`${what}: whether all of them are there was not looked at`);
			return [];
		}
		const calls = callsOf(at.added.join('\n'));
		const target = new Sight(names, at.brought);
		for await (const level of this.#includes.seen(at.tree, at.path)) {
			for (const { path, code } of level) target.look(path, code, path === at.path);
			if (target.sawAll) break;
		}
		const unseen = names.filter((name) => !target.saw(name));
		const asked = new Set([...unseen, ...calls.keys()]);
		if (asked.size === 0) return [];
		const source = new Sight([...asked], at.brought);
		for await (const level of this.#includes.seen(change.theirs, at.own)) {
			for (const { path, code } of level) source.look(path, code, path === at.own);
			if (source.sawAll) break;
		}
		const found: MissingSymbol[] = [];
		for (const name of unseen) {
			const from = source.where(name);
			if (from === undefined) continue;
			if (from !== at.own && (await this.#inAnyHeader(name))) continue;
			const line = await this.#lineOf(at, name);
			found.push({
				name,
				what: 'name',
				path: at.path,
				line,
				from,
				why: `uses ${name}, which is not there`,
			});
		}
		for (const [name, given] of calls) {
			const [here, there] = [target.arity(name), source.arity(name)];
			if (here === undefined || there === undefined || here === there || given !== there) continue;
			const from = source.where(name) ?? at.own;
			const line = await this.#lineOf(at, name);
			const why = `calls ${name}() with ${there} arguments, and it takes ${here} there`;
			found.push({ name, what: 'parameters', path: at.path, line, from, why });
		}
		return found;
	}

	async #text(root: string, path: string): Promise<string> {
		const version = await this.#pool.at(root, bytePath(path));
		if (version === undefined || !isRegular(version)) return '';
		const bytes = (await this.#pool.blobs([version.oid])).get(version.oid);
		return bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
	}

	async #lineOf({ tree, path }: ChangedFile, word: string): Promise<number> {
		const lines = (await this.#text(tree, path)).split('\n');
		return (
			Math.max(
				0,
				lines.findIndex((line) => line.includes(word)),
			) + 1
		);
	}

	/** Whether any header of the target has a word: it may be reached in a way that is not seen here. */
	#inAnyHeader(name: string): Promise<boolean> {
		let known = this.#inHeaders.get(name);
		if (known === undefined) {
			known = this.#grep(name);
			this.#inHeaders.set(name, known);
		}
		return known;
	}

	async #grep(name: string): Promise<boolean> {
		const words = ['grep', '--no-textconv', '-q', '-w', '-F', '-e', name, this.#target];
		const { code } = await this.#git.run([...words, '--', 'include', 'arch']);
		return code === 0;
	}
}

/** A file that a change touches in a target. */
interface ChangedFile {
	readonly path: string;
	/** Its path in the change's own tree. */
	readonly own: string;
	readonly tree: string;
	/** The lines that the change adds. */
	readonly brought: readonly string[];
	/** Those of them that the tree still has. */
	readonly added: readonly string[];
}

/** Which of some words texts have, outside the lines that a change adds. */
class Sight {
	readonly #open: Set<string>;
	readonly #where = new Map<string, string>();
	readonly #arity = new Map<string, number | undefined>();
	readonly #brought: ReadonlySet<string>;

	constructor(names: readonly string[], brought: readonly string[]) {
		this.#open = new Set(names);
		this.#brought = new Set(brought.map((line) => line.trim()));
	}

	get sawAll(): boolean {
		return this.#open.size === 0;
	}

	saw(name: string): boolean {
		return this.#where.has(name);
	}

	where(name: string): string | undefined {
		return this.#where.get(name);
	}

	/** How many parameters a name is declared with, in the first text that declares it. */
	arity(name: string): number | undefined {
		return this.#arity.get(name);
	}

	look(path: string, code: string, own: boolean): void {
		const text = own
			? code
					.split('\n')
					.filter((line) => !this.#brought.has(line.trim()))
					.join('\n')
			: code;
		for (const name of this.#open) {
			if (indexOfWord(text, name) < 0) continue;
			this.#open.delete(name);
			this.#where.set(name, path);
			this.#arity.set(name, arityOf(text, name));
		}
	}
}

/** The lines of a text, without white space around them. */
function linesOf(text: string): Set<string> {
	return new Set(text.split('\n').map((line) => line.trim()));
}

/** A variable or parameter with its type before it, as in `const struct acme *one, int two)`. */
const DECLARED =
	/(?:^|[(,;{])[ \t]*(?:(?:const|static|volatile|unsigned|signed|struct|union|enum|register)[ \t]+)*([A-Za-z_]\w*)[ \t]+\**([A-Za-z_]\w+)\s*(?=[,;=)[])/gm;
const NO_TYPES = new Set(['return', 'goto', 'case', 'else']);

/** Names in lines of code, without those of variables and parameters that the lines declare themselves. */
function namesIn(lines: readonly string[]): string[] {
	const names = new Set<string>();
	const own = new Set<string>();
	for (const [, type = '', name = ''] of lines.join('\n').matchAll(DECLARED)) {
		if (!NO_TYPES.has(type)) own.add(name);
	}
	for (const line of lines) {
		if (/^\s*#\s*include\b/.test(line)) continue;
		for (const [name] of line.matchAll(/\b[A-Za-z_]\w+/g)) {
			// CONFIG symbols are in no header.
			if (KEYWORDS.has(name) || own.has(name) || name.startsWith('CONFIG_')) continue;
			names.add(name);
		}
	}
	return [...names].sort();
}

/**
 * Commits of a stretch that may have brought a symbol, the first that did first.
 * @throws RangefinderError git-failed
 */
export async function symbolCandidates(
	stretch: Stretch,
	change: Change,
	{ name, what, from }: MissingSymbol,
): Promise<string[]> {
	const words = ['log', '--no-color', '--no-merges', '--reverse', '--format=%x00%H'];
	const search =
		what === 'header'
			? ['--diff-filter=A']
			: what === 'name'
				? [`-S${name}`]
				: ['-G', `(^|[^A-Za-z0-9_])${name}[ \t]*\\(`, '-E'];
	const range = [change.from, `^${stretch.target}`];
	const out = await stretch.git.output([...words, ...search, ...range, '--', from]);
	return idsIn(out).slice(0, MOST_CANDIDATES);
}
