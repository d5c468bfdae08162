import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { Engine, IndexInfo, RangeOptions, StylesOptions } from '../../cli/engine.ts';
import type { World } from '../../cli/world.ts';
import { RangefinderError } from '../../src/errors.ts';
import {
	errorReport,
	rangeReport as rangeSchema,
	seriesReport,
	stylesReport as stylesSchema,
	type Verdict,
} from '../../src/range/report.ts';
import { rangefinder } from './rangefinder.ts';
import { rangeReport, stylesReport } from './report.ts';

const INFO: IndexInfo = {
	path: '/usr/lib/releases.rfx',
	bytes: 2345678,
	formatVersion: 1,
	extractorVersion: 3,
	releases: [{ release: 'v4.14.5', date: '2017-12-10', files: 131 }],
	example: '[PATCH] an example',
};

/** An engine whose releases have these verdicts. */
function answering(...verdicts: Verdict[]): Partial<Engine> {
	return {
		range: async () => {
			const report = rangeReport();
			const releases = report.releases
				.slice(0, verdicts.length)
				.map((one, i) => ({ ...one, verdict: verdicts[i] ?? one.verdict }));
			return { ...report, releases };
		},
	};
}

describe('the exit code of range', () => {
	const cases: [Verdict[], number][] = [
		[['unsafe', 'safe'], 0],
		[['unsafe', 'needs-prerequisites'], 0],
		[['unsafe', 'superseded', 'not-needed'], 1],
		[['unknown', 'unsafe'], 1],
		[['unknown', 'unknown'], 125],
	];
	for (const [verdicts, expected] of cases) {
		it(`is ${expected} when the releases are ${verdicts.join(', ')}`, async () => {
			const { code, err } = await rangefinder(['range', 'x.patch'], answering(...verdicts));
			assert.equal(code, expected);
			assert.equal(err, '');
		});
	}

	it('says with --only placement whether it lands anywhere', async () => {
		const report = rangeReport();
		const only = ['range', 'x.patch', '--only', 'placement'];
		assert.equal((await rangefinder(only, { range: async () => report })).code, 0);
		const releases = report.releases.slice(6);
		const conflicts = { range: async () => ({ ...report, releases }) };
		assert.equal((await rangefinder(only, conflicts)).code, 1);
	});

	it('is that of the one release that --why asks about', async () => {
		const engine = { range: async () => rangeReport() };
		assert.equal((await rangefinder(['range', 'x', '--why', 'v4.14.5'], engine)).code, 0);
		assert.equal((await rangefinder(['range', 'x', '--why', '4.15.1'], engine)).code, 1);
	});
});

describe('a series', () => {
	const report = rangeReport();
	const spoiled = {
		...report,
		releases: report.releases.map((one) => ({ ...one, verdict: 'unsafe' as const })),
	};

	it('is printed patch by patch, and as one value with --json', async () => {
		const engine = { ranges: async () => [report, spoiled] };
		const text = await rangefinder(['range', 'x.mbox'], engine);
		assert.match(text.out, /^== patch 1 of 2\n\n[\s\S]*\n\n== patch 2 of 2\n\n/);
		const json = await rangefinder(['range', 'x.mbox', '--json'], engine);
		assert.ok(seriesReport.safeParse(JSON.parse(json.out)).success);
	});

	it('answers yes where every one of its patches does', async () => {
		const both = { ranges: async () => [report, report] };
		assert.equal((await rangefinder(['range', 'x.mbox'], both)).code, 0);
		const one = { ranges: async () => [report, spoiled] };
		assert.equal((await rangefinder(['range', 'x.mbox'], one)).code, 1);
	});
});

