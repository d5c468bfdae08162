/**
 * The shape of what `range --json` and `styles --json` print: the contract that scripts rely on.
 * These schemas are the single source of the types, of validation in tests and of the JSON Schemas
 * in the package. Import types from here freely; import values only where validation is wanted,
 * since that loads zod.
 */
import { z } from 'zod';
import { confidence, followUpReport, knownBy } from '../history/contains-report.ts';
import { BUG_STATES, PLACEMENT_RESULTS, VERDICTS } from './report-words.ts';
import { sibling } from './siblings-report.ts';

const placementResult = z.enum(PLACEMENT_RESULTS);
const bugState = z.enum(BUG_STATES);
const verdict = z.enum(VERDICTS);

const evidence = z.object({
	path: z.string(),
	line: z.number().int(),
	blob: z.string().optional(),
});

const reason = z.object({
	code: z.string(),
	text: z.string(),
	evidence: z.array(evidence),
	/** Commits that it rests on; with the history of a clone. */
	commits: z.array(z.object({ commit: z.string(), subject: z.string() })).optional(),
});

const prerequisite = z.object({
	kind: z.enum(['textual', 'symbol', 'registration']),
	form: z.enum(['commit', 'adaptation', 'instead']),
	commit: z.string().nullable(),
	subject: z.string().nullable(),
	/** The adaptation in one line; null for a commit. */
	text: z.string().nullable(),
	why: z.string(),
	/** First release looked at whose driver has it; null when none has. */
	firstRelease: z.string().nullable(),
});

const hunk = z.object({
	result: placementResult,
	/** Lines away from where the patch says. */
	offset: z.number().int(),
	/** Context lines ignored at either end, as GNU patch counts. */
	fuzz: z.number().int(),
	/** 1-based line of the target where the first line of the hunk's pre-image lands; null when it does not. */
	at: z.number().int().nullable(),
	/** For a conflict: what differs; null otherwise. */
	why: z.string().nullable(),
	/** For a conflict that was asked about: the commits that changed the lines that differ; null otherwise. */
	changedBy: z.array(z.object({ commit: z.string(), subject: z.string() })).nullable(),
});

const placement = z.object({
	result: placementResult,
	files: z.array(
		z.object({
			path: z.string(),
			/** Where the release has the file, when it has it under another name; null otherwise. */
			movedTo: z.string().nullable(),
			result: placementResult,
			hunks: z.array(hunk),
		}),
	),
});

const competitor = z.object({
	driver: z.string(),
	/** The driver that takes the bus unchecked. */
	against: z.string(),
	bus: z.string(),
	state: bugState,
	/** The whole answer in words. */
	why: z.string(),
	/** What decides between the two. */
	by: z.enum(['level', 'link-order']),
	/** How the competitor installs its ops. */
	style: z.string(),
	/** Where `by` is decided: the driver's own line, then the competitor's. */
	decidedAt: z.tuple([evidence, evidence]),
	/** What comes of losing; null for a competitor that wins. */
	consequence: z.string().nullable(),
	/** Thirds that take the bus before both where they are built in. */
	maskedBy: z.array(z.string()),
	evidence: z.array(evidence),
});

/** Who uses the driver and its competitors in the tree itself; what is not in the tree is not known. */
const users = z.object({
	/** The architecture: its folder below arch/. */
	arch: z.string(),
	/** Device trees of boards, and overlays. */
	boards: z.number().int(),
	/** Boards of which not everything was understood, and what stands in the way first. */
	undecided: z.number().int(),
	undecidedAt: evidence.extend({ why: z.string() }).nullable(),
	defconfigs: z.number().int(),
	/** The patched driver first. */
	drivers: z.array(
		z.object({
			driver: z.string(),
			symbol: z.string(),
			/** Boards with the driver's hardware; null where that is not known. */
			hardware: z
				.object({
					enabled: z.number().int(),
					/** Boards on which `status` disables all of it. */
					disabled: z.number().int(),
					/** Boards on which an enabled master refers to it. */
					masters: z.number().int(),
					/** Boards that have enabled hardware of the patched driver as well. */
					withOwn: z.number().int(),
					node: evidence.nullable(),
					master: evidence.nullable(),
				})
				.nullable(),
			/** Defconfigs that build it: by a line, because Kconfig leaves no choice, or perhaps. */
			defconfigs: z.object({
				builtIn: z.number().int(),
				module: z.number().int(),
				implied: z.number().int(),
				open: z.number().int(),
				example: evidence.nullable(),
			}),
		}),
	),
});

