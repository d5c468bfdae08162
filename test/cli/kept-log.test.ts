import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import type { FactsCache } from '../../cache/facts-cache.ts';
import { createEngine } from '../../cli/adapter.ts';
import { KeptLog } from '../../cli/engines/kept-log.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { demandGit } from '../../src/git/store.ts';
import type { LogRecord } from '../../src/history/log-report.ts';
import { makeMiniatureKernel } from '../kernel/miniature.ts';
import { rangefinder } from './rangefinder.ts';

describe('the records of a log', () => {
	let folder = '';
	let kernel = '';
	let asked = '';
	let made = 0;
	let repo = '';
	let cache = '';
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-kept-'));
		kernel = (await makeMiniatureKernel(folder)).dir;
		// A git that writes down what it is asked.
		asked = join(folder, 'asked');
		const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
		const git = join(folder, 'bin-git');
		mkdirSync(git);
		writeFileSync(join(git, 'git'), `#!/bin/sh\necho "$@" >> '${asked}'\nexec '${real}' "$@"\n`);
		chmodSync(join(git, 'git'), 0o755);
	});
	beforeEach(() => {
		repo = join(folder, `${made++}.git`);
		cache = `${repo}.cache`;
		cpSync(kernel, repo, { recursive: true });
	});
	after(() => rmSync(folder, { recursive: true, force: true }));

	const git = (...words: string[]): string =>
		execFileSync('git', ['-C', repo, ...words], { encoding: 'utf8' }).trim();

	/** What the command prints. */
	async function log(...words: string[]): Promise<string> {
		rmSync(asked, { force: true });
		const env = {
			PATH: `${join(folder, 'bin-git')}:${process.env.PATH}`,
			RANGEFINDER_CACHE: cache,
		};
		const engine = createEngine({ cwd: folder, env, stdin: (async function* () {})() });
		const argv = ['log', '--json', '--no-index', '--repo', repo, ...words];
		const { code, out, err } = await rangefinder(argv, { log: engine.log }, { env, cwd: folder });
		assert.deepEqual([code, err], [0, '']);
		return out;
	}

	/** How often git walked history for the last command. */
	function walks(): number {
		const lines = existsSync(asked) ? readFileSync(asked, 'utf8').split('\n') : [];
		return lines.filter((line) => / (log|rev-list) --/.test(line)).length;
	}

	/** The command says the same as without a cache, and whether it walks history for that. */
	async function saysTheSame(...words: string[]): Promise<boolean> {
		const out = await log(...words);
		const walked = walks() > 0;
		assert.ok(out === (await log(...words, '--no-cache')));
		assert.ok(walks() > 0);
		return walked;
	}

	it('are told again without a walk, in a question of their own', async () => {
		assert.equal(await saysTheSame(), true);
		assert.equal(await saysTheSame(), false);
		assert.equal(await saysTheSame('drivers/iommu/beta-iommu.c'), true);
		assert.equal(await saysTheSame('--rev', 'v4.6-rc1..v4.7'), true);
		assert.equal(await saysTheSame('--rev', 'v4.6-rc1..v4.7'), false);
		assert.equal(await saysTheSame(), false);
	});

	it('are found out anew after a commit, and after a tag that makes another release the first', async () => {
		await log();
		const tree = git('rev-parse', 'HEAD^{tree}');
		const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
		const next = git(...who, 'commit-tree', '-p', 'HEAD', '-m', 'next', tree);
		git('update-ref', 'HEAD', next);
		assert.equal(await saysTheSame(), true);
		assert.equal(await saysTheSame(), false);
		const before = await log();
		git('tag', 'v4.0', git('rev-list', '--max-parents=0', 'HEAD'));
		assert.equal(await saysTheSame(), true);
		assert.ok((await log()) !== before);
	});

	it('are found out anew where a shallow clone is deepened, or a parent grafted', async () => {
		const whole = repo;
		repo = join(folder, `${made++}.git`);
		const from = ['--depth', '3', '-b', 'v4.7', `file://${whole}`, repo];
		execFileSync('git', ['clone', '-q', '--bare', ...from]);
		const cut = await log();
		assert.equal(await saysTheSame(), false);
		git('fetch', '-q', '--unshallow');
		assert.equal(await saysTheSame(), true);
		const deep = await log();
		assert.ok(deep !== cut);
		mkdirSync(join(repo, 'info'), { recursive: true });
		writeFileSync(join(repo, 'info/grafts'), `${git('rev-parse', 'HEAD~1')}\n`);
		assert.equal(await saysTheSame(), true);
		assert.ok((await log()) !== deep);
	});

	it('are not kept where a blob is missing', async () => {
		for (const pack of git('rev-parse', '--git-path', 'objects/pack').split('\n')) {
			const away = join(folder, `${made++}`);
			renameSync(join(repo, pack), away);
			const packs = execFileSync('ls', [away], { encoding: 'utf8' }).trim().split('\n');
			for (const name of packs.filter((one) => one.endsWith('.pack'))) {
				const input = readFileSync(join(away, name));
				execFileSync('git', ['-C', repo, 'unpack-objects', '-q'], { input });
			}
		}
		const blob = git('rev-parse', 'v4.7:drivers/iommu/beta-iommu.c');
		const file = join(repo, 'objects', blob.slice(0, 2), blob.slice(2));
		renameSync(file, `${file}.away`);
		assert.match((await log()).slice(-200), /"unread":1/);
		renameSync(`${file}.away`, file);
		assert.equal(await saysTheSame(), true);
		assert.match((await log()).slice(-200), /"unread":0/);
	});

	it('are found out anew where what is kept is no log, or cut off', async () => {
		const values = new Map<string, Uint8Array>();
		const memory: FactsCache = {
			getMany: (keys) => new Map([...values].filter(([key]) => keys.includes(key))),
			putMany: async (entries) => {
				for (const [key, value] of entries) values.set(key, value);
			},
			close: async () => {},
		};
		const store = await openNativeStore(repo, { env: { PATH: process.env.PATH } });
		const question = {
			profiles: [iommu],
			...{ paths: [], rev: [], tips: [git('rev-parse', 'HEAD')], from: [], releases: [] },
		};
		const summary = { commits: 1, drivers: 0, transitions: 0, unread: 0, shallow: false };
		const record: LogRecord = { schema: 'rangefinder.log/1', kind: 'summary', ...summary };
		const open = () => KeptLog.open(memory, demandGit(store, 'a test'), question);
		const told = async (): Promise<LogRecord[] | undefined> => {
			const records: LogRecord[] = [];
			const found = await (await open()).replay((one) => {
				records.push(one);
			});
			return found ? records : undefined;
		};
		assert.equal(await told(), undefined);
		const kept = await open();
		kept.add(record);
		await kept.keep();
		assert.deepEqual(await told(), [record]);
		for (const [key, value] of values) {
			for (const bad of [value.subarray(0, 9), Buffer.from('{"lines":[]}'), Buffer.of()]) {
				values.set(key, bad);
				assert.equal(await told(), undefined);
			}
		}
		await store.close();
	});
});
