import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { onMiniature, RANGE, STYLE } from './runs.ts';

describe('the ends of a bisection', () => {
	const runs = onMiniature();

	it('refuses ends between which there is no first commit', async () => {
		const where = ['--where', STYLE];
		const refused: [string[], RegExp][] = [
			[
				['--good', 'v4.8', '--bad', 'v4.1', ...where],
				/v4\.1 \(bad\) is an ancestor of v4\.8 \(good\)/,
			],
			[['--good', 'v4.8', '--bad', 'v4.8', ...where], /the same commit/],
			[
				['--good', 'v4.8', '--bad', 'v4.9', ...where],
				/v4\.8 was given as good and is bad \(probe@/,
			],
			[['--good', 'v4.1', '--bad', 'v4.2', ...where], /v4\.2 was given as bad and is good/],
			[
				['--good', 'v4.1', '--bad', 'nope', ...where],
				/: no commit nope; give a commit, tag or branch/,
			],
			[['--good', 'v4.1', '--bad', '', ...where], /: no commit "";/],
			[['--good', 'v4.1^{tree}', '--bad', 'v4.8', ...where], /: no commit v4\.1\^\{tree\};/],
			[['--good', 'v4.1', ...where], /no commit is given where it holds/],
			[['--bad', 'v4.8', ...where], /no commit is given where it does not hold/],
			[[...RANGE], /nothing is asked/],
			[[...RANGE, '--where', 'style(acme-mmu)'], /the predicate, column 16: expected ==/],
			[
				[...RANGE, '--where', 'contains(v4.1) and style(nope) == x'],
				/column 20: there is no driver nope/,
			],
			[
				[...RANGE, '--where', 'reached(printk, acme-mmu) == x'],
				/column 1: reached\(\) knows bus_set_iommu/,
			],
			[[...RANGE, '--where', 'capability(nope)'], /no capability nope/],
			[[...RANGE, '--where', 'contains(nope)'], /there is no commit nope/],
			[[...RANGE, '--where', 'places(nope.patch)'], /nope\.patch/],
			[[...RANGE, '--where', STYLE, '-j', '0'], /from 1 to 64/],
			[[...RANGE, '--run'], /--run without a command/],
		];
		for (const [argv, message] of refused) {
			const { code, err, out } = await runs.words('bisect', ...argv);
			assert.equal(code, 2, `${argv.join(' ')}: ${err}${out}`);
			assert.match(err, message);
			assert.equal(err.split('\n').length, 2);
		}
	});

	it('asks about the merge base where the good commit is on another branch', async () => {
		// v4.4.2 is on a stable branch; its merge base with v4.8 is v4.4, which is good.
		const { report } = await runs.bisected('--good', 'v4.4.2', '--bad', 'v4.8', '--where', STYLE);
		assert.equal(report.first?.firstRelease, 'v4.8');
		// On its branch the property ended: at the merge base it still holds.
		const message = "places(fix.patch) == 'exact'";
		const { code, err } = await runs.words(
			...['bisect', '--good', 'v4.4.2', '--bad', 'v4.6', '--where', message],
		);
		assert.equal(code, 2);
		assert.match(err, /merge base [0-9a-f]{12} of v4\.4\.2 and v4\.6 is bad already/);
	});
});
