/** C sources to facts, whole and as the new side of a hunk, for one or the other interest. */
import { createExtractor } from '../../../src/driver/extract.ts';
import { interestNamed } from '../../../src/driver/interests.ts';
import { genericInterest } from '../../../src/driver/profiles/generic.ts';
import type { Target } from '../target.ts';

const DRIVER = `#include <linux/iommu.h>
#define ACME_MAX 4
#define for_each_acme(i) \\
	for (i = 0; i < ACME_MAX; i++)

static const struct iommu_ops acme_ops = { .map = acme_map, .pgsize_bitmap = SZ_4K };
static DEFINE_SPINLOCK(acme_lock);

static int acme_probe(struct platform_device *pdev)
{
	struct acme *a = devm_kzalloc(&pdev->dev, sizeof(*a), GFP_KERNEL);
	int ret;

	if (!a)
		return -ENOMEM;
	ret = iommu_device_register(&a->iommu, &acme_ops, &pdev->dev);
	if (ret)
		goto err;
	platform_set_drvdata(pdev, a);
#ifdef CONFIG_ARM64
	if (!iommu_present(&platform_bus_type))
		bus_set_iommu(&platform_bus_type, &acme_ops);
#endif
	return 0;
err:
	acme_free(a);
	return ret;
}

static const struct of_device_id acme_ids[] = {
	{ .compatible = "acme,mmu", .data = (void *)1, },
	{ },
};

static struct platform_driver acme_driver = {
	.driver = { .name = "acme", .of_match_table = of_match_ptr(acme_ids) },
	.probe = acme_probe,
};
`;

const INIT = `static int __init acme_init(void)
{
	static bool done;
	struct device_node *np;

	np = of_find_matching_node(NULL, acme_ids);
	if (!np || done)
		return 0;
	done = true;
	return platform_driver_register(&acme_driver) ?: bus_set_iommu(&pci_bus_type, &acme_ops);
}
subsys_initcall(acme_init);
module_platform_driver(acme_driver);
IOMMU_OF_DECLARE(acme, "acme,mmu", acme_setup);
EXPORT_SYMBOL_GPL(acme_init);
`;

const MACROS = `#define acme_driver_of(x) static struct platform_driver x##_driver = { .probe = x##_probe }
acme_driver_of(one);
#if defined(CONFIG_A) && !IS_ENABLED(CONFIG_B) || (X > 3)
static int f(int (*g)(void), ...) { switch (g()) { case 1: return h("a\\"b", 'c'); default: do { } while (0); } return 0; }
#elif 1
int k(a) int a; { return a /* x */ ; } // y
#else
struct s { struct { int a; } b[2]; union { void (*p)(int); }; };
#endif
`;

/** Loads the grammar. */
export async function loadC(): Promise<Target> {
	const extractor = await createExtractor();
	const interests = ['', genericInterest.id].map(interestNamed);
	return {
		seeds: [DRIVER, INIT, MACROS, DRIVER + INIT],
		vocabulary: {
			words: [
				...[
					'{',
					'}',
					'(',
					')',
					'[',
					']',
					';',
					',',
					'=',
					'->',
					'.',
					'&',
					'*',
					'#',
					'##',
					'\\\n',
					'"',
					"'",
				],
				...[
					'#if ',
					'#ifdef CONFIG_A\n',
					'#else\n',
					'#elif X\n',
					'#endif\n',
					'#define A B\n',
					'#include "a.h"\n',
				],
				...[
					'#define A A\n',
					'#define F(x) F(F(x))\n',
					'#define E E E E\n',
					'F(',
					'A',
					'/*',
					'*/',
					'//',
					'...',
				],
				...[
					'static ',
					'struct s ',
					'int ',
					'void ',
					'return ',
					'if (',
					'else ',
					'goto err;',
					'err:',
					'while (',
					'for (;;)',
				],
				...[
					'switch (',
					'case 1:',
					'do {',
					'sizeof(',
					'__init ',
					'__attribute__((x)) ',
					'bus_set_iommu(',
					'acme_probe',
				],
				...[
					'iommu_present(',
					'platform_driver_register(',
					'of_find_matching_node(',
					'subsys_initcall(',
					'module_init(',
				],
				...[
					'IOMMU_OF_DECLARE(',
					'EXPORT_SYMBOL(',
					'container_of(',
					'.probe = ',
					'.compatible = "a"',
					'-EBUSY',
					'?',
					':',
				],
				...[
					'__proto__',
					'constructor',
					'IS_ENABLED(CONFIG_A)',
					'defined(',
					'EPROBE_DEFER',
					'&platform_bus_type',
					'0x1UL',
				],
			],
			pairs: [
				['{', '}'],
				['(', ')'],
				['[', ']'],
				['if (a) {', '}'],
				['#ifdef CONFIG_A\n', '#endif\n'],
				['#if (', ')\n#endif\n'],
				['f(', ')'],
				['/*', '*/'],
				['!(', ')'],
				['if (a) ; else ', ''],
				['*', ''],
				['struct { ', ' } a;'],
				['do { ', ' } while (0);'],
				['\\\n', ''],
			],
		},
		run: (input) => {
			const want = interests[input.length % interests.length];
			JSON.stringify(extractor.extract(input, want));
			JSON.stringify(extractor.extractFragment(Buffer.from(input).toString().split('\n'), want));
		},
	};
}
