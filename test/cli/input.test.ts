/** What range and repair take as a patch, and how one of several is chosen. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { readInput } from '../../cli/input.ts';
import { RangefinderError } from '../../src/errors.ts';
import { openNativeStore } from '../../src/git/native-store.ts';

let folder = '';
before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'rangefinder-input-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const mail = (n: number, tag = `PATCH ${n}/3`) =>
	`From x@y Tue Nov 21 10:00:00 2017\nFrom: A <a@example.org>\nMessage-ID: <${tag.replace(/\W/g, '')}@x>\nSubject: [${tag}] step ${n}\x1b[2J\n\n---\n--- a/x.c\n+++ b/x.c\n@@ -${n} +${n} @@\n-a\n+b\n\n`;

async function read(
	input: string,
	{ choice, stdin = '' }: { choice?: string; stdin?: string } = {},
) {
	const world = {
		cwd: folder,
		env: process.env,
		stdin: (async function* () {
			yield stdin;
		})(),
	};
	return readInput(input, world, undefined, choice);
}

async function refusal(...words: Parameters<typeof read>): Promise<string> {
	try {
		await read(...words);
	} catch (error) {
		assert.ok(error instanceof RangefinderError, String(error));
		return error.message;
	}
	assert.fail('nothing was thrown');
}

describe('an input of several patches', () => {
	const box = mail(2) + mail(1) + mail(3);

	it('is a series in order when they are numbered', async () => {
		const { patches } = await read('-', { stdin: box });
		const steps = patches.map(({ subject }) => /step \d/.exec(subject)?.[0]);
		assert.deepEqual(steps, ['step 1', 'step 2', 'step 3']);
	});

	it('is refused when the series has gaps', async () => {
		assert.match(await refusal('-', { stdin: mail(1) + mail(3) }), /of 3 patches it lacks 2/);
	});

	it('is listed in order when they are no series', async () => {
		const unrelated = mail(1, 'PATCH') + mail(2, 'PATCH net');
		assert.equal(
			await refusal('-', { stdin: unrelated }),
			'standard input: 2 patches: (1) [PATCH] step 1[2J, (2) [PATCH net] step 2[2J',
		);
	});

	it('gives the one with the number or the Message-ID', async () => {
		const byNumber = await read('-', { stdin: box, choice: '3' });
		assert.match(byNumber.patches[0]?.subject ?? '', /step 3/);
		assert.equal(byNumber.patches.length, 1);
		const byId = await read('-', { stdin: box, choice: '<PATCH23@x>' });
		assert.match(byId.patches[0]?.subject ?? '', /step 2/);
		assert.match(await refusal('-', { stdin: box, choice: '4' }), /no patch 4/);
		assert.match(
			await refusal('-', { stdin: box, choice: 'no@x' }),
			/no patch with the Message-ID/,
		);
	});

	it('needs no choice where a later version replaces the others', async () => {
		const { patches } = await read('-', { stdin: mail(1, 'PATCH') + mail(1, 'PATCH v2') });
		assert.equal(patches.length, 1);
		assert.match(patches[0]?.subject ?? '', /v2/);
	});

	it('of more than a thousand wants a Message-ID', async () => {
		const many = Array.from({ length: 1001 }, (_, i) => mail(i + 1, `PATCH ${i + 1}/2000`)).join(
			'',
		);
		assert.match(await refusal('-', { stdin: many }), /more than 1000 patches/);
		const { patches } = await read('-', { stdin: many, choice: 'PATCH7002000@x' });
		assert.match(patches[0]?.subject ?? '', /step 700/);
	});

	it('counts many and lists twenty', async () => {
		const many = Array.from({ length: 30 }, (_, i) => mail(i + 1, `PATCH ${'x'.repeat(i)}`)).join(
			'',
		);
		assert.match(await refusal('-', { stdin: many }), /30 patches: .*\(20\) [^,]*, and 10 more$/);
	});
});

describe('an input', () => {
	it('may be a folder', async () => {
		await mkdir(join(folder, 'patches'));
		await writeFile(join(folder, 'patches/0001-a.patch'), mail(1));
		assert.match((await read('patches', { choice: '1' })).patches[0]?.subject ?? '', /step 1/);
		await mkdir(join(folder, 'none'));
		assert.match(await refusal('none'), /a folder without mails or patches/);
	});

	it('may be a commit, or a range of commits without merges', async () => {
		const repo = join(folder, 'repo');
		const git = (...args: string[]) =>
			execFileSync('git', ['-C', repo, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
				stdio: 'ignore',
			});
		await mkdir(repo);
		git('init', '-q', '-b', 'master');
		for (const n of [1, 2, 3]) {
			await writeFile(join(repo, 'x.c'), `${n}\n`);
			git('add', '-A');
			git('commit', '-qm', `step ${n}`);
		}
		const store = await openNativeStore(repo, { env: process.env });
		const world = { cwd: folder, env: process.env, stdin: (async function* () {})() };
		try {
			const one = await readInput('HEAD', world, store);
			assert.equal(one.patches[0]?.subject, '[PATCH] step 3');
			assert.match(one.commit ?? '', /^[0-9a-f]{40}$/);
			const two = await readInput('HEAD~2..HEAD', world, store);
			assert.deepEqual(
				two.patches.map(({ subject }) => subject),
				['[PATCH] step 2', '[PATCH] step 3'],
			);
			for (const bad of ['nosuch..HEAD', '--all..HEAD']) {
				await assert.rejects(readInput(bad, world, store), /no commit (or file )?/);
			}
		} finally {
			await store.close();
		}
	});
});
