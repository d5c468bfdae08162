/** Files of a tree that notice which of them are asked for, so that only those have to be read. */
import type { SourceFile } from '../src/driver/profile.ts';

export class AskedFiles extends Map<string, SourceFile> {
	readonly #asked = new Set<string>();
	/** Whether somebody looked through all of them. */
	#wholly = false;

	override get(path: string): SourceFile | undefined {
		this.#asked.add(path);
		return super.get(path);
	}

	override has(path: string): boolean {
		this.#asked.add(path);
		return super.has(path);
	}

	override keys(): MapIterator<string> {
		this.#wholly = true;
		return super.keys();
	}

	override values(): MapIterator<SourceFile> {
		this.#wholly = true;
		return super.values();
	}

	override entries(): MapIterator<[string, SourceFile]> {
		this.#wholly = true;
		return super.entries();
	}

	override [Symbol.iterator](): MapIterator<[string, SourceFile]> {
		return this.entries();
	}

	override forEach(
		use: (file: SourceFile, path: string, all: Map<string, SourceFile>) => void,
	): void {
		this.#wholly = true;
		super.forEach(use);
	}

	/** The files that are here, without counting as asked for. */
	held(): SourceFile[] {
		return [...super.values()];
	}

	/** What was asked for and is not here, of the files that there are. */
	missing(there: ReadonlyMap<string, string>): string[] {
		const asked = this.#wholly ? [...there.keys()] : [...this.#asked];
		return asked.filter((path) => there.has(path) && !super.has(path));
	}
}
