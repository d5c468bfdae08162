/**
 * Every call in a tree that registers a driver, with the ways that lead to it. The tree is searched as text
 * for the names, round by round, and only files that have one of them are read.
 */
import { createHash } from 'node:crypto';
import type { FoundLine, TextFile, TreeText } from '../../git/tree-text.ts';
import { printCondition } from '../../kernel/condition.ts';
import {
	type ClimbContext,
	type Missing,
	type Way,
	type WayEnd,
	type WayStep,
	waysTo,
} from './climb.ts';
import type { FileWays } from './facts.ts';
import { folderOf, type UseAt, WayProgram } from './program.ts';
import { type Asked, LARGEST_SOURCE, readWays, rootOf } from './read.ts';
import { busSetIn, originOf, Registrars, ROOT_REGISTRAR } from './registrars.ts';

/** A call that registers a driver. */
export interface Registration {
	call: string;
	/** `platform_bus_type`; undefined where the source does not tell. */
	bus: string | undefined;
	/** The driver struct as far as it is named; '' otherwise. */
	driver: string;
	path: string;
	line: number;
	blob: string;
	/** Those that do not end at an initcall or a declared callback. */
	ways: RegistrationWay[];
}

/** A {@link Way} with its condition as text. */
export interface RegistrationWay {
	steps: WayStep[];
	when: string;
	end: WayEnd;
}

export interface Sweep {
	registrations: Registration[];
	/** C files of the tree that could not be searched, or are too large to be read. */
	unread: string[];
	/** Files that were read. */
	files: number;
}

/** Where facts of files are kept between runs: by blob and what was asked. */
export interface WayCache {
	recall(keys: readonly string[]): Promise<Map<string, FileWays>>;
	keep(values: ReadonlyMap<string, FileWays>): Promise<void>;
}

export interface SweepOptions {
	cache?: WayCache;
	/** How far it is. */
	progress?: { start(label: string, total: number): void; step(): void };
	/** Stops the sweep: it throws the signal's reason. */
	signal?: AbortSignal;
}

/**
 * Words that calls that register drivers have in the trees that are known: so that most names are found by the
 * first search. What they do not cover is searched for when it turns up.
 */
export const HINTS = [
	'driver_register',
	'register_driver',
	'add_driver',
	'driver_probe',
	'create_bundle',
	'usb_register',
	'drivers_register',
	'rpmsg_driver',
	'virtio_driver',
	'xenbus_register',
	'client_driver',
	'parisc_driver',
];
const TAKES_AWAY = /unregister|deregister/;
/** Rounds of names that lead to further names; the kernel needs four. */
const MOST_ROUNDS = 10;
/** Files read at a time: their text is in memory meanwhile. */
const BATCH = 200;

/** Finds every registration of a driver in a tree, and how it is reached. */
export async function sweep(tree: TreeText, options: SweepOptions = {}): Promise<Sweep> {
	const reader = new TreeReader(tree, options);
	await reader.ask(
		HINTS,
		(word) => HINTS.some((hint) => word.includes(hint)) && !TAKES_AWAY.test(word),
	);
	for (let round = 0; ; round++) {
		const registrars = new Registrars(reader.files);
		const { registrations, missing } = registrationsOf(reader, registrars);
		const names = [...missing.names, ...registrars.names()].filter(
			(name) => !reader.names.has(name),
		);
		if (round === MOST_ROUNDS || names.length + missing.members.size === 0) {
			return { registrations, unread: reader.unread(), files: reader.files.size };
		}
		await reader.askNames(names);
		await reader.askMembers(missing.members);
	}
}

