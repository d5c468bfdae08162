/**
 * From a call up to what runs it: an initcall, the probe of a driver, a declared callback. Breadth first, so
 * that the way that is found is a shortest one, and each function is passed once: cycles end there.
 */
import { and, type Condition, satisfiable } from '../../kernel/condition.ts';
import type { WayUse } from './facts.ts';
import { folderOf, type Place, type UseAt, type WayProgram } from './program.ts';
import { rootOf } from './read.ts';
import { busSetIn, type Registrars } from './registrars.ts';

/** A function on a way, and the line in it on which the way goes on. */
export interface WayStep {
	function: string;
	path: string;
	line: number;
	/** The variable that keeps the function from doing the rest twice, where there is one. */
	once?: string;
	/** How the next function is reached from here where it is not called by name: `impl->init()`. */
	through?: string;
}

/** What a way ends at. */
export type WayEnd =
	/** The probe of a driver: its struct's type and name, and the bus. */
	| {
			kind: 'probe';
			struct: string;
			driver: string;
			bus: string | undefined;
			path: string;
			line: number;
			/** Why it may never get to the call; absent where it does. */
			doubt?: string;
	  }
	/** Boot, or the loading or unloading of a module. */
	| { kind: 'init' }
	/** A callback of a firmware table, which boot code calls. */
	| { kind: 'declared' }
	/** A context of its own, without the lock of a device that is being probed: work, threads, system calls, tests. */
	| { kind: 'elsewhere'; by: string }
	| { kind: 'unknown'; why: string; path: string; line: number };

export interface Way {
	/** From the end down to the call. */
	steps: WayStep[];
	when: Condition;
	end: WayEnd;
}

export interface ClimbContext {
	program: WayProgram;
	registrars: Registrars;
	/** Names that were searched for in the whole tree; callers of others may be in files that were not read. */
	asked: ReadonlySet<string>;
	/** True where the calls through a member in a folder were read. */
	memberRead(folder: string, member: string): boolean;
	/** True when a header is known to declare `receiver` with this struct, seen from a folder. */
	declares(folder: string, struct: string, receiver: string): boolean;
}

/** What has to be read before the ways are known. */
export interface Missing {
	/** Functions whose callers are anywhere. */
	names: Set<string>;
	/** Members, by folder, with the structs they belong to. */
	members: Map<string, Map<string, Set<string>>>;
}

/** Members of a driver that its bus calls with the device's lock held when a device is bound. */
const PROBES = /(?:^|\.)(?:probe|probe_new|connect|add)$/;
/** What runs a function that it is given later, in a context of its own. */
const LATER =
	/^_*(?:INIT|DECLARE|DEFINE)_(?:\w+_)?WORK\w*$|^(?:init|timer|hrtimer|tasklet)_?(?:work|setup|init)\w*$|^kthread_\w+$|^async_schedule\w*$|^request_firmware_nowait$|^(?:devm_)?request_(?:threaded_|any_context_)?irq$|^DECLARE_TASKLET\w*$|^call_rcu$|^schedule_\w+$|^mod_timer$/;
/** Structs whose members system calls run, and the runner of KUnit tests. */
const OUTSIDE =
	/^(?:file_operations|proc_ops|kernel_param_ops|configfs_\w+_operations|kunit_suite|kunit_case)$/;
const OUTSIDE_MACRO = /^KUNIT_|^module_param_call$|^(?:late_)?param_/;
/** What runs it before it returns, for each of something. */
const AT_ONCE = /for_each|iterate|walk|^(?:bus|driver|device)_find/;
const INIT_MACRO =
	/initcall|^module_(?:init|exit)$|^(?:early_param|__setup|core_param|console_init)|^\w*_INIT$|^(?:RESERVEDMEM|MACHINE_START)/;
const DECLARES = /OF_DECLARE|ACPI_DECLARE|^TIMER_|^IRQCHIP_/;
const NO_USE =
	/^EXPORT_|^MODULE_|^ALLOW_ERROR_INJECTION$|^NOKPROBE_SYMBOL$|^__ADDRESSABLE$|^KSYM|^SYM_|BUILD_BUG|^WARN|^pr_|^dev_|^offsetof$|^typeof$|^BPF_/;

/** Steps of the longest way, and functions looked at for one call. */
const MAX_STEPS = 16;
const MAX_FUNCTIONS = 3000;

interface Node {
	place: Place;
	/** From this function down to the call. */
	steps: WayStep[];
	when: Condition;
}

