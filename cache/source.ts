/**
 * Where releases come from: a clone or the release index, behind one interface. The engine asks
 * for blob ids, lines and facts by release; whether text is at hand shows only in `text`.
 */
import type { FileFacts } from '../src/driver/facts.ts';
import type { Interest } from '../src/driver/interest.ts';
import type { ModuleSources } from '../src/driver/link.ts';
import type { TreeFacts } from '../src/driver/model.ts';
import type { Profile } from '../src/driver/profile.ts';
import type { LineChange, LineRange } from '../src/git/store.ts';
import type { DefconfigUse } from '../src/kernel/defconfig.ts';
import type { ArchitectureBoards } from '../src/kernel/device-tree.ts';
import type { KconfigFacts } from '../src/kernel/kconfig.ts';
import type { Release } from '../src/kernel/releases.ts';
import type { Lines } from '../src/patch/lines.ts';

/** A file of a release by name. */
export interface FileId {
	path: string;
	blob: string;
}

/** What one release says to a profile: the drivers, linked, and what is needed to link them again. */
export interface LinkedTree {
	facts: TreeFacts;
	/** Modules below the profile's folders in link order. */
	modules: readonly ModuleSources[];
	/** Headers whose macros tell what entries do; absent where the profile goes by names. */
	headers?: readonly FileId[];
}

/** A linked tree with what its Kconfig files say about the modules. */
export interface ProfiledTree extends LinkedTree {
	kconfig: readonly KconfigFacts[];
}

/** Who uses the drivers of a profile in the tree itself, on one architecture of one release. */
export interface ArchitectureUsers {
	/** Device trees; asked for are the compatible strings of all drivers of the profile. */
	boards: ArchitectureBoards;
	/** How many defconfigs there are. */
	defconfigs: number;
	/** How they build the drivers; those that none builds are left out. */
	builds: DefconfigUse[];
}

/** Answers about what can be built, by question; a question names all that it hangs on but the tree. */
export type Answers = Map<string, string>;

/** Answers that are known already; what is added is kept by {@link ReleaseSource.remember}. */
export interface RememberedAnswers {
	/** For each of the releases that were asked for. */
	trees: Answers[];
	/** For all of them together. */
	joint: Answers;
}

export interface ReleaseSource {
	readonly kind: 'clone' | 'index';
	/** In kernel order. */
	readonly releases: readonly Release[];
	/** Blob ids of `paths` in every one of `releases`, in order; undefined where there is no such file. */
	blobIds(
		releases: readonly Release[],
		paths: readonly string[],
	): Promise<(string | undefined)[][]>;
	/** The files below a folder of a release, as far as this source knows them; no trailing slash. */
	filesBelow(release: Release, folder: string): Promise<FileId[]>;
	/** The commits that last changed lines of a file of a release; absent without a history. */
	lastChanged?(release: Release, path: string, ranges: readonly LineRange[]): Promise<LineChange[]>;
	/** The full id for an abbreviation, if this source knows one such blob. */
	expandBlob(abbreviation: string): Promise<string | undefined>;
	/** Lines by blob id, interned so that equal lines have equal numbers over all files of this source. */
	lines(blobs: readonly string[]): Promise<Map<string, Lines>>;
	/** Text by blob id; empty where a source has none. */
	text(blobs: readonly string[]): Promise<Map<string, Uint8Array>>;
	/** Facts of single files, by blob id; what is recorded is the default interest when left out. */
	fileFacts(files: readonly FileId[], want?: Interest): Promise<Map<string, FileFacts>>;
	/** Facts of headers of which only the macros are read, by blob id; none without text. */
	headers(files: readonly FileId[]): Promise<Map<string, FileFacts>>;
	/** Facts of versions from history, by blob id, without those the clone lacks; absent for the index. */
	versionFacts?(files: readonly FileId[], want?: Interest): Promise<Map<string, FileFacts>>;
	/** Starts what that takes for many versions that nobody has read yet. */
	prepare?(): void;
	/**
	 * Facts of texts that are in no release: of files with a patch in them.
	 * @param paths names the file that each is a version of: who has read others reads it sooner
	 */
	factsOfTexts(
		texts: readonly Uint8Array[],
		want?: Interest,
		paths?: readonly string[],
	): Promise<FileFacts[]>;
	/**
	 * What `profile` reads off each of `releases`, in order. Where trees have to be read for it,
	 * `withKconfig` says that {@link kconfig} will be asked next, and is read along.
	 */
	profiled(
		releases: readonly Release[],
		profile: Profile,
		ahead?: { withKconfig?: boolean },
	): Promise<LinkedTree[]>;
	/**
	 * What the Kconfig files of each of `releases` say that bears on building the profile's modules;
	 * releases whose files agree may share one array.
	 */
	kconfig(releases: readonly Release[], profile: Profile): Promise<(readonly KconfigFacts[])[]>;
	/** What is known of {@link kconfig} without reading it. */
	answers(releases: readonly Release[], profile: Profile): Promise<RememberedAnswers>;
	/** Keeps answers that were given by {@link answers} and added to, where this source keeps any. */
	remember(
		releases: readonly Release[],
		profile: Profile,
		answers: RememberedAnswers,
	): Promise<void>;
	/**
	 * Of which releases what `profile` reads of them cannot be had, by name, with the reason; what can be is made
	 * ready. Absent where all is here.
	 */
	unread?(releases: readonly Release[], profile: Profile): Promise<Map<string, string>>;
	/** Why a blob that a release has cannot be had; undefined where it is here, or damaged. */
	whyMissing?(blob: string): string | undefined;
	/**
	 * Device trees and defconfigs of some architectures (folders below arch/) of each of `releases`, by
	 * architecture; one that is absent is not known. A source may know nothing of them.
	 */
	users?(
		releases: readonly Release[],
		profile: Profile,
		archs: readonly string[],
	): Promise<ReadonlyMap<string, ArchitectureUsers>[]>;
	close(): Promise<void>;
}
