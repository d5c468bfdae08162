/**
 * A large generated history, for measuring: a million commits over 60,000 files unless asked otherwise,
 * with topic branches and merges, release tags, and the drivers of the miniature kernel among the files.
 * The same options make the same object ids. Run by itself it makes one and says where:
 *   node --import tsx test/bench/million.ts FOLDER [COMMITS [FILES]]
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { numbers } from '../history/random-history.ts';
import { START } from '../kernel/miniature.ts';
import { driverFiles } from '../kernel/miniature-drivers.ts';
import type { Era } from '../kernel/miniature-era.ts';
import { frameworkFiles } from '../kernel/miniature-framework.ts';

export interface MillionOptions {
	readonly commits: number;
	readonly files: number;
	/** Tags `v4.0`, `v4.1`, … at equal distances. */
	readonly releases: number;
	/** One of so many commits changes a driver or the framework below drivers/iommu. */
	readonly driverEvery: number;
}

export const MILLION: MillionOptions = {
	commits: 1_000_000,
	files: 60_000,
	releases: 100,
	driverEvery: 40,
};

/** How often the style of acme-mmu changes; it does in the middle of each such part of the history. */
const STYLE_CHANGES = 10;

const ERA: Era = { ...START, version: '4.4', zeta: 'subsys' };

/** The drivers and their framework: of the first commit, and as they change. */
class Drivers {
	readonly #below = numbers(20_20);
	#era = ERA;
	#notes = 0;

	files(): Record<string, string> {
		const files: Record<string, string> = {
			...frameworkFiles(this.#era),
			...driverFiles(this.#era),
		};
		for (const [i, path] of NOTED.entries()) {
			if (this.#notes % NOTED.length >= i) files[path] += `/* Note ${this.#notes}. */\n`;
		}
		return files;
	}

	/** Changes a note in one of them. */
	note(): Record<string, string> {
		this.#notes += 1 + this.#below(3);
		const path = NOTED[this.#below(NOTED.length)] ?? '';
		return { [path]: `${this.files()[path]}/* Note ${this.#notes}. */\n` };
	}

	/** Changes the style of acme-mmu. */
	turn(): Record<string, string> {
		this.#era = { ...this.#era, acme: this.#era.acme === 'initcall' ? 'checked' : 'initcall' };
		const path = 'drivers/iommu/acme-mmu.c';
		return { [path]: this.files()[path] ?? '' };
	}
}

const NOTED = [
	'drivers/iommu/acme-mmu.c',
	'drivers/iommu/beta-iommu.c',
	'drivers/iommu/zeta-mmu.c',
	'include/linux/iommu.h',
];

/** `sub3/unit14/file7.c`: twenty files a folder, fifty folders in each above. */
function pathOf(file: number): string {
	const folder = Math.floor(file / 20);
	return `sub${Math.floor(folder / 50)}/unit${folder % 50}/file${file % 20}.c`;
}

function textOf(file: number, version: number): string {
	return `int unit_${file}(void)\n{\n\treturn ${version};\n}\n`;
}

/**
 * Makes the repository, bare, at a path that is not there yet, with a commit-graph. A million commits take
 * minutes and about a gigabyte.
 */
export async function makeMillion(dir: string, options: MillionOptions = MILLION): Promise<void> {
	run(['init', '--quiet', '--bare', '--initial-branch=main', dir]);
	const args = ['-C', dir, 'fast-import', '--quiet', '--date-format=raw', '--depth=20'];
	const git = spawn('git', args, { stdio: ['pipe', 'ignore', 'inherit'] });
	const ended = once(git, 'close');
	for (const piece of pieces(options)) {
		if (!git.stdin.write(piece)) await once(git.stdin, 'drain');
	}
	git.stdin.end();
	const [code] = await ended;
	if (code !== 0) throw new Error(`git fast-import: exit ${code}`);
	run(['-C', dir, 'commit-graph', 'write', '--reachable']);
}

function run(args: readonly string[]): void {
	const done = spawnSync('git', args, { stdio: ['ignore', 'ignore', 'inherit'] });
	if (done.status !== 0) throw new Error(`git ${args.join(' ')}: exit ${done.status}`);
}

/** The input of git fast-import, in pieces of about a hundred commits. */
function* pieces(options: MillionOptions): Generator<string> {
	const { commits, files, releases, driverEvery } = options;
	const below = numbers(4711);
	const drivers = new Drivers();
	let text = '';
	let mark = 0;
	/** Marks of mainline, newest last; as many as a topic may be old. */
	const mainline: number[] = [];
	const commit = (
		ref: string,
		subject: string,
		changes: Readonly<Record<string, string>>,
		from?: number,
		merged?: number,
	): number => {
		mark++;
		const who = `A U Thor <author${mark % 97}@example.org> ${1_300_000_000 + mark * 60} +0000`;
		text += `commit ${ref}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n${data(subject)}`;
		if (from !== undefined) text += `from :${from}\n`;
		if (merged !== undefined) text += `merge :${merged}\n`;
		for (const [path, content] of Object.entries(changes)) {
			text += `M 100644 inline ${path}\n${data(content)}`;
		}
		return mark;
	};
	const change = (): Record<string, string> => {
		const file = below(files);
		return { [pathOf(file)]: textOf(file, mark + 1) };
	};
	const MAIN = 'refs/heads/main';
	const first: Record<string, string> = { ...drivers.files() };
	for (let file = 0; file < files; file++) first[pathOf(file)] = textOf(file, 0);
	mainline.push(commit(MAIN, 'Begin', first));
	let released = -1;
	let turns = 0;
	while (mark < commits) {
		const due = Math.floor(((mark + 1) * STYLE_CHANGES) / commits + 0.5);
		if (due > turns) {
			turns++;
			const subject = `iommu/acme-mmu: Change the style, ${turns}`;
			mainline.push(commit(MAIN, subject, drivers.turn(), mainline.at(-1)));
		} else if (below(12) === 0) {
			const base = mainline[Math.max(0, mainline.length - 1 - below(300))];
			const changes: Record<string, string> = {};
			let tip = base;
			for (let length = 1 + below(12); length > 0 && mark < commits; length--) {
				const one = change();
				Object.assign(changes, one);
				tip = commit('refs/heads/topic', `Topic change ${mark}`, one, tip);
			}
			mainline.push(commit(MAIN, `Merge topic ${mark}`, changes, mainline.at(-1), tip));
		} else {
			const isDriver = below(driverEvery) === 0;
			const changes = isDriver ? drivers.note() : change();
			const subject = isDriver ? `iommu: Add note ${mark}` : `Change ${mark}`;
			mainline.push(commit(MAIN, subject, changes, mainline.at(-1)));
		}
		if (mainline.length > 1000) mainline.splice(0, 500);
		const release = Math.floor(((mark - 1) * releases) / commits);
		if (release > released) {
			released = release;
			text += `reset refs/tags/v4.${release}\nfrom :${mainline.at(-1)}\n\n`;
		}
		if (text.length > 1 << 16) {
			yield text;
			text = '';
		}
	}
	yield `${text}reset refs/heads/topic\nfrom ${'0'.repeat(40)}\n\n`;
}

function data(text: string): string {
	return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const [folder, commits, files] = process.argv.slice(2);
	if (folder === undefined || existsSync(folder))
		throw new Error('name a folder that is not there');
	await makeMillion(folder, {
		...MILLION,
		commits: Number(commits ?? MILLION.commits),
		files: Number(files ?? MILLION.files),
	});
	console.log(folder);
}
