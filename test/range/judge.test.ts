/** Every verdict there is, and the reason that comes with it. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Case, type Judgement, judge } from '../../src/range/judge.ts';
import type { Landmark } from '../../src/range/landmarks.ts';
import {
	declaredCallback,
	driverSource,
	initcall,
	LOOK,
	REGISTER,
	TAKE,
	TAKE_IF_FREE,
} from '../driver/fixtures.ts';
import {
	acme,
	caseOf,
	DECLARE_3,
	DECLARED_IN_PROBE,
	IN_PROBE,
	PLAIN,
	REGISTERED_IN_PROBE,
	REGISTERED_UNCHECKED,
	type Setting,
	UNCHECKED,
} from './fixtures.ts';

const ZETA = {
	'drivers/iommu/zeta.c': driverSource('zeta', { tail: PLAIN, probe: TAKE }),
};

async function judged(setting: Setting, change: Partial<Case> = {}): Promise<Judgement> {
	return judge(await caseOf(setting, change));
}

const short = ({ verdict, bug, reasons }: Judgement) => [
	verdict,
	bug.state,
	reasons.map(({ code }) => code).join(' '),
];

const LANDMARK: Landmark = {
	commit: '0123456789ab',
	subject: 'iommu/acme: Take the bus in probe',
	release: 'v4.15',
	source: 'a test',
	driver: 'acme-mmu',
};
const LOOKUP: Landmark = { ...LANDMARK, subject: 'lookup waits', capability: 'lookup-defers' };

describe('verdicts', () => {
	it('not-needed: already-applied', async () => {
		const found = await judged({ era: 'v4.12', before: IN_PROBE }, { placement: 'already' });
		assert.deepEqual(short(found), ['not-needed', 'absent', 'already-applied']);
	});

	it('not-needed: core-installs', async () => {
		const found = await judged({ era: 'v6.1', before: acme(PLAIN) }, { placement: 'conflict' });
		assert.deepEqual(short(found), ['not-needed', 'absent', 'core-installs']);
		assert.equal(found.reasons[0]?.evidence[0]?.path, 'drivers/iommu/iommu.c');
	});

	it('not-needed: installs-nothing', async () => {
		const found = await judged({ era: 'v4.12', before: acme(PLAIN) });
		assert.deepEqual(short(found), ['not-needed', 'absent', 'installs-nothing']);
	});

	it('not-needed: hardware-checked, with the line of the look', async () => {
		const before = acme(initcall('subsys_initcall', TAKE, { first: LOOK }));
		const found = await judged({ era: 'v4.12', before }, { hadBug: true });
		assert.deepEqual(short(found), ['not-needed', 'fixed', 'hardware-checked']);
		const line = found.reasons[0]?.evidence[0]?.line ?? 0;
		assert.match(before.split('\n')[line - 1] ?? '', /of_find_matching_node|if \(!np\)/);
	});

	it('not-needed: installs-otherwise', async () => {
		const declared = declaredCallback({ creates: false }).replace(
			'\treturn 0;\n}\nIOMMU',
			`${TAKE}\n\treturn 0;\n}\nIOMMU`,
		);
		const found = await judged({ era: 'v4.9', before: acme(declared) });
		assert.deepEqual(short(found), ['not-needed', 'absent', 'installs-otherwise']);
	});

	it('superseded: effect-present, with the commit to take instead where one is known', async () => {
		const setting = { era: 'v4.12', before: IN_PROBE } as const;
		const plain = await judged(setting, { placement: 'conflict', hadBug: true });
		assert.deepEqual(short(plain), ['superseded', 'fixed', 'effect-present']);
		assert.deepEqual(plain.prerequisites, []);
		const named = await judged(setting, { placement: 'conflict', supersededBy: LANDMARK });
		assert.match(named.reasons[0]?.text ?? '', /0123456789ab/);
		assert.deepEqual(
			named.prerequisites.map(({ form, commit }) => [form, commit]),
			[['instead', '0123456789ab']],
		);
	});

	it('safe: rules-met, with the rules that were checked', async () => {
		const found = await judged({
			era: 'v4.19',
			before: REGISTERED_UNCHECKED,
			after: REGISTERED_IN_PROBE,
			more: ZETA,
		});
		assert.deepEqual(short(found), ['safe', 'exposed', 'takes-bus-unchecked rules-met']);
		assert.match(found.reasons[1]?.text ?? '', /lookup-defers.*registered-with-core/);
	});

	it('needs-prerequisites: each thing the driver lacks, with the first release that has it', async () => {
		const found = await judged(
			{ era: 'v4.12', before: UNCHECKED, after: IN_PROBE },
			{ firstWith: (has) => (has === undefined ? null : 'v4.14') },
		);
		assert.deepEqual(short(found), [
			'needs-prerequisites',
			'latent',
			'not-declared not-registered',
		]);
		assert.deepEqual(
			found.prerequisites.map(({ kind, form, commit, firstRelease }) => [
				kind,
				form,
				commit,
				firstRelease,
			]),
			[
				['registration', 'adaptation', null, 'v4.14'],
				['registration', 'adaptation', null, 'v4.14'],
			],
		);
	});

	it('needs-prerequisites: nothing but the declaration for a registered driver', async () => {
		const found = await judged({
			era: 'v4.12',
			before: REGISTERED_UNCHECKED,
			after: REGISTERED_IN_PROBE,
		});
		assert.deepEqual(short(found), ['needs-prerequisites', 'latent', 'not-declared']);
		const complete = await judged({
			era: 'v4.12',
			before: REGISTERED_UNCHECKED,
			after: DECLARED_IN_PROBE,
		});
		assert.equal(complete.verdict, 'safe');
	});

	it('unsafe: what the framework lacks, named by the commit that brought it and not as a prerequisite', async () => {
		const found = await judged(
			{ era: 'v4.9', before: UNCHECKED, after: IN_PROBE },
			{ landmarks: [LOOKUP] },
		);
		assert.deepEqual(short(found), [
			'unsafe',
			'latent',
			'lookup-does-not-defer dma-configured-at-creation',
		]);
		assert.match(
			found.reasons[0]?.text ?? '',
			/brought by 0123456789ab \("lookup waits", v4\.15\)/,
		);
		assert.deepEqual(found.prerequisites, []);
	});

	it('unknown: a rule cannot tell, whatever else is missing', async () => {
		const cannotTell = {
			id: 'cannot-tell',
			demand: 'An answer.',
			reason: 'A test.',
			source: 'a test',
			check: () => [
				{ missing: 'knowledge' as const, code: 'order-unknown', text: 'who knows', evidence: [] },
			],
		};
		const rules = [...(await caseOf({ era: 'v4.12', before: UNCHECKED })).rules, cannotTell];
		const move = { before: UNCHECKED, after: IN_PROBE } as const;
		const found = await judged({ era: 'v4.12', ...move }, { rules });
		assert.deepEqual(short(found), [
			'unknown',
			'latent',
			'not-declared not-registered order-unknown',
		]);
		assert.deepEqual(found.prerequisites, []);
		assert.equal((await judged({ era: 'v4.9', ...move }, { rules })).verdict, 'unsafe');
	});

	const BROKEN = '\ta = ;\n'.repeat(200);
	for (const [what, text] of Object.entries({
		'is no C': BROKEN,
		'has more tests than are looked at': '\tif (a)\n\t\tb();\n'.repeat(300),
	})) {
		it(`unknown: a function of the driver ${what}`, async () => {
			const good = { era: 'v4.12', before: REGISTERED_UNCHECKED } as const;
			const after = acme(`${PLAIN}${DECLARE_3}`, `${text}${REGISTER}${TAKE_IF_FREE}`);
			const found = await judged({ ...good, after });
			assert.deepEqual(short(found), ['unknown', 'latent', 'not-read']);
			assert.match(found.reasons[0]?.text ?? '', /acme-mmu/);
			const line = found.reasons[0]?.evidence[0]?.line ?? 0;
			assert.match(after.split('\n')[line - 1] ?? '', /acme_mmu_probe/);
			assert.equal((await judged({ ...good, before: after })).verdict, 'unknown');
		});
	}

	it('unknown: a function of a competitor is no C; that of another bus does not matter', async () => {
		const setting = {
			era: 'v4.12',
			before: REGISTERED_UNCHECKED,
			after: DECLARED_IN_PROBE,
		} as const;
		const zeta = (take: string) => ({
			'drivers/iommu/zeta.c': driverSource('zeta', { tail: PLAIN, probe: `${BROKEN}${take}` }),
		});
		const found = await judged({ ...setting, more: zeta(TAKE) });
		assert.deepEqual(short(found).slice(0, 1), ['unknown']);
		assert.match(found.reasons[0]?.text ?? '', /functions of zeta /);
		const pci = TAKE.replace('platform_bus_type', 'pci_bus_type');
		assert.equal((await judged({ ...setting, more: zeta(pci) })).verdict, 'safe');
	});

	it('unsafe outweighs needs-prerequisites', async () => {
		const found = await judged({
			era: 'v4.12',
			before: UNCHECKED,
			after: IN_PROBE,
			uses: ['iommu_device_sysfs_add'],
		});
		assert.equal(found.verdict, 'unsafe');
		assert.match(short(found)[2] ?? '', /symbol-missing.*not-declared/);
	});

	for (const placement of ['conflict', 'missing'] as const) {
		it(`needs-rework: the bug is there and the patch does not land (${placement})`, async () => {
			const found = await judged(
				{ era: 'v4.12', before: UNCHECKED, more: ZETA },
				{ placement, conflict: '1 of 2 hunks' },
			);
			assert.deepEqual(short(found), [
				'needs-rework',
				'exposed',
				'takes-bus-unchecked does-not-land',
			]);
			assert.match(found.reasons[1]?.text ?? '', /1 of 2 hunks/);
		});
	}

	it('needs-rework: bug-remains, when it lands and the bus is still taken unchecked', async () => {
		const after = acme(`${initcall('subsys_initcall', TAKE)}${DECLARE_3}`, TAKE);
		const found = await judged({ era: 'v4.12', before: UNCHECKED, after });
		assert.deepEqual(short(found), ['needs-rework', 'latent', 'bug-remains']);
	});

	it('unknown: it does not land and nothing is known of a bug', async () => {
		const effect = { buses: new Set<string>(), installer: undefined };
		const found = await judged(
			{ era: 'v4.12', before: UNCHECKED },
			{ placement: 'conflict', effect },
		);
		assert.deepEqual(short(found), ['unknown', 'unknown', 'does-not-land bug-unknown']);
	});

	it('unknown, never safe: it lands and what the driver is like with it is not known', async () => {
		const found = await judged({ era: 'v4.19', before: REGISTERED_UNCHECKED });
		assert.deepEqual(short(found), ['unknown', 'latent', 'facts-unknown']);
		const effect = { buses: new Set<string>(), installer: undefined };
		const other = await judged({ era: 'v4.19', before: REGISTERED_UNCHECKED }, { effect });
		assert.equal(other.verdict, 'unknown');
	});

	it('gives a reason with every verdict, and evidence with every objection', async () => {
		const eras = ['v3.18', 'v4.1', 'v4.9', 'v4.11', 'v4.12', 'v4.16', 'v4.19', 'v6.1'] as const;
		for (const era of eras) {
			for (const after of [IN_PROBE, REGISTERED_IN_PROBE, acme(PLAIN)]) {
				const found = await judged({ era, before: UNCHECKED, after });
				assert.ok(found.reasons.length > 0, era);
				if (found.verdict !== 'unsafe' && found.verdict !== 'needs-prerequisites') continue;
				for (const { code, evidence } of found.reasons) assert.ok(evidence.length > 0, code);
			}
		}
	});
});
