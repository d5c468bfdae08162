/**
 * A miniature kernel repository with history, for tests: made by git fast-import, the same object
 * ids every time. Nothing of it is kernel source; the drivers are invented.
 *
 * drivers/iommu/acme-mmu.c is the driver that a patch fixes. Its competitors for the platform bus:
 * beta-iommu.c, linked before it, and zeta-mmu.c, linked after it.
 *
 *  v4.1       acme takes the bus in an unchecked subsys_initcall, built for ARM_LPAE only; beta in a
 *             subsys_initcall that looks into the device tree first. The lookup of an IOMMU does not
 *             defer; IOMMU_OF_DECLARE has three arguments.
 *  v4.2       zeta appears: an unchecked subsys_initcall that fails when the bus is taken.
 *  v4.4       beta declares a callback that makes its devices probe early; it takes the bus in probe.
 *  v4.4.1     (stable branch) acme says that an interrupt is missing: lines move, nothing else.
 *  v4.4.2     (stable branch) zeta changes a message.
 *  v4.5       iommu_device_register() exists, beta uses it.
 *  v4.6-rc1   The lookup defers for declared IOMMUs, DMA is configured when a driver probes.
 *  v4.6       beta is a plain platform driver, declared without a callback.
 *  v4.6.1     (stable branch) the change of v4.4.1.
 *  v4.7       acme registers with the IOMMU core and builds on ARM64 (with IOMMU_DMA) too; zeta
 *             takes the bus in an unchecked core_initcall.
 *  v4.8       IOMMU_OF_DECLARE has two arguments; acme is declared and takes the bus in probe under
 *             CONFIG_IOMMU_DMA, and in the initcall, still unchecked, for CONFIG_ARM without it.
 *  v4.8.1     (stable branch) zeta changes a message.
 *  v4.9       acme and zeta look into the device tree first; every lookup defers; there is no
 *             IOMMU_OF_DECLARE any more.
 *  v4.10      The core installs the ops, bus_set_iommu() is gone.
 *
 * The fix, on branch `fix` on top of v4.6, moves acme's bus_set_iommu() from the initcall to probe
 * and makes it a plain platform driver, as a mail with a true index line.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fixedAcmeSource } from './miniature-acme.ts';
import { driverFiles } from './miniature-drivers.ts';
import type { Era } from './miniature-era.ts';
import { frameworkFiles } from './miniature-framework.ts';

export interface MiniatureKernel {
	/** The bare repository. */
	readonly dir: string;
	/** Its release tags in kernel order. */
	readonly tags: readonly string[];
	/** Subject to id of every commit; subjects are unique. */
	readonly commits: ReadonlyMap<string, string>;
	readonly fix: {
		readonly commit: string;
		readonly path: string;
		/** The commit as a mail, its index line with 12 digits. */
		readonly mail: string;
	};
}

/** One commit of a history of the miniature. */
export interface Step {
	readonly subject: string;
	readonly body?: string;
	readonly change: Partial<Era>;
	/** A tag on the commit. */
	readonly tag?: string;
	/** The tag the commit goes on top of; the commit before when left out. */
	readonly on?: string;
	readonly branch?: string;
	/** The acme driver is the fixed one. */
	readonly fixed?: true;
}

/** The first commit. */
export const START: Era = {
	version: '4.1',
	sublevel: 0,
	lookup: 'never',
	dmaAtProbe: false,
	declareArity: 3,
	deviceRegister: false,
	coreInstalls: false,
	acme: 'initcall',
	acmeArm64: false,
	acmeSaysInterrupt: false,
	beta: 'checked',
	zeta: 'none',
	zetaNamesWindow: false,
};

export const FIX_SUBJECT = 'iommu/acme-mmu: Set the bus ops when the hardware probes';
const MASTER = 'refs/heads/master';

