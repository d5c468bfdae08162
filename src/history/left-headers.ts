/**
 * Headers of a profile that a walk leaves out, as no source of some trees needs them: each path that git has to look
 * for makes its walk slower. Every source that is read tells whether that holds.
 */
import { includesSource } from '../driver/included.ts';
import type { MacroFact } from '../driver/macros/definitions.ts';
import type { NeededHeaders } from '../driver/macros/needed.ts';
import type { Profile, SourceFile } from '../driver/profile.ts';

/** Gives the versions of headers that trees of commits have, each once. */
export type ReadHeaders = (
	commits: readonly string[],
	paths: readonly string[],
) => Promise<readonly SourceFile[]>;

export class LeftHeaders {
	/** The profile with all of its headers. */
	readonly whole: Profile;
	readonly #paths: ReadonlySet<string>;
	readonly #needed: NeededHeaders;
	#lacks = false;

	readonly #read: ReadHeaders;
	/** Macros of entries that nothing defines, as far as it is known. */
	readonly #unknown = new Set<string>();
	/** Versions of sources that use one that was not known before them. */
	#strange: string[] = [];
	/** The tree that was seen last, and how many names had been asked for. */
	#seen: { headers?: ReadonlyMap<string, SourceFile>; asked: number } = { asked: 0 };

	/**
	 * @param paths of what is left out
	 * @param needed which headers are needed, as far as it is known
	 * @param read reads versions of what is left out
	 */
	constructor(
		whole: Profile,
		paths: ReadonlySet<string>,
		needed: NeededHeaders,
		read: ReadHeaders,
	) {
		this.whole = whole;
		this.#paths = paths;
		this.#needed = needed;
		this.#read = read;
	}

	/** Whether something that was seen needs what is left out. */
	get lacks(): boolean {
		for (const path of this.#paths) this.#lacks ||= this.#needed.needed.has(path);
		return this.#lacks;
	}

	/** Takes note of the headers of one tree; the same map where they are the same. */
	seeTree(headers: ReadonlyMap<string, SourceFile>): void {
		const { asked } = this.#needed;
		if (headers === this.#seen.headers && asked === this.#seen.asked) return;
		this.#seen = { headers, asked };
		this.#lacks ||= this.#needed.hasRivals(macrosOf(headers));
	}

	/**
	 * Looks at what is left out as it is in the trees of commits.
	 * @throws RangefinderError git-failed
	 */
	async look(commits: readonly string[]): Promise<void> {
		if (commits.length === 0) return;
		for (const header of await this.#read(commits, [...this.#paths])) this.see(header);
	}

	/**
	 * The blobs of sources that were seen since it was asked last and use a macro that nothing defines: it has to be
	 * looked at the trees that they are in.
	 */
	takeStrange(): readonly string[] {
		const strange = this.#strange;
		this.#strange = [];
		return strange;
	}

	/** Takes note of a version of a file. */
	see(file: SourceFile): void {
		const { path, blob, facts } = file;
		const { macros = [] } = facts.preprocessor ?? {};
		if (path.endsWith('.c')) {
			for (const entry of facts.entries) {
				this.#needed.askFor(entry, macros);
				const { macro } = entry;
				if (this.#unknown.has(macro) || this.#needed.isDefined(macro)) continue;
				if (macros.some(({ name }) => name === macro)) continue;
				this.#unknown.add(macro);
				this.#strange.push(blob);
			}
			return;
		}
		this.#needed.addHeader(path, macros);
		if (this.#paths.has(path)) this.#lacks ||= showsByItself(this.whole, file);
	}
}

/** What headers define. */
export function* macrosOf(
	headers: ReadonlyMap<string, SourceFile>,
): Generator<[path: string, macros: readonly MacroFact[]]> {
	for (const [path, { facts }] of headers) {
		if (path.endsWith('.h')) yield [path, facts.preprocessor?.macros ?? []];
	}
}

/** Whether a header is needed whoever includes it: it says what a tree offers, or has sources in it. */
export function showsByItself(profile: Profile, header: SourceFile): boolean {
	if (includesSource(header.facts)) return true;
	const offers = profile.capabilities(new Map([[header.path, header]]));
	return offers.some(({ value }) => value === true);
}
