/** The drivers a patch is about, in every release, before it and with it. */
import type { FileId, LinkedTree, ReleaseSource } from '../../cache/source.ts';
import type { FileFacts } from '../driver/facts.ts';
import type { Lifecycle } from '../driver/lifecycle.ts';
import { lifecycleOf, linkTree, type ModuleSources } from '../driver/link.ts';
import type { DriverFacts } from '../driver/model.ts';
import type { Profile, SourceFile } from '../driver/profile.ts';
import type { Release } from '../kernel/releases.ts';
import { applyPlacement, placeFile } from '../patch/placement.ts';
import { factsWithoutText } from './patched.ts';
import type { PlacedFile, PlacedRelease } from './placements.ts';

/** A driver by what stays the same over releases: its CONFIG symbol, and the patched files it has. */
export interface Subject {
	symbol: string;
	paths: string[];
	/** Further symbols, each of which builds one of the files in some release. */
	also: string[];
}

/** The drivers that the patched files belong to in any of the releases. */
export function subjectsOf(paths: readonly string[], trees: readonly LinkedTree[]): Subject[] {
	const found = new Map<string, Subject>();
	const drivers = trees.flatMap((tree) => tree.facts.drivers);
	for (const path of paths) {
		const having = drivers.filter(({ files }) => files.some((file) => file.path === path));
		// What is included is of every driver that includes it: a header, and a source that is compiled with others.
		const own =
			having.length === 0
				? drivers.filter(({ ownHeaders }) => ownHeaders?.includes(path))
				: isPart(path, trees)
					? having
					: having.slice(0, 1);
		for (const one of own) {
			const key = one.symbol === '' ? one.path : one.symbol;
			const known = found.get(key);
			const also = one.symbol === '' ? [] : alsoBuiltBy(path, trees);
			if (known !== undefined) known.also = [...new Set([...known.also, ...also])];
			if (known === undefined) found.set(key, { symbol: one.symbol, paths: [path], also });
			else if (!known.paths.includes(path)) known.paths.push(path);
		}
	}
	return [...found.values()];
}

/** True for a source that another one includes, in any of the trees. */
function isPart(path: string, trees: readonly LinkedTree[]): boolean {
	const modules = trees.flatMap((tree) => tree.modules);
	return modules.some(({ sources }) =>
		sources.some((one) => one.path === path && one.within !== undefined),
	);
}

/** The symbols that build a file besides that of its module, in any of the trees. */
function alsoBuiltBy(path: string, trees: readonly LinkedTree[]): string[] {
	const sources = trees.flatMap(({ modules }) => modules.flatMap((module) => module.sources));
	return [...new Set(sources.flatMap((one) => (one.path === path ? (one.also ?? []) : [])))];
}

/** A subject in one tree; undefined when the tree does not have it. */
export function driverOf(subject: Subject, tree: LinkedTree): DriverFacts | undefined {
	const { drivers } = tree.facts;
	const has = (path: string): boolean => subject.paths.includes(path);
	const having = drivers.filter(({ files }) => files.some(({ path }) => has(path)));
	return (
		// Several may include one source.
		having.find(({ symbol }) => symbol === subject.symbol) ??
		having[0] ??
		(subject.symbol === ''
			? drivers.find(({ ownHeaders }) => ownHeaders?.some(has))
			: drivers.find(({ symbol }) => symbol === subject.symbol))
	);
}

export interface PatchedContext {
	source: ReleaseSource;
	profile: Profile;
}

/** The lives of a driver, as the tree has it and with the patch in it. */
export interface Lives {
	before: Lifecycle;
	after: Lifecycle;
}

/** A driver with the patch in it. */
export interface Patched {
	driver: DriverFacts;
	/** Made when it is first asked for; undefined where the files do not tell. */
	lives(): Lives | undefined;
}

/**
 * Drivers with the patch in them, by release; undefined where it does not land.
 * Facts of a patched file are made once per blob.
 */
