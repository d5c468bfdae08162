/** Kconfig files read sparingly say what they say when everything in them is read. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { pruneKconfig } from '../../cache/index-kconfig.ts';
import { KconfigSymbols } from '../../cache/kconfig-symbols.ts';
import { parseKconfig } from '../../src/kernel/kconfig.ts';
import { KconfigLines } from '../../src/kernel/kconfig-lines.ts';
import { outlineKconfig, outlineOf } from '../../src/kernel/kconfig-outline.ts';
import { continued, withoutComment } from '../../src/kernel/kconfig-text.ts';

/** Statements as they come when each line is cut out of the text and looked at by itself. */
function plainly(text: string): [line: number, word: string, rest: string][] {
	const found: [number, string, string][] = [];
	const lines = text.split('\n');
	let help = -1;
	for (let i = 0; i < lines.length; i++) {
		const line = i + 1;
		let current = lines[i] ?? '';
		if (help >= 0) {
			if (current.trim() === '') continue;
			const indent = columns(current);
			if (help === 0 && indent > 0) help = indent;
			if (help > 0 && indent >= help) continue;
			help = -1;
		}
		const before: string[] = [];
		for (let kept = continued(current); kept !== undefined && i + 1 < lines.length; ) {
			before.push(kept, ' ');
			current = lines[++i] ?? '';
			kept = continued(current);
		}
		const said = withoutComment(before.join('') + current).trim();
		const space = said.search(/[\s"]/);
		const word = space < 0 ? said : said.slice(0, space);
		if (word === 'help' || word === '---help---') help = 0;
		else if (said !== '') found.push([line, word, space < 0 ? '' : said.slice(space).trim()]);
	}
	return found;
}

function columns(line: string): number {
	let found = 0;
	for (const c of line) {
		if (c === '\t') found = (found & ~7) + 8;
		else if (c === ' ') found++;
		else break;
	}
	return found;
}

const piece = fc.constantFrom(
	...['\n', '\n\n', '\\\n', '\t', ' ', '\u00a0', '\r', '"', "'", '#', '\\', '&&', '||', '!', '('],
	...[
		'\n\thelp\n\t  Some help.\n',
		'\n\t---help---\n',
		'\nconfig A\n',
		'\nconfig B\n',
		'\nconfig ARM\n',
	],
	...['\tbool "x"\n', '\tdef_bool y\n', '\ttristate\n', '\tdepends on A\n', '\tselect B if A\n'],
	...[
		'\tselect C\n',
		'\timply A\n',
		'\tdefault y if C\n',
		'\nconfig C\n',
		'\nconfig a-b\n',
		'if A\n',
	],
	...['endif\n', 'menu "m"\n', 'endmenu\n', 'choice\n', 'endchoice\n', 'comment "c"\n', 'x'],
	...['\tvisible if B\n', 'source "drivers/a/Kconfig"\n', 'rsource "b"\n', 'mainmenu "m"\n'],
);
const text = fc
	.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string()), { maxLength: 60 })
	.map((pieces) => pieces.join(''));

describe('a Kconfig file that is read sparingly', () => {
	it('has the statements of its lines', () => {
		fc.assert(
			fc.property(text, (file) => {
				const lines = new KconfigLines(file, 0, file.length);
				const found: [number, string, string][] = [];
				while (lines.next()) found.push([lines.line, lines.word, lines.rest()]);
				assert.deepEqual(found, plainly(file));
			}),
			{ numRuns: 2000 },
		);
	});

	it('says at once what an entry selects', () => {
		fc.assert(
			fc.property(text, (file) => {
				for (const entry of outlineKconfig(file, 'Kconfig').entries) {
					const targets = entry.def().selects.map(({ target }) => target);
					assert.deepEqual(entry.selects, targets);
					assert.equal(entry.def().name, entry.name);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it('is pruned as one whose entries are all parsed', () => {
		const paths = ['arch/arm/Kconfig', 'drivers/a/Kconfig', 'init/Kconfig'];
		const all = fc.tuple(text, text, text);
		const roots = fc.subarray(['A', 'B', 'C', 'NONE']);
		fc.assert(
			fc.property(all, roots, (texts, asked) => {
				const outlines = texts.map((one, i) => outlineKconfig(one, paths[i] ?? ''));
				const parsed = texts.map((one, i) => outlineOf(parseKconfig(one, paths[i] ?? '')));
				assert.equal(
					JSON.stringify(pruneKconfig(outlines, asked)),
					JSON.stringify(pruneKconfig(parsed, asked)),
				);
			}),
			{ numRuns: 1000 },
		);
	});

	it('is pruned alike with and without what is known of other trees', () => {
		const paths = ['arch/arm/Kconfig', 'drivers/a/Kconfig', 'init/Kconfig'];
		const versions = fc.tuple(...paths.map(() => fc.tuple(text, text)));
		/** By tree: which version of each file it has, and whether its files come the other way round. */
		const trees = fc.array(fc.record({ picks: fc.nat(7), turned: fc.boolean() }), { minLength: 2 });
		const roots = fc.subarray(['A', 'B', 'C', 'NONE']);
		fc.assert(
			fc.property(versions, trees, roots, (texts, picked, asked) => {
				const outlines = texts.map((two, i) =>
					two.map((one) => outlineKconfig(one, paths[i] ?? '')),
				);
				const known = new KconfigSymbols();
				for (const { picks, turned } of picked) {
					const files = outlines.flatMap((two, i) => two[(picks >> i) & 1] ?? []);
					if (turned) files.reverse();
					const together = pruneKconfig(files, asked, known);
					assert.equal(JSON.stringify(together), JSON.stringify(pruneKconfig(files, asked)));
				}
			}),
			{ numRuns: 1000 },
		);
	});
});
