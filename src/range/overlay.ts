/**
 * A source with patches put into it: what the next patch of a series is judged on. Releases are those
 * of the source below; files that a patch changed have ids, lines, text and facts of their own.
 */
import type {
	ArchitectureUsers,
	FileId,
	LinkedTree,
	ReleaseSource,
	RememberedAnswers,
} from '../../cache/source.ts';
import type { FileFacts } from '../driver/facts.ts';
import { defaultInterest, type Interest } from '../driver/interest.ts';
import type { DriverFacts } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import type { KconfigFacts } from '../kernel/kconfig.ts';
import type { Release } from '../kernel/releases.ts';
import { gitBlobId } from '../patch/apply.ts';
import type { Edit } from '../patch/edits.ts';
import type { Lines } from '../patch/lines.ts';
import { applyPlacement } from '../patch/placement.ts';
import type { HunkIds } from '../patch/search.ts';
import { factsWithoutText } from './patched.ts';
import type { PlacedFile, PlacedRelease } from './placements.ts';
import { relinked } from './subjects.ts';

/** A file that a patch made. */
interface PatchedFile {
	lines: Lines;
	text: Uint8Array | undefined;
	facts: FileFacts | undefined;
	/** Facts of another interest than the default one, by its id. */
	others: Map<string, FileFacts>;
	/** What the index line of the patch calls it. */
	named: string | undefined;
}

/** What patches did to a release: the blob at each path, undefined where they took the file away. */
type Changes = Map<string, string | undefined>;

export class Overlay implements ReleaseSource {
	readonly kind: ReleaseSource['kind'];
	readonly releases: readonly Release[];
	readonly #below: ReleaseSource;
	/** By the release's name. */
	readonly #changes = new Map<string, Changes>();
	readonly #files = new Map<string, PatchedFile>();

	constructor(below: ReleaseSource) {
		this.#below = below;
		this.kind = below.kind;
		this.releases = below.releases;
	}

