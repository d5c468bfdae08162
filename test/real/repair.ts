/**
 * Damages real patches and counts what comes back, by hand:
 *
 *   node --import tsx test/real/repair.ts LADDER_DIR [CASES] [SEED]
 *
 * LADDER_DIR is a repository with releases as tags; the patches are the differences of files of
 * drivers/iommu between neighbours, whole and by the hunk. A claim of a proof is checked with
 * `git hash-object`.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { compareVersions, parseVersion } from '../../src/kernel/version.ts';
import { gitBlobId } from '../../src/patch/apply.ts';
import { anyDamage, nameOf, oneDamage } from '../patch/damage.ts';
import { type Good, mailOf, outcome, Tally } from '../patch/damage-cases.ts';
import { git } from './git.ts';

const [ladder, cases = '2000', seed = '1'] = process.argv.slice(2);
if (ladder === undefined) throw new Error('usage: test/real/repair.ts LADDER_DIR [CASES] [SEED]');
const repo = resolve(ladder);
const FOLDER = 'drivers/iommu/';
/** Longer patches are rare in mails, and take the room of many short ones. */
const LONGEST = 400;

/** The id that git gives a text. */
function hashObject(text: string): string {
	const done = spawnSync('git', ['hash-object', '--stdin'], { input: text, encoding: 'utf8' });
	return done.stdout.trim();
}

/** Differences of files between two releases. */
function patchesBetween(from: string, to: string): Good[] {
	const words = ['diff', '--no-renames', '--abbrev=13', '--diff-filter=M', from, to, '--', FOLDER];
	const found: Good[] = [];
	for (const diff of git(repo, ...words).split(/^(?=diff --git )/m)) {
		const path = /^\+\+\+ b\/(.*)$/m.exec(diff)?.[1];
		if (path === undefined) continue;
		const before = git(repo, 'cat-file', 'blob', `${from}:${path}`);
		const after = git(repo, 'cat-file', 'blob', `${to}:${path}`);
		if (diff.split('\n').length <= LONGEST) found.push({ before, after, diff });
		found.push(...alone(before, diff));
	}
	return found;
}

/** Each hunk of a diff as a patch of its own, as long as one does not depend on another. */
function alone(before: string, diff: string): Good[] {
	const [head = '', ...hunks] = diff.split(/^(?=@@ )/m);
	if (hunks.length < 2) return [];
	return hunks.slice(0, 3).map((hunk) => {
		const [, start = '1', rest = ''] = /^@@ -(\d+)(.*)/.exec(hunk) ?? [];
		const lines = hunk.split('\n').slice(1, -1);
		const old = lines.filter((line) => /^[ -]/.test(line)).length;
		const text = before.split('\n');
		const at = old === 0 ? Number(start) : Number(start) - 1;
		const fresh = lines.filter((line) => /^[ +]/.test(line)).map((line) => line.slice(1));
		text.splice(at, old, ...fresh);
		const after = text.join('\n');
		const counts = rest.replace(/\+\d+/, `+${old === 0 ? at + 1 : start}`);
		const index = `index ${gitBlobId(Buffer.from(before)).slice(0, 13)}..${gitBlobId(Buffer.from(after)).slice(0, 13)}`;
		const own = `${head.replace(/^index \w+\.\.\w+/m, index)}@@ -${start}${counts}\n${lines.join('\n')}\n`;
		return { before, after, diff: own };
	});
}

const tags = git(repo, 'tag')
	.split('\n')
	.map((tag) => ({ tag, version: parseVersion(tag) }))
	.flatMap(({ tag, version }) => (version === undefined ? [] : [{ tag, version }]))
	.sort((a, b) => compareVersions(a.version, b.version))
	.map(({ tag }) => tag);
const patches = tags.slice(1).flatMap((to, i) => patchesBetween(tags[i] ?? to, to));
const sound = patches.filter((good) => !good.diff.includes('\\ No newline'));
console.log(`${sound.length} real patches between ${tags.length} releases`);

const damages = fc.sample(fc.oneof(oneDamage, anyDamage), {
	numRuns: Number(cases),
	seed: Number(seed),
});
const tally = new Tally();
const total = new Tally();
let wrong = 0;
let hashed = 0;
const started = performance.now();
damages.forEach((how, i) => {
	const good = sound[(i * 7919) % sound.length];
	if (good === undefined) return;
	const one = outcome(good, mailOf(good.diff, how));
	const kinds = Object.keys(how).length;
	tally.add(kinds > 1 ? `${kinds} kinds` : nameOf(how), one);
	total.add('all', one);
	if ('proof' in one && one.proof === 'postimage' && i % 20 === 0) {
		hashed++;
		const named = /^index \w+\.\.(\w+)/m.exec(good.diff)?.[1] ?? '?';
		if (!hashObject(good.after).startsWith(named)) throw new Error(`${named} is not of the result`);
	}
	if (one.result === 'false') {
		wrong++;
		console.log(`${JSON.stringify(how)}\n${one.why}`);
	}
});
console.log(`${tally}\n\n${total}\n`);
const seconds = (performance.now() - started) / 1000;
console.log(
	`${damages.length} damaged patches in ${seconds.toFixed(0)} s, ${hashed} results hashed by git, ${wrong} false claims`,
);
if (wrong > 0) process.exitCode = 1;