/** What is still wrong when the patch is in. */
const remains = z.object({
	/** Drivers that still lose a bus: to others than the patched one. */
	losers: z.array(
		z.object({
			driver: z.string(),
			bus: z.string(),
			to: z.array(z.string()),
			why: z.string(),
			evidence: z.array(evidence),
		}),
	),
	/** Drivers whose probe fails when they are refused the bus, and leaves behind what these calls did. */
	halfway: z.array(
		z.object({
			driver: z.string(),
			bus: z.string(),
			left: z.array(z.string()),
			why: z.string(),
			evidence: z.array(evidence),
		}),
	),
});

const byConfig = z.object({
	config: z.string(),
	built: z.boolean(),
	style: z.object({ before: z.array(z.string()), after: z.array(z.string()).nullable() }),
	bug: z.object({ state: bugState, competitors: z.array(competitor) }),
	verdict,
	prerequisites: z.array(prerequisite),
	reasons: z.array(reason),
	/** Absent where there is no bug to lose by, or the tree was not asked. */
	users: users.optional(),
	/** Absent where the patch does not land, removes nothing that is modelled, or nothing remains. */
	remains: remains.optional(),
});

const release = z.object({
	release: z.string(),
	series: z.string(),
	commit: z.string(),
	date: z.string(),
	tip: z.boolean(),
	placement,
	verdict,
	bug: bugState,
	byConfig: z.array(byConfig),
	/** Other drivers with the hazard that the patch removes; absent where there are none. */
	siblings: z.array(sibling).optional(),
	/** The patch's commit, or a copy of it, in this release; null for none. With the history of a clone. */
	contained: z
		.object({
			commit: z.string(),
			subject: z.string(),
			how: knownBy,
			confidence,
			reason: z.string(),
			/** False where it was reverted. */
			inEffect: z.boolean(),
			/** What took it back or brought it again last; null for nothing. */
			reversedBy: z.string().nullable(),
		})
		.nullable()
		.optional(),
});

export const rangeReport = z.object({
	schema: z.literal('rangefinder.range/1'),
	patch: z.object({
		subject: z.string(),
		author: z.string(),
		messageId: z.string().nullable(),
		commit: z.string().nullable(),
		repaired: z.boolean(),
		proof: z.enum(['postimage', 'preimage', 'none']),
		files: z.array(
			z.object({
				path: z.string(),
				preimage: z.string().nullable(),
				postimage: z.string().nullable(),
			}),
		),
	}),
	source: z.object({ kind: z.enum(['clone', 'index']), releases: z.number().int() }),
	/** What the patch changes in the model: per bus, the style before and after on its own pre-image. */
	effect: z.array(
		z.object({ driver: z.string(), bus: z.string(), before: z.string(), after: z.string() }),
	),
	configs: z.array(
		z.object({
			name: z.string(),
			when: z.string(),
			/** Other values the condition could take, and what would bring them about. */
			alternatives: z.array(z.object({ when: z.string(), because: z.string() })),
		}),
	),
	releases: z.array(release),
	ranges: z.array(
		z.object({
			config: z.string(),
			from: z.string(),
			to: z.string(),
			placement: placementResult,
			verdict,
			bug: bugState,
			prerequisites: z.array(prerequisite),
		}),
	),
	tags: z.object({
		fixes: z.array(z.string()),
		cc: z.array(z.string()),
		notes: z.array(z.string()),
		/** The day, YYYY-MM-DD, on which the series that are asked for were maintained; all looked at without it. */
		asOf: z.string().optional(),
	}),
	/** The ids of the rules that were checked; '' profile when none covers the paths. */
	rules: z.array(z.string()),
	/** Other fixes of the bug that need less, those for most releases first; absent where nobody looked. */
	instead: z
		.array(
			z.object({
				/** Null where only the release is known that has it. */
				commit: z.string().nullable(),
				subject: z.string().nullable(),
				/** The first release looked at, or known, that has it. */
				firstRelease: z.string(),
				/** Releases on which it lands and no rule objects, and the patch lacks something. */
				releases: z.array(z.string()),
				why: z.string(),
			}),
		)
		.optional(),
	/** What followed the patch's commit up, and whether that is about code of each release. */
	followUps: z.array(followUpReport).optional(),
});

