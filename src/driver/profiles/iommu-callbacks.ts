/**
 * Which calls of the IOMMU core call a driver's ops back before they return, and who asks again for a
 * device that a driver refused then. Followed through the core's own calls, not known by release.
 */
import type { FunctionFact } from '../facts.ts';
import type { Capability, Evidence } from '../model.ts';
import type { SourceFile } from '../profile.ts';
import { functionAt, identifier } from '../program.ts';

const CORE = 'drivers/iommu/iommu.c';
const OF = 'drivers/iommu/of_iommu.c';
/** The members of iommu_ops that take a device in: add_device() up to v5.6, probe_device() since. */
const MEMBERS = new Set(['add_device', 'probe_device']);
/** What takes a device in for others, where the core has a function for it. */
const TAKES_IN = 'iommu_probe_device';

/** A call that may call back, and the capability that says whether it does. */
const CALLS = [
	{ name: 'bus_set_iommu', capability: 'installing-calls-back' },
	{ name: 'iommu_device_register', capability: 'registering-calls-back' },
] as const;

/** The capabilities `installing-calls-back`, `registering-calls-back` and `asked-again`. */
export function callbackCapabilities(tree: ReadonlyMap<string, SourceFile>): Capability[] {
	const core = tree.get(CORE);
	if (core === undefined) return [];
	return [
		...CALLS.flatMap(({ name, capability }) => callsBack(core, name, capability)),
		again(tree),
	];
}

/** Follows a function of the core to where it calls one of the members, if it does. */
function callsBack(core: SourceFile, name: string, capability: string): Capability[] {
	const start = core.facts.functions.find((fn) => fn.name === name);
	if (start === undefined) return [];
	const queue: { fn: FunctionFact; way: Evidence[] }[] = [{ fn: start, way: [] }];
	const seen = new Set<FunctionFact>();
	for (const { fn, way } of queue) {
		if (seen.has(fn)) continue;
		seen.add(fn);
		const call = memberCall(core, fn);
		if (call !== undefined) {
			return [{ capability, value: call.name, evidence: [...way, at(core, call.line)] }];
		}
		for (const { callee, args = [], line } of callsIn(core, fn)) {
			for (const next of [callee, ...args]) {
				const found = core.facts.functions.find((other) => other.name === identifier(next));
				if (found !== undefined) queue.push({ fn: found, way: [...way, at(core, line)] });
			}
		}
	}
	return [{ capability, value: false, evidence: [at(core, start.line)] }];
}

/** Whether the lookup of a device's IOMMU takes the device in, also after the driver refused it: of_iommu_configure(). */
function again(tree: ReadonlyMap<string, SourceFile>): Capability {
	const of = tree.get(OF);
	const lookup = of?.facts.functions.find(({ name }) => name === 'of_iommu_configure');
	if (of === undefined || lookup === undefined) {
		return { capability: 'asked-again', value: 'no', evidence: [] };
	}
	const call =
		memberCall(of, lookup) ?? callsIn(of, lookup).find(({ callee }) => callee === TAKES_IN);
	return {
		capability: 'asked-again',
		value: call === undefined ? 'no' : 'lookup',
		evidence: [at(of, call?.line ?? lookup.line)],
	};
}

/** Where a function calls a member, which it may test before. */
function memberCall({ facts }: SourceFile, fn: FunctionFact) {
	return facts.mentions.findLast(
		({ name, line }) => MEMBERS.has(name) && fn.line <= line && line <= fn.end,
	);
}

function callsIn({ facts }: SourceFile, fn: FunctionFact) {
	return facts.calls.filter(({ line }) => functionAt(facts.functions, line) === fn);
}

function at(file: SourceFile, line: number): Evidence {
	return { path: file.path, line, blob: file.blob };
}
