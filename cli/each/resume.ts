/** The records of an earlier run that was cut off: they are taken over instead of being computed again. */
import { createReadStream } from 'node:fs';
import { EXIT, RangefinderError } from '../../src/errors.ts';
import type { ItemReport } from '../../src/range/each-report.ts';
import type { EachAnswer, EachMessage, EachRecord } from './model.ts';
import { partsOf } from './parts.ts';

/** A record is no longer than this, bytes. */
const LONGEST_RECORD = 256 * 1024 * 1024;

interface Kept {
	readonly line: Uint8Array;
	readonly item: ItemReport;
	readonly failed: boolean;
}

/** Reads records along with the messages, whose order is theirs: those of one message are in memory. */
export class EarlierRecords {
	readonly #kept: AsyncIterator<Kept>;
	#next: Kept | undefined;

	private constructor(kept: AsyncIterator<Kept>, first: Kept | undefined) {
		this.#kept = kept;
		this.#next = first;
	}

	/** Opens a file of records. @throws RangefinderError input-unreadable */
	static async open(path: string, where: string): Promise<EarlierRecords> {
		const kept = recordsOf(path, where);
		const first = await kept.next();
		return new EarlierRecords(kept, first.done === true ? undefined : first.value);
	}

	/** The day of the earlier run, as its first record has it; undefined where there is none, or any day counts. */
	get asOf(): string | undefined {
		return this.#next?.item.asOf ?? undefined;
	}

	/**
	 * What the earlier run said of a message; undefined where it did not come to the end of it, where the message or
	 * the words were others, and where it failed by what may not fail again.
	 */
	async take({ index, where }: EachMessage, key: string): Promise<EachAnswer | undefined> {
		const found: Kept[] = [];
		while (this.#next !== undefined && this.#next.item.index <= index) {
			const { item } = this.#next;
			const same = item.index === index && item.key === key && item.where === where;
			if (same && item.patch === found.length + 1) found.push(this.#next);
			const next = await this.#kept.next();
			this.#next = next.done === true ? undefined : next.value;
		}
		const [first] = found;
		if (first === undefined || found.length !== first.item.patches) return undefined;
		return found.some(mayPass) ? undefined : { records: found.map(recordOf) };
	}
}

/** Whether it failed by what is not the patch's own. */
function mayPass({ item, failed }: Kept): boolean {
	return failed && (item.exit === EXIT.repository || item.exit === EXIT.internal);
}

function recordOf({ line, item, failed }: Kept): EachRecord {
	return { out: Buffer.concat([line, Buffer.from('\n')]), err: '', exit: item.exit, failed };
}

/** The records of a file. A last line without its end was cut, and is left out; so is what is no record. */
async function* recordsOf(path: string, where: string): AsyncGenerator<Kept> {
	const unreadable = (what: string, cause?: unknown) =>
		new RangefinderError({ code: 'input-unreadable', where, what }, { cause });
	const noRecords = () => unreadable('has no records of an earlier run (--json of many patches)');
	let first = true;
	try {
		for await (const part of partsOf(createReadStream(path), 10, LONGEST_RECORD, noRecords)) {
			if (!part.ended) return;
			const kept = keptOf(part.bytes);
			if (kept === undefined && first) throw noRecords();
			first = false;
			if (kept !== undefined) yield kept;
		}
	} catch (error) {
		if (error instanceof RangefinderError || !(error instanceof Error)) throw error;
		throw unreadable(error.message, error);
	}
}

function keptOf(line: Buffer): Kept | undefined {
	let record: unknown;
	try {
		record = JSON.parse(line.toString('utf8'));
	} catch {
		return undefined;
	}
	if (!isObject(record) || !isItem(record.item)) return undefined;
	return { line, item: record.item, failed: record.schema === 'rangefinder.error/1' };
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function isItem(value: unknown): value is ItemReport {
	return (
		isObject(value) &&
		['index', 'patch', 'patches', 'exit'].every((name) => Number.isInteger(value[name])) &&
		['where', 'key'].every((name) => typeof value[name] === 'string')
	);
}
