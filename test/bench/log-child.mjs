/**
 * Runs the log of the built program over one folder, with a profile made for it from that of the IOMMU subsystem:
 * `node log-child.mjs REPO FOLDER`. It measures what a log of that folder costs, whatever profiles there are.
 */
import { runLog } from '../../dist/cli/engines/log.js';
import { iommu } from '../../dist/src/driver/profiles/iommu.js';

const [repo, folder] = process.argv.slice(2);
const profile = {
	...iommu,
	id: 'bench',
	covers: (path) => path.startsWith(`${folder}/`),
	folders: [folder],
	files: [],
	callers: [],
	// What drivers of u-boot call to be known, so that there are paths to search for.
	registerCalls: new Set(['mmc_register', 'mmc_create', 'mmc_bind', 'add_sdhci', 'sdhci_probe']),
};
const nothing = () => undefined;
const progress = { start: nothing, step: nothing, end: nothing };
const world = { cwd: process.cwd(), env: process.env, stdin: process.stdin };
const options = { paths: [folder], repo, noIndex: true, noCache: false, rev: [], progress };
await runLog(world, options, (record) => process.stdout.write(`${JSON.stringify(record)}\n`), [
	profile,
]);
