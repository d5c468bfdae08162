/** Other fixes of a bug: on which releases one is better than the patch. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { insteadOf, withInstead } from '../../src/range/instead.ts';
import type { Landmark } from '../../src/range/landmarks.ts';
import type { PreparedPatch } from '../../src/range/prepare.ts';
import type { Verdict } from '../../src/range/report.ts';
import { releaseReports, releasesOf } from './reports.ts';

const RELEASES = releasesOf(['v4.1', 'v4.2', 'v4.3', 'v4.4']);
const ENDED: Landmark = {
	commit: '0123456789ab',
	subject: 'acme: Look first',
	release: 'v4.4',
	source: 'a test',
	role: 'ended',
};
const NO_PATCH = {} as PreparedPatch;

const reports = (verdicts: readonly Verdict[]) =>
	releaseReports(
		RELEASES,
		verdicts.map((verdict) => [{ verdict }]),
	);

/** What is better, where another fix has these verdicts. */
const better = (own: readonly Verdict[], other: readonly Verdict[], landmarks = [ENDED]) =>
	insteadOf({
		releases: reports(own),
		landmarks,
		judged: async (commit) => ({ commit, patch: NO_PATCH, releases: reports(other) }),
	});

describe('other fixes', () => {
	it('are better where they are safe and the patch is not', async () => {
		const [found, ...others] = await better(
			['unsafe', 'needs-rework', 'safe', 'not-needed'],
			['safe', 'unsafe', 'safe', 'not-needed'],
		);
		assert.deepEqual(others, []);
		assert.deepEqual(found?.releases, ['v4.1']);
		assert.equal(found?.commit, ENDED.commit);
	});

	it('are not named where the patch lacks nothing, or they lack something as well', async () => {
		assert.deepEqual(await better(['safe', 'not-needed'], ['safe', 'safe']), []);
		assert.deepEqual(await better(['unsafe', 'unsafe'], ['needs-rework', 'unknown']), []);
	});

	it('have to end the bug', async () => {
		const exposed: Landmark = { ...ENDED, role: 'exposed' };
		assert.deepEqual(await better(['unsafe'], ['safe'], [exposed]), []);
	});

	it('go first where they serve more releases', async () => {
		const second = { ...ENDED, commit: 'ba9876543210' };
		const found = await insteadOf({
			releases: reports(['unsafe', 'unsafe']),
			landmarks: [ENDED, second],
			judged: async (commit) => ({
				commit,
				patch: NO_PATCH,
				releases: reports(commit === second.commit ? ['safe', 'safe'] : ['unsafe', 'safe']),
			}),
		});
		assert.deepEqual(
			found.map(({ commit }) => commit),
			[second.commit, ENDED.commit],
		);
	});

	it('are put among the prerequisites of the releases they serve, and of no others', async () => {
		const own = reports(['unsafe', 'safe']);
		const found = await better(['unsafe', 'safe'], ['safe', 'safe']);
		const [first, second] = withInstead(own, found);
		assert.deepEqual(
			first?.byConfig.map(({ prerequisites }) =>
				prerequisites.map(({ form, commit }) => [form, commit]),
			),
			[[['instead', ENDED.commit]]],
		);
		assert.deepEqual(second, own[1]);
	});
});
