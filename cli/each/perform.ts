/** Answers for one message after the other, here or in a thread: what is to be printed of it, as the commands print it. */
import { EXIT, RangefinderError } from '../../src/errors.ts';
import { type ReadPatch, readMessage } from '../../src/patch/mail.ts';
import type { ItemReport } from '../../src/range/each-report.ts';
import type { PreparedPatch } from '../../src/range/prepare.ts';
import type { RangeReport } from '../../src/range/report.ts';
import { printable, printableLine, safeJson } from '../../src/text.ts';
import type { LoadEngine, OpenJudge, OpenLinter, Progress } from '../engine.ts';
import { describeFailure, failureLine } from '../failures.ts';
import { isSilent } from '../input.ts';
import { Session } from '../session.ts';
import type { World } from '../world.ts';
import type { Broken, EachAnswer, EachMessage, EachRecord, EachSetup } from './model.ts';

/** What is open is opened anew after so many patches: the lines of every patch are known as long as it is open. */
const PATCHES_A_SOURCE = 500;

/** Progress that nobody sees. */
export const QUIET: Progress = {
	start: () => undefined,
	step: () => undefined,
	end: () => undefined,
};

/** Standard input of what reads none. */
const NOTHING: World['stdin'] = (async function* () {})();

type Opened =
	| { readonly command: 'lint'; readonly linter: OpenLinter }
	| { readonly command: 'range' | 'tags'; readonly judge: OpenJudge };

/** Where an answer belongs: a patch of a message, and the key of its record. */
interface At {
	readonly message: EachMessage;
	readonly key: string;
	readonly patch: number;
	readonly patches: number;
}

export class Performer {
	readonly #setup: EachSetup;
	readonly #load: LoadEngine;
	#open: Promise<Opened> | undefined;
	#served = 0;

	constructor(setup: EachSetup, load: LoadEngine) {
		this.#setup = setup;
		this.#load = load;
	}

	/**
	 * What every answer hangs on besides the message and the words, as a text.
	 * @throws RangefinderError for a clone, an index or words that are wrong
	 */
	async dependsOn(): Promise<string> {
		const opened = await this.#opened();
		return opened.command === 'lint' ? opened.linter.dependsOn() : opened.judge.dependsOn();
	}

