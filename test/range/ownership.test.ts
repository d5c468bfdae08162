/** Who owns a bus when several drivers want it, per competitor and configuration. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Ownership, ownership, uncheckedInstallations } from '../../src/range/ownership.ts';
import {
	declaredCallback,
	driverSource,
	initcall,
	LOOK,
	MAKEFILE,
	TAKE,
	TAKE_IF_FREE,
} from '../driver/fixtures.ts';
import { acme, PLAIN, type Setting, situation, UNCHECKED } from './fixtures.ts';

const FAILS =
	'\tret = bus_set_iommu(&platform_bus_type, &NAME_ops);\n\tif (ret)\n\t\treturn ret;\n';

/** Drivers by name, linked in this order. */
async function owned(
	drivers: Readonly<Record<string, string>>,
	setting: Partial<Setting> = {},
): Promise<Ownership> {
	const more: Record<string, string> = {
		[MAKEFILE]: Object.keys(drivers)
			.map((name) => `obj-$(CONFIG_${name.toUpperCase()}) += ${name}-mmu.o\n`)
			.join(''),
	};
	for (const [name, source] of Object.entries(drivers)) {
		more[`drivers/iommu/${name}-mmu.c`] = source;
	}
	const { before, tree, values, together } = await situation({
		era: 'v4.9',
		before: drivers.acme ?? UNCHECKED,
		more,
		...setting,
	});
	const [hazard] = uncheckedInstallations(before, tree, values);
	assert.ok(hazard, 'the driver takes the bus unchecked');
	return ownership(before, hazard, tree, values, together);
}

const short = ({ state, competitors }: Ownership) => [
	state,
	competitors.map(({ driver, state: one }) => `${driver} ${one}`),
];
const beta = (tail: string, probe = '') => driverSource('beta-mmu', { tail, probe });
const zeta = (tail: string, probe = '') => driverSource('zeta-mmu', { tail, probe });
const checkedInit = (macro: string, body = TAKE_IF_FREE) => initcall(macro, body, { first: LOOK });

