/**
 * Source of the miniature kernel outside its drivers: the IOMMU framework, and what the other
 * modules make. Written for the tests; short, but in the kernel's shape.
 */
import {
	ARM_KCONFIG,
	ARM64_KCONFIG,
	iommuKconfig,
	iommuMakefile,
	makefile,
} from './miniature-build.ts';
import type { Era } from './miniature-era.ts';
import { INIT_HEADER, iommuHeader, ofIommuHeader, PLATFORM_HEADER } from './miniature-headers.ts';

/** Path to text of everything but the drivers. */
export function frameworkFiles(era: Era): Record<string, string> {
	return {
		Makefile: makefile(era),
		Kconfig:
			'mainmenu "Linux/$(ARCH) Kernel Configuration"\n\nsource "arch/$(SRCARCH)/Kconfig"\n\nsource "drivers/Kconfig"\n',
		'arch/arm/Kconfig': ARM_KCONFIG,
		'arch/arm64/Kconfig': ARM64_KCONFIG,
		'drivers/Kconfig': 'menu "Device Drivers"\n\nsource "drivers/iommu/Kconfig"\n\nendmenu\n',
		'drivers/Makefile': 'obj-y\t\t\t\t+= iommu/\nobj-y\t\t\t\t+= base/\n',
		'drivers/base/Makefile': 'obj-y\t\t\t:= dd.o\n',
		'drivers/base/dd.c': ddSource(era),
		'drivers/iommu/Kconfig': iommuKconfig(era),
		'drivers/iommu/Makefile': iommuMakefile(era),
		'drivers/iommu/iommu.c': iommuSource(era),
		'drivers/iommu/of_iommu.c': ofIommuSource(era),
		'include/linux/init.h': INIT_HEADER,
		'include/linux/iommu.h': iommuHeader(era),
		'include/linux/of_iommu.h': ofIommuHeader(era),
		'include/linux/platform_device.h': PLATFORM_HEADER,
	};
}

function iommuSource(era: Era): string {
	const install = era.coreInstalls
		? `static struct bus_type * const iommu_buses[] = {
	&platform_bus_type,
};

int iommu_device_register(struct iommu_device *iommu,
			  const struct iommu_ops *ops, struct device *hwdev)
{
	int i, err = 0;

	if (iommu_buses[0]->iommu_ops && iommu_buses[0]->iommu_ops != ops)
		return -EBUSY;

	iommu->ops = ops;
	list_add_tail(&iommu->list, &iommu_device_list);

	for (i = 0; i < ARRAY_SIZE(iommu_buses) && !err; i++) {
		iommu_buses[i]->iommu_ops = ops;
		err = bus_iommu_probe(iommu_buses[i]);
	}

	return err;
}
EXPORT_SYMBOL_GPL(iommu_device_register);
`
		: `${
				era.deviceRegister
					? `int iommu_device_register(struct iommu_device *iommu)
{
	spin_lock(&iommu_device_lock);
	list_add_tail(&iommu->list, &iommu_device_list);
	spin_unlock(&iommu_device_lock);

	return 0;
}
EXPORT_SYMBOL_GPL(iommu_device_register);

`
					: ''
			}/**
 * bus_set_iommu - set the iommu ops of a bus
 * @bus: the bus
 * @ops: the callbacks of the driver
 */
int bus_set_iommu(struct bus_type *bus, const struct iommu_ops *ops)
{
	if (bus->iommu_ops != NULL)
		return -EBUSY;

	bus->iommu_ops = ops;

	return iommu_bus_init(bus, ops);
}
EXPORT_SYMBOL_GPL(bus_set_iommu);
`;
	return `#include <linux/device.h>
#include <linux/init.h>
#include <linux/iommu.h>

static LIST_HEAD(iommu_device_list);
static DEFINE_SPINLOCK(iommu_device_lock);

${install}
bool iommu_present(struct bus_type *bus)
{
	return bus->iommu_ops != NULL;
}
EXPORT_SYMBOL_GPL(iommu_present);

static int __init iommu_init(void)
{
	return iommu_group_kset_create();
}
core_initcall(iommu_init);
`;
}

