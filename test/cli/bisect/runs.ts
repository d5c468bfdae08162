/** Runs of `bisect` and `probe` with the real engine, in the miniature kernel and in clones of it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, beforeEach } from 'mocha';
import { createEngine } from '../../../cli/adapter.ts';
import { bisectReport } from '../../../src/history/bisect-report.ts';
import { fingerprint } from '../../git/fingerprint.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../../kernel/miniature.ts';
import { rangefinder } from '../rangefinder.ts';

/** What `node` takes to run the program from its sources; by path, as it is run in other folders. */
export const PROGRAM: readonly string[] = [
	'--import',
	new URL('../../../node_modules/tsx/dist/loader.mjs', import.meta.url).href,
	fileURLToPath(new URL('../../../cli/main.cts', import.meta.url)),
];

/** The ends between which most of the miniature's drivers changed, and a style that did. */
export const RANGE: readonly string[] = ['--good', 'v4.1', '--bad', 'v4.8'];
export const STYLE = "style(acme-mmu) ~ 'probe*'";
export const DECLARED = 'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA';

export class MiniatureRuns {
	/** Home and current folder of every run; it holds `fix.patch`. */
	folder = '';
	/** Of one test. */
	cache = '';
	kernel!: MiniatureKernel;

	get env() {
		return { PATH: process.env.PATH, HOME: this.folder, RANGEFINDER_CACHE: this.cache };
	}

	/** Runs words in a repository. */
	in(dir: string, ...argv: string[]) {
		const world = { cwd: this.folder, env: this.env };
		const engine = createEngine({ ...world, stdin: (async function* () {})() });
		const [command = '', ...others] = argv;
		return rangefinder([command, '--repo', dir, ...others], engine, world);
	}

	/** Runs words in the miniature kernel. */
	words(...argv: string[]) {
		return this.in(this.kernel.dir, ...argv);
	}

	/** Runs `bisect --json`; its report is validated. */
	bisected(...argv: string[]) {
		return this.bisectedIn(this.kernel.dir, ...argv);
	}

	async bisectedIn(dir: string, ...argv: string[]) {
		const { code, out, err } = await this.in(dir, 'bisect', '--json', ...argv);
		assert.notEqual(out, '', err);
		return { code, err, report: bisectReport.parse(JSON.parse(out)) };
	}

	/** The commit of the miniature with a subject. */
	commit(subject: string): string {
		return this.kernel.commits.get(subject) ?? assert.fail(subject);
	}

	/** A clone of the miniature, in a folder of its own. */
	clone(...options: string[]): string {
		const dir = mkdtempSync(join(this.folder, 'clone-'));
		execFileSync('git', ['clone', '-q', ...options, `file://${this.kernel.dir}`, dir]);
		return dir;
	}
}

/** Makes the miniature for the tests of a `describe`, each with an empty cache; none may change it. */
export function onMiniature(): MiniatureRuns {
	const runs = new MiniatureRuns();
	let untouched = '';
	before(async () => {
		runs.folder = mkdtempSync(join(tmpdir(), 'rangefinder-cli-bisect-'));
		runs.kernel = await makeMiniatureKernel(runs.folder);
		writeFileSync(join(runs.folder, 'fix.patch'), runs.kernel.fix.mail);
	});
	after(() => rmSync(runs.folder, { recursive: true, force: true }));
	beforeEach(() => {
		runs.cache = mkdtempSync(join(runs.folder, 'cache-'));
		untouched = fingerprint(runs.kernel.dir);
	});
	afterEach(() => assert.equal(fingerprint(runs.kernel.dir), untouched));
	return runs;
}

export function sleep(milliseconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
