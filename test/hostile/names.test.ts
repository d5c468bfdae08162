/** Names that are taken for something else: options, ways out of the tree, links. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { fingerprint } from '../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel, runGit } from '../kernel/miniature.ts';
import { forEach, Sandbox } from './program.ts';
import { assertHarmless } from './raw.ts';
import { readingCommands, wordsOn } from './reading-commands.ts';

const IOMMU = 'drivers/iommu';
/** What is in a file outside of every repository, and must never be seen. */
const SECRET = 'CANARY_SECRET_OUTSIDE';

describe('names', () => {
	const sandbox = new Sandbox();
	let kernel: MiniatureKernel;
	let dir = '';
	let mail = '';
	before(async () => {
		kernel = await makeMiniatureKernel(sandbox.folder);
		dir = kernel.dir;
		mail = join(sandbox.folder, 'fix.eml');
		writeFileSync(mail, kernel.fix.mail);
		const secret = join(sandbox.folder, 'secret');
		writeFileSync(
			secret,
			`config ${SECRET}\n\ttristate "${SECRET}"\nobj-y += ${SECRET}.o\n/ { ${SECRET}; };\n`,
		);
		const head = kernel.commits.get('Linux 4.10') ?? '';
		const names = [
			'--upload-pack=touch ran',
			'-x',
			'--output=ran',
			'-O/dev/null',
			'--all',
			'--help',
			'--exec=touch ran',
		];
		for (const name of names) {
			for (const kind of ['heads', 'tags']) {
				// Of a name that git takes for no ref, the file alone is made.
				await runGit(['-C', dir, 'update-ref', `refs/${kind}/${name}`, head]).catch(
					() => undefined,
				);
				writeFileSync(join(dir, 'refs', kind, name.replaceAll('/', '_')), `${head}\n`);
			}
		}
		await treeWithNames(secret, head);
	});
	after(() => sandbox.remove());

	/** The release v4.11: paths that no tree should have, and links and includes that lead out of it. */
	async function treeWithNames(secret: string, head: string): Promise<void> {
		const blob = async (text: string): Promise<string> =>
			(await runGit(['-C', dir, 'hash-object', '-w', '--stdin'], text)).trim();
		const tree = async (base: string, more: readonly string[]): Promise<string> => {
			const listed = base === '' ? '' : await runGit(['-C', dir, 'ls-tree', '-z', base]);
			const rows = new Map<string, string>();
			for (const row of [...listed.split('\0').filter(Boolean), ...more])
				rows.set(row.slice(row.indexOf('\t') + 1), row);
			return (
				await runGit(
					['-C', dir, 'mktree', '-z'],
					[...rows.values()].map((row) => `${row}\0`).join(''),
				)
			).trim();
		};
		const out = `../../../../../../../../../../../..${secret}`;
		const link = await blob(secret);
		const upLink = await blob(out);
		const kconfig = await blob(
			`source "${out}"\nsource "${secret}"\nrsource "${out}"\nsource "${IOMMU}/Kconfig.link"\nconfig ACME_MMU\n\ttristate "Acme"\n\tdepends on ARM || ARM64\n`,
		);
		const makefile = await blob(
			`include ${secret}\ninclude ${out}\n-include $(srctree)/${out}\nobj-$(CONFIG_ACME_MMU) += acme-mmu.o evil.o ${out}.o\nobj-y += ../../../\n`,
		);
		const dts = await blob(
			`/dts-v1/;\n#include "${secret}"\n#include "${out}"\n/include/ "${secret}"\n/ { evil { compatible = "acme,mmu"; }; };\n`,
		);
		const source = await blob(
			`#include "${secret}"\n#include "${out}"\n${await runGit(['-C', dir, 'show', `v4.10:${IOMMU}/acme-mmu.c`])}`,
		);
		const iommu = await tree(`v4.10:${IOMMU}`, [
			`120000 blob ${link}\tevil.c`,
			`120000 blob ${upLink}\tKconfig.link`,
			`120000 blob ${link}\tMakefile.link`,
			`100644 blob ${kconfig}\tKconfig`,
			`100644 blob ${makefile}\tMakefile`,
			`100644 blob ${source}\tacme-mmu.c`,
			`100644 blob ${source}\t..`,
			`100644 blob ${source}\t.git`,
			`100644 blob ${source}\ttwo\nlines.c`,
			`100644 blob ${source}\t--output=ran`,
			`100644 blob ${source}\t-x.c`,
			`100644 blob ${source}\t\x1b[31m.c`,
			`100644 blob ${source}\t$(touch ran).c`,
		]);
		const drivers = await tree('v4.10:drivers', [
			`040000 tree ${iommu}\tiommu`,
			`120000 blob ${link}\tKconfig`,
		]);
		const boot = await tree('', [`100644 blob ${dts}\tevil.dts`, `120000 blob ${link}\tlink.dts`]);
		const dtsFolder = await tree('', [`040000 tree ${boot}\tdts`]);
		const arm = await tree('', [`040000 tree ${dtsFolder}\tboot`, `120000 blob ${link}\tKconfig`]);
		const arch = await tree('v4.10:arch', [`040000 tree ${arm}\tarm`]).catch(() =>
			tree('', [`040000 tree ${arm}\tarm`]),
		);
		const root = await tree('v4.10', [
			`040000 tree ${drivers}\tdrivers`,
			`040000 tree ${arch}\tarch`,
			`040000 tree ${drivers}\t..`,
		]);
		const who = { GIT_AUTHOR_DATE: '1700000000 +0000', GIT_COMMITTER_DATE: '1700000000 +0000' };
		Object.assign(process.env, who);
		const commit = (
			await runGit(['-C', dir, 'commit-tree', root, '-p', head, '-m', 'Linux 4.11'])
		).trim();
		await runGit(['-C', dir, 'update-ref', 'refs/heads/master', commit]);
		await runGit(['-C', dir, 'tag', 'v4.11', commit]);
	}

	it('of tags, branches and paths are no options, and lead nowhere, in any command', async function () {
		this.timeout(180_000);
		const commands = readingCommands(kernel, sandbox.folder);
		const was = fingerprint(dir);
		await forEach(commands, async (command) => {
			const { bytes, out, err, code } = await sandbox.run(wordsOn(command, dir));
			const what = [command.name, ...command.words].join(' ');
			assert.ok([0, 1, 2, 3, 125].includes(code ?? -1), `${what}: ${code} ${err}`);
			assertHarmless(bytes, what);
			assert.ok(!`${out}${err}`.includes(SECRET), `${what} shows what is outside of the tree`);
		});
		assert.equal(fingerprint(dir), was);
		assert.deepEqual(sandbox.leftovers(), []);
	});

	it('that look like options are revisions that are not there, or are refused as words', async () => {
		for (const words of [
			['range', '--', '--output=ran'],
			['range', '--', '-x'],
			['contains', '--', '--all'],
			['probe', '--where', 'contains(HEAD)', '--', '--exec=touch ran'],
			['range', mail, '--onto=--output=ran'],
			['range', mail, '--release=--upload-pack=touch ran'],
			['prereqs', mail, '--onto=-x'],
			['prereqs', 'fix', '--onto', 'v4.6', '--upstream=--all'],
			['bisect', '--good=--all', '--bad=-x', '--where', 'contains(HEAD)'],
			['log', '--', '--output=ran'],
			['styles', '--', '--output=ran', '../../../etc', '/etc/passwd'],
			['demands', '--release=--all'],
			['lint', '--base=--output=ran', mail],
		]) {
			const repo = words.indexOf('--');
			const named = ['--repo', dir];
			const argv =
				repo < 0 ? [...words, ...named] : [...words.slice(0, repo), ...named, ...words.slice(repo)];
			const { code, err, bytes } = await sandbox.run(argv);
			assert.ok([0, 1, 2, 125].includes(code ?? -1), `${argv.join(' ')}: ${code} ${err}`);
			assertHarmless(bytes, argv.join(' '));
		}
		const { readdirSync } = await import('node:fs');
		assert.ok(!readdirSync(sandbox.cwd).includes('ran') && !readdirSync(dir).includes('ran'));
	});
});
