import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Stretch } from '../../../src/history/needs/change.ts';
import { Copies } from '../../../src/history/needs/copies.ts';
import { Solving } from '../../range/solving.ts';

describe('copies in a target', () => {
	let all: Solving;
	let root = '';
	let origin = '';
	before(async () => {
		all = await Solving.make();
		root = all.root({ f: '0\n' });
		origin = all.history.commit({ on: root, subject: 'acme: Fix it', files: { f: '1\n' } });
	});
	after(() => all.remove());

	const found = async (target: string): Promise<unknown[]> => {
		const copies = new Copies(new Stretch(all.git, target, origin));
		const named = await copies.of([origin]);
		assert.deepEqual(
			copies.met(),
			[...named].map(([commit, as]) => ({ commit, as })),
		);
		return [...named];
	};
	const copy = (subject: string, body: string, on = root, author?: string): string =>
		all.history.commit({ on, subject, body, ...(author && { author }), files: { f: `${body}\n` } });

	const SAYINGS: readonly [name: string, body: (id: string) => string][] = [
		['commit <id> upstream.', (id) => `commit ${id} upstream.`],
		['[ Upstream commit <id> ]', (id) => `[ Upstream commit ${id} ]`],
		['(cherry picked from commit <id>)', (id) => `(cherry picked from commit ${id})`],
	];
	for (const [name, body] of SAYINGS) {
		it(`are known by ${name}`, async () => {
			const target = copy('another subject', body(origin));
			assert.deepEqual(await found(target), [[origin, target]]);
		});
	}

	it('are known by author and subject', async () => {
		const target = copy('acme: Fix it', 'ported');
		assert.deepEqual(await found(target), [[origin, target]]);
		assert.deepEqual(await found(copy('acme: Fix it', 'ported', root, 'Another')), []);
	});

	it('are none where a later commit took them back', async () => {
		const target = copy('acme: Fix it', `commit ${origin} upstream.`);
		const reverted = copy('Revert "acme: Fix it"', `This reverts commit ${target}.`, target);
		assert.deepEqual(await found(reverted), []);
		const again = copy('acme: Fix it', `commit ${origin} upstream.`, reverted);
		assert.deepEqual(await found(again), [[origin, again]]);
	});

	it('are there where the revert was reverted', async () => {
		const target = copy('acme: Fix it', `commit ${origin} upstream.`);
		const reverted = copy('Revert "acme: Fix it"', `This reverts commit ${target}.`, target);
		const back = copy('Revert "Revert it"', `This reverts commit ${reverted}.`, reverted);
		assert.deepEqual(await found(back), [[origin, target]]);
	});

	it('are none in a target of the same history', async () => {
		assert.deepEqual(await found(root), []);
	});
});
