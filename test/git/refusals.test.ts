/** What the embedded store leaves to git, and how a store is chosen. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { exitCode, failureMessage, failureOf } from '../../src/errors.ts';
import { openEmbeddedStore } from '../../src/git/embedded-store.ts';
import { openStore } from '../../src/git/open-store.ts';
import { runGit } from '../kernel/miniature.ts';
import { makePack } from './pack-maker.ts';
import { makeSource, NATIVE_KINDS } from './repositories.ts';

describe('the embedded store refuses', () => {
	let folder = '';
	let count = 0;

	async function bareRepository(): Promise<string> {
		const dir = join(folder, `bare-${count++}.git`);
		await runGit(['init', '-q', '--bare', dir]);
		return dir;
	}

	async function refusal(dir: string): Promise<string> {
		const error = await openEmbeddedStore(dir).then(
			() => assert.fail('it was opened'),
			(thrown: unknown) => thrown,
		);
		const failure = failureOf(error) ?? assert.fail(String(error));
		assert.equal(failure.code, 'needs-git');
		assert.equal(exitCode(failure), 3);
		assert.match(failureMessage(failure).hint, /install git/);
		return failureMessage(failure).message;
	}

	before(() => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-refusals-'));
	});
	after(() => rmSync(folder, { recursive: true }));

	for (const [kind, make] of Object.entries(NATIVE_KINDS)) {
		it(`a repository that is ${kind}`, async () => {
			const { dir } = await make(folder);
			assert.match(await refusal(dir), /sha256|partial clone.*needs git/);
		});
	}

	it('formats and extensions that it does not know', async () => {
		const config = {
			'[extensions]\n\trefStorage = reftable\n': /its refs are kept as reftable/,
			'[extensions]\n\tRefStorage="reftable" ; a comment\n': /its refs are kept as reftable/,
			'[extensions]\n\tworktreeConfig\n\tfuture = true\n': /the extension future/,
			'[extensions] objectformat = sha256\n': /its object ids are sha256/,
			'[remote "a ] b"]\n\tpromisor\n': /a partial clone/,
			'[core]\n\trepositoryFormatVersion = 2\n': /of a version that is not known/,
		};
		for (const [text, expected] of Object.entries(config)) {
			const dir = await bareRepository();
			await runGit(['-C', dir, 'config', 'core.repositoryFormatVersion', '1']);
			appendFileSync(join(dir, 'config'), text);
			assert.match(await refusal(dir), expected);
		}
	});

	it('a pack of more than 200 MiB, without reading it', async () => {
		const dir = await bareRepository();
		const { pack, index } = makePack([]);
		const name = join(dir, 'objects', 'pack', `pack-${'1'.repeat(40)}`);
		writeFileSync(`${name}.pack`, pack);
		writeFileSync(`${name}.idx`, index);
		truncateSync(`${name}.pack`, 200 * 1024 * 1024 + 1);
		assert.match(await refusal(dir), /has 201 MiB, and packs of up to 200 are read/);
		truncateSync(`${name}.pack`, 200 * 1024 * 1024);
		await (await openEmbeddedStore(dir)).close();
	});

	it('revisions that ask for reflogs or messages', async () => {
		const store = await openEmbeddedStore(await bareRepository());
		for (const revision of ['HEAD@{1}', 'master@{upstream}', ':/Linux', 'HEAD^{/Linux}']) {
			const asked = await store.resolveCommit(revision).catch((error: unknown) => error);
			assert.equal(failureOf(asked)?.code, 'needs-git', revision);
		}
	});

	it('no repository in the words of the native store', async () => {
		const env = { PATH: process.env.PATH };
		for (const dir of [folder, join(folder, 'nowhere')]) {
			for (const kind of ['native', 'embedded'] as const) {
				const error = await openStore(dir, { env, kind }).catch((thrown: unknown) => thrown);
				const failure = failureOf(error) ?? assert.fail(String(error));
				assert.equal(failure.code, 'not-a-repository');
				const why = dir === folder ? 'not a git repository' : 'there is no such folder';
				assert.equal(failureMessage(failure).message, `${dir}: ${why}`);
			}
		}
	});
});

describe('the store', () => {
	let folder = '';
	let dir = '';
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-choice-'));
		dir = await makeSource(join(folder, 'plain'));
	});
	after(() => rmSync(folder, { recursive: true }));

	/** Only the native store makes patches. */
	async function patches(options: Parameters<typeof openStore>[1]): Promise<boolean> {
		const store = await openStore(dir, options);
		const made = await store.patchOf('v4.3').catch((error: unknown) => failureOf(error)?.code);
		await store.close();
		assert.ok(made === 'needs-git' || made instanceof Uint8Array, String(made));
		return made instanceof Uint8Array;
	}

	it('is the native one where there is a git, else the embedded one', async () => {
		const withGit = { PATH: process.env.PATH };
		assert.equal(await patches({ env: withGit }), true);
		assert.equal(await patches({ env: { PATH: join(folder, 'empty') } }), false);
	});

	it('is the one that was chosen, and git must be there for the native one', async () => {
		const withGit = { PATH: process.env.PATH };
		assert.equal(await patches({ env: withGit, kind: 'native' }), true);
		assert.equal(await patches({ env: withGit, kind: 'embedded' }), false);
		const without = { env: { PATH: join(folder, 'empty') }, kind: 'native' } as const;
		const error = await openStore(dir, without).catch((thrown: unknown) => thrown);
		assert.equal(failureOf(error)?.code, 'git-missing');
	});
});
