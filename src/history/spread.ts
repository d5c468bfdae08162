/** At most so many of a list, evenly over all of it, the first and the last among them. */
export function spread<T>(all: readonly T[], most: number): T[] {
	if (all.length <= most) return [...all];
	const step = (all.length - 1) / (most - 1);
	return Array.from({ length: most }, (_, i) => all[Math.round(i * step)] as T);
}
