/**
 * Puts ink's frames on the terminal. Ink writes each frame whole; what differs from the frame before is written
 * line by line, at its place, so that nothing scrolls or flickers, and a slow line is not flooded: while it takes
 * no more, frames are left out.
 */
import { EventEmitter } from 'node:events';

/** The part of a terminal that is written to. */
export interface FrameOutput {
	readonly columns: number;
	readonly rows: number;
	readonly writableNeedDrain: boolean;
	write(text: string): unknown;
	once(event: 'drain', listener: () => void): unknown;
}

/** Frames follow each other at this distance at least, milliseconds. */
const APART_MS = 16;

/** Stands for the terminal before ink, which in its debug mode writes whole frames. */
export class Frames extends EventEmitter {
	readonly isTTY = true;
	readonly #out: FrameOutput;
	readonly #now: () => number;
	#wanted: readonly string[] = [];
	#drawn: readonly string[] = [];
	#last = Number.NEGATIVE_INFINITY;
	#timer: NodeJS.Timeout | undefined;
	#isOpen = true;

	constructor(out: FrameOutput, now: () => number) {
		super();
		this.#out = out;
		this.#now = now;
	}

	get columns(): number {
		return this.#out.columns;
	}

	get rows(): number {
		return this.#out.rows;
	}

	/** A frame of ink. */
	write(frame: string, done?: () => void): boolean {
		if (frame !== '') {
			this.#wanted = frame.split('\n');
			this.#schedule();
		}
		done?.();
		return true;
	}

	/** Forgets what is on the terminal: the next frame is drawn whole. */
	redraw(): void {
		this.#drawn = [];
		this.#out.write('\x1b[2J');
		this.#draw();
	}

	/** Draws nothing more until {@link open}. */
	close(): void {
		this.#isOpen = false;
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	open(): void {
		this.#isOpen = true;
		this.redraw();
	}

	#schedule(): void {
		if (this.#timer !== undefined || !this.#isOpen) return;
		const wait = this.#last + APART_MS - this.#now();
		if (wait <= 0) this.#draw();
		else this.#timer = setTimeout(() => this.#draw(), wait);
	}

	#draw(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (!this.#isOpen) return;
		if (this.#out.writableNeedDrain) {
			this.#out.once('drain', () => this.#schedule());
			return;
		}
		this.#last = this.#now();
		const next = this.#wanted.slice(0, this.#out.rows);
		let text = '';
		for (let row = 0; row < Math.max(next.length, this.#drawn.length); row++) {
			const line = next[row] ?? '';
			if (line !== this.#drawn[row]) text += `\x1b[${row + 1};1H\x1b[0m\x1b[2K${line}`;
		}
		this.#drawn = next;
		if (text !== '') this.#out.write(text);
	}
}