describe('what range asks of the engine', () => {
	async function asked(...argv: string[]): Promise<RangeOptions> {
		let seen: RangeOptions | undefined;
		const range = async (options: RangeOptions) => {
			seen = options;
			return rangeReport();
		};
		const { err } = await rangefinder(['range', ...argv], { range });
		assert.ok(seen !== undefined, err);
		return seen;
	}

	it('is everything that the words select', async () => {
		const { progress: _, ...options } = await asked(
			...['a.patch', '--repo', 'linux', '--store', 'embedded', '--index', 'i.rfx', '--no-cache'],
			'--no-history',
			...['--release', 'v4.14', '--release', 'v4.15', '--series', '4.19.y', '--all'],
			...['--onto', 'HEAD', '--config', '.config', '--arch', 'arm64', '--arch', 'arm'],
			...['--only', 'placement', '--as-of', '2017-11-21'],
		);
		assert.deepEqual(options, {
			input: 'a.patch',
			example: false,
			repo: 'linux',
			store: 'embedded',
			index: 'i.rfx',
			noIndex: false,
			noCache: true,
			noHistory: true,
			release: ['v4.14', 'v4.15'],
			series: ['4.19.y'],
			all: true,
			onto: ['HEAD'],
			config: '.config',
			arch: ['arm64', 'arm'],
			asOf: '2017-11-21',
			only: 'placement',
		});
	});

	it('takes - as standard input and --no-index as no index', async () => {
		const { input, noIndex, noCache } = await asked('-', '--no-index');
		assert.deepEqual({ input, noIndex, noCache }, { input: '-', noIndex: true, noCache: false });
	});

	it('does not take the patch for the value of --color', async () => {
		assert.equal((await asked('--color', 'a.patch')).input, 'a.patch');
	});

	it('includes a release of --why that was not selected, beside those that were', async () => {
		const report = rangeReport();
		const calls: (readonly string[])[] = [];
		const range = async ({ release }: RangeOptions) => {
			calls.push(release);
			const releases = report.releases.filter(
				({ release: name }) => name !== 'v4.9.45' || release.includes(name),
			);
			return { ...report, releases };
		};
		const { out } = await rangefinder(['range', 'x', '--why', 'v4.9.45'], { range });
		assert.match(out, /^v4\.9\.45: unsafe/m);
		assert.deepEqual(calls[1]?.slice(-2), ['v6.12', 'v4.9.45']);
	});
});

