/** What every fault is tried on: the miniature kernel, and command lines with what they say on a good day. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, Sandbox } from '../hostile/program.ts';
import { type MiniatureKernel, makeMiniatureKernel } from '../kernel/miniature.ts';

/** A command line, and what is written by it, in the folder that it runs in. */
export interface Job {
	readonly name: string;
	readonly words: readonly string[];
	readonly output?: string;
}

/** How a job ended: what it printed, its exit code and the bytes of what it wrote. */
export interface Answer {
	readonly ran: Ran;
	readonly said: string;
	/** Milliseconds. */
	readonly took: number;
}

/** What a bisection says of itself: how much it asked, and what it knew from an earlier run. */
const OF_ITSELF = /^\d+ (?:evaluations?|runs?) for |earlier run|answers? kept|resum/;

export class FaultWorld {
	readonly kernel: MiniatureKernel;
	readonly jobs: readonly Job[];
	readonly #clean = new Map<Job, Answer>();

	private constructor(kernel: MiniatureKernel, folder: string) {
		this.kernel = kernel;
		const mail = join(folder, 'fix.eml');
		writeFileSync(mail, kernel.fix.mail);
		const repo = ['--repo', kernel.dir];
		const where = ['--where', "style(acme-mmu) ~ 'probe@*'"];
		const ends = ['--good', 'v4.1', '--bad', 'v4.9'];
		const run = ['--run', '-j', '2', '--', 'grep', '-q', 'OF_DECLARE', 'drivers/iommu/acme-mmu.c'];
		this.jobs = [
			{ name: 'cache writes', words: ['styles', 'drivers/iommu', ...repo] },
			{ name: 'range', words: ['range', mail, '--no-index', '--json', ...repo] },
			{
				name: 'index build',
				words: ['index', 'build', '-o', 'new.rfx', ...repo],
				output: 'new.rfx',
			},
			{
				name: 'export',
				words: ['export', 'fix', '--onto', 'v4.7', '--no-index', '-o', 'series', ...repo],
				output: 'series',
			},
			{ name: 'log', words: ['log', '--no-index', '--json', ...repo] },
			{ name: 'bisect', words: ['bisect', '--flips', ...ends, ...where, ...repo] },
			{ name: 'bisect --run', words: ['bisect', ...ends, ...repo, ...run] },
		];
	}

	/** Makes it in a folder. */
	static async make(folder: string): Promise<FaultWorld> {
		return new FaultWorld(await makeMiniatureKernel(folder), folder);
	}

	/** Runs a job in a sandbox. */
	async answer(
		job: Job,
		sandbox: Sandbox,
		options: Parameters<Sandbox['run']>[1] = {},
	): Promise<Answer> {
		const start = performance.now();
		const ran = await sandbox.run(job.words, options);
		const written = job.output === undefined ? '' : contents(join(sandbox.cwd, job.output));
		const said = `${ran.code}\n${plain(ran.out)}\n${written}`.replaceAll(sandbox.folder, '');
		return { ran, said, took: performance.now() - start };
	}

	/** What a job answers on a good day, with nothing known. */
	async clean(job: Job): Promise<Answer> {
		const known = this.#clean.get(job);
		if (known !== undefined) return known;
		const sandbox = new Sandbox();
		try {
			const answer = await this.answer(job, sandbox);
			if (![0, 1].includes(answer.ran.code ?? -1))
				throw new Error(`${job.name}: ${answer.ran.err}`);
			this.#clean.set(job, answer);
			return answer;
		} finally {
			sandbox.remove();
		}
	}
}

function plain(text: string): string {
	return text
		.split('\n')
		.filter((line) => !OF_ITSELF.test(line))
		.join('\n');
}

/** All files below a path, or the file, with their names. */
function contents(path: string): string {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined) return 'nothing';
	if (!found.isDirectory()) return readFileSync(path).toString('base64');
	return (
		readdirSync(path)
			.sort()
			.map((name) => `${name}\n${readFileSync(join(path, name), 'latin1')}`)
			.join('\n')
			// Commits that are picked have the time of the picking.
			.replace(/^Date: .*$|^From [0-9a-f]{40} /gm, '')
	);
}
