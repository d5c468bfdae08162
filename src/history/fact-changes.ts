/**
 * In which registration facts a driver differs between two trees, in words with evidence: what a transition of
 * its style came from. A pure module; lines that only moved are no difference.
 */
import type {
	BusOps,
	Capability,
	Chain,
	CoreCall,
	Declaration,
	DriverFacts,
	Entry,
	Evidence,
	PathGate,
} from '../driver/model.ts';
import { compareChains } from '../driver/style.ts';
import { changedCapabilities } from './capabilities.ts';

/** What kind of fact it is that differs. */
export type FactKind =
	| 'driver'
	| 'entry'
	| 'call'
	| 'path'
	| 'level'
	| 'gate'
	| 'declaration'
	| 'condition'
	| 'capability';

export interface FactChange {
	readonly kind: FactKind;
	/** `subsys_initcall(acme_init) came`. */
	readonly text: string;
	/** In the tree after, or in the tree before for what went. */
	readonly evidence: readonly Evidence[];
}

/** A driver with what its tree offers. */
export interface DriverInTree {
	readonly facts: DriverFacts | undefined;
	readonly capabilities: readonly Capability[];
}

/** A fact as it is compared and as it is said. */
interface Told {
	readonly kind: FactKind;
	readonly text: string;
	readonly evidence: Evidence[];
}

