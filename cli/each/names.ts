/** Names of patches and commits on standard input, as `git ls-files`, `find` and `git rev-list` print them. */
import { RangefinderError } from '../../src/errors.ts';
import type { World } from '../world.ts';
import { partsOf } from './parts.ts';

/** A name is no longer than this, bytes; a list that is not one is no list of names. */
const LONGEST_NAME = 64 * 1024;

/**
 * The names, as they come: one a line (with or without a carriage return), or with NUL between. Empty ones are left out.
 * @throws RangefinderError input-unreadable
 */
export async function* namesOn(stdin: World['stdin'], nul: boolean): AsyncGenerator<string> {
	const refused = () =>
		new RangefinderError({
			code: 'input-unreadable',
			where: 'standard input',
			what: `is no list of names: one is longer than ${LONGEST_NAME} bytes`,
		});
	for await (const { bytes } of partsOf(stdin, nul ? 0 : 10, LONGEST_NAME, refused)) {
		const text = bytes.toString('utf8');
		const name = nul ? text : text.replace(/\r$/, '');
		if (name !== '') yield name;
	}
}
