/** Trailers as git finds them and adds to them: everything is compared with git interpret-trailers. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { inserted, trailerBlock, trailerInsertion } from '../../src/kernel/trailer-block.ts';

function git(args: readonly string[], input: string): string {
	return execFileSync('git', ['interpret-trailers', '--no-divider', ...args], {
		input,
		encoding: 'utf8',
		env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
		stdio: ['pipe', 'pipe', 'ignore'],
		cwd: '/',
	});
}

const ADDED = [
	{ name: 'Fixes', value: '0123456789ab ("acme: Add it")' },
	{ name: 'Cc', value: '<stable@vger.kernel.org> # 4.14.x' },
	{ name: 'Cc', value: 'someone@example.org' },
];

/**
 * The message as git writes it once nothing changes any more: a pass can leave a fold of a trailer that
 * the next one joins, where a comment between the two is gone.
 */
function settled(message: string): string {
	const next = git([], message);
	return next === message ? next : settled(next);
}

/** What git makes of the same; it puts each at the start, so that the last comes first. */
function gitAdds(message: string): string {
	const trailers = [...ADDED]
		.reverse()
		.flatMap(({ name, value }) => ['--trailer', `${name}: ${value}`]);
	const how = ['--where', 'start', '--if-exists', 'addIfDifferent', '--if-missing', 'add'];
	return git([...how, ...trailers], message);
}

function weAdd(message: string): string {
	const lines = message.replace(/\n$/, '').split('\n');
	const insertion = trailerInsertion(lines, ADDED);
	return `${(insertion === undefined ? lines : inserted(lines, insertion)).join('\n')}\n`;
}

/** Lines that messages end with, and some that look like trailers. */
const LINES = [
	'',
	'Some text of the message.',
	'Signed-off-by: A U Thor <author@example.org>',
	'Signed-off-by: Jürgen Groß <jgross@example.org>',
	'Cc: someone@example.org',
	'cc: SOMEONE@example.org',
	'Fixes: 0123456789ab ("acme: Add it")',
	'  continued',
	'\tcontinued',
	'# a comment',
	'Geprüft-von: Jürgen <jgross@example.org>',
	'Key : value',
	'(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)',
	'https://example.org/',
	'[ author: changed this ]',
	'two words: value',
	': no name',
	'Cc:',
	'-: a dash',
];

const message = fc
	.tuple(fc.boolean(), fc.array(fc.constantFrom(...LINES), { maxLength: 9 }))
	.map(([body, lines]) => `${['acme: Do it', ...(body ? [''] : []), ...lines].join('\n')}\n`);

describe('the trailers of a message', () => {
	it('are those that git finds', () => {
		fc.assert(
			fc.property(message, (text) => {
				const own = trailerBlock(text.replace(/\n$/, '').split('\n')).trailers;
				const shown = own.map(({ name, value }) => `${name}: ${value}\n`).join('');
				assert.equal(shown, git(['--parse'], text));
			}),
			{ numRuns: 150 },
		);
	});

	it('are added to where git adds them, and what is there stays as it was', () => {
		fc.assert(
			fc.property(message, (text) => {
				const ours = weAdd(text);
				// git writes every trailer anew: with that done to both, the two are the same.
				assert.equal(settled(ours), settled(gitAdds(text)));
				const before = text.split('\n');
				let at = 0;
				for (const line of ours.split('\n')) if (line === before[at]) at++;
				assert.equal(at, before.length, 'a line of the message is gone');
			}),
			{ numRuns: 150 },
		);
	});

	it('are the last paragraph of a message without any', () => {
		const [first] = ADDED;
		assert.ok(first);
		const add = (lines: readonly string[]) => {
			const insertion = trailerInsertion(lines, [first]);
			assert.ok(insertion);
			return inserted(lines, insertion);
		};
		const line = 'Fixes: 0123456789ab ("acme: Add it")';
		assert.deepEqual(add(['acme: Do it']), ['acme: Do it', '', line]);
		assert.deepEqual(add(['acme: Do it', '', 'Text.', '']), [
			'acme: Do it',
			'',
			'Text.',
			'',
			line,
			'',
		]);
	});

	it('are looked for in time that grows with the message', () => {
		const lines = ['acme', '', ...Array.from({ length: 200_000 }, () => ' x'), 'Cc: a@b'];
		assert.deepEqual(trailerBlock(lines).trailers, []);
		const wide = ['acme', '', `${'a'.repeat(500_000)} `];
		assert.deepEqual(trailerBlock(wide).trailers, []);
	});
});