export async function patchedDrivers(
	placed: readonly PlacedRelease[],
	trees: readonly LinkedTree[],
	subject: Subject,
	context: PatchedContext,
): Promise<(Patched | undefined)[]> {
	const { source, profile } = context;
	const landing = placed.map((one, i) => {
		const tree = trees[i];
		const lands = one.files.every(({ placement }) => placement.edits !== undefined);
		return lands && tree !== undefined ? driverOf(subject, tree) : undefined;
	});
	const wanted = await neighbourIds(placed, landing, source);
	const touched = placed.flatMap(({ files }) =>
		files.flatMap(({ path, blob }) => (blob === undefined ? [] : [{ path, blob }])),
	);
	const inC = touched.filter(({ path }) => /\.[ch]$/.test(path));
	const facts = await source.fileFacts(
		[...wanted.flatMap((files) => [...files.values()]), ...inC],
		profile.interest,
	);
	const patched = await patchedFacts(placed, landing, facts, context);
	const headers = await Promise.all(trees.map((tree) => headersOf(tree, source)));
	return placed.map((one, i) => {
		const driver = landing[i];
		const tree = trees[i];
		if (driver === undefined || tree === undefined) return undefined;
		const known = sourcesOf(wanted[i], facts);
		for (const header of headers[i] ?? []) known.set(header.path, header);
		const files = new Map(known);
		for (const { path, blob, file } of one.files) {
			const after = patched.get(patchedKey(path, blob));
			// A copy is of another module, if of any: the file itself stays as it is.
			if (after !== undefined && file.copies !== true) {
				files.set(path, { path, blob: '', facts: after });
			}
		}
		const linked = linkAgain(profile, tree, driver, files);
		if (linked === undefined) return undefined;
		return { driver: linked, lives: livesIn(profile, tree, driver, known, files) };
	});
}

function livesIn(
	profile: Profile,
	tree: LinkedTree,
	driver: DriverFacts,
	before: ReadonlyMap<string, SourceFile>,
	after: ReadonlyMap<string, SourceFile>,
): Patched['lives'] {
	let made: Lives | undefined;
	return () => {
		const module = moduleOf(tree, driver);
		if (module === undefined) return undefined;
		const { capabilities } = tree.facts;
		made ??= {
			before: lifecycleOf(profile, before, module, capabilities),
			after: lifecycleOf(profile, after, module, capabilities),
		};
		return made;
	};
}

/** A driver on the files that the patch was made for, in a tree that is otherwise another. */
export interface Home {
	placed: PlacedRelease;
	tree: LinkedTree;
	before: DriverFacts;
	after: Patched;
}

/**
 * What a patch does where it was made: on its own pre-images, put into one of the trees. Tells the
 * effect of a patch that lands on no release that is looked at; undefined where the pre-images are not known.
 */
export async function homeOf(
	placed: PlacedRelease,
	tree: LinkedTree,
	subject: Subject,
	context: PatchedContext,
): Promise<Home | undefined> {
	const { source, profile } = context;
	const preimages = placed.files.map(({ file }) => file.preimage);
	const blobs = preimages.filter((id) => id !== null);
	const lines = await source.lines(blobs);
	const files = placed.files.map(({ file }): PlacedFile => {
		const blob = file.preimage ?? undefined;
		const target = blob === undefined ? undefined : lines.get(blob);
		return { file, path: file.path, blob, target, placement: placeFile(target, file, target) };
	});
	const home = { ...placed, files };
	const driver = driverOf(subject, tree);
	if (driver === undefined || files.some(({ target }) => target === undefined)) return undefined;
	const [after] = await patchedDrivers([home], [tree], subject, context);
	const [wanted] = await neighbourIds([home], [driver], source);
	const own = files.flatMap(({ file, blob }) =>
		blob === undefined ? [] : [{ path: file.path, blob }],
	);
	const facts = await source.fileFacts([...(wanted?.values() ?? []), ...own], profile.interest);
	const sources = sourcesOf(
		new Map([...(wanted ?? []), ...own.map((one) => [one.path, one] as const)]),
		facts,
	);
	for (const header of await headersOf(tree, source)) sources.set(header.path, header);
	const before = linkAgain(profile, tree, driver, sources);
	return before === undefined || after === undefined
		? undefined
		: { placed: home, tree, before, after };
}

/** The files of a driver with their facts, as far as they are known. */
export function sourcesOf(
	wanted: ReadonlyMap<string, FileId> | undefined,
	facts: ReadonlyMap<string, FileFacts>,
): Map<string, SourceFile> {
	const files = new Map<string, SourceFile>();
	for (const [path, { blob }] of wanted ?? []) {
		const known = facts.get(blob);
		if (known !== undefined) files.set(path, { path, blob, facts: known });
	}
	return files;
}