/** The history of the miniature kernel. */
export const MINIATURE_STEPS: readonly Step[] = [
	{ subject: 'Linux 4.1', change: {}, tag: 'v4.1' },
	{ subject: 'iommu/zeta-mmu: Add driver for Zeta video blocks', change: { zeta: 'subsys' } },
	linux('4.2'),
	{
		subject: 'iommu/beta: Probe early with a declared callback',
		change: { beta: 'callback' },
	},
	linux('4.4'),
	{
		subject: 'iommu: Introduce iommu_device_register()',
		change: { deviceRegister: true },
	},
	linux('4.5'),
	{ subject: 'iommu/of: Let the lookup of an IOMMU defer', change: { lookup: 'declared' } },
	{ subject: 'drivers: base: Configure DMA when a driver probes', change: { dmaAtProbe: true } },
	{ ...linux('4.6'), subject: 'Linux 4.6-rc1', tag: 'v4.6-rc1' },
	{ subject: 'iommu/beta: Make it a plain platform driver', change: { beta: 'plain' } },
	linux('4.6'),
	{
		subject: 'iommu/acme-mmu: Register with the IOMMU core',
		change: { acme: 'registered' },
	},
	{ subject: 'iommu/acme-mmu: Build on ARM64', change: { acmeArm64: true } },
	{
		subject: 'iommu/zeta-mmu: Take the bus at core level',
		change: { zeta: 'core-level' },
	},
	linux('4.7'),
	{ subject: 'iommu/of: Drop the callback of IOMMU_OF_DECLARE', change: { declareArity: 2 } },
	{
		subject: 'iommu/acme-mmu: Declare the IOMMU for IOMMU_DMA',
		change: { acme: 'declared' },
	},
	linux('4.8'),
	{
		subject: 'iommu/acme-mmu: Look for hardware before taking the bus',
		body: 'A kernel with this driver built in left no other IOMMU the bus.\n\nReported-by: A User <user@example.org>',
		change: { acme: 'checked' },
	},
	{ subject: 'iommu/zeta-mmu: Look for hardware first', change: { zeta: 'checked' } },
	{
		subject: 'iommu/of: Let every lookup defer and drop IOMMU_OF_DECLARE',
		change: { lookup: 'all', declareArity: 0 },
	},
	linux('4.9'),
	{
		subject: 'iommu: Install the ops in the core',
		change: { coreInstalls: true, acme: 'core', beta: 'core', zeta: 'core' },
	},
	linux('4.10'),
	...stable('4.4', 1, 'iommu/acme-mmu: Say that the interrupt is missing', 'v4.4', {
		acmeSaysInterrupt: true,
	}),
	...stable('4.4', 2, 'iommu/zeta-mmu: Name the register window', 'v4.4.1', {
		zetaNamesWindow: true,
	}),
	...stable('4.6', 1, 'iommu/acme-mmu: Say which interrupt is missing', 'v4.6', {
		acmeSaysInterrupt: true,
	}),
	...stable('4.8', 1, 'iommu/zeta-mmu: Say that the window is missing', 'v4.8', {
		zetaNamesWindow: true,
	}),
	fixOn('v4.6'),
];

/** The release tags of the miniature kernel in kernel order. */
export const MINIATURE_TAGS: readonly string[] = [
	'v4.1',
	'v4.2',
	'v4.4',
	'v4.4.1',
	'v4.4.2',
	'v4.5',
	'v4.6-rc1',
	'v4.6',
	'v4.6.1',
	'v4.7',
	'v4.8',
	'v4.8.1',
	'v4.9',
	'v4.10',
];

/**
 * Makes the repository at `folder`/miniature.git (a fresh folder, of the caller). Takes well under
 * a second. Rejects when git fails.
 * @param more files that every commit has besides; ids are others with them.
 */
export async function makeMiniatureKernel(
	folder: string,
	more: Readonly<Record<string, string>> = {},
): Promise<MiniatureKernel> {
	return { ...(await makeKernelOf(folder, MINIATURE_STEPS, more)), tags: MINIATURE_TAGS };
}

/** The same with another history, which ends with the fix (see {@link fixOn}); subjects are unique. */
export async function makeKernelOf(
	folder: string,
	steps: readonly Step[],
	more: Readonly<Record<string, string>> = {},
): Promise<Omit<MiniatureKernel, 'tags'>> {
	const dir = join(folder, 'miniature.git');
	await runGit(['init', '--quiet', '--bare', '--initial-branch=master', dir]);
	await runGit(['-C', dir, 'fast-import', '--quiet', '--date-format=raw'], fastImport(steps, more));
	const log = await runGit(['-C', dir, 'log', '--all', '--format=%H %s']);
	const commits = new Map<string, string>();
	for (const line of log.trimEnd().split('\n')) commits.set(line.slice(41), line.slice(0, 40));
	const commit = commits.get(FIX_SUBJECT) ?? '';
	const format = ['format-patch', '-1', '--stdout', '--no-signature', '--abbrev=12'];
	const mail = await runGit(['-C', dir, ...format, commit]);
	return { dir, commits, fix: { commit, path: 'drivers/iommu/acme-mmu.c', mail } };
}

