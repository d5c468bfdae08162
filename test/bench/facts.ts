/**
 * What the facts of a whole folder cost against tree-sitter's own parse of the same bytes, in one
 * process, with the built extractor.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';
import type { Extractor } from '../../src/driver/extract.ts';
import { bestOf, packageUrl } from './measure.ts';

const FOLDER = 'drivers/iommu';

function sources(repo: string, release: string): string[] {
	const git = (...args: string[]): string =>
		execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
	return git('ls-tree', '-r', '--name-only', release, '--', `${FOLDER}/`)
		.split('\n')
		.filter((path) => /\.[ch]$/.test(path))
		.map((path) => git('show', `${release}:${path}`));
}

/** Milliseconds for the facts of all sources, and for a plain parse of them. */
export async function factsAgainstParse(
	repo: string,
	release: string,
	rounds: number,
): Promise<{ files: number; bytes: number; facts: number; parse: number }> {
	const texts = sources(repo, release);
	const built: { createExtractor(): Promise<Extractor> } = await import(
		packageUrl('dist/src/driver/extract.js')
	);
	// An extractor remembers what it read: each round has one of its own.
	const extractors = await Promise.all(
		Array.from({ length: rounds }, () => built.createExtractor()),
	);
	await Parser.init();
	const wasm = createRequire(import.meta.url).resolve('tree-sitter-c/tree-sitter-c.wasm');
	const parser = new Parser();
	parser.setLanguage(await Language.load(wasm));
	const best = bestOf(rounds, [
		{
			name: 'facts',
			run: () => {
				const extractor = extractors.pop();
				if (extractor === undefined) throw new RangeError('more rounds than extractors');
				for (const text of texts) extractor.extract(text);
			},
		},
		{
			name: 'parse',
			run: () => {
				for (const text of texts) parser.parse(text)?.delete();
			},
		},
	]);
	return {
		files: texts.length,
		bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
		facts: best.get('facts') ?? Number.NaN,
		parse: best.get('parse') ?? Number.NaN,
	};
}