/** The headers that tell what the entries of a tree do. */
async function headersOf(
	tree: LinkedTree | undefined,
	source: Pick<ReleaseSource, 'headers'>,
): Promise<SourceFile[]> {
	const headers = tree?.headers ?? [];
	if (headers.length === 0) return [];
	const facts = await source.headers(headers);
	return headers.flatMap(({ path, blob }) => {
		const known = facts.get(blob);
		return known === undefined ? [] : [{ path, blob, facts: known }];
	});
}

/** Links a driver of a tree from other sources than the tree has. */
function linkAgain(
	profile: Profile,
	tree: LinkedTree,
	driver: DriverFacts,
	files: ReadonlyMap<string, SourceFile>,
): DriverFacts | undefined {
	const module = moduleOf(tree, driver);
	if (module === undefined) return undefined;
	return linkTree(profile, files, [module], tree.facts.capabilities).drivers[0];
}

/** The module of a driver as the Makefiles describe it. */
export function moduleOf(
	tree: LinkedTree,
	{ symbol, position }: DriverFacts,
): ModuleSources | undefined {
	return tree.modules.find((one) => one.symbol === symbol && one.position === position);
}

/** A driver of a tree linked again from what a source has at its files now. */
export async function relinked(
	driver: DriverFacts,
	tree: LinkedTree,
	release: Release,
	{ source, profile }: PatchedContext,
): Promise<DriverFacts> {
	const paths = [...new Set([...driver.files.map(({ path }) => path), ...driver.neighbours])];
	const [ids] = await source.blobIds([release], paths);
	const files = new Map<string, FileId>();
	for (const [i, path] of paths.entries()) {
		const blob = ids?.[i];
		if (blob !== undefined) files.set(path, { path, blob });
	}
	const facts = await source.fileFacts([...files.values()], profile.interest);
	const sources = sourcesOf(files, facts);
	for (const header of await headersOf(tree, source)) sources.set(header.path, header);
	return linkAgain(profile, tree, driver, sources) ?? driver;
}

/** Every file that a driver's facts hang on, with its blob, by release. */
async function neighbourIds(
	placed: readonly PlacedRelease[],
	drivers: readonly (DriverFacts | undefined)[],
	source: ReleaseSource,
): Promise<Map<string, FileId>[]> {
	const paths = [...new Set(drivers.flatMap((driver) => driver?.neighbours ?? []))];
	const ids = await source.blobIds(
		placed.map(({ release }) => release),
		paths,
	);
	return drivers.map((driver, i) => {
		const files = new Map((driver?.files ?? []).map((file) => [file.path, file]));
		for (const [j, path] of paths.entries()) {
			const blob = ids[i]?.[j];
			if (blob !== undefined && driver?.neighbours.includes(path)) files.set(path, { path, blob });
		}
		return files;
	});
}

function patchedKey(path: string, blob: string | undefined): string {
	return `${path}\0${blob ?? ''}`;
}

async function patchedFacts(
	placed: readonly PlacedRelease[],
	drivers: readonly (DriverFacts | undefined)[],
	facts: ReadonlyMap<string, FileFacts>,
	context: PatchedContext,
): Promise<Map<string, FileFacts>> {
	const todo = new Map<string, PlacedFile>();
	for (const [i, one] of placed.entries()) {
		if (drivers[i] === undefined) continue;
		for (const file of one.files) {
			if (/\.[ch]$/.test(file.path)) todo.set(patchedKey(file.path, file.blob), file);
		}
	}
	const blobs = [...todo.values()].map(({ blob }) => blob).filter((blob) => blob !== undefined);
	const texts = await context.source.text(blobs);
	const found = new Map<string, FileFacts>();
	const patched: { key: string; path: string; text: Uint8Array }[] = [];
	for (const [key, { file, blob, target, placement }] of todo) {
		if (blob === undefined || target === undefined) continue;
		const bytes = texts.get(blob);
		if (bytes !== undefined) {
			const text = applyPlacement(Buffer.from(bytes).toString(), placement);
			if (text !== undefined) {
				patched.push({ key, path: file.path, text: Buffer.from(text) });
			}
			continue;
		}
		const before = facts.get(blob);
		if (before === undefined || !context.profile.interest.spliced) continue;
		const fragments = await file.fragments();
		const after = factsWithoutText(before, target, file.hunks, fragments, placement);
		if (after !== undefined) found.set(key, after);
	}
	const read = await context.source.factsOfTexts(
		patched.map(({ text }) => text),
		context.profile.interest,
		patched.map(({ path }) => path),
	);
	for (const [i, { key }] of patched.entries()) {
		const after = read[i];
		if (after !== undefined) found.set(key, after);
	}
	return found;
}
