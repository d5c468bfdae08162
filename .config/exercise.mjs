/**
 * Runs the built program for its code cache: over the example, and over a small repository as a user's
 * clone is gone over, where there is a git. What was compiled in one run is kept by the next.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DRIVER = `#include <linux/iommu.h>

static const struct iommu_ops example_ops = {
	.add_device = example_add,
};

static int example_probe(struct platform_device *pdev)
{
	int ret;

	ret = devm_request_irq(&pdev->dev, 0, example_irq, 0, "example", NULL);
	if (ret < 0)
		return ret;

	return 0;
}

static struct platform_driver example_driver = {
	.driver = { .name = "example", .of_match_table = of_match_ptr(example_ids) },
	.probe = example_probe,
};

static int __init example_init(void)
{
	if (!of_find_matching_node(NULL, example_ids))
		return 0;
	if (!iommu_present(&platform_bus_type))
		bus_set_iommu(&platform_bus_type, &example_ops);
	return platform_driver_register(&example_driver);
}
subsys_initcall(example_init);
`;
const FIXED = DRIVER.replace(
	'\treturn 0;\n}\n\nstatic struct',
	'\tif (!iommu_present(&platform_bus_type))\n\t\tbus_set_iommu(&platform_bus_type, &example_ops);\n\treturn 0;\n}\n\nstatic struct',
).replace(/static int __init[\s\S]*$/, 'module_platform_driver(example_driver);\n');

const PATH = 'drivers/iommu/example.c';
const FILES = {
	[PATH]: DRIVER,
	'drivers/iommu/other.c': DRIVER.replaceAll('example', 'other'),
	'drivers/iommu/Makefile': 'obj-$(CONFIG_EXAMPLE) += example.o\nobj-$(CONFIG_OTHER) += other.o\n',
	'drivers/iommu/Kconfig':
		'config EXAMPLE\n\tbool "Example"\n\tdepends on ARM && (OF || ACPI)\n\tselect IOMMU_API\n\nconfig OTHER\n\tbool "Other"\n\tdepends on ARM\n\nconfig IOMMU_API\n\tbool\n',
	'drivers/Makefile': 'obj-y += iommu/\n',
	'arch/arm/Kconfig': 'config ARM\n\tbool\n\tdefault y\n\tselect OF\n\nconfig OF\n\tbool\n',
	'include/linux/iommu.h':
		'int bus_set_iommu(struct bus_type *bus, const struct iommu_ops *ops);\n',
};

/** Runs the program often enough; `run` takes its words. */
export function exercise(run) {
	run(['range', '--example']);
	run(['tags', '--example', '--json']);
	run(['reply', '--example']);
	if (spawnSync('git', ['version']).status !== 0) return;
	const folder = mkdtempSync(join(tmpdir(), 'rangefinder-build-'));
	try {
		const git = (args, input) =>
			execFileSync('git', ['-C', folder, ...args], {
				...(input === undefined ? {} : { input }),
				encoding: 'utf8',
				env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
			});
		const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
		const commit = (ref, files) =>
			`commit ${ref}\ncommitter A <a@b.c> 1500000000 +0000\n${data('x')}${Object.entries(files)
				.map(([path, text]) => `M 644 inline ${path}\n${data(text)}`)
				.join('')}\n`;
		git(['init', '-q', '--bare']);
		const moved = { [PATH]: `/* Moved. */\n\n${DRIVER.replace('int ret;', 'int ret = 0;')}` };
		git(
			['fast-import', '--quiet'],
			`${commit('refs/heads/a', FILES)}reset refs/tags/v4.12\nfrom refs/heads/a\n\n` +
				`${commit('refs/heads/a', moved)}reset refs/tags/v4.13\nfrom refs/heads/a\n\n` +
				`${commit('refs/heads/b', { ...FILES, [PATH]: FIXED })}`,
		);
		const diff = git(['diff', 'v4.12', 'b', '--', PATH]);
		// As an archive hands it on: indentation gone, to one space.
		const damaged = diff.replace(/^([ +-])[ \t]+/gm, '$1 ').replace(/^ $/gm, '');
		const said =
			'Fixes: 0123456 ("x")\nCc: stable@vger.kernel.org # 4.12+\nSigned-off-by: A <a@b.c>';
		const mail = (body) => `From: A <a@b.c>\nSubject: [PATCH] x\n\nText.\n\n${said}\n---\n${body}`;
		writeFileSync(join(folder, 'a.mail'), mail(damaged));
		writeFileSync(join(folder, 'b.mail'), mail(diff));
		const words = ['--repo', folder, '--no-index'];
		const env = { RANGEFINDER_CACHE: join(folder, 'cache') };
		for (const name of ['a.mail', 'b.mail']) run(['range', join(folder, name), ...words], env);
		run(['range', join(folder, 'a.mail'), '--repo', folder], env);
		run(['lint', join(folder, 'b.mail'), ...words], env);
		run(['tags', join(folder, 'b.mail'), ...words, '--json'], env);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
