/**
 * The patch id of a diff, as `git patch-id --stable` computes it (git's builtin/patch-id.c,
 * from 2.39 on, where binary files came to count), and what is needed to tell how alike two diffs
 * are. Reads the diff line by line; nothing of it is kept but hashes.
 */
import { createHash, type Hash } from 'node:crypto';
import { textHash } from './columns.ts';

/** What a diff comes to. */
export interface DiffSignature {
	/** As git patch-id prints it; '' for an empty diff. */
	readonly patchId: string;
	/** Hashes of its changed lines without white space and with their sign, and how often each is there. */
	readonly lines: ReadonlyMap<number, number>;
	/** How many lines it changes. */
	readonly size: number;
	readonly paths: readonly string[];
}

/** Different lines of one diff that are remembered: to compare more says nothing new. */
const MOST_LINES = 20_000;
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const WHITE = /[\t-\r ]+/g;

/** Reads one diff. Lines are given as latin1 text, that is, byte by byte, without their newline. */
export class DiffReader {
	readonly #sum = new Uint8Array(20);
	#hash: Hash = createHash('sha1');
	#length = 0;
	/** Lines of the hunk that are still to come; -1 within the header of a file. */
	#before = -1;
	#after = -1;
	#binary = false;
	#index: [string, string] = ['', ''];
	readonly #lines = new Map<number, number>();
	readonly #paths: string[] = [];
	#size = 0;

	/** Takes the next line of the diff of a commit. */
	line(line: string): void {
		// "\ No newline at end of file" in whatever language.
		if (line.startsWith('\\ ') && line.length > 11) return;
		if (this.#length === 0 && !line.startsWith('diff ')) return;
		if (this.#before === -1) {
			if (line.startsWith('GIT binary patch') || line.startsWith('Binary files')) {
				this.#binary = true;
				this.#before = 0;
				this.#hash.update(this.#index[0]).update(this.#index[1]);
				this.#flush();
				return;
			}
			if (line.startsWith('index ')) {
				const [pre = '', post = ''] = (line.slice('index '.length).split(' ')[0] ?? '').split('..');
				this.#index = [pre, post];
				return;
			}
			if (line.startsWith('--- ')) {
				this.#before = 1;
				this.#after = 1;
			}
		}
		if (this.#binary) {
			// As git has it: the line that ends a binary file is not counted.
			if (line.startsWith('diff ')) {
				this.#binary = false;
				this.#before = -1;
			}
			return;
		}
		if (this.#before === 0 && this.#after === 0) {
			const hunk = HUNK.exec(line);
			if (hunk !== null) {
				this.#before = Number(hunk[1] ?? 1);
				this.#after = Number(hunk[2] ?? 1);
				return;
			}
			if (!line.startsWith('diff ')) return;
			this.#flush();
			this.#before = -1;
			this.#after = -1;
		}
		this.#take(line);
	}

	#take(line: string): void {
		const sign = line.charCodeAt(0);
		const header = this.#before === -1 || (this.#before === 1 && line.startsWith('--- '));
		if (sign === MINUS || sign === SPACE) this.#before--;
		if (sign === PLUS || sign === SPACE) this.#after--;
		const bare = line.replace(WHITE, '');
		this.#length += bare.length;
		this.#hash.update(bare, 'latin1');
		if (header || line.startsWith('+++ ')) {
			if (line.startsWith('+++ b/')) this.#paths.push(utf8(line.slice('+++ b/'.length)));
			else if (line.startsWith('--- a/')) this.#paths.push(utf8(line.slice('--- a/'.length)));
			return;
		}
		if (sign !== MINUS && sign !== PLUS) return;
		this.#size++;
		const key = textHash(bare);
		const count = this.#lines.get(key);
		if (count !== undefined || this.#lines.size < MOST_LINES)
			this.#lines.set(key, (count ?? 0) + 1);
	}

	/** What was read; nothing may be added afterwards. */
	done(): DiffSignature {
		this.#flush();
		const patchId = this.#length === 0 ? '' : Buffer.from(this.#sum).toString('hex');
		const paths = [...new Set(this.#paths)];
		return { patchId, lines: this.#lines, size: this.#size, paths };
	}

	/** Adds the hash of one file to the sum, as numbers of 160 bits, the lowest byte first. */
	#flush(): void {
		const one = this.#hash.digest();
		this.#hash = createHash('sha1');
		let carry = 0;
		for (const [i, byte] of one.entries()) {
			carry += (this.#sum[i] ?? 0) + byte;
			this.#sum[i] = carry & 0xff;
			carry >>= 8;
		}
	}
}

const SPACE = 32;
const PLUS = 43;
const MINUS = 45;

function utf8(latin1: string): string {
	return Buffer.from(latin1, 'latin1').toString();
}

/** How alike two diffs are in the lines they change, from 0 to 1 (Dice's coefficient). */
export function alikeness(one: DiffSignature, other: DiffSignature): number {
	if (one.patchId !== '' && one.patchId === other.patchId) return 1;
	let common = 0;
	let total = 0;
	for (const [key, count] of one.lines) {
		common += Math.min(count, other.lines.get(key) ?? 0);
		total += count;
	}
	for (const count of other.lines.values()) total += count;
	return total === 0 ? 0 : (2 * common) / total;
}
