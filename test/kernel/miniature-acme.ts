/** acme-mmu.c of the miniature kernel, the driver that a patch fixes. */
import type { Era } from './miniature-era.ts';

/** acme-mmu.c after the fix, for the era the fix was written for. */
export function fixedAcmeSource(era: Era): string {
	const before = acmeSource(era);
	const init = before.indexOf('static int __init acme_init');
	const tail = before.indexOf('MODULE_DESCRIPTION');
	const moved = `	/*
	 * The hardware is there: set the bus IOMMU ops, so that domains and
	 * devices can be set up from now on.
	 */
	if (!iommu_present(&platform_bus_type))
		bus_set_iommu(&platform_bus_type, &acme_ops);
`;
	return `${before.slice(0, init)}module_platform_driver(acme_driver);\n\n${before.slice(tail)}`.replace(
		NO_MAPPING,
		moved,
	);
}

const NO_MAPPING = `	/*
	 * The ARM mapping cannot be made here: it needs a bus with an IOMMU,
	 * and bus_set_iommu() is called in acme_init() after probe returns.
	 */
`;

/** acme-mmu.c as it is in one era. */
export function acmeSource(era: Era): string {
	const registers = era.acme !== 'initcall';
	const core = era.acme === 'core';
	const guarded = era.acme === 'declared' || era.acme === 'checked';
	const install = `	if (!iommu_present(&platform_bus_type))
		bus_set_iommu(&platform_bus_type, &acme_ops);
`;
	const registered = {
		initcall: '',
		registered: `	iommu_device_set_ops(&mmu->iommu, &acme_ops);
	iommu_device_set_fwnode(&mmu->iommu, &pdev->dev.of_node->fwnode);

	ret = iommu_device_register(&mmu->iommu);
	if (ret)
		return ret;

`,
		core: `	ret = iommu_device_register(&mmu->iommu, &acme_ops, &pdev->dev);
	if (ret)
		return ret;

`,
	};
	const inProbe = guarded
		? `${registered.registered}#if defined(CONFIG_IOMMU_DMA)
${install}#endif

`
		: core
			? registered.core
			: registers
				? registered.registered
				: '';
	const check =
		era.acme === 'checked'
			? `	np = of_find_matching_node(NULL, acme_of_ids);
	if (!np)
		return 0;

	of_node_put(np);

`
			: '';
	const initcall = `static int __init acme_init(void)
{
${guarded ? '\tstatic bool setup_done;\n' : ''}${check === '' ? '' : '\tstruct device_node *np;\n'}	int ret;

${guarded ? '\tif (setup_done)\n\t\treturn 0;\n\n' : ''}${check}	ret = platform_driver_register(&acme_driver);
	if (ret < 0)
		return ret;

${guarded ? `#if defined(CONFIG_ARM) && !defined(CONFIG_IOMMU_DMA)\n${install}#endif\n\n\tsetup_done = true;\n` : `${install}\n`}	return 0;
}

static void __exit acme_exit(void)
{
	return platform_driver_unregister(&acme_driver);
}

subsys_initcall(acme_init);
module_exit(acme_exit);
`;
	const declared =
		era.acme === 'declared'
			? '\n#ifdef CONFIG_IOMMU_DMA\nIOMMU_OF_DECLARE(acme_mmu_of, "acme,mmu");\n#endif\n'
			: '';
	return `/*
 * acme-mmu.c - IOMMU API for the MMU of Acme SoCs
 */

#include <linux/device.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_iommu.h>
#include <linux/platform_device.h>

#define ACME_CTRL	0x0000
#define ACME_STATUS	0x0004

struct acme_device {
	struct device *dev;
${registers ? '\tstruct iommu_device iommu;\n' : ''}	void __iomem *base;
	struct list_head list;
};

static DEFINE_SPINLOCK(acme_devices_lock);
static LIST_HEAD(acme_devices);

static irqreturn_t acme_irq(int irq, void *dev)
{
	struct acme_device *mmu = dev;

	writel(readl(mmu->base + ACME_STATUS), mmu->base + ACME_STATUS);

	return IRQ_HANDLED;
}

static int acme_attach_device(struct iommu_domain *domain, struct device *dev)
{
	struct acme_device *mmu = dev->archdata.iommu;

	writel(1, mmu->base + ACME_CTRL);

	return 0;
}

static int acme_add_device(struct device *dev)
{
	struct acme_device *mmu;
	int ret = -ENODEV;

	spin_lock(&acme_devices_lock);
	list_for_each_entry(mmu, &acme_devices, list) {
		dev->archdata.iommu = mmu;
		ret = 0;
	}
	spin_unlock(&acme_devices_lock);

	return ret;
}

static const struct iommu_ops acme_ops = {
	.attach_dev = acme_attach_device,
	.add_device = acme_add_device,
};

static int acme_probe(struct platform_device *pdev)
{
	struct acme_device *mmu;
	struct resource *res;
	int irq;
	int ret;

	mmu = devm_kzalloc(&pdev->dev, sizeof(*mmu), GFP_KERNEL);
	if (!mmu)
		return -ENOMEM;

	mmu->dev = &pdev->dev;

	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	mmu->base = devm_ioremap_resource(&pdev->dev, res);
	if (IS_ERR(mmu->base))
		return PTR_ERR(mmu->base);

	irq = platform_get_irq(pdev, 0);
${
	era.acmeSaysInterrupt
		? '\tif (irq < 0) {\n\t\tdev_err(&pdev->dev, "no IRQ found\\n");\n\t\treturn irq;\n\t}\n'
		: '\tif (irq < 0)\n\t\treturn irq;\n'
}
	ret = devm_request_irq(&pdev->dev, irq, acme_irq, 0,
			       dev_name(&pdev->dev), mmu);
	if (ret < 0)
		return ret;

	writel(0, mmu->base + ACME_CTRL);

${inProbe}${core ? '' : `${NO_MAPPING}\n`}	spin_lock(&acme_devices_lock);
	list_add(&mmu->list, &acme_devices);
	spin_unlock(&acme_devices_lock);

	platform_set_drvdata(pdev, mmu);

	return 0;
}

static int acme_remove(struct platform_device *pdev)
{
	struct acme_device *mmu = platform_get_drvdata(pdev);

	spin_lock(&acme_devices_lock);
	list_del(&mmu->list);
	spin_unlock(&acme_devices_lock);

	return 0;
}

static const struct of_device_id acme_of_ids[] = {
	{ .compatible = "acme,mmu", },
	{ }
};

static struct platform_driver acme_driver = {
	.driver = {
		.name = "acme-mmu",
		.of_match_table = of_match_ptr(acme_of_ids),
	},
	.probe = acme_probe,
	.remove = acme_remove,
};

${core ? 'builtin_platform_driver(acme_driver);\n' : initcall}${declared}
MODULE_DESCRIPTION("IOMMU API for the MMU of Acme SoCs");
MODULE_LICENSE("GPL v2");
`;
}