describe('ownership of a bus', () => {
	it('is decided by link order at one level: who is linked before wins, who is behind loses', async () => {
		const found = await owned({
			beta: beta(checkedInit('subsys_initcall')),
			acme: UNCHECKED,
			zeta: zeta(checkedInit('subsys_initcall')),
		});
		assert.deepEqual(short(found), ['exposed', ['beta-mmu latent', 'zeta-mmu exposed']]);
		const [first, second] = found.competitors;
		assert.match(first?.why ?? '', /^wins by link order/);
		assert.match(second?.why ?? '', /^loses by link order/);
		assert.deepEqual(
			second?.evidence.filter(({ path }) => path === MAKEFILE).map(({ line }) => line),
			[2, 3],
		);
	});

	it('is decided by level before link order', async () => {
		const found = await owned({
			acme: UNCHECKED,
			zeta: zeta(checkedInit('arch_initcall')),
		});
		assert.deepEqual(short(found), ['latent', ['zeta-mmu latent']]);
		assert.match(found.competitors[0]?.why ?? '', /initcall@arch\+dt before initcall@subsys/);
		const late = await owned({ beta: beta(PLAIN, TAKE), acme: UNCHECKED });
		assert.deepEqual(short(late), ['exposed', ['beta-mmu exposed']]);
	});

	it('knows that a declared callback makes devices probe before any subsys initcall', async () => {
		const found = await owned({ acme: UNCHECKED, zeta: zeta(declaredCallback(), TAKE) });
		assert.deepEqual(short(found), ['latent', ['zeta-mmu latent']]);
	});

	it('exposes that very driver when it becomes a plain platform driver', async () => {
		const found = await owned({ acme: UNCHECKED, zeta: zeta(PLAIN, TAKE) });
		assert.deepEqual(short(found), ['exposed', ['zeta-mmu exposed']]);
	});

	it('says what comes of losing', async () => {
		const why = async (body: string) => {
			const found = await owned({
				acme: UNCHECKED,
				zeta: zeta(checkedInit('subsys_initcall', body)),
			});
			return found.competitors[0]?.why ?? '';
		};
		assert.match(await why(TAKE), /-EBUSY and it goes on without/);
		assert.match(await why(FAILS), /-EBUSY and it fails/);
		assert.match(await why(TAKE_IF_FREE), /finds the bus taken and leaves it/);
	});

	it('does not make competitors of drivers of another bus, or of none', async () => {
		const pci = TAKE.replace('platform_bus_type', 'pci_bus_type');
		const found = await owned({
			acme: UNCHECKED,
			beta: beta(initcall('subsys_initcall', pci)),
			zeta: zeta(PLAIN),
		});
		assert.deepEqual(short(found), ['latent', []]);
	});

	it('does not make a competitor of a driver that cannot be built together with it', async () => {
		const drivers = { acme: UNCHECKED, zeta: zeta(checkedInit('subsys_initcall')) };
		assert.deepEqual(short(await owned(drivers, { apart: ['ACME ZETA'] })), ['latent', []]);
	});

	it('does not make a competitor of a driver under a configuration that leaves its installation out', async () => {
		const body = `#ifdef CONFIG_ARM\n${TAKE}#endif\n`;
		const drivers = { acme: UNCHECKED, zeta: zeta(checkedInit('subsys_initcall', body)) };
		assert.deepEqual(short(await owned(drivers, { values: { ARM: 'n' } })), ['latent', []]);
		assert.deepEqual(short(await owned(drivers, { values: { ARM: 'y' } })), [
			'exposed',
			['zeta-mmu exposed'],
		]);
	});

	describe('with a third that takes the bus before both', () => {
		const drivers = {
			acme: UNCHECKED,
			beta: beta(checkedInit('subsys_initcall')),
			zeta: zeta(initcall('core_initcall', FAILS)),
		};

		it('stays exposed, and says so, where the third may be left out', async () => {
			const found = await owned(drivers);
			assert.deepEqual(short(found), ['exposed', ['beta-mmu exposed', 'zeta-mmu latent']]);
			assert.match(found.competitors[0]?.why ?? '', /masked where zeta-mmu is built in/);
		});

		it('is masked under a configuration that builds the third', async () => {
			const found = await owned(drivers, { values: { ACME: 'y', BETA: 'y', ZETA: 'y' } });
			assert.deepEqual(short(found), ['masked', ['beta-mmu masked', 'zeta-mmu latent']]);
			assert.match(found.competitors[0]?.why ?? '', /^zeta-mmu takes the bus before both/);
		});

		it('is not masked by a third that looks for its hardware first', async () => {
			const found = await owned(
				{ ...drivers, zeta: zeta(checkedInit('core_initcall')) },
				{ values: { ZETA: 'y' } },
			);
			assert.equal(found.competitors[0]?.state, 'exposed');
			assert.doesNotMatch(found.competitors[0]?.why ?? '', /masked/);
		});

		it('is not masked by a third that cannot be built together with the two', async () => {
			const found = await owned(drivers, { apart: ['ACME BETA ZETA'] });
			assert.equal(found.competitors[0]?.state, 'exposed');
			assert.doesNotMatch(found.competitors[0]?.why ?? '', /masked/);
		});

		it('is not masked by a third that comes between the two', async () => {
			const found = await owned(
				{ ...drivers, beta: beta(PLAIN, TAKE), zeta: zeta(initcall('fs_initcall', TAKE)) },
				{ values: { ZETA: 'y' } },
			);
			assert.deepEqual(short(found), ['exposed', ['beta-mmu exposed', 'zeta-mmu exposed']]);
		});
	});

	it('counts as unchecked only what an initcall takes without a look at the hardware', async () => {
		const count = async (source: string) => {
			const { before, tree, values } = await situation({ era: 'v4.9', before: source });
			return uncheckedInstallations(before, tree, values).length;
		};
		assert.equal(await count(UNCHECKED), 1);
		assert.equal(await count(acme(checkedInit('subsys_initcall'))), 0);
		assert.equal(await count(acme(PLAIN, TAKE)), 0);
		assert.equal(await count(acme(declaredCallback(), TAKE)), 0);
		assert.equal(await count(acme(PLAIN)), 0);
	});
});
