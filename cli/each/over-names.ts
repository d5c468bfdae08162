/** Runs a command of one patch or commit for each of a list of names on standard input. */
import { printableLine, safeJson } from '../../src/text.ts';
import { sayFailure } from '../failures.ts';
import { usage } from '../judging.ts';
import { Session } from '../session.ts';
import { isListed, type ListWords } from '../words/each.ts';
import { namesOn } from './names.ts';
import { Totals } from './totals.ts';

export interface OverNames {
	readonly command: string;
	/** What was named on the command line. */
	readonly given: string | undefined;
	readonly words: ListWords & { readonly json?: boolean };
	/** Whether what is printed of each begins with its name; mails go on as they are. */
	readonly headings: boolean;
}

/**
 * Runs `once` for what was named, or for each name of a list: their answers follow one another, as JSON a line each, and
 * one that fails is said and passed over.
 * @throws RangefinderError usage; of a single name, what `once` throws
 */
export async function overNames(
	session: Session,
	{ command, given, words, headings }: OverNames,
	once: (session: Session, name: string | undefined) => Promise<void>,
): Promise<void> {
	if (!isListed(words)) return once(session, given);
	const { world } = session;
	if (given !== undefined) {
		throw usage(`${command}: both ${given} and a list of names given`, 'leave one of them out');
	}
	const totals = new Totals('range');
	const done = { out: new Uint8Array(), err: '' };
	for await (const name of namesOn(world.stdin, words.null === true)) {
		const out: Uint8Array[] = [];
		const stdout = { write: (chunk: string | Uint8Array) => out.push(Buffer.from(chunk)) };
		const one = new Session({ ...world, stdout }, () => session.engine());
		one.quiet = session.quiet;
		let exit: number;
		let failed = false;
		try {
			if (name === '-') throw usage(`${command}: - in a list of names`, 'name a file');
			await once(one, name);
			exit = one.exitCode;
		} catch (error) {
			exit = sayFailure(world, error);
			failed = true;
		}
		totals.add({ ...done, exit, failed });
		const bytes = Buffer.concat(out);
		if (words.json === true && bytes.length > 0) {
			session.print([safeJson(JSON.parse(bytes.toString()), false)]);
		} else {
			if (headings && bytes.length > 0) session.print([`== ${printableLine(name)}`]);
			world.stdout.write(bytes);
		}
	}
	session.exitCode = totals.exit;
}
