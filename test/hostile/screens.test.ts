/**
 * Texts that act on a terminal, on the screens of the terminal app: it is walked in an evil repository, in a folder
 * of an evil name, with an evil mail. Of all that it writes only its own sequences act on the terminal.
 */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { EXIT } from '../../src/errors.ts';
import { KEYS, Session, type Spawn, spawnOrSkip } from '../cli/app/terminal.ts';
import { EVIL, EVIL_REF, makeEvilKernel } from './evil.ts';
import { Sandbox } from './program.ts';
import { assertHarmless } from './raw.ts';

/** What the app writes at its start, and to give the terminal back. */
const ENTER = '\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[2J';
const LEAVE = '\x1b[0m\x1b[?2004l\x1b[?1049l\x1b[?25h';

/** What it writes besides: the begin of a row, a tone and its end, a copy to the clipboard. */
const OWN =
	/\x1b\[\d{1,2};1H\x1b\[0m\x1b\[2K|\x1b\[(?:1|2|7|22|27|31|32|33|39)m|\x1b\]52;c;([A-Za-z0-9+/]+=*)\x07/g;

/** Asserts that what a session wrote acts on the terminal by the app's own sequences only. */
function assertOwnOnly(raw: string): void {
	assert.ok(raw.startsWith(ENTER), 'it takes the alternate screen');
	const [drawn = '', said] = raw.slice(ENTER.length).split(LEAVE);
	assert.ok(said !== undefined, 'it gives the terminal back');
	assertHarmless(Buffer.from(drawn.replace(OWN, '')), 'what is drawn');
	for (const [, copied = ''] of drawn.matchAll(OWN)) {
		assertHarmless(Buffer.from(copied, 'base64'), 'what is copied');
	}
	// The terminal, no longer raw, returns the carriage.
	assertHarmless(Buffer.from(said.replaceAll('\r\n', '\n')), 'what is said at the end');
}

/** EVIL as it is shown, from its begin on. */
const SHOWN = String.raw`\\x1b\]0;owned`;
/** What is left of it in the subject of a mail, and of escapes in a paste. */
const REST = String.raw`0;owned.*\\u202e`;
/** Its end, in a prompt that has room for no more. */
const TAIL = String.raw`\\u202eevil\\u2066\\u2069\\u200f`;

describe('texts that act on a terminal, on screens', function () {
	this.timeout(180_000);
	const sandbox = new Sandbox();
	const folder = join(sandbox.folder, EVIL);
	const dir = join(folder, `${EVIL}.git`);
	let evil = '';
	let mail = '';
	let spawn: Spawn;
	let session: Session | undefined;

	before(async function () {
		spawn = await spawnOrSkip(this);
		const kernel = await makeEvilKernel(sandbox.folder);
		evil = kernel.evil.slice(0, 12);
		mkdirSync(folder);
		renameSync(kernel.dir, dir);
		mail = kernel.fix.mail;
		writeFileSync(join(folder, `mail\n${EVIL}`), mail);
		writeFileSync(join(folder, `mbox${EVIL}`), `${mail}\n${mail}`);
		writeFileSync(join(folder, `bad${EVIL}`), `no patch ${EVIL}\n`);
	});
	afterEach(() => session?.close());
	after(() => sandbox.remove());

	/** Opens the app, with evil in all that its environment names. */
	function open(columns: number, rows: number, env: Readonly<Record<string, string>> = {}): Walk {
		const cache = join(folder, `cache${columns}`);
		session = new Session(spawn, {
			...{ columns, rows, cwd: dir },
			env: { HOME: folder, RANGEFINDER_CACHE: cache, ...env },
		});
		return new Walk(session);
	}

	for (const [columns, rows] of [
		[80, 24],
		[200, 50],
	] as const) {
		const size = `${columns}x${rows}`;

		it(`stay harmless in lists, prompts and errors, ${size}`, async () => {
			const app = open(columns, rows);
			await app.sees('clone: ');
			await app.type(KEYS.tab);
			await app.sees('> ./');
			await app.type('-');
			for (const name of ['bad', String.raw`mail\\n`, 'mbox']) await app.sees(`  ${name}${SHOWN}`);
			await app.type('/', ...'bad', KEYS.enter, KEYS.enter);
			await app.sees(`^[^>].*bad${SHOWN}.*`);
			await app.sees('no patch in it');
			await app.type('/', KEYS.ctrlU, ...'mbox', KEYS.enter, KEYS.enter);
			await app.sees(`2 patches: [^]*${REST}[^]*which one`);
			await app.type(KEYS.enter, '6', '/', KEYS.ctrlU);
			app.paste(EVIL);
			await app.sees(`only ".*${REST}[^]*show only: .*${TAIL}`);
			await app.type(KEYS.enter, KEYS.tab);
			await app.sees(`> ${evil}.*${SHOWN}`);
			await app.type(KEYS.enter);
			await app.sees(String.raw`no tree can have:\s+"drivers/iommu/\\u001b\]0;owned`);
			await app.quit();
		});

		it(`stay harmless from the range of a mail to what is written, ${size}`, async () => {
			const app = open(columns, rows);
			await app.sees('clone: ');
			app.paste(mail.replaceAll('\n', '\r'));
			await app.sees(`^.PATCH. iommu: .*${REST}`);
			await app.sees('platform bus ops: ');
			await app.type('/');
			app.paste(EVIL);
			await app.sees(`only ".*${REST}[^]*show only: .*${TAIL}`);
			await app.type(KEYS.ctrlU, ...'4.8.2', KEYS.enter, KEYS.enter);
			await app.sees('> v4.8.2: ');
			await app.type('/', ...'iommu/evil', KEYS.enter);
			await app.sees(`> +drivers/iommu/evil${SHOWN}.*:[0-9]+ >`);
			await app.type(KEYS.enter);
			await app.sees(`^drivers/iommu/evil${SHOWN}.* in v4.8.2`);
			await app.type('/', ...'owned', KEYS.enter);
			await app.sees(`> *[0-9]+ .*${SHOWN}`);
			await app.type(...'llh', '5');
			await app.sees(`^> Fixes: .*${SHOWN}`);
			await app.sees(`^  note: [^]*${SHOWN}`);
			await app.type('y');
			await app.sees('copied 6 lines');
			await app.type('Y');
			await app.sees('copied [0-9]{2} lines');
			await app.type('w', KEYS.ctrlU);
			app.paste(`new/${EVIL}`);
			await app.sees(`write the lines and notes to: .*${TAIL}`);
			await app.type(KEYS.enter);
			await app.sees(`^written:[^]*${SHOWN}`);
			await app.type('e');
			await app.sees('write the patch to: ');
			await app.type(KEYS.enter);
			await app.sees(`^written:[^]*${SHOWN}`);
			await app.type('E');
			app.paste(EVIL);
			await app.sees(`bring it to .*${TAIL}`);
			await app.type(KEYS.enter);
			await app.sees(`no commit\\s+[^]*${TAIL}`);
			await app.type('E', ...'v4.7', KEYS.enter);
			await app.sees('mails to the folder: ');
			await app.type(KEYS.ctrlU);
			app.paste(EVIL);
			await app.type(KEYS.enter);
			await app.sees(`^written:[^]*${SHOWN}`);
			await app.type('6');
			await app.sees(`^> [0-9-]{10}  .PATCH. iommu: .*owned`);
			await app.quit();
		});

		it(`stay harmless in styles, history, bisections and diffs, ${size}`, async () => {
			const app = open(columns, rows);
			await app.sees('clone: ');
			await app.type('3');
			await app.sees('acme-mmu in v4.11');
			await app.type('/', ...'evil', KEYS.enter);
			await app.sees(`^> evil${SHOWN}[^]*^evil${SHOWN}.* in v4.11: core`);
			await app.type(KEYS.enter);
			await app.sees(`^evil${SHOWN}.* in v4.11[^]*drivers/iommu/evil${SHOWN}.*:[0-9]+ >`);
			await app.type('3', 't');
			await app.sees(`^evil${SHOWN}.*, v4.10 to v4.11[^]*not there`);
			await app.type('3', 'b');
			await app.sees(`first commit where style.'evil${SHOWN}[^]*a control character in DRIVER`);
			await app.type('3', 'H');
			await app.sees(`^drivers/iommu/evil${SHOWN}.* [0-9]+ lines$`);
			await app.type('G');
			await app.sees(`^>.*evil\\\\x1b[^]*Evil ${SHOWN}`);
			await app.type('3', '/', ...'acme-mmu', KEYS.enter, ...'hhhhmlt');
			await app.sees(`acme-mmu, v4.8 to v4.8.2[^]*declares\\s+"acme${SHOWN}`);
			await app.type('3', 'H');
			await app.sees('^drivers/iommu/acme-mmu.c +[0-9]+ lines$');
			await app.type('<', 'g', '/', ...evil, KEYS.enter);
			await app.sees(`> +${evil} .*${SHOWN}[^]*^Evil ${SHOWN}`);
			await app.type('b', KEYS.ctrlU);
			app.paste(EVIL);
			await app.sees(`first commit where: .*${TAIL}`);
			await app.type(KEYS.enter);
			await app.sees(`the first commit where .*${REST}[^]*the predicate, column 1`);
			await app.type('4', 'b', KEYS.ctrlU, ...`contains(${evil})`, KEYS.enter);
			await app.sees(`first bad commit[^]*> ${evil} .*${SHOWN}[^]*^ +Evil ${SHOWN}`);
			await app.type(KEYS.enter);
			await app.sees('^> From [0-9a-f]{40}');
			await app.type('/', ...'body', KEYS.enter);
			await app.sees(`^> body ${SHOWN}`);
			await app.type('n', 'G');
			await app.type('4', 'p', KEYS.ctrlU);
			app.paste(`drivers/iommu/${EVIL_REF}.c`);
			await app.type(KEYS.enter);
			await app.sees(String.raw`^drivers/iommu/x\\x9b35m\\u202eevil\\u2066\.c +[0-9]+ lines$`);
			await app.quit();
		});
	}

	const thrown = `throw new Error(${JSON.stringify(EVIL)});`;
	for (const [where, broken] of [
		['an error that nobody catches', thrown],
		['a component that throws', `String.prototype.repeat = () => { ${thrown} };`],
	] as const) {
		it(`stay harmless in ${where}`, async () => {
			const code = `process.on("SIGUSR2", () => { ${broken} })`;
			const app = open(200, 50, {
				NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
			});
			await app.sees('clone: ');
			await app.ends((session) => {
				process.kill(session.pid, 'SIGUSR2');
				session.press('j', 'j');
			}, EXIT.internal);
			await app.sees(`should not have happened: Error: ${SHOWN}`);
		});
	}
});

/** A session that is walked through. */
class Walk {
	readonly #session: Session;

	constructor(session: Session) {
		this.#session = session;
	}

	type(...keys: readonly string[]): Promise<void> {
		return this.#session.type(...keys);
	}

	paste(text: string): void {
		this.#session.press(`\x1b[200~${text}\x1b[201~`);
	}

	/** Waits for the pattern of what an evil text is shown as. */
	async sees(pattern: string): Promise<void> {
		await this.#session.see(new RegExp(pattern, 'm'));
	}

	/** Quits, and checks everything that was written. */
	quit(): Promise<void> {
		return this.ends((session) => session.press('q'), 0);
	}

	/** Has the session end, and checks everything that was written. */
	async ends(act: (session: Session) => void, code: number): Promise<void> {
		act(this.#session);
		assert.equal(await this.#session.ended(), code);
		await this.#session.still();
		assertOwnOnly(this.#session.raw);
	}
}