function registrationsOf(
	reader: TreeReader,
	registrars: Registrars,
): { registrations: Registration[]; missing: Missing } {
	const program = new WayProgram(reader.files);
	const missing: Missing = { names: new Set(), members: new Map() };
	const context: ClimbContext = {
		program,
		registrars,
		asked: reader.names,
		memberRead: (folder, member) => reader.memberRead(folder, member),
		declares: (folder, struct, receiver) => reader.declares(folder, struct, receiver),
	};
	const registrations: Registration[] = [];
	for (const [path, file] of reader.files) {
		for (const use of file.uses) {
			const registrar = use.how === 'call' ? registrars.find(use.name, path) : undefined;
			const fn = file.functions[use.in];
			if (registrar === undefined || fn === undefined || use.how !== 'call') continue;
			const root = rootOf(use.args[registrar.param] ?? '');
			const at: UseAt = { path, file, use };
			if (
				registrars.find(fn.name, path) !== undefined &&
				fn.params.includes(originOf(file, use.in, root)) &&
				!isCallback(program, at)
			)
				continue;
			const ways = waysTo(context, at, missing);
			registrations.push({
				call: registrar.name,
				bus: registrar.bus ?? busSetIn(file, use.in, root),
				driver: fn.params.includes(root) ? '' : originOf(file, use.in, root),
				path,
				line: use.line,
				blob: reader.blob(path),
				ways: ways.filter(({ end }) => end.kind !== 'init' && end.kind !== 'declared').map(asText),
			});
		}
	}
	registrations.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
	return { registrations, missing };
}

function asText({ steps, when, end }: Way): RegistrationWay {
	return { steps, when: printCondition(when), end };
}

/** True when the function that a call is in is put anywhere, so that it is more than a wrapper of the call. */
function isCallback(program: WayProgram, at: UseAt): boolean {
	const place = program.holder(at);
	return (
		place !== undefined &&
		program.usesOf(place).some(({ use }) => use.how === 'field' || use.how === 'assigned')
	);
}

/** Searches a tree for names and reads the files that have them. */
class TreeReader {
	readonly files = new Map<string, FileWays>();
	readonly names = new Set<string>([ROOT_REGISTRAR]);
	readonly #tree: TreeText;
	readonly #options: SweepOptions;
	/** By path, what is asked of it. */
	readonly #asked = new Map<string, { names: Set<string>; members: Set<string> }>();
	readonly #blobs = new Map<string, string>();
	readonly #members = new Set<string>();
	/** Lines that declare a struct, by folder and struct. */
	readonly #declarations = new Map<string, string[]>();
	readonly #tooLarge: string[] = [];

	constructor(tree: TreeText, options: SweepOptions) {
		this.#tree = tree;
		this.#options = options;
	}

	memberRead(folder: string, member: string): boolean {
		return this.#members.has(`${folder}\0${member}`);
	}

	declares(folder: string, struct: string, receiver: string): boolean {
		if (!/^\w+$/.test(receiver)) return false;
		const lines = this.#declarations.get(`${folder}\0${struct}`) ?? [];
		const declared = new RegExp(
			`\\bstruct\\s+${struct}\\b[\\s*]*(?:const\\s+)?[\\s*]*\\b${receiver}\\b`,
		);
		return lines.some((line) => declared.test(line));
	}

	blob(path: string): string {
		return this.#blobs.get(path) ?? '';
	}

