/** Every way in which three trees can meet, each checked against git cherry-pick. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openNativeStore } from '../../../src/git/native-store.ts';
import type { ObjectStore } from '../../../src/git/store.ts';
import { type Picked, Picker } from '../../../src/history/pick/pick.ts';
import { CONTENTS } from './cases/contents.ts';
import { FOLDERS } from './cases/folders.ts';
import { KINDS } from './cases/kinds.ts';
import type { Case } from './cases/meeting.ts';
import { MOVED_FOLDERS } from './cases/moved-folders.ts';
import { RENAMES } from './cases/renames.ts';
import { type Commits, gitMerge, makeThreesomes } from './threesomes.ts';

const CASES: readonly Case[] = [...CONTENTS, ...RENAMES, ...MOVED_FOLDERS, ...FOLDERS, ...KINDS];

/** What a pick came to, in the words of {@link Case.expect}. */
function words(picked: Picked): string {
	if (picked.result !== 'conflict') return picked.result;
	return [...new Set(picked.conflicts.map(({ kind }) => kind))].sort().join(' ');
}

for (const objectFormat of ['sha1', 'sha256'] as const) {
	describe(`pick, ${objectFormat}`, () => {
		const folderOf = mkdtempSync(join(tmpdir(), 'rangefinder-pick-'));
		// A submodule's id has the length of the repository's.
		const cases = CASES.filter(({ base }) => objectFormat === 'sha1' || base.m === undefined);
		let commits: Commits[] = [];
		let store: ObjectStore;
		let picker: Picker;

		before(async () => {
			commits = makeThreesomes(join(folderOf, 'repo.git'), cases, objectFormat);
			store = await openNativeStore(join(folderOf, 'repo.git'), { env: process.env });
			picker = new Picker(store);
		});
		after(async () => {
			await store.close();
			rmSync(folderOf, { recursive: true, force: true });
		});

		for (const [i, { name, expect }] of cases.entries()) {
			it(`${name}: ${expect}`, async () => {
				const { ours = '', theirs = '' } = commits[i] ?? {};
				const picked = await picker.pick(await picker.treeOf(ours), theirs);
				assert.equal(words(picked), expect);
				const mine = picked.result === 'clean' ? picked.tree : picked.result;
				const git = gitMerge(join(folderOf, 'repo.git'), ours, theirs);
				if (git !== undefined) assert.equal(mine, git);
			});
		}
	});
}
