/** What people hand in by mistake, through the whole program: one clear line, the right exit code, no trace. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { run } from '../../cli/run.ts';
import { errorReport } from '../../src/range/report.ts';

const PATH = 'drivers/iommu/acme.c';
const HUNK = '@@ -1,2 +1,3 @@\n one\n+between\n two\n';

function mail(path: string, diff: string): string {
	return [
		'From: A Developer <dev@example.org>',
		'Subject: [PATCH] acme: change',
		'',
		'Signed-off-by: A Developer <dev@example.org>',
		'---',
		`diff --git a/${path} b/${path}`,
		`--- a/${path}`,
		`+++ b/${path}`,
		diff,
	].join('\n');
}

let folder = '';

async function rangefinder(...argv: string[]) {
	let out = '';
	let err = '';
	const code = await run({
		argv,
		stdout: { write: (chunk) => (out += String(chunk)) },
		stderr: { write: (chunk) => (err += String(chunk)) },
		stdin: (async function* () {})(),
		env: { ...process.env, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
		isTTY: { stdout: false, stderr: false },
		columns: undefined,
		cwd: folder,
		now: () => 0,
		today: () => '2026-11-22',
	});
	return { code, out, err };
}

/** Asserts one clean line on stderr, nothing on stdout, and the same said as JSON. */
async function refuses(argv: string[], code: number, message: RegExp): Promise<void> {
	const said = await rangefinder(...argv);
	assert.match(said.err, message);
	assert.match(said.err, /^rangefinder: [\x20-\x7e]+; [\x20-\x7e]+\n$/);
	assert.equal(said.out, '');
	assert.equal(said.code, code);
	const json = await rangefinder(...argv, '--json');
	assert.equal(json.code, code);
	assert.equal(json.out, '');
	errorReport.parse(JSON.parse(json.err));
}

/** A repository with two releases; `damage` gets its folder. */
async function repository(name: string): Promise<string> {
	const path = join(folder, name);
	await mkdir(join(path, 'drivers/iommu'), { recursive: true });
	await writeFile(join(path, PATH), 'one\ntwo\n');
	await writeFile(join(path, 'Makefile'), 'VERSION = 4\n');
	git(path, 'init', '-q');
	git(path, 'add', '.');
	git(path, 'commit', '-q', '-m', 'start');
	git(path, 'tag', 'v4.14');
	return path;
}

function git(path: string, ...args: string[]): string {
	const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
	return execFileSync('git', [...who, ...args], { cwd: path, encoding: 'utf8' }).trim();
}

async function loseObject(path: string, revision: string): Promise<void> {
	const oid = git(path, 'rev-parse', revision);
	await rm(join(path, '.git/objects', oid.slice(0, 2), oid.slice(2)), { force: true });
}

before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'rangefinder-bad-'));
	await writeFile(join(folder, 'good.patch'), mail(PATH, HUNK));
});

after(async () => {
	await rm(folder, { recursive: true });
});

