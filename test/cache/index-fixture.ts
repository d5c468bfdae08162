/**
 * A small kernel of our own for the tests of the release index: three releases of an invented
 * subsystem, and a source that serves them from memory.
 */
import { createHash } from 'node:crypto';
import type { FileId, ProfiledTree, ReleaseSource } from '../../cache/source.ts';
import { createExtractor } from '../../src/driver/extract.ts';
import type { FileFacts } from '../../src/driver/facts.ts';
import { linkTree } from '../../src/driver/link.ts';
import type { SourceFile } from '../../src/driver/profile.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { parseKconfig } from '../../src/kernel/kconfig.ts';
import { type Release, releasesFromTags } from '../../src/kernel/releases.ts';
import { FingerprintInterner, type Lines } from '../../src/patch/lines.ts';

const DRIVER = `#include <linux/iommu.h>

static const struct iommu_ops acme_ops = {
	.map = acme_map,
};

static int acme_probe(struct platform_device *pdev)
{
	return 0;
}

static struct platform_driver acme_driver = {
	.probe = acme_probe,
};

static int __init acme_init(void)
{
	int ret;

	ret = platform_driver_register(&acme_driver);
	if (ret < 0)
		return ret;
	bus_set_iommu(&platform_bus_type, &acme_ops);
	return 0;
}
subsys_initcall(acme_init);
`;

const CHECKED = DRIVER.replace(
	'\tret = platform',
	'\tif (!of_find_matching_node(NULL, acme_ids))\n\t\treturn 0;\n\tret = platform',
);

const CORE = `int bus_set_iommu(struct bus_type *bus, const struct iommu_ops *ops)
{
	if (bus->iommu_ops != NULL)
		return -EBUSY;
	return 0;
}
`;

const KCONFIG = `config IOMMU_SUPPORT
	bool "IOMMU Hardware Support"

config ACME_IOMMU
	bool "Acme"
	depends on IOMMU_SUPPORT
	depends on ARM64 || COMPILE_TEST

config UNRELATED
	bool "Something else"
`;

const ARCH = `config ARM64
	def_bool y
	select HAS_MUCH

config HAS_MUCH
	bool
`;

const OLD = {
	'drivers/iommu/Makefile': 'obj-$(CONFIG_ACME_IOMMU) += acme.o\n',
	'drivers/iommu/Kconfig': KCONFIG,
	'drivers/iommu/acme.c': DRIVER,
	'drivers/iommu/iommu.c': CORE,
	'arch/arm64/Kconfig': ARCH,
};

const TREES: Record<string, Record<string, string>> = {
	'v4.1': OLD,
	'v4.2': { ...OLD, 'drivers/iommu/acme.c': `/* Acme */\n${DRIVER}` },
	'v4.3': {
		...OLD,
		'drivers/iommu/acme.c': CHECKED.trimEnd(),
		// Moved and copied without a change: one blob at two paths.
		'drivers/iommu/acme-copy.c': DRIVER,
	},
};

/** Id of a text as git would name it. */
export function blobOf(text: string): string {
	const bytes = Buffer.from(text);
	return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Text of a file of a release; '' when there is none. */
export function textOf(release: string, path: string): string {
	return TREES[release]?.[path] ?? '';
}

/** The files of a release that belong into an index. */
export function filesOf(release: string): FileId[] {
	return Object.entries(TREES[release] ?? {})
		.filter(([path]) => path.startsWith('drivers/'))
		.map(([path, text]) => ({ path, blob: blobOf(text) }));
}

export const RELEASES: readonly Release[] = releasesFromTags(
	Object.keys(TREES).map((name, i) => ({
		name,
		commit: `${i}`.repeat(40),
		date: 1_400_000_000 + i * 10_000_000,
	})),
);

/** A key for the tree of a release. */
export function keyOf(release: string): string {
	return blobOf(JSON.stringify(TREES[release]));
}

/** Serves the releases above (or some of them) from memory, as a clone does. */
export async function memorySource(
	interner = new FingerprintInterner(),
	releases: readonly Release[] = RELEASES,
): Promise<ReleaseSource> {
	const extractor = await createExtractor();
	const texts = new Map(
		Object.values(TREES).flatMap((tree) =>
			Object.values(tree).map((text) => [blobOf(text), text] as const),
		),
	);
	const facts = (blob: string): FileFacts => extractor.extract(texts.get(blob) ?? '');
	const link = ({ name }: Release): ProfiledTree => {
		const tree = new Map<string, SourceFile>();
		for (const { path, blob } of filesOf(name)) {
			if (path.endsWith('.c')) tree.set(path, { path, blob, facts: facts(blob) });
		}
		const modules = [
			{
				symbol: 'ACME_IOMMU',
				sources: [{ path: 'drivers/iommu/acme.c', when: 'ACME_IOMMU' }],
				position: 0,
				at: { path: 'drivers/iommu/Makefile', line: 1 },
			},
		];
		const kconfig = ['drivers/iommu/Kconfig', 'arch/arm64/Kconfig'].map((path) =>
			parseKconfig(textOf(name, path), path),
		);
		return { facts: linkTree(iommu, tree, modules), modules, kconfig };
	};
	return {
		kind: 'clone',
		releases,
		blobIds: async (of, paths) =>
			of.map(({ name }) =>
				paths.map((path) => filesOf(name).find((file) => file.path === path)?.blob),
			),
		filesBelow: async ({ name }, folder) =>
			filesOf(name).filter(({ path }) => path.startsWith(`${folder}/`)),
		expandBlob: async () => undefined,
		lines: async (blobs) =>
			new Map<string, Lines>(blobs.map((blob) => [blob, interner.lines(texts.get(blob) ?? '')])),
		text: async (blobs) =>
			new Map(blobs.map((blob) => [blob, Buffer.from(texts.get(blob) ?? '')] as const)),
		fileFacts: async (files) => new Map(files.map(({ blob }) => [blob, facts(blob)] as const)),
		headers: async () => new Map(),
		profiled: async (of) => of.map(link),
		factsOfTexts: async (all) => all.map((text) => extractor.extract(text)),
		kconfig: async (of) => of.map((release) => link(release).kconfig),
		answers: async (of) => ({ trees: of.map(() => new Map()), joint: new Map() }),
		remember: async () => {},
		close: async () => {},
	};
}
