/** The outputs of `doctor` and `index`, kept as files: of reports written here, since real ones differ by machine. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Engine } from '../../cli/engine.ts';
import { SHAPES } from '../../cli/schemas.ts';
import type { DoctorReport } from '../../src/git/doctor/report.ts';
import { golden } from './golden.ts';
import { rangefinder } from './rangefinder.ts';

const DOCTOR: DoctorReport = {
	schema: 'rangefinder.doctor/1',
	where: '/src/linux.git',
	git: 'git version 2.39.5',
	findings: [
		{ id: 'git', severity: 'good', text: 'git version 2.39.5', command: null },
		{
			id: 'partial',
			severity: 'note',
			text: 'the clone is partial (blob:none, from https://example.org/linux.git); what is missing is fetched together when it is read',
			command: null,
		},
		{
			id: 'commit-graph',
			severity: 'hurts',
			text: 'there is no commit-graph, every walk unpacks each commit',
			command: 'git -C /src/linux.git commit-graph write --reachable --changed-paths',
		},
	],
	hurts: 1,
};

const ENGINE: Partial<Engine> = {
	doctor: async () => DOCTOR,
	indexBuild: async () => ({ releases: 2, bytes: 1234567 }),
	indexInfo: async () => ({
		path: '/usr/lib/releases.rfx',
		bytes: 1234567,
		formatVersion: 1,
		extractorVersion: 7,
		releases: [
			{ release: 'v4.14.5', date: '2017-12-10', files: 131 },
			{ release: 'v6.12', date: '2024-11-17', files: 9 },
		],
		example: '[PATCH] acme: Mend it',
	}),
	indexVerify: async () => ({
		checked: 1234,
		differences: ['v6.12: drivers/iommu/acme.c has another blob'],
	}),
};

const RUNS: [string, string[], number][] = [
	['doctor', ['doctor'], 1],
	['index-build', ['index', 'build', '--repo', '/src/linux.git', '-o', '/tmp/releases.rfx'], 0],
	['index-info', ['index', 'info'], 0],
	['index-verify', ['index', 'verify'], 1],
];

describe('the output', () => {
	for (const [name, words, expected] of RUNS) {
		it(`of ${words.slice(0, 2).join(' ')} is as it is kept, as text and as JSON`, async () => {
			const text = await rangefinder(words, ENGINE);
			assert.deepEqual([text.code, text.err], [expected, '']);
			golden(`${name}.txt`, text.out);
			const json = await rangefinder([...words, '--json'], ENGINE);
			assert.deepEqual([json.code, json.err], [expected, '']);
			golden(`${name}-json.txt`, json.out);
			const shape = Object.entries(SHAPES).find(([one]) => one === name)?.[1];
			assert.deepEqual(shape?.parse(JSON.parse(json.out)), JSON.parse(json.out));
		});
	}
});

describe('--quiet', () => {
	const lost = { proof: 'none', repaired: false, lost: ['a line'], files: [] } as const;
	const engine: Partial<Engine> = {
		repair: async ({ input }) => {
			if (input === 'none') throw new Error('no such mail');
			return { ...lost, text: new TextEncoder().encode('a patch\n') };
		},
		indexBuild: async ({ progress }) => {
			progress.start('reading', 2);
			progress.step();
			return { releases: 1, bytes: 1 };
		},
	};
	const terminal = () => {
		let now = 0;
		return { isTTY: { stdout: false, stderr: true }, now: () => (now += 1000) };
	};

	it('leaves results on standard output, and nothing on standard error', async () => {
		const said = await rangefinder(['repair', 'mail'], engine);
		assert.deepEqual([said.out, said.err], ['a patch\n', 'a line\n']);
		for (const words of [
			['repair', 'mail', '--quiet'],
			['-q', 'repair', 'mail'],
		]) {
			assert.deepEqual(await rangefinder(words, engine), { ...said, err: '' });
		}
	});

	it('shows no progress', async () => {
		const words = ['index', 'build', '--repo', 'x', '-o', 'x.rfx'];
		const loud = await rangefinder(words, engine, terminal());
		assert.match(loud.err, /reading 1\/2/);
		assert.equal((await rangefinder([...words, '-q'], engine, terminal())).err, '');
	});

	it('says what is wrong all the same', async () => {
		const { code, err } = await rangefinder(['repair', 'none', '-q'], engine);
		assert.deepEqual([code, /no such mail/.test(err)], [70, true]);
		assert.equal(
			(await rangefinder(['-q'])).err,
			'rangefinder: no command given; rangefinder --help lists them\n',
		);
	});
});