/** The fix, on a branch on top of a release. */
export function fixOn(release: string): Step {
	return {
		subject: FIX_SUBJECT,
		body: 'The initcall takes the platform bus whether or not there is any Acme MMU, and\nother drivers lose it. Set the ops in probe, where the hardware is known to be\nthere.\n\nSigned-off-by: Mini Ature <mini@example.org>',
		change: {},
		on: release,
		branch: 'refs/heads/fix',
		fixed: true,
	};
}

/** The commit that is released as a version. */
export function linux(version: string): Step {
	return { subject: `Linux ${version}`, change: { version }, tag: `v${version}` };
}

function stable(
	version: string,
	sublevel: number,
	subject: string,
	on: string,
	change: Partial<Era>,
): Step[] {
	const branch = `refs/heads/linux-${version}.y`;
	return [
		{ subject, body: `[ Upstream commit of the miniature, for ${version}.y ]`, change, on, branch },
		{
			subject: `Linux ${version}.${sublevel}`,
			change: { sublevel },
			tag: `v${version}.${sublevel}`,
			branch,
		},
	];
}

/** The whole history as input of git fast-import. */
function fastImport(steps: readonly Step[], more: Readonly<Record<string, string>>): string {
	const parts: string[] = [];
	const tagged = new Map<string, { era: Era; mark: number }>();
	let era = START;
	let date = 1_434_931_200;
	steps.forEach((step, i) => {
		const mark = i + 1;
		date += 30 * 86_400;
		const base = step.on === undefined ? undefined : tagged.get(step.on);
		era = { ...(base?.era ?? era), ...step.change };
		const from = base?.mark ?? i;
		const who = `Mini Ature <mini@example.org> ${date} +0000`;
		const files = { ...frameworkFiles(era), ...driverFiles(era), ...more };
		if (step.fixed) files['drivers/iommu/acme-mmu.c'] = fixedAcmeSource(era);
		parts.push(
			`commit ${step.branch ?? MASTER}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n`,
			data(`${step.subject}\n${step.body === undefined ? '' : `\n${step.body}\n`}`),
			from === 0 ? '' : `from :${from}\n`,
			'deleteall\n',
		);
		for (const [path, text] of Object.entries(files)) {
			parts.push(`M 100644 inline ${path}\n`, data(text));
		}
		if (step.tag !== undefined) {
			tagged.set(step.tag, { era, mark });
			parts.push(`tag ${step.tag}\nfrom :${mark}\ntagger ${who}\n`, data(`${step.subject}\n`));
		}
	});
	return parts.join('');
}

function data(text: string): string {
	return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Runs git without any configuration of the user; rejects with what it says when it fails. */
export function runGit(args: readonly string[], input = ''): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn('git', args, {
			env: {
				PATH: process.env.PATH,
				GIT_CONFIG_GLOBAL: '/dev/null',
				GIT_CONFIG_NOSYSTEM: '1',
				GIT_AUTHOR_NAME: 'Mini Ature',
				GIT_AUTHOR_EMAIL: 'mini@example.org',
				GIT_AUTHOR_DATE: '1434931200 +0000',
				GIT_COMMITTER_NAME: 'Mini Ature',
				GIT_COMMITTER_EMAIL: 'mini@example.org',
				GIT_COMMITTER_DATE: '1434931200 +0000',
			},
			stdio: ['pipe', 'pipe', 'pipe'],
		});
		let out = '';
		let err = '';
		child.stdout.on('data', (chunk: Buffer) => {
			out += chunk.toString();
		});
		child.stderr.on('data', (chunk: Buffer) => {
			err += chunk.toString();
		});
		child.on('error', reject);
		child.on('close', (code) =>
			code === 0 ? resolve(out) : reject(new Error(`git ${args.join(' ')}: ${err}`)),
		);
		// A git that ends without reading its input says why through its exit code.
		child.stdin.on('error', () => {});
		child.stdin.end(input);
	});
}
