import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { genericProfile } from '../../src/driver/profiles/generic.ts';
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

	it('has those of subsystems for no path', () => {
		assert.deepEqual(ids(), ['iommu']);
	});

	it('has the one of any driver for what the others do not cover', () => {
		assert.deepEqual(ids('drivers/rtc'), ['generic']);
		assert.deepEqual(ids('drivers/iommu/acme.c', 'drivers/rtc/acme.c'), ['iommu', 'generic']);
		assert.deepEqual(ids('drivers/iommu/Kconfig', 'drivers/iommu/arm'), ['iommu']);
		assert.deepEqual(ids('MAINTAINERS', 'drivers/rtc/Kconfig', 'arch/arm/boot/dts/acme.dts'), []);
	});

	it('reads the folder of a file and those beside it, never all drivers', () => {
		const foldersOf = (...paths: string[]) => genericProfile(paths).folders;
		assert.deepEqual(foldersOf('drivers/mmc/host/acme.c'), ['drivers/mmc']);
		assert.deepEqual(foldersOf('drivers/rtc/acme.c', 'drivers/rtc/core.h'), ['drivers/rtc']);
		assert.deepEqual(foldersOf('drivers/mmc', 'drivers/mmc/host'), ['drivers/mmc']);
	});
});
