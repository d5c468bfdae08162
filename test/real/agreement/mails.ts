/** Reading of real mails against `git mailinfo` and `git apply --numstat`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { RawMessage } from '../../../src/patch/mbox.ts';
import { compareMail, inputs, type Judged } from '../mails-compare.ts';
import { type Inputs, type Part, type Slice, Tally } from './part.ts';

/** Mails compared in a slice. */
const SLICE = 500;

export function mailsPart({ mails, every }: Inputs): Part {
	return {
		name: 'mails',
		what: `mails of ${mails.map(listOf).join(', ')}${every === 1 ? '' : `, one in ${every}`}: author, subject, message, files, counts`,
		oracle: '`git mailinfo`, `git apply --numstat`',
		async *slices() {
			for (const input of mails) yield* slicesOf(input, every);
		},
	};
}

/** A bare repository is often called `repo` or `0.git`; the folder above says which list it is. */
function listOf(input: string): string {
	const path = resolve(input);
	const name = basename(path);
	return /^(?:repo|git|\d+\.git)$/.test(name) ? basename(dirname(path)) : name;
}

async function* slicesOf(input: string, every: number): AsyncGenerator<Slice> {
	let messages: RawMessage[] = [];
	let drawn = 0;
	let seen = 0;
	const id = (): string => `${listOf(input)}/${every}/${Math.floor((drawn - 1) / SLICE)}`;
	for await (const message of inputs([input])) {
		if (seen++ % every !== 0) continue;
		drawn++;
		messages.push(message);
		if (messages.length < SLICE) continue;
		const full = messages;
		yield { id: id(), run: async () => compareMails(full, listOf(input)) };
		messages = [];
	}
	if (messages.length > 0)
		yield { id: id(), run: async () => compareMails(messages, listOf(input)) };
}

function compareMails(messages: readonly RawMessage[], list: string): Tally {
	const tally = new Tally();
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-mails-'));
	try {
		for (const message of messages) {
			const found = compareMail(message, folder);
			if (found === undefined) continue;
			const open = found.find(({ reason }) => reason === undefined);
			if (found.length === 0) tally.agreed();
			else tally.differs(open ? undefined : found[0]?.reason, `${list}, ${lineOf(message, open)}`);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return tally;
}

function lineOf({ where }: RawMessage, found: Judged | undefined): string {
	if (found === undefined) return where;
	const short = (text: string): string => JSON.stringify(text.slice(0, 200));
	return `${where}: ${found.what}: git ${short(found.git)}, ours ${short(found.ours)}`;
}
