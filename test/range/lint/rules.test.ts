/** The rules of lint, one by one: what they find, what they leave alone, and the line as it should be. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { lint, lintRules } from '../../../src/range/lint/index.ts';
import { lintedLines } from '../../../src/range/lint/lines.ts';
import type { CommitFact, LintFacts } from '../../../src/range/lint/model.ts';
import { cpuTime } from '../../cpu.ts';
import { type Answer, releaseReports, releasesOf } from '../reports.ts';

const ID = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'fedcba9876543210fedcba9876543210fedcba98';
const SIGNED = 'Signed-off-by: A U Thor <author@example.org>';
const KNOWN: CommitFact = { state: 'known', id: ID, subject: 'acme: Add it', ancestor: true };

/** The findings for a message, as `rule@line` with the corrected lines. */
function found(
	lines: string | readonly string[],
	facts: Partial<LintFacts> = {},
	subject = 'acme: Mend it',
) {
	const message = [...(typeof lines === 'string' ? [lines] : lines), SIGNED].join('\n');
	const { findings } = lint({ lines: lintedLines(subject, message), ...facts });
	return findings.map(({ rule, line, correction }) =>
		[`${rule}@${line}`, ...(correction === null ? [] : [correction.join(' | ')])].join(' -> '),
	);
}

const knows = (digits: string, fact: CommitFact): Partial<LintFacts> => ({
	commits: new Map([[digits, fact]]),
	base: 'HEAD',
});

describe('Fixes: lines', () => {
	const right = 'Fixes: 0123456789ab ("acme: Add it")';

	it('are right as the documents have them', () => {
		assert.deepEqual(found(right, knows('0123456789ab', KNOWN)), []);
		assert.deepEqual(found(`Fixes: ${ID} ("acme: Add "it"")`), []);
		assert.deepEqual(found('This fixes 2 things, and 123456 more.'), []);
		assert.deepEqual(found('It fixes a crash of 0123456789ab.'), []);
	});

	it('are told when they are written otherwise', () => {
		const to = ` -> ${right}`;
		for (const [line, rules] of [
			['fixes: 0123456789ab ("acme: Add it")', ['fixes-case']],
			['Fixes: 0123456789AB ("acme: Add it")', ['fixes-case']],
			['Fixes: commit 0123456789ab ("acme: Add it")', ['fixes-form']],
			['Fixes: 0123456789ab (acme: Add it)', ['fixes-form']],
			['Fixes: 0123456789ab "acme: Add it"', ['fixes-form']],
			['Fixes:  0123456789ab ("acme: Add it")', ['fixes-form']],
			['Fixes 0123456789ab ("acme: Add it")', ['fixes-form']],
		] as const) {
			const own = found(line).filter((one) => !one.startsWith('trailer-outside-block'));
			assert.deepEqual(
				own,
				rules.map((rule) => `${rule}@3${to}`),
				line,
			);
		}
		assert.deepEqual(found('Fixes: 0123456789ab'), ['fixes-form@3']);
		assert.deepEqual(found('Fixes: 0123456789ab', knows('0123456789ab', KNOWN)), [
			`fixes-form@3${to}`,
		]);
	});

	it('are told when they are wrapped, wherever', () => {
		for (const lines of [
			['Fixes: 0123456789ab ("acme:', ' Add it")'],
			['Fixes: 0123456789ab', ' ("acme: Add it")'],
			['Fixes:', ' 0123456789ab ("acme: Add it")'],
		]) {
			assert.deepEqual(found(lines), [`fixes-wrapped@3 -> ${right}`], lines.join('/'));
		}
	});

	it('are told when the id is short, unknown, ambiguous, from elsewhere, or has another title', () => {
		assert.deepEqual(found('Fixes: 0123456 ("acme: Add it")'), ['fixes-id-short@3']);
		assert.deepEqual(found('Fixes: 0123456 ("acme: Add it")', knows('0123456', KNOWN)), [
			`fixes-id-short@3 -> ${right}`,
		]);
		const unknown = knows('0123456789ab', { state: 'unknown' });
		assert.deepEqual(found(right, unknown), [`fixes-unknown@3 -> ${right}`]);
		const several: CommitFact = { state: 'ambiguous', candidates: [ID, OTHER] };
		assert.deepEqual(found(right, knows('0123456789ab', several)), [
			`fixes-ambiguous@3 -> ${right}`,
		]);
		const away = knows('0123456789ab', { ...KNOWN, ancestor: false });
		assert.deepEqual(found(right, away), [`fixes-not-ancestor@3 -> ${right}`]);
		const renamed = knows('0123456789ab', { ...KNOWN, subject: 'acme: Add that' });
		assert.deepEqual(found(right, renamed), [
			'fixes-title@3 -> Fixes: 0123456789ab ("acme: Add that")',
		]);
	});

	it('belong to the trailers', () => {
		assert.deepEqual(found([right, '', 'Text.', '']), ['trailer-outside-block@3']);
		assert.deepEqual(found([right, '']), ['trailer-outside-block@3']);
	});
});