describe('a patch that is none', () => {
	const cases: [string, string | Uint8Array, RegExp][] = [
		['empty', '', /input: the input is empty; /],
		['binary', Uint8Array.from({ length: 900 }, (_, i) => (i * 37) % 256), /is binary/],
		['a mail without a patch', 'From: a@example.org\nSubject: hi\n\nhello\n', /no patch in it/],
		['cut short', mail(PATH, HUNK.slice(0, -6)), /input:\d+: the patch is cut short/],
		['of overlapping hunks', mail(PATH, `${HUNK}${HUNK}`), /input:\d+: a hunk that overlaps/],
		['to a path with ..', mail('../../etc/passwd', HUNK), /no tree can have: "\.\.\/\.\.\/etc/],
		['to an absolute path', mail('/etc/passwd', HUNK), /no tree can have: "\/etc\/passwd"/],
		['to a path with control bytes', mail('drivers/\x1b[31mx.c', HUNK), /no tree can have/],
	];
	for (const [name, content, message] of cases) {
		it(`is refused when it is ${name}`, async () => {
			await writeFile(join(folder, 'input'), content);
			await refuses(['range', 'input'], 2, message);
		});
	}

	it('is refused when neither a file nor a commit has its name', async () => {
		await refuses(['range', 'nosuch'], 2, /no commit or file nosuch/);
	});
});

describe('a repository that cannot be read', () => {
	const range = (repo: string) => ['range', 'good.patch', '--repo', repo, '--no-cache'];

	it('is refused when it is not there, or is none', async () => {
		await refuses(range('nosuch'), 3, /nosuch: there is no such folder/);
		await mkdir(join(folder, 'plain'));
		await refuses(range('plain'), 3, /plain: not a git repository; /);
	});

	it('is refused without release tags', async () => {
		git(await repository('untagged'), 'tag', '-d', 'v4.14');
		await refuses(range('untagged'), 3, /untagged: no kernel release tags/);
	});

	it('is refused when its pack is cut short', async () => {
		const path = await repository('cut');
		git(path, 'repack', '-adq');
		const packs = join(path, '.git/objects/pack');
		for (const name of await readdir(packs)) {
			if (name.endsWith('.pack')) {
				await rm(join(packs, name.replace('.pack', '.rev')), { force: true });
				const bytes = await readFile(join(packs, name));
				await rm(join(packs, name));
				await writeFile(join(packs, name), bytes);
				await truncate(join(packs, name), 40);
			}
		}
		await refuses(range('cut'), 3, /cut: /);
	});

	for (const [what, revision] of [
		['the file', `HEAD:${PATH}`],
		['the folder of the file', 'HEAD:drivers/iommu'],
		['a folder above it', 'HEAD:drivers'],
		['the whole tree', 'HEAD^{tree}'],
	] as const) {
		it(`is not taken for one without the file when ${what} is damaged`, async () => {
			const name = `lost-${what.replaceAll(' ', '-')}`;
			await loseObject(await repository(name), revision);
			await refuses(range(name), 3, /; fetch the missing objects/);
			await refuses([...range(name), '--only', 'placement'], 3, /; fetch the missing objects/);
		});
	}

	it('is read when a path is simply not there', async () => {
		await repository('whole');
		await writeFile(join(folder, 'elsewhere.patch'), mail('drivers/none/of/it.c', HUNK));
		const words = ['--repo', 'whole', '--only', 'placement', '--no-cache'];
		const { code, out, err } = await rangefinder('range', 'elsewhere.patch', ...words);
		assert.equal(err, '');
		assert.match(out, /^v4\.14 +missing /m);
		assert.equal(code, 1);
	});
});

describe('an index, a configuration or a release that is not there', () => {
	it('is refused with what there is instead', async () => {
		const example = ['range', '--example'];
		await writeFile(join(folder, 'short.rfx'), 'RFX1');
		await refuses([...example, '--index', 'short.rfx'], 2, /short\.rfx: /);
		await refuses([...example, '--index', 'nosuch.rfx'], 2, /nosuch\.rfx: no such file/);
		await refuses([...example, '--config', 'nosuch'], 2, /nosuch: no such file; give the \.config/);
		await refuses([...example, '--series', '4.99.y'], 2, /no series 4\.99\.y here; known: /);
		await refuses([...example, '--release', 'v4.14.99'], 2, /known in its series: v4\.14\.5/);
		await refuses([...example, '--onto', 'master'], 2, /--onto master needs a clone/);
		await refuses([...example, '--no-index'], 2, /the example is in the index/);
	});

	it('leaves no half-written index behind', async () => {
		git(await repository('bare-tags'), 'tag', '-d', 'v4.14');
		const { code } = await rangefinder('index', 'build', '--repo', 'bare-tags', '-o', 'new.rfx');
		assert.equal(code, 3);
		assert.deepEqual(
			(await readdir(folder)).filter((name) => name.startsWith('new.rfx')),
			[],
		);
	});
});
