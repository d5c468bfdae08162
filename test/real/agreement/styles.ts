/** How drivers are registered against keys that were read in the sources by eye. */
import { resolve } from 'node:path';
import { openNativeStore } from '../../../src/git/native-store.ts';
import type { ObjectStore } from '../../../src/git/store.ts';
import { checkStyles } from '../checks.ts';
import { againstKey, foundIn, releasesByTag } from '../drivers.ts';
import { explainDriver } from '../drivers-explained.ts';
import { DRIVERS, type DriverKey } from '../drivers-key.ts';
import { judgeByIndex } from '../judge.ts';
import { type Part, Tally } from './part.ts';

/** Drivers looked at in a slice. */
const SLICE = 4;

export function stylesPart(ladder: string): Part {
	let opened: Promise<ObjectStore> | undefined;
	const store = () => {
		opened ??= openNativeStore(resolve(ladder), { env: process.env });
		return opened;
	};
	return {
		name: 'styles',
		what: 'how a driver is registered in a release: style, macros, levels, lines',
		oracle: 'keys read in the sources by eye',
		async *slices() {
			for (let at = 0; at < DRIVERS.length; at += SLICE) {
				const keys = DRIVERS.slice(at, at + SLICE);
				const id = keys.map(({ path, release }) => `${release}:${path}`).join(' ');
				yield { id, run: async () => compareDrivers(await store(), keys) };
			}
			yield { id: 'IOMMUs, by the index', run: compareByIndex };
		},
		close: async () => (await opened)?.close(),
	};
}

async function compareDrivers(store: ObjectStore, keys: readonly DriverKey[]): Promise<Tally> {
	const tally = new Tally();
	const releases = await releasesByTag(store);
	for (const key of keys) {
		const release = releases.get(key.release);
		if (release === undefined) throw new Error(`no release ${key.release} in the ladder`);
		const problems = againstKey(await foundIn(store, release, key.path), key);
		const kind = key.path.split('/').slice(1, -1).join('/');
		if (problems.length === 0) tally.agreed(kind);
		else {
			const line = `${key.release} ${key.path}: ${problems.join('; ')}`;
			tally.differs(explainDriver(key), line, kind);
		}
	}
	return tally;
}

/** The older key, of IOMMUs alone: styles over the releases of the index. */
async function compareByIndex(): Promise<Tally> {
	const tally = new Tally();
	const judge = await judgeByIndex({
		cwd: process.cwd(),
		env: process.env,
		stdin: process.stdin,
	});
	try {
		const { problems, pairs } = checkStyles(await judge.styles());
		for (const problem of problems) tally.differs(undefined, problem, 'iommu');
		for (let i = problems.length; i < pairs; i++) tally.agreed('iommu');
	} finally {
		await judge.close();
	}
	return tally;
}