describe('Cc: stable lines', () => {
	const right = 'Cc: <stable@vger.kernel.org> # 4.14.x';

	it('are right in the forms of the documents', () => {
		for (const line of [
			right,
			'Cc: stable@vger.kernel.org',
			'Cc: stable@kernel.org',
			'Cc: <stable@vger.kernel.org> # after -rc3',
			'Cc: <stable@vger.kernel.org> # see patch description, needs adjustments for <= 6.3',
			'Cc: <stable+noautosel@kernel.org> # needs the new firmware',
			'Cc: Someone Unstable <someone@example.org>',
		]) {
			assert.deepEqual(found(line), [], line);
		}
		assert.deepEqual(
			found([
				'Cc: <stable@vger.kernel.org> # 3.3.x: a1f84a3: acme: First',
				'Cc: <stable@vger.kernel.org> # 3.3.x: 1b9508f: acme: Second',
				'Cc: <stable@vger.kernel.org> # 3.3.x',
				right,
			]),
			[],
		);
	});

	it('are told when they are written otherwise', () => {
		for (const [line, rule] of [
			['Cc: Stable <stable@vger.kernel.org> # v4.14+', 'stable-form'],
			['Cc: stable@vger.kernel.org [4.14+]', 'stable-form'],
			['Cc: stable@vger.kernel.org (v4.14)', 'stable-form'],
			['CC: <stable@vger.kernel.org> # 4.14', 'stable-case'],
		] as const) {
			assert.deepEqual(found(line), [`${rule}@3 -> ${right}`], line);
		}
		const bare = 'Cc: <stable@vger.kernel.org>';
		for (const address of ['stable@vger.kernel.com', 'linux-stable@vger.kernel.org']) {
			assert.deepEqual(found(`Cc: ${address}`), [`stable-address@3 -> ${bare}`], address);
		}
		assert.deepEqual(found('Cc: stable+noautosel@kernel.org'), ['noautosel-reason@3']);
	});

	it('are told when they disagree, or say a thing twice', () => {
		assert.deepEqual(found(['Cc: stable@vger.kernel.org', right]), ['stable-disagree@4']);
		assert.deepEqual(
			found([right, 'Cc: stable@vger.kernel.org # v4.9+', 'Cc: stable@vger.kernel.org # 5.4']),
			['stable-disagree@4', 'stable-disagree@5'],
		);
		assert.deepEqual(found([right, 'Cc: <stable+noautosel@kernel.org> # no']), [
			'stable-disagree@4',
		]);
		assert.deepEqual(found([right, 'Cc: stable@vger.kernel.org # v4.14+']), [
			'stable-duplicate@4 -> ',
		]);
	});

	it('are told when prerequisites are wrong, or the series behind them is missing', () => {
		const line = 'Cc: <stable@vger.kernel.org> # 4.14.x: 0123456: acme: Add that';
		assert.deepEqual(found(line), [`stable-prerequisites@3 -> ${line} | ${right}`]);
		assert.deepEqual(found([line, right], knows('0123456', KNOWN)), [
			'stable-prerequisite-commit@3 -> Cc: <stable@vger.kernel.org> # 4.14.x: 0123456789ab: acme: Add it',
		]);
		assert.deepEqual(found([line, right], knows('0123456', { state: 'unknown' })), [
			'stable-prerequisite-commit@3',
		]);
	});

	it('are told when they ask for series where the patch does harm, or that are older than the bug', () => {
		const releases = releasesOf(['v4.4.9', 'v4.9.9', 'v4.14.9', 'v4.19.9']);
		const answers: Answer[] = [
			{ verdict: 'not-needed', bug: 'absent' },
			{ verdict: 'unsafe' },
			{},
			{ verdict: 'not-needed', bug: 'fixed' },
		];
		const report = {
			releases: releaseReports(
				releases,
				answers.map((one) => [one]),
			),
			tags: { fixes: [], cc: [right], notes: [] },
		};
		const on = (line: string, maintained?: string[]) =>
			found(line, { report, ...(maintained === undefined ? {} : { maintained }) });
		assert.deepEqual(on(right), []);
		assert.deepEqual(on('Cc: stable@vger.kernel.org # 4.9.x'), [
			`stable-range-unsafe@3 -> ${right}`,
		]);
		assert.deepEqual(on('Cc: stable@vger.kernel.org'), [
			`stable-range-unsafe@3 -> ${right}`,
			`stable-range-before-bug@3 -> ${right}`,
		]);
		// What nobody maintains gets no patches.
		assert.deepEqual(on('Cc: stable@vger.kernel.org', ['4.14.y', '4.19.y']), []);
		assert.deepEqual(on('Cc: stable@vger.kernel.org # 4.4.x - 4.4.x'), []);
	});
});

