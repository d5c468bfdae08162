/**
 * Who could lose, as far as the tree itself tells: the boards whose device trees have a driver's
 * hardware, those with masters that refer to it, and the defconfigs that build it. What is not in the
 * tree (device trees of others, overlays, board code, ACPI tables) is not known, and every sentence says so.
 */
import type { ArchitectureUsers, ReleaseSource } from '../../cache/source.ts';
import type { DriverFacts, Evidence } from '../driver/model.ts';
import type { Profile } from '../driver/profile.ts';
import type { BoardKind, NodeUse } from '../kernel/device-tree.ts';
import type { Release } from '../kernel/releases.ts';
import type { Competitor, ConfigReport } from './report.ts';
import type { Situation } from './situation.ts';

/** Users in the tree, by the place of the release among those looked at, and architecture. */
export interface Users {
	of(release: number, arch: string): ArchitectureUsers | undefined;
}

/**
 * Knows nothing, and notes what is asked: reading device trees takes longer than judging, so a case is
 * judged without them first.
 */
export class WantedUsers implements Users {
	readonly #wanted = new Map<string, Set<number>>();

	of(release: number, arch: string): undefined {
		if (arch === '') return undefined;
		const known = this.#wanted.get(arch);
		if (known === undefined) this.#wanted.set(arch, new Set([release]));
		else known.add(release);
	}

