import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { ReleaseSource } from '../../cache/source.ts';
import { RangefinderError } from '../../src/errors.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import type { Release } from '../../src/kernel/releases.ts';
import { parseVersion } from '../../src/kernel/version.ts';
import { TextInterner } from '../../src/patch/lines.ts';
import { internHunks } from '../../src/patch/search.ts';
import { nameChanges } from '../../src/range/changed-by.ts';
import { place, placementReport } from '../../src/range/placements.ts';
import { runGit } from '../kernel/miniature.ts';
import { hunksBetween, textOf } from '../patch/cases.ts';

const PATH = 'drivers/iommu/acme.c';
const IDENTITY = ['-c', 'user.name=N', '-c', 'user.email=n@example.org'];

describe('the commits that changed the lines of a conflict', () => {
	const lines = Array.from({ length: 30 }, (_, i) => `\tstep_${i}(dev);`);
	const replace = (from: string, to: string) => (text: string) => text.replace(from, to);
	const first = textOf(lines);
	const second = replace('step_15(dev)', 'step_15(dev, 0)')(first);
	const third = replace('step_2(dev)', 'other(dev)')(second);
	const fourth = replace('step_16(dev)', 'step_16(dev, flags)')(third);
	const history = [
		['import', first],
		['give step 15 a flag', second],
		['change what is elsewhere', third],
		['give step 16 flags', fourth],
	] as const;
	let folder = '';
	let store: ObjectStore;
	const commits: string[] = [];

	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'rangefinder-changed-'));
		await runGit(['init', '-q', folder]);
		await runGit(['-C', folder, 'config', 'diff.evil.textconv', 'false']);
		writeFileSync(join(folder, '.gitattributes'), '*.c diff=evil\n');
		for (const [subject, text] of history) {
			writeFileSync(join(folder, 'acme.c'), text);
			await runGit(['-C', folder, 'add', '.']);
			await runGit(['-C', folder, ...IDENTITY, 'commit', '-q', '-m', subject]);
			commits.push((await runGit(['-C', folder, 'rev-parse', 'HEAD'])).trim());
		}
		const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };
		store = await openNativeStore(folder, { env });
	});
	after(async () => {
		await store.close();
		rmSync(folder, { recursive: true });
	});

	it('are those that git blame names', async () => {
		const found = await store.lastChanged?.(commits[3] ?? '', 'acme.c', [
			[16, 17],
			[1, 1],
		]);
		const subjects = new Map(found?.map(({ commit, subject }) => [subject, commit]));
		assert.deepEqual(
			new Set(subjects.keys()),
			new Set(['give step 15 a flag', 'give step 16 flags', 'import']),
		);
		for (const [i, [subject]] of history.entries()) {
			if (subjects.has(subject)) assert.equal(subjects.get(subject), commits[i]);
		}
		const words = ['blame', '-l', '-s', '--no-textconv', '-L16,17', commits[3] ?? '', 'acme.c'];
		const said = await runGit(['-C', folder, ...words]);
		for (const line of said.trim().split('\n')) {
			assert.ok([...subjects.values()].includes(line.slice(0, 40)), line);
		}
	});

	/** Subjects named for a patch made from one version, on each of the four as releases. */
	const named = async (
		made: string,
		wanted: (i: number) => boolean,
		lastChanged: NonNullable<ReleaseSource['lastChanged']> = async (release, _path, ranges) =>
			(await store.lastChanged?.(release.commit, 'acme.c', ranges)) ?? [],
	): Promise<(string[] | null)[]> => {
		const interner = new TextInterner();
		const releases = history.map((_, i): Release => {
			const name = `v6.${i + 1}`;
			const version = parseVersion(name) ?? assert.fail();
			const commit = commits[i] ?? '';
			return { name, version, series: `6.${i + 1}.y`, commit, date: '', tip: false };
		});
		const source: Partial<ReleaseSource> = {
			blobIds: async (of, paths) =>
				of.map((one) => paths.map(() => history[releases.indexOf(one)]?.[1])),
			lines: async (blobs) => new Map(blobs.map((blob) => [blob, interner.lines(blob)])),
			lastChanged,
		};
		const fixed = made.replace(/\tstep_15\(.*\n\tstep_16\(.*\n/, '\tfixed(dev);\n');
		const file = {
			path: PATH,
			isNew: false,
			isDeleted: false,
			preimage: made,
			postimage: null,
			hunks: internHunks(interner, hunksBetween(made, fixed)),
			uses: [],
			fragments: async () => [],
		};
		const about = { subject: '', author: '', messageId: null, commit: null };
		const patch = { ...about, repaired: false, proof: 'none' as const, files: [file] };
		const placed = await place(patch, source as ReleaseSource, releases);
		await nameChanges(placed, source as ReleaseSource, ({ release }) =>
			wanted(releases.indexOf(release)),
		);
		return placed.map((one) => {
			const [hunk] = placementReport(one).files[0]?.hunks ?? [];
			return hunk?.changedBy?.map(({ subject }) => subject) ?? null;
		});
	};

	it('are, on later releases, those of the lines that stand there', async () => {
		assert.deepEqual(await named(first, () => true), [
			null,
			['give step 15 a flag'],
			['give step 15 a flag'],
			['give step 15 a flag', 'give step 16 flags'],
		]);
	});

	it('are, on earlier releases, those of the lines that the patch was made for', async () => {
		assert.deepEqual(await named(fourth, () => true), [
			['give step 15 a flag', 'give step 16 flags'],
			['give step 16 flags'],
			['give step 16 flags'],
			null,
		]);
	});

	it('are left out where the history is not all there', async () => {
		const failing = new RangefinderError({ code: 'object-missing', where: '', what: '' });
		const answer = async () => Promise.reject(failing);
		assert.deepEqual(await named(fourth, () => true, answer), [null, null, null, null]);
	});

	it('are asked for only where wanted', async () => {
		assert.deepEqual(await named(fourth, (i) => i === 1), [
			null,
			['give step 16 flags'],
			null,
			null,
		]);
	});
});
