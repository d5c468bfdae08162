/** The marks of notes, and how a note names places in the tree. */
import type { Reason } from '../../src/range/report.ts';
import { printableLine } from '../../src/text.ts';

/** a, b, ... z, aa, ab for 0, 1, ... */
export function letter(index: number): string {
	const last = String.fromCharCode(97 + (index % 26));
	return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

/** Names the places of one note: those in the folder of the first are named without it from then on. */
export class Places {
	#folder: string | undefined;

	/** `drivers/iommu/a.c:12,40, b.c:7`: the lines of a file together. '' without evidence. */
	text(evidence: Reason['evidence']): string {
		const files = new Map<string, Set<number>>();
		for (const { path, line } of evidence) {
			const lines = files.get(path) ?? new Set();
			files.set(path, lines.add(line));
		}
		return [...files]
			.map(([path, lines]) => {
				const folder = path.slice(0, path.lastIndexOf('/') + 1);
				const name = folder === this.#folder ? path.slice(folder.length) : path;
				this.#folder ??= folder;
				return `${printableLine(name)}:${[...lines].join(',')}`;
			})
			.join(', ');
	}
}