	unread(): string[] {
		const cut = [...this.files].filter(([, { cut }]) => cut === true).map(([path]) => path);
		return [...new Set([...this.#tree.unread(), ...this.#tooLarge, ...cut])].sort();
	}

	/** Searches for words, and asks the files for those identifiers that `wanted` takes. */
	async ask(
		words: readonly string[],
		wanted: (word: string) => boolean,
		whole = false,
	): Promise<void> {
		this.#options.progress?.start('searching the tree', 1);
		const lines = await this.#tree.find(words, { whole });
		this.#options.signal?.throwIfAborted();
		const touched = new Set<string>();
		const taken = new Map<string, boolean>();
		for (const { path, text } of lines) {
			for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) {
				let takes = taken.get(word);
				if (takes === undefined) {
					takes = wanted(word);
					taken.set(word, takes);
					if (takes) this.names.add(word);
				}
				if (takes && this.#askedOf(path).names.size < this.#askedOf(path).names.add(word).size)
					touched.add(path);
			}
		}
		await this.#read(touched);
	}

	async askNames(names: readonly string[]): Promise<void> {
		const new_ = names.filter((name) => !this.names.has(name));
		for (const name of new_) this.names.add(name);
		const set = new Set(new_);
		if (set.size > 0) await this.ask(new_, (word) => set.has(word), true);
	}

	/** Searches folders, and those above them, for calls through members, and for who declares their structs. */
	async askMembers(members: Missing['members']): Promise<void> {
		const folders = new Set<string>();
		const words = new Set<string>();
		for (const [folder, byMember] of members) {
			for (const one of nearFolders(folder)) folders.add(one);
			for (const [member, structs] of byMember) {
				words.add(`>${member}(`).add(`.${member}(`);
				for (const struct of structs) if (struct !== '') words.add(`struct ${struct}`);
			}
		}
		const lines = await this.#tree.find([...words], { folders: [...folders] });
		this.#options.signal?.throwIfAborted();
		const touched = new Set<string>();
		for (const [folder, byMember] of members) {
			const near = lines.filter(({ path }) => isNear(folder, path));
			for (const [member, structs] of byMember) {
				this.#members.add(`${folder}\0${member}`);
				for (const path of callersThrough(near, member)) {
					this.#askedOf(path).members.add(member);
					touched.add(path);
				}
				for (const struct of structs) this.#declared(folder, struct, near);
			}
		}
		await this.#read(touched);
	}

	#declared(folder: string, struct: string, lines: readonly FoundLine[]): void {
		if (struct === '') return;
		const texts = lines
			.filter(({ text }) => text.includes(`struct ${struct}`))
			.map(({ text }) => text);
		this.#declarations.set(`${folder}\0${struct}`, texts);
	}

	#askedOf(path: string): { names: Set<string>; members: Set<string> } {
		const known = this.#asked.get(path) ?? { names: new Set(), members: new Set() };
		this.#asked.set(path, known);
		return known;
	}

	async #read(paths: ReadonlySet<string>): Promise<void> {
		const all = [...paths].sort();
		const { progress, signal, cache } = this.#options;
		progress?.start('reading files', all.length);
		for (let at = 0; at < all.length; at += BATCH) {
			const batch = all.slice(at, at + BATCH);
			const texts = await this.#tree.read(batch);
			signal?.throwIfAborted();
			const keys = new Map<string, string>();
			for (const [path, { blob }] of texts) keys.set(path, keyOf(blob, this.#askedOf(path)));
			const known = (await cache?.recall([...keys.values()])) ?? new Map<string, FileWays>();
			const fresh = new Map<string, FileWays>();
			for (const [path, file] of texts) {
				const key = keys.get(path) ?? '';
				const ways = known.get(key) ?? this.#readOne(path, file, this.#askedOf(path));
				progress?.step();
				if (ways === undefined) continue;
				if (!known.has(key)) fresh.set(key, ways);
				this.#blobs.set(path, file.blob);
				this.files.set(path, ways);
			}
			await cache?.keep(fresh);
		}
	}

	#readOne(path: string, { bytes }: TextFile, asked: Asked): FileWays | undefined {
		if (bytes.length <= LARGEST_SOURCE) return readWays(bytes, asked);
		this.#tooLarge.push(path);
		return undefined;
	}
}

function keyOf(blob: string, { names, members }: Asked): string {
	const asked = [...[...names].sort(), '->', ...[...members].sort()].join(' ');
	return `${blob} ${createHash('sha256').update(asked).digest('hex')}`;
}

/** The folder itself and the one above, where that is not a whole subsystem's. */
function nearFolders(folder: string): string[] {
	const above = folderOf(folder);
	return above.split('/').length > 2 ? [folder, above] : [folder];
}

function isNear(folder: string, path: string): boolean {
	return nearFolders(folder).some((one) => path.startsWith(`${one}/`));
}

/** Files with a line that calls through the member. */
function callersThrough(lines: readonly FoundLine[], member: string): string[] {
	const calls = new RegExp(`(?:->|\\.)\\s*${member}\\s*\\(`);
	return [...new Set(lines.filter(({ text }) => calls.test(text)).map(({ path }) => path))];
}
