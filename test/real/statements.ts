/**
 * What is read of plain statements without the parser, beside what the parser finds in them:
 *
 *   npm run test:statements -- DIR REVISION FOLDER… [--every N] [--changes N] [--seed N]
 *
 * Takes every statement of every function of every N-th source below the folders, each text once, and N texts that
 * each of them is made by changing a word or two. Prints how many statements took no parser, and every one
 * of which something else is said, or which is no C; the exit code is 1 where there is one.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { parseable } from '../../src/driver/bodies-text.ts';
import { brokenPlaces, MOST_BROKEN } from '../../src/driver/broken.ts';
import { createCParser } from '../../src/driver/parser.ts';
import { plainBlock } from '../../src/driver/plain.ts';
import { scanFileScope } from '../../src/driver/scan.ts';
import { decode, prepare } from '../../src/driver/source.ts';
import { statementEnds } from '../../src/driver/statements.ts';
import { openNativeStore } from '../../src/git/native-store.ts';
import { changed, changes } from '../driver/plain-cases.ts';

const TOGETHER = 256;
const SHOWN = 20;

const { values, positionals } = parseArgs({
	options: {
		every: { type: 'string', default: '1' },
		changes: { type: 'string', default: '1' },
		seed: { type: 'string', default: '1' },
	},
	allowPositionals: true,
});
const [dir, revision, ...folders] = positionals;
if (dir === undefined || revision === undefined || folders.length === 0) {
	throw new Error('usage: npm run test:statements -- DIR REVISION FOLDER…');
}

const parser = await createCParser();
const sums = { statements: 0, plain: 0, changed: 0, plainChanged: 0, differ: 0 };
let seed = Number(values.seed);

/** The statements of all functions of a source, in braces. */
function statementsIn(text: string): string[] {
	const source = prepare(text);
	const scope = scanFileScope(source, { entryMacros: () => false, macroObjects: false });
	return scope.functions.flatMap((span) => {
		let from = span.open + 1;
		return (statementEnds(source.code, source.match, span) ?? []).map((end) => {
			const code = parseable(`{${source.code.slice(from, end)}}`);
			from = end;
			return code;
		});
	});
}

/** Whether a text is plain; one of which the parser says something else is printed. */
function isPlain(code: string): boolean {
	const found = plainBlock(code);
	if (found === undefined) return false;
	const parsed = parser.parseCounted(code);
	const errors = parsed.errors();
	const same = errors.length === 0 && JSON.stringify(parsed.found()) === JSON.stringify(found);
	parsed.free();
	if (!same && brokenPlaces(code) <= MOST_BROKEN && !parsed.givenUp && ++sums.differ <= SHOWN) {
		console.log(`${errors.length > 0 ? 'no C' : 'differs'}: ${code.replace(/\s+/g, ' ')}`);
	}
	return true;
}

function compare(code: string): void {
	sums.statements++;
	if (isPlain(code)) sums.plain++;
	const count = Number(values.changes);
	for (const some of fc.sample(fc.tuple(changes, changes), { numRuns: count, seed: seed++ })) {
		sums.changed++;
		const both = some.slice(0, 1 + (seed % 2));
		if (isPlain(both.reduce(changed, code))) sums.plainChanged++;
	}
}

const store = await openNativeStore(dir, { env: { PATH: process.env.PATH } });
const commit = await store.resolveCommit(revision);
if (commit === undefined) throw new Error(`${revision} is no commit of ${dir}`);
const seen = new Set<string>();
for (const folder of folders) {
	const files = (await store.list(commit, folder, true))
		.filter(({ type, path }) => type === 'blob' && path.endsWith('.c'))
		.filter((_, i) => i % Number(values.every) === 0);
	for (let at = 0; at < files.length; at += TOGETHER) {
		const some = await store.blobs(files.slice(at, at + TOGETHER).map(({ oid }) => oid));
		for (const bytes of some.values()) {
			for (const code of statementsIn(decode(bytes))) {
				if (!seen.has(code)) compare(code);
				seen.add(code);
			}
		}
	}
}
await store.close();
console.log(
	`${sums.plain} of ${sums.statements} statements are plain, ${sums.plainChanged} of ${sums.changed} after a change; ${sums.differ} differ`,
);
process.exitCode = sums.differ === 0 ? 0 : 1;