	async unread(releases: readonly Release[], profile: Profile): Promise<Map<string, string>> {
		return (await this.#below.unread?.(releases, profile)) ?? new Map();
	}

	whyMissing(blob: string): string | undefined {
		return this.#below.whyMissing?.(blob);
	}

	/** Puts a placed patch into the releases it lands on. */
	async add(placed: readonly PlacedRelease[]): Promise<void> {
		const made = new Map<string, Promise<string>>();
		for (const { release, files } of placed) {
			if (files.some(({ placement }) => placement.edits === undefined)) continue;
			const changes = this.#changes.get(release.name) ?? new Map<string, string | undefined>();
			this.#changes.set(release.name, changes);
			for (const one of files) {
				if (one.file.isDeleted) {
					changes.set(one.path, undefined);
					continue;
				}
				const key = `${one.file.path}\0${one.blob ?? ''}`;
				const id = made.get(key) ?? this.#patched(one, `${made.size}`);
				made.set(key, id);
				const { renamesTo, copies } = one.file;
				if (renamesTo !== undefined && copies !== true) changes.set(one.path, undefined);
				changes.set(renamesTo ?? one.path, await id);
			}
		}
	}

	/** Makes the patched file; the id is git's where there is text, else one of our own. */
	async #patched(one: PlacedFile, name: string): Promise<string> {
		const { blob, file, placement } = one;
		const edits = placement.edits ?? [];
		const bytes = blob === undefined ? undefined : (await this.text([blob])).get(blob);
		const base = blob === undefined ? '' : bytes && Buffer.from(bytes).toString();
		const text = base === undefined ? undefined : applyPlacement(base, placement);
		const content = text === undefined ? undefined : Buffer.from(text);
		const id = content === undefined ? `patched-${this.#files.size}-${name}` : gitBlobId(content);
		this.#files.set(id, {
			lines: editedLines(one.target, edits, file.hunks),
			text: content,
			facts: await this.#factsOf(one, content),
			others: new Map(),
			named: blob === file.preimage ? (file.postimage ?? undefined) : undefined,
		});
		return id;
	}

	async #factsOf(one: PlacedFile, content: Uint8Array | undefined): Promise<FileFacts | undefined> {
		const { path, blob, file, target, placement } = one;
		if (!/\.[ch]$/.test(file.renamesTo ?? path)) return undefined;
		if (content !== undefined) {
			const [facts] = await this.#below.factsOfTexts([content]);
			if (facts !== undefined) return facts;
		}
		if (blob === undefined || target === undefined) return undefined;
		const before = (await this.fileFacts([{ path, blob }])).get(blob);
		if (before === undefined) return undefined;
		return factsWithoutText(before, target, file.hunks, await file.fragments(), placement);
	}

	async blobIds(
		releases: readonly Release[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]> {
		const ids = await this.#below.blobIds(releases, paths);
		return ids.map((row, i) => {
			const changes = this.#changes.get(releases[i]?.name ?? '');
			if (changes === undefined) return row;
			return row.map((id, j) => {
				const path = paths[j] ?? '';
				return changes.has(path) ? changes.get(path) : id;
			});
		});
	}

	async filesBelow(release: Release, folder: string): Promise<FileId[]> {
		const files = new Map<string, string>();
		for (const { path, blob } of await this.#below.filesBelow(release, folder)) {
			files.set(path, blob);
		}
		for (const [path, blob] of this.#changes.get(release.name) ?? []) {
			if (blob === undefined) files.delete(path);
			else if (path.startsWith(`${folder}/`)) files.set(path, blob);
		}
		return [...files].map(([path, blob]) => ({ path, blob }));
	}

	/** A file that a patch before named so, else one of the source below. */
	async expandBlob(abbreviation: string): Promise<string | undefined> {
		for (const [id, { named }] of this.#files) {
			if (id.startsWith(abbreviation)) return id;
			if (named === undefined) continue;
			if (named.startsWith(abbreviation) || abbreviation.startsWith(named)) return id;
		}
		return this.#below.expandBlob(abbreviation);
	}

	lines(blobs: readonly string[]): Promise<Map<string, Lines>> {
		return this.#with(
			blobs,
			(file) => file.lines,
			(others) => this.#below.lines(others),
		);
	}

	text(blobs: readonly string[]): Promise<Map<string, Uint8Array>> {
		return this.#with(
			blobs,
			(file) => file.text,
			(others) => this.#below.text(others),
		);
	}

	async fileFacts(files: readonly FileId[], want?: Interest): Promise<Map<string, FileFacts>> {
		const own = files.filter(({ blob }) => this.#files.has(blob));
		const found = await this.#below.fileFacts(
			files.filter((file) => !own.includes(file)),
			want,
		);
		for (const { blob } of own) {
			const facts = await this.#factsFor(blob, want);
			if (facts !== undefined) found.set(blob, facts);
		}
		return found;
	}

	/** Facts of a file that a patch made; those of another interest than the default one take its text. */
	async #factsFor(blob: string, want: Interest = defaultInterest): Promise<FileFacts | undefined> {
		const file = this.#files.get(blob);
		if (file === undefined || want.id === defaultInterest.id) return file?.facts;
		const known = file.others.get(want.id);
		if (known !== undefined || file.text === undefined) return known;
		const [facts] = await this.#below.factsOfTexts([file.text], want);
		if (facts !== undefined) file.others.set(want.id, facts);
		return facts;
	}

	/** What this has itself, and of the source below what it has not. */
	async #with<T>(
		blobs: readonly string[],
		own: (file: PatchedFile) => T | undefined,
		below: (blobs: readonly string[]) => Promise<Map<string, T>>,
	): Promise<Map<string, T>> {
		const found = new Map(await below(blobs.filter((blob) => !this.#files.has(blob))));
		for (const blob of blobs) {
			const file = this.#files.get(blob);
			const value = file === undefined ? undefined : own(file);
			if (value !== undefined) found.set(blob, value);
		}
		return found;
	}

	headers(files: readonly FileId[]): Promise<Map<string, FileFacts>> {
		return this.#below.headers(files);
	}

	factsOfTexts(
		texts: readonly Uint8Array[],
		want?: Interest,
		paths?: readonly string[],
	): Promise<FileFacts[]> {
		return this.#below.factsOfTexts(texts, want, paths);
	}

	/** Drivers with a changed file are linked again; a framework that a patch changed is not read again. */
	async profiled(
		releases: readonly Release[],
		profile: Profile,
		ahead?: { withKconfig?: boolean },
	): Promise<LinkedTree[]> {
		const trees = await this.#below.profiled(releases, profile, ahead);
		return Promise.all(
			trees.map(async (tree, i) => {
				const release = releases[i];
				const changes = this.#changes.get(release?.name ?? '');
				if (release === undefined || changes === undefined) return tree;
				const drivers = await Promise.all(
					tree.facts.drivers.map((driver) =>
						hangsOn(driver, changes)
							? relinked(driver, tree, release, { source: this, profile })
							: driver,
					),
				);
				return { ...tree, facts: { ...tree.facts, drivers } };
			}),
		);
	}

	kconfig(releases: readonly Release[], profile: Profile): Promise<(readonly KconfigFacts[])[]> {
		return this.#below.kconfig(releases, profile);
	}

	answers(releases: readonly Release[], profile: Profile): Promise<RememberedAnswers> {
		return this.#below.answers(releases, profile);
	}

	/** Device trees and defconfigs that a patch changed are not read again: nothing is known of them. */
	async users(
		releases: readonly Release[],
		profile: Profile,
		archs: readonly string[],
	): Promise<ReadonlyMap<string, ArchitectureUsers>[]> {
		const all = (await this.#below.users?.(releases, profile, archs)) ?? [];
		return releases.map(({ name }, i) => {
			const changed = [...(this.#changes.get(name)?.keys() ?? [])];
			const same = changed.every((path) => !/^arch\/[^/]+\/(?:boot\/dts|configs)\//.test(path));
			return (same ? all[i] : undefined) ?? new Map<string, ArchitectureUsers>();
		});
	}

	remember(
		releases: readonly Release[],
		profile: Profile,
		answers: RememberedAnswers,
	): Promise<void> {
		return this.#below.remember(releases, profile, answers);
	}

	close(): Promise<void> {
		return this.#below.close();
	}
}

function hangsOn({ files, neighbours }: DriverFacts, changes: Changes): boolean {
	return (
		files.some(({ path }) => changes.has(path)) || neighbours.some((path) => changes.has(path))
	);
}

/** The lines of a target after edits; lines that come in have the ids of their hunk. */
function editedLines(
	target: Lines | undefined,
	edits: readonly Edit[],
	hunks: readonly HunkIds[],
): Lines {
	const ids = new Map<unknown, { exact: number; loose: number }>();
	for (const { lines, exact, loose } of hunks) {
		for (const [i, line] of lines.entries()) {
			ids.set(line, { exact: exact[i] ?? 0, loose: loose[i] ?? 0 });
		}
	}
	const exact: number[] = [];
	const loose: number[] = [];
	let next = 0;
	const copyTo = (end: number): void => {
		for (; next < end; next++) {
			exact.push(target?.exact[next] ?? 0);
			loose.push(target?.loose[next] ?? 0);
		}
	};
	for (const { at, removed, added } of edits) {
		copyTo(at);
		for (const line of added) {
			const id = 'target' in line ? undefined : ids.get(line);
			exact.push('target' in line ? (target?.exact[line.target] ?? 0) : (id?.exact ?? 0));
			loose.push('target' in line ? (target?.loose[line.target] ?? 0) : (id?.loose ?? 0));
		}
		next = at + removed;
	}
	copyTo(target?.exact.length ?? 0);
	return { exact: Int32Array.from(exact), loose: Int32Array.from(loose) };
}
