/** Whether the driver core holds the lock of a device while it is matched. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
	DRIVER_CORE,
	MATCH_UNDER_LOCK,
	matchUnderLock,
} from '../../../src/driver/ways/match-lock.ts';
import { CORE, LOCKED, MemoryTree } from './trees.ts';

async function capabilityOf(files: Readonly<Record<string, string>>) {
	return matchUnderLock(await new MemoryTree(files).read(DRIVER_CORE));
}

describe('match-under-device-lock', () => {
	it('is not there where the lock is taken after the match', async () => {
		const found = await capabilityOf(CORE);
		assert.equal(found?.capability, MATCH_UNDER_LOCK);
		assert.equal(found?.value, false);
		assert.equal(found?.evidence[0]?.path, 'drivers/base/dd.c');
	});

	it('is there where a helper takes it', async () => {
		const found = await capabilityOf(LOCKED);
		assert.equal(found?.value, true);
		assert.equal(found?.evidence[0]?.line, 11);
	});

	it('is there where driver_match_device() takes it itself, by guard or by hand', async () => {
		const body = '\treturn drv->bus->match ? drv->bus->match(dev, drv) : 1;';
		const base = CORE['drivers/base/base.h'] ?? '';
		const guarded = base.replace(body, `\tguard(device)(dev);\n${body}`);
		const byHand = base.replace(
			body,
			'\tint ret;\n\n\tdevice_lock(dev);\n\tret = drv->bus->match(dev, drv);\n\tdevice_unlock(dev);\n\treturn ret;',
		);
		for (const text of [guarded, byHand]) {
			assert.equal((await capabilityOf({ ...CORE, 'drivers/base/base.h': text }))?.value, true);
		}
	});

	it('is not there where the lock is only asserted, or given back before the match', async () => {
		const body = '\treturn drv->bus->match';
		const base = CORE['drivers/base/base.h'] ?? '';
		const asserted = base.replace(body, `\tdevice_lock_assert(dev);\n${body}`);
		const given = base.replace(body, `\tdevice_lock(dev);\n\tdevice_unlock(dev);\n${body}`);
		for (const text of [asserted, given]) {
			assert.equal((await capabilityOf({ ...CORE, 'drivers/base/base.h': text }))?.value, false);
		}
	});

	it('is not there where another caller takes it, and not the one of a registration', async () => {
		const dd = `${CORE['drivers/base/dd.c']}
static int bind_store(struct device *dev, struct device_driver *drv)
{
	device_lock(dev);
	driver_match_device(drv, dev);
	device_unlock(dev);
	return 0;
}
`;
		assert.equal((await capabilityOf({ ...CORE, 'drivers/base/dd.c': dd }))?.value, false);
	});

	it('cannot be told without a driver core, or where it matches in no way that is known', async () => {
		assert.equal(await capabilityOf({}), undefined);
		const dd = 'static int __driver_attach(struct device *dev, void *data)\n{\n\treturn 0;\n}\n';
		assert.equal(await capabilityOf({ 'drivers/base/dd.c': dd }), undefined);
	});
});