describe('the output of commands', () => {
	it('is valid JSON by its schema with --json', async () => {
		const range = await rangefinder(['range', '--example', '--json'], {
			range: async () => rangeReport(),
		});
		assert.deepEqual(rangeSchema.parse(JSON.parse(range.out)), rangeReport());
		const styles = await rangefinder(['styles', '--json'], {
			styles: async () => stylesReport(),
		});
		assert.deepEqual(stylesSchema.parse(JSON.parse(styles.out)), stylesReport());
	});

	it('has colour on a terminal, unless NO_COLOR or an option says otherwise', async () => {
		const engine = { range: async () => rangeReport() };
		const isTTY = { stdout: true, stderr: false };
		const colored = async (argv: string[], more: Partial<World>) =>
			(await rangefinder(['range', 'x', ...argv], engine, more)).out.includes('\x1b[');
		assert.equal(await colored([], {}), false);
		assert.equal(await colored([], { isTTY }), true);
		assert.equal(await colored([], { isTTY, env: { NO_COLOR: '1' } }), false);
		assert.equal(await colored([], { isTTY, env: { TERM: 'dumb' } }), false);
		assert.equal(await colored(['--no-color'], { isTTY }), false);
		assert.equal(await colored(['--color=never'], { isTTY }), false);
		assert.equal(await colored(['--color'], {}), true);
		assert.equal(await colored(['--color=always'], { env: { NO_COLOR: '1' } }), true);
	});

	it('shows progress on a terminal only, and erases it', async () => {
		const range = async ({ progress }: RangeOptions) => {
			progress.start('reading trees', 3);
			for (let i = 0; i < 3; i++) progress.step();
			return rangeReport();
		};
		let time = 0;
		const now = () => {
			time += 200;
			return time;
		};
		const silent = await rangefinder(['range', 'x'], { range }, { now });
		assert.equal(silent.err, '');
		const isTTY = { stdout: false, stderr: true };
		const drawn = await rangefinder(['range', 'x'], { range }, { now, isTTY });
		assert.equal(drawn.err, '\r\x1b[Kreading trees 2/3\r\x1b[Kreading trees 3/3\r\x1b[K');
	});

	it('hands paths and releases of styles on', async () => {
		let seen: StylesOptions | undefined;
		const styles = async (options: StylesOptions) => {
			seen = options;
			return stylesReport();
		};
		const { out, code } = await rangefinder(
			['styles', 'drivers/iommu', 'arch', '--release', 'v4.11'],
			{ styles },
		);
		assert.equal(code, 0);
		assert.match(out, /^beta-smmu {2}v4\.9\.45 - v4\.11\.0 {2}probe@postcore$/m);
		assert.deepEqual(seen?.paths, ['drivers/iommu', 'arch']);
		assert.deepEqual(seen?.release, ['v4.11']);
	});

	it('describes an index', async () => {
		const { out } = await rangefinder(['index', 'info'], { indexInfo: async () => INFO });
		assert.equal(
			out,
			`\
/usr/lib/releases.rfx
format 1, extractor 3, 2,345,678 bytes, 1 releases
example: [PATCH] an example

release  date        files
v4.14.5  2017-12-10  131
`,
		);
	});

	it('lists what differs from an index and exits with 1', async () => {
		const verify = (differences: string[]) => ({
			indexVerify: async () => ({ checked: 5, differences }),
		});
		const same = await rangefinder(['index', 'verify'], verify([]));
		assert.deepEqual(same, { code: 0, out: '5 checked, 0 differences\n', err: '' });
		const other = await rangefinder(['index', 'verify'], verify(['v4.14.5: a.c\x1b']));
		assert.deepEqual(other, {
			code: 1,
			out: 'v4.14.5: a.c\\x1b\n5 checked, 1 difference\n',
			err: '',
		});
	});

	it('builds an index from several repositories', async () => {
		const { out } = await rangefinder(
			['index', 'build', '--repo', 'a', '--repo', 'b', '-o', 'x.rfx', '--release', 'v4.14'],
			{
				indexBuild: async ({ sources, out: path }) => {
					assert.deepEqual(sources, [
						{ repo: 'a', releases: ['v4.14'] },
						{ repo: 'b', releases: ['v4.14'] },
					]);
					assert.equal(path, '/x.rfx');
					return { releases: 1, bytes: 1000 };
				},
			},
		);
		assert.equal(out, '/x.rfx: 1 releases, 1,000 bytes\n');
	});
});

describe('repair', () => {
	const text = 'From 0123\nSubject: \x1b[31mred\n';
	const engine: Partial<Engine> = {
		repair: async () => ({
			text: new TextEncoder().encode(text),
			proof: 'postimage',
			repaired: true,
			lost: [],
			files: [{ path: 'a.c', preimage: '1'.repeat(40), postimage: '2'.repeat(40) }],
		}),
	};

	it('prints the very bytes for git am, and on stderr what was proved', async () => {
		assert.deepEqual(await rangefinder(['repair', 'mail'], engine), {
			code: 0,
			out: text,
			err: 'a.c: repaired, proved: 111111111111 -> 222222222222\n',
		});
	});

	it('shows control bytes as escapes when a person reads it', async () => {
		const isTTY = { stdout: true, stderr: true };
		const { out } = await rangefinder(['repair', 'mail'], engine, { isTTY });
		assert.equal(out, 'From 0123\nSubject: \\x1b[31mred\n');
	});

	it('writes a file whole, or leaves nothing behind', async () => {
		const cwd = await mkdtemp(join(tmpdir(), 'rangefinder-cli-'));
		try {
			await rangefinder(['repair', 'mail', '-o', 'out.patch'], engine, { cwd });
			assert.equal(await readFile(join(cwd, 'out.patch'), 'utf8'), text);
			const failed = await rangefinder(['repair', 'mail', '-o', 'no/out'], engine, { cwd });
			assert.equal(failed.code, 2);
			assert.match(failed.err, /^rangefinder: .*no\/out: its folder does not exist; .*\n$/);
			const folder = await rangefinder(['repair', 'mail', '-o', '.'], engine, { cwd });
			assert.equal(folder.code, 2);
			assert.deepEqual(await readdir(cwd), ['out.patch']);
		} finally {
			await rm(cwd, { recursive: true });
		}
	});
});

