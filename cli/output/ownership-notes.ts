/**
 * The notes that say who takes the bus: who wins against the driver, who loses to it, and by what.
 * Releases share a note as long as no driver that is in both of them comes out otherwise; what changes
 * within a note (a driver that comes later, what decides) is said with its releases.
 */
import type { Competitor, ReleaseReport } from '../../src/range/report.ts';
import { printableLine } from '../../src/text.ts';
import { releaseSpanText } from './headings.ts';
import { letter, Places } from './marks.ts';

/** One release under one configuration. */
interface Place {
	readonly config: string;
	/** Its place in the report. */
	readonly at: number;
	readonly competitors: readonly Competitor[];
}

interface Note {
	readonly places: Place[];
	/** How it ends for each competitor. */
	readonly outcomes: Map<string, string>;
}

/** A competitor over the places of a note where it is decided in one way. */
interface Stretch {
	readonly first: Competitor;
	readonly places: Place[];
}

/** States in which somebody wins or loses. Those of the others are in the verdict's reasons. */
const DECIDED: readonly string[] = ['latent', 'masked', 'exposed'];

/** Who loses is what the bug is about, and comes first. */
const OUTCOMES = { exposed: 'loses', masked: 'would lose', latent: 'wins' } as const;

function outcomeOf({ state }: Competitor): string {
	return state === 'latent' || state === 'masked' ? OUTCOMES[state] : OUTCOMES.exposed;
}

function nameOf({ driver, against, bus }: Competitor): string {
	return JSON.stringify([driver, against, bus]);
}

/** Marks and texts of the notes about a report's competitors. */
export class OwnershipNotes {
	readonly #notes: Note[] = [];
	readonly #marks = new Map<string, string>();
	readonly #releases: readonly string[];
	readonly #configs: ReadonlyMap<string, string>;

	/** @param configs short names of the configurations, by name */
	constructor(releases: readonly ReleaseReport[], configs: ReadonlyMap<string, string>) {
		this.#releases = releases.map(({ release }) => release);
		this.#configs = configs;
		releases.forEach(({ byConfig }, at) => {
			for (const { config, built, bug } of byConfig) {
				const competitors = bug.competitors.filter(({ state }) => DECIDED.includes(state));
				if (!built || competitors.length === 0 || !configs.has(config)) continue;
				const note = this.#noteFor(competitors);
				note.places.push({ config, at, competitors });
				for (const one of competitors) note.outcomes.set(nameOf(one), outcomeOf(one));
				this.#marks.set(`${at} ${config}`, letter(this.#notes.indexOf(note)));
			}
		});
	}

