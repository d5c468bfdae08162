import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { RangefinderError } from '../../src/errors.ts';
import { CatFile } from '../../src/git/cat-file.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import {
	type GitProcess,
	GitRunner,
	gitArguments,
	gitEnvironment,
	type SpawnGit,
} from '../../src/git/process.ts';

interface Fake {
	readonly process: GitProcess;
	/** What was written to it so far. */
	asked(): string;
	say(bytes: string | Uint8Array): void;
	end(code: number | null, stderr?: string): void;
	fail(code: string): void;
}

function fakeProcess(): Fake {
	const stdin = new PassThrough();
	const stdout = new PassThrough();
	const stderr = new PassThrough();
	let asked = '';
	stdin.on('data', (chunk: Buffer) => {
		asked += chunk.toString();
	});
	const close: ((code: number | null) => void)[] = [];
	const broken: ((error: NodeJS.ErrnoException) => void)[] = [];
	const end = (code: number | null, said = ''): void => {
		stderr.write(said);
		setImmediate(() => {
			for (const listener of close) listener(code);
		});
	};
	stdin.on('finish', () => end(0));
	return {
		process: {
			stdin,
			stdout,
			stderr,
			on(event: 'error' | 'close', listener: (value: never) => void) {
				if (event === 'close') close.push(listener as (code: number | null) => void);
				else broken.push(listener as (error: NodeJS.ErrnoException) => void);
			},
			kill: () => end(null),
		},
		asked: () => asked,
		say: (bytes) => {
			stdout.write(bytes);
		},
		end,
		fail: (code) => {
			for (const listener of broken) listener(Object.assign(new Error(code), { code }));
		},
	};
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
const OID = 'a'.repeat(40);

function open(batchCommand: boolean): { cat: CatFile; fakes: Fake[]; calls: string[][] } {
	const fakes: Fake[] = [];
	const calls: string[][] = [];
	const spawn: SpawnGit = (args) => {
		const fake = fakeProcess();
		fakes.push(fake);
		calls.push([...args]);
		return fake.process;
	};
	return { cat: new CatFile(new GitRunner('/repo', {}, spawn), batchCommand), fakes, calls };
}

describe('git cat-file', () => {
	it('asks many questions with one flush', async () => {
		const { cat, fakes } = open(true);
		const answer = cat.info(['v4.1:Makefile', 'v4.2:Makefile', 'v4:x']);
		await tick();
		assert.equal(fakes[0]?.asked(), 'info v4.1:Makefile\ninfo v4.2:Makefile\ninfo v4:x\nflush\n');
		fakes[0]?.say(`${OID} blob 12\nv4.2:Makefile missing\nv4:x ambiguous\n`);
		assert.deepEqual(await answer, [{ oid: OID, type: 'blob', size: 12 }, 'missing', 'ambiguous']);
		await cat.close();
	});

	it('uses two processes with a git that has no --batch-command', async () => {
		const { cat, fakes, calls } = open(false);
		const answers = Promise.all([cat.info(['x']), cat.contents([OID])]);
		await tick();
		assert.deepEqual(
			calls.map((call) => call.slice(-2)),
			[
				['cat-file', '--batch-check'],
				['cat-file', '--batch'],
			],
		);
		assert.equal(fakes[0]?.asked(), 'x\n');
		fakes[0]?.say('x missing\n');
		fakes[1]?.say(`${OID} blob 2\nhi\n`);
		const [, [object]] = await answers;
		assert.ok(typeof object === 'object');
		assert.equal(Buffer.from(object.content).toString(), 'hi');
		await cat.close();
	});

	it('reads answers however they are cut', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 }),
				fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 }),
				async (blobs, cuts) => {
					const { cat, fakes } = open(true);
					const answer = cat.contents(blobs.map(() => OID));
					const bytes = Buffer.concat(
						blobs.flatMap((blob) => [
							Buffer.from(`${OID} blob ${blob.length}\n`),
							blob,
							Buffer.from('\n'),
						]),
					);
					for (let at = 0, i = 0; at < bytes.length; i++) {
						const next = at + (cuts[i % cuts.length] ?? 1);
						fakes[0]?.say(bytes.subarray(at, next));
						at = next;
					}
					const contents = (await answer).map((object) =>
						typeof object === 'object' ? Buffer.from(object.content) : object,
					);
					assert.deepEqual(
						contents,
						blobs.map((blob) => Buffer.from(blob)),
					);
					await cat.close();
				},
			),
			{ numRuns: 50 },
		);
	});

	it('says what git said when it dies in the middle of an answer', async () => {
		const { cat, fakes } = open(true);
		const first = cat.contents([OID]);
		const second = cat.info(['x']);
		fakes[0]?.say(`${OID} blob 100\nonly the begin`);
		fakes[0]?.end(128, 'fatal: pack is garbage\n');
		for (const answer of [first, second]) {
			await assert.rejects(
				answer,
				(error) =>
					error instanceof RangefinderError &&
					error.failure.code === 'git-failed' &&
					error.message === '/repo: pack is garbage',
			);
		}
		const again = cat.info(['x']);
		await tick();
		fakes[1]?.say('x missing\n');
		assert.deepEqual(await again, ['missing'], 'a new process answers what is asked later');
		await cat.close();
	});

	it('does not believe an answer that is none', async () => {
		const { cat, fakes } = open(true);
		const answer = cat.info(['x']);
		fakes[0]?.say('hello\n');
		await assert.rejects(answer, /not understood: hello/);
		await cat.close();
	});

	it('says that git is missing', async () => {
		const { cat, fakes } = open(true);
		const answer = cat.info(['x']);
		fakes[0]?.fail('ENOENT');
		await assert.rejects(answer, /git is not installed/);
	});

	it('rejects what still waits when it is closed', async () => {
		const { cat } = open(true);
		const answer = cat.info(['x']);
		const rejected = assert.rejects(answer, RangefinderError);
		await cat.close();
		await rejected;
	});
});

