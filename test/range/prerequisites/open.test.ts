/** Prerequisites that cannot be had, or cannot be told: what is said then, and where it ends. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { Check } from '../../../src/range/prerequisites.ts';
import { file, type Sets, Solving, TEN, withLines } from '../solving.ts';

describe('prerequisites', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	describe('that cannot be had', () => {
		it('leave a conflict open that no commit settles', async () => {
			const root = all.root({ 'a.c': TEN });
			const [fix = ''] = all.chain(root, file({ 5: 'fix' }));
			const [target = ''] = all.chain(root, file({ 5: 'own' }));
			const { solution } = await all.solve(fix, target);
			assert.equal(solution.result, 'open');
			if (solution.result !== 'open') return;
			assert.deepEqual([solution.need.kind, solution.members], ['textual', []]);
		});

		it('leave text open where no commit may be added for it', async () => {
			const target = all.root({ 'a.c': TEN });
			const [, fix = ''] = all.chain(target, file({ 5: 'five' }), file({ 5: 'FIVE' }));
			const { solution } = await all.solve(fix, target, { textual: false });
			assert.equal(solution.result, 'open');
		});

		const long = (): { target: string; fix: string; steps: string[] } => {
			const target = all.root({ 'a.c': TEN });
			const words = ['a', 'b', 'c', 'd', 'e', 'fix'];
			const steps = all.chain(target, ...words.map((word) => file({ 5: word })));
			return { target, fix: steps.pop() ?? '', steps };
		};

		it('are unknown where more would be needed than allowed, with the furthest', async () => {
			const { target, fix, steps } = long();
			const { solution } = await all.solve(fix, target, { max: 3 });
			assert.equal(solution.result, 'unknown');
			if (solution.result !== 'unknown') return;
			assert.equal(solution.why, 'it takes more than 3 commits');
			assert.ok(solution.members.length > 0 && solution.members.length <= 3);
			assert.ok(solution.members.every((commit) => steps.includes(commit)));
			assert.deepEqual((await all.needed(fix, target, { max: 5 })).commits, steps);
		});

		it('are unknown where more would have to be tried than allowed', async () => {
			const { target, fix } = long();
			const { solution } = await all.solve(fix, target, { trials: 1 });
			assert.equal(solution.result, 'unknown');
			if (solution.result === 'unknown')
				assert.match(solution.why, /^1 sets of commits were tried/);
		});

		it('are unknown where a set could not be tried, though the others leave it open', async () => {
			const rest = 'x'.repeat(99).concat('\n').repeat(110_000);
			const both = (changed: Readonly<Record<number, string>>, word: string): Sets => ({
				...file(changed),
				'b.c': `${word}\n${rest}`,
			});
			const root = all.root(both({}, 'root'));
			const [made = ''] = all.chain(root, both({ 5: 'five' }, 'made'));
			const files = both({ 0: 'own' }, 'own');
			const target = all.history.commit({ on: root, subject: 'own', files });
			const [fix = ''] = all.chain(made, file({ 5: 'FIVE' }));
			const { solution } = await all.solve(fix, target);
			assert.equal(solution.result, 'unknown');
			if (solution.result === 'unknown') assert.match(solution.why, /large/);
		});

		it('are unknown where it takes longer than allowed', async () => {
			const { target, fix } = long();
			const { solution } = await all.solve(fix, target, { seconds: 0 });
			assert.equal(solution.result, 'unknown');
			if (solution.result === 'unknown') assert.equal(solution.why, 'it takes longer than 0 s');
		});

		it('are unknown where it is stopped', async () => {
			const { target, fix } = long();
			const { solution } = await all.solve(fix, target, { signal: AbortSignal.abort() });
			assert.equal(solution.result, 'unknown');
			if (solution.result === 'unknown') assert.equal(solution.why, 'it was stopped');
		});

		it('leave open what a check asks for and no commit brings', async () => {
			const target = all.root({ 'a.c': TEN });
			const [fix = ''] = all.chain(target, file({ 5: 'fix' }));
			const never: Check = async ({ landed }) => ({
				kind: 'registration',
				change: (landed[0] as (typeof landed)[number]).change,
				why: 'never',
				places: [],
				weight: 1,
				candidates: async () => [],
			});
			const { solution } = await all.solve(fix, target, { checks: [never] });
			assert.deepEqual(solution.result === 'open' && [solution.need.kind, solution.members], [
				'registration',
				[],
			]);
		});
	});

	describe('with odd files', () => {
		const exe = (text: string) => ({ mode: '100755', text }) as const;

		it('are the change of mode that a file was made with', async () => {
			const target = all.root({ 'a.sh': TEN });
			const [, fix = ''] = all.chain(
				target,
				{ 'a.sh': exe(TEN) },
				{ 'a.sh': exe(withLines({ 5: 'five' })) },
			);
			assert.deepEqual((await all.needed(fix, target)).commits, []);
		});

		it('are the commits that made a binary file, a link and a submodule', async () => {
			const binary = (byte: string): string => `\0\x01${byte}\0`;
			const link = (text: string) => ({ mode: '120000', text }) as const;
			const module = (digit: string) => ({ mode: '160000', text: digit.repeat(40) }) as const;
			for (const make of [binary, link, module] as const) {
				const target = all.root({ 'b.c': 'b\n', x: make('1') });
				const [made = '', , fix = ''] = all.chain(
					target,
					{ x: make('2') },
					{ 'b.c': 'c\n' },
					{ x: make('3') },
				);
				assert.deepEqual((await all.needed(fix, target)).commits, [made], make.name);
			}
		});

		it('are unknown for files that are too large to merge', async () => {
			const large = (word: string): string =>
				`${word}\n${'x'.repeat(99).concat('\n').repeat(110_000)}`;
			const root = all.root({ 'a.c': large('one') });
			const [, fix = ''] = all.chain(root, { 'a.c': large('two') }, { 'a.c': large('three') });
			const [target = ''] = all.chain(root, { 'a.c': large('own') });
			const { solution } = await all.solve(fix, target);
			assert.equal(solution.result, 'unknown');
			if (solution.result === 'unknown') assert.match(solution.why, /large/);
		});
	});
});
