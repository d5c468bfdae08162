/** Small drivers whose ops are called back when they are installed, for the tests of traces and late state. */
import { linked } from './fixtures.ts';

/** The parts of a driver that keeps its instances in a list that add_device() walks. */
export interface Parts {
	/** Between the list and the callback: further state, macros, helpers. */
	state?: string;
	/** Statements of the callback; by default it walks the list. */
	callback?: string;
	/** Statements of probe behind the allocation. */
	probe?: string;
	/** What follows the driver struct. */
	tail?: string;
}

export const WALK = `	list_for_each_entry(mmu, &foo_list, node)
		if (foo_owns(mmu, dev))
			return foo_attach(mmu, dev);
`;
export const INSTALL = '\tbus_set_iommu(&platform_bus_type, &foo_ops);\n';
export const ADD = '\tlist_add(&mmu->node, &foo_list);\n';

/** The source of such a driver. */
export function listDriver(parts: Parts = {}): string {
	const { state = '', callback = WALK, probe = '' } = parts;
	const { tail = 'module_platform_driver(foo_driver);\n' } = parts;
	return `#include <linux/iommu.h>

static DEFINE_SPINLOCK(foo_lock);
static LIST_HEAD(foo_list);
static LIST_HEAD(other_list);
static struct foo_mmu *the_mmu;
static bool foo_ready;
${state}
static int foo_add_device(struct device *dev)
{
	struct foo_mmu *mmu;

${callback}	return -ENODEV;
}

static const struct iommu_ops foo_ops = {
	.add_device = foo_add_device,
};

static int foo_probe(struct platform_device *pdev)
{
	struct foo_mmu *mmu;
	int ret;

	mmu = devm_kzalloc(&pdev->dev, sizeof(*mmu), GFP_KERNEL);
	if (!mmu)
		return -ENOMEM;

${probe}	return 0;
}

static int foo_remove(struct platform_device *pdev)
{
	list_del(&mmu_of(pdev)->node);
	list_del(&foo_list);
	return 0;
}

static struct platform_driver foo_driver = {
	.driver = { .name = "foo" },
	.probe = foo_probe,
	.remove = foo_remove,
};

${tail}`;
}

/** What a driver has late: `variable read@function write@function`, with condition and doubt where there are. */
export async function lateIn(source: string): Promise<string[]> {
	const { facts } = await linked({ 'drivers/iommu/foo.c': source });
	const calls = facts.drivers.flatMap(({ busOps, deviceRegister }) => [
		...busOps,
		...deviceRegister,
	]);
	return calls
		.flatMap(({ late = [] }) => late)
		.map(({ variable, read, write, when, doubt }) =>
			[
				`${variable} read@${read.function} write@${write.function}`,
				...(when === '' ? [] : [`when ${when}`]),
				...(doubt === undefined ? [] : [`? ${doubt}`]),
			].join(' '),
		);
}
