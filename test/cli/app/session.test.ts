/** The whole app in a real terminal, as somebody uses it. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, describe, it } from 'mocha';
import { type MiniatureKernel, makeMiniatureKernel } from '../../kernel/miniature.ts';
import { KEYS, Session, type Spawn, type Start, spawnOrSkip } from './terminal.ts';

const KEPT = fileURLToPath(new URL('./kept/', import.meta.url));

/** Compares a screen with the kept one; RANGEFINDER_KEEP_SCREENS=1 keeps it anew. */
async function compare(name: string, app: Session, look: 'text' | 'looks' = 'text') {
	await app.still();
	const screen = app[look]();
	const path = join(KEPT, `${name}.txt`);
	if (process.env.RANGEFINDER_KEEP_SCREENS === '1') writeFileSync(path, `${screen}\n`);
	assert.equal(`${screen}\n`, readFileSync(path, 'utf8'), `${name} differs from ${path}`);
}

describe('the terminal app', function () {
	this.timeout(120_000);
	let folder = '';
	let miniature: MiniatureKernel;
	let spawn: Spawn;
	let session: Session | undefined;

	before(async function () {
		spawn = await spawnOrSkip(this);
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-app-'));
		miniature = await makeMiniatureKernel(folder);
	});
	afterEach(() => session?.close());
	after(() => {
		if (folder !== '') rmSync(folder, { recursive: true, force: true });
	});

	function open(more: Partial<Start> = {}): Session {
		session = new Session(spawn, {
			columns: 80,
			rows: 24,
			cwd: folder,
			...more,
			env: { RANGEFINDER_CACHE: join(folder, 'cache'), ...more.env },
		});
		return session;
	}

	async function openExample(more: Partial<Start> = {}): Promise<Session> {
		const app = open(more);
		await app.see('the example');
		await app.type('G', KEYS.enter);
		await app.see('v3.18.140  merge');
		await app.until('the work to end', () => !app.text().includes('(x stops)'));
		return app;
	}

	async function openFix(more: Partial<Start> = {}): Promise<Session> {
		const app = open({ cwd: miniature.dir, ...more });
		await app.see('14 releases');
		await app.type(KEYS.tab, KEYS.tab);
		await app.see(`> ${miniature.fix.commit.slice(0, 12)} 2018-04-07`);
		await app.type(KEYS.enter);
		await app.see('Needs prerequisites on v4.7');
		return app;
	}

	for (const [columns, rows] of [
		[80, 24],
		[200, 50],
	] as const) {
		const size = `${columns}x${rows}`;
		it(`shows the example from its range to the evidence, ${size}`, async () => {
			const app = await openExample({ columns, rows });
			await app.type(...'jjjjjjjj');
			await app.see('> 4.14.y');
			await compare(`range-${size}`, app);
			await compare(`range-${size}-colors`, app, 'looks');
			await app.type(KEYS.enter);
			await app.see('> v4.14.5: needs-prerequisites');
			await compare(`release-${size}`, app);
			await app.type('/', ...'of_iommu.c:111', KEYS.enter);
			await app.see(/> +drivers\/iommu\/of_iommu\.c:111/);
			await app.type(KEYS.enter);
			await app.see('drivers/iommu/of_iommu.c, line 111, in v4.14.5');
			await app.see('the index has facts and no source text');
			await app.type('q');
			assert.equal(await app.ended(), 0);
		});

		it(`is read without colours, ${size}`, async () => {
			const app = await openExample({ columns, rows, env: { NO_COLOR: '1' } });
			await app.type(...'jjjjjjjj');
			await app.see('> 4.14.y');
			await compare(`range-${size}`, app);
			assert.doesNotMatch(app.looks(), /[rgyumc]/i);
		});
	}

	it('filters the releases, and shows all again', async () => {
		const app = await openExample();
		await app.type('/', ...'superseded');
		await app.see('4 of 23 releases');
		await app.type(KEYS.esc);
		await app.until('all to be back', () => !app.text().includes('of 23'));
		await app.type('L');
		await app.see(/only longterm: \d+ of 23/);
		await app.type('v', 'v', 'v');
		await app.see(/only [a-z-]+, longterm/);
		await app.type('u');
		await app.until('all to be back', () => !app.text().includes('of 23'));
		await app.type('c');
		await app.see(/only arm64: 23 of 23/);
	});

	it('shows styles, and finds the commit of a transition in a clone', async () => {
		const app = await openFix();
		await app.type('3');
		await app.see('acme-mmu in v4.10: core');
		await compare('styles-80x24', app);
		await app.type('t');
		await app.see('acme-mmu, v4.9 to v4.10');
		await app.type(KEYS.esc, 'h', 'h', 'b');
		await app.see(/the first commit where style\(acme-mmu\)/);
		await app.see('first bad commit');
		await app.see(/iommu\/acme-mmu: (Look for hardware|Declare the IOMMU)/);
	});

	it('walks history, searches it, shows a diff, and bisects between two commits', async () => {
		const app = await openFix();
		await app.type('4');
		await app.see(/drivers\/iommu\/acme-mmu\.c +\d+ lines\b(?!, walking)/);
		await app.type('p', KEYS.ctrlU, ...'drivers/iommu', KEYS.enter);
		await app.see(/drivers\/iommu +\d+ lines\b(?!, walking)/);
		await compare('history-80x24', app);
		await app.type('/', ...'declared callback');
		await app.see('iommu/beta: Probe early');
		await app.see(/1 of \d+ lines/);
		await app.type(KEYS.enter, KEYS.enter);
		await app.see(/^> From [0-9a-f]{40}/m);
		await app.type(KEYS.esc, KEYS.esc);
		await app.until('all to be shown', () => !/1 of \d+ lines/.test(app.text()));
		await app.type('<', 'g', '/', ...'Declare the IOMMU for', KEYS.enter, 'b');
		await app.see(/first commit where: style\(acme-mmu\) ~ /);
		await app.type(KEYS.enter);
		await app.see('first bad commit');
		await app.see('iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA');
		await compare('bisect-80x24', app);
		await app.type(KEYS.enter);
		await app.see(/^> From [0-9a-f]{40}/m);
	});

	it('opens a source at the line of the evidence in a clone', async () => {
		const app = await openFix();
		await app.type(KEYS.enter, KEYS.tab, KEYS.tab, KEYS.enter);
		await app.see(/drivers\/iommu\/acme-mmu\.c in v4\.1\b/);
		await app.see(/^> +\d+ /m);
	});

	it('copies tags and notes, writes them, and exports the patch', async () => {
		const app = await openFix();
		await app.type('5');
		await app.see('note:');
		await app.type('y');
		await app.see('copied 6 lines');
		const lines = () => [...app.raw.matchAll(/\x1b\]52;c;([A-Za-z0-9+/=]+)\x07/g)];
		const first = Buffer.from(lines()[0]?.[1] ?? '', 'base64').toString();
		assert.match(first, /^Fixes: .*\nFixes: .*\n(?:Cc: <stable@vger\.kernel\.org> # .*\n){4}$/);
		await app.type('Y');
		await app.see(/copied \d\d lines/);
		const copied = lines()[1]?.[1] ?? '';
		assert.match(Buffer.from(copied, 'base64').toString(), /^note: the bug is in v4\.1, .*$/m);
		const notes = join(folder, 'notes.txt');
		await app.type('w', KEYS.ctrlU, ...notes, KEYS.enter);
		await app.see('written: ');
		assert.equal(readFileSync(notes, 'utf8'), Buffer.from(copied, 'base64').toString());
		await app.type('e');
		await app.see('write the patch to: ');
		const exported = join(folder, 'fix.patch');
		await app.type(KEYS.ctrlU, ...exported, KEYS.enter);
		await app.see(/written: .*fix\.patch/);
		assert.match(readFileSync(exported, 'utf8'), /^diff --git a\/drivers\/iommu\/acme-mmu\.c/m);
	});

	it('exports the patch with what it needs on a release', async () => {
		const app = await openFix();
		await app.type('5', 'E');
		await app.see('bring it to');
		await app.type(...'v4.6', KEYS.enter);
		await app.see(/write \d mails to the folder/);
		const series = join(folder, 'series');
		await app.type(KEYS.ctrlU, ...series, KEYS.enter);
		await app.see(/written: .*0000-cover-letter\.patch/);
		assert.match(
			readFileSync(join(series, '0000-cover-letter.patch'), 'utf8'),
			/Register with the IOMMU core/,
		);
	});

	it('opens a mail that is pasted', async () => {
		const app = open({ cwd: miniature.dir });
		await app.see('14 releases');
		app.press(`\x1b[200~${miniature.fix.mail.replaceAll('\n', '\r')}\x1b[201~`);
		await app.see('Needs prerequisites on v4.7');
	});

	it('says what is wrong with a file, and goes on', async () => {
		const bad = join(folder, 'bad');
		const app = open({ cwd: folder });
		writeFileSync(bad, 'no patch\x1b[31m in here\n');
		await app.see('the example');
		await app.type(KEYS.tab);
		await app.see('> ../');
		await app.type('/', ...'bad', KEYS.enter, KEYS.enter);
		await app.see(/bad: no patch in it/);
		await app.type('1');
		await app.see('no patch is open');
	});

	it('goes on where its clone vanished', async () => {
		const gone = await makeMiniatureKernel(mkdtempSync(join(folder, 'gone-')));
		const app = open({ cwd: gone.dir });
		await app.see('14 releases');
		rmSync(gone.dir, { recursive: true });
		await app.type('3');
		await app.see(/not a git repository|no such folder|does not exist|cannot/i);
		await app.type('6');
		await app.see('[Recent]');
	});

	it('draws itself anew in another size', async () => {
		const app = await openExample();
		app.resize(200, 50);
		await app.see(/6\.12\.y +v6\.12 /);
		app.resize(80, 24);
		await app.until('the small screen', () => !/6\.12\.y +v6\.12 /.test(app.text()));
		await compare('range-80x24-top', app);
	});

	it('is suspended and comes back', async () => {
		const app = open({
			shell:
				'set -m; "$NODE" "$MAIN"; printf "in the shell\\n"; read line; fg >/dev/null; printf "over\\n"',
		});
		await app.see('the example');
		await app.type(KEYS.ctrlZ);
		await app.see('in the shell');
		assert.doesNotMatch(app.text(), /the example/);
		await app.type('\r');
		await app.see('the example');
		await app.type('q');
		await app.see('over');
	});

	it('gives the terminal back at ctrl-c, and when it is told to end', async () => {
		const app = await openExample({
			shell: 'stty -a >before; "$NODE" "$MAIN"; stty -a >after; echo ended',
		});
		await app.type(KEYS.ctrlC);
		await app.see('ended');
		assert.doesNotMatch(app.text(), /v3\.18\.140/);
		const [first, last] = ['before', 'after'].map((name) =>
			readFileSync(join(folder, name), 'utf8'),
		);
		assert.equal(last, first);
		app.close();
		const other = await openExample();
		process.kill(other.pid, 'SIGTERM');
		assert.equal(await other.ended(), 143);
		assert.ok(other.raw.endsWith('\x1b[?1049l\x1b[?25h'));
	});

	for (const [name, broken] of [
		['an error that nobody catches', 'throw new Error("broken on purpose")'],
		[
			'a component that throws',
			'String.prototype.repeat = () => { throw new Error("broken on purpose"); }',
		],
	] as const) {
		it(`gives the terminal back after ${name}`, async function () {
			if (!existsSync('/proc/self/status')) return this.skip();
			// A signal comes when it comes: keys are typed once it is there.
			const mark = join(folder, 'broken');
			const say = 'process.getBuiltinModule("node:fs").writeFileSync("broken", "")';
			const code = `process.on("SIGUSR2", () => { ${say}; ${broken}; })`;
			rmSync(mark, { force: true });
			const app = await openExample({
				shell:
					'stty -a >before; "$NODE" "$MAIN"; code=$?; stty -a >after; echo "ended with $code"; read -r line',
				env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` },
			});
			const children = readFileSync(`/proc/${app.pid}/task/${app.pid}/children`, 'utf8');
			process.kill(Number(children.trim().split(' ')[0]), 'SIGUSR2');
			while (!existsSync(mark)) await pause(20);
			await app.type('j', 'j');
			await app.see('ended with 70');
			assert.doesNotMatch(app.text(), /v3\.18\.140/);
			assert.match(
				app.text(),
				/rangefinder: this should not have happened: Error: broken on purpose/,
			);
			assert.ok(app.raw.includes('\x1b[?1049l\x1b[?25hrangefinder:'));
			const [first, last] = ['before', 'after'].map((one) =>
				readFileSync(join(folder, one), 'utf8'),
			);
			assert.equal(last, first);
		});
	}

	it('takes no more memory after 20,000 keys', async function () {
		if (!existsSync('/proc/self/status')) return this.skip();
		const app = await openExample();
		const resident = () =>
			Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]) / 1024;
		const walk = async (rounds: number) => {
			for (let i = 0; i < rounds; i++) {
				// No esc: with the key after it, it would be another one.
				app.press('jk'.repeat(200), 'l', 'h', ...'vvvu', '2', 'j'.repeat(44), '5', '1');
				await pause(40);
			}
			app.press('<');
			await app.see('> 3.18.y');
			await app.still();
		};
		await walk(10);
		const first = resident();
		await walk(44);
		const grown = resident() - first;
		assert.ok(
			grown < 40,
			`${grown.toFixed(1)} MiB more than ${first.toFixed(1)} MiB after 20,000 keys`,
		);
	});

	it('prints its help without a terminal', async () => {
		const app = open({ shell: '"$NODE" "$MAIN" </dev/null | head -n 3' });
		await app.see('Usage: rangefinder');
		assert.doesNotMatch(app.raw, /\x1b\[\?1049h/);
	});
});
