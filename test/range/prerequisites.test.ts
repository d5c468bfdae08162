/** What a change needs on a target, on histories written for it; every set is proved by git. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { changeOfPatch } from '../../src/history/needs/patch-change.ts';
import { Picker } from '../../src/history/pick/pick.ts';
import type { FilePatch } from '../../src/patch/diff.ts';
import { readPatch } from '../../src/patch/mail.ts';
import type { Check } from '../../src/range/prerequisites.ts';
import { numbers } from '../history/random-history.ts';
import { type Sets, Solving, TEN, withLines } from './solving.ts';

const file = (changed: Readonly<Record<number, string>>): Sets => ({ 'a.c': withLines(changed) });

describe('prerequisites', () => {
	let all: Solving;
	before(async () => {
		all = await Solving.make();
	});
	after(() => all.remove());

	describe('that text asks for', () => {
		it('are none where the change lands alone', async () => {
			const target = all.root({ 'a.c': TEN });
			const [, fix = ''] = all.chain(target, file({ 1: 'one' }), file({ 1: 'one', 8: 'eight' }));
			assert.deepEqual((await all.needed(fix, target)).commits, []);
		});

		it('are not looked for where the change is there', async () => {
			const root = all.root({ 'a.c': TEN });
			const [, fix = ''] = all.chain(root, file({ 1: 'one' }), file({ 1: 'one', 8: 'eight' }));
			const [target = ''] = all.chain(root, file({ 8: 'eight' }));
			assert.deepEqual((await all.solve(fix, target)).solution, { result: 'contained' });
		});

		it('are the commit that made the line, and not those beside it', async () => {
			const target = all.root({ 'a.c': TEN, 'b.c': TEN });
			const [, made = '', , fix = ''] = all.chain(
				target,
				file({ 0: 'zero' }),
				file({ 0: 'zero', 5: 'five' }),
				{ 'b.c': withLines({ 5: 'other' }) },
				file({ 0: 'zero', 5: 'FIVE' }),
			);
			const { solution } = await all.solve(fix, target);
			assert.equal(solution.result, 'lands');
			if (solution.result !== 'lands') return;
			const [member, ...others] = solution.members;
			assert.deepEqual([member?.commit, others], [made, []]);
			assert.deepEqual(
				member?.needs.map(({ kind, why, places }) => ({ kind, why, places })),
				[
					{
						kind: 'textual',
						why: `${fix.slice(0, 12)} ("step 4") does not merge at a.c:6`,
						places: [{ path: 'a.c', line: 6 }],
					},
				],
			);
		});

		it('are a chain of commits in the order of history, each with what fails without it', async () => {
			const target = all.root({ 'a.c': TEN });
			const [one = '', two = '', three = '', fix = ''] = all.chain(
				target,
				file({ 5: 'a' }),
				file({ 5: 'b' }),
				file({ 5: 'c' }),
				file({ 5: 'd' }),
			);
			const { commits, whys } = await all.needed(fix, target);
			assert.deepEqual(commits, [one, two, three]);
			for (const [i, why] of whys.entries()) {
				const next = [two, three, fix][i] ?? '';
				assert.ok(why?.startsWith(next.slice(0, 12)), `${why} is about ${next}`);
			}
		});

		it('leave out candidates that took a change and gave it back', async () => {
			const target = all.root({ 'a.c': TEN });
			const [, , made = '', fix = ''] = all.chain(
				target,
				file({ 5: 'a' }),
				file({}),
				file({ 5: 'c' }),
				file({ 5: 'd' }),
			);
			assert.deepEqual((await all.needed(fix, target)).commits, [made]);
		});

		it('are the commit that added the file, with what renamed it', async () => {
			const target = all.root({ 'b.c': 'b\n' });
			const [added = '', renamed = '', fix = ''] = all.chain(
				target,
				{ 'old.c': TEN },
				{ 'old.c': undefined, 'new.c': TEN },
				{ 'new.c': withLines({ 5: 'five' }) },
			);
			const { commits } = await all.needed(fix, target);
			// Where the file is renamed afterwards is found by git too: the fix lands on the old name.
			assert.deepEqual(commits, [added]);
			assert.ok(renamed);
		});

		it('come from branches that were merged, also of many parents', async () => {
			const target = all.root({ 'a.c': TEN, 'b.c': TEN, 'c.c': TEN });
			const [made = ''] = all.chain(target, file({ 5: 'five' }));
			const [other = ''] = all.chain(target, { 'b.c': withLines({ 2: 'two' }) });
			const [third = ''] = all.chain(target, { 'c.c': withLines({ 2: 'two' }) });
			const octopus = all.history.commit({
				on: other,
				merges: [made, third],
				subject: 'merge them',
				files: { ...file({ 5: 'five' }), 'c.c': withLines({ 2: 'two' }) },
			});
			const [fix = ''] = all.chain(octopus, file({ 5: 'FIVE' }));
			assert.deepEqual((await all.needed(fix, target)).commits, [made]);
		});

		it('leave a merge alone that made the line itself', async () => {
			const target = all.root({ 'a.c': TEN });
			const [one = ''] = all.chain(target, file({ 5: 'one' }));
			const [other = ''] = all.chain(target, file({ 5: 'other' }));
			const merge = all.history.commit({
				on: one,
				merges: [other],
				subject: 'evil merge',
				files: file({ 5: 'both' }),
			});
			const [fix = ''] = all.chain(merge, file({ 5: 'FIX' }));
			const { solution } = await all.solve(fix, target);
			assert.equal(solution.result, 'open');
		});
	});

	describe('that names ask for', () => {
		const SOURCE = `#include <h.h>\n${TEN}`;
		const HEADER = `struct acme {\n\tint id;\n};\n${TEN}int two(int a);\n`;
		const source = (line: string): Sets => ({
			'a.c': withLines({ 8: line }, SOURCE),
		});
		const header = (more: string): Sets => ({ 'include/h.h': `${more}${HEADER}` });

		const NAMES: readonly { name: string; brings: Sets; uses: Sets; why: RegExp }[] = [
			{
				name: 'a function',
				brings: header('int acme_reset(int a);\n'),
				uses: source('\tacme_reset(1);'),
				why: /uses acme_reset, which is not there/,
			},
			{
				name: 'a macro',
				brings: header('#define ACME_BITS 4\n'),
				uses: source('\tx = ACME_BITS;'),
				why: /uses ACME_BITS, which is not there/,
			},
			{
				name: 'a type',
				brings: header('struct acme_port;\n'),
				uses: source('\tstruct acme_port *p;'),
				why: /uses acme_port, which is not there/,
			},
			{
				name: 'an enumerator',
				brings: header('enum state { ACME_IDLE };\n'),
				uses: source('\tx = ACME_IDLE;'),
				why: /uses ACME_IDLE, which is not there/,
			},
			{
				name: 'a field',
				brings: { 'include/h.h': HEADER.replace('\tint id;\n', '\tint id;\n\tint depth;\n') },
				uses: source('\tp->depth = 1;'),
				why: /uses depth, which is not there/,
			},
			{
				name: 'a header',
				brings: { 'include/new.h': '#define NEW 1\n' },
				uses: { 'a.c': `${SOURCE}#include <new.h>\n` },
				why: /includes new\.h, which is not there/,
			},
			{
				name: 'another number of parameters',
				brings: { 'include/h.h': HEADER.replace('two(int a)', 'two(int a, int b)') },
				uses: source('\ttwo(1, 2);'),
				why: /calls two\(\) with 2 arguments, and it takes 1 there/,
			},
		];
		for (const { name, brings, uses, why } of NAMES) {
			it(`are the commit that brought ${name}`, async () => {
				const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
				const [, brought = '', , fix = ''] = all.chain(
					target,
					{ 'other.c': TEN },
					brings,
					{ 'other.c': SOURCE },
					uses,
				);
				const { commits, kinds, whys } = await all.needed(fix, target);
				assert.deepEqual([commits, kinds], [[brought], ['symbol']]);
				assert.match(whys[0] ?? '', why);
			});
		}

		it('are the commit that brought a function of the same file', async () => {
			const target = all.root({ 'a.c': TEN });
			const [brought = '', fix = ''] = all.chain(
				target,
				{ 'a.c': `static void quiet(void)\n{\n}\n${TEN}` },
				{ 'a.c': `static void quiet(void)\n{\n}\n${withLines({ 8: '\tquiet();' })}` },
			);
			const { commits, kinds } = await all.needed(fix, target);
			assert.deepEqual([commits, kinds], [[brought], ['symbol']]);
		});

		it('are none for what the change brings itself, comments name and strings say', async () => {
			const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
			const [, fix = ''] = all.chain(target, header('int acme_reset(int a);\n'), {
				'a.c': withLines({ 8: '\town(); /* acme_reset */ say("acme_reset");' }, SOURCE),
				'include/own.h': 'void own(void);\n',
			});
			assert.deepEqual((await all.needed(fix, target)).commits, []);
		});

		it('are what a prerequisite uses, too', async () => {
			const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
			const [brought = '', made = '', fix = ''] = all.chain(
				target,
				header('int acme_reset(int a);\n'),
				source('\tacme_reset(1);'),
				source('\tacme_reset(1) + 1;'),
			);
			const { commits } = await all.needed(fix, target);
			assert.deepEqual(commits, [brought, made]);
		});

		it('are still looked for where none may be added for text', async () => {
			const target = all.root({ 'a.c': SOURCE, 'include/h.h': HEADER });
			const [brought = '', fix = ''] = all.chain(
				target,
				header('int acme_reset(int a);\n'),
				source('\tacme_reset(1);'),
			);
			assert.deepEqual((await all.needed(fix, target, { textual: false })).commits, [brought]);
		});
	});

	describe('where the target has copies', () => {
		const COPIED = (id: string): string => `commit ${id} upstream.`;

		it('are without them, and name them', async () => {
			const root = all.root({ 'a.c': TEN });
			const [copied = '', made = '', fix = ''] = all.chain(
				root,
				file({ 5: 'five' }),
				file({ 5: 'five', 6: 'six' }),
				file({ 5: 'FIVE', 6: 'SIX' }),
			);
			const target = all.history.commit({
				on: root,
				subject: 'step 1',
				body: COPIED(copied),
				files: file({ 5: 'five' }),
			});
			const { solution, copies } = await all.solve(fix, target);
			assert.equal(solution.result, 'lands');
			if (solution.result !== 'lands') return;
			assert.deepEqual(
				solution.members.map(({ commit }) => commit),
				[made],
			);
			assert.deepEqual(copies.met(), [{ commit: copied, as: target }]);
		});

		it('count what a revert took back as not there', async () => {
			const root = all.root({ 'a.c': TEN });
			const [made = '', fix = ''] = all.chain(root, file({ 5: 'five' }), file({ 5: 'FIVE' }));
			const copy = all.history.commit({
				on: root,
				subject: 'step 1',
				body: COPIED(made),
				files: file({ 5: 'five' }),
			});
			const target = all.history.commit({
				on: copy,
				subject: 'Revert "step 1"',
				body: `This reverts commit ${copy}.`,
				files: file({}),
			});
			const { commits } = await all.needed(fix, target);
			assert.deepEqual(commits, [made]);
		});
	});

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

	describe('on random histories', () => {
		/** Edits of lines one after the other on two files, and which of the commits is asked about. */
		const edits = fc.array(fc.tuple(fc.nat(1), fc.nat(7), fc.nat(3)), {
			minLength: 3,
			maxLength: 9,
		});

		it('are minimal, in the order of history, and what git makes the same tree of', async () => {
			let sets = 0;
			await fc.assert(
				fc.asyncProperty(edits, fc.nat(1000), async (steps, seed) => {
					const state = [TEN, TEN];
					const target = all.root({ f0: TEN, f1: TEN });
					const below = numbers(seed);
					const ids = all.chain(
						target,
						...steps.map(([which, line, kind], i): Sets => {
							const now = (state[which] ?? '').split('\n');
							if (kind === 0) now.splice(line, 1);
							else if (kind === 1) now.splice(line, 0, `new ${i}`);
							else now[line] = `changed ${i} ${below(3)}`;
							state[which] = now.join('\n');
							return { [`f${which}`]: state[which] };
						}),
					);
					const fix = ids.at(-1) ?? '';
					const { solution } = await all.solve(fix, target, { trials: 500 });
					// All that came before always lands.
					assert.equal(solution.result, 'lands');
					if (solution.result !== 'lands') return;
					const found = solution.members.map(({ commit }) => commit);
					assert.deepEqual(
						found,
						ids.filter((commit) => found.includes(commit)),
					);
					assert.deepEqual(await all.proof(target, [...found, fix]), {
						result: 'applied',
						tree: solution.trial.tree,
					});
					if (found.length > 0) sets++;
					for (const commit of found) {
						const rest = found.filter((one) => one !== commit);
						const proof = await all.proof(target, [...rest, fix]);
						assert.equal(proof.result, 'conflict', `${commit} is not needed`);
					}
				}),
				{ numRuns: 25, seed: 4 },
			);
			assert.ok(sets > 5, `${sets} histories needed something`);
		});
	});

	it('are found for a patch that is no commit here, and proved with it', async () => {
		const target = all.root({ 'a.c': TEN });
		const [made = '', fix = ''] = all.chain(target, file({ 5: 'five' }), file({ 5: 'FIVE' }));
		const mail = all.history.git(['format-patch', '-1', '--stdout', '--full-index', fix]);
		const { files } = readPatch(Buffer.from(`${mail}\n`), 'a mail');
		const picker = new Picker(all.store);
		const asked = files.map((one: FilePatch) => ({
			file: one,
			preimage: all.history.git(['rev-parse', `${made}:a.c`]),
		}));
		const search = { git: all.git, store: all.store, pool: picker.pool, upstream: made };
		const change = await changeOfPatch('the fix', asked, search);
		assert.ok(change);
		assert.equal(change.commit, undefined);
		const { solution } = await all.solve(change, target, { picker });
		assert.equal(solution.result, 'lands');
		if (solution.result !== 'lands') return;
		assert.deepEqual(
			solution.members.map(({ commit }) => commit),
			[made],
		);
		const step = {
			parent: change.from,
			tree: change.theirs,
			objects: picker.pool.madeBelow(change.theirs),
			author: 'A U Thor <author@example.com>',
			message: 'the fix',
		};
		assert.deepEqual(await all.proof(target, [made, step]), {
			result: 'applied',
			tree: solution.trial.tree,
		});
	});
});
