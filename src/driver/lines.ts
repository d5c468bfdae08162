/** Where the lines of a file are after edits that are known by line numbers only. */

/** The lines of one hunk as it lands. */
export interface Hunk {
	/** How many lines of the file precede the hunk. */
	at: number;
	/** For each line of the new side the line of the file it is (context), or 0 where it is added. */
	origin: readonly number[];
	/** For an added line how many lines of the file precede it, where that is known; else it follows the context before it. */
	anchors?: readonly (number | undefined)[];
	/** Lines of the file that are removed. */
	removed: readonly number[];
}

/** A mapping from lines before to lines after; all lines are 1-based. */
export class LineMap {
	/** Number of lines after the edits. */
	readonly lines: number;
	readonly #after: Int32Array;
	/** For each line how many lines after the edits stand up to it, additions behind it not counted. */
	readonly #base: Int32Array;
	readonly #fragments: Int32Array[];

	/** @param edits in the order of their places */
	constructor(lines: number, edits: readonly Hunk[]) {
		const added = new Int32Array(lines + 2);
		const gone = new Uint8Array(lines + 2);
		const anchors = edits.map((edit) => anchorsOf(edit, lines));
		for (const edit of edits) for (const line of edit.removed) if (line <= lines) gone[line] = 1;
		for (const list of anchors) for (const anchor of list) added[anchor] = (added[anchor] ?? 0) + 1;
		this.#after = new Int32Array(lines + 2);
		let next = added[0] ?? 0;
		this.#base = new Int32Array(lines + 2);
		this.#base[0] = 0;
		for (let line = 1; line <= lines; line++) {
			if (gone[line] === 0) this.#after[line] = ++next;
			this.#base[line] = next;
			next += added[line] ?? 0;
		}
		this.lines = next;
		const used = new Int32Array(lines + 2);
		this.#fragments = edits.map((edit) => {
			let anchor = Math.min(edit.at, lines);
			return Int32Array.from(edit.origin, (origin, at) => {
				if (origin !== 0) {
					anchor = Math.min(origin, lines);
					return this.#after[anchor] ?? 0;
				}
				anchor = anchorAt(edit, at, anchor, lines);
				used[anchor] = (used[anchor] ?? 0) + 1;
				return (this.#base[anchor] ?? 0) + (used[anchor] ?? 0);
			});
		});
	}

	/** The new place of a line; undefined when it was removed. */
	after(line: number): number | undefined {
		const found = this.#after[line] ?? 0;
		return found === 0 ? undefined : found;
	}

	/** The new place of a line of an edit's fragment; lines beyond its end follow it. */
	ofFragment(edit: number, line: number): number {
		const places = this.#fragments[edit] ?? [];
		const beyond = Math.max(0, line - places.length);
		return (places[line - beyond - 1] ?? this.lines) + beyond;
	}

	/** The new place of the first line behind a line, which may be an added one. */
	behind(line: number): number {
		return (this.#base[Math.max(0, Math.min(line, this.#base.length - 1))] ?? 0) + 1;
	}
}

/** For each line of the new side the line of the file it stands behind. */
function anchorsOf(edit: Hunk, lines: number): number[] {
	let anchor = Math.min(edit.at, lines);
	return edit.origin.flatMap((origin, at) => {
		if (origin !== 0) anchor = Math.min(origin, lines);
		else anchor = anchorAt(edit, at, anchor, lines);
		return origin === 0 ? [anchor] : [];
	});
}

/** Where an added line goes: never before the lines of the same hunk that precede it. */
function anchorAt({ anchors }: Hunk, at: number, before: number, lines: number): number {
	return Math.max(before, Math.min(anchors?.[at] ?? before, lines));
}

/** True when nothing was removed between the lines: those that stayed follow each other. */
export function isWhole(origins: readonly number[]): boolean {
	const kept = origins.filter((origin) => origin !== 0);
	return kept.every((origin, at) => at === 0 || origin === (kept[at - 1] ?? 0) + 1);
}
