import type { Inputs, Part } from './part.ts';
export function stylesPart(_ladder: string, _inputs: Inputs): Part {
	return { name: 'styles', what: '', oracle: '', async *slices() {} };
}
