/**
 * What every command works with: the world, the engine that is loaded when asked for, and the exit
 * code it leaves behind.
 */
import { EXIT } from '../src/errors.ts';
import type { Engine, LoadEngine, Progress } from './engine.ts';
import { type ColorWhen, createPaint, type Paint, wantsColor } from './output/paint.ts';
import { createProgress } from './progress.ts';
import { textWidth, type World } from './world.ts';

export class Session {
	readonly world: World;
	readonly #load: LoadEngine;
	exitCode: number = EXIT.answered;
	/** Set by --quiet: nothing goes to stderr but errors. */
	quiet = false;

	constructor(world: World, load: LoadEngine) {
		this.world = world;
		this.#load = load;
	}

	engine(): Promise<Engine> {
		return this.#load(this.world);
	}

	get width(): number {
		return textWidth(this.world);
	}

	/** The painter for what --color asked for; false is --no-color. */
	paint(asked: ColorWhen | false | undefined): Promise<Paint> {
		const when = asked === false ? 'never' : (asked ?? 'auto');
		return createPaint(wantsColor(when, this.world.isTTY.stdout, this.world.env));
	}

	/** How far a long operation is, on stderr. */
	progress(): Progress {
		return createProgress(this.world, this.quiet);
	}

	/** Writes to stderr what is no error: notes, warnings, what a command of the user prints. */
	note(text: string | Uint8Array): void {
		if (!this.quiet) this.world.stderr.write(text);
	}

	/** Prints lines on stdout, in one write. */
	print(lines: readonly string[]): void {
		this.world.stdout.write(`${lines.join('\n')}\n`);
	}
}
