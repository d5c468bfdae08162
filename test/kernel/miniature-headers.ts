/** Headers of the miniature kernel, as they are in one era. */
import type { Era } from './miniature-era.ts';

export const INIT_HEADER = `#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#define core_initcall(fn)		__define_initcall(fn, 1)
#define postcore_initcall(fn)		__define_initcall(fn, 2)
#define postcore_initcall_sync(fn)	__define_initcall(fn, 2s)
#define arch_initcall(fn)		__define_initcall(fn, 3)
#define subsys_initcall(fn)		__define_initcall(fn, 4)
#define fs_initcall(fn)			__define_initcall(fn, 5)
#define device_initcall(fn)		__define_initcall(fn, 6)
#define late_initcall(fn)		__define_initcall(fn, 7)

#define __initcall(fn) device_initcall(fn)

#endif /* _LINUX_INIT_H */
`;

export const PLATFORM_HEADER = `#ifndef _PLATFORM_DEVICE_H_
#define _PLATFORM_DEVICE_H_

#include <linux/device.h>

extern struct bus_type platform_bus_type;

#define platform_driver_register(drv) \\
	__platform_driver_register(drv, THIS_MODULE)

#define module_platform_driver(__platform_driver) \\
	module_driver(__platform_driver, platform_driver_register, \\
			platform_driver_unregister)

#define builtin_platform_driver(__platform_driver) \\
	builtin_driver(__platform_driver, platform_driver_register)

#endif /* _PLATFORM_DEVICE_H_ */
`;

export function iommuHeader(era: Era): string {
	const register = era.coreInstalls
		? 'extern int iommu_device_register(struct iommu_device *iommu,\n\t\t\t\t const struct iommu_ops *ops,\n\t\t\t\t struct device *hwdev);\n'
		: `${era.deviceRegister ? 'extern int iommu_device_register(struct iommu_device *iommu);\n' : ''}extern int bus_set_iommu(struct bus_type *bus, const struct iommu_ops *ops);\n`;
	const setters =
		era.deviceRegister && !era.coreInstalls
			? `
static inline void iommu_device_set_ops(struct iommu_device *iommu,
					const struct iommu_ops *ops)
{
	iommu->ops = ops;
}

static inline void iommu_device_set_fwnode(struct iommu_device *iommu,
					   struct fwnode_handle *fwnode)
{
	iommu->fwnode = fwnode;
}
`
			: '';
	return `#ifndef __LINUX_IOMMU_H
#define __LINUX_IOMMU_H

#include <linux/of.h>

struct iommu_ops {
	int (*attach_dev)(struct iommu_domain *domain, struct device *dev);
	int (*add_device)(struct device *dev);
	int (*of_xlate)(struct device *dev, struct of_phandle_args *args);
};
${era.deviceRegister ? '\nstruct iommu_device {\n\tstruct list_head list;\n\tconst struct iommu_ops *ops;\n\tstruct fwnode_handle *fwnode;\n};\n' : ''}
${register}extern bool iommu_present(struct bus_type *bus);
${setters}
#endif /* __LINUX_IOMMU_H */
`;
}

export function ofIommuHeader(era: Era): string {
	const declare = {
		0: '',
		2: `
extern struct of_device_id __iommu_of_table;

#define IOMMU_OF_DECLARE(name, compat) \\
	_OF_DECLARE(iommu, name, compat, NULL, of_iommu_init_fn)
`,
		3: `
extern struct of_device_id __iommu_of_table;

typedef int (*of_iommu_init_fn)(struct device_node *);

#define IOMMU_OF_DECLARE(name, compat, fn) \\
	_OF_DECLARE(iommu, name, compat, fn, of_iommu_init_fn)
`,
	}[era.declareArity];
	return `#ifndef __OF_IOMMU_H
#define __OF_IOMMU_H

#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/of.h>

extern const struct iommu_ops *of_iommu_configure(struct device *dev,
					struct device_node *master_np);
${declare}
#endif /* __OF_IOMMU_H */
`;
}
