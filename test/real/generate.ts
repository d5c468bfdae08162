/**
 * Patches made at run time from real differences between neighbouring releases: whole files, and
 * single hunks of them. Those that touch registration come first.
 */
import { git } from './git.ts';

export interface GeneratedPatch {
	name: string;
	text: string;
}

const FOLDER = 'drivers/iommu/';
const REGISTRATION =
	/^[+-].*(?:initcall|bus_set_iommu|OF_DECLARE|of_find_matching_node|driver_register|platform_driver|iommu_device_|iommu_present)/gm;

/** At most `wanted` patches, spread evenly over the neighbours. */
export function generatePatches(
	repo: string,
	releases: readonly string[],
	wanted: number,
): GeneratedPatch[] {
	const share = Math.ceil(wanted / (releases.length - 1));
	const queues = releases.slice(1).map((to, i) => candidates(repo, releases[i] ?? to, to, share));
	const chosen: GeneratedPatch[] = [];
	for (let round = 0; chosen.length < wanted; round++) {
		const row = queues.map((queue) => queue[round]).filter((one) => one !== undefined);
		if (row.length === 0) break;
		chosen.push(...row);
	}
	return chosen.slice(0, wanted);
}

function candidates(repo: string, from: string, to: string, share: number): GeneratedPatch[] {
	const words = ['diff', '--no-renames', '--full-index', '--diff-filter=M', from, to, '--', FOLDER];
	const files = git(repo, ...words)
		.split(/^(?=diff --git )/m)
		.filter((diff) => /^\+\+\+ b\/.*\.c$/m.test(diff));
	const all = files.flatMap((diff) => variants(diff, `${from}..${to}`));
	const weight = ({ text }: GeneratedPatch): number => text.match(REGISTRATION)?.length ?? 0;
	return all.sort((a, b) => weight(b) - weight(a)).slice(0, share * 2);
}

/** A diff of one file as it is, and with only its hunk that touches registration most. */
function variants(diff: string, between: string): GeneratedPatch[] {
	const [head = '', ...hunks] = diff.split(/^(?=@@ )/m);
	const path = /^\+\+\+ b\/(.*)$/m.exec(head)?.[1] ?? '';
	const name = `${between} ${path}`;
	const message = `From: Nobody <nobody@example.com>\nSubject: [PATCH] ${name}\n\n---\n`;
	const found: GeneratedPatch[] = [{ name, text: message + diff }];
	const counts = hunks.map((hunk) => hunk.match(REGISTRATION)?.length ?? 0);
	const at = counts.indexOf(Math.max(...counts));
	const hunk = hunks[at];
	if (hunks.length > 1 && hunk !== undefined) {
		// The post-image of the whole diff is not that of one hunk.
		const alone = head.replace(/^(index [0-9a-f]+)\.\..*\n/m, '');
		found.push({ name: `${name} hunk ${at + 1}`, text: message + alone + hunk });
	}
	return found;
}