/** All ways to a call; functions and members whose callers were not read are added to `missing`. */
export function waysTo(context: ClimbContext, call: UseAt, missing: Missing): Way[] {
	const { program } = context;
	const place = program.holder(call);
	if (place === undefined) return [];
	const when = program.conditionAt(call.file, call.use.line);
	if (!satisfiable(when)) return [];
	const first = stepOf(place, call.use.line, undefined);
	const queue: Node[] = [{ place, steps: [first], when }];
	const seen = new Set([keyOf(place)]);
	const found: Way[] = [];
	for (const node of queue) {
		if (seen.size > MAX_FUNCTIONS || node.steps.length > MAX_STEPS) {
			const why = 'more functions lead here than are followed';
			found.push(endOf(node, unknownAt(node.place, why)));
			break;
		}
		const { next, ends } = above(context, node.place, missing);
		if (next.length + ends.length === 0) {
			const why = `nothing was found to call ${node.place.fn.name}()`;
			found.push(endOf(node, unknownAt(node.place, why)));
		}
		for (const { by, line, through } of next) {
			const condition = and(node.when, program.conditionAt(by.file, line));
			if (seen.has(keyOf(by)) || !satisfiable(condition)) continue;
			seen.add(keyOf(by));
			queue.push({ place: by, steps: [stepOf(by, line, through), ...node.steps], when: condition });
		}
		for (const { end, line } of ends) {
			const condition = and(
				node.when,
				line === 0 ? node.when : program.conditionAt(node.place.file, line),
			);
			if (satisfiable(condition)) found.push(endOf({ ...node, when: condition }, end));
		}
	}
	return found.map((way) => unlessDone(way, found));
}

/**
 * A way through a function that does it only once is none where an initcall goes through it first: whoever comes
 * later, the way is told from that function on.
 */
function unlessDone(way: Way, all: readonly Way[]): Way {
	const { end, steps } = way;
	if (end.kind !== 'probe' && end.kind !== 'unknown') return way;
	const at = steps.findLastIndex(
		(step) =>
			step.once !== undefined &&
			all.some(
				(other) =>
					other.end.kind === 'init' &&
					other.steps.some((one) => one.path === step.path && one.function === step.function),
			),
	);
	const done = steps[at];
	if (done === undefined) return way;
	const doubt = `${done.function}() does it once (${done.once}), and an initcall calls it too: it is not told which is first`;
	const told = end.kind === 'probe' ? { ...end, doubt } : { ...end, why: doubt };
	return { ...way, steps: steps.slice(at), end: told };
}

function stepOf({ path, fn }: Place, line: number, through: string | undefined): WayStep {
	return {
		function: fn.name,
		path,
		line,
		...(fn.once === undefined ? {} : { once: fn.once }),
		...(through === undefined ? {} : { through }),
	};
}

function keyOf({ path, at }: Place): string {
	return `${path}\0${at}`;
}

function endOf({ steps, when }: Node, end: WayEnd): Way {
	return { steps, when, end };
}

function unknownAt({ path, fn }: Place, why: string): WayEnd {
	return { kind: 'unknown', why, path, line: fn.line };
}

interface Above {
	next: { by: Place; line: number; through?: string }[];
	/** `line` of the same file, or 0. */
	ends: { end: WayEnd; line: number }[];
}

/** What is directly above a function: its callers, and what it ends at. */
function above(context: ClimbContext, place: Place, missing: Missing): Above {
	const { program } = context;
	const found: Above = { next: [], ends: [] };
	const { fn, path } = place;
	if (fn.init === false) {
		const wanted =
			fn.local && !path.endsWith('.h')
				? program.macrosFor(place)
				: [fn.name, ...program.macrosFor(place)];
		for (const name of wanted) if (!context.asked.has(name)) missing.names.add(name);
	}
	for (const one of program.usesOf(place)) {
		const by = program.holder(one);
		const { use } = one;
		const end = (one: WayEnd): void => {
			found.ends.push({ end: one, line: use.line });
		};
		if (use.how === 'call') {
			if (by === undefined) continue;
			if (one.path !== path && program.isAmbiguous(fn.name, one.path)) {
				end({
					kind: 'unknown',
					why: `several functions are called ${fn.name}()`,
					path: one.path,
					line: use.line,
				});
			} else found.next.push({ by, line: use.line });
		} else if (use.how === 'argument') {
			const to = argument(context, one, use, by);
			if (to === 'caller' && by !== undefined) {
				found.next.push({ by, line: use.line, through: `${use.callee}()` });
			} else if (to !== undefined && to !== 'caller') end(to);
		} else if (use.how === 'field') field(context, place, one, use, found, missing);
		else if (use.how === 'assigned') {
			calledThrough(
				context,
				one,
				{ member: use.member, receiver: use.receiver, struct: '' },
				found,
				missing,
			);
		} else if (use.how === 'other') end(unknownUse(one, `the address of ${fn.name}() is taken`));
	}
	// What is only there while booting is not called by anything that probes later.
	if (fn.init) {
		if (found.next.length === 0 && found.ends.length === 0)
			found.ends.push({ end: { kind: 'init' }, line: 0 });
		found.ends = found.ends.map((one) =>
			one.end.kind === 'unknown' ? { ...one, end: { kind: 'init' } } : one,
		);
	}
	return found;
}

