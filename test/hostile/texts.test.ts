/**
 * Texts that act on a terminal, wherever a repository or a mail can have them: subjects, authors, tags, branches,
 * paths, what sources say. Whatever command prints them, nothing of them reaches the terminal raw.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { MiniatureKernel } from '../kernel/miniature.ts';
import { EVIL, EVIL_REF, makeEvilKernel } from './evil.ts';
import { forEach, Sandbox } from './program.ts';
import { assertHarmless } from './raw.ts';
import { readingCommands, wordsOn } from './reading-commands.ts';

describe('texts that act on a terminal', () => {
	const sandbox = new Sandbox();
	let kernel: MiniatureKernel;
	let dir = '';
	before(async () => {
		kernel = await makeEvilKernel(sandbox.folder);
		dir = kernel.dir;
	});
	after(() => sandbox.remove());

	it('stay harmless in what every command prints, as text and as JSON', async function () {
		this.timeout(180_000);
		const commands = readingCommands(kernel, sandbox.folder);
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
