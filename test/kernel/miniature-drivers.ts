/**
 * The three invented IOMMU drivers of the miniature kernel, as they are in one era: acme-mmu (the
 * one that is fixed), beta-iommu (linked before it) and zeta-mmu (linked after it).
 */
import { acmeSource } from './miniature-acme.ts';
import type { Era } from './miniature-era.ts';

/** Path to text of the drivers. */
export function driverFiles(era: Era): Record<string, string> {
	return {
		'drivers/iommu/acme-mmu.c': acmeSource(era),
		'drivers/iommu/beta-iommu.c': betaSource(era),
		...(era.zeta === 'none' ? {} : { 'drivers/iommu/zeta-mmu.c': zetaSource(era) }),
	};
}

function betaSource(era: Era): string {
	const plain = era.beta === 'plain' || era.beta === 'core';
	const install = `	if (!iommu_present(&platform_bus_type))
		bus_set_iommu(&platform_bus_type, &beta_ops);
`;
	const register = era.coreInstalls
		? `	ret = iommu_device_register(&beta->iommu, &beta_ops, &pdev->dev);
	if (ret)
		return ret;
`
		: era.deviceRegister
			? `	iommu_device_set_ops(&beta->iommu, &beta_ops);
	iommu_device_set_fwnode(&beta->iommu, &pdev->dev.of_node->fwnode);

	ret = iommu_device_register(&beta->iommu);
	if (ret)
		return ret;

`
			: '';
	const inProbe = era.beta === 'plain' || era.beta === 'callback' ? `${install}\n` : '';
	const entry = {
		checked: `static int __init beta_init(void)
{
	struct device_node *np;
	int ret;

	np = of_find_matching_node(NULL, beta_of_match);
	if (!np)
		return 0;

	of_node_put(np);

	ret = platform_driver_register(&beta_driver);
	if (ret)
		return ret;

${install}
	return 0;
}
subsys_initcall(beta_init);
`,
		callback: `static int __init beta_init(void)
{
	static bool registered;
	int ret = 0;

	if (!registered) {
		ret = platform_driver_register(&beta_driver);
		registered = !ret;
	}

	return ret;
}
subsys_initcall(beta_init);

static int __init beta_of_init(struct device_node *np)
{
	int ret = beta_init();

	if (ret)
		return ret;

	if (!of_platform_device_create(np, NULL, platform_bus_type.dev_root))
		return -ENODEV;

	return 0;
}
IOMMU_OF_DECLARE(beta, "beta,iommu", beta_of_init);
`,
		plain: `module_platform_driver(beta_driver);
${era.declareArity === 3 ? '\nIOMMU_OF_DECLARE(beta, "beta,iommu", NULL);\n' : era.declareArity === 2 ? '\nIOMMU_OF_DECLARE(beta, "beta,iommu");\n' : ''}`,
		core: 'module_platform_driver(beta_driver);\n',
	}[era.beta];
	return `/*
 * beta-iommu.c - IOMMU API for Beta cores
 */

#include <linux/device.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/of_iommu.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>

struct beta_device {
	struct device *dev;
${era.deviceRegister ? '\tstruct iommu_device iommu;\n' : ''}	void __iomem *base;
};

static int beta_of_xlate(struct device *dev, struct of_phandle_args *args)
{
	return iommu_fwspec_add_ids(dev, args->args, 1);
}

static const struct iommu_ops beta_ops = {
	.of_xlate = beta_of_xlate,
};

static const struct of_device_id beta_of_match[] = {
	{ .compatible = "beta,iommu", },
	{ },
};

static int beta_probe(struct platform_device *pdev)
{
	struct beta_device *beta;
${era.deviceRegister ? '\tint ret;\n' : ''}
	beta = devm_kzalloc(&pdev->dev, sizeof(*beta), GFP_KERNEL);
	if (!beta)
		return -ENOMEM;

	beta->dev = &pdev->dev;
	platform_set_drvdata(pdev, beta);

${register}${inProbe}	return 0;
}

static struct platform_driver beta_driver = {
	.driver = {
		.name = "beta-iommu",
		.of_match_table = of_match_ptr(beta_of_match),
${plain ? '\t\t.suppress_bind_attrs = true,\n' : ''}	},
	.probe = beta_probe,
};

${entry}
MODULE_DESCRIPTION("IOMMU API for Beta cores");
MODULE_LICENSE("GPL v2");
`;
}

function zetaSource(era: Era): string {
	const core = era.zeta === 'core';
	const check =
		era.zeta === 'checked'
			? `	np = of_find_matching_node(NULL, zeta_of_match);
	if (!np)
		return 0;

	of_node_put(np);

`
			: '';
	const entry = core
		? 'builtin_platform_driver(zeta_driver);\n'
		: `static int __init zeta_init(void)
{
${check === '' ? '' : '\tstruct device_node *np;\n'}	int ret;

${check}	ret = bus_set_iommu(&platform_bus_type, &zeta_ops);
	if (ret)
		return ret;

	return platform_driver_register(&zeta_driver);
}
${era.zeta === 'core-level' ? 'core_initcall' : 'subsys_initcall'}(zeta_init);
`;
	return `/*
 * zeta-mmu.c - IOMMU API for Zeta video blocks
 */

#include <linux/device.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static const struct of_device_id zeta_of_match[] = {
	{ .compatible = "zeta,mmu", },
	{ }
};

${core ? 'static struct iommu_device zeta_iommu;\n\n' : ''}static int zeta_attach_device(struct iommu_domain *domain, struct device *dev)
{
	return dev->archdata.iommu ? 0 : -ENODEV;
}

static const struct iommu_ops zeta_ops = {
	.attach_dev = zeta_attach_device,
};

static int zeta_probe(struct platform_device *pdev)
{
	void __iomem *base;

	base = devm_ioremap_resource(&pdev->dev,
				     platform_get_resource(pdev, IORESOURCE_MEM, 0));
	if (IS_ERR(base)) {
		dev_err(&pdev->dev, "${era.zetaNamesWindow ? 'no register window' : 'no registers'}\\n");
		return PTR_ERR(base);
	}

	return ${core ? 'iommu_device_register(&zeta_iommu, &zeta_ops, &pdev->dev)' : '0'};
}

static struct platform_driver zeta_driver = {
	.driver = {
		.name = "zeta-mmu",
		.of_match_table = of_match_ptr(zeta_of_match),
	},
	.probe = zeta_probe,
};

${entry}
MODULE_DESCRIPTION("IOMMU API for Zeta video blocks");
MODULE_LICENSE("GPL v2");
`;
}
