/**
 * Who defines and who selects a symbol in the Kconfig files of a tree. Trees share most of their files, so each
 * version of a file is taken up once, and a tree is which of them it has, in which order.
 */
import type { KconfigEntry } from '../src/kernel/kconfig-entry.ts';
import type { KconfigOutline } from '../src/kernel/kconfig-outline.ts';

/** Something that a file says. */
interface Said<T> {
	/** The number of the file. */
	readonly file: number;
	readonly what: T;
}

/** The files of one tree. */
export interface TreeSymbols {
	/** The definitions of a symbol, in the order of the files. */
	definitions(name: string): readonly KconfigEntry[];
	/** Who selects it, once for each time, in the order of the files. */
	selectors(name: string): readonly string[];
}

export class KconfigSymbols {
	readonly #numbers = new Map<KconfigOutline, number>();
	readonly #defining = new Map<string, Said<KconfigEntry>[]>();
	readonly #selecting = new Map<string, Said<string>[]>();

	/** The symbols of a tree with these files, each of which is there once. */
	of(files: readonly KconfigOutline[]): TreeSymbols {
		const numbers = files.map((file) => this.#numbers.get(file) ?? this.#add(file));
		/** By number of a file: one more than its place in the tree; 0 for one that is not there. */
		const places = new Int32Array(this.#numbers.size);
		for (const [place, number] of numbers.entries()) places[number] = place + 1;
		return {
			definitions: (name) => inOrder(this.#defining.get(name), places),
			selectors: (name) => inOrder(this.#selecting.get(name), places),
		};
	}

	#add(outline: KconfigOutline): number {
		const file = this.#numbers.size;
		this.#numbers.set(outline, file);
		for (const entry of outline.entries) {
			add(this.#defining, entry.name, { file, what: entry });
			for (const target of entry.selects) add(this.#selecting, target, { file, what: entry.name });
		}
		return file;
	}
}

/** What the files of a tree say of all that was said, file by file. */
function inOrder<T>(said: readonly Said<T>[] | undefined, places: Int32Array): T[] {
	if (said === undefined) return [];
	const here = said.filter(({ file }) => places[file]);
	if (here.length > 1) here.sort((a, b) => (places[a.file] ?? 0) - (places[b.file] ?? 0));
	return here.map(({ what }) => what);
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
	const list = map.get(key);
	if (list === undefined) map.set(key, [value]);
	else list.push(value);
}
