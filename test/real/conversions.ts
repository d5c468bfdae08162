/**
 * Conversions of U-Boot drivers to the driver model, each read by hand: the style of the driver in the tree
 * before the commit and in the tree of the commit.
 *
 *   node --import tsx test/real/conversions.ts U_BOOT_DIR [COMMIT PATH]…
 *
 * Without commits, those of the key; with them, what is found is printed and nothing is checked.
 */

import { profilesFor } from '../../src/driver/profiles/index.ts';
import { openStore } from '../../src/git/open-store.ts';
import type { ObjectStore } from '../../src/git/store.ts';
import type { Release } from '../../src/kernel/releases.ts';
import { stylesOf } from '../../src/range/styles.ts';
import { cloneOf } from '../cache/clone.ts';
import { CONVERSIONS, type Conversion } from './conversions-key.ts';

async function treeOf(store: ObjectStore, revision: string): Promise<Release> {
	const commit = await store.resolveCommit(revision);
	if (commit === undefined) throw new Error(`no commit ${revision}`);
	const version = { base: [0, 0], baseText: '0.0', patch: 0, rc: undefined };
	return { name: revision, version, series: 'mainline', commit, date: '', tip: false };
}

async function stylesAround(store: ObjectStore, { commit, path }: Conversion): Promise<string[]> {
	const releases = [await treeOf(store, `${commit}^`), await treeOf(store, commit)];
	const source = cloneOf(store, releases);
	const report = await stylesOf(source, releases, profilesFor([path]), [path]);
	return releases.map(({ name }) => {
		const found = report.drivers.flatMap((driver) =>
			driver.releases.filter((one) => one.release === name),
		);
		return found.map(({ style }) => style).join('; ') || 'no driver';
	});
}

const [folder, ...asked] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: conversions.ts U_BOOT_DIR [COMMIT PATH]…');
const store = await openStore(folder, { env: process.env });
const wanted: Conversion[] = [];
for (let i = 0; i < asked.length; i += 2) {
	wanted.push({ commit: asked[i] ?? '', path: asked[i + 1] ?? '', before: '', after: '' });
}
let failures = 0;
for (const one of wanted.length > 0 ? wanted : CONVERSIONS) {
	const [before = '', after = ''] = await stylesAround(store, one);
	const differs = wanted.length === 0 && (before !== one.before || after !== one.after);
	const note = differs ? `   FAILED: the key says ${one.before} -> ${one.after}` : '';
	if (differs) failures++;
	console.log(`${one.commit} ${one.path}: ${before} -> ${after}${note}`);
}
await store.close();
process.exitCode = failures === 0 ? 0 : 1;
