/** Which Fixes: and Cc: stable lines follow from the answers of releases, and what is said where none do. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readStableTag } from '../../src/kernel/stable-tag.ts';
import type { Landmark } from '../../src/range/landmarks.ts';
import { type TaggedPatch, type Tagging, tagsOf } from '../../src/range/tags.ts';
import { type Answer, releaseReports, releasesOf } from './reports.ts';

const NAMES = ['v4.4.9', 'v4.9.9', 'v4.11.9', 'v4.14.9', 'v4.19.9', 'v5.4.9'];
const RELEASES = releasesOf(NAMES);
const reports = (...answers: Answer[]) =>
	releaseReports(
		RELEASES,
		answers.map((one) => [one]),
	);
const LANDMARK: Landmark = {
	commit: '0123456789ab',
	subject: 'iommu/beta: Make it a platform driver',
	release: 'v4.11',
	source: 'a test',
	driver: 'beta-mmu',
};
const BROUGHT: Landmark = {
	commit: 'aaaaaaaaaaaa',
	subject: 'iommu/acme: Add driver',
	release: 'v4.4',
	source: 'a test',
	role: 'introduced',
};
const EXPOSED: Landmark = { ...LANDMARK, role: 'exposed' };
const UNSAFE: Answer = { verdict: 'unsafe' };
const REWORK: Answer = { verdict: 'needs-rework' };
const GONE: Answer = { verdict: 'not-needed', bug: 'fixed' };

function cc(answers: Answer[], tagging: Tagging = {}, patch?: TaggedPatch) {
	const { cc: lines, notes } = tagsOf(reports(...answers), [], tagging, patch);
	return {
		lines: lines.map((line) => line.replace('Cc: <stable@vger.kernel.org> ', '')),
		notes: notes.join('\n'),
	};
}

describe('Fixes: lines', () => {
	it('are none where no history names a commit', () => {
		const found = tagsOf(reports({ bug: 'absent', verdict: 'not-needed' }, {}), []);
		assert.deepEqual(found.fixes, []);
		assert.match(found.notes.join('\n'), /the bug is in v4\.9\.9, the first that has it/);
		assert.match(found.notes.join('\n'), /no Fixes: line: no single commit/);
	});

	it('name the commit that brought the bug, on one line however long', () => {
		const subject = `iommu/acme: ${'Add driver '.repeat(20)}`;
		const { fixes } = tagsOf(reports({}), [{ ...BROUGHT, subject }]);
		assert.deepEqual(fixes, [`Fixes: aaaaaaaaaaaa ("${subject}")`]);
	});

	it('are two where one commit brought the bug and another exposed it, and say which is which', () => {
		const { fixes, notes } = tagsOf(reports({}), [
			EXPOSED,
			BROUGHT,
			{ ...EXPOSED, driver: 'zeta' },
		]);
		assert.deepEqual(fixes, [
			'Fixes: aaaaaaaaaaaa ("iommu/acme: Add driver")',
			'Fixes: 0123456789ab ("iommu/beta: Make it a platform driver")',
		]);
		assert.match(
			notes.join('\n'),
			/^aaaaaaaaaaaa brought the bug, 0123456789ab \(to beta-mmu\) exposed it$/m,
		);
	});

	it('are none where several exposed it, with the reason', () => {
		const other = { ...EXPOSED, commit: 'bbbbbbbbbbbb', driver: 'zeta-mmu' };
		const { fixes, notes } = tagsOf(reports({}), [BROUGHT, EXPOSED, other]);
		assert.deepEqual(fixes, []);
		assert.match(
			notes.join('\n'),
			/no Fixes: line: one commit brought the bug and 2 others exposed/,
		);
	});

	it('tell a commit that exposed the bug from the one that brought it', () => {
		const list = reports(
			{ bug: 'latent', competitors: { 'beta-mmu': 'latent' } },
			{},
			{ bug: 'exposed', competitors: { 'beta-mmu': 'exposed' } },
		);
		const notes = (...known: Landmark[]): string => tagsOf(list, known).notes.join('\n');
		assert.match(
			notes(LANDMARK),
			/exposed to beta-mmu between v4\.4\.9 and v4\.11\.9 by 0123456789ab/,
		);
		// One of another release did not do it.
		assert.doesNotMatch(notes({ ...LANDMARK, release: 'v4.12' }), /0123456789ab/);
		assert.match(notes(), /exposed to beta-mmu between v4\.4\.9 and v4\.11\.9:/);
	});
});

describe('Cc: stable lines', () => {
	it('ask for the first series that can take it: newer ones are meant', () => {
		assert.deepEqual(cc([{}, {}, {}]).lines, ['# 4.4.x']);
		assert.deepEqual(cc([{ bug: 'absent', verdict: 'not-needed' }, {}, {}]).lines, ['# 4.9.x']);
	});

	it('never ask for a series in which it does harm, and say what is left out', () => {
		const { lines, notes } = cc([{}, UNSAFE, {}, {}]);
		assert.deepEqual(lines, ['# 4.11.x']);
		assert.match(notes, /4\.4\.x could take it.*unsafe in 4\.9\.x: nothing exact can be written/);
	});

	it('are none where all that can take it is older than harm', () => {
		const { lines, notes } = cc([{}, UNSAFE]);
		assert.deepEqual(lines, []);
		assert.match(notes, /nothing exact can be written/);
		assert.match(notes, /no Cc: stable line/);
	});

	it('say where newer series do not need it: the documents have no form for an end', () => {
		const { lines, notes } = cc([{}, {}, GONE, GONE]);
		assert.deepEqual(lines, ['# 4.4.x']);
		assert.match(notes, /no form for an end: not needed in 4\.11\.x, 4\.14\.x/);
	});

	it('name prerequisites in the order of cherry-picks, the patch last', () => {
		const a = { commit: 'a'.repeat(40), subject: 'acme: First' };
		const b = { commit: 'b'.repeat(40), subject: 'acme: Second' };
		const needs = (...picks: { commit: string; subject: string }[]): Answer => ({
			verdict: 'needs-prerequisites',
			picks,
		});
		assert.deepEqual(cc([needs(a, b), needs(a, b), needs(b), {}, {}]).lines, [
			'# 4.4.x: aaaaaaaaaaaa: acme: First',
			'# 4.4.x: bbbbbbbbbbbb: acme: Second',
			'# 4.4.x',
			'# 4.11.x: bbbbbbbbbbbb: acme: Second',
			'# 4.11.x',
			'# 4.14.x',
		]);
		// What comes in one series with it need not be named.
		const together = { subject: 'acme: Third', together: ['acme: First', 'acme: Third'] };
		assert.deepEqual(cc([needs(a, b)], {}, together).lines, [
			'# 4.4.x: bbbbbbbbbbbb: acme: Second',
			'# 4.4.x',
		]);
	});

	it('say where the patch has to be adjusted', () => {
		const adjusted = '# see patch description, needs adjustments for';
		const adapts: Answer = { verdict: 'needs-prerequisites', prerequisite: 'declare it' };
		assert.deepEqual(cc([REWORK, REWORK, {}]).lines, ['# 4.4.x', `${adjusted} <= 4.9`]);
		assert.deepEqual(cc([{}, {}, REWORK]).lines, ['# 4.4.x', `${adjusted} >= 4.11`]);
		assert.deepEqual(cc([{}, REWORK, {}, REWORK]).lines, ['# 4.4.x', `${adjusted} 4.9, 4.14`]);
		const { lines, notes } = cc([adapts, {}]);
		assert.deepEqual(lines, ['# 4.4.x', `${adjusted} <= 4.4`]);
		assert.match(notes, /say in the description for 4\.4\.x: declare it/);
		assert.deepEqual(cc([REWORK, REWORK]).lines, []);
	});

	it('count only series that were maintained on a day', () => {
		const table = {
			read: '2020-01-01',
			source: 'a test',
			series: [
				{ series: '4.4.y', kind: 'longterm', released: '2016-01-10', ended: '2019-12-31' },
				{ series: '4.9.y', kind: 'longterm', released: '2016-12-11', ended: '2022-12-31' },
				{ series: '4.14.y', kind: 'longterm', released: '2017-11-12', ended: null },
				{ series: '4.18.y', kind: 'stable', released: '2018-08-12', ended: null },
			],
		} as const;
		const on = (asOf: string) => cc([{}, {}, UNSAFE, {}], { maintained: { table, asOf } });
		assert.deepEqual(on('2017-01-01').lines, ['# 4.4.x']);
		assert.deepEqual(on('2017-11-11').lines, ['# 4.4.x']);
		assert.doesNotMatch(on('2017-11-11').notes, /not looked at/);
		assert.deepEqual(on('2020-01-01').lines, ['# 4.9.x']);
		assert.match(on('2020-01-01').notes, /not maintained as of 2020-01-01, left out: 4\.4\.x/);
		assert.match(on('2020-01-01').notes, /asks for series that were not looked at, too: 4\.18\.x/);
		assert.match(
			on('2010-01-01').notes,
			/no Cc: stable line: no series that was looked at is maintained/,
		);
		// Harm in a series that nobody maintains is no harm to stable.
		assert.deepEqual(cc([{}, {}, UNSAFE, {}]).lines, ['# 4.14.x']);
	});

	it('ask the tools to leave it alone where that is wanted, and for nothing else', () => {
		const { cc: lines } = tagsOf(reports({}), [], { noautosel: 'needs new firmware' });
		assert.deepEqual(lines, ['Cc: <stable+noautosel@kernel.org> # needs new firmware']);
	});

	it('are proposed for a bug that the rules do not know only where the patch says that it fixes one', () => {
		const unknown: Answer = { verdict: 'safe', bug: 'unknown' };
		const plain = cc([unknown], {}, { subject: 'acme: Speed it up', message: 'Text.' });
		assert.deepEqual(plain.lines, []);
		assert.match(plain.notes, /no tags: the rules know no bug/);
		for (const line of ['Fixes: 0123456789ab ("acme: Add it")', 'Cc: stable@vger.kernel.org']) {
			const message = `Text.\n\n${line}`;
			assert.deepEqual(cc([unknown], {}, { subject: 'acme: Mend it', message }).lines, ['# 4.4.x']);
		}
	});

	it('have nothing to say where no release has the bug', () => {
		const found = tagsOf(reports({ bug: 'absent', verdict: 'not-needed' }), []);
		assert.deepEqual(found, { fixes: [], cc: [], notes: [] });
	});

	it('are in the forms of the documents and harm nobody, whatever the answers', () => {
		const answer: fc.Arbitrary<Answer> = fc.constantFrom(
			{},
			UNSAFE,
			REWORK,
			GONE,
			{ verdict: 'unknown' as const },
			{ verdict: 'superseded' as const, bug: 'fixed' as const },
			{ verdict: 'needs-prerequisites' as const, prerequisite: 'declare it' },
		);
		fc.assert(
			fc.property(fc.array(answer, { maxLength: NAMES.length }), (answers) => {
				const list = reports(...answers);
				const { cc: lines, notes } = tagsOf(list, []);
				const asked = lines.map((line) => {
					const tag = readStableTag(line.slice('Cc: '.length));
					assert.ok(tag !== undefined && tag.name === '' && tag.mark === '#', line);
					return tag.from;
				});
				const first = list.findIndex(({ series }) => asked.includes(series));
				if (first < 0) {
					assert.deepEqual(lines, []);
					const bug = list.some(({ bug: state }) => state === 'exposed');
					assert.equal(/no Cc: stable line/.test(notes.join('\n')), bug);
				} else {
					for (const { verdict } of list.slice(first)) {
						assert.ok(verdict !== 'unsafe' && verdict !== 'unknown');
					}
				}
			}),
		);
	});
});
