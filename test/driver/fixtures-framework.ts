/**
 * The IOMMU framework as it was in several releases, in a few lines each: of the same shape as the
 * real files where a capability is read, with text of our own.
 */
import type { Sources } from './fixtures.ts';

/** Releases whose framework is told apart. */
export const ERAS = [
	'v3.18',
	'v4.1',
	'v4.9',
	'v4.11',
	'v4.12',
	'v4.16',
	'v4.19',
	'v6.1',
	'v6.12',
] as const;
export type FrameworkEra = (typeof ERAS)[number];

/** The files of the framework in one release. */
export function framework(era: FrameworkEra): Sources {
	const at = ERAS.indexOf(era);
	const since = (other: FrameworkEra): boolean => at >= ERAS.indexOf(other);
	return {
		'drivers/iommu/of_iommu.c': ofIommu(era),
		'drivers/iommu/iommu.c': since('v6.1') ? CORE_INSTALLS : CORE_FIRST_WINS,
		'include/linux/iommu.h': header(since),
		'include/linux/of_iommu.h': ofHeader(since),
		'drivers/base/dd.c': since('v4.12') && !since('v6.1') ? DD_CONFIGURES : DD,
		'drivers/base/platform.c': since('v6.1') ? BUS_CONFIGURES : BUS,
		'drivers/of/platform.c': since('v4.12') ? CREATES : CREATES_AND_CONFIGURES,
		'arch/arm/kernel/setup.c':
			era === 'v4.1' ? SETUP.replace('CALL', '\tof_iommu_init();\n') : SETUP.replace('CALL', ''),
	};
}

const SETUP = `static int __init customize_machine(void)
{
CALL	of_platform_populate(NULL, of_default_bus_match_table, NULL, NULL);
	return 0;
}
arch_initcall(customize_machine);
`;

function ofIommu(era: FrameworkEra): string {
	switch (era) {
		case 'v3.18':
			return WINDOW;
		case 'v4.1':
			return `${LIST}${configure('of_iommu_get_ops(spec.np)')}${callbacks('void')}`;
		case 'v4.9':
			return `${LIST}${configure('of_iommu_get_ops(spec.np)')}${callbacks('static int')}postcore_initcall_sync(of_iommu_init);\n`;
		case 'v4.11':
			return `${configure('iommu_ops_from_fwnode(&spec.np->fwnode)')}${callbacks('static int')}postcore_initcall_sync(of_iommu_init);\n`;
		case 'v4.12':
			return `${PRESENT}${XLATE_DECLARED}${configure('of_iommu_xlate(dev, &spec)', AGAIN)}${callbacks('static int')}postcore_initcall_sync(of_iommu_init);\n`;
		case 'v4.16':
			return `${PRESENT}${XLATE_DECLARED}${configure('of_iommu_xlate(dev, &spec)', AGAIN)}`;
		case 'v4.19':
		case 'v6.1':
			return `${XLATE_ALL}${configure('of_iommu_xlate(dev, &spec)', AGAIN)}`;
		case 'v6.12':
			return `${XLATE_FWSPEC_FIRST}${configure('of_iommu_xlate(dev, &spec)', AGAIN)}`;
	}
}

const WINDOW = `#include <linux/of_iommu.h>

int of_get_dma_window(struct device_node *dn, const char *prefix)
{
	return dn ? 0 : -EINVAL;
}
EXPORT_SYMBOL_GPL(of_get_dma_window);
`;

const LIST = `static LIST_HEAD(of_iommu_list);

void of_iommu_set_ops(struct device_node *np, struct iommu_ops *ops)
{
	list_add_tail(&make_node(np, ops)->list, &of_iommu_list);
}

struct iommu_ops *of_iommu_get_ops(struct device_node *np)
{
	return find_node(&of_iommu_list, np);
}

`;

/** From v4.12 a device that the driver refused is asked for again. */
const AGAIN =
	'\n\tif (!IS_ERR_OR_NULL(ops) && ops->add_device && !dev->iommu_group)\n\t\tops->add_device(dev);\n';

function configure(lookup: string, again = ''): string {
	return `const struct iommu_ops *of_iommu_configure(struct device *dev,
					   struct device_node *master_np)
{
	const struct iommu_ops *ops = NULL;
	struct of_phandle_args spec;
	int idx = 0;

	while (!of_parse_phandle_with_args(master_np, "iommus", "#iommu-cells",
					   idx++, &spec)) {
		ops = ${lookup};
		of_node_put(spec.np);
	}
${again}
	return ops;
}

`;
}

function callbacks(returns: string): string {
	return `${returns} __init of_iommu_init(void)
{
	struct device_node *np;
	const struct of_device_id *match, *matches = &__iommu_of_table;

	for_each_matching_node_and_match(np, matches, &match) {
		const of_iommu_init_fn init_fn = match->data;

		if (init_fn && init_fn(np))
			pr_err("no IOMMU\\n");
	}
}
`;
}

const PRESENT = `static bool of_iommu_driver_present(struct device_node *np)
{
	if (system_state > SYSTEM_BOOTING)
		return false;

	return of_match_node(&__iommu_of_table, np);
}

`;

const XLATE_DECLARED = `static const struct iommu_ops *of_iommu_xlate(struct device *dev,
					      struct of_phandle_args *spec)
{
	const struct iommu_ops *ops = iommu_ops_from_fwnode(&spec->np->fwnode);

	if (!ops && !of_iommu_driver_present(spec->np))
		return NULL;
	/* Come again: -EPROBE_DEFER is what makes the master wait. */
	if (!ops)
		return ERR_PTR(-EPROBE_DEFER);

	return ops->of_xlate(dev, spec) ? NULL : ops;
}

`;

