/**
 * Texts that act on a terminal, wherever a repository or a mail can have them: subjects, authors, tags, branches,
 * paths, what sources say. Whatever command prints them, nothing of them reaches the terminal raw.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../kernel/miniature.ts';
import { forEach, Sandbox } from './program.ts';
import { assertHarmless } from './raw.ts';
import { readingCommands, wordsOn } from './reading-commands.ts';

/** A window title, colours and a clear screen, the same with 8-bit controls, and text that reads backwards. */
const EVIL =
	'\x1b]0;owned\x07\x1b[31m\x1b[2J\u009b31m\u009d0;owned\u009c\u202eevil\u2066\u2069\u200f';
/** What of it names of refs can have: git refuses C0 in them. */
const EVIL_REF = 'x\u009b31m\u202eevil\u2066';

const ACME = 'drivers/iommu/acme-mmu.c';

/** A commit on top of the newest release for git fast-import, with evil in every text of it. */
function evilCommit(parent: string, source: string): string {
	const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
	const who = `Evil ${EVIL.replaceAll(/[<>\n]/g, '')} <evil\u009b31m@example.org> 1700000000 +0000`;
	const message = `iommu/acme-mmu: ${EVIL} subject\n\nbody ${EVIL}\n\nFixes: ${parent.slice(0, 12)} ("${EVIL}")\nCc: ${EVIL} <x@example.org>\n`;
	const quoted = (path: string) =>
		`"${[...Buffer.from(path)].map((byte) => (byte < 32 || byte > 126 || byte === 34 || byte === 92 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte))).join('')}"`;
	const paths = [
		`drivers/iommu/${EVIL.replaceAll('/', '')}.c`,
		'drivers/iommu/two\nlines.c',
		'drivers/iommu/-x',
	];
	return [
		`commit refs/heads/evil\nmark :1\nauthor ${who}\ncommitter ${who}\n`,
		data(message),
		`from ${parent}\n`,
		`M 100644 inline ${ACME}\n`,
		data(source),
		...paths.map((path) => `M 100644 inline ${quoted(path)}\n${data(source)}`),
		`tag v4.11\nfrom :1\ntagger ${who}\n`,
		data(message),
		`reset refs/heads/${EVIL_REF}\nfrom :1\n\n`,
		`reset refs/tags/${EVIL_REF}\nfrom :1\n\n`,
		`reset refs/tags/v4.12-${EVIL_REF}\nfrom :1\n\n`,
	].join('');
}

describe('texts that act on a terminal', () => {
	const sandbox = new Sandbox();
	let kernel: MiniatureKernel;
	let dir = '';
	before(async () => {
		kernel = await makeMiniatureKernel(sandbox.folder);
		dir = kernel.dir;
		const parent = kernel.commits.get('Linux 4.10') ?? '';
		const source = (await runGit(['-C', dir, 'show', `v4.10:${ACME}`]))
			.replaceAll('"acme,', `"acme${EVIL},`)
			.replace('static', `/* ${EVIL} */\nstatic`);
		await runGit(
			['-C', dir, 'fast-import', '--quiet', '--date-format=raw'],
			evilCommit(parent, source),
		);
	});
	after(() => sandbox.remove());

	it('stay harmless in what every command prints, as text and as JSON', async function () {
		this.timeout(180_000);
		const mail = kernel.fix.mail
			.replace(/^Subject: .*$/m, `Subject: [PATCH] iommu: ${EVIL}`)
			.replace(/^From: .*$/m, `From: ${EVIL} <evil@example.org>`)
			.replace(/^Signed-off-by/m, `${EVIL}\nFixes: 123456789012 ("${EVIL}")\nSigned-off-by`);
		const commands = readingCommands({ ...kernel, fix: { ...kernel.fix, mail } }, sandbox.folder);
		const json = new Set(['styles', 'log', 'contains', 'doctor', 'built', 'lint', 'demands']);
		const lines = commands.flatMap((command) => {
			// What is made for git am has the bytes of the mail, and goes to a file here.
			const words = [...command.words, ...(command.name === 'reply' ? ['-o', 'reply'] : [])];
			const asText = { ...command, words: words.filter((word) => word !== '--json') };
			const asJson = { ...command, words: [...asText.words, '--json'] };
			return words.includes('--json') || json.has(command.name) ? [asText, asJson] : [asText];
		});
		await forEach(lines, async (command) => {
			const { bytes, code, err } = await sandbox.run(wordsOn(command, dir));
			assertHarmless(bytes, [command.name, ...command.words].join(' '));
			assert.ok([0, 1, 2, 125].includes(code ?? -1), `${command.name}: ${code} ${err}`);
		});
	});

	it('stay harmless where revisions, paths and releases with them are named', async () => {
		const mail = join(sandbox.folder, 'fix.eml');
		const lines = [
			['contains', EVIL_REF],
			['contains', 'evil'],
			['contains', EVIL],
			['range', mail, '--onto', EVIL_REF, '--no-index'],
			['range', mail, '--onto', 'evil', '--why', 'v4.11', '--no-index'],
			['range', mail, '--release', EVIL],
			['range', EVIL],
			['range', 'evil', '--no-index'],
			['styles', `drivers/${EVIL}`],
			['log', 'drivers/iommu', '--no-index'],
			['probe', EVIL, '--where', `contains("${EVIL}")`],
			['prereqs', 'evil', '--onto', EVIL_REF],
			['built', EVIL],
			['range', mail, '--config', EVIL],
			['range', mail, '--index', EVIL],
			['doctor'],
		];
		await forEach(lines, async (words) => {
			const { bytes } = await sandbox.run([...words, '--repo', dir]);
			assertHarmless(bytes, words.join(' '));
			assert.ok(bytes.length > 0);
		});
	});

	it('stay harmless in the names of files of an exported series', async () => {
		const words = ['export', 'evil', '--onto', 'v4.9', '--no-index', '-o', 'evil-series'];
		const { bytes } = await sandbox.run([...words, '--repo', dir]);
		assertHarmless(bytes, 'export');
		// Where the patch does not land nothing is written.
		const out = join(sandbox.cwd, 'evil-series');
		for (const name of existsSync(out) ? readdirSync(out) : []) assert.match(name, /^[\w.-]+$/);
	});
});