describe('lines that say what a commit is a copy of, or takes back', () => {
	it('are right as the documents and git have them', () => {
		assert.deepEqual(found([`commit ${ID} upstream.`, '', 'Text.', '']), []);
		assert.deepEqual(found([`[ Upstream commit ${ID} ]`, '', 'Text.', '']), []);
		assert.deepEqual(found([`This reverts commit ${ID}.`, '']), []);
		assert.deepEqual(
			found([`This reverts commit ${ID}, reversing`, `changes made to ${OTHER}.`, '']),
			[],
		);
	});

	it('are told when they are written otherwise', () => {
		for (const [line, rules, corrected] of [
			['commit 0123456789ab upstream.', ['upstream-id-short'], `commit ${ID} upstream.`],
			[
				'commit 0123456789ab upstream',
				['upstream-form', 'upstream-id-short'],
				`commit ${ID} upstream.`,
			],
			[
				'Upstream commit 0123456789ab',
				['upstream-form', 'upstream-id-short'],
				`[ Upstream commit ${ID} ]`,
			],
			[
				'Reverts commit 0123456789ab.',
				['revert-form', 'revert-id-short'],
				`This reverts commit ${ID}.`,
			],
		] as const) {
			const facts = knows('0123456789ab', { ...KNOWN, subject: 'acme: Mend it' });
			assert.deepEqual(
				found([line, ''], facts),
				rules.map((rule) => `${rule}@3 -> ${corrected}`),
				line,
			);
		}
		// Nothing that stands behind the id is lost, and nothing of it becomes a line of another kind.
		for (const [rest, corrected] of [
			[' ("acme: Mend it").', `This reverts commit ${ID}.`],
			[' as it breaks boot.', `This reverts commit ${ID}.,as it breaks boot.`],
			[` and commit ${OTHER} upstream.`, 'null'],
		] as const) {
			const { findings } = lint({
				lines: lintedLines('Revert "a"', `This reverts commit ${ID}${rest}\n`),
			});
			const said = findings.filter(({ rule }) => rule === 'revert-form');
			assert.deepEqual(
				said.map(({ correction }) => String(correction)),
				[corrected],
			);
		}
		assert.deepEqual(found(['Text.', '', `commit ${ID} upstream.`, '']), [
			`upstream-place@5 -> commit ${ID} upstream.`,
		]);
	});

	it('are told when they name no commit, or one with another subject', () => {
		const line = `commit ${ID} upstream.`;
		assert.deepEqual(found([line, ''], knows(ID, { state: 'unknown' })), [
			`upstream-unknown@3 -> ${line}`,
		]);
		assert.deepEqual(found([line, ''], knows(ID, KNOWN)), ['upstream-title@1 -> acme: Add it']);
		const back = `This reverts commit ${ID}.`;
		const subject = 'Revert "acme: Add that"';
		assert.deepEqual(found([back, ''], knows(ID, KNOWN), subject), [
			'revert-title@1 -> Revert "acme: Add it"',
		]);
		assert.deepEqual(found([back, ''], knows(ID, { ...KNOWN, ancestor: false }), 'acme: Drop it'), [
			`revert-not-ancestor@3 -> ${back}`,
		]);
		assert.deepEqual(found('Text.', {}, subject), ['revert-id-missing@1']);
	});

	it('and a fix goes where its own fixes are', () => {
		const missing = [
			{
				commit: OTHER,
				subject: 'acme: Fix it',
				kind: 'fixes' as const,
				of: ID,
				missingIn: ['v4.9.1'],
			},
		];
		assert.deepEqual(found([], { missing }), ['fix-missing@null']);
	});
});

