/**
 * The command `repair`: the patch goes to stdout or a file byte for byte, what was proved to stderr.
 */
import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';
import type { RepairReport } from '../../src/range/repair-report.ts';
import { printable, printableLine, safeJson } from '../../src/text.ts';
import type { RepairResult } from '../engine.ts';
import type { RepairWords } from '../options.ts';
import { abbreviated } from '../output/headings.ts';
import type { Session } from '../session.ts';
import { writeWhole } from '../write-whole.ts';

/** What was done to the patch, one line a file, and what could not be done. */
export function repairNotes({ repaired, proof, files, lost }: RepairResult): string[] {
	const done = repaired ? 'repaired' : 'not damaged';
	const notes = files.map(({ path, preimage, postimage }) => {
		const pre = preimage === null ? 'unknown' : abbreviated(preimage);
		const post = postimage === null ? 'unknown' : abbreviated(postimage);
		const said = {
			postimage: `${done}, proved: ${pre} -> ${post}`,
			preimage: `${done}, fits ${pre}; the result was not proved`,
			none: `${done}, pre-image ${pre} not at hand; nothing was proved`,
		};
		return `${printableLine(path)}: ${said[proof]}`;
	});
	return [...notes, ...lost.map((what) => printableLine(what))];
}

function repairReport(
	{ repaired, proof, lost, files, text }: RepairResult,
	output: string | undefined,
): RepairReport {
	const encoding = isUtf8(text) ? 'utf-8' : 'base64';
	const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
	return {
		schema: 'rangefinder.repair/1',
		repaired,
		proof,
		lost: [...lost],
		files: files.map(({ path, preimage, postimage }) => ({ path, preimage, postimage })),
		output: output ?? null,
		encoding,
		text: output === undefined ? bytes.toString(encoding) : null,
	};
}

/** Runs `repair`. */
export async function runRepair(session: Session, mail: string, words: RepairWords): Promise<void> {
	const engine = await session.engine();
	const result = await engine.repair({
		input: mail,
		...(words.patch === undefined ? {} : { patch: words.patch }),
		...(words.repo === undefined ? {} : { repo: words.repo }),
		...(words.store === undefined ? {} : { store: words.store }),
		...(words.offline === true ? { offline: true } : {}),
		...(words.index === undefined ? {} : { index: words.index }),
	});
	const { stdout, isTTY, cwd } = session.world;
	if (words.output !== undefined) {
		await writeWhole(resolve(cwd, words.output), result.text);
	}
	if (words.json === true) {
		session.print([safeJson(repairReport(result, words.output), true)]);
		return;
	}
	if (words.output === undefined) {
		// git am needs the very bytes.
		stdout.write(isTTY.stdout ? printable(new TextDecoder().decode(result.text)) : result.text);
	}
	session.note(
		repairNotes(result)
			.map((line) => `${line}\n`)
			.join(''),
	);
}