describe('how git is started', () => {
	it('takes nothing over that points elsewhere or names a program', () => {
		const env = gitEnvironment({
			PATH: '/usr/bin',
			HOME: '/home/u',
			GIT_DIR: '/other',
			GIT_INDEX_FILE: '/other',
			GIT_EXTERNAL_DIFF: 'evil',
			GIT_CONFIG_PARAMETERS: "'core.pager'='evil'",
			GIT_ALLOW_PROTOCOL: 'ext',
			PAGER: 'evil',
		});
		assert.deepEqual(
			Object.keys(env).filter((name) => !/^GIT_(OPT|TERM|CONFIG_NOS|NO_|ALLOW)|^LC_ALL/.test(name)),
			['PATH', 'HOME'],
		);
		assert.equal(env.GIT_ALLOW_PROTOCOL, 'none');
		assert.equal(env.GIT_NO_LAZY_FETCH, '1');
	});

	it('names the folder and the hardening before the command', () => {
		const args = gitArguments('/repo', ['version']);
		assert.deepEqual(args.slice(0, 2), ['-C', '/repo']);
		assert.ok(args.includes('core.fsmonitor=false'));
		assert.ok(args.includes('--no-replace-objects'));
		assert.equal(args.at(-1), 'version');
	});

	/** Opens a store with a git that says these things. */
	async function openWith(version: string, stderr = ''): Promise<void> {
		const spawn: SpawnGit = (args) => {
			const fake = fakeProcess();
			if (args.includes('version')) fake.say(`${version}\n`);
			else if (stderr !== '') fake.end(128, stderr);
			return fake.process;
		};
		const store = await openNativeStore('/repo', { env: {}, spawn });
		await store.close();
	}

	it('refuses a git that is too old, and takes later ones', async () => {
		await assert.rejects(openWith('git version 2.25.1'), /git version 2.25.1 is too old/);
		await openWith('git version 2.30.0');
		await openWith('git version 3.1.0 (Apple Git-1)');
	});

	it("explains git's refusal of another user's repository", async () => {
		const refusal = "fatal: detected dubious ownership in repository at '/repo'\n";
		await assert.rejects(
			openWith('git version 2.39.5', refusal),
			/belongs to another user .* safe\.directory \/repo/,
		);
	});
});