describe('lint', () => {
	it('has rules with names of their own, each with its demand and document', () => {
		assert.equal(new Set(lintRules.map(({ id }) => id)).size, lintRules.length);
		for (const { id, demand, source } of lintRules) {
			assert.match(id, /^[a-z]+(-[a-z]+)*$/);
			assert.ok(demand !== '' && source !== '', id);
		}
	});

	it('says what it could not check, where there is something to check', () => {
		const needs = (message: string) =>
			lint({ lines: lintedLines('acme: Mend it', message) }).unchecked.map((one) => one.needs);
		assert.deepEqual(new Set(needs('Text.')), new Set(['history']));
		assert.ok(needs('Fixes: 0123456789ab ("a")').includes('repository'));
		assert.ok(needs('Cc: stable@vger.kernel.org').includes('range'));
	});

	it('finds nothing wrong in what it proposes', () => {
		const piece = fc.constantFrom(
			...[
				'Fixes:',
				'fixes: ',
				'commit ',
				'0123456',
				ID,
				' ("acme: Add it")',
				'(',
				'"',
				'\n',
				' ',
				'Cc: ',
			],
			...[
				'CC:',
				'stable@vger.kernel.org',
				'<stable@kernel.org>',
				' # ',
				'[4.9+]',
				'v4.14+',
				'4.4.x: 0123456: b',
			],
			...[
				'upstream',
				'upstream.',
				'[ Upstream commit ',
				' ]',
				'This reverts commit ',
				'Text.',
				'\n\n',
				'ß',
			],
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
				const first = lint({ lines: lintedLines('acme: Mend it', pieces.join('')) });
				for (const { rule, correction } of first.findings) {
					if (correction === null || correction.length === 0 || rule === 'stable-prerequisites')
						continue;
					const lines = lintedLines('acme: Mend it', [...correction, SIGNED].join('\n'));
					const again = lint({ lines }).findings.filter((one) =>
						/form|case|wrapped|address/.test(one.rule),
					);
					assert.deepEqual(again, [], correction.join('\n'));
				}
			}),
			{ numRuns: 2000 },
		);
	});

	it('takes time that grows with the message', () => {
		const blanks = ' '.repeat(2000);
		for (const line of [
			'Fixes: 0123456 ("',
			'Cc: stable@vger.kernel.org [',
			`fixes:${blanks}x`,
			`Fixes: 0123456${blanks}${'.'.repeat(40)}x`,
			`[${blanks}x`,
			`Cc: stable@vger.kernel.org # 4.4${')'.repeat(1500)}x`,
			blanks,
		]) {
			const message = `${line}\n`.repeat(2000);
			const started = cpuTime();
			lint({ lines: lintedLines('acme', message) });
			lint({ lines: lintedLines('acme', line.repeat(500)) });
			assert.ok(cpuTime() - started < 3000, line.slice(0, 40));
		}
	});
});
