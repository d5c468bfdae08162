/** Small trees for the tests of linking: sources by path, linked as a release is, and parts of drivers. */
import { createExtractor, type Extractor } from '../../src/driver/extract.ts';
import { including, withIncluded } from '../../src/driver/included.ts';
import { linkTree, type ModuleSources } from '../../src/driver/link.ts';
import type { BusOps, DriverFacts, TreeFacts } from '../../src/driver/model.ts';
import type { Profile, SourceFile } from '../../src/driver/profile.ts';
import { iommu } from '../../src/driver/profiles/iommu.ts';
import { styles } from '../../src/driver/style.ts';
import { unlisted } from '../../src/driver/unlisted.ts';
import type { Assignment } from '../../src/kernel/condition.ts';
import { linkOrder, modules } from '../../src/kernel/link-order.ts';
import { parseMakefile } from '../../src/kernel/makefile.ts';
import { gitBlobId } from '../../src/patch/apply.ts';

/** Path to text. */
export type Sources = Readonly<Record<string, string>>;

export interface Linked {
	facts: TreeFacts;
	modules: readonly ModuleSources[];
	files: ReadonlyMap<string, SourceFile>;
}

export const MAKEFILE = 'drivers/iommu/Makefile';

let loading: Promise<Extractor> | undefined;

/** One parser for all tests. */
export function sharedExtractor(): Promise<Extractor> {
	loading ??= createExtractor();
	return loading;
}

/** Links a tree; without a Makefile of its own, every driver is a module, in the order given. */
export async function linked(sources: Sources, profile: Profile = iommu): Promise<Linked> {
	const extractor = await sharedExtractor();
	const files = new Map<string, SourceFile>();
	for (const [path, text] of Object.entries(sources)) {
		if (!/\.[ch]$/.test(path)) continue;
		const blob = gitBlobId(Buffer.from(text));
		files.set(path, { path, blob, facts: extractor.extract(text, profile.interest) });
	}
	const makefiles = { [MAKEFILE]: makefileOf(sources), ...sources };
	const parsed = new Map(
		Object.entries(makefiles)
			.filter(([path]) => path.endsWith('/Makefile'))
			.map(([path, text]) => [path, parseMakefile(text)] as const),
	);
	const listed = modules(linkOrder(parsed, profile.folders));
	const own = [...files.keys()].filter((path) => path.startsWith(`${profile.folders[0]}/`));
	const by = including(files.values(), (path) => files.has(path));
	const list =
		profile.anyDriver === undefined
			? listed
			: [...withIncluded([...listed, ...unlisted(own.sort(), listed)], by)];
	return { facts: linkTree(profile, files, list), modules: list, files };
}

function makefileOf(sources: Sources): string {
	return Object.keys(sources)
		.map((path) => /^drivers\/iommu\/([\w-]+)\.c$/.exec(path)?.[1])
		.filter((base) => base !== undefined && base !== 'iommu' && base !== 'of_iommu')
		.map((base) => `obj-$(CONFIG_${symbolOf(base ?? '')}) += ${base}.o\n`)
		.join('');
}

/** `acme-mmu` → ACME_MMU */
export function symbolOf(driver: string): string {
	return driver.toUpperCase().replaceAll('-', '_');
}

/** A driver of a linked tree by name. */
export function driverIn({ facts }: Linked, name: string): DriverFacts {
	const found = facts.drivers.find(({ driver }) => driver === name);
	if (found === undefined) {
		const known = facts.drivers.map(({ driver }) => driver).join(', ');
		throw new Error(`no driver ${name}; there are: ${known}`);
	}
	return found;
}

/** The one installation call of a driver. */
export function onlyBusOps(driver: DriverFacts): BusOps {
	const [ops, ...more] = driver.busOps;
	if (ops === undefined || more.length > 0) {
		throw new Error(`${driver.driver} has ${driver.busOps.length} installation calls`);
	}
	return ops;
}

/** Styles of a driver under a configuration; names that are not given are left open. */
export function stylesIn(
	tree: Linked,
	name: string,
	values: Readonly<Record<string, 'y' | 'n'>> = {},
): string[] {
	return styles(driverIn(tree, name), tree.facts, assign(values));
}

/** Values as an assignment. */
export function assign(values: Readonly<Record<string, 'y' | 'n'>>): Assignment {
	return (name) => values[name];
}

/** The line that takes the platform bus. */
export const TAKE = '\tbus_set_iommu(&platform_bus_type, &NAME_ops);\n';
/** The same, unless somebody has it already. */
export const TAKE_IF_FREE = `\tif (!iommu_present(&platform_bus_type))\n\t${TAKE}`;
/** Returns unless the device tree has the driver's hardware. */
export const LOOK = `	np = of_find_matching_node(NULL, NAME_ids);
	if (!np)
		return 0;

	of_node_put(np);
`;
/** Registers with the core of v4.11 and later. */
export const REGISTER = `	iommu_device_set_ops(&mmu->iommu, &NAME_ops);
	iommu_device_set_fwnode(&mmu->iommu, &pdev->dev.of_node->fwnode);
	ret = iommu_device_register(&mmu->iommu);
	if (ret)
		return ret;
`;

/**
 * A platform driver in the kernel's shape. NAME stands for its name in all texts.
 * @param probe statements of its probe function
 * @param tail what follows the driver struct: its initcall, driver macro, declarations
 */
export function driverSource(name: string, parts: { probe?: string; tail: string }): string {
	return `#include <linux/iommu.h>
#include <linux/platform_device.h>

static const struct iommu_ops NAME_ops = {
	.attach_dev = NAME_attach_dev,
};

static const struct of_device_id NAME_ids[] = {
	{ .compatible = "maker,NAME", },
	{ }
};

static int NAME_probe(struct platform_device *pdev)
{
	struct NAME_mmu *mmu;
	int ret = 0;

	mmu = devm_kzalloc(&pdev->dev, sizeof(*mmu), GFP_KERNEL);
	if (!mmu)
		return -ENOMEM;

${parts.probe ?? ''}	platform_set_drvdata(pdev, mmu);

	return 0;
}

static struct platform_driver NAME_driver = {
	.driver = {
		.name = "NAME",
		.of_match_table = of_match_ptr(NAME_ids),
	},
	.probe = NAME_probe,
};

${parts.tail}`.replaceAll('NAME', name.replaceAll('-', '_'));
}

/** An initcall of a driver that registers it and runs some statements. */
export function initcall(
	macro: string,
	statements: string,
	{ first = '' }: { first?: string } = {},
): string {
	return `static int __init NAME_init(void)
{
	struct device_node *np;
	int ret;

${first}	ret = platform_driver_register(&NAME_driver);
	if (ret < 0)
		return ret;

${statements}	return 0;
}
${macro}(NAME_init);
`;
}

/** A declared callback that registers the driver and, unless told otherwise, creates the device. */
export function declaredCallback({ creates = true } = {}): string {
	const create = creates
		? '\tif (!of_platform_device_create(np, NULL, platform_bus_type.dev_root))\n\t\treturn -ENODEV;\n'
		: '';
	return `static int __init NAME_register(void)
{
	static bool registered;
	int ret = 0;

	if (!registered) {
		ret = platform_driver_register(&NAME_driver);
		registered = !ret;
	}

	return ret;
}

static int __init NAME_of_setup(struct device_node *np)
{
	int ret = NAME_register();

	if (ret)
		return ret;

${create}	return 0;
}
IOMMU_OF_DECLARE(NAME, "maker,NAME", NAME_of_setup);
`;
}