	/** What was asked for; undefined when nothing was, or the source knows of no users. */
	async read(
		source: ReleaseSource,
		releases: readonly Release[],
		profile: Profile,
	): Promise<Users | undefined> {
		if (source.users === undefined || this.#wanted.size === 0) return undefined;
		const found = new Map<string, ArchitectureUsers>();
		for (const [arch, numbers] of this.#wanted) {
			const asked = [...numbers].sort((a, b) => a - b);
			const some = asked.flatMap((number) => releases[number] ?? []);
			const all = await source.users(some, profile, [arch]);
			for (const [i, number] of asked.entries()) {
				const users = all[i]?.get(arch);
				if (users !== undefined) found.set(`${number} ${arch}`, users);
			}
		}
		return { of: (release, arch) => found.get(`${release} ${arch}`) };
	}
}

/** The boards of an architecture that have a driver's hardware. */
export interface Hardware {
	/** Boards with an enabled node that the driver matches. */
	enabled: number;
	/** Boards on which all such nodes are disabled. */
	disabled: number;
	/** Boards with an enabled node that an enabled master refers to. */
	masters: number;
	/** A node: an enabled one with a master, where there is one. */
	node?: Evidence;
	/** What refers to it. */
	master?: Evidence;
}

/**
 * The boards that have a driver's hardware; undefined where that is not known: for a driver without
 * a match table, for strings that nobody asked the device trees for, and where there are no boards.
 */
export function hardwareOf(
	users: ArchitectureUsers | undefined,
	driver: Pick<DriverFacts, 'compatible'>,
): Hardware | undefined {
	if (users === undefined || users.boards.boards === 0) return undefined;
	const { asked, kinds } = users.boards;
	const wanted = new Set(driver.compatible);
	if (wanted.size === 0 || driver.compatible.some((one) => !asked.includes(one))) return undefined;
	const found: Hardware = { enabled: 0, disabled: 0, masters: 0 };
	let best = 0;
	for (const kind of kinds) {
		const nodes = matching(kind, wanted);
		if (nodes.length === 0) continue;
		const enabled = nodes.some((node) => node.enabled > 0);
		const masters = nodes.some((node) => node.masters > 0);
		if (enabled) found.enabled += kind.boards;
		else found.disabled += kind.boards;
		if (masters) found.masters += kind.boards;
		const worth = 1 + Number(enabled) + Number(masters);
		if (worth <= best) continue;
		best = worth;
		const node = nodes.find((one) => one.masters > 0) ?? nodes.find((one) => one.enabled > 0);
		const shown = node ?? nodes[0];
		if (shown === undefined) continue;
		found.node = shown.at;
		if (shown.master === undefined) delete found.master;
		else found.master = shown.master;
	}
	return found;
}

function matching(kind: BoardKind, wanted: ReadonlySet<string>): NodeUse[] {
	return kind.nodes.filter(({ compatible }) => compatible.some((one) => wanted.has(one)));
}

/** How many boards have enabled hardware of both drivers. */
function withBoth(users: ArchitectureUsers, a: DriverFacts, b: DriverFacts): number {
	const enabled = (kind: BoardKind, { compatible }: DriverFacts): boolean =>
		matching(kind, new Set(compatible)).some((node) => node.enabled > 0);
	return users.boards.kinds
		.filter((kind) => enabled(kind, a) && enabled(kind, b))
		.reduce((sum, { boards }) => sum + boards, 0);
}

/**
 * True when no device tree of the architecture describes hardware of the driver, not even disabled,
 * and all of them were understood; then its probe runs on none of these boards. A disabled node does
 * not do: a board of somebody else, an overlay or a boot loader enables it with one line.
 * Only of a driver that has no other way to a device than its match table, as far as facts tell.
 */
export function hasNoHardware(
	users: ArchitectureUsers | undefined,
	driver: DriverFacts,
): users is ArchitectureUsers {
	if (users === undefined || users.boards.undecided.boards > 0) return false;
	const hardware = hardwareOf(users, driver);
	if (hardware === undefined || hardware.enabled + hardware.disabled > 0) return false;
	const chains = driver.busOps.flatMap(({ reachedFrom }) => reachedFrom);
	return (
		driver.declares.every(({ table }) => table === 'of') &&
		chains.every(
			({ createsDevice, gates }) => !createsDevice && gates.every(({ kind }) => kind !== 'acpi'),
		)
	);
}

/** Why nobody can lose, in words. */
export function noHardwareText(users: ArchitectureUsers): string {
	const { arch, boards } = users.boards;
	return `no device tree of ${arch} (${boards} read) has hardware of this driver, so no in-tree master can lose by what follows; device trees from elsewhere are not known`;
}

/** Who uses the driver and those that it takes a bus from; nothing where nobody loses it. */
export function losers(
	competitors: readonly Competitor[],
	{ before, tree }: Situation,
	users: () => ArchitectureUsers | undefined,
): Pick<ConfigReport, 'users'> {
	const names = new Set(
		competitors.filter(({ state }) => state !== 'latent').map(({ driver }) => driver),
	);
	const known = names.size === 0 ? undefined : users();
	if (known === undefined) return {};
	const others = tree.drivers.filter(({ driver }) => names.has(driver));
	return { users: usersReport(known, before, others) };
}

/** The drivers of a case with their users in the tree: the patched one first. */
function usersReport(
	users: ArchitectureUsers,
	own: DriverFacts,
	others: readonly DriverFacts[],
): NonNullable<ConfigReport['users']> {
	const { arch, boards, undecided } = users.boards;
	return {
		arch,
		boards,
		undecided: undecided.boards,
		undecidedAt: undecided.first ?? null,
		defconfigs: users.defconfigs,
		drivers: [own, ...others].map((driver) => {
			const hardware = hardwareOf(users, driver);
			const build = users.builds.find(({ symbol }) => symbol === driver.symbol);
			return {
				driver: driver.driver,
				symbol: driver.symbol,
				hardware:
					hardware === undefined
						? null
						: {
								enabled: hardware.enabled,
								disabled: hardware.disabled,
								masters: hardware.masters,
								withOwn: driver === own ? hardware.enabled : withBoth(users, own, driver),
								node: hardware.node ?? null,
								master: hardware.master ?? null,
							},
				defconfigs: {
					builtIn: build?.builtIn ?? 0,
					module: build?.module ?? 0,
					implied: build?.implied ?? 0,
					open: build?.open ?? 0,
					example: build?.example ?? null,
				},
			};
		}),
	};
}
