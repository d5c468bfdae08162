import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseCommit, parseTree } from '../../src/git/objects.ts';

const TREE = 'b'.repeat(40);

describe('git objects', () => {
	it('reads the author in the encoding the commit names', () => {
		const text =
			`tree ${TREE}\nauthor J\xfcrgen <j@example.org> 1500000000 +0200\n` +
			'committer C <c@example.org> 1500000001 +0200\nencoding ISO-8859-1\n\nIommu: f\xfcr\n';
		const commit = parseCommit('c'.repeat(40), Buffer.from(text, 'latin1'));
		assert.equal(commit?.author, 'Jürgen <j@example.org>');
		assert.equal(commit?.subject, 'Iommu: für');
		assert.equal(commit?.authorDate, 1_500_000_000);
		assert.deepEqual(commit?.parents, []);
	});

	it('joins a subject of several lines, and is not misled by a signature', () => {
		const text =
			`tree ${TREE}\nparent ${'1'.repeat(40)}\nparent ${'2'.repeat(40)}\n` +
			'author A <a@example.org> 5 +0000\ncommitter A <a@example.org> 5 +0000\n' +
			'gpgsig -----BEGIN PGP SIGNATURE-----\n parent x\n -----END PGP SIGNATURE-----\n' +
			'\nOne\ntwo\n\nparent of all\n';
		const commit = parseCommit('c'.repeat(40), Buffer.from(text));
		assert.equal(commit?.subject, 'One two');
		assert.deepEqual(commit?.parents, ['1'.repeat(40), '2'.repeat(40)]);
	});

	it('takes damaged bytes for neither tree nor commit', () => {
		assert.equal(parseTree(Buffer.from('100644 a\0short'), '', 20), undefined);
		assert.equal(parseTree(Buffer.from('garbage'), '', 20), undefined);
		assert.deepEqual(parseTree(new Uint8Array(0), '', 20), []);
		assert.equal(parseCommit('c'.repeat(40), Buffer.from('garbage')), undefined);
	});

	it('knows submodules and links by their mode', () => {
		const id = Buffer.alloc(20, 0xab);
		const bytes = Buffer.concat([
			Buffer.from('120000 link\0'),
			id,
			Buffer.from('160000 sub\0'),
			id,
			Buffer.from('40000 t\0'),
			id,
		]);
		assert.deepEqual(
			parseTree(bytes, 'x/', 20)?.map(({ path, mode, type }) => [path, mode, type]),
			[
				['x/link', '120000', 'blob'],
				['x/sub', '160000', 'commit'],
				['x/t', '040000', 'tree'],
			],
		);
	});
});
