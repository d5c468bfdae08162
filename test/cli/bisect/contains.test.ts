/** The test `contains(COMMIT)` on a stable branch: copies count, however they are known. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { WrittenHistory } from '../../history/written-history.ts';
import { onMiniature } from './runs.ts';

const PATH = 'drivers/acme.c';
const LINES = Array.from({ length: 30 }, (_, i) => `line ${i} of the driver`);
const text = (changed: string): string => `${LINES.join('\n').replace('line 9 of', changed)}\n`;

describe('contains() in a predicate', () => {
	const runs = onMiniature();
	let dir = '';
	const ids = new Map<string, string>();
	const id = (name: string): string => ids.get(name) ?? assert.fail(name);

	before(() => {
		dir = join(runs.folder, 'stable.git');
		const history = WrittenHistory.make(dir);
		const add = (name: string, on: string | undefined, file: string, body?: string): void => {
			const parent = on === undefined ? {} : { on: id(on) };
			const files = { [PATH]: file, [`made/${name}`]: '' };
			const subject = name.startsWith('Revert') ? name : `acme: ${name.replace(/ .*/, '')}`;
			ids.set(name, history.commit({ ...parent, subject, files, ...(body && { body }) }));
		};
		add('base', undefined, text('line 9 of'));
		add('fix', 'base', text('the fixed line of'));
		add('other', 'fix', text('yet another line of'));
		history.branch('master', id('other'));
		let last = 'base';
		const stable = (name: string, file: string, body?: string): void => {
			add(name, last, file, body);
			last = name;
		};
		for (let i = 0; i < 6; i++) stable(`stable${i} work`, text('line 9 of'));
		stable('fix backport', text('the fixed line of'), `commit ${id('fix')} upstream.`);
		stable('gone backport', text('the fixed line of'), `commit ${'9'.repeat(40)} upstream.`);
		for (let i = 6; i < 9; i++) stable(`stable${i} work`, text('the fixed line of'));
		history.branch('stable', id(last));
		stable('Revert "acme: fix"', text('line 9 of'), `This reverts commit ${id('fix backport')}.`);
		history.branch('reverted', id(last));
		// The same diff and subject, and not a word of where it is from.
		add('start silent', 'base', text('line 9 of'));
		ids.set(
			'silent',
			history.commit({
				on: id('start silent'),
				subject: 'acme: fix',
				files: { [PATH]: text('the fixed line of') },
			}),
		);
		history.branch('silent', id('silent'));
	});

	const bisected = (bad: string, where: string, ...more: string[]) =>
		runs.bisectedIn(dir, '--good', id('base'), '--bad', bad, '--where', where, ...more);

	it('finds the copy that says what it is a copy of, and reads nothing twice', async () => {
		const { report } = await bisected('stable', `contains(${id('fix')})`);
		assert.equal(report.first?.commit, id('fix backport'));
		assert.match(report.after?.evidence[0]?.text ?? '', /a copy of .*upstream; certain\)$/);
		assert.match(report.before[0]?.evidence[0]?.text ?? '', /^neither .* nor a copy of it/);
		assert.equal(report.evaluations, 2, 'what two commits have alike is one question');
	});

	it('finds the copy that only its diff shows', async () => {
		const { report } = await bisected('silent', `contains(${id('fix')})`);
		assert.equal(report.first?.commit, id('silent'));
		assert.match(
			report.after?.evidence[0]?.text ?? '',
			/a copy of .* \(the same subject and author, .*likely\)/,
		);
	});

	it('finds by a copy what it is a copy of', async () => {
		const { report } = await bisected('master', `contains(${id('fix backport')})`);
		assert.equal(report.first?.commit, id('fix'));
	});

	it('knows a commit that is gone by what is said of it', async () => {
		const { report } = await bisected('stable', `contains(${'9'.repeat(12)})`);
		assert.equal(report.first?.commit, id('gone backport'));
	});

	it('does not count what was reverted', async () => {
		const { report } = await bisected('reverted', `contains(${id('fix')})`, '--flips');
		assert.deepEqual(
			report.flips.map(({ commit, holds }) => [commit, holds]),
			[
				[id('fix backport'), true],
				[id('Revert "acme: fix"'), false],
			],
		);
		const probed = await runs.in(dir, 'probe', 'reverted', '--where', `contains(${id('fix')})`);
		assert.equal(probed.code, 1);
		assert.match(probed.out, /reverted by [0-9a-f]{12}/);
	});

	it('says at its column that nobody knows a commit', async () => {
		for (const name of ['nope', 'abcdef123456']) {
			const where = `not contains(${name})`;
			const { code, err } = await runs.in(dir, 'probe', 'stable', '--where', where);
			assert.equal(code, 2);
			assert.match(err, /the predicate, column 5: there is no commit /);
		}
	});
});