	/** The answer to a message; `key` is the one of its records. Never rejects. */
	async perform(message: EachMessage, key: string): Promise<EachAnswer> {
		const { content, where } = message;
		const whole: At = { message, key, patch: 1, patches: 1 };
		if (!(content instanceof Uint8Array)) return { records: [this.#broken(content, whole)] };
		let patches: ReadPatch[];
		try {
			patches = readMessage(content, where);
		} catch (error) {
			const record = this.#failed(error, whole);
			const silent = error instanceof RangefinderError && isSilent(error);
			return silent ? { records: [], silent: record } : { records: [record] };
		}
		const records: EachRecord[] = [];
		for (const [i, patch] of patches.entries()) {
			const at: At = { message, key, patch: i + 1, patches: patches.length };
			try {
				records.push(await this.#answer(patch, content, at));
			} catch (error) {
				records.push(this.#failed(error, at));
			}
		}
		return { records };
	}

	async close(): Promise<void> {
		const opened = await this.#open?.catch(() => undefined);
		this.#open = undefined;
		if (opened?.command === 'lint') await opened.linter.close();
		else await opened?.judge.close();
	}

	#opened(): Promise<Opened> {
		this.#open ??= this.#openEngine();
		return this.#open;
	}

	async #openEngine(): Promise<Opened> {
		const setup = this.#setup;
		const engine = await this.#load({ ...setup.world, stdin: NOTHING });
		if (setup.command === 'lint') {
			return { command: 'lint', linter: await engine.linter({ ...setup.ask, progress: QUIET }) };
		}
		const judge = await engine.judge({ ...setup.ask, input: undefined, progress: QUIET });
		return { command: setup.command, judge };
	}

	async #answer(read: ReadPatch, mail: Uint8Array, at: At): Promise<EachRecord> {
		if (++this.#served % PATCHES_A_SOURCE === 0) await this.close();
		const opened = await this.#opened();
		const { where, commit } = at.message;
		const patch = commit === undefined ? read : { ...read, commit };
		const { session, written } = this.#capture();
		if (opened.command === 'lint') {
			const report = await opened.linter.lint(where, patch, mail);
			const { findings, unchecked } = report;
			const exit = findings.length > 0 ? EXIT.no : EXIT.answered;
			const { showLint } = await import('../commands/shown/lint.ts');
			await showLint(session, this.#recorded(report, at, exit), this.#setup.show);
			return { ...written(), exit, failed: false, lint: { findings: findings.length, unchecked } };
		}
		let prepared: PreparedPatch | undefined;
		const given = { where, patches: [patch], ...(commit === undefined ? {} : { commit }) };
		const [report] = await opened.judge.reports(given, (_place, one) => {
			prepared = one;
		});
		if (report === undefined) throw new RangeError('a run without reports');
		const exit =
			opened.command === 'range'
				? await this.#showRange(session, report, at)
				: await this.#showTags(session, report, prepared && { patch: prepared, mail }, at);
		return { ...written(), exit, failed: false };
	}

	async #showRange(session: Session, report: RangeReport, at: At): Promise<number> {
		const { show } = this.#setup;
		const { rangeExitCode, showRange } = await import('../commands/shown/range.ts');
		const exit = rangeExitCode(report, show.only);
		if (show.json) {
			session.print([safeJson(this.#recorded(report, at, exit), false)]);
			return exit;
		}
		await this.#heading(session, at.message.where);
		await showRange(session, report, show);
		session.print(['']);
		return exit;
	}

	async #showTags(
		session: Session,
		report: RangeReport,
		mail: { patch: PreparedPatch; mail: Uint8Array } | undefined,
		at: At,
	): Promise<number> {
		const { show } = this.#setup;
		const { showTags, tagsExitCode, tagsReport } = await import('../commands/shown/tags.ts');
		if (show.write === true) {
			await showTags(session, [report], [mail]);
			return EXIT.answered;
		}
		const exit = tagsExitCode([report]);
		if (show.json) {
			session.print([safeJson(this.#recorded(tagsReport(report), at, exit), false)]);
			return exit;
		}
		await this.#heading(session, `${at.message.where}: ${report.patch.subject}`);
		await showTags(session, [report]);
		session.print(['']);
		return exit;
	}

	async #heading(session: Session, text: string): Promise<void> {
		const paint = await session.paint(this.#setup.show.color);
		session.print([paint('strong', `== ${printableLine(text)}`)]);
	}

	/** A report with its place, where records are printed. */
	#recorded<T extends object>(report: T, at: At, exit: number): T & { item?: ItemReport } {
		if (!this.#setup.show.records) return report;
		const { key, patch, patches } = at;
		const { index, where } = at.message;
		const { asOf } = this.#setup;
		return { ...report, item: { index, patch, patches, where, key, asOf, exit } };
	}

	#failed(error: unknown, at: At): EachRecord {
		const { report, exitCode } = describeFailure(error);
		const record = this.#broken({ report, exit: exitCode }, at);
		const wanted = (this.#setup.world.env.RANGEFINDER_DEBUG ?? '') !== '';
		if (!wanted || !(error instanceof Error)) return record;
		return { ...record, err: `${record.err}${printable(error.stack ?? '')}\n` };
	}

	#broken({ report, exit }: Broken, at: At): EachRecord {
		const { show } = this.#setup;
		if (show.json && show.records) {
			const line = safeJson(this.#recorded(report, at, exit), false);
			return { out: Buffer.from(`${line}\n`), err: '', exit, failed: true };
		}
		const err = `${failureLine(report, show.json)}\n`;
		return { out: new Uint8Array(), err, exit, failed: true };
	}

	/** A session of which what is written is kept. */
	#capture(): { session: Session; written: () => { out: Uint8Array; err: string } } {
		const out: Uint8Array[] = [];
		const err: Uint8Array[] = [];
		const { today, ...rest } = this.#setup.world;
		const world: World = {
			...rest,
			stdin: NOTHING,
			stdout: { write: (chunk) => out.push(Buffer.from(chunk)) },
			stderr: { write: (chunk) => err.push(Buffer.from(chunk)) },
			now: () => 0,
			today: () => today,
		};
		const session = new Session(world, this.#load);
		session.quiet = this.#setup.show.quiet;
		return {
			session,
			written: () => ({ out: Buffer.concat(out), err: Buffer.concat(err).toString() }),
		};
	}
}
