/**
 * What each rule says of real changes, to be read by a person:
 *
 *   npm run test:rules -- LADDER_DIR [--count N] [--rule ID] [--by-clone]
 *
 * Patches are the differences of single files of drivers/iommu between neighbouring releases, and single
 * hunks of them; each is put into every release of the index. Counted is a finding once for each patch, with the
 * releases it is found in. LADDER_DIR is a repository with the releases of the index as tags.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineWorld } from '../../cli/engine.ts';
import { rules } from '../../src/range/rules/index.ts';
import type { Rule } from '../../src/range/situation.ts';
import { generatePatches } from './generate.ts';
import { judgeByClone, judgeByIndex } from './judge.ts';

interface Finding {
	rule: string;
	code: string;
	text: string;
	where: string;
	/** Configurations of releases. */
	times: number;
	patches: Set<string>;
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		count: { type: 'string', default: '400' },
		rule: { type: 'string' },
		'by-clone': { type: 'boolean', default: false },
	},
});
const [ladder] = positionals;
if (ladder === undefined) throw new Error('usage: npm run test:rules -- LADDER_DIR');
const repo = resolve(ladder);
const cache = mkdtempSync(join(tmpdir(), 'rangefinder-rules-'));
const env = { ...process.env, RANGEFINDER_CACHE: cache };
const world: EngineWorld = { cwd: process.cwd(), env, stdin: process.stdin };

const findings = new Map<string, Finding>();
let patch = '';
let asked = 0;

/** A rule that notes what it finds. */
function noting(rule: Rule): Rule {
	return {
		...rule,
		check(situation) {
			asked++;
			const found = rule.check(situation);
			for (const { code, text, evidence } of found) {
				const [first] = evidence;
				const driver = situation.before.driver;
				const key = `${rule.id}\0${code}\0${driver}\0${text}`;
				const where = `${driver} ${first?.path ?? ''}:${first?.line ?? 0}`;
				const known = findings.get(key);
				const one = known ?? { rule: rule.id, code, text, where, times: 0, patches: new Set() };
				one.times++;
				one.patches.add(patch);
				findings.set(key, one);
			}
			return found;
		},
	};
}

const judge = values['by-clone'] ? await judgeByClone(repo, world) : await judgeByIndex(world);
try {
	const patches = generatePatches(repo, judge.releases, Number(values.count));
	const verdicts = new Map<string, number>();
	for (const { name, text } of patches) {
		patch = name;
		const report = await judge.range(Buffer.from(text), name, rules.map(noting));
		for (const { byConfig } of report.releases) {
			for (const { verdict } of byConfig) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
		}
	}
	const counts = rules.map(({ id }) => {
		const own = [...findings.values()].filter(({ rule }) => rule === id);
		const by = new Set(own.flatMap((one) => [...one.patches]));
		return `${id}: ${own.length} findings in ${by.size} patches`;
	});
	console.log(`${patches.length} patches, ${judge.releases.length} releases`);
	console.log(`${asked / rules.length} configurations of releases in which the rules were asked`);
	console.log([...verdicts].map(([verdict, n]) => `${verdict} ${n}`).join(', '));
	console.log(counts.join('\n'));
	for (const { rule, code, text, where, times, patches: by } of findings.values()) {
		if (values.rule !== undefined && values.rule !== rule) continue;
		console.log(
			`\n${rule} ${code} ${where} (${times} times)\n  ${text}\n  ${[...by].join('\n  ')}`,
		);
	}
} finally {
	await judge.close();
	rmSync(cache, { recursive: true, force: true });
}
