/** What came of many patches, counted, and the exit code that follows. */
import { EXIT } from '../../src/errors.ts';
import type { EachRecord } from './model.ts';

/** Failures by how much they matter. */
const WORST: readonly number[] = [EXIT.internal, EXIT.repository, EXIT.usage];

export class Totals {
	readonly command: 'range' | 'tags' | 'lint';
	patches = 0;
	failed = 0;
	/** Messages that are no patches, and were passed over. */
	passed = 0;
	/** Of lint. */
	findings = 0;
	readonly unchecked = new Map<string, string>();
	readonly #exits = new Set<number>();
	readonly #failures = new Set<number>();

	constructor(command: Totals['command']) {
		this.command = command;
	}

	add({ exit, failed, lint }: EachRecord): void {
		if (failed) {
			this.failed++;
			this.#failures.add(exit);
			return;
		}
		this.patches++;
		this.#exits.add(exit);
		this.findings += lint?.findings ?? 0;
		for (const { rule, needs } of lint?.unchecked ?? []) this.unchecked.set(rule, needs);
	}

	/** In one line, for people. */
	text(): string {
		const count = (number: number, one: string, more: string): string =>
			`${number} ${number === 1 ? one : more}`;
		const failed = this.failed === 0 ? [] : [`${this.failed} failed`];
		const passed =
			this.passed === 0 ? [] : [`${count(this.passed, 'message', 'messages')} without a patch`];
		return [count(this.patches, 'patch', 'patches'), ...failed, ...passed].join(', ');
	}

	/**
	 * That of the worst failure where something failed. Else as of one patch: `lint` answers no where any patch
	 * has findings, the others where no patch has a release.
	 */
	get exit(): number {
		const worst = WORST.find((code) => this.#failures.has(code));
		if (worst !== undefined) return worst;
		const order =
			this.command === 'lint'
				? [EXIT.no, EXIT.answered]
				: [EXIT.answered, EXIT.no, EXIT.cannotTell];
		return order.find((code) => this.#exits.has(code)) ?? EXIT.answered;
	}
}
