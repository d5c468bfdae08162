/** Small drivers in the kernel's shape, written for the tests of extraction. */

/** Takes the bus from an initcall, whether or not the hardware is there. */
export const UNCHECKED = `// SPDX-License-Identifier: MIT
#include <linux/iommu.h>

static const struct iommu_ops foo_ops = {
	.attach_dev = foo_attach,
	.map_sg	= default_iommu_map_sg,
	.pgsize_bitmap = SZ_4K | SZ_2M,
};

static const struct of_device_id foo_ids[] = {
	{ .compatible = "acme,foo", },
	{ .compatible = "acme,foo-v2", .data = &foo_v2, },
	{ /* sentinel */ }
};

static struct platform_driver foo_driver = {
	.driver = {
		.name = "foo",
		.of_match_table = of_match_ptr(foo_ids),
	},
	.probe = foo_probe,
};

static int __init foo_init(void)
{
	int ret;

	ret = platform_driver_register(&foo_driver);
	if (ret < 0)
		return ret;

	if (!iommu_present(&platform_bus_type))
		bus_set_iommu(&platform_bus_type, &foo_ops);

	return 0;
}
subsys_initcall(foo_init);
`;

/** Looks for the hardware in the device tree first. */
export const CHECKED = `static int __init bar_init(void)
{
	struct device_node *np;
	int ret;

	np = of_find_matching_node(NULL, bar_ids);
	if (!np)
		return 0;

	of_node_put(np);
	ret = platform_driver_register(&bar_driver);
	if (ret)
		return ret;

	ret = bus_set_iommu(&platform_bus_type, &bar_ops);
	return ret;
}
core_initcall(bar_init)
`;

/** A declared callback that registers the driver once and creates the device. */
export const DECLARED = `static bool registered;

static int __init baz_register(void)
{
	return platform_driver_register(&baz_driver);
}

static int __init baz_of_setup(struct device_node *np)
{
	struct platform_device *pdev;

	if (!registered) {
		baz_register();
		registered = true;
	}
	pdev = of_platform_device_create(np, NULL, platform_bus_type.dev_root);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	return 0;
}
IOMMU_OF_DECLARE(baz_of, "acme,baz",
		 baz_of_setup);
`;
