import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { profilesFor } from '../../src/driver/profiles/index.ts';

const ids = (...paths: string[]) => profilesFor(paths).map(({ id }) => id);

describe('profiles for paths', () => {
	it('has those that cover a file', () => {
		assert.ok(ids('drivers/iommu/acme.c').includes('iommu'));
		assert.ok(!ids('fs/ext4/inode.c').includes('iommu'));
	});

	it('has those whose folders a folder holds, or is in', () => {
		assert.ok(ids('drivers').includes('iommu'));
		assert.ok(ids('drivers/iommu').includes('iommu'));
		assert.ok(ids('drivers/iommu/arm').includes('iommu'));
		assert.ok(!ids('drivers/iommufd').includes('iommu'));
	});

	it('has all for no path', () => {
		assert.ok(ids().includes('iommu'));
	});
});