/** The facts in which a driver differs; those of the driver itself first, then those of its tree. */
export function factChanges(before: DriverInTree, after: DriverInTree): FactChange[] {
	const own = driverChanges(before.facts, after.facts);
	if (before.facts === undefined || after.facts === undefined) return own;
	const all = [...own, ...capabilityChanges(before, after)];
	return all.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** Causes before what follows from them. */
const ORDER: readonly FactKind[] = [
	'driver',
	'entry',
	'declaration',
	'call',
	'gate',
	'level',
	'condition',
	'path',
	'capability',
];

function driverChanges(
	before: DriverFacts | undefined,
	after: DriverFacts | undefined,
): FactChange[] {
	if (before === undefined || after === undefined) {
		const one = before ?? after;
		if (one === undefined) return [];
		const text = `the driver ${before === undefined ? 'came' : 'went'}`;
		return [{ kind: 'driver', text, evidence: [one.linkedAt] }];
	}
	const tellers = [entries, declarations, calls, chains] as const;
	const told = tellers.flatMap((tell) => {
		const was = tell(before);
		const is = tell(after);
		const same = new Set([...was.keys()].filter((key) => is.has(key)));
		return [...said(is, same, 'came'), ...said(was, same, 'went')];
	});
	return [...told, ...levelChanges(before, after)];
}

/** Calls that run at another level: of each the earliest. */
function levelChanges(before: DriverFacts, after: DriverFacts): FactChange[] {
	const was = levels(before);
	return [...levels(after)].flatMap(([call, { level, at }]) => {
		const old = was.get(call)?.level;
		if (old === undefined || old === level) return [];
		const text = `${call}() moves from the ${old} to the ${level} level`;
		return [{ kind: 'level', text, evidence: [at] }];
	});
}

function levels(driver: DriverFacts): Map<string, { level: string; at: Evidence }> {
	const found = new Map<string, { level: string; at: Evidence }>();
	for (const { call, reachedFrom } of [...driver.busOps, ...driver.deviceRegister]) {
		const [chain] = [...reachedFrom].sort(compareChains);
		if (chain === undefined || found.has(call)) continue;
		found.set(call, { level: levelText(chain), at: placeOf(driver, chain.entry) });
	}
	return found;
}

function said(
	facts: ReadonlyMap<string, Told>,
	same: ReadonlySet<string>,
	what: string,
): FactChange[] {
	return [...facts].flatMap(([key, { kind, text, evidence }]) =>
		same.has(key) ? [] : [{ kind, text: `${text} ${what}`, evidence }],
	);
}

function capabilityChanges(before: DriverInTree, after: DriverInTree): FactChange[] {
	return changedCapabilities(before.capabilities, after.capabilities).map((change) => ({
		kind: 'capability',
		text: `${change.capability}: ${valueText(change.before)} -> ${valueText(change.after)}`,
		evidence: change.evidence,
	}));
}

/** A capability's value as it is said; a tree that does not have it says `none`. */
export function valueText(value: Capability['value'] | undefined): string {
	return value === undefined ? 'none' : String(value);
}

/** Facts by what they say: what is said twice is one fact, with the evidence of both. */
function byText(facts: readonly Told[]): Map<string, Told> {
	const found = new Map<string, Told>();
	for (const fact of facts) {
		const key = `${fact.kind} ${fact.text}`;
		const known = found.get(key);
		if (known === undefined) found.set(key, fact);
		else found.set(key, { ...known, evidence: [...known.evidence, ...fact.evidence] });
	}
	return found;
}

function entries(driver: DriverFacts): Map<string, Told> {
	return byText(
		driver.entries.map((entry: Entry) => ({
			kind: 'entry',
			text: `${entry.macro}(${entry.function})${under(entry.when)}`,
			evidence: [placeOf(driver, entry)],
		})),
	);
}

function declarations(driver: DriverFacts): Map<string, Told> {
	return byText(
		driver.declares.map((one: Declaration) => ({
			kind: 'declaration',
			text: `the ${one.table === 'of' ? 'device tree' : 'ACPI'} declaration of "${one.compatible}" ${
				one.callback === null ? 'without a callback' : `with the callback ${one.callback}`
			}${under(one.when)}`,
			evidence: [placeOf(driver, one)],
		})),
	);
}

function calls(driver: DriverFacts): Map<string, Told> {
	const core = (one: CoreCall): Told => ({
		kind: 'call',
		text: `${one.call}() in ${one.function}()${under(one.when)}`,
		evidence: [placeOf(driver, one)],
	});
	const busOps = (one: BusOps): Told => ({
		kind: 'call',
		text: `${one.call}(&${one.bus}) in ${one.function}()${under(one.when)}`,
		evidence: [placeOf(driver, one)],
	});
	return byText([
		...driver.busOps.map(busOps),
		...driver.deviceRegister.map(core),
		...driver.setFwnode.map(core),
	]);
}

/** How each call is reached, and what is asked on the way: of the earliest chain, which gives the style. */
function chains(driver: DriverFacts): Map<string, Told> {
	const told: Told[] = [];
	for (const { call, reachedFrom } of [...driver.busOps, ...driver.deviceRegister]) {
		const [chain] = [...reachedFrom].sort(compareChains);
		if (chain === undefined) continue;
		const entry = placeOf(driver, chain.entry);
		told.push({
			kind: 'path',
			text: `the path ${pathText(chain)} to ${call}()`,
			evidence: [entry],
		});
		for (const gate of chain.gates) {
			if (gate.kind === 'bound') continue;
			told.push({
				kind: 'gate',
				text: `the check ${gateText(gate)} before ${call}()`,
				evidence: [placeOf(driver, gate)],
			});
		}
		if (chain.when !== '') {
			told.push({
				kind: 'condition',
				text: `the condition ${chain.when} of ${call}()`,
				evidence: [entry],
			});
		}
	}
	return byText(told);
}

function pathText({ installer, entry, steps }: Chain): string {
	const from = entry.macro === '' ? entry.function : `${entry.macro}(${entry.function})`;
	const way = steps[0] === entry.function ? steps.slice(1) : steps;
	return [`by ${installer} from ${from}`, ...way].join(' > ');
}

function levelText({ level }: Chain): string {
	return level === undefined ? 'unknown' : `${level.name}${level.sync ? '_sync' : ''}`;
}

function gateText({ kind, negated, what }: PathGate): string {
	return `${negated ? 'not ' : ''}${kind} ${what}`;
}

function under(when: string): string {
	return when === '' ? '' : ` if ${when}`;
}

/** A place with the blob it is in, where it is one of the driver's own files. */
function placeOf(driver: DriverFacts, { path, line }: { path: string; line: number }): Evidence {
	const blob = driver.files.find((file) => file.path === path)?.blob;
	return blob === undefined ? { path, line } : { path, line, blob };
}