	/** The newest note that says nothing else of these competitors, and something of one of them. */
	#noteFor(competitors: readonly Competitor[]): Note {
		const known = this.#notes.findLast(({ outcomes }) => {
			const said = competitors.filter((one) => outcomes.has(nameOf(one)));
			return said.length > 0 && said.every((one) => outcomes.get(nameOf(one)) === outcomeOf(one));
		});
		if (known !== undefined) return known;
		const note: Note = { places: [], outcomes: new Map() };
		this.#notes.push(note);
		return note;
	}

	/** The mark of a release (by its place in the report) under a configuration; '' for none. */
	mark(at: number, config: string): string {
		return this.#marks.get(`${at} ${config}`) ?? '';
	}

	/** The notes in order of their marks. */
	all(): { mark: string; text: string }[] {
		return this.#notes.map((note, i) => ({ mark: letter(i), text: this.#text(note) }));
	}

	/** True when a note is about more than one release. */
	get severalReleases(): boolean {
		return this.#notes.some(({ places: [first, ...rest] }) =>
			rest.some(({ at }) => at !== first?.at),
		);
	}

	#text(note: Note): string {
		const stretches = stretchesOf(note);
		const places = new Places();
		const parts: string[] = [];
		for (const outcome of Object.values(OUTCOMES)) {
			if (outcome === OUTCOMES.latent) parts.push(...this.#masks(note));
			for (const by of ['level', 'link-order'] as const) {
				const some = stretches.filter(
					({ first }) => outcomeOf(first) === outcome && first.by === by,
				);
				if (some.length === 0) continue;
				const groups = grouped(some, ({ first }) => wayOf(first));
				const said = groups.map((group) => this.#group(group, note, places)).join(', ');
				parts.push(`${outcome} by ${by.replace('-', ' ')}: ${said}`);
			}
		}
		return parts.join('; ');
	}

	/** Drivers that share what decides: `a, b (probe@device+awaited, drivers/iommu/a.c:12, b.c:7)`. */
	#group(group: readonly Stretch[], note: Note, places: Places): string {
		const severalBuses =
			new Set([...note.outcomes.keys()].map((key) => JSON.parse(key)[2])).size > 1;
		const names = group.map((stretch) => {
			const { driver, bus } = stretch.first;
			const on = severalBuses ? ` on ${bus}` : '';
			return printableLine(`${driver}${on}`) + this.#where(stretch.places, note);
		});
		const [first] = group;
		if (first === undefined) return '';
		const theirs = group.map(({ first: { decidedAt } }) => decidedAt[1]);
		if (first.first.by === 'level') {
			// Where a winner is entered is left to --why.
			if (outcomeOf(first.first) === OUTCOMES.latent) {
				return `${names.join(', ')} (${printableLine(first.first.style)})`;
			}
			return `${names.join(', ')} (${printableLine(first.first.style)}, ${places.text(theirs)})`;
		}
		const [own] = first.first.decidedAt;
		const order = outcomeOf(first.first) === OUTCOMES.latent ? 'before' : 'after';
		const others = places.text(theirs);
		const sameFile = theirs.every(({ path }) => path === own.path);
		return `${names.join(', ')} (${others} ${order} ${sameFile ? own.line : places.text([own])})`;
	}

	/** Where a third takes the bus before both, said once for all who lose. */
	#masks(note: Note): string[] {
		const losing = note.places.flatMap((place) =>
			place.competitors
				.filter((one) => outcomeOf(one) !== OUTCOMES.latent)
				.map((one) => ({ place, one })),
		);
		const masks = losing.filter(({ one }) => one.maskedBy.length > 0);
		return grouped(masks, ({ one }) => one.maskedBy.join(', ')).flatMap((group) => {
			const by = group[0]?.one.maskedBy.map(printableLine).join(' or ');
			const places = [...new Set(group.map(({ place }) => place))];
			const all = places.every((place) =>
				losing.every(
					(other) => other.place !== place || group.some(({ one }) => one === other.one),
				),
			);
			const names = new Set(group.map(({ one }) => printableLine(one.driver)));
			const who = all ? '' : `${[...names].join(', ')} `;
			return [`${who}masked${this.#where(places, note)} where ${by} is built in`];
		});
	}

	/** Which of a note's places these are: '' for all, else ` on arm64 in v4.13.9 - v4.14.5`. */
	#where(places: readonly Place[], note: Note): string {
		const releases = new Set(places.map(({ at }) => at));
		const whole = note.places.filter(({ at }) => releases.has(at));
		if (whole.every((place) => places.includes(place))) {
			const rows = [...new Map(note.places.map((place) => [place.at, place])).values()];
			const here = rows.map(({ at }) => releases.has(at));
			return here.every(Boolean) ? '' : ` in ${this.#spans(rows, here)}`;
		}
		const configs = [...new Set(note.places.map(({ config }) => config))];
		const spans = new Map<string, string>();
		for (const config of configs) {
			const all = note.places.filter((place) => place.config === config);
			const here = all.map((place) => places.includes(place));
			if (here.includes(true)) spans.set(config, here.every(Boolean) ? '' : this.#spans(all, here));
		}
		return [...spans]
			.map(([config, span]) => {
				return ` on ${this.#configs.get(config) ?? config}${span === '' ? '' : ` in ${span}`}`;
			})
			.join(' and');
	}

	/** The runs of `all` that are `here`: `v4.9.45 - v4.11`. */
	#spans(all: readonly Place[], here: readonly boolean[]): string {
		const spans: string[] = [];
		let from: number | undefined;
		all.forEach(({ at }, i) => {
			if (here[i] !== true) return;
			from ??= at;
			if (here[i + 1] === true) return;
			spans.push(releaseSpanText(this.#releases[from] ?? '', this.#releases[at] ?? ''));
			from = undefined;
		});
		return spans.join(' and ');
	}
}

/** What competitors have to share to be named together: a style, or the line they are linked before or after. */
function wayOf({ by, style, decidedAt: [own] }: Competitor): string {
	return by === 'level' ? style : `${own.path}:${own.line}`;
}

/** Every competitor of a note, apart for each way in which it is decided. */
function stretchesOf(note: Note): Stretch[] {
	const found = new Map<string, Stretch>();
	for (const place of note.places) {
		for (const one of place.competitors) {
			const key = JSON.stringify([nameOf(one), outcomeOf(one), one.by]);
			const stretch = found.get(key) ?? { first: one, places: [] };
			found.set(key, stretch);
			stretch.places.push(place);
		}
	}
	return [...found.values()];
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
	const groups = new Map<string, T[]>();
	for (const item of items) {
		const key = keyOf(item);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [item]);
		else group.push(item);
	}
	return [...groups.values()];
}
