/** Picks of random changes to random trees, against git cherry-pick. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openNativeStore } from '../../../src/git/native-store.ts';
import { Picker } from '../../../src/history/pick/pick.ts';
import { numbers } from '../random-history.ts';
import { type Files, gitMerge, lines, makeThreesomes, type Threesome } from './threesomes.ts';

/** How many; more by hand: PICKS=2000 npx mocha … */
const COUNT = Number(process.env.PICKS ?? 60);

type Below = (below: number) => number;
type Tree = Record<string, string>;

const FOLDERS = ['', 'a/', 'a/b/', 'a/b/c/', 'd/', 'd/e/', 'f/'];
const NAMES = ['Makefile', 'x.c', 'y.c', 'z.c', 'core.h', 'a', 'd'];

function randomPath(below: Below): string {
	return `${FOLDERS[below(FOLDERS.length)]}${NAMES[below(NAMES.length)]}`;
}

/** Without files that are in the way of others. */
function plausible(tree: Tree): Tree {
	return Object.fromEntries(
		Object.entries(tree).filter(([path]) =>
			Object.keys(tree).every((other) => !other.startsWith(`${path}/`)),
		),
	);
}

function edited(text: string, below: Below): string {
	const all = text.split('\n');
	for (let edits = 1 + below(2); edits > 0; edits--) {
		const at = below(all.length);
		if (below(3) === 0) all.splice(at, 1);
		else all.splice(at, below(2), ['}', 'return 0;', `new ${below(4)}`][below(3)] ?? '');
	}
	return all.join('\n');
}

/** What one side makes of a tree. */
function changed(base: Tree, below: Below): Tree {
	const tree = { ...base };
	for (let steps = 1 + below(4); steps > 0; steps--) {
		const paths = Object.keys(tree);
		const path = paths[below(paths.length)] ?? 'x.c';
		const text = tree[path] ?? '';
		switch (below(8)) {
			case 0:
				delete tree[path];
				break;
			case 1:
				tree[randomPath(below)] = lines(5 + below(20), `added ${below(3)}`);
				break;
			case 2:
				delete tree[path];
				tree[randomPath(below)] = below(2) === 0 ? text : edited(text, below);
				break;
			case 3: {
				const from = FOLDERS[1 + below(FOLDERS.length - 1)] ?? 'a/';
				const to = ['g/', 'a/', 'd/h/'][below(3)] ?? 'g/';
				for (const one of Object.keys(tree)) {
					if (!one.startsWith(from) || to.startsWith(from)) continue;
					tree[to + one.slice(from.length)] = tree[one] ?? '';
					delete tree[one];
				}
				break;
			}
			default:
				tree[path] = edited(text, below);
		}
	}
	return plausible(tree);
}

function randomThreesome(seed: number): Threesome {
	const below = numbers(seed * 7919 + 13);
	const base: Tree = { top: 'top\n' };
	for (let files = 3 + below(10); files > 0; files--) {
		base[randomPath(below)] = lines(8 + below(25), `text ${below(6)}`);
	}
	const sound: Files = plausible(base);
	return {
		base: sound,
		ours: changed(sound as Tree, below),
		theirs: changed(sound as Tree, below),
	};
}

describe('picks of random changes', () => {
	it('come to what git comes to', async function () {
		this.timeout(COUNT * 2000);
		const folder = mkdtempSync(join(tmpdir(), 'rangefinder-picks-'));
		const first = Number(process.env.PICKS_FROM ?? 1);
		const all = Array.from({ length: COUNT }, (_, i) => randomThreesome(first + i));
		const seen = new Map<string, number>();
		try {
			const commits = makeThreesomes(join(folder, 'repo.git'), all);
			const store = await openNativeStore(join(folder, 'repo.git'), { env: process.env });
			const picker = new Picker(store);
			const wrong: string[] = [];
			for (const [i, { ours, theirs }] of commits.entries()) {
				const picked = await picker.pick(await picker.treeOf(ours), theirs);
				const git = gitMerge(join(folder, 'repo.git'), ours, theirs);
				if (git === undefined) this.skip();
				seen.set(picked.result, (seen.get(picked.result) ?? 0) + 1);
				const mine = picked.result === 'clean' ? picked.tree : picked.result;
				if (mine !== git) wrong.push(`${first + i}: ${JSON.stringify(picked)}, git ${git}`);
			}
			await store.close();
			assert.deepEqual(wrong, []);
			assert.ok((seen.get('clean') ?? 0) > COUNT / 10, 'too few are clean to tell');
			assert.ok((seen.get('conflict') ?? 0) > COUNT / 10, 'too few conflict to tell');
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});