const XLATE_ALL = `static int of_iommu_xlate(struct device *dev, struct of_phandle_args *spec)
{
	const struct iommu_ops *ops = iommu_ops_from_fwnode(&spec->np->fwnode);

	if (!ops)
		return driver_deferred_probe_check_state(dev);

	return ops->of_xlate(dev, spec);
}

`;

const XLATE_FWSPEC_FIRST = `static int of_iommu_xlate(struct device *dev, struct of_phandle_args *spec)
{
	const struct iommu_ops *ops;
	int ret = iommu_fwspec_init(dev, of_fwnode_handle(spec->np));

	if (ret == -EPROBE_DEFER)
		return driver_deferred_probe_check_state(dev);
	if (ret)
		return ret;

	ops = iommu_ops_from_fwnode(&spec->np->fwnode);
	return ops->of_xlate(dev, spec);
}

`;

const CORE_FIRST_WINS = `static int add_iommu_group(struct device *dev, void *data)
{
	const struct iommu_ops *ops = data;

	if (!ops->add_device)
		return 0;
	return ops->add_device(dev);
}

static int iommu_bus_init(struct bus_type *bus, const struct iommu_ops *ops)
{
	return bus_for_each_dev(bus, NULL, (void *)ops, add_iommu_group);
}

int bus_set_iommu(struct bus_type *bus, const struct iommu_ops *ops)
{
	if (ops == NULL) {
		bus->iommu_ops = NULL;
		return 0;
	}

	if (bus->iommu_ops != NULL)
		return -EBUSY;

	bus->iommu_ops = ops;
	return iommu_bus_init(bus, ops);
}
EXPORT_SYMBOL_GPL(bus_set_iommu);

bool iommu_present(struct bus_type *bus)
{
	return bus->iommu_ops != NULL;
}
`;

const CORE_INSTALLS = `static int __iommu_probe_device(struct device *dev)
{
	const struct iommu_ops *ops = dev_iommu_ops(dev);

	return PTR_ERR_OR_ZERO(ops->probe_device(dev));
}

static int probe_iommu_group(struct device *dev, void *data)
{
	return __iommu_probe_device(dev);
}

static int bus_iommu_probe(const struct bus_type *bus)
{
	return bus_for_each_dev(bus, NULL, NULL, probe_iommu_group);
}

int iommu_device_register(struct iommu_device *iommu,
			  const struct iommu_ops *ops, struct device *hwdev)
{
	int err = 0;

	if (iommu_buses[0]->iommu_ops && iommu_buses[0]->iommu_ops != ops)
		return -EBUSY;

	list_add_tail(&iommu->list, &iommu_device_list);
	for (int i = 0; i < ARRAY_SIZE(iommu_buses) && !err; i++)
		err = bus_iommu_probe(iommu_buses[i]);

	return err;
}
`;

function header(since: (era: FrameworkEra) => boolean): string {
	const lines = ['#ifndef __LINUX_IOMMU_H', '#define __LINUX_IOMMU_H'];
	if (!since('v6.1')) {
		lines.push('extern int bus_set_iommu(struct bus_type *bus, const struct iommu_ops *ops);');
	}
	lines.push('extern bool iommu_present(struct bus_type *bus);');
	if (since('v6.1')) {
		lines.push(
			'int iommu_device_register(struct iommu_device *iommu,',
			'\t\t\t  const struct iommu_ops *ops,',
			'\t\t\t  struct device *hwdev);',
		);
	} else if (since('v4.11')) {
		lines.push(
			'int iommu_device_register(struct iommu_device *iommu);',
			'static inline void iommu_device_set_ops(struct iommu_device *iommu,',
			'\t\t\t\t\tconst struct iommu_ops *ops)',
			'{',
			'\tiommu->ops = ops;',
			'}',
			'static inline void iommu_device_set_fwnode(struct iommu_device *iommu,',
			'\t\t\t\t\t   struct fwnode_handle *fwnode)',
			'{',
			'\tiommu->fwnode = fwnode;',
			'}',
		);
	}
	return `${lines.join('\n')}\n#endif\n`;
}

function ofHeader(since: (era: FrameworkEra) => boolean): string {
	if (!since('v4.1') || since('v4.19'))
		return '#ifndef __OF_IOMMU_H\n#define __OF_IOMMU_H\n#endif\n';
	const declare = since('v4.16')
		? '#define IOMMU_OF_DECLARE(name, compat)	OF_DECLARE_1(iommu, name, compat, NULL)\n'
		: '#define IOMMU_OF_DECLARE(name, compat, fn) \\\n\t_OF_DECLARE(iommu, name, compat, fn, of_iommu_init_fn)\n';
	return `#ifndef __OF_IOMMU_H\n#define __OF_IOMMU_H\n${declare}#endif\n`;
}

const DD_CONFIGURES = `static int really_probe(struct device *dev, struct device_driver *drv)
{
	int ret = dma_configure(dev);

	return ret ? ret : drv->probe(dev);
}
`;
const DD = `static int really_probe(struct device *dev, struct device_driver *drv)
{
	return drv->probe(dev);
}
`;
const BUS = 'struct bus_type platform_bus_type = {\n\t.name = "platform",\n};\n';
const BUS_CONFIGURES =
	'struct bus_type platform_bus_type = {\n\t.name = "platform",\n\t.dma_configure = platform_dma_configure,\n};\n';
const CREATES = `static struct platform_device *of_platform_device_create_pdata(struct device_node *np)
{
	return of_device_alloc(np, NULL, NULL);
}
`;
const CREATES_AND_CONFIGURES = `static struct platform_device *of_platform_device_create_pdata(struct device_node *np)
{
	struct platform_device *dev = of_device_alloc(np, NULL, NULL);

	of_dma_configure(&dev->dev, dev->dev.of_node);
	return dev;
}
`;