const when = z.string();
const level = z
	.object({ name: z.string(), sync: z.boolean() })
	.describe('an initcall level; sync is the half after it');

const chain = z.object({
	installer: z.enum(['initcall', 'declared', 'probe', 'called', 'core']),
	level: level.optional(),
	stage: z.literal('bind').optional().describe('where it is no initcall level'),
	entry: z.object({
		macro: z.string(),
		function: z.string(),
		path: z.string(),
		line: z.number().int(),
	}),
	steps: z.array(z.string()),
	/** In each step the line on which the path goes on. */
	lines: z.array(z.number().int()),
	gates: z.array(
		z.object({
			kind: z.enum(['devicetree', 'acpi', 'present', 'config', 'flag', 'bound']),
			negated: z.boolean(),
			what: z.string(),
			own: z.boolean(),
			path: z.string(),
			line: z.number().int(),
		}),
	),
	when,
	createsDevice: z.boolean(),
});

const place = { when, path: z.string(), line: z.number().int() };

const coreCall = z.object({
	call: z.string(),
	function: z.string(),
	reachedFrom: z.array(chain),
	...place,
});

export const stylesReport = z.object({
	schema: z.literal('rangefinder.styles/1'),
	drivers: z.array(
		z.object({
			driver: z.string(),
			releases: z.array(
				z.object({
					release: z.string(),
					path: z.string(),
					blob: z.string(),
					/** Styles over all configurations, earliest first, joined with ', '. */
					style: z.string(),
					byConfig: z.array(
						z.object({ config: z.string(), when, built: z.boolean(), style: z.string() }),
					),
					facts: z.object({
						entries: z.array(
							z.object({
								macro: z.string(),
								level: z.string().nullable(),
								function: z.string(),
								...place,
							}),
						),
						busOps: z.array(
							z.object({
								call: z.string(),
								bus: z.string(),
								ops: z.string(),
								function: z.string(),
								reachedFrom: z.array(chain),
								gates: z.array(z.string()),
								onBusy: z.enum(['ignored', 'guarded', 'fails']),
								...place,
							}),
						),
						declares: z.array(
							z.object({
								table: z.enum(['of', 'acpi']),
								compatible: z.string(),
								callback: z.string().nullable(),
								arity: z.number().int(),
								...place,
							}),
						),
						deviceRegister: z.array(coreCall),
						setFwnode: z.array(coreCall),
						/** False, or where the lookup that makes masters wait for this driver is. */
						defers: z.union([z.literal(false), evidence]),
					}),
				}),
			),
		}),
	),
	capabilities: z.array(
		z.object({
			release: z.string(),
			capability: z.string(),
			value: z.union([z.string(), z.number(), z.boolean()]),
			evidence: z.array(evidence),
		}),
	),
	/** Releases of which something could not be had, of a partial clone. */
	unread: z.array(z.object({ release: z.string(), why: z.string() })).optional(),
});

/** A series of patches: one report each, in order, each on top of the patches before it. */
export const seriesReport = z.object({
	schema: z.literal('rangefinder.series/1'),
	patches: z.array(rangeReport),
});

export const errorReport = z.object({
	schema: z.literal('rangefinder.error/1'),
	code: z.string(),
	message: z.string(),
	hint: z.string(),
});

export type RangeReport = z.infer<typeof rangeReport>;
export type ReleaseReport = RangeReport['releases'][number];
export type ConfigReport = ReleaseReport['byConfig'][number];
export type SeriesReport = z.infer<typeof seriesReport>;
export type StylesReport = z.infer<typeof stylesReport>;
export type ErrorReport = z.infer<typeof errorReport>;
export type Reason = z.infer<typeof reason>;
export type Prerequisite = z.infer<typeof prerequisite>;
export type Competitor = z.infer<typeof competitor>;
export type Remains = z.infer<typeof remains>;
export type PlacementResult = z.infer<typeof placementResult>;
export type BugState = z.infer<typeof bugState>;
export type Verdict = z.infer<typeof verdict>;