function ofIommuSource(era: Era): string {
	const head = '#include <linux/iommu.h>\n#include <linux/of.h>\n#include <linux/of_iommu.h>\n\n';
	const table =
		era.declareArity === 0
			? ''
			: 'static const struct of_device_id __iommu_of_table_sentinel\n\t__used __section(__iommu_of_table_end);\n\n';
	if (era.lookup === 'never') {
		return `${head}${table}const struct iommu_ops *of_iommu_configure(struct device *dev,
					   struct device_node *master_np)
{
	struct of_phandle_args iommu_spec;
	const struct iommu_ops *ops = NULL;
	int idx = 0;

	while (!of_parse_phandle_with_args(master_np, "iommus",
					   "#iommu-cells", idx,
					   &iommu_spec)) {
		ops = of_iommu_get_ops(iommu_spec.np);
		of_node_put(iommu_spec.np);
		if (!ops || !ops->of_xlate || ops->of_xlate(dev, &iommu_spec))
			return NULL;
		idx++;
	}

	return ops;
}

static int __init of_iommu_init(void)
{
	struct device_node *np;
	const struct of_device_id *match, *matches = &__iommu_of_table;

	for_each_matching_node_and_match(np, matches, &match) {
		const of_iommu_init_fn init_fn = match->data;

		if (init_fn(np))
			pr_err("Failed to initialise IOMMU %s\\n", np->full_name);
	}

	return 0;
}
postcore_initcall_sync(of_iommu_init);
`;
	}
	const present =
		era.lookup === 'all'
			? ''
			: `static bool of_iommu_driver_present(struct device_node *np)
{
	if (system_state > SYSTEM_BOOTING)
		return false;

	return of_match_node(&__iommu_of_table, np);
}

`;
	const unavailable =
		era.lookup === 'all'
			? `	if ((ops && !ops->of_xlate) ||
	    !of_device_is_available(iommu_spec->np))
		return NO_IOMMU;
`
			: `	if ((ops && !ops->of_xlate) ||
	    !of_device_is_available(iommu_spec->np) ||
	    (!ops && !of_iommu_driver_present(iommu_spec->np)))
		return NO_IOMMU;
`;
	const wait = era.lookup === 'all' ? 'driver_deferred_probe_check_state(dev)' : '-EPROBE_DEFER';
	return `${head}#define NO_IOMMU	1

${table}${present}static int of_iommu_xlate(struct device *dev,
			  struct of_phandle_args *iommu_spec)
{
	const struct iommu_ops *ops;
	int err;

	ops = iommu_ops_from_fwnode(&iommu_spec->np->fwnode);
${unavailable}
	err = iommu_fwspec_init(dev, &iommu_spec->np->fwnode, ops);
	if (err)
		return err;

	if (!ops)
		return ${wait};

	return ops->of_xlate(dev, iommu_spec);
}

const struct iommu_ops *of_iommu_configure(struct device *dev,
					   struct device_node *master_np)
{
	struct of_phandle_args iommu_spec;
	int err = NO_IOMMU, idx = 0;

	while (!of_parse_phandle_with_args(master_np, "iommus",
					   "#iommu-cells", idx,
					   &iommu_spec)) {
		err = of_iommu_xlate(dev, &iommu_spec);
		of_node_put(iommu_spec.np);
		idx++;
		if (err)
			break;
	}

	if (err == -EPROBE_DEFER)
		return ERR_PTR(err);

	return err ? NULL : dev->iommu_fwspec->ops;
}
${era.declareArity === 3 ? OF_INIT : ''}`;
}

/** The callbacks of declared drivers, while there are any. */
const OF_INIT = `
static int __init of_iommu_init(void)
{
	struct device_node *np;
	const struct of_device_id *match, *matches = &__iommu_of_table;

	for_each_matching_node_and_match(np, matches, &match) {
		const of_iommu_init_fn init_fn = match->data;

		if (init_fn && init_fn(np))
			pr_err("Failed to initialise IOMMU %s\\n", np->full_name);
	}

	return 0;
}
postcore_initcall_sync(of_iommu_init);
`;

function ddSource(era: Era): string {
	const configure = era.dmaAtProbe
		? `	ret = dma_configure(dev);
	if (ret)
		goto dma_failed;

`
		: '';
	return `#include <linux/device.h>
#include <linux/platform_device.h>

static int really_probe(struct device *dev, struct device_driver *drv)
{
	int ret = 0;

	dev->driver = drv;

${configure}	if (dev->bus->probe)
		ret = dev->bus->probe(dev);
	else if (drv->probe)
		ret = drv->probe(dev);
	if (ret)
		goto probe_failed;

	driver_bound(dev);
	return 1;

probe_failed:
${era.dmaAtProbe ? '\tdma_deconfigure(dev);\ndma_failed:\n' : ''}	if (ret == -EPROBE_DEFER)
		driver_deferred_probe_add(dev);
	dev->driver = NULL;
	return ret;
}
`;
}
