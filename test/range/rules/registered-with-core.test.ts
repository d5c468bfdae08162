/** Where masters look their IOMMU up in the core's list, it has to be there before its ops are called. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { registeredWithCore } from '../../../src/range/rules/registered-with-core.ts';
import { REGISTER, TAKE_IF_FREE } from '../../driver/fixtures.ts';
import {
	acme,
	codes,
	IN_PROBE,
	PLAIN,
	REGISTERED_IN_PROBE,
	REGISTERED_UNCHECKED,
	situation,
	UNCHECKED,
	violations,
} from '../fixtures.ts';

describe('rule registered-with-core', () => {
	it('asks an unregistered driver to register before it installs', async () => {
		const move = { era: 'v4.12', before: UNCHECKED, after: IN_PROBE } as const;
		const [found] = await violations(registeredWithCore, move);
		assert.equal(found?.code, 'not-registered');
		assert.equal(found?.missing, 'driver');
		assert.match(found?.prerequisite?.text ?? '', /iommu_device_register\(\)/);
		const has = found?.prerequisite?.has;
		assert.equal(has?.((await situation(move)).before), false);
		const later = await situation({ era: 'v4.12', before: REGISTERED_UNCHECKED });
		assert.equal(has?.(later.before), true);
	});

	it('is content with a driver that registers first', async () => {
		const move = { before: REGISTERED_UNCHECKED, after: REGISTERED_IN_PROBE };
		assert.deepEqual(await codes(registeredWithCore, { era: 'v4.12', ...move }), []);
		assert.deepEqual(await codes(registeredWithCore, { era: 'v4.19', ...move }), []);
	});

	it('objects when the ops are installed before the registration', async () => {
		const after = acme(PLAIN, `${TAKE_IF_FREE}${REGISTER}`);
		const found = await violations(registeredWithCore, {
			era: 'v4.12',
			before: REGISTERED_UNCHECKED,
			after,
		});
		assert.deepEqual(
			found.map(({ code }) => code),
			['registers-too-late'],
		);
		const lines = after.split('\n');
		assert.deepEqual(
			found[0]?.evidence.map(({ line }) => /\w+\(/.exec(lines[line - 1] ?? '')?.[0]),
			['bus_set_iommu(', 'iommu_device_register('],
		);
	});

	it('objects to a helper that installs before its caller registers', async () => {
		const install = TAKE_IF_FREE.replaceAll('NAME', 'acme_mmu');
		const split = (body: string): string => {
			const plain = acme(PLAIN, body);
			const at = plain.indexOf('static int acme_mmu_probe(');
			assert.ok(at > 0);
			return `${plain.slice(0, at)}static void acme_take(void)\n{\n${install}}\n\n${plain.slice(at)}`;
		};
		const judged = (after: string): Promise<string[]> =>
			codes(registeredWithCore, { era: 'v4.12', before: REGISTERED_UNCHECKED, after });
		assert.deepEqual(await judged(split(`\tacme_take();\n${REGISTER}`)), ['registers-too-late']);
		assert.deepEqual(await judged(split(`${REGISTER}\tacme_take();\n`)), []);
	});

	it('wants the firmware node as well, by which masters look', async () => {
		const half = REGISTER.split('\n')
			.filter((line) => !line.includes('set_fwnode'))
			.join('\n');
		const found = await codes(registeredWithCore, {
			era: 'v4.12',
			before: REGISTERED_UNCHECKED,
			after: acme(PLAIN, `${half}${TAKE_IF_FREE}`),
		});
		assert.deepEqual(found, ['not-registered']);
	});

	it('does not count a registration that the configuration leaves out, or may leave out', async () => {
		const probe = `#ifdef CONFIG_IOMMU_DMA\n${REGISTER}#endif\n${TAKE_IF_FREE}`;
		const move = { era: 'v4.12', before: UNCHECKED, after: acme(PLAIN, probe) } as const;
		const under = (values: Record<string, 'y' | 'n'>) =>
			codes(registeredWithCore, { ...move, values });
		assert.deepEqual(await under({ IOMMU_DMA: 'y' }), []);
		assert.deepEqual(await under({ IOMMU_DMA: 'n' }), ['not-registered']);
		assert.deepEqual(await under({}), ['not-registered']);
	});

	it('leaves trees alone whose lookup uses another list or does not defer at all', async () => {
		const move = { before: UNCHECKED, after: IN_PROBE };
		assert.deepEqual(await codes(registeredWithCore, { era: 'v4.9', ...move }), []);
		assert.deepEqual(await codes(registeredWithCore, { era: 'v4.11', ...move }), []);
	});

	it('does not object to a patch that leaves the installation where it was', async () => {
		const same = { before: UNCHECKED, after: UNCHECKED };
		assert.deepEqual(await codes(registeredWithCore, { era: 'v4.12', ...same }), []);
	});
});