describe('errors', () => {
	const usage: [string[], string][] = [
		[['rnge'], "unknown command 'rnge'; did you mean range?"],
		[['range', '--jsn', 'x'], "unknown option '--jsn'; did you mean --json?"],
		[['range', '--zzz'], "unknown option '--zzz'; rangefinder range --help shows the words"],
		[['range'], 'range: no patch given; give a file, - for standard input, a commit, or --example'],
		[['range', 'x', '--example'], 'range: both x and --example given; leave one of them out'],
		[['index'], 'index: no command given; rangefinder index --help lists them'],
		[['index', 'inf'], "unknown command 'inf'; did you mean info?"],
		[['repair'], 'repair: no mail given; give a file, a folder or -'],
		[
			['range', 'x', '--only', 'verdict'],
			"option '--only <part>' argument 'verdict' is invalid. Allowed choices are placement; rangefinder range --help shows the words",
		],
	];
	for (const [argv, line] of usage) {
		it(`say what is wrong with: rangefinder ${argv.join(' ')}`, async () => {
			assert.deepEqual(await rangefinder(argv), {
				code: 2,
				out: '',
				err: `rangefinder: ${line}\n`,
			});
		});
	}

	const failing = (error: unknown): Partial<Engine> => ({
		range: async () => {
			throw error;
		},
	});

	it('of the repository are one line with the hint, and exit code 3', async () => {
		const error = new RangefinderError({ code: 'no-releases', where: '/a\x1b[2J\nb' });
		assert.deepEqual(await rangefinder(['range', 'x'], failing(error)), {
			code: 3,
			out: '',
			err: 'rangefinder: /a\\x1b[2J\\nb: no kernel release tags (v4.14, v4.14.5, ...); fetch the tags (git fetch --tags), or leave --repo out to use the index\n',
		});
	});

	it('are one line of JSON with --json, also when the words are wrong', async () => {
		const empty = new RangefinderError({ code: 'input-empty', where: 'x' });
		const { code, out, err } = await rangefinder(['range', 'x', '--json'], failing(empty));
		assert.equal(code, 2);
		assert.equal(out, '');
		assert.deepEqual(errorReport.parse(JSON.parse(err)), {
			schema: 'rangefinder.error/1',
			code: 'input-empty',
			message: 'x: the input is empty',
			hint: 'give a mail or a patch',
		});
		const wrong = await rangefinder(['range', '--json', '--zzz']);
		assert.equal(errorReport.parse(JSON.parse(wrong.err)).code, 'usage');
		assert.equal(wrong.err.trimEnd().includes('\n'), false);
	});

	it('of our own are exit code 70 in one line, with a stack only on request', async () => {
		const engine = failing(new TypeError('x is undefined\nreally'));
		const { code, err } = await rangefinder(['range', 'x'], engine);
		assert.equal(code, 70);
		assert.equal(
			err,
			'rangefinder: this should not have happened: x is undefined\\nreally; report it with what RANGEFINDER_DEBUG=1 prints\n',
		);
		const debug = await rangefinder(['range', 'x'], engine, {
			env: { RANGEFINDER_DEBUG: '1' },
		});
		assert.match(debug.err, /\n {4}at /);
	});
});