function unknownUse({ path, use }: UseAt, why: string): WayEnd {
	return { kind: 'unknown', why, path, line: use.line };
}

/** What a function that is given to a call or a macro ends at; `caller` where the call runs it, undefined for nothing. */
function argument(
	{ registrars }: ClimbContext,
	at: UseAt,
	use: WayUse & { how: 'argument' },
	by: Place | undefined,
): WayEnd | 'caller' | undefined {
	const { callee, args, name, line } = use;
	if (NO_USE.test(callee)) return undefined;
	const registrar = registrars.find(callee, at.path);
	if (registrar !== undefined && by !== undefined) {
		// platform_driver_probe(driver, probe)
		const driver = rootOf(args[registrar.param] ?? '');
		const bus = registrar.bus ?? busSetIn(at.file, use.in, driver);
		return { kind: 'probe', struct: registrar.struct, driver, bus, path: at.path, line };
	}
	if (OUTSIDE_MACRO.test(callee) || LATER.test(callee)) return { kind: 'elsewhere', by: callee };
	if (by === undefined) {
		if (callee.endsWith('_probe')) {
			// module_platform_driver_probe(driver, probe)
			const driver = rootOf(args[0] ?? '');
			const struct = at.file.objects.find((one) => one.name === driver)?.struct ?? '';
			const bus = registrars.busOf(struct, driver, at.path, at.file);
			return { kind: 'probe', struct, driver, bus, path: at.path, line };
		}
		if (INIT_MACRO.test(callee)) return { kind: 'init' };
		if (DECLARES.test(callee)) return { kind: 'declared' };
		return unknownUse(at, `${name}() is given to the macro ${callee}()`);
	}
	if (AT_ONCE.test(callee)) return 'caller';
	return unknownUse(at, `${name}() is given to ${callee}(), which may call it`);
}

/** A function that an initialiser names. */
function field(
	context: ClimbContext,
	place: Place,
	at: UseAt,
	use: WayUse & { how: 'field' },
	found: Above,
	missing: Missing,
): void {
	const { struct, object, member, line } = use;
	const bus =
		struct === 'device_driver'
			? busSetIn(at.file, -1, object)
			: context.registrars.busOf(struct, object, at.path, at.file);
	const sameFile = at.path === place.path ? line : 0;
	if (bus !== undefined || struct === 'device_driver') {
		const end: WayEnd = { kind: 'probe', struct, driver: object, bus, path: at.path, line };
		const doubt = `${use.name}() is the ${member} of ${object}, not its probe`;
		found.ends.push({ end: PROBES.test(member) ? end : { ...end, doubt }, line: sameFile });
		return;
	}
	if (OUTSIDE.test(struct)) {
		found.ends.push({ end: { kind: 'elsewhere', by: `${struct}.${member}` }, line: sameFile });
		return;
	}
	calledThrough(
		context,
		at,
		{ member: member.replace(/^.*\./, ''), receiver: '', struct },
		found,
		missing,
	);
}

/** Up through the calls of a member: where the struct, or the variable, is the same. */
function calledThrough(
	context: ClimbContext,
	at: UseAt,
	{ member, receiver, struct }: { member: string; receiver: string; struct: string },
	found: Above,
	missing: Missing,
): void {
	const { program } = context;
	const folder = folderOf(at.path);
	if (!context.memberRead(folder, member)) {
		const members = missing.members.get(folder) ?? new Map<string, Set<string>>();
		missing.members.set(folder, members);
		members.set(member, (members.get(member) ?? new Set()).add(struct));
	}
	const what =
		struct === '' ? `${receiver === '' ? '' : `${receiver}->`}${member}` : `${struct}.${member}`;
	let any = false;
	for (const one of program.through(member)) {
		const { use, path } = one;
		if (use.how !== 'through' || !near(folder, path)) continue;
		const same =
			struct === ''
				? receiver !== '' && use.receiver === receiver
				: use.types.includes(struct) ||
					(use.types.length === 0 && context.declares(folder, struct, use.receiver));
		const by = same ? program.holder(one) : undefined;
		if (by === undefined) continue;
		any = true;
		found.next.push({ by, line: use.line, through: `${use.receiver}->${member}()` });
	}
	if (!any) {
		const why = `${at.use.name}() is called through ${what}, by code that was not found`;
		found.ends.push({ end: unknownUse(at, why), line: at.use.line });
	}
}

/** A file of the folder, or below it or the folder above. */
function near(folder: string, path: string): boolean {
	const above = folderOf(folder);
	return path.startsWith(`${above === '' ? folder : above}/`);
}
