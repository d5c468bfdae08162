/** Landmark commits name what the rules found. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseVersion } from '../../src/kernel/version.ts';
import { broughtBy, changedBy, citation, type Landmark } from '../../src/range/landmarks.ts';

const LANDMARK: Landmark = {
	commit: '0123456789ab',
	subject: 'iommu/acme: Wait',
	release: 'v4.12',
	source: 'a test',
	capability: 'lookup-defers',
	driver: 'acme',
};

const version = (text: string) => {
	const found = parseVersion(text);
	assert.ok(found);
	return found;
};

describe('landmarks', () => {
	it('are cited with subject and release', () => {
		assert.equal(citation(LANDMARK), '0123456789ab ("iommu/acme: Wait", v4.12)');
	});

	it('are found by the capability they brought', () => {
		const before = version('v4.11.3');
		assert.equal(broughtBy([LANDMARK], 'lookup-defers', before), LANDMARK);
		assert.equal(broughtBy([LANDMARK], 'declare-arity', before), undefined);
		const again = { ...LANDMARK, commit: 'fedcba987654', release: 'v4.14' };
		const both = [LANDMARK, again];
		assert.equal(broughtBy(both, 'lookup-defers', before), LANDMARK);
		assert.equal(broughtBy(both, 'lookup-defers', version('v4.12')), again, 'it was taken back');
		assert.equal(broughtBy(both, 'lookup-defers', version('v4.14')), undefined);
	});

	it('are found by the driver they changed, between two releases that were looked at', () => {
		const changed = (after: string | undefined, upTo: string, driver = 'acme') =>
			changedBy(
				[LANDMARK],
				driver,
				after === undefined ? undefined : version(after),
				version(upTo),
			);
		assert.equal(changed('v4.11', 'v4.12'), LANDMARK);
		assert.equal(changed(undefined, 'v4.13'), LANDMARK);
		assert.equal(changed('v4.11', 'v4.12-rc1'), undefined);
		assert.equal(changed('v4.12', 'v4.13'), undefined);
		assert.equal(changed('v4.9', 'v4.11.5'), undefined);
		assert.equal(changed('v4.11', 'v4.12', 'beta'), undefined);
	});
});
